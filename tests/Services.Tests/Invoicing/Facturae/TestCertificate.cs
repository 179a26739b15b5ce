using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RetailInvoicing.Services.Tests.Invoicing.Facturae;

/// <summary>Certificates of the tests' own: nobody trusts them, and they name a NIF as those of the Spanish authorities do.</summary>
internal static class TestCertificate
{
    public const string Password = "contraseña-de-prueba";
    public static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Until = new(2028, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const string Subject = "CN=Comercios Nandu de prueba, O=Comercios Nandu, OID.2.5.4.97=VATES-B12345674, C=ES";

    /// <summary>One that many tests share.</summary>
    public static readonly X509Certificate2 Shared = Rsa();

    public static X509Certificate2 Rsa(
        int bits = 2048,
        string subject = Subject,
        DateTimeOffset? from = null,
        DateTimeOffset? until = null,
        X509KeyUsageFlags? usage = null
    )
    {
        using var key = RSA.Create(bits);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(usage ?? X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation, critical: true)
        );
        return request.CreateSelfSigned(from ?? From, until ?? Until);
    }

    public static X509Certificate2 Curve(ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        return new CertificateRequest(Subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(From, Until);
    }

    /// <summary>The PKCS#12 file of a certificate.</summary>
    public static byte[] File(X509Certificate2 certificate, string password = Password) =>
        certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, password);
}
