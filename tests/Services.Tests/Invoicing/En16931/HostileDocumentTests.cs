using System.Text;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.Invoicing.En16931.Xml;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>Documents are hostile input: refused or judged, never a surprise, and never at a price.</summary>
public sealed class HostileDocumentTests
{
    private const string InvoiceSpace = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2";
    private const string Basic = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

    public static TheoryData<string, byte[]> NoXml =>
        new()
        {
            { "nothing", [] },
            { "text", "hello"u8.ToArray() },
            { "half a document", Encoding.UTF8.GetBytes($"<Invoice xmlns=\"{InvoiceSpace}\"><cbc:ID") },
            { "a document cut after its first element", Encoding.UTF8.GetBytes($"<Invoice xmlns=\"{InvoiceSpace}\">") },
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

        var tree = reader
            .From(new MemoryStream(Encoding.UTF8.GetBytes($"<Invoice xmlns=\"{InvoiceSpace}\"><ID xmlns=\"{Basic}\">c</ID></Invoice>")))
            .Value;

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
        byte[] document =
        [
            .. to.GetPreamble(),
            .. to.GetBytes($"<?xml version=\"1.0\" encoding=\"{encoding}\"?><ID xmlns=\"{Basic}\">Ñandú</ID>"),
        ];
        using var reader = ReadXmlTree.Take();

        Assert.Equal("Ñandú", reader.From(new MemoryStream(document)).Value.Root.Text.ToString());
    }

    [Fact]
    public void Text_in_pieces_comments_and_CDATA_is_one_text()
    {
        using var reader = ReadXmlTree.Take();
        var document = $"<Note xmlns=\"{Basic}\" x=\"1\">be<!-- no -->fore <![CDATA[<&>]]><?no?> after<ID y=\"2\">in</ID>side</Note>";

        var read = reader.From(new MemoryStream(Encoding.UTF8.GetBytes(document))).Value;
        Assert.Equal("before <&> afterinside", read.Root.Text.ToString());
    }

    [Fact]
    public void What_no_rule_speaks_of_is_not_kept_however_much_of_it_there_is()
    {
        var unused = string.Concat(
            Enumerable.Repeat($"<x><y z=\"1\">{new string('n', 50)}</y><ID xmlns=\"{Basic}\">7</ID></x><w/>", 50_000)
        );
        var document = $"<Invoice xmlns=\"{InvoiceSpace}\"><u xmlns=\"urn:other\">{unused}</u><ID xmlns=\"{Basic}\">1</ID></Invoice>";
        var few = document.Replace(unused, "", StringComparison.Ordinal);
        using var reader = ReadXmlTree.Take();
        Assert.Equal(3, reader.From(new MemoryStream(Encoding.UTF8.GetBytes(few))).Value.Count);

        var tree = reader.From(new MemoryStream(Encoding.UTF8.GetBytes(document))).Value;

        // The numbers inside it are known and kept, since rules may look for them anywhere; nothing else is.
        Assert.Equal(3 + 50_000, tree.Count);
        Assert.Equal(50_001, tree.Root.Text.Length);
        Assert.Equal("1", tree.Root[Cbc.ID].Text.ToString());
        Assert.Equal("/Invoice/u/cbc:ID[50000]", tree.LocationOf(tree.Count - 2));
    }

    [Fact]
    public void White_space_is_what_an_element_says_where_it_says_nothing_else_and_layout_between_elements()
    {
        using var reader = ReadXmlTree.Take();
        var document = $"<Note xmlns=\"{Basic}\">\n  <ID> \t</ID>\n  <Name> x </Name>\n  <Value/>\n</Note>";
        var root = reader.From(new MemoryStream(Encoding.UTF8.GetBytes(document))).Value.Root;

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
        var example = Encoding.UTF8.GetString(Example()).Replace(InvoiceSpace, "urn:other", StringComparison.Ordinal);
        using var reader = ReadXmlTree.Take();

        Assert.False(reader.From(new MemoryStream(Encoding.UTF8.GetBytes(example))).Value.Root.Name.IsKnown);
    }

    [Fact]
    public void A_reader_full_of_names_that_no_rule_knows_is_not_used_again()
    {
        var full = ReadXmlTree.Take();
        var names = string.Concat(Enumerable.Range(0, 5000).Select(i => $"<n{i} a{i}=\"1\"/>"));
        // Of UTF-8 no name is kept; in UTF-16 the platform's reader keeps them.
        Assert.False(
            full.From(new MemoryStream([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes($"<a>{names}</a>")])).Refused(out _)
        );
        full.Dispose();

        var taken = Enumerable.Range(0, 64).Select(_ => ReadXmlTree.Take()).ToList();

        Assert.DoesNotContain(full, taken);
        taken.ForEach(each => each.Dispose());
    }

    /// <summary>Bytes changed, cut, doubled and moved at random places of the official examples: judged or refused.</summary>
    [Theory]
    [InlineData("ubl")]
    [InlineData("cii")]
    public void Thousands_of_mutated_examples_are_refused_or_judged_and_never_a_surprise(string syntax)
    {
        var examples = Directory
            .EnumerateFiles(Repository.Shared($"compliance/en16931/examples-{syntax}"))
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
            Invoice invoice;
            if (syntax == "cii")
            {
                ValidateDocument.Cii(tree.Value, found);
                invoice = CiiReader.Read(tree.Value.Root);
            }
            else
            {
                ValidateDocument.Ubl(tree.Value, found);
                invoice = UblReader.Read(tree.Value.Root);
            }

            ValidateDocument.Peppol(tree.Value, found);
            Assert.All(found.Told(tree.Value, "es"), finding => Assert.NotEmpty(finding.Message));
            UblWriter.Write(invoice);
            CiiWriter.Write(invoice);
        }

        Assert.InRange(judged, 1000, 4000);
    }

    /// <summary>What is counted once for a document may not be counted again for each of its parts.</summary>
    [Theory]
    [InlineData("<ram:ApplicableTradeTax><ram:CategoryCode>S</ram:CategoryCode></ram:ApplicableTradeTax>")]
    [InlineData("<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>")]
    [InlineData("<ram:PayeeTradeParty><ram:Name>x</ram:Name></ram:PayeeTradeParty>")]
    [InlineData("<ram:SpecifiedTradeSettlementHeaderMonetarySummation/>")]
    public void A_document_of_CII_with_as_many_parts_as_lines_is_judged_in_time_that_grows_with_it(string part)
    {
        const int Many = 100_000;
        var lines = string.Concat(Enumerable.Repeat("<ram:IncludedSupplyChainTradeLineItem/>", Many));
        var parts = string.Concat(Enumerable.Repeat(part, Many));
        var document = Encoding.UTF8.GetBytes(
            "<rsm:CrossIndustryInvoice xmlns:rsm=\"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100\""
                + " xmlns:ram=\"urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100\">"
                + $"<rsm:SupplyChainTradeTransaction>{lines}<ram:ApplicableHeaderTradeSettlement>{parts}</ram:ApplicableHeaderTradeSettlement>"
                + "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
        );
        using var reader = ReadXmlTree.Take();
        var tree = reader.From(new MemoryStream(document)).Value;
        var found = new Findings();
        var began = System.Diagnostics.Stopwatch.StartNew();

        ValidateDocument.Cii(tree, found);

        // A pass over it takes less than a second; a pass for each of its parts takes minutes.
        Assert.InRange(began.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.True(found.Count > Many);
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
                    lines[at] = lines[at]
                        .Replace("cbc:", "cac:", StringComparison.Ordinal)
                        .Replace("ram:", "udt:", StringComparison.Ordinal);
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
