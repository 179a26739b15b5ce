using System.Text;
using RetailInvoicing.Delivery.Rendering.Pdf;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>
/// A face that PDFs are set in: what it can write, and how wide that is. What it has no letters for is written in another that has, so
/// that a name is read as it is spelt.
/// </summary>
public sealed class Typeface
{
    private const char Unknown = '\ufffd';

    private readonly FontFile[] _fonts;
    private readonly float[] _widths = new float[char.MaxValue + 1];
    private readonly byte[] _holders = new byte[char.MaxValue + 1];

    private Typeface(params string[] fonts)
    {
        _fonts = [.. fonts.Select(FontFiles.Of)];
        for (var character = 0; character <= char.MaxValue; character++)
        {
            var holder = HolderOf(character);
            _holders[character] = (byte)(holder < 0 ? 0 : holder);
            _widths[character] = holder < 0 ? -1 : WidthIn(holder, character);
        }
    }

    /// <summary>Text.</summary>
    public static readonly Typeface Regular = new("OpenSans-Regular", "DejaVuSans");

    /// <summary>Headings and totals.</summary>
    public static readonly Typeface Semibold = new("OpenSans-Semibold", "DejaVuSans");

    /// <summary>The fonts in the order in which they are asked.</summary>
    internal IReadOnlyList<FontFile> Fonts => _fonts;

    /// <summary>
    /// The text as it can be set: letters and their accents joined, Arabic letters in their forms, what no font can write replaced, so
    /// that no name a customer has stops an invoice.
    /// </summary>
    public string Writable(string text)
    {
        // Nearly every text is plain; only the others are composed and searched.
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 || text.All(each => IsPlain(each) && _widths[each] >= 0))
        {
            return text;
        }

        var written = new StringBuilder(text.Length);
        foreach (var rune in Scripts.Shaped(Composed(text)).EnumerateRunes())
        {
            if (IsUnseen(rune))
            {
                continue;
            }

            written.Append(
                Rune.IsControl(rune) ? " "
                : HolderOf(rune.Value) >= 0 ? rune.ToString()
                : Unknown.ToString()
            );
        }

        return written.ToString();
    }

    /// <summary>How wide writable text is at a size.</summary>
    public double Width(ReadOnlySpan<char> text, double size)
    {
        var width = 0f;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length)
            {
                var rare = char.ConvertToUtf32(text[i], text[++i]);
                width += WidthIn(HolderOf(rare), rare);
            }
            else
            {
                width += _widths[text[i]];
            }
        }

        return width * size;
    }

    /// <summary>The text in lines no wider than that, words broken where one alone is wider; cut with an ellipsis after so many lines.</summary>
    public IReadOnlyList<string> Wrap(string text, double size, double width, int most = int.MaxValue)
    {
        var rest = Writable(text).Trim();
        if (rest.Length > 0 && Width(rest, size) <= width)
        {
            return [rest];
        }

        var lines = new List<string>();
        while (rest.Length > 0)
        {
            var fits = Fitting(rest, size, width);
            if (fits < rest.Length && lines.Count == most - 1)
            {
                lines.Add(rest[..Fitting(rest, size, width - Width("…", size))].TrimEnd() + "…");
                return lines;
            }

            lines.Add(rest[..fits].TrimEnd());
            rest = rest[fits..].TrimStart();
        }

        return lines;
    }

    /// <summary>A line's glyphs in the order in which they are seen, each with its font and the text that it stands for.</summary>
    internal IEnumerable<(FontFile Font, ushort Glyph, Rune Character)> Glyphs(string line)
    {
        foreach (var rune in Scripts.Seen(line).EnumerateRunes())
        {
            var font = _fonts[rune.IsBmp ? _holders[rune.Value] : Math.Max(0, HolderOf(rune.Value))];
            yield return (font, font.GlyphOf(rune.Value), rune);
        }
    }

    /// <summary>
    /// How many characters fit, up to the last break between words where there is one, in one long word up to its last hyphen or slash;
    /// one at least.
    /// </summary>
    private int Fitting(string text, double size, double width)
    {
        var used = 0.0;
        var space = 0;
        var hyphen = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length;
            if (text[i] == ' ')
            {
                space = i;
            }

            used += Width(text.AsSpan(i, isPair ? 2 : 1), size);
            if (used > width && text[i] != ' ')
            {
                return space > 0 ? space
                    : hyphen > 0 ? hyphen
                    : i > 0 ? i
                    : isPair ? 2
                    : 1;
            }

            if (text[i] is '-' or '/')
            {
                hyphen = i + 1;
            }

            i += isPair ? 1 : 0;
        }

        return text.Length;
    }

    private int HolderOf(int character) => Array.FindIndex(_fonts, font => font.GlyphOf(character) != 0);

    private float WidthIn(int holder, int character)
    {
        var font = _fonts[holder];
        return font.AdvanceOf(font.GlyphOf(character)) / (float)font.UnitsPerEm;
    }

    private static bool IsPlain(char each) => each is >= ' ' and < '\u0300' and not (>= '\u007f' and < '\u00a0');

    /// <summary>What tells a renderer how to draw its neighbours: variants, joiners, directions, tones of skin.</summary>
    private static bool IsUnseen(Rune rune) =>
        rune.Value
            is (>= 0x200b and <= 0x200f)
                or (>= 0x202a and <= 0x202e)
                or (>= 0x2060 and <= 0x2069)
                or (>= 0xfe00 and <= 0xfe0f)
                or 0xfeff
                or (>= 0x1f3fb and <= 0x1f3ff);

    private static string Composed(string text)
    {
        // Half a surrogate pair cannot be normalised; it is replaced anyway.
        var sound = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            sound.Append(rune.ToString());
        }

        return sound.ToString().Normalize(NormalizationForm.FormC);
    }
}
