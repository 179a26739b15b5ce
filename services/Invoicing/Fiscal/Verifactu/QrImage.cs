using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using QRCoder;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>
/// The QR code of an invoice as a picture of its true size: ISO/IEC 18004, error correction M, 30 to 40 mm, at least 2 mm and better 6 mm
/// of white around it (Orden HAC/1177/2024, 21; AEAT QR v0.4.7, 3). What stands above and below it is in <see cref="Above" /> and
/// <see cref="Below" />.
/// </summary>
public sealed class QrImage
{
    /// <summary>The text over the code.</summary>
    public const string Above = "QR tributario:";

    /// <summary>The text under the code of an invoice under VERI*FACTU.</summary>
    public const string Below = "Factura verificable en la sede electrónica de la AEAT";

    private const int QuietModules = 4;

    private readonly bool[,] _dark;
    private readonly decimal _side;
    private readonly decimal _quiet;

    private QrImage(bool[,] dark, decimal side, decimal quiet) => (_dark, _side, _quiet) = (dark, side, quiet);

    /// <summary>Modules per side.</summary>
    public int Modules => _dark.GetLength(0);

    /// <summary>Whether a module is dark.</summary>
    public bool this[int row, int column] => _dark[row, column];

    /// <summary>The code of an address, so many millimetres wide, with so many around it.</summary>
    public static QrImage Of(string address, decimal side = 35, decimal quiet = 6)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 30);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(side, 40);
        ArgumentOutOfRangeException.ThrowIfLessThan(quiet, 2);
        using var code = QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.M);
        var modules = code.ModuleMatrix.Count - 2 * QuietModules;
        var dark = new bool[modules, modules];
        for (var row = 0; row < modules; row++)
        {
            for (var column = 0; column < modules; column++)
            {
                dark[row, column] = code.ModuleMatrix[row + QuietModules][column + QuietModules];
            }
        }

        return new QrImage(dark, side, quiet);
    }

    /// <summary>As SVG, in millimetres.</summary>
    public string ToSvg()
    {
        var path = new StringBuilder();
        for (var row = 0; row < Modules; row++)
        {
            for (var column = 0; column < Modules; column++)
            {
                var width = 0;
                while (column + width < Modules && _dark[row, column + width])
                {
                    width++;
                }

                if (width > 0)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{column} {row}h{width}v1h-{width}z");
                    column += width;
                }
            }
        }

        var (whole, module) = (_side + 2 * _quiet, _side / Modules);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" width="{whole:0.###}mm" height="{whole:0.###}mm" viewBox="0 0 {whole:0.###} {whole:0.###}" shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#fff"/><path transform="translate({_quiet:0.###} {_quiet:0.###}) scale({module:0.######})" d="{path}" fill="#000"/></svg>"""
        );
    }

    /// <summary>As PNG of black and white, with so many pixels to a module; it says how large it is to be printed.</summary>
    public byte[] ToPng(int pixels = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pixels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pixels, 64);
        var inner = Modules * pixels;
        // Rounded up, so that the white is never less than asked for.
        var around = (int)decimal.Ceiling(inner * _quiet / _side);
        var whole = inner + 2 * around;
        var row = new byte[1 + (whole + 7) / 8];
        using var packed = new MemoryStream();
        using (var pack = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var y = 0; y < whole; y++)
            {
                Array.Fill(row, (byte)0xFF, 1, row.Length - 1);
                for (var x = 0; x < inner && y >= around && y < around + inner; x++)
                {
                    if (_dark[(y - around) / pixels, x / pixels])
                    {
                        row[1 + (around + x) / 8] &= (byte)~(0x80 >> ((around + x) % 8));
                    }
                }

                pack.Write(row);
            }
        }

        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        // One bit of grey to a pixel.
        Chunk(png, "IHDR"u8, [.. Number(whole), .. Number(whole), 1, 0, 0, 0, 0]);
        var perMetre = (int)decimal.Round(inner / _side * 1000, 0, MidpointRounding.AwayFromZero);
        Chunk(png, "pHYs"u8, [.. Number(perMetre), .. Number(perMetre), 1]);
        Chunk(png, "IDAT"u8, packed.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> name, byte[] content)
    {
        byte[] named = [.. name, .. content];
        png.Write(Number(content.Length));
        png.Write(named);
        png.Write(Number((int)Crc32.Of(named)));
    }

    private static byte[] Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
