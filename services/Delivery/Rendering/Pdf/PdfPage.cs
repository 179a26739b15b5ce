using System.Globalization;

namespace RetailInvoicing.Delivery.Rendering.Pdf;

/// <summary>A page while it is written: its marks, and what the last thing on it left behind, so that it is not said again.</summary>
internal sealed class PdfPage(int number, double width)
{
    private static readonly string[] Shares =
    [
        .. Enumerable
            .Range(0, 256)
            .Select(static channel => Math.Round(channel / 255.0, 4).ToString("0.####", CultureInfo.InvariantCulture)),
    ];

    private readonly PdfBytes _content = new();
    private Accent? _colour;
    private (int Font, double Size)? _font;
    private PdfTag? _open;
    private bool _isBeside;

    /// <summary>Its place in the document, from 1.</summary>
    public int Number { get; } = number;

    /// <summary>Points from left to right.</summary>
    public double Width { get; } = width;

    /// <summary>The tags of its marks, in order.</summary>
    public List<PdfTag> Marks { get; } = [];

    /// <summary>Fonts used on it.</summary>
    public SortedSet<int> Fonts { get; } = [];

    /// <summary>Pictures drawn on it.</summary>
    public SortedSet<int> Pictures { get; } = [];

    /// <summary>Places that lead elsewhere.</summary>
    public List<(double X, double Y, double Width, double Height, string Address, PdfTag Tag)> Links { get; } = [];

    /// <summary>What follows is a part of the tag.</summary>
    public PdfBytes In(PdfTag tag)
    {
        if (_open == tag)
        {
            return _content;
        }

        Close();
        _open = tag;
        tag.Stands(Number, Marks.Count);
        _content.Add("/"u8).Add(tag.Role).Add("<</MCID "u8).Add(Marks.Count).Add(">>BDC\n"u8);
        Marks.Add(tag);
        return _content;
    }

    /// <summary>What follows is for the eye alone.</summary>
    public PdfBytes Beside()
    {
        if (!_isBeside)
        {
            Close();
            _isBeside = true;
            _content.Add("/Artifact BMC\n"u8);
        }

        return _content;
    }

    /// <summary>Colours what follows.</summary>
    public void Colour(Accent colour)
    {
        if (_colour != colour)
        {
            _colour = colour;
            _content.Add(Shares[colour.Red]).Add(" "u8).Add(Shares[colour.Green]).Add(" "u8).Add(Shares[colour.Blue]).Add(" rg\n"u8);
        }
    }

    /// <summary>Sets what follows in a font.</summary>
    public void Font(int font, double size)
    {
        if (_font != (font, size))
        {
            _font = (font, size);
            Fonts.Add(font);
            _content.Add("/F"u8).Add(font).Add(" "u8).Add(size).Add(" Tf\n"u8);
        }
    }

    /// <summary>The page's content, everything closed, measured from its top left.</summary>
    public ReadOnlySpan<byte> Finished()
    {
        Close();
        return _content.Written.Span;
    }

    private void Close()
    {
        if (_open is not null || _isBeside)
        {
            _content.Add("EMC\n"u8);
        }

        (_open, _isBeside) = (null, false);
    }
}
