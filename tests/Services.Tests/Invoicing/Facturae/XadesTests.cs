using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.Facturae;

/// <summary>Signatures that hold are verified, ours and the tax agency's; every other one is refused, and says why.</summary>
public sealed class XadesTests
{
    private static readonly XNamespace Ds = "http://www.w3.org/2000/09/xmldsig#";
    private static readonly XNamespace Xades = "http://uri.etsi.org/01903/v1.3.2#";
    private static readonly byte[] Document = IssuedFacturae.Write(
        FacturaeDocumentTests.Issue("", """{"paymentTerms":"a 30 días\r\n\tneto"}""", "")
    );
    private static readonly byte[] Signed = XadesSignature.Sign(Document, TestCertificate.Shared, IssuedFacturae.Now);

    [Fact]
    public void What_we_sign_verifies()
    {
        var signature = XadesVerification.Of(Signed).Value;

        Assert.Equal(TestCertificate.Shared.Thumbprint, signature.Certificate.Thumbprint);
        Assert.Equal(IssuedFacturae.Now, signature.SignedAt);
        Assert.Equal("supplier", signature.Role);
        Assert.Empty(IssuedFacturae.Breaches(Signed));
    }

    [Theory]
    [InlineData("<a><b>x</b></a>")]
    [InlineData("<?xml version='1.0' encoding='utf-8'?>\n<!-- c --><a>\n<b c='&#xA;&lt;'>&amp;</b>\n</a>")]
    [InlineData("<a xml:lang='es' xmlns='urn:d'><b xmlns=''>x</b></a>")]
    [InlineData("<f:a xmlns:f='urn:f' xmlns:ds='urn:other'><f:b/></f:a>")]
    [InlineData(null)]
    public void The_frameworks_own_verifier_agrees(string? document)
    {
        var signed = document is null
            ? Signed
            : XadesSignature.Sign(Encoding.UTF8.GetBytes(document), TestCertificate.Shared, IssuedFacturae.Now);

        Assert.True(FrameworkAgrees(signed));
        Assert.False(XadesVerification.Of(signed).Refused(out var fault), fault?.In(null));
    }

    [Fact]
    public void What_is_signed_is_what_was_written()
    {
        var xml = XDocument.Load(new MemoryStream(Signed), LoadOptions.PreserveWhitespace);
        xml.Root!.Element(Ds + "Signature")!.Remove();

        Assert.True(XNode.DeepEquals(XDocument.Load(new MemoryStream(Document), LoadOptions.PreserveWhitespace).Root, xml.Root));
        Assert.Equal(Encoding.UTF8.GetPreamble().Length == 3 && Signed[0] == 0xEF, false);
    }

    [Fact]
    public void The_same_document_certificate_and_instant_give_the_same_bytes()
    {
        Assert.Equal(Signed, XadesSignature.Sign(Document, TestCertificate.Shared, IssuedFacturae.Now));
        Assert.NotEqual(Signed, XadesSignature.Sign(Document, TestCertificate.Shared, IssuedFacturae.Now.AddSeconds(1)));
    }

    [Fact]
    public void A_curve_signs_as_well()
    {
        using var certificate = TestCertificate.Curve(ECCurve.NamedCurves.nistP256);

        var signed = XadesSignature.Sign(Document, certificate, IssuedFacturae.Now);

        Assert.Equal(certificate.Thumbprint, XadesVerification.Of(signed).Value.Certificate.Thumbprint);
        Assert.Empty(IssuedFacturae.Breaches(signed));
    }

    [Fact]
    public void The_policy_is_the_official_document()
    {
        var policy = File.ReadAllBytes(Repository.Shared("compliance/facturae/policy/politica_de_firma_formato_facturae_v3_1.pdf"));

        var hash = Root(Signed).Descendants(Xades + "SigPolicyHash").Single();

        Assert.Equal("http://www.w3.org/2000/09/xmldsig#sha1", hash.Element(Ds + "DigestMethod")!.Attribute("Algorithm")!.Value);
        Assert.Equal(
            Convert.ToBase64String(CryptographicOperations.HashData(HashAlgorithmName.SHA1, policy)),
            hash.Element(Ds + "DigestValue")!.Value
        );
    }

