using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>Shows which certificate a seller signs with.</summary>
public sealed class GetCertificate(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Kept = """
        select c.certificate, s.body from seller_certificate c join seller s using (seller_id) where c.seller_id = @SellerId
        """;

    /// <summary>The certificate; null where there is none.</summary>
    public async Task<KeptCertificate?> GetAsync(SellerId sellerId, string? language, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await connection.QuerySingleOrDefaultAsync<Row>(Kept, new { SellerId = sellerId }) is not { } row)
        {
            return null;
        }

        using var certificate = X509CertificateLoader.LoadCertificate(row.Certificate);
        var taxId = JsonSerializer.Deserialize<SellerBody>(row.Body, Wire.Tolerant)!.TaxId;
        return KeptCertificate.Of(certificate, taxId, clock.GetUtcNow(), language);
    }

    private sealed record Row
    {
        public required byte[] Certificate { get; init; }

        public required string Body { get; init; }
    }
}
