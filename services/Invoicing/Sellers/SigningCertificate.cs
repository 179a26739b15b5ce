using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>What a certificate must be before a seller's invoices are signed with it.</summary>
internal static class SigningCertificate
{
    /// <summary>More than any certificate with its chain needs.</summary>
    public const int LargestFile = 96 * 1024;

    // ERROR_INVALID_PASSWORD, on every platform.
    private const int BadPassword = unchecked((int)0x80070056);
    private const string P256 = "1.2.840.10045.3.1.7";
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    // Browsers derive the key of an exported file by up to 600,000 rounds; beyond that a file only keeps us busy.
    private static readonly Pkcs12LoaderLimits Limits = new()
    {
        MacIterationLimit = 650_000,
        IndividualKdfIterationLimit = 650_000,
        TotalKdfIterationLimit = 2_000_000,
        MaxKeys = 4,
        MaxCertificates = 20,
    };

    /// <summary>The certificate of a PKCS#12 file with its private key, or why it cannot sign.</summary>
    public static Outcome<X509Certificate2> Open(ReadOnlySpan<byte> pkcs12, string password, DateTimeOffset now)
    {
        X509Certificate2Collection all;
        try
        {
            // Ephemeral: the key never lies in a key store of this machine.
            all = X509CertificateLoader.LoadPkcs12Collection(
                pkcs12,
                password,
                X509KeyStorageFlags.EphemeralKeySet | X509KeyStorageFlags.Exportable,
                Limits
            );
        }
        catch (CryptographicException exception)
        {
            return exception.HResult == BadPassword
                ? CertificateFaults.WrongPassword.At("password")
                : CertificateFaults.NotPkcs12.At("pkcs12");
        }
        catch (PlatformNotSupportedException)
        {
            return CertificateFaults.NotPkcs12.At("pkcs12");
        }

        var held = all.Where(each => each.HasPrivateKey)
            .OrderByDescending(each => IsValid(each, now))
            .ThenByDescending(each => each.NotAfter);
        if (held.FirstOrDefault() is not { } certificate)
        {
            return CertificateFaults.NoKey.At("pkcs12");
        }

        return !CanSign(certificate) ? CertificateFaults.BadKey.At("pkcs12")
            : !IsValid(certificate, now) ? OutOfTime(certificate)
            : certificate;
    }

    /// <summary>Whether an instant lies in the certificate's time.</summary>
    public static bool IsValid(X509Certificate2 certificate, DateTimeOffset now) =>
        certificate.NotBefore.ToUniversalTime() <= now.UtcDateTime && now.UtcDateTime <= certificate.NotAfter.ToUniversalTime();

    /// <summary>That it is not valid now.</summary>
    public static Fault OutOfTime(X509Certificate2 certificate) =>
        CertificateFaults.OutOfTime.At(
            "pkcs12",
            $"{certificate.NotBefore.ToUniversalTime():yyyy-MM-dd}",
            $"{certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}"
        );

    /// <summary>What is odd about it, and no reason to refuse it.</summary>
    public static IEnumerable<Fault> Warnings(X509Certificate2 certificate, string taxId, DateTimeOffset now)
    {
        if (!TaxIds(certificate).Contains(taxId, StringComparer.Ordinal))
        {
            yield return CertificateFaults.OtherTaxId.With(taxId);
        }

        if (
            certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } usage
            && (usage.KeyUsages & (X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation)) == 0
        )
        {
            yield return CertificateFaults.NotForSigning.With();
        }

        if (IsValid(certificate, now) && certificate.NotAfter.ToUniversalTime() - now.UtcDateTime < Soon)
        {
            yield return CertificateFaults.EndsSoon.With($"{certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}");
        }
    }

    /// <summary>The NIFs that its subject names: IDCES-12345678Z, VATES-B12345674, or at the end of the name.</summary>
    public static IReadOnlyList<string> TaxIds(X509Certificate2 certificate) =>
        [
            .. certificate
                .Subject.ToUpperInvariant()
                .Split([' ', ',', '-', '=', '+', ':', '"', '/', '(', ')'], StringSplitOptions.RemoveEmptyEntries)
                .Where(Nif.IsSound)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>Its kind of key and how long it is: RSA 2048.</summary>
    public static string KeyOf(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var curve = certificate.GetECDsaPublicKey();
        return rsa is not null ? $"RSA {rsa.KeySize}"
            : curve is not null ? $"EC {curve.KeySize}"
            : certificate.PublicKey.Oid.FriendlyName ?? "";
    }

    /// <summary>A key that is strong enough, and the certificate's own: a file may pair it with another's.</summary>
    private static bool CanSign(X509Certificate2 certificate)
    {
        byte[] tried = [1, 2, 3];
        using var rsa = certificate.GetRSAPrivateKey();
        if (rsa is not null)
        {
            using var open = certificate.GetRSAPublicKey()!;
            return rsa.KeySize >= 2048
                && open.VerifyData(
                    tried,
                    rsa.SignData(tried, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
                    HashAlgorithmName.SHA256,
                    RSASignaturePadding.Pkcs1
                );
        }

        using var curve = certificate.GetECDsaPrivateKey();
        if (curve is null)
        {
            return false;
        }

        using var known = certificate.GetECDsaPublicKey()!;
        return known.ExportParameters(includePrivateParameters: false).Curve.Oid?.Value == P256
            && known.VerifyData(tried, curve.SignData(tried, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256);
    }
}
