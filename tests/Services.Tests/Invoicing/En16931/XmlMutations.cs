using System.Text;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>A document changed at random places in ways that matter to a reader of XML; the same seed makes the same change.</summary>
internal static class XmlMutations
{
    private static readonly string[] Snippets =
    [
        "<",
        ">",
        "/",
        "=",
        "\"",
        "'",
        "&",
        ";",
        ":",
        "!",
        "?",
        "-",
        "--",
        "]",
        "]]",
        "]]>",
        "-->",
        "?>",
        "/>",
        "</",
        "<!",
        "<?",
        "<!--",
        "<!-- a -->",
        "<!-- a -- b -->",
        "<!-- a --->",
        "<!---->",
        "<![CDATA[",
        "<![CDATA[]]>",
        "<![CDATA[ <&> ]]>",
        "<![CDATA[\r\n]]]>",
        "<![CDATA[ ]]>",
        "<?p?>",
        "<?p q?>",
        "<?p q=\"1\" ? > ?>",
        "<?xml?>",
        "<?XmL v?>",
        "<?xml version=\"1.0\"?>",
        "<?p:q?>",
        "<?p\tq?>",
        "<!DOCTYPE a>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]>",
        "<!ELEMENT a>",
        "&amp;",
        "&lt;",
        "&gt;",
        "&apos;",
        "&quot;",
        "&#65;",
        "&#x41;",
        "&#x1F600;",
        "&#32;",
        "&#9;",
        "&#10;",
        "&#13;",
        "&#0;",
        "&#xFFFE;",
        "&#xFFFF;",
        "&#xD800;",
        "&#x110000;",
        "&#99999999999;",
        "&#;",
        "&#x;",
        "&#X41;",
        "&b;",
        "&amp",
        "&#00000065;",
        "&#0000000000065;",
        "\r",
        "\n",
        "\r\n",
        "\t",
        " ",
        "  \n  ",
        "\0",
        "\u0001",
        "\u000B",
        "\u001F",
        "\u007F",
        "\u0085",
        "\u00A0",
        "\u00F1",
        "\u2028",
        "\u20AC",
        "\uD83D\uDE00",
        "\uFEFF",
        "\uFFFD",
        "\uFFFE",
        "\uFFFF",
        "<a/>",
        "<a>",
        "</a>",
        "<a b=\"1\"/>",
        "<a b='1' b='2'/>",
        "<p:a/>",
        "<xml:a/>",
        "<xmlns:a/>",
        "<:a/>",
        "<a:/>",
        "<a:b:c/>",
        "<1/>",
        "<-a/>",
        "<a.b-c_d/>",
        "<\u00F1/>",
        "<_/>",
        "<a />",
        "<a\n/>",
        "<a / >",
        "< a/>",
        "<a></a >",
        "<a></ a>",
        "<cbc:ID>7</cbc:ID>",
        "<cbc:ID/>",
        "<cbc:ID>\n</cbc:ID>",
        "<cac:Party><x/><y/></cac:Party>",
        "<ram:ID>7</ram:ID>",
        "<ram:ID a='1'/>",
        "<x><cbc:ID>7</cbc:ID></x>",
        "<x><ram:ID> </ram:ID></x>",
        "<a xmlns=\"\"/>",
        "<ID xmlns=\"\"/>",
        "<currencyID/>",
        "<currencyID xmlns=''/>",
        "<a xmlns:p=\"\"/>",
        "<a xmlns:p='u' p:b='' p:b=''/>",
        "<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>",
        "<a xmlns:p='u' xmlns:q='v' p:b='' q:b='' b=''/>",
        "<a xmlns:xml='u'/>",
        "<a xmlns:xmlns='u'/>",
        "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
        "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns:xml='http://www.w3.org/XML/1998/namespace'/>",
        "<ID xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\" schemeID=\"\t0088 \">1</ID>",
        "<p:ID xmlns:p=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\"><p:ID/></p:ID>",
        "<a xmlns:cbc='u'><cbc:ID>1</cbc:ID></a>",
        "<a xmlns:cbc='u'><b xmlns:cbc='v'/><cbc:ID/></a>",
    ];

