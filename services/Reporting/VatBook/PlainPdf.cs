using System.Globalization;
using System.IO.Compression;
using System.Text;
using RetailInvoicing.Reporting.Formats;

namespace RetailInvoicing.Reporting.VatBook;

/// <summary>
/// A PDF 1.7 (ISO 32000-1) of text and rules that is written page by page: what is kept of a page that was written is where it stands. It is
/// set in Helvetica, which every reader has, and so in the letters of Western Europe.
/// </summary>
internal sealed class PlainPdf
{
    /// <summary>Width of A4 across, in points.</summary>
    public const double Width = 841.89;

    /// <summary>Height of A4 across, in points.</summary>
    public const double Height = 595.28;

    private const int Catalogue = 1;
    private const int PageTree = 2;
    private const int Regular = 3;
    private const int Bold = 4;
    private const int Information = 5;

    // Adobe's metrics of Helvetica, space to tilde; what has an accent is as wide as without.
    private static readonly int[] Widths =
    [
        278,
        278,
        355,
        556,
        556,
        889,
        667,
        191,
        333,
        333,
        389,
        584,
        278,
        333,
        278,
        278,
        556,
        556,
        556,
        556,
        556,
        556,
        556,
        556,
        556,
        556,
        278,
        278,
        584,
        584,
        584,
        556,
        1015,
        667,
        667,
        722,
        722,
        667,
        611,
        778,
        722,
        278,
        500,
        667,
        556,
        833,
        722,
        778,
        667,
        778,
        722,
        667,
        611,
        722,
        667,
        944,
        667,
        667,
        611,
        278,
        278,
        278,
        469,
        556,
        333,
        556,
        556,
        500,
        556,
        556,
        278,
        556,
        556,
        222,
        222,
        500,
        222,
        833,
        556,
        556,
        556,
        556,
        333,
        500,
        278,
        556,
        500,
        722,
        500,
        500,
        500,
        334,
        260,
        334,
        584,
    ];

    private readonly Outflow _to;
    private readonly List<long> _places = [0, 0, 0, 0, 0, 0];
    private readonly List<int> _pages = [];
    private readonly StringBuilder _content = new();

