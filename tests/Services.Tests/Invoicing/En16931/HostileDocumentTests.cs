using System.Text;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.En16931.Xml;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>Documents are hostile input: refused or judged, never a surprise, and never at a price.</summary>
public sealed class HostileDocumentTests
{
    private const string Invoice = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2";

    public static TheoryData<string, byte[]> NoXml =>
        new()
        {
            { "nothing", [] },
            { "text", "hello"u8.ToArray() },
            { "half a document", Encoding.UTF8.GetBytes($"<Invoice xmlns=\"{Invoice}\"><cbc:ID") },
            { "a document cut after its first element", Encoding.UTF8.GetBytes($"<Invoice xmlns=\"{Invoice}\">") },
            { "two documents", "<a/><b/>"u8.ToArray() },
            { "an undeclared prefix", "<cbc:ID>1</cbc:ID>"u8.ToArray() },
            { "a doubled attribute", "<a x=\"1\" x=\"2\"/>"u8.ToArray() },
            { "bytes that are no UTF-8", [.. "<a>"u8, 0xff, 0xfe, 0x80, .. "</a>"u8] },
            { "a character that XML has not", "<a>&#0;</a>"u8.ToArray() },
            { "an encoding that nobody has", "<?xml version=\"1.0\" encoding=\"x-nonsense\"?><a/>"u8.ToArray() },
            { "an encoding that it is not in", [.. "<?xml version=\"1.0\" encoding=\"utf-16\"?><a>"u8, .. "</a>"u8] },
            { "a document type", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"u8.ToArray() },
            {
                "entities in entities",
                "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;\">]><a>&d;</a>"u8.ToArray()
            },
            { "a file of this machine", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"u8.ToArray() },
            { "an entity that is not declared", "<a>&b;</a>"u8.ToArray() },
            { "elements in elements without an end", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<a>", 100_000))) },
        };

    [Theory]
    [MemberData(nameof(NoXml))]
    public void What_is_no_XML_that_can_be_read_is_refused_with_a_code(string what, byte[] document)
    {
        using var reader = ReadXmlTree.Take();

        Assert.True(reader.From(new MemoryStream(document)).Refused(out var fault), what);
        Assert.Equal("INV-VALID-01", fault.Code.Code);
    }

    [Fact]
    public void A_reader_that_refused_a_document_reads_the_next_one()
    {
        using var reader = ReadXmlTree.Take();
        Assert.True(reader.From(new MemoryStream("<a><b>"u8.ToArray())).Refused(out _));

        var tree = reader.From(new MemoryStream("<a><b>c</b></a>"u8.ToArray())).Value;

        Assert.Equal(2, tree.Count);
        Assert.Equal("c", tree.Root.Text.ToString());
    }

    [Theory]
    [InlineData("UTF-16")]
    [InlineData("UTF-16BE")]
    [InlineData("ISO-8859-1")]
    public void Other_encodings_that_XML_knows_are_read(string encoding)
    {
        var to = Encoding.GetEncoding(encoding);
        byte[] document = [.. to.GetPreamble(), .. to.GetBytes($"<?xml version=\"1.0\" encoding=\"{encoding}\"?><a>Ñandú</a>")];
        using var reader = ReadXmlTree.Take();

        Assert.Equal("Ñandú", reader.From(new MemoryStream(document)).Value.Root.Text.ToString());
    }

    [Fact]
    public void Text_in_pieces_comments_and_CDATA_is_one_text()
    {
        using var reader = ReadXmlTree.Take();
        var document = "<a x=\"1\">be<!-- no -->fore <![CDATA[<&>]]><?no?> after<b y=\"2\">in</b>side</a>"u8.ToArray();

        Assert.Equal("before <&> afterinside", reader.From(new MemoryStream(document)).Value.Root.Text.ToString());
    }

    [Fact]
    public void White_space_is_what_an_element_says_where_it_says_nothing_else_and_layout_between_elements()
    {
        using var reader = ReadXmlTree.Take();
        var root = reader.From(new MemoryStream("<a>\n  <b> \t</b>\n  <c> x </c>\n  <d/>\n</a>"u8.ToArray())).Value.Root;

        Assert.Equal(" \t x ", root.Text.ToString());
        Assert.Equal([" \t", " x ", ""], Children(root));

        static List<string> Children(Node node)
        {
            List<string> texts = [];
            foreach (var child in node.Children)
            {
                texts.Add(child.Text.ToString());
            }

            return texts;
        }
    }

    [Fact]
    public void A_document_of_another_namespace_is_no_invoice_whatever_its_names_are()
    {
        var example = Encoding.UTF8.GetString(Example()).Replace(Invoice, "urn:other", StringComparison.Ordinal);
        using var reader = ReadXmlTree.Take();

        Assert.False(reader.From(new MemoryStream(Encoding.UTF8.GetBytes(example))).Value.Root.Name.IsKnown);
    }

    [Fact]
    public void Names_that_no_rule_knows_do_not_pile_up()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 0; round < 40; round++)
        {
            using var reader = ReadXmlTree.Take();
            var names = string.Concat(Enumerable.Range(0, 5000).Select(i => $"<n{round}-{i} a{round}-{i}=\"1\"/>"));
            Assert.False(reader.From(new MemoryStream(Encoding.ASCII.GetBytes($"<a>{names}</a>"))).Refused(out _));
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 24_000_000);
    }

    /// <summary>Bytes changed, cut, doubled and moved at random places of the official examples: judged or refused.</summary>
    [Fact]
    public void Thousands_of_mutated_examples_are_refused_or_judged_and_never_a_surprise()
    {
        var examples = Directory
            .EnumerateFiles(Repository.Shared("compliance/en16931/examples-ubl"))
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes)
            .ToList();
        var random = new Random(20261124);
        var judged = 0;
        for (var round = 0; round < 4000; round++)
        {
            var document = Mutate(examples[random.Next(examples.Count)], examples[random.Next(examples.Count)], random);
            using var reader = ReadXmlTree.Take();
            var tree = reader.From(new MemoryStream(document));
            if (tree.Refused(out _))
            {
                continue;
            }

            judged++;
            var found = new Findings();
            ValidateDocument.Ubl(tree.Value, found);
            ValidateDocument.Peppol(tree.Value, found);
            UblWriter.Write(UblReader.Read(tree.Value.Root));
        }

        Assert.InRange(judged, 1000, 4000);
    }

