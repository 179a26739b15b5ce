using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>
/// A seller hands over the certificate that its invoices are signed with, in place of the one before. It is looked at, its private key is
/// sealed, and the file and its password are forgotten.
/// </summary>
public sealed partial class KeepCertificate(
    NpgsqlDataSource database,
    IConfiguration configuration,
    TimeProvider clock,
    ILogger<KeepCertificate> log
)
{
    private const string Seller = "select body from seller where seller_id = @SellerId";
    private const string Keep = """
        insert into seller_certificate as c (seller_id, certificate, sealed_key, seal, kept_at)
        values (@SellerId, @certificate, @sealedKey, @seal, @now)
        on conflict (seller_id) do update
        set certificate = excluded.certificate, sealed_key = excluded.sealed_key, seal = excluded.seal, kept_at = excluded.kept_at
        returning c.xmax = 0
        """;

    /// <summary>Keeps it; tells whether it is the seller's first, and what it is.</summary>
    public async Task<Outcome<(bool IsNew, KeptCertificate Certificate)>> KeepAsync(
        SellerId sellerId,
        CertificateRequest request,
        string? language,
        CancellationToken cancellationToken
    )
    {
        if (CertificateSeal.Of(configuration["Keys:CertificateKey"]) is not { } seal)
        {
            return CertificateFaults.NoSeal.With();
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await connection.QuerySingleOrDefaultAsync<string>(Seller, new { SellerId = sellerId }) is not { Length: > 0 } body)
        {
            return InvoicingFaults.NoSeller.With();
        }

        var now = clock.GetUtcNow();
        var opening = Open(request, now);
        if (opening.Refused(out var fault))
        {
            return fault;
        }

        using var certificate = opening.Value;
        var isNew = await connection.QuerySingleAsync<bool>(
            Keep,
            new
            {
                SellerId = sellerId,
                certificate = certificate.RawData,
                sealedKey = Sealed(sellerId, certificate, seal),
                seal = seal.Name,
                now,
            }
        );
        var taxId = JsonSerializer.Deserialize<SellerBody>(body, Wire.Tolerant)!.TaxId;
        var kept = KeptCertificate.Of(certificate, taxId, now, language);
        LogKept(sellerId, kept.Fingerprint, kept.ValidUntil);
        return (isNew, kept);
    }

    private static Outcome<X509Certificate2> Open(CertificateRequest request, DateTimeOffset now)
    {
        var room = new byte[request.Pkcs12.Length / 4 * 3 + 3];
        if (!Convert.TryFromBase64String(request.Pkcs12, room, out var length))
        {
            return CertificateFaults.NotBase64.At("pkcs12");
        }

        try
        {
            return length > SigningCertificate.LargestFile
                ? CertificateFaults.TooLarge.At("pkcs12", SigningCertificate.LargestFile)
                : SigningCertificate.Open(room.AsSpan(0, length), request.Password, now);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(room);
        }
    }

    private static byte[] Sealed(SellerId sellerId, X509Certificate2 certificate, CertificateSeal seal)
    {
        using var key = (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey()!;
        var open = key.ExportPkcs8PrivateKey();
        try
        {
            return seal.Close(sellerId, certificate.RawData, open);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(open);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{SellerId} signs with certificate {Fingerprint} until {ValidUntil}")]
    private partial void LogKept(SellerId sellerId, string fingerprint, DateTimeOffset validUntil);
}
