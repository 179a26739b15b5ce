using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>Certificates as taxpayers have them, signed by nobody in particular.</summary>
internal static class ClientCertificates
{
    /// <summary>One of a natural person.</summary>
    public static X509Certificate2 Of(string nif) => Make($"IDCES-{nif}", null);

    /// <summary>One whose subject says what a test wants, valid for so many days from a day on.</summary>
    public static X509Certificate2 Make(string? serialNumber, string? organization, int fromDays = -1, int untilDays = 1)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName("Prueba");
        if (serialNumber is not null)
        {
            name.Add("2.5.4.5", serialNumber);
        }

        if (organization is not null)
        {
            name.Add("2.5.4.97", organization);
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(fromDays), now.AddDays(untilDays));
    }
}