    [Fact]
    public void The_signature_covers_the_document_its_properties_and_its_certificate() =>
        Assert.Equal(
            ["", "#Signature-SignedProperties", "#Signature-KeyInfo"],
            Root(Signed).Descendants(Ds + "Reference").Select(each => each.Attribute("URI")!.Value)
        );

    [Fact]
    public void The_tax_agencys_signed_sample_verifies()
    {
        var sample = Sample();

        var signature = XadesVerification.Of(sample).Value;

        Assert.True(FrameworkAgrees(sample));
        Assert.Contains("89890001K", signature.Certificate.Subject, StringComparison.Ordinal);
        Assert.Equal("urn:oid:2.16.724.1.3.1.1.2.1.9", signature.Policy);
        Assert.Equal(new DateTimeOffset(2025, 2, 3, 16, 15, 55, 105, TimeSpan.FromHours(1)), signature.SignedAt);
    }

    [Theory]
    [InlineData("<sum1:ImporteTotal>241.4<", "<sum1:ImporteTotal>241.5<", "INV-SIGN-07")]
    [InlineData("<sum1:IDVersion>", " <sum1:IDVersion>", "INV-SIGN-07")]
    [InlineData("2025-02-03T16:15:55.105+01:00", "2025-02-03T16:15:55.106+01:00", "INV-SIGN-07")]
    [InlineData("tSSDv7r41SAdEZ1/5u61PjmIYxo=", "tSSDv7r41SAdEZ1/5u61PjmIYxp=", "INV-SIGN-07")]
    [InlineData("7K+GICWKtBQtcs79MHxeWvN+U184qNGGbiXIcA4P6no=", "7K+GICWKtBQtcs79MHxeWvN+U184qNGGbiXIcA4P6nk=", "INV-SIGN-07")]
    [InlineData("ruvN8lGx0knqU7", "ruvN8lGx0knqU8", "INV-SIGN-08")]
    [InlineData("MIIHajCCBlKgAwIBAgIQPDf81x29Ssp", "MIIHajCCBlKgAwIBAgIQPDf81x29Ssq", "INV-SIGN-09")]
    [InlineData("G7roucf600", "G8roucf600", "INV-SIGN-11")]
    [InlineData("urn:oid:2.16.724.1.3.1.1.2.1.9", "urn:oid:2.16.724.1.3.1.1.2.1.8", "INV-SIGN-11")]
    public void The_sample_altered_is_refused(string from, string to, string code) => Refused(code, Replaced(Sample(), from, to));

