using System.Xml;
using System.Xml.Linq;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>
/// Reads XML that anyone may have sent: no document type, no entities, nothing fetched, bounded depth and size; what is no XML is
/// refused with the place where it stopped being one.
/// </summary>
internal static class ForeignXml
{
    private const int MostDepth = 256;
    private const int MostCharacters = 64 * 1024 * 1024;

    /// <summary>The document as a tree to read from.</summary>
    public static Outcome<XDocument> Tree(ReadOnlyMemory<byte> document) =>
        From(document, reader => XDocument.Load(reader, LoadOptions.None), ignoresRemarks: true);

    /// <summary>The document with every blank that a signature covers.</summary>
    public static Outcome<XmlDocument> Exact(ReadOnlyMemory<byte> document) =>
        From(
            document,
            reader =>
            {
                var exact = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
                exact.Load(reader);
                return exact;
            },
            ignoresRemarks: false
        );

    /// <summary>The namespace and name of the document's root; null where it is no XML.</summary>
    public static (string Space, string Local)? Root(ReadOnlyMemory<byte> document)
    {
        var root = From<(string, string)?>(
            document,
            reader => reader.MoveToContent() == XmlNodeType.Element ? (reader.NamespaceURI, reader.LocalName) : null,
            ignoresRemarks: true
        );
        return root.Refused(out _) ? null : root.Value;
    }

    private static Outcome<T> From<T>(ReadOnlyMemory<byte> document, Func<XmlReader, T> load, bool ignoresRemarks)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = ignoresRemarks,
            MaxCharactersInDocument = MostCharacters,
        };
        try
        {
            // Trees are built and written by recursion: how deep this one goes is looked at before there is one.
            using (var depth = XmlReader.Create(new MemoryStream(document.ToArray(), writable: false), settings))
            {
                while (depth.Read())
                {
                    if (depth.Depth > MostDepth)
                    {
                        return InvoicingFaults.NotXml.With($"elements lie more than {MostDepth} deep in each other");
                    }
                }
            }

            using var reader = XmlReader.Create(new MemoryStream(document.ToArray(), writable: false), settings);
            return load(reader);
        }
        catch (XmlException exception)
        {
            return InvoicingFaults.NotXml.With(exception.Message);
        }
        catch (ArgumentException exception)
        {
            // An encoding that its declaration names and nobody has.
            return InvoicingFaults.NotXml.With(exception.Message);
        }
    }
}
