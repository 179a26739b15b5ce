using System.Globalization;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>A seller's colour, darkened until it can be read on paper (4.5:1).</summary>
public readonly record struct Accent(byte Red, byte Green, byte Blue)
{
    private const double Readable = 4.5;

    /// <summary>What sellers without a colour get: ink.</summary>
    public static readonly Accent Ink = new(0x1b, 0x1f, 0x24);

    /// <summary>As HTML writes it.</summary>
    public string Hex => string.Create(CultureInfo.InvariantCulture, $"#{Red:x2}{Green:x2}{Blue:x2}");

    /// <summary>The accent of a colour such as #3366cc; ink where it is none.</summary>
    public static Accent Of(string? colour)
    {
        if (
            colour is not { Length: 7 }
            || colour[0] != '#'
            || !int.TryParse(colour.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb)
        )
        {
            return Ink;
        }

        var accent = new Accent((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
        while (1.05 / (accent.Luminance + 0.05) < Readable)
        {
            accent = new Accent(Darker(accent.Red), Darker(accent.Green), Darker(accent.Blue));
        }

        return accent;
    }

    /// <summary>Relative luminance (WCAG 2).</summary>
    private double Luminance => 0.2126 * Linear(Red) + 0.7152 * Linear(Green) + 0.0722 * Linear(Blue);

    private static double Linear(byte channel)
    {
        var share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }

    private static byte Darker(byte channel) => (byte)(channel * 95 / 100);
}
