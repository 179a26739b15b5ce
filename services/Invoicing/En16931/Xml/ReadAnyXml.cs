using System.Runtime.CompilerServices;
using System.Xml;

namespace RetailInvoicing.Invoicing.En16931.Xml;

/// <summary>
/// Reads documents of every encoding by the platform's reader, which says of what is no XML where it stopped being one: no document type,
/// no entities, nothing fetched, bounded depth and size.
/// </summary>
internal sealed class ReadAnyXml
{
    /// <summary>How deep elements may lie in each other: rules walk upwards.</summary>
    public const int MostDepth = 256;

    /// <summary>How many characters a document may have.</summary>
    public const long MostCharacters = 512L * 1024 * 1024;

    private const int MostForeign = 4096;

    private readonly NameTable _strings = new();
    private readonly Dictionary<Written, Name> _names = [];
    private readonly XmlReaderSettings _settings;
    private int _foreign;

    public ReadAnyXml()
    {
        // The reader hands out the very strings of its table: names are found by reference, not by their letters.
        foreach (var (space, local) in Vocabulary.All)
        {
            _names.Add(new Written(_strings.Add(space), _strings.Add(local)), Vocabulary.Find(space, local));
        }

        _settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            NameTable = _strings,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            MaxCharactersInDocument = MostCharacters,
            CloseInput = false,
        };
    }

    /// <summary>Whether its table is full of names that no rule knows.</summary>
    public bool IsFull => _foreign >= MostForeign;

    /// <summary>Fills a tree, or throws where the document is no XML.</summary>
    public void Read(Stream document, XmlTree tree)
    {
        using var xml = XmlReader.Create(document, _settings);
        Span<int> open = stackalloc int[MostDepth + 1];
        var depth = -1;
        while (xml.Read())
        {
            switch (xml.NodeType)
            {
                case XmlNodeType.Element:
                    if (depth + 1 >= MostDepth)
                    {
                        throw new XmlException($"elements lie more than {MostDepth} deep in each other");
                    }

                    var index = Open(xml, tree, depth < 0 ? -1 : open[depth]);
                    if (xml.IsEmptyElement)
                    {
                        tree.Close(index);
                    }
                    else
                    {
                        open[++depth] = index;
                    }

                    break;
                case XmlNodeType.EndElement:
                    tree.Close(open[depth--]);
                    break;
                case XmlNodeType.Whitespace when depth >= 0 && tree.KeepsWhiteSpace(open[depth]) && tree[open[depth]].Name.IsKnown:
                    TextOf(xml, tree);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace:
                    if (depth >= 0 && tree[open[depth]].Name.IsKnown)
                    {
                        TextOf(xml, tree);
                    }

                    break;
            }
        }
    }

    private int Open(XmlReader xml, XmlTree tree, int parent)
    {
        var name = NameOf(xml.NamespaceURI, xml.LocalName);
        if (tree.StandIn(name, parent) is >= 0 and var standIn)
        {
            return standIn;
        }

        var index = tree.Open(name, parent, name.IsKnown ? null : xml.Name);
        if (name.IsKnown && xml.MoveToFirstAttribute())
        {
            Attributes(xml, tree);
        }

        return index;
    }

    private void Attributes(XmlReader xml, XmlTree tree)
    {
        do
        {
            if (xml.NamespaceURI.Length == 0)
            {
                tree.AddAttribute(NameOf("", xml.LocalName), xml.Value);
            }
        } while (xml.MoveToNextAttribute());

        xml.MoveToElement();
    }

    private static void TextOf(XmlReader xml, XmlTree tree)
    {
        int read;
        do
        {
            var (buffer, length) = tree.Room(256);
            read = xml.ReadValueChunk(buffer, length, buffer.Length - length);
            tree.Wrote(read);
        } while (read > 0);
    }

    private Name NameOf(string space, string local)
    {
        var written = new Written(space, local);
        if (_names.TryGetValue(written, out var name))
        {
            return name;
        }

        _foreign++;
        name = Vocabulary.Find(space, local);
        if (_names.Count < MostForeign)
        {
            _names.Add(written, name);
        }

        return name;
    }

    /// <summary>A name by the identity of its two strings.</summary>
    private readonly struct Written(string space, string local) : IEquatable<Written>
    {
        private readonly string _space = space;
        private readonly string _local = local;

        public bool Equals(Written other) => ReferenceEquals(_local, other._local) && ReferenceEquals(_space, other._space);

        public override bool Equals(object? obj) => obj is Written other && Equals(other);

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(_local) * 31 + RuntimeHelpers.GetHashCode(_space);
    }
}