    private static readonly string[] Attributes =
    [
        "a=\"1\"",
        "a='1'",
        "a = \"1\"",
        "a=1",
        "a",
        "a=",
        "a=\"<\"",
        "a='>'",
        "a=\"'\"",
        "a='\"'",
        "a=\"&amp;&#10;\n\t\r\n\r\"",
        "a=\"&b;\"",
        "a=\"&#0;\"",
        "a=\"]]>\"",
        "currencyID=\"EUR\"",
        "schemeID=' x '",
        "p:a=\"1\"",
        "cbc:a=\"1\" cac:a=\"2\"",
        "cbc:a='1' cbc:a='2'",
        "ram:schemeID='1'",
        "xml:lang=\"es\"",
        "xml:space=\"preserve\"",
        "xml:space=\"default\"",
        "xml:space=\"no\"",
        "xml:a='' xml:a=''",
        "xmlns=\"\"",
        "xmlns=\"u\"",
        "xmlns:p=\"\"",
        "xmlns:p=\"u\"",
        "xmlns:p='u' xmlns:p='v'",
        "xmlns:cbc='u'",
        "xmlns:p=\"&#117;\"",
        "xmlns:p='u\n'",
        "xmlns='u' xmlns='v'",
        "xmlns:xml='u'",
        "xmlns:xmlns='u'",
        "xmlns:1='u'",
        "xmlns:='u'",
        ":a='1'",
        "a:='1'",
        "a:b:c='1'",
        "\u00F1='1'",
        "a='\u00F1\u20AC'",
        "a='1'b='2'",
        "a='1' a='1'",
        "a=\"\uFFFF\"",
        "xmlns:p='\u00F1' p:x='1'",
        "xmlns:p='urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2' p:x='' cac:x=''",
    ];

    /// <summary>A document with a change, or up to three.</summary>
    public static byte[] Of(byte[] document, Random random)
    {
        var bytes = new List<byte>(document);
        for (var times = Math.Max(1, random.Next(-4, 4)); times > 0; times--)
        {
            Change(bytes, random);
        }

        return [.. bytes];
    }

    private static void Change(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(15))
        {
            case 0 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 12)));
                break;
            case 3 when random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 4 or 5:
                Insert(bytes, at, Snippets[random.Next(Snippets.Length)]);
                break;
            case 6 or 7:
                // Between what is there, where most of XML may stand.
                Insert(bytes, After(bytes, at, (byte)'>'), Snippets[random.Next(Snippets.Length)]);
                break;
            case 8:
                Insert(bytes, Before(bytes, at, (byte)'<'), Snippets[random.Next(Snippets.Length)]);
                break;
            case 9 or 10:
                Insert(bytes, Before(bytes, at, (byte)'>'), " " + Attributes[random.Next(Attributes.Length)]);
                break;
            case 11:
                // A tag, or a piece of one, stands elsewhere too.
                var from = random.Next(bytes.Count);
                var piece = bytes.GetRange(from, Math.Min(bytes.Count - from, random.Next(1, 80)));
                bytes.InsertRange(at, piece);
                break;
            case 12:
                Rename(bytes, random);
                break;
            case 13:
                Replace(
                    bytes,
                    "\n",
                    random.Next(3) switch
                    {
                        0 => "\r\n",
                        1 => "\r",
                        _ => "",
                    }
                );
                break;
            default:
                Insert(bytes, random.Next(2) == 0 ? 0 : bytes.Count, Snippets[random.Next(Snippets.Length)]);
                break;
        }
    }

    private static void Rename(List<byte> bytes, Random random)
    {
        var (from, to) = random.Next(9) switch
        {
            0 => ("cbc:", ""),
            1 => ("cbc:", "b:"),
            2 => ("xmlns:cbc=", "xmlns:b="),
            3 => ("xmlns:cac=", "xmlns="),
            4 => ("xmlns=", "xmlns:ubl="),
            5 => ("ram:", "averyveryverylongprefix:"),
            6 => ("xmlns:ram=", "xmlns="),
            7 => ("UTF-8", "utf-8"),
            _ => ("cac:", "cbc:"),
        };
        Replace(bytes, from, to);
    }

    private static void Replace(List<byte> bytes, string from, string to)
    {
        var text = Encoding.Latin1.GetString([.. bytes]).Replace(from, to, StringComparison.Ordinal);
        bytes.Clear();
        bytes.AddRange(Encoding.Latin1.GetBytes(text));
    }

    private static void Insert(List<byte> bytes, int at, string what) => bytes.InsertRange(at, Encode(what));

    private static int After(List<byte> bytes, int at, byte what) => bytes.FindIndex(at, each => each == what) + 1;

    private static int Before(List<byte> bytes, int at, byte what) => Math.Max(0, bytes.FindIndex(at, each => each == what));

    private static byte[] Encode(string text) => Encoding.UTF8.GetBytes(text);
}