    [Theory]
    [InlineData("<InvoiceTotal>19.90<", "<InvoiceTotal>19.91<", "INV-SIGN-07")]
    [InlineData("10:15:30+01:00</xades:SigningTime>", "10:15:31+01:00</xades:SigningTime>", "INV-SIGN-07")]
    [InlineData(">supplier<", ">customer<", "INV-SIGN-07")]
    [InlineData("<ds:Exponent>AQAB", "<ds:Exponent>AQAC", "INV-SIGN-07")]
    [InlineData("<ds:SignatureValue Id=\"Signature-Value\">", "<ds:SignatureValue Id=\"Signature-Value\">AAAA", "INV-SIGN-08")]
    [InlineData("<ds:SignatureValue Id=\"Signature-Value\">", "<ds:SignatureValue Id=\"Signature-Value\">*", "INV-SIGN-03")]
    [InlineData("Ohixl6upD6av8N7pEvDABhEL6hM=", "xmfh8D/Ec/hHeE1IB4zPd61zHIY=", "INV-SIGN-11")]
    [InlineData("xmldsig-more#rsa-sha256", "xmldsig-more#rsa-sha512", "INV-SIGN-08")]
    [InlineData("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1", "INV-SIGN-04")]
    [InlineData("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#hmac-sha1", "INV-SIGN-04")]
    [InlineData("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1", "INV-SIGN-04")]
    [InlineData("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#md5", "INV-SIGN-04")]
    [InlineData("http://www.w3.org/2000/09/xmldsig#enveloped-signature", "http://www.w3.org/TR/1999/REC-xslt-19991116", "INV-SIGN-04")]
    [InlineData("http://www.w3.org/2000/09/xmldsig#enveloped-signature", "http://www.w3.org/2002/06/xmldsig-filter2", "INV-SIGN-04")]
    [InlineData("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2006/12/xml-c14n11", "INV-SIGN-04")]
    [InlineData("URI=\"\"", "URI=\"http://127.0.0.1:1/invoice.xml\"", "INV-SIGN-05")]
    [InlineData("URI=\"\"", "URI=\"file:///etc/passwd\"", "INV-SIGN-05")]
    [InlineData("URI=\"\"", "URI=\"#xpointer(/)\"", "INV-SIGN-05")]
    [InlineData("URI=\"\"", "", "INV-SIGN-05")]
    [InlineData("URI=\"#Signature-KeyInfo\"", "URI=\"#Signature-Value\"", "INV-SIGN-05")]
    [InlineData("URI=\"#Signature-KeyInfo\"", "URI=\"#Signature-SignedProperties\"", "INV-SIGN-05")]
    [InlineData("Target=\"#Signature\"", "Target=\"#Another\"", "INV-SIGN-05")]
    [InlineData("ds:Signature", "ds:Autograph", "INV-SIGN-01")]
    [InlineData("xades:QualifyingProperties", "xades:Properties", "INV-SIGN-03")]
    public void Ours_altered_is_refused(string from, string to, string code) => Refused(code, Replaced(Signed, from, to));

    [Theory]
    [InlineData("", "INV-SIGN-06")]
    [InlineData("#Signature-SignedProperties", "INV-SIGN-06")]
    [InlineData("#Signature-KeyInfo", "INV-SIGN-06")]
    public void A_reference_that_is_left_out_is_missed(string uri, string code)
    {
        var xml = Loaded(Signed);
        xml.Descendants(Ds + "Reference").Single(each => each.Attribute("URI")!.Value == uri).Remove();

        Refused(code, Bytes(xml));
    }

    [Fact]
    public void A_style_sheet_beside_the_right_transform_is_not_run()
    {
        var xml = Loaded(Signed);
        xml.Descendants(Ds + "Transforms")
            .First()
            .Add(
                new XElement(
                    Ds + "Transform",
                    new XAttribute("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116"),
                    new XElement(XName.Get("stylesheet", "http://www.w3.org/1999/XSL/Transform"))
                )
            );

        Refused("INV-SIGN-04", Bytes(xml));
    }

    [Fact]
    public void A_document_wrapped_around_the_signed_one_is_refused()
    {
        var xml = Loaded(Signed);
        var signed = new XElement(xml.Root!);
        var forged = new XElement(xml.Root!);
        forged.Element(Ds + "Signature")!.Remove();
        forged.Descendants("InvoiceTotal").Single().Value = "1.00";

        // The signed document deep inside a forged one, its signature with it.
        forged.Add(new XElement("Extensions", signed));
        Refused("INV-SIGN-02", Bytes(new XDocument(forged)));

        // The signature in the root of the forged one, and what it was over beside it.
        var signature = signed.Element(Ds + "Signature")!;
        signature.Remove();
        forged.Add(signature);
        Refused("INV-SIGN-07", Bytes(new XDocument(forged)));
    }

    [Fact]
    public void Properties_that_stand_twice_under_one_name_are_refused()
    {
        var xml = Loaded(Signed);
        var properties = xml.Descendants(Xades + "SignedProperties").Single();
        var forged = new XElement(properties);
        forged.Descendants(Xades + "SigningTime").Single().Value = "2027-01-01T00:00:00Z";
        // Inside the signature, which it does not cover: a reference finds the true ones, whoever reads the time the forged ones.
        xml.Root!.Element(Ds + "Signature")!.Add(new XElement(Ds + "Object", new XElement(properties)));
        properties.ReplaceWith(forged);

        Refused("INV-SIGN-05", Bytes(xml));
    }

