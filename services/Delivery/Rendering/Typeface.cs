using System.Text;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.TrueType;
using UglyToad.PdfPig.Fonts.TrueType.Parser;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>A face that every PDF embeds: what it can write, and how wide that is.</summary>
public sealed class Typeface
{
    private const char Unknown = '\ufffd';

    // These seven the library cannot embed from this face (it loses count of their parts); Ukrainian names are full of them.
    private static readonly Dictionary<char, char> Lookalikes = new()
    {
        ['\u0406'] = 'I',
        ['\u0407'] = 'Ï',
        ['\u03aa'] = 'Ï',
        ['\u04c0'] = 'I',
        ['\u04cf'] = 'I',
        ['\u1ec8'] = 'I',
        ['\u1eca'] = 'I',
    };

    private readonly float[] _widths = new float[char.MaxValue + 1];

    private Typeface(string file)
    {
        using var stream = typeof(Typeface).Assembly.GetManifestResourceStream($"RetailInvoicing.Delivery.Rendering.fonts.{file}")!;
        File = new byte[stream.Length];
        stream.ReadExactly(File);
        var font = TrueTypeFontParser.Parse(new TrueTypeDataBytes(new MemoryInputBytes(File)));
        float units = font.GetUnitsPerEm();
        for (var character = 0; character <= char.MaxValue; character++)
        {
            var glyph = font.WindowsUnicodeCMap!.CharacterCodeToGlyphIndex(character);
            _widths[character] =
                glyph == 0 || Lookalikes.ContainsKey((char)character)
                    ? -1
                    : font.TableRegister.HorizontalMetricsTable!.GetAdvanceWidth(glyph) / units;
        }
    }

    /// <summary>Text.</summary>
    public static readonly Typeface Regular = new("OpenSans-Regular.ttf");

    /// <summary>Headings and totals.</summary>
    public static readonly Typeface Semibold = new("OpenSans-Semibold.ttf");

    /// <summary>The font file.</summary>
    public byte[] File { get; }

    /// <summary>The text with what the face cannot write replaced, so that no name a customer has stops an invoice.</summary>
    public string Writable(string text)
    {
        // Nearly every text is plain; only the others are composed and searched.
        if (text.All(character => !char.IsControl(character) && !char.IsSurrogate(character) && _widths[character] >= 0))
        {
            return text;
        }

        var composed = Composed(text);

        var written = new StringBuilder(composed.Length);
        foreach (var rune in composed.EnumerateRunes())
        {
            written.Append(
                Rune.IsControl(rune) ? ' '
                : rune.IsBmp && Lookalikes.TryGetValue((char)rune.Value, out var alike) ? alike
                : rune.IsBmp && _widths[rune.Value] >= 0 ? (char)rune.Value
                : Unknown
            );
        }

        return written.ToString();
    }

    /// <summary>How wide writable text is at a size.</summary>
    public double Width(ReadOnlySpan<char> text, double size)
    {
        var width = 0f;
        foreach (var character in text)
        {
            width += _widths[character];
        }

        return width * size;
    }

    /// <summary>The text in lines no wider than that, words broken where one alone is wider; cut with an ellipsis after so many lines.</summary>
    public IReadOnlyList<string> Wrap(string text, double size, double width, int most = int.MaxValue)
    {
        var lines = new List<string>();
        var rest = Writable(text).Trim();
        while (rest.Length > 0)
        {
            var fits = Fitting(rest, size, width);
            if (fits < rest.Length && lines.Count == most - 1)
            {
                lines.Add(rest[..Math.Max(1, Fitting(rest, size, width - Width("…", size)))].TrimEnd() + "…");
                return lines;
            }

            lines.Add(rest[..fits].TrimEnd());
            rest = rest[fits..].TrimStart();
        }

        return lines;
    }

    /// <summary>How many characters fit, up to the last break between words where there is one.</summary>
    private int Fitting(string text, double size, double width)
    {
        var used = 0.0;
        var space = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ' ')
            {
                space = i;
            }

            used += _widths[text[i]] * size;
            if (used > width && text[i] != ' ')
            {
                return space > 0 ? space : Math.Max(1, i);
            }
        }

        return text.Length;
    }

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
