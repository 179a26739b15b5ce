using System.Text;
using RetailInvoicing.Invoicing.En16931.Xml;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>Our reader of UTF-8 takes nothing that the platform's refuses, and of what both take makes the same tree.</summary>
public sealed class ReadUtf8XmlTests
{
    private const int Seed = 20261126;
    private const string Basic = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";
    private const string Start = $"<Note xmlns=\"{Basic}\" xmlns:p=\"{Basic}\" xmlns:u=\"urn:u\">";

    private static readonly Lazy<IReadOnlyList<(string Name, byte[] Document)>> Documents = new(() =>
        [
            .. new[] { "en16931", "peppol-bis-3", "xrechnung", "factur-x" }
                .SelectMany(folder =>
                    Directory.EnumerateFiles(Repository.Shared($"compliance/{folder}"), "*.xml", SearchOption.AllDirectories)
                )
                .Order(StringComparer.Ordinal)
                .Select(file => (file, File.ReadAllBytes(file))),
            .. new[] { "en16931/unit-ubl-invoice", "en16931/unit-ubl-creditnote", "en16931/unit-cii", "peppol-bis-3/unit-cii-peppol" }
                .SelectMany(OfficialSuites.Cases)
                .Select(each => (each.ToString(), each.Document)),
        ]
    );

    [Fact]
    public void Every_official_document_of_UTF_8_is_read_by_us_as_by_the_platform()
    {
        Assert.True(Documents.Value.Count > 1000);
        List<string> left = [];
        foreach (var (name, document) in Documents.Value)
        {
            if (!Compare(document, name))
            {
                left.Add(name);
            }
        }

        Assert.Empty(left);
    }

