using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>A seller sees the keys of its domains and what to publish for each; there are few, so they come on one page.</summary>
public sealed class ListDkimKeys(NpgsqlDataSource database)
{
    private const string OfSeller = $"""
        select {KeptDkimKey.Columns} from dkim_key where seller_id = @SellerId order by domain, created_at desc, selector
        """;

    /// <summary>All of them.</summary>
    public async Task<DkimKeys> RunAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var kept = await connection.QueryAsync<KeptDkimKey>(OfSeller, new { SellerId = seller });
        return new DkimKeys { Keys = [.. kept.Select(static each => each.Shown())] };
    }
}
