using System.Globalization;

namespace RetailInvoicing.Portal.Look;

/// <summary>A seller's colour, moved towards dark or light until words in it can be read (4.5:1) on paper and on ink.</summary>
public sealed record Accent
{
    private const double Readable = 4.5;
    private static readonly (int R, int G, int B) Paper = (0xff, 0xff, 0xff);
    private static readonly (int R, int G, int B) Ink = (0x1b, 0x1f, 0x24);

    /// <summary>The colour as the seller gave it, six hexadecimal digits; names the style sheet.</summary>
    public required string Given { get; init; }

    /// <summary>As used on paper, #rrggbb.</summary>
    public required string OnPaper { get; init; }

    /// <summary>As used on ink, #rrggbb.</summary>
    public required string OnInk { get; init; }

    /// <summary>Reads #rrggbb; null where it is no colour, and the page then keeps its own.</summary>
    public static Accent? Of(string? colour)
    {
        var hex = colour is ['#', ..] ? colour[1..] : colour;
        if (
            hex is not { Length: 6 }
            || !hex.All(char.IsAsciiHexDigit)
            || !int.TryParse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var rgb)
        )
        {
            return null;
        }

        var given = (R: (rgb >> 16) & 0xff, G: (rgb >> 8) & 0xff, B: rgb & 0xff);
        return new Accent
        {
            Given = hex.ToLowerInvariant(),
            OnPaper = Hex(Towards(given, (0, 0, 0), Paper)),
            OnInk = Hex(Towards(given, (0xff, 0xff, 0xff), Ink)),
        };
    }

    /// <summary>The tokens that the style sheet leaves open.</summary>
    public string Css() =>
        $$"""
            :root { --accent: {{OnPaper}}; }
            @media (prefers-color-scheme: dark) { :root { --accent: {{OnInk}}; } }
            @media print { :root { --accent: {{OnPaper}}; } }
            """;

    /// <summary>How well two colours tell apart (WCAG 2.2): 1 not at all, 21 black on white.</summary>
    public static double Contrast((int R, int G, int B) one, (int R, int G, int B) other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static (int R, int G, int B) Towards((int R, int G, int B) colour, (int R, int G, int B) end, (int R, int G, int B) ground)
    {
        for (var step = 0; step <= 100; step++)
        {
            var mixed = (Mix(colour.R, end.R, step), Mix(colour.G, end.G, step), Mix(colour.B, end.B, step));
            if (Contrast(mixed, ground) >= Readable)
            {
                return mixed;
            }
        }

        return end;
    }

    private static int Mix(int from, int to, int percent) => from + ((to - from) * percent / 100);

    private static double Luminance((int R, int G, int B) colour) =>
        (0.2126 * Linear(colour.R)) + (0.7152 * Linear(colour.G)) + (0.0722 * Linear(colour.B));

    private static double Linear(int channel)
    {
        var share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }

    private static string Hex((int R, int G, int B) colour) => $"#{colour.R:x2}{colour.G:x2}{colour.B:x2}";
}