    [Fact]
    public void Two_signatures_are_refused()
    {
        var xml = Loaded(Signed);
        xml.Root!.Add(new XElement(xml.Root.Element(Ds + "Signature")!));

        Refused("INV-SIGN-02", Bytes(xml));
    }

    [Fact]
    public void Another_certificate_in_its_place_is_refused()
    {
        using var other = TestCertificate.Rsa();
        var mine = Convert.ToBase64String(TestCertificate.Shared.RawData);

        Refused("INV-SIGN-07", Replaced(Signed, mine, Convert.ToBase64String(other.RawData)));
    }

    [Fact]
    public void A_certificate_out_of_its_time_or_with_a_short_key_is_refused()
    {
        using var weak = TestCertificate.Rsa(1024);

        Refused("INV-SIGN-13", XadesSignature.Sign(Document, TestCertificate.Shared, TestCertificate.From.AddSeconds(-1)));
        Refused("INV-SIGN-13", XadesSignature.Sign(Document, TestCertificate.Shared, TestCertificate.Until.AddSeconds(1)));
        Refused("INV-SIGN-10", XadesSignature.Sign(Document, weak, IssuedFacturae.Now));
    }

    [Fact]
    public void Trust_is_asked_of_the_given_roots_alone()
    {
        using var other = TestCertificate.Rsa();

        Assert.False(XadesVerification.Of(Signed, [TestCertificate.Shared]).Refused(out _));
        Assert.True(XadesVerification.Of(Signed, [other]).Refused(out var fault));
        Assert.Equal("INV-SIGN-14", fault.Code.Code);
    }

    [Fact]
    public void However_a_signature_is_broken_it_is_refused_and_nothing_is_thrown()
    {
        var random = new Random(20261123);
        for (var i = 0; i < 300; i++)
        {
            var xml = Loaded(Signed);
            var elements = xml.Root!.Element(Ds + "Signature")!.DescendantsAndSelf().ToList();
            var victim = elements[random.Next(elements.Count)];
            switch (i % 5)
            {
                case 0:
                    victim.Remove();
                    break;
                case 1:
                    victim.ReplaceNodes("AQID");
                    break;
                case 2:
                    victim.AddAfterSelf(new XElement(victim));
                    break;
                case 3:
                    victim.Name = Ds + "Nothing";
                    break;
                default:
                    victim.Add(new XElement(Ds + "DigestValue", "x"));
                    break;
            }

            Assert.True(XadesVerification.Of(Bytes(xml)).Refused(out _), $"{i}: {victim.Name.LocalName}");
        }
    }

    private static void Refused(string code, byte[] document)
    {
        Assert.True(XadesVerification.Of(document).Refused(out var fault), $"{code} is not seen");
        Assert.Equal(code, fault.Code.Code);
    }

    /// <summary>What System.Security.Cryptography.Xml says, which shares nothing with our verifier but the canonical form.</summary>
    private static bool FrameworkAgrees(byte[] document)
    {
        var xml = new XmlDocument { PreserveWhitespace = true };
        xml.Load(new MemoryStream(document));
        var signed = new SignedXml(xml);
        signed.LoadXml((XmlElement)xml.GetElementsByTagName("Signature", Ds.NamespaceName)[0]!);
        return signed.CheckSignature();
    }

    private static byte[] Sample() =>
        File.ReadAllBytes(Repository.Shared("compliance/verifactu/aeat-xades-sample/ejemploRegistro-firmado-epes-xades4j.xml"));

    private static byte[] Replaced(byte[] document, string from, string to)
    {
        var text = Encoding.UTF8.GetString(document);
        Assert.Contains(from, text, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
    }

    private static XElement Root(byte[] document) => Loaded(document).Root!;

    private static XDocument Loaded(byte[] document) => XDocument.Load(new MemoryStream(document), LoadOptions.PreserveWhitespace);

    private static byte[] Bytes(XDocument xml)
    {
        using var bytes = new MemoryStream();
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(false), NewLineHandling = NewLineHandling.Entitize };
        using (var writer = XmlWriter.Create(bytes, settings))
        {
            xml.Save(writer);
        }

        return bytes.ToArray();
    }
}
