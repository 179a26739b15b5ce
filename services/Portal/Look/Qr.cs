using System.Globalization;
using System.Text;
using QRCoder;

namespace RetailInvoicing.Portal.Look;

/// <summary>A QR code as a picture that stays sharp on screen and on paper, always dark on white, with its quiet zone.</summary>
public static class Qr
{
    /// <summary>Level M, as the agency's and the banks' rules ask for.</summary>
    public static string Svg(string payload)
    {
        using var code = QRCodeGenerator.GenerateQrCode(payload, QRCodeGenerator.ECCLevel.M, forceUtf8: true);
        var rows = code.ModuleMatrix;
        // The matrix carries the quiet zone of four modules that scanners need.
        var size = rows.Count;
        var path = new StringBuilder();
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; )
            {
                var run = 0;
                while (x + run < size && rows[y][x + run])
                {
                    run++;
                }

                if (run > 0)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h{run}v1h-{run}z");
                }

                x += Math.Max(run, 1);
            }
        }

        return $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges"><rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>""";
    }
}
