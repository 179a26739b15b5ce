using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml;
using static RetailInvoicing.Invoicing.Formats.XadesNames;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>
/// Signs a document as the policy of Facturae wants it: XAdES-EPES 1.3.2, enveloped, over the document, the signature's own properties
/// and the certificate. With RSA the same document, certificate and instant give the same bytes.
/// </summary>
public static class XadesSignature
{
    private const string Name = "Signature";

    /// <summary>
    /// The document signed as its supplier by a certificate with its private key (RSA or elliptic curve). The instant carries the offset
    /// of the place, since an invoice may not be dated after its signature.
    /// </summary>
    public static byte[] Sign(ReadOnlyMemory<byte> document, X509Certificate2 certificate, DateTimeOffset signedAt)
    {
        var xml = ForeignXml.Exact(document).Value;
        var whole = new XmlElementWriter(xml, xml.DocumentElement!);
        using var rsa = certificate.GetRSAPrivateKey();
        using var curve = rsa is null ? certificate.GetECDsaPrivateKey() : null;
        // Namespaces are declared where they are used: what is signed has to know of them before it is written.
        var signature = whole.Add(Ds, "ds:Signature").With("xmlns:ds", Ds).With("Id", Name);
        var info = signature.Add(Ds, "ds:SignedInfo");
        var value = signature.Add(Ds, "ds:SignatureValue").With("Id", $"{Name}-Value");
        var keyInfo = KeyInfo(signature, certificate);
        var properties = Properties(signature, certificate, signedAt);

        info.Add(Ds, "ds:CanonicalizationMethod").With("Algorithm", Inclusive);
        info.Add(Ds, "ds:SignatureMethod").With("Algorithm", rsa is null ? EcdsaSha256 : RsaSha256);
        var over = info.Add(Ds, "ds:Reference").With("Id", $"{Name}-Document").With("URI", "");
        over.Add(Ds, "ds:Transforms").Add(Ds, "ds:Transform").With("Algorithm", Enveloped);
        Digest(over, CanonicalXml.Without(signature.Element, isExclusive: false));
        Digest(
            info.Add(Ds, "ds:Reference").With("Type", SignedPropertiesType).With("URI", $"#{Name}-SignedProperties"),
            CanonicalXml.Of(properties.Element, isExclusive: false)
        );
        Digest(info.Add(Ds, "ds:Reference").With("URI", $"#{Name}-KeyInfo"), CanonicalXml.Of(keyInfo.Element, isExclusive: false));

        var signed = CanonicalXml.Of(info.Element, isExclusive: false);
        value.Text(
            Convert.ToBase64String(
                rsa?.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                    ?? curve?.SignData(signed, HashAlgorithmName.SHA256)
                    ?? throw new ArgumentException("a certificate without a private key signs nothing", nameof(certificate))
            )
        );
        return Bytes(xml);
    }

    private static XmlElementWriter KeyInfo(XmlElementWriter signature, X509Certificate2 certificate)
    {
        var keyInfo = signature.Add(Ds, "ds:KeyInfo").With("Id", $"{Name}-KeyInfo");
        keyInfo.Add(Ds, "ds:X509Data").Add(Ds, "ds:X509Certificate").Text(Convert.ToBase64String(certificate.RawData));
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is not null)
        {
            var key = rsa.ExportParameters(includePrivateParameters: false);
            var value = keyInfo.Add(Ds, "ds:KeyValue").Add(Ds, "ds:RSAKeyValue");
            value.Add(Ds, "ds:Modulus").Text(Convert.ToBase64String(key.Modulus!));
            value.Add(Ds, "ds:Exponent").Text(Convert.ToBase64String(key.Exponent!));
        }

        return keyInfo;
    }

    private static XmlElementWriter Properties(XmlElementWriter signature, X509Certificate2 certificate, DateTimeOffset signedAt)
    {
        var policy = SignaturePolicy.Facturae;
        var qualifying = signature
            .Add(Ds, "ds:Object")
            .Add(Xades, "xades:QualifyingProperties")
            .With("xmlns:xades", Xades)
            .With("Target", $"#{Name}");
        var properties = qualifying.Add(Xades, "xades:SignedProperties").With("Id", $"{Name}-SignedProperties");
        var own = properties.Add(Xades, "xades:SignedSignatureProperties");
        own.Add(Xades, "xades:SigningTime").Text(signedAt.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture));

        var named = own.Add(Xades, "xades:SigningCertificate").Add(Xades, "xades:Cert");
        Digest(named.Add(Xades, "xades:CertDigest"), certificate.RawData);
        var issuer = named.Add(Xades, "xades:IssuerSerial");
        issuer.Add(Ds, "ds:X509IssuerName").Text(certificate.Issuer);
        issuer.Add(Ds, "ds:X509SerialNumber").Text(Serial(certificate));

        var identifier = own.Add(Xades, "xades:SignaturePolicyIdentifier").Add(Xades, "xades:SignaturePolicyId");
        var id = identifier.Add(Xades, "xades:SigPolicyId");
        id.Add(Xades, "xades:Identifier").Text(policy.Identifier);
        id.Add(Xades, "xades:Description").Text(policy.Description);
        var hash = identifier.Add(Xades, "xades:SigPolicyHash");
        hash.Add(Ds, "ds:DigestMethod").With("Algorithm", Sha1);
        hash.Add(Ds, "ds:DigestValue").Text(policy.Sha1);
        own.Add(Xades, "xades:SignerRole").Add(Xades, "xades:ClaimedRoles").Add(Xades, "xades:ClaimedRole").Text("supplier");

        var format = properties
            .Add(Xades, "xades:SignedDataObjectProperties")
            .Add(Xades, "xades:DataObjectFormat")
            .With("ObjectReference", $"#{Name}-Document");
        format.Add(Xades, "xades:Description").Text("Factura electrónica");
        format.Add(Xades, "xades:MimeType").Text("text/xml");
        format.Add(Xades, "xades:Encoding").Text("UTF-8");
        return properties;
    }

    /// <summary>A certificate's serial number in decimal, as XML signatures write it.</summary>
    internal static string Serial(X509Certificate2 certificate) =>
        new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture);

    private static void Digest(XmlElementWriter at, byte[] content)
    {
        at.Add(Ds, "ds:DigestMethod").With("Algorithm", Sha256);
        at.Add(Ds, "ds:DigestValue").Text(Convert.ToBase64String(SHA256.HashData(content)));
    }

    private static byte[] Bytes(XmlDocument xml)
    {
        using var bytes = new MemoryStream();
        // A carriage return that is not written as a reference would be read as a line feed, and the digest be another's.
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(false), NewLineHandling = NewLineHandling.Entitize };
        using (var writer = XmlWriter.Create(bytes, settings))
        {
            xml.Save(writer);
        }

        return bytes.ToArray();
    }

    /// <summary>An element that is being written.</summary>
    private sealed class XmlElementWriter(XmlDocument document, XmlElement element)
    {
        public XmlElement Element => element;

        public XmlElementWriter Add(string space, string name) =>
            new(document, (XmlElement)element.AppendChild(document.CreateElement(name, space))!);

        public XmlElementWriter With(string attribute, string value)
        {
            element.SetAttribute(attribute, value);
            return this;
        }

        public void Text(string text) => element.AppendChild(document.CreateTextNode(text));
    }
}