    /// <summary>A document of no pages.</summary>
    public PlainPdf(Outflow to, string title)
    {
        _to = to;
        Put("%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n");
        Object(Regular, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>");
        Object(Bold, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>");
        Object(Information, $"<</Title({Escape(title)})/Producer(RetailInvoicing)>>");
        Object(Catalogue, $"<</Type/Catalog/Pages {PageTree} 0 R/Lang(es)/ViewerPreferences<</DisplayDocTitle true>>>>");
    }

    /// <summary>Pages written so far.</summary>
    public int Pages => _pages.Count;

    /// <summary>Writes a line of text with its left end there, measured from the top left.</summary>
    public void Text(string text, double x, double y, double size, bool isBold = false)
    {
        if (text.Length > 0)
        {
            _content.Append(
                CultureInfo.InvariantCulture,
                $"BT /F{(isBold ? 2 : 1)} {size:0.##} Tf {x:0.##} {Height - y:0.##} Td ({Escape(text)}) Tj ET\n"
            );
        }
    }

    /// <summary>Writes a line of text with its right end there.</summary>
    public void TextRight(string text, double right, double y, double size, bool isBold = false) =>
        Text(text, right - WidthOf(text, size), y, size, isBold);

    /// <summary>Draws a rule.</summary>
    public void Rule(double x, double y, double width) =>
        _content.Append(CultureInfo.InvariantCulture, $"{x:0.##} {Height - y:0.##} {width:0.##} 0.5 re f\n");

    /// <summary>Ends the page.</summary>
    public void EndPage()
    {
        var content = Latin(_content.ToString());
        _content.Clear();
        using var packed = new MemoryStream();
        using (var packing = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packing.Write(content);
        }

        var stream = Next();
        Put($"{stream} 0 obj\n<</Filter/FlateDecode/Length {packed.Length}>>stream\n");
        _to.Write(packed.GetBuffer().AsSpan(0, (int)packed.Length));
        Put("\nendstream\nendobj\n");
        var page = Next();
        Put(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{page} 0 obj\n<</Type/Page/Parent {PageTree} 0 R/MediaBox[0 0 {Width} {Height}]/Resources<</Font<</F1 {Regular} 0 R/F2 {Bold} 0 R>>>>/Contents {stream} 0 R>>\nendobj\n"
            )
        );
        _pages.Add(page);
    }

    /// <summary>Writes what says where everything is.</summary>
    public void End()
    {
        Object(PageTree, $"<</Type/Pages/Count {_pages.Count}/Kids[{string.Join(' ', _pages.Select(page => $"{page} 0 R"))}]>>");
        var at = _to.Position;
        Put($"xref\n0 {_places.Count}\n0000000000 65535 f \n");
        foreach (var place in _places.Skip(1))
        {
            Put(string.Create(CultureInfo.InvariantCulture, $"{place:0000000000} 00000 n \n"));
        }

        Put($"trailer\n<</Size {_places.Count}/Root {Catalogue} 0 R/Info {Information} 0 R>>\nstartxref\n{at}\n%%EOF\n");
    }

    /// <summary>How wide a line of text is.</summary>
    public static double WidthOf(string text, double size)
    {
        var width = 0;
        foreach (var letter in Latin(text))
        {
            width += letter is >= 32 and <= 126 ? Widths[letter - 32] : WidthOfAccented(letter);
        }

        return width * size / 1000;
    }

    /// <summary>As much of a text as there is room for.</summary>
    public static string Fit(string text, double size, double room)
    {
        if (WidthOf(text, size) <= room)
        {
            return text;
        }

        var length = text.Length;
        while (length > 0 && WidthOf(text[..length] + "…", size) > room)
        {
            length--;
        }

        return text[..length] + "…";
    }

    private static int WidthOfAccented(byte letter)
    {
        var plain = ((char)letter).ToString().Normalize(NormalizationForm.FormD)[0];
        return plain is >= ' ' and <= '~' ? Widths[plain - 32]
            : letter == 0x85 ? 1000
            : 556;
    }

    /// <summary>Windows-1252, which is what WinAnsiEncoding means: a letter that it lacks stands without its accent, or as a question mark.</summary>
    private static byte[] Latin(string text)
    {
        var bytes = new List<byte>(text.Length);
        foreach (var letter in text)
        {
            bytes.Add(
                letter switch
                {
                    '\n' => (byte)'\n',
                    >= ' ' and <= '~' or >= '\u00a0' and <= '\u00ff' => (byte)letter,
                    '€' => (byte)0x80,
                    '…' => (byte)0x85,
                    'Š' => (byte)0x8a,
                    'Œ' => (byte)0x8c,
                    'Ž' => (byte)0x8e,
                    '‘' => (byte)0x91,
                    '’' => (byte)0x92,
                    '“' => (byte)0x93,
                    '”' => (byte)0x94,
                    '–' => (byte)0x96,
                    '—' => (byte)0x97,
                    'š' => (byte)0x9a,
                    'œ' => (byte)0x9c,
                    'ž' => (byte)0x9e,
                    'Ÿ' => (byte)0x9f,
                    _ when !char.IsSurrogate(letter)
                            && letter.ToString().Normalize(NormalizationForm.FormD)[0] is >= ' ' and <= '~' and var plain => (byte)plain,
                    _ => (byte)'?',
                }
            );
        }

        return [.. bytes];
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("(", "\\(", StringComparison.Ordinal)
            .Replace(")", "\\)", StringComparison.Ordinal)
            .Replace('\n', ' ')
            .Replace('\r', ' ');

    private int Next()
    {
        _places.Add(_to.Position);
        return _places.Count - 1;
    }

    private void Object(int id, string content)
    {
        _places[id] = _to.Position;
        Put($"{id} 0 obj\n{content}\nendobj\n");
    }

    private void Put(string text) => _to.Write(Latin(text));
}