    private static byte[] Example() => File.ReadAllBytes(Repository.Shared("compliance/en16931/examples-ubl/ubl-tc434-example1.xml"));

    /// <summary>Whole elements more often than bytes: most of the mutants are to be XML still.</summary>
    private static byte[] Mutate(byte[] document, byte[] other, Random random)
    {
        var text = Encoding.UTF8.GetString(document);
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var lines = text.Split('\n').ToList();
            var at = random.Next(2, lines.Count - 1);
            switch (random.Next(7))
            {
                case 0:
                    lines.RemoveAt(at);
                    break;
                case 1:
                    lines.Insert(at, lines[random.Next(2, lines.Count - 1)]);
                    break;
                case 2:
                    var from = Encoding.UTF8.GetString(other).Split('\n');
                    lines[at] = from[random.Next(from.Length)];
                    break;
                case 3:
                    lines[at] = ReplaceText(
                        lines[at],
                        random.Next(8) switch
                        {
                            0 => "",
                            1 => "-1",
                            2 => "1e9",
                            3 => "99999999999999999999999999999999",
                            5 => "79228162514264337593543950335",
                            6 => "-999999999999999999.99",
                            4 => " S ",
                            _ => "0.005",
                        }
                    );
                    break;
                case 4:
                    lines[at] = lines[at].Replace("cbc:", "cac:", StringComparison.Ordinal);
                    break;
                case 5:
                    lines[at] = System.Text.RegularExpressions.Regex.Replace(lines[at], " [a-zA-Z]+=\"[^\"]*\"", "");
                    break;
                default:
                    var bytes = lines[at].ToCharArray();
                    if (bytes.Length > 0)
                    {
                        bytes[random.Next(bytes.Length)] = (char)random.Next(1, 0x180);
                    }

                    lines[at] = new string(bytes);
                    break;
            }

            text = string.Join('\n', lines);
        }

        return Encoding.UTF8.GetBytes(text);
    }

    private static string ReplaceText(string line, string text)
    {
        var (from, to) = (line.IndexOf('>'), line.LastIndexOf('<'));
        return from > 0 && to > from ? $"{line[..(from + 1)]}{text}{line[to..]}" : line;
    }
}
