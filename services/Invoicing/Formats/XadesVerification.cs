using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml;
using RetailInvoicing.ServiceDefaults;
using static RetailInvoicing.Invoicing.Formats.XadesNames;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>A signature that holds: whose it is, when it was made, and under which policy and role.</summary>
public sealed record VerifiedSignature(X509Certificate2 Certificate, DateTimeOffset SignedAt, string Policy, string? Role);

/// <summary>
/// Checks a XAdES-EPES signature inside its document. Only what is named here is accepted: one signature in the root, over the whole
/// document, its own properties and its own KeyInfo, by strong algorithms. Nothing is fetched and no style sheet is run, since no other
/// reference or transform is known. Whether the issuer is to be trusted is asked only where roots are given.
/// </summary>
public sealed class XadesVerification
{
    private const int MostReferences = 3;

    private readonly XmlElement _signature;
    private readonly XmlElement _info;
    private readonly XmlElement _keyInfo;
    private readonly XmlElement _qualifying;
    private readonly XmlElement _properties;

    private XadesVerification(XmlElement signature, XmlElement info, XmlElement keyInfo, XmlElement qualifying, XmlElement properties) =>
        (_signature, _info, _keyInfo, _qualifying, _properties) = (signature, info, keyInfo, qualifying, properties);

    /// <summary>The document's signature, or the first reason why it does not hold.</summary>
    public static Outcome<VerifiedSignature> Of(ReadOnlyMemory<byte> document, X509Certificate2Collection? roots = null)
    {
        var read = ForeignXml.Exact(document);
        if (read.Refused(out var fault))
        {
            return fault;
        }

        var all = Elements(read.Value.DocumentElement!).Where(each => Is(each, Ds, "Signature")).Take(2).ToList();
        if (all.Count == 0)
        {
            return SignatureFaults.NotSigned.With();
        }

        if (all.Count > 1 || all[0].ParentNode != read.Value.DocumentElement)
        {
            return SignatureFaults.Misplaced.With();
        }

        var signature = all[0];
        var qualified = Elements(signature).Where(each => Is(each, Xades, "QualifyingProperties")).Take(2).ToList();
        if (Only(signature, Ds, "SignedInfo") is not { } info)
        {
            return SignatureFaults.Incomplete.With("SignedInfo");
        }

        if (Only(signature, Ds, "KeyInfo") is not { } keyInfo)
        {
            return SignatureFaults.Incomplete.With("KeyInfo");
        }

        if (
            qualified is not [var qualifying]
            || !Is(qualifying.ParentNode, Ds, "Object")
            || qualifying.ParentNode!.ParentNode != signature
            || Only(qualifying, Xades, "SignedProperties") is not { } properties
        )
        {
            return SignatureFaults.Incomplete.With("SignedProperties");
        }

        try
        {
            return new XadesVerification(signature, info, keyInfo, qualifying, properties).Verify(roots);
        }
        catch (FormatException)
        {
            return SignatureFaults.Incomplete.With("base64");
        }
        catch (CryptographicException)
        {
            // A certificate or key that only looks like one.
            return SignatureFaults.Certificate.With();
        }
    }

    private Outcome<VerifiedSignature> Verify(X509Certificate2Collection? roots)
    {
        if (
            CanonicalForm(Algorithm(_info, "CanonicalizationMethod")) is not { } isExclusive
            || HasParameters(_info, "CanonicalizationMethod")
        )
        {
            return SignatureFaults.Algorithm.With(Algorithm(_info, "CanonicalizationMethod"));
        }

        if (Signature(Algorithm(_info, "SignatureMethod")) is not { } method)
        {
            return SignatureFaults.Algorithm.With(Algorithm(_info, "SignatureMethod"));
        }

        var policy = SignaturePolicy.Find(PolicyId);
        if (policy is null || !policy.Holds(Algorithm(PolicyHash, "DigestMethod"), Said(PolicyHash, Ds, "DigestValue")))
        {
            return SignatureFaults.Policy.With(PolicyId);
        }

        if (References(policy) is { } unreferenced)
        {
            return unreferenced;
        }

        if (SigningCertificate() is not { } certificate)
        {
            return SignatureFaults.Certificate.With();
        }

        if (Value(certificate, method, CanonicalXml.Of(_info, isExclusive)) is { } wrong)
        {
            return wrong;
        }

        return Claims(certificate, policy, roots);
    }

