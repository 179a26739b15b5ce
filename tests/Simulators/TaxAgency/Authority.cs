using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RetailInvoicing.Simulators.TaxAgency;

/// <summary>
/// The simulator's own certificate authority and the server certificate that it gives out. It is kept beside the journal: a restarted
/// simulator is still the one that its clients trust.
/// </summary>
internal static class Authority
{
    private static readonly string[] Hosts =
    [
        "localhost",
        "prewww1.aeat.es",
        "prewww10.aeat.es",
        "prewww2.aeat.es",
        "www1.agenciatributaria.gob.es",
        "www10.agenciatributaria.gob.es",
        "www2.agenciatributaria.gob.es",
    ];

    /// <summary>A server certificate, and the authority's own written to a file where one is named.</summary>
    public static X509Certificate2 Serve(string folder, string? file, DateTimeOffset now)
    {
        using var authority = Open(Path.Combine(folder, "authority.pem"), now);
        if (file is { Length: > 0 })
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } directory)
            {
                Directory.CreateDirectory(directory);
            }

            // A reader sees the whole file or none.
            var draft = $"{file}.{Environment.ProcessId}";
            File.WriteAllText(draft, authority.ExportCertificatePem());
            File.Move(draft, file, overwrite: true);
        }

        return Issue(authority, now);
    }

    private static X509Certificate2 Open(string file, DateTimeOffset now)
    {
        if (File.Exists(file))
        {
            var kept = X509Certificate2.CreateFromPemFile(file);
            if (kept.NotAfter > now.AddDays(30))
            {
                return kept;
            }

            kept.Dispose();
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Simulated tax agency, O=RetailInvoicing tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var made = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(5));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var stream = new FileStream(
            file,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        using var writer = new StreamWriter(stream);
        writer.Write($"{made.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return made;
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost, O=Simulated tax agency", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in Hosts)
        {
            names.AddDnsName(host);
        }

        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false)
        );
        using var issued = request.Create(authority, now.AddDays(-1), now.AddYears(1), RandomNumberGenerator.GetBytes(16));
        return issued.CopyWithPrivateKey(key);
    }
}
