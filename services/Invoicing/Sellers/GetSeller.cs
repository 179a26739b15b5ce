using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>Shows a seller as it was last told to the other services.</summary>
public sealed class GetSeller(NpgsqlDataSource database)
{
    private const string Told = "select told from seller where seller_id = @SellerId";

    /// <summary>The seller; null where there is none.</summary>
    public async Task<SellerRegistered?> GetAsync(SellerId sellerId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var told = await connection.QuerySingleOrDefaultAsync<string>(Told, new { SellerId = sellerId });
        return told is null ? null : JsonSerializer.Deserialize<SellerRegistered>(told, Wire.Tolerant);
    }
}
