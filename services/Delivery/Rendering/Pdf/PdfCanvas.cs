using System.Text;

namespace RetailInvoicing.Delivery.Rendering.Pdf;

/// <summary>What a document says of itself.</summary>
internal sealed record PdfAbout
{
    /// <summary>What it is.</summary>
    public required string Title { get; init; }

    /// <summary>Who made it.</summary>
    public required string Author { get; init; }

    /// <summary>Its language, as es.</summary>
    public required string Language { get; init; }

    /// <summary>When what it says was said.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>Pages of a PDF/A-3 on which text, bars and QR codes are put, measured in points from the top left.</summary>
internal sealed class PdfCanvas(PdfAbout about, double width)
{
    /// <summary>Width of A4.</summary>
    public const double A4Width = 595.28;

    /// <summary>Height of A4.</summary>
    public const double A4Height = 841.89;

    private readonly List<(PdfPage Page, double Height)> _pages = [];
    private readonly List<FontFile> _fonts = [];
    private readonly List<PdfPicture> _pictures = [];
    private readonly List<SortedDictionary<ushort, Rune>> _used = [];
    private readonly PdfTag _document = PdfTag.Document();
    private PdfPage? _page;
    private PdfTag? _tag;

    /// <summary>What a reading machine hears, in order.</summary>
    public PdfTag Document => _document;

    /// <summary>Pages so far.</summary>
    public int Pages => _pages.Count;

    /// <summary>The part of the document that what follows belongs to; none: it is for the eye alone.</summary>
    public PdfTag? Tag
    {
        get => _tag;
        set => _tag = value;
    }

    /// <summary>Goes on on a new page.</summary>
    public void NewPage(double height)
    {
        _page = new PdfPage(_pages.Count + 1, width);
        _pages.Add((_page, height));
    }

    /// <summary>Ends the last page there: what is written on it decides how long it is.</summary>
    public void CutPage(double height) => _pages[^1] = (_pages[^1].Page, height);

    /// <summary>Goes back to a page, for what can be said only at the end.</summary>
    public void GoTo(int page) => _page = _pages[page - 1].Page;

    /// <summary>Writes one line of writable text with its left end there.</summary>
    public void Text(string text, double x, double baseline, double size, Typeface face, Accent colour)
    {
        if (text.Length == 0)
        {
            return;
        }

        var content = Begin();
        _page!.Colour(colour);
        content.Add("BT\n"u8);
        var (at, isOpen, font) = (0, false, -1);
        foreach (var (file, glyph, character) in face.Glyphs(text))
        {
            var next = IndexOf(file);
            if (next != font)
            {
                content.Add(isOpen ? ">Tj\n"u8 : ""u8);
                font = next;
                _page.Font(font, size);
                if (at == 0)
                {
                    content.Add([x, -baseline]).Add("Td\n"u8);
                }

                content.Add("<"u8);
                isOpen = true;
            }

            _used[font].TryAdd(glyph, character);
            content.Hex(glyph);
            at++;
        }

        content.Add(isOpen ? ">Tj\nET\n"u8 : "ET\n"u8);
    }

    /// <summary>Writes one line of writable text with its right end there.</summary>
    public void TextRight(string text, double right, double baseline, double size, Typeface face, Accent colour) =>
        Text(text, right - face.Width(text, size), baseline, size, face, colour);

    /// <summary>Writes one line of writable text around there.</summary>
    public void TextCentred(string text, double centre, double baseline, double size, Typeface face, Accent colour) =>
        Text(text, centre - face.Width(text, size) / 2, baseline, size, face, colour);

    /// <summary>Fills a bar, for the eye alone.</summary>
    public void Bar(double x, double y, double barWidth, double height, Accent colour)
    {
        var content = _page!.Beside();
        _page.Colour(colour);
        content.Add([x, -y - height, barWidth, height]).Add("re f\n"u8);
    }

    /// <summary>Outlines a box with hairlines.</summary>
    public void Box(double x, double y, double boxWidth, double height, Accent colour)
    {
        Bar(x, y, boxWidth, 0.6, colour);
        Bar(x, y + height - 0.6, boxWidth, 0.6, colour);
        Bar(x, y, 0.6, height, colour);
        Bar(x + boxWidth - 0.6, y, 0.6, height, colour);
    }

    /// <summary>Draws a QR code as one shape.</summary>
    public void Qr(QrMatrix code, double x, double y, double side)
    {
        var module = side / code.Side;
        var content = Begin();
        _page!.Colour(new Accent(0, 0, 0));
        // In modules: each bar is then three small numbers.
        content.Add("q "u8).Add(Fine(module)).Add(" 0 0 "u8).Add(Fine(-module)).Add(" "u8).Add([x, -y]).Add("cm\n"u8);
        foreach (var (row, column, bar) in code.Bars)
        {
            content.Add(column).Add(" "u8).Add(row).Add(" "u8).Add(bar).Add(" 1 re\n"u8);
        }

        content.Add("f Q\n"u8);
    }

    /// <summary>Draws a picture; drawn again, it is in the file once.</summary>
    public void Picture(PdfPicture picture, double x, double y, double pictureWidth, double height)
    {
        var index = _pictures.IndexOf(picture);
        if (index < 0)
        {
            index = _pictures.Count;
            _pictures.Add(picture);
        }

        var content = Begin();
        _page!.Pictures.Add(index);
        content.Add("q "u8).Add([pictureWidth, 0, 0, height, x, -y - height]).Add("cm /I"u8).Add(index).Add(" Do Q\n"u8);
    }

    /// <summary>Makes a place lead to an address.</summary>
    public void Link(double x, double y, double linkWidth, double height, string address, PdfTag tag) =>
        _page!.Links.Add((x, y, linkWidth, height, address, tag));

    /// <summary>The finished file, with what is attached to it.</summary>
    public byte[] Build(PdfAttachment? attachment = null) =>
        new PdfAssembly(about, _document, _pages, [.. _fonts.Zip(_used)], _pictures, attachment).Build();

    private PdfBytes Begin() => _tag is { } tag ? _page!.In(tag) : _page!.Beside();

    private int IndexOf(FontFile font)
    {
        var index = _fonts.IndexOf(font);
        if (index < 0)
        {
            index = _fonts.Count;
            _fonts.Add(font);
            _used.Add([]);
        }

        return index;
    }

    /// <summary>A module's side decides the whole code's: two decimals are too few.</summary>
    private static string Fine(double number) => number.ToString("0.#####", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A file inside the document, of the same meaning as its pages (ISO 19005-3, 6.8).</summary>
internal sealed record PdfAttachment
{
    /// <summary>factur-x.xml.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in words.</summary>
    public required string Description { get; init; }

    /// <summary>Its bytes.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }
}
