using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>A PKCS#12 file and its password, as they are put; never logged, kept or shown, and no record, which would print itself.</summary>
public sealed class CertificateRequest
{
    /// <summary>The file, base64.</summary>
    public required string Pkcs12 { get; init; }

    /// <summary>What opens it; a file without a password has an empty one.</summary>
    public string Password { get; init; } = "";
}

/// <summary>What is told of the certificate that a seller signs with: nothing that could sign.</summary>
public sealed record KeptCertificate
{
    /// <summary>Whose it is.</summary>
    public required string Subject { get; init; }

    /// <summary>Who issued it.</summary>
    public required string Issuer { get; init; }

    /// <summary>Its number with the issuer, hexadecimal.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>SHA-256 of the certificate, hexadecimal.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>RSA 2048, EC 256.</summary>
    public required string Key { get; init; }

    /// <summary>The NIFs that its subject names.</summary>
    public required IReadOnlyList<string> TaxIds { get; init; }

    /// <summary>From when it is valid.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>Whether it is valid now: without one that is, invoices are issued on, but not signed.</summary>
    public required bool Valid { get; init; }

    /// <summary>What is odd about it.</summary>
    public required IReadOnlyList<CertificateWarning> Warnings { get; init; }

    /// <summary>What is told of a certificate, for a seller and at an instant.</summary>
    public static KeptCertificate Of(X509Certificate2 certificate, string taxId, DateTimeOffset now, string? language) =>
        new()
        {
            Subject = certificate.Subject,
            Issuer = certificate.Issuer,
            SerialNumber = certificate.SerialNumber,
            Fingerprint = certificate.GetCertHashString(HashAlgorithmName.SHA256),
            Key = SigningCertificate.KeyOf(certificate),
            TaxIds = SigningCertificate.TaxIds(certificate),
            ValidFrom = certificate.NotBefore.ToUniversalTime(),
            ValidUntil = certificate.NotAfter.ToUniversalTime(),
            Valid = SigningCertificate.IsValid(certificate, now),
            Warnings =
            [
                .. SigningCertificate
                    .Warnings(certificate, taxId, now)
                    .Select(each => new CertificateWarning(each.Code.Code, each.In(language))),
            ],
        };
}

/// <summary>Something odd, with its code and in words.</summary>
public sealed record CertificateWarning(string Code, string Detail);
