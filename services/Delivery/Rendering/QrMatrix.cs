using System.Globalization;
using System.Text;
using QRCoder;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>A QR code as its dark bars, level M, without the quiet zone: whoever draws it leaves that free.</summary>
public sealed record QrMatrix
{
    /// <summary>Modules per side.</summary>
    public required int Side { get; init; }

    /// <summary>Dark modules, joined along each row.</summary>
    public required IReadOnlyList<Bar> Bars { get; init; }

    /// <summary>Dark modules that lie side by side.</summary>
    public readonly record struct Bar(int Row, int Column, int Width);

    /// <summary>The code of a text.</summary>
    public static QrMatrix Of(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M, forceUtf8: true);
        const int quiet = 4;
        var side = code.ModuleMatrix.Count - 2 * quiet;
        var bars = new List<Bar>();
        for (var row = 0; row < side; row++)
        {
            for (var column = 0; column < side; column++)
            {
                var width = 0;
                while (column + width < side && code.ModuleMatrix[row + quiet][column + width + quiet])
                {
                    width++;
                }

                if (width > 0)
                {
                    bars.Add(new Bar(row, column, width));
                    column += width;
                }
            }
        }

        return new QrMatrix { Side = side, Bars = bars };
    }

    /// <summary>The code as the path of an SVG whose unit is a module.</summary>
    public string ToSvgPath()
    {
        var path = new StringBuilder();
        foreach (var (row, column, width) in Bars)
        {
            path.Append(CultureInfo.InvariantCulture, $"M{column} {row}h{width}v1h-{width}z");
        }

        return path.ToString();
    }
}
