using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Xml;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.En16931.Xml;

/// <summary>
/// Reads a document that anyone may have sent: no document type, no entities, nothing fetched, bounded depth and size; what is no XML is
/// refused with the place where it stopped being one.
/// </summary>
public sealed class ReadXmlTree : IDisposable
{
    private const int MostDepth = 256;
    private const int MostForeign = 4096;
    private static readonly ConcurrentBag<ReadXmlTree> Resting = [];

    private readonly NameTable _strings = new();
    private readonly Dictionary<Written, Name> _names = new();
    private readonly XmlReaderSettings _settings;
    private int _foreign;

    private ReadXmlTree()
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
            MaxCharactersInDocument = 512L * 1024 * 1024,
            CloseInput = false,
        };
    }

    /// <summary>What was read last.</summary>
    public XmlTree Tree { get; } = new();

    /// <summary>A reader with a tree of its own, to be given back by disposing it.</summary>
    public static ReadXmlTree Take() => Resting.TryTake(out var rested) ? rested : new ReadXmlTree();

    /// <summary>Reads a document, or says why it is none; where a line is known it is told.</summary>
    public Outcome<XmlTree> From(Stream document)
    {
        Tree.Clear();
        try
        {
            using var xml = XmlReader.Create(document, _settings);
            Read(xml);
            return Tree;
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

    /// <inheritdoc />
    public void Dispose()
    {
        // A table full of names from hostile documents is thrown away, and so is a tree that one of them has blown up.
        if (_foreign < MostForeign && Tree.IsSmall)
        {
            Resting.Add(this);
        }
    }

    private void Read(XmlReader xml)
    {
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

                    var index = Open(xml, depth < 0 ? -1 : open[depth]);
                    if (xml.IsEmptyElement)
                    {
                        Tree.Close(index);
                    }
                    else
                    {
                        open[++depth] = index;
                    }

                    break;
                case XmlNodeType.EndElement:
                    Tree.Close(open[depth--]);
                    break;
                case XmlNodeType.Whitespace when depth >= 0 && Tree.Count - 1 == open[depth] && Tree[open[depth]].Name.IsKnown:
                    // Between elements it says nothing; alone in an element it is all that this says, and is told from nothing.
                    TextOf(xml);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace:
                    if (depth >= 0 && Tree[open[depth]].Name.IsKnown)
                    {
                        TextOf(xml);
                    }

                    break;
            }
        }
    }

    /// <summary>
    /// What no rule and no term speaks of is not kept, however much of it a document holds: one element stands for all that lie beside
    /// and within each other, without text; what is known inside it is kept.
    /// </summary>
    private int Open(XmlReader xml, int parent)
    {
        var name = NameOf(xml.NamespaceURI, xml.LocalName);
        if (!name.IsKnown && parent >= 0)
        {
            if (!Tree[parent].Name.IsKnown)
            {
                return parent;
            }

            var last = Tree.Count - 1;
            if (!Tree[last].Name.IsKnown && Tree[last].Parent == parent)
            {
                return last;
            }
        }

        var index = Tree.Open(name, parent, name.IsKnown ? null : xml.Name);
        if (name.IsKnown && xml.MoveToFirstAttribute())
        {
            Attributes(xml);
        }

        return index;
    }

    private void Attributes(XmlReader xml)
    {
        do
        {
            if (xml.NamespaceURI.Length == 0)
            {
                Tree.AddAttribute(NameOf("", xml.LocalName), xml.Value);
            }
        } while (xml.MoveToNextAttribute());

        xml.MoveToElement();
    }

    private void TextOf(XmlReader xml)
    {
        int read;
        do
        {
            var (buffer, length) = Tree.Room(256);
            read = xml.ReadValueChunk(buffer, length, buffer.Length - length);
            Tree.Wrote(read);
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