    /// <summary>Each reference is to what it may be, unaltered, and together they cover what they must.</summary>
    private Fault? References(SignaturePolicy policy)
    {
        var references = Children(_info, Ds, "Reference").Take(MostReferences + 1).ToList();
        if (references.Count > MostReferences)
        {
            return SignatureFaults.Reference.With("…");
        }

        var covered = new HashSet<XmlElement>();
        foreach (var reference in references)
        {
            var uri = reference.HasAttribute("URI") ? reference.GetAttribute("URI") : null;
            var target = Target(uri);
            if (target is null || !covered.Add(target))
            {
                return SignatureFaults.Reference.With(Short(uri));
            }

            if (Digest(Algorithm(reference, "DigestMethod")) is not { } algorithm)
            {
                return SignatureFaults.Algorithm.With(Algorithm(reference, "DigestMethod"));
            }

            var isWhole = target == _signature.ParentNode;
            if (Transforms(reference, isWhole, out var isExclusive) is { } unknown)
            {
                return SignatureFaults.Algorithm.With(unknown);
            }

            var canonical = isWhole ? CanonicalXml.Without(_signature, isExclusive) : CanonicalXml.Of(target, isExclusive);
            var told = Convert.FromBase64String(Said(reference, Ds, "DigestValue") ?? "");
            if (!CryptographicOperations.FixedTimeEquals(CanonicalXml.Digest(canonical, algorithm), told))
            {
                return SignatureFaults.Altered.With(isWhole ? _signature.ParentNode!.LocalName : target.LocalName);
            }
        }

        return !covered.Contains(_signature.OwnerDocument.DocumentElement!)
                ? SignatureFaults.NotCovered.With(_signature.ParentNode!.LocalName)
            : !covered.Contains(_properties) ? SignatureFaults.NotCovered.With("SignedProperties")
            : policy.SignsKeyInfo && !covered.Contains(_keyInfo) ? SignatureFaults.NotCovered.With("KeyInfo")
            : _qualifying.GetAttribute("Target") != $"#{_signature.GetAttribute("Id")}" ? SignatureFaults.Reference.With("Target")
            : null;
    }

    /// <summary>
    /// What a reference points to: the document, the properties or the KeyInfo. By an identifier that two elements share it would point
    /// to either, which is how signatures are wrapped: such a one points to nothing.
    /// </summary>
    private XmlElement? Target(string? uri)
    {
        if (uri is not { Length: > 1 } || uri[0] != '#')
        {
            return uri == "" ? _signature.OwnerDocument.DocumentElement : null;
        }

        var id = uri[1..];
        var found = Elements(_signature.OwnerDocument.DocumentElement!)
            .Where(each => each.GetAttribute("Id") == id || each.GetAttribute("ID") == id || each.GetAttribute("id") == id)
            .Take(2)
            .ToList();
        return found is [var only] && (only == _properties || only == _keyInfo) ? only : null;
    }

    /// <summary>The first transform that is not one of those that a reference may have; of the document the signature is left out.</summary>
    private static string? Transforms(XmlElement reference, bool isWhole, out bool isExclusive)
    {
        isExclusive = false;
        var transforms = Only(reference, Ds, "Transforms") is { } list ? Children(list, Ds, "Transform").ToList() : [];
        var names = transforms.Select(each => each.GetAttribute("Algorithm")).ToList();
        if (transforms.Find(each => Elements(each).Any()) is { } parametered)
        {
            return Short(parametered.GetAttribute("Algorithm"));
        }

        if (isWhole)
        {
            if (names is not [Enveloped, ..])
            {
                return names.Count == 0 ? "" : Short(names[0]);
            }

            names.RemoveAt(0);
        }

        if (names.Count > 1 || (names.Count == 1 && CanonicalForm(names[0]) is null))
        {
            return Short(names[^1]);
        }

        isExclusive = names.Count == 1 && CanonicalForm(names[0]) == true;
        return null;
    }

    /// <summary>The certificate in KeyInfo that the signed properties name by its digest; the only one where they name none.</summary>
    private X509Certificate2? SigningCertificate()
    {
        var held = Elements(_keyInfo)
            .Where(each => Is(each, Ds, "X509Certificate"))
            .Take(10)
            .Select(each => X509CertificateLoader.LoadCertificate(Convert.FromBase64String(each.InnerText)))
            .ToList();
        var own = Only(_properties, Xades, "SignedSignatureProperties");
        var named = Only(own, Xades, "SigningCertificate") ?? Only(own, Xades, "SigningCertificateV2");
        if (named is null)
        {
            return held.Count == 1 ? held[0] : null;
        }

        var first = Children(named, Xades, "Cert").FirstOrDefault();
        var digest = Only(first, Xades, "CertDigest");
        // SHA-1 still names a certificate here: whoever forged one with that digest would lack the key that signed.
        HashAlgorithmName? algorithm =
            Algorithm(digest, "DigestMethod") == Sha1 ? HashAlgorithmName.SHA1 : Digest(Algorithm(digest, "DigestMethod"));
        if (algorithm is not { } known || Said(digest, Ds, "DigestValue") is not { } value)
        {
            return null;
        }

        var wanted = Convert.FromBase64String(value);
        var serial = Said(Only(first, Xades, "IssuerSerial"), Ds, "X509SerialNumber");
        return held.Find(each =>
            CanonicalXml.Digest(each.RawData, known).AsSpan().SequenceEqual(wanted)
            && (serial is null || serial == XadesSignature.Serial(each))
        );
    }