    /// <summary>What is no XML 1.0 or no document of ours; each rule that a reader holds once, at least.</summary>
    public static TheoryData<string, string> Refused =>
        new()
        {
            { "an end tag of another name", "<a></b>" },
            { "an end tag of the same name by another prefix", $"{Start}<ID></p:ID></Note>" },
            { "an end tag that goes on", $"{Start}</Notes>" },
            { "an end tag with attributes", "<a></a b='1'>" },
            { "tags that cross", "<a><b></a></b>" },
            { "no end", "<a><b></b>" },
            { "half a tag", "<a><b" },
            { "no element at all", "<?xml version='1.0'?>\n<!-- -->" },
            { "a second root", "<a/><b/>" },
            { "text behind the root", "<a/>b" },
            { "a reference behind the root", "<a/>&#32;" },
            { "CDATA behind the root", "<a/><![CDATA[]]>" },
            { "text before the root", "b<a/>" },
            { "two byte order marks", "\uFEFF\uFEFF<a/>" },
            { "white space before a name", "< a/>" },
            { "a name that begins with a digit", "<1a/>" },
            { "a name with a character that names have not", "<a$/>" },
            { "a name of two prefixes", "<a:b:c xmlns:a='u'/>" },
            { "a prefix without a name", "<a: xmlns:a='u'/>" },
            { "a name without its prefix", "<:a/>" },
            { "a local name that begins with a digit", "<u:1 xmlns:u='u'/>" },
            { "an undeclared prefix", "<u:a/>" },
            { "an undeclared prefix of an attribute", "<a u:b='1'/>" },
            { "a prefix behind its element", "<a><u:b xmlns:u='u'/><u:b/></a>" },
            { "a prefix that is taken back", "<a xmlns:u=''/>" },
            { "the prefix xml for another namespace", "<a xmlns:xml='u'/>" },
            { "another prefix for the namespace of xml", "<a xmlns:u='http://www.w3.org/XML/1998/namespace'/>" },
            { "the namespace of xml as the default", "<a xmlns='http://www.w3.org/XML/1998/namespace'/>" },
            { "the prefix xmlns declared", "<a xmlns:xmlns='u'/>" },
            { "the namespace of xmlns", "<a xmlns:u='http://www.w3.org/2000/xmlns/'/>" },
            { "an attribute twice", "<a b='1' b='2'/>" },
            { "an attribute twice by two prefixes", "<a xmlns:u='u' xmlns:v='u' u:b='1' v:b='2'/>" },
            { "the default namespace twice", "<a xmlns='u' xmlns='v'/>" },
            { "a prefix twice", "<a xmlns:u='u' xmlns:u='u'/>" },
            { "attributes without white space between them", "<a b='1'c='2'/>" },
            { "an attribute without a value", "<a b/>" },
            { "a value without quotes", "<a b=1/>" },
            { "a value that does not end", "<a b='1/>" },
            { "a value of two kinds of quotes", "<a b='1\"/>" },
            { "a tag in a value", "<a b='<'/>" },
            { "an empty tag with a space in its end", "<a / >" },
            { "an ampersand", "<a>&</a>" },
            { "an ampersand in a value", "<a b='&'/>" },
            { "an entity that nobody declared", "<a>&b;</a>" },
            { "an entity that nobody declared, in a value", "<a b='&b;'/>" },
            { "an entity without its end", "<a>&amp</a>" },
            { "a reference to nothing", "<a>&#;</a>" },
            { "a hexadecimal reference to nothing", "<a>&#x;</a>" },
            { "a reference with a large X", "<a>&#X41;</a>" },
            { "a reference to U+0000", "<a>&#0;</a>" },
            { "a reference to U+0001", "<a b='&#1;'/>" },
            { "a reference to half a character", "<a>&#xD83D;&#xDE00;</a>" },
            { "a reference to U+FFFE", "<a>&#xFFFE;</a>" },
            { "a reference to U+FFFF", "<a>&#65535;</a>" },
            { "a reference beyond U+10FFFF", "<a>&#x110000;</a>" },
            { "a reference beyond all numbers", "<a>&#4294967361;</a>" },
            { "U+0000", "<a>\0</a>" },
            { "U+0001 in a comment", "<a><!-- \u0001 --></a>" },
            { "U+000B in a value", "<a b='\u000B'/>" },
            { "U+FFFE", "<a>\uFFFE</a>" },
            { "U+FFFF in an instruction", "<?p \uFFFF?><a/>" },
            { "the end of CDATA in text", "<a>]]></a>" },
            { "the end of CDATA in kept text", $"{Start}]]]></Note>" },
            { "CDATA that does not end", "<a><![CDATA[]]</a>" },
            { "two hyphens in a comment", "<a><!-- -- --></a>" },
            { "a comment of three hyphens at its end", "<a><!-- ---></a>" },
            { "a comment that does not end", "<a><!-- -></a>" },
            { "an instruction named xml", "<a><?xml version='1.0'?></a>" },
            { "an instruction named XML", "<a><?XmL?></a>" },
            { "an instruction with a prefix", "<a><?b:c?></a>" },
            { "an instruction without a name", "<a><? b?></a>" },
            { "an instruction that does not end", "<a><?b ></a>" },
            { "a declaration behind white space", " <?xml version='1.0'?><a/>" },
            { "a declaration without a version", "<?xml encoding='utf-8'?><a/>" },
            { "version 1.1", "<?xml version='1.1'?><a/>" },
            { "a declaration in another order", "<?xml encoding='utf-8' version='1.0'?><a/>" },
            { "a declaration of standalone before its encoding", "<?xml version='1.0' standalone='yes' encoding='utf-8'?><a/>" },
            { "a declaration of standalone that is neither", "<?xml version='1.0' standalone='maybe'?><a/>" },
            { "a declaration without white space", "<?xml version='1.0'encoding='utf-8'?><a/>" },
            { "a declaration that says more", "<?xml version='1.0' more='1'?><a/>" },
            { "a declaration that does not end", "<?xml version='1.0' ><a/>" },
            { "a document type", "<!DOCTYPE a><a/>" },
            { "a document type inside", "<a><!DOCTYPE a></a>" },
            { "a conditional section", "<a><![INCLUDE[]]></a>" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_XML_does_not_let_pass_is_left_to_the_platform_which_refuses_it(string what, string document)
    {
        var bytes = Encoding.UTF8.GetBytes(document);
        using var ours = ReadXmlTree.Take();
        using var platforms = ReadXmlTree.Take();

        Assert.False(ours.TryUtf8(bytes), what);
        Assert.True(platforms.FromAny(new MemoryStream(bytes)).Refused(out var expected), what);
        Assert.True(ours.From(bytes).Refused(out var told), what);
        Assert.Equal(expected.In("en"), told.In("en"));
        Assert.True(ours.From(new MemoryStream(bytes)).Refused(out told), what);
        Assert.Equal(expected.In("en"), told.In("en"));
    }

    /// <summary>Bytes that are no UTF-8: too long, too short, half a pair, beyond Unicode.</summary>
    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 0xC0, 0xBC })]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0xBD })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    public void What_is_no_UTF_8_is_left_to_the_platform(byte[] bytes)
    {
        byte[][] documents =
        [
            [.. "<a>"u8, .. bytes, .. "</a>"u8],
            [.. "<a b='"u8, .. bytes, .. "'/>"u8],
            [.. "<a><!-- "u8, .. bytes, .. " --></a>"u8],
        ];
        foreach (var document in documents)
        {
            using var reader = ReadXmlTree.Take();
            Assert.False(reader.TryUtf8(document));
        }
    }

    /// <summary>What XML lets pass, and the text that the tree has of it.</summary>
    public static TheoryData<string, string, string> Taken =>
        new()
        {
            { "a byte order mark", $"\uFEFF<?xml version=\"1.0\"?>{Start}x</Note>", "x" },
            { "a whole declaration", $"<?xml\tversion = '1.0'\nencoding=\"uTf-8\" standalone='no' ?>{Start}x</Note>", "x" },
            { "an instruction whose name begins with xml", $"<?xml-stylesheet href='x'?>{Start}x</Note>", "x" },
            { "comments and instructions around", $"<!-- -->\n<?a?>{Start}x</Note>\r\n<?b c?><!---->\n", "x" },
            { "comments and instructions within", $"{Start}x<!-- a - b -->y<?p ?><?p > ?>z</Note>", "xyz" },
            { "line ends", $"{Start}a\r\nb\rc\nd\r</Note>", "a\nb\nc\nd\n" },
            { "line ends in CDATA", $"{Start}<![CDATA[a\r\nb\r]]]]></Note>", "a\nb\n]]" },
            { "a carriage return by reference", $"{Start}a&#13;&#xa;b</Note>", "a\r\nb" },
            { "the five that XML names", $"{Start}&amp;&lt;&gt;&apos;&quot;</Note>", "&<>'\"" },
            { "an ampersand of a reference", $"{Start}&#38;amp;</Note>", "&amp;" },
            { "a character beyond the first plane", $"{Start}\U0001F600&#x1F600;&#128512;</Note>", "\U0001F600\U0001F600\U0001F600" },
            { "characters of two and three bytes", $"{Start}Ñandú € \uFFFD \uD7FF\uE000</Note>", "Ñandú € \uFFFD \uD7FF\uE000" },
            { "controls that XML has", $"{Start}\u007F\u0085\u2028</Note>", "\u007F\u0085\u2028" },
            { "brackets", $"{Start}]] ]>]&gt;</Note>", "]] ]>]>" },
            { "a bracket by reference", $"{Start}&#93;]></Note>", "]]>" },
            { "white space alone", $"{Start} \t\r\n</Note>", " \t\n" },
            { "white space by reference", $"{Start}&#32;<!-- --> </Note>", "  " },
            { "white space before an element", $"{Start} &#32;<ID/></Note>", "" },
            { "white space behind an element", $"{Start}<ID/> &#32;</Note>", "" },
            { "white space behind text", $"{Start}x<!-- --> <ID/></Note>", "x " },
            { "CDATA of white space", $"{Start}<ID/><![CDATA[ ]]></Note>", " " },
            { "text of what is not kept", $"{Start}<u:a>x<b>y</b>&amp;<ID>1</ID></u:a>z</Note>", "1z" },
            { "tags with white space", $"{Start}<ID\n a = '1'\tb\n=\r'2' >x</ID\n></Note\t>", "x" },
            { "an element by another prefix", $"{Start}<p:ID>x</p:ID></Note>", "x" },
            { "a prefix that is bound again", $"{Start}<p:a xmlns:p='v'>y</p:a><p:ID>x</p:ID></Note>", "x" },
            { "a default that is taken back", $"{Start}<ID xmlns=''>y</ID><ID>x</ID></Note>", "x" },
            { "a declaration behind the attribute that needs it", $"{Start}<ID v:a='1' xmlns:v='v'>x</ID></Note>", "x" },
            { "two attributes of a local name", $"{Start}<ID u:a='1' p:a='2' a='3' xml:lang='es'>x</ID></Note>", "x" },
            { "a long prefix", $"{Start}<aprefixoftwenty:ID xmlns:aprefixoftwenty='{Basic}'>x</aprefixoftwenty:ID></Note>", "x" },
            {
                "two long prefixes that begin alike",
                $"{Start}<p12345678:ID xmlns:p12345678='{Basic}' xmlns:p12345679='v'>x</p12345678:ID></Note>",
                "x"
            },
        };

    [Theory]
    [MemberData(nameof(Taken))]
    public void What_XML_lets_pass_is_read_by_us(string what, string document, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(document);
        Assert.True(Compare(bytes, what), what);
        using var reader = ReadXmlTree.Take();
        Assert.Equal(text, reader.From(bytes).Value.Root.Text.ToString());
    }

    [Theory]
    [InlineData("a\tb\nc\rd\r\ne", "a b c d e")]
    [InlineData("&#9;&#10;&#13;&#32;", "\t\n\r ")]
    [InlineData("]]>&lt;'>", "]]><'>")]
    [InlineData("", "")]
    [InlineData("Ñ€\U0001F600", "Ñ€\U0001F600")]
    public void White_space_in_a_value_is_spaces_but_by_reference(string written, string value)
    {
        var bytes = Encoding.UTF8.GetBytes($"{Start}<ID xmlns:v='v' v:schemeID='no' schemeID=\"{written}\"/></Note>");
        Assert.True(Compare(bytes, written));
        using var reader = ReadXmlTree.Take();
        Assert.Equal(value, reader.From(bytes).Value.Root[Cbc.ID].Attribute(Attributes.SchemeID).ToString());
    }

    /// <summary>XML of kinds that are rare enough for the platform's reader to have them.</summary>
    [Theory]
    [InlineData("<?xml version='1.0' encoding='us-ascii'?><a/>")]
    [InlineData("<?xml version='1.0' encoding='ISO-8859-1'?><a/>")]
    [InlineData("<ñ/>")]
    [InlineData("<a xml:space='preserve'> </a>")]
    [InlineData("<a xmlns:xml='http://www.w3.org/XML/1998/namespace'/>")]
    [InlineData("<a xmlns='&#117;'/>")]
    [InlineData("<xml:a/>")]
    [InlineData("<xmlns:a/>")]
    public void What_is_rare_is_left_to_the_platform_which_reads_it(string document)
    {
        var bytes = Encoding.UTF8.GetBytes(document);
        using var reader = ReadXmlTree.Take();

        Assert.False(reader.TryUtf8(bytes));
        Assert.False(reader.From(bytes).Refused(out _));
    }

    [Fact]
    public void Names_at_the_end_of_a_document_and_documents_cut_anywhere_are_no_different()
    {
        var document = Encoding.UTF8.GetBytes(
            $"{Start}<p:LineExtensionAmount currencyID='EUR'>ñ<![CDATA[x]]>&amp;</p:LineExtensionAmount></Note>"
        );
        for (var length = 0; length <= document.Length; length++)
        {
            Assert.Equal(length == document.Length, Compare(document[..length], $"the first {length} bytes"));
        }

        Assert.True(Compare("<a/>"u8.ToArray(), "the shortest"));
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void As_deep_as_the_platforms_reader_may_go_ours_goes(int depth, bool isRead)
    {
        var document = Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Repeat("<a>", depth - 1)) + "<a/>" + string.Concat(Enumerable.Repeat("</a>", depth - 1))
        );

        Assert.Equal(isRead, Compare(document, $"{depth} deep"));
        using var reader = ReadXmlTree.Take();
        Assert.Equal(!isRead, reader.From(document).Refused(out _));
    }

    /// <summary>What would cost more than its size is left to the platform: each attribute is compared with each.</summary>
    [Fact]
    public void Attributes_and_prefixes_without_end_are_read_all_the_same()
    {
        var attributes = string.Concat(Enumerable.Range(0, 20_000).Select(i => $" a{i}='1'"));
        var prefixes = string.Concat(Enumerable.Range(0, 20_000).Select(i => $" xmlns:p{i}='u{i}'"));
        using var reader = ReadXmlTree.Take();
        foreach (var document in new[] { $"<Note xmlns='{Basic}'{attributes}/>", $"<Note xmlns='{Basic}'{prefixes}/>" })
        {
            var bytes = Encoding.ASCII.GetBytes(document);
            Assert.False(reader.TryUtf8(bytes));
            Assert.False(reader.From(bytes).Refused(out _));
        }
    }

    /// <summary>The platform's reader may take long white space for text; where that could matter ours does not guess.</summary>
    [Theory]
    [InlineData(2000)]
    [InlineData(5000)]
    [InlineData(50_000)]
    public void Long_white_space_is_what_it_is_for_the_platforms_reader(int length)
    {
        var white = new string(' ', length);
        foreach (var document in new[] { $"{Start}{white}<ID>x</ID>{white}</Note>", $"{Start}{white}</Note>", $"{Start}x{white}</Note>" })
        {
            var bytes = Encoding.UTF8.GetBytes(document);
            Compare(bytes, $"{length} spaces");
            using var ours = ReadXmlTree.Take();
            using var platforms = ReadXmlTree.Take();
            Assert.True(AreSame(ours.From(bytes).Value, platforms.FromAny(new MemoryStream(bytes)).Value));
        }
    }

    /// <summary>A stream is read from where it stands, by whichever of the two, and to its end.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(3_000_000)]
    public void A_stream_is_read_from_where_it_stands(int length)
    {
        byte[] document = [.. "junk"u8, .. Encoding.UTF8.GetBytes($"{Start}<ID>{new string('x', length)}</ID></Note>")];
        using var reader = ReadXmlTree.Take();
        using var stream = new MemoryStream(document);
        stream.Position = 4;
        Assert.Equal(length, reader.From(stream).Value.Root.Text.Length);
        Assert.Equal(document.Length, stream.Position);

        document[^1] = (byte)'<';
        stream.Position = 4;
        Assert.True(reader.From(stream).Refused(out _));
    }

    [Fact]
    public void Changed_at_random_a_document_is_read_as_by_the_platform_or_left_to_it()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("RETAIL_SAMPLES"), out var asked) ? asked : 6000;
        var documents = Documents.Value.Where(each => each.Document.Length < 20_000).ToList();
        var (read, left, possible) = (0, 0, 0);
        Parallel.For(
            0,
            count,
            sample =>
            {
                var random = new Random(Seed + sample);
                var (name, document) = documents[random.Next(documents.Count)];
                var changed = XmlMutations.Of(document, random);
                if (Compare(changed, $"sample {sample} of {name}"))
                {
                    Interlocked.Increment(ref read);
                    return;
                }

                Interlocked.Increment(ref left);
                using var platforms = ReadXmlTree.Take();
                if (!platforms.FromAny(new MemoryStream(changed)).Refused(out _))
                {
                    Interlocked.Increment(ref possible);
                }
            }
        );
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{read} read, {left} left to the platform's reader, which read {possible} of them"
        );
        Assert.True(read > count / 4, $"only {read} of {count} were read");
    }

    /// <summary>Whether ours reads it; then the platform's must, and to the same tree.</summary>
    private static bool Compare(byte[] document, string what)
    {
        using var ours = ReadXmlTree.Take();
        if (!ours.TryUtf8(document))
        {
            return false;
        }

        using var platforms = ReadXmlTree.Take();
        var refused = platforms.FromAny(new MemoryStream(document)).Refused(out var fault);
        Assert.False(refused, $"{what}: {fault?.In("en")}");
        Assert.True(AreSame(ours.Tree, platforms.Tree), $"{what}: other trees of\n{Encoding.UTF8.GetString(document)}");
        return true;
    }

    internal static bool AreSame(XmlTree one, XmlTree other)
    {
        if (one.Count != other.Count || one.AttributeCount != other.AttributeCount || !one.Root.Text.SequenceEqual(other.Root.Text))
        {
            return false;
        }

        for (var index = 0; index < one.Count; index++)
        {
            var (a, b) = (one[index], other[index]);
            if (
                (a.Name, a.Parent, a.End, a.TextStart, a.TextEnd, a.Attributes)
                    != (b.Name, b.Parent, b.End, b.TextStart, b.TextEnd, b.Attributes)
                || one.NameOf(index) != other.NameOf(index)
            )
            {
                return false;
            }
        }

        for (var at = 0; at < one.AttributeCount; at++)
        {
            var (a, b) = (one.AttributeAt(at), other.AttributeAt(at));
            if (a != b || !one.Value(a.Start, a.End).SequenceEqual(other.Value(b.Start, b.End)))
            {
                return false;
            }
        }

        return true;
    }
}
