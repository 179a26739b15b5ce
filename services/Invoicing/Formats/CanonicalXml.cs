using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Xml;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>XML in its canonical form (C14N 1.0, inclusive or exclusive, without comments): the bytes that digests are of.</summary>
internal static class CanonicalXml
{
    private const string Declarations = "http://www.w3.org/2000/xmlns/";
    private const string Xml = "http://www.w3.org/XML/1998/namespace";

    /// <summary>A document but for an element: what an enveloped signature is over.</summary>
    public static byte[] Without(XmlElement signature, bool isExclusive)
    {
        var parent = signature.ParentNode!;
        var next = signature.NextSibling;
        parent.RemoveChild(signature);
        var canonical = Of(signature.OwnerDocument, isExclusive);
        parent.InsertBefore(signature, next);
        return canonical;
    }

    /// <summary>An element where it stands: inclusive, it carries the namespaces that are in force there.</summary>
    public static byte[] Of(XmlElement element, bool isExclusive)
    {
        var alone = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        var copy = (XmlElement)alone.ImportNode(element, deep: true);
        alone.AppendChild(copy);
        for (var above = element.ParentNode as XmlElement; above is not null; above = above.ParentNode as XmlElement)
        {
            foreach (XmlAttribute attribute in above.Attributes)
            {
                var isInForce =
                    attribute.NamespaceURI == Declarations || (attribute.NamespaceURI == Xml && attribute.Prefix == "xml" && !isExclusive);
                if (isInForce && !copy.HasAttribute(attribute.Name))
                {
                    copy.SetAttributeNode((XmlAttribute)alone.ImportNode(attribute, deep: true));
                }
            }
        }

        return Of(alone, isExclusive);
    }

    /// <summary>The digest of a canonical form.</summary>
    public static byte[] Digest(byte[] canonical, HashAlgorithmName algorithm) => CryptographicOperations.HashData(algorithm, canonical);

    private static byte[] Of(XmlDocument document, bool isExclusive)
    {
        Transform transform = isExclusive ? new XmlDsigExcC14NTransform() : new XmlDsigC14NTransform();
        transform.LoadInput(document);
        using var output = (Stream)transform.GetOutput(typeof(Stream));
        using var bytes = new MemoryStream();
        output.CopyTo(bytes);
        return bytes.ToArray();
    }
}