    private Fault? Value(X509Certificate2 certificate, (bool IsRsa, HashAlgorithmName Digest) method, byte[] signed)
    {
        var value = Convert.FromBase64String(Said(_signature, Ds, "SignatureValue") ?? "");
        using var rsa = certificate.GetRSAPublicKey();
        using var curve = rsa is null ? certificate.GetECDsaPublicKey() : null;
        if ((rsa?.KeySize ?? 0) < 2048 && (curve?.KeySize ?? 0) < 256)
        {
            return SignatureFaults.WeakKey.With();
        }

        var holds = method.IsRsa
            ? rsa?.VerifyData(signed, value, method.Digest, RSASignaturePadding.Pkcs1)
            : curve?.VerifyData(signed, value, method.Digest);
        return holds == true ? null : SignatureFaults.WrongValue.With();
    }

    private Outcome<VerifiedSignature> Claims(X509Certificate2 certificate, SignaturePolicy policy, X509Certificate2Collection? roots)
    {
        var own = Only(_properties, Xades, "SignedSignatureProperties");
        var role = Said(Only(Only(own, Xades, "SignerRole"), Xades, "ClaimedRoles"), Xades, "ClaimedRole");
        if (role is not null && policy.Roles.Count > 0 && !policy.Roles.Contains(role, StringComparer.Ordinal))
        {
            return SignatureFaults.Role.With(Short(role));
        }

        if (
            !DateTimeOffset.TryParse(
                Said(own, Xades, "SigningTime"),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var signedAt
            )
        )
        {
            return SignatureFaults.Incomplete.With("SigningTime");
        }

        var instant = signedAt.UtcDateTime;
        if (instant < certificate.NotBefore.ToUniversalTime() || instant > certificate.NotAfter.ToUniversalTime())
        {
            return SignatureFaults.OutOfTime.With(
                $"{instant:yyyy-MM-ddTHH:mm:ssZ}",
                $"{certificate.NotBefore.ToUniversalTime():yyyy-MM-dd}",
                $"{certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}"
            );
        }

        return roots is null || IsTrusted(certificate, roots, instant)
            ? new VerifiedSignature(certificate, signedAt, policy.Identifier, role)
            : SignatureFaults.NotTrusted.With();
    }

    private bool IsTrusted(X509Certificate2 certificate, X509Certificate2Collection roots, DateTime instant)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        // Nothing is asked of the network: neither revocation nor a missing issuer.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = instant;
        foreach (var beside in Elements(_keyInfo).Where(each => Is(each, Ds, "X509Certificate")).Take(10))
        {
            chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(Convert.FromBase64String(beside.InnerText)));
        }

        return chain.Build(certificate);
    }

    private XmlElement? PolicyIdentifier =>
        Only(Only(Only(_properties, Xades, "SignedSignatureProperties"), Xades, "SignaturePolicyIdentifier"), Xades, "SignaturePolicyId");

    private string? PolicyId => Short(Said(Only(PolicyIdentifier, Xades, "SigPolicyId"), Xades, "Identifier"));

    private XmlElement? PolicyHash => Only(PolicyIdentifier, Xades, "SigPolicyHash");

    private static bool? CanonicalForm(string? algorithm) =>
        algorithm switch
        {
            Inclusive => false,
            Exclusive => true,
            _ => null,
        };

    private static bool HasParameters(XmlElement at, string name) => Only(at, Ds, name) is { } method && Elements(method).Any();

    private static string? Algorithm(XmlElement? at, string name) => Short(Only(at, Ds, name)?.GetAttribute("Algorithm"));

    private static string? Said(XmlElement? at, string space, string name) => Only(at, space, name)?.InnerText.Trim();

    private static XmlElement? Only(XmlElement? at, string space, string name) =>
        Children(at, space, name).Take(2).ToList() is [var only] ? only : null;

    private static IEnumerable<XmlElement> Children(XmlElement? at, string space, string name) =>
        at?.ChildNodes.OfType<XmlElement>().Where(each => Is(each, space, name)) ?? [];

    /// <summary>Every element below.</summary>
    private static IEnumerable<XmlElement> Elements(XmlElement at)
    {
        for (XmlNode? node = at.FirstChild; node is not null; )
        {
            if (node is XmlElement element)
            {
                yield return element;
            }

            if (node.FirstChild is { } below)
            {
                node = below;
                continue;
            }

            while (node is not null && node != at && node.NextSibling is null)
            {
                node = node.ParentNode;
            }

            node = node is null || node == at ? null : node.NextSibling;
        }
    }

    private static bool Is(XmlNode? node, string space, string name) =>
        node is XmlElement && node.LocalName == name && node.NamespaceURI == space;

    private static string Short(string? text) =>
        text is null ? ""
        : text.Length <= 200 ? text
        : text[..200];
}
