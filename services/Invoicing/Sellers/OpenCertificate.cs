using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>A seller's certificate with its private key, for the moment of signing; whoever takes it disposes of it.</summary>
public sealed class OpenCertificate(NpgsqlDataSource database, IConfiguration configuration, TimeProvider clock)
{
    private const string Kept = """
        select certificate, sealed_key as "SealedKey", seal from seller_certificate where seller_id = @SellerId
        """;

    /// <summary>The certificate, or why the seller has none to sign with now.</summary>
    public async Task<Outcome<X509Certificate2>> OpenAsync(SellerId sellerId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await connection.QuerySingleOrDefaultAsync<Row>(Kept, new { SellerId = sellerId }) is not { } row)
        {
            return CertificateFaults.NoneToSign.With(sellerId);
        }

        if (CertificateSeal.Of(configuration["Keys:CertificateKey"]) is not { } seal)
        {
            return CertificateFaults.NoSeal.With();
        }

        if (seal.Name != row.Seal || seal.Open(sellerId, row.Certificate, row.SealedKey) is not { } privateKey)
        {
            return CertificateFaults.OtherSeal.With();
        }

        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(row.Certificate);
            return SigningCertificate.IsValid(certificate, clock.GetUtcNow())
                ? With(certificate, privateKey)
                : SigningCertificate.OutOfTime(certificate) with
                {
                    Path = null,
                };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    private static X509Certificate2 With(X509Certificate2 certificate, byte[] privateKey)
    {
        using var isRsa = certificate.GetRSAPublicKey();
        if (isRsa is not null)
        {
            using var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(privateKey, out _);
            return certificate.CopyWithPrivateKey(rsa);
        }

        using var curve = ECDsa.Create();
        curve.ImportPkcs8PrivateKey(privateKey, out _);
        return certificate.CopyWithPrivateKey(curve);
    }

    private sealed record Row
    {
        public required byte[] Certificate { get; init; }

        public required byte[] SealedKey { get; init; }

        public required string Seal { get; init; }
    }
}
