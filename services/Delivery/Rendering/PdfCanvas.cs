using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Graphics.Operations;
using UglyToad.PdfPig.Graphics.Operations.PathConstruction;
using UglyToad.PdfPig.Graphics.Operations.PathPainting;
using UglyToad.PdfPig.Graphics.Operations.TextObjects;
using UglyToad.PdfPig.Graphics.Operations.TextPositioning;
using UglyToad.PdfPig.Graphics.Operations.TextShowing;
using UglyToad.PdfPig.Graphics.Operations.TextState;
using UglyToad.PdfPig.Tokens;
using UglyToad.PdfPig.Writer;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>Pages of a PDF/A-3 on which text, bars and QR codes are put, measured in points from the top left.</summary>
internal sealed class PdfCanvas
{
    /// <summary>Width of A4.</summary>
    public const double Width = 595;

    /// <summary>Height of A4.</summary>
    public const double Height = 842;

    private readonly PdfDocumentBuilder _builder = new();
    private readonly List<PdfPageBuilder> _pages = [];
    private readonly Dictionary<Typeface, List<Subset>> _subsets = [];
    private PdfPageBuilder _page;

    public PdfCanvas(string title, string author, string subject)
    {
        _builder.ArchiveStandard = PdfAStandard.A3B;
        _builder.DocumentInformation.Title = title;
        _builder.DocumentInformation.Author = author;
        _builder.DocumentInformation.Subject = subject;
        _builder.DocumentInformation.Producer = "RetailInvoicing";
        _page = NewPage();
    }

    /// <summary>Pages so far.</summary>
    public int Pages => _pages.Count;

    /// <summary>Goes on on a new page.</summary>
    public PdfPageBuilder NewPage()
    {
        _page = _builder.AddPage(PageSize.A4);
        _pages.Add(_page);
        return _page;
    }

    /// <summary>Goes back to a page, for what can be said only at the end.</summary>
    public void GoTo(int page) => _page = _pages[page - 1];

    /// <summary>Writes one line of writable text with its left end there; right-aligned where width is given negative.</summary>
    public void Text(string text, double x, double baseline, double size, Typeface face, Accent colour)
    {
        var operations = _page.CurrentStream.Operations;
        operations.Add(new SetNonStrokeColorDeviceRgb(Share(colour.Red), Share(colour.Green), Share(colour.Blue)));
        operations.Add(BeginText.Value);
        var first = true;
        foreach (var (subset, bytes) in Runs(text, face))
        {
            operations.Add(new SetFontAndSize(subset.NameOn(_page), size));
            if (first)
            {
                operations.Add(new MoveToNextLineWithOffset(x, Height - baseline));
                first = false;
            }

            operations.Add(new ShowText(bytes));
        }

        operations.Add(EndText.Value);
    }

    /// <summary>Writes one line of writable text with its right end there.</summary>
    public void TextRight(string text, double right, double baseline, double size, Typeface face, Accent colour) =>
        Text(text, right - face.Width(text, size), baseline, size, face, colour);

    /// <summary>Writes one line of writable text around there.</summary>
    public void TextCentred(string text, double centre, double baseline, double size, Typeface face, Accent colour) =>
        Text(text, centre - face.Width(text, size) / 2, baseline, size, face, colour);

    /// <summary>Fills a bar.</summary>
    public void Bar(double x, double y, double width, double height, Accent colour)
    {
        var operations = _page.CurrentStream.Operations;
        operations.Add(new SetNonStrokeColorDeviceRgb(Share(colour.Red), Share(colour.Green), Share(colour.Blue)));
        operations.Add(new AppendRectangle(x, Height - y - height, width, height));
        operations.Add(FillPathNonZeroWinding.Value);
    }

    /// <summary>Outlines a box with hairlines.</summary>
    public void Box(double x, double y, double width, double height, Accent colour)
    {
        Bar(x, y, width, 0.6, colour);
        Bar(x, y + height - 0.6, width, 0.6, colour);
        Bar(x, y, 0.6, height, colour);
        Bar(x + width - 0.6, y, 0.6, height, colour);
    }

    /// <summary>Draws a QR code as one shape.</summary>
    public void Qr(string text, double x, double y, double side)
    {
        var code = QrMatrix.Of(text);
        var module = side / code.Side;
        var operations = _page.CurrentStream.Operations;
        operations.Add(new SetNonStrokeColorDeviceRgb(0, 0, 0));
        foreach (var (row, column, width) in code.Bars)
        {
            operations.Add(new AppendRectangle(x + column * module, Height - y - (row + 1) * module, width * module, module));
        }

        operations.Add(FillPathNonZeroWinding.Value);
    }

    /// <summary>The finished file.</summary>
    public byte[] Build() => _builder.Build();

    private static double Share(byte channel) => Math.Round(channel / 255.0, 4, MidpointRounding.AwayFromZero);

    /// <summary>The text in bytes of the subsets that hold its characters; a subset holds 254, so a rare text needs two.</summary>
    private IEnumerable<(Subset Subset, byte[] Bytes)> Runs(string text, Typeface face)
    {
        if (!_subsets.TryGetValue(face, out var subsets))
        {
            _subsets[face] = subsets = [new Subset(_builder.AddTrueTypeFont(face.File))];
        }

        Subset? current = null;
        var bytes = new List<byte>(text.Length);
        foreach (var character in text)
        {
            var holder = subsets.Find(subset => subset.Holds(character));
            if (holder is null)
            {
                if (subsets[^1].IsFull)
                {
                    subsets.Add(new Subset(_builder.AddTrueTypeFont(face.File)));
                }

                holder = subsets[^1];
            }

            if (current is not null && holder != current)
            {
                yield return (current, bytes.ToArray());
                bytes.Clear();
            }

            current = holder;
            bytes.Add(holder.ByteOf(character, _page));
        }

        if (current is not null)
        {
            yield return (current, bytes.ToArray());
        }
    }

    /// <summary>
    /// A font as embedded, with the bytes its characters have. The library's AddText traces each letter's outline to measure it, which
    /// takes nearly all of a page's time; so it is asked once per character and page, and its operations are taken back.
    /// </summary>
    private sealed class Subset(PdfDocumentBuilder.AddedFont font)
    {
        private readonly Dictionary<char, byte> _bytes = [];
        private readonly Dictionary<PdfPageBuilder, NameToken> _names = [];

        public bool IsFull => _bytes.Count >= 254;

        public bool Holds(char character) => _bytes.ContainsKey(character);

        public byte ByteOf(char character, PdfPageBuilder page)
        {
            if (!_bytes.TryGetValue(character, out var value))
            {
                _bytes[character] = value = Ask(character, page);
            }

            return value;
        }

        public NameToken NameOn(PdfPageBuilder page)
        {
            if (!_names.ContainsKey(page))
            {
                Ask(_bytes.Keys.First(), page);
            }

            return _names[page];
        }

        private byte Ask(char character, PdfPageBuilder page)
        {
            var operations = page.CurrentStream.Operations;
            var before = operations.Count;
            page.AddText(character.ToString(), 1, new PdfPoint(0, 0), font);
            var asked = operations.GetRange(before, operations.Count - before);
            operations.RemoveRange(before, asked.Count);
            _names[page] = asked.OfType<SetFontAndSize>().Single().Font;
            // A space is shown apart, after an empty word.
            return asked.OfType<ShowText>().Single(shown => shown.Bytes.Length == 1).Bytes.Span[0];
        }
    }
}
