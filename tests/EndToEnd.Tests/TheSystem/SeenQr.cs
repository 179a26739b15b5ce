using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using ZXing;
using ZXing.Common;
using ZXing.Multi.QrCode;

namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>Reads QR codes from what is seen, on the screen or on paper, as a telephone would.</summary>
internal static class SeenQr
{
    /// <summary>What the codes of a browser's screenshot say.</summary>
    public static IReadOnlyList<string> OnScreen(byte[] png)
    {
        var (width, height, channels) = (0, 0, 0);
        using var packed = new MemoryStream();
        for (var at = 8; at < png.Length; )
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            var content = png.AsSpan(at + 8, length);
            switch (System.Text.Encoding.ASCII.GetString(png, at + 4, 4))
            {
                case "IHDR":
                    (width, height) = (BinaryPrimitives.ReadInt32BigEndian(content), BinaryPrimitives.ReadInt32BigEndian(content[4..]));
                    // Chromium writes 8 bits a colour, with or without transparency, line after line.
                    Assert.Equal((8, 0), (content[8], content[12]));
                    channels =
                        content[9] == 2 ? 3
                        : content[9] == 6 ? 4
                        : throw new InvalidDataException($"colours of kind {content[9]}");
                    break;
                case "IDAT":
                    packed.Write(content);
                    break;
            }

            at += 12 + length;
        }

        packed.Position = 0;
        using var rows = new ZLibStream(packed, CompressionMode.Decompress);
        var grays = new byte[width * height];
        var (row, above) = (new byte[width * channels], new byte[width * channels]);
        for (var y = 0; y < height; y++)
        {
            var filter = rows.ReadByte();
            rows.ReadExactly(row);
            Unfilter(filter, row, above, channels);
            for (var x = 0; x < width; x++)
            {
                var colour = row.AsSpan(x * channels, 3);
                grays[y * width + x] = (byte)((colour[0] * 299 + colour[1] * 587 + colour[2] * 114) / 1000);
            }

            (row, above) = (above, row);
        }

        return Read(grays, width, height);
    }

    /// <summary>What the codes of a PDF's first page say, drawn by Poppler.</summary>
    public static async Task<IReadOnlyList<string>> OnPaperAsync(byte[] pdf)
    {
        var folder = Directory.CreateTempSubdirectory("retail-qr-");
        try
        {
            var file = Path.Combine(folder.FullName, "invoice.pdf");
            await File.WriteAllBytesAsync(file, pdf, TestContext.Current.CancellationToken);
            string[] arguments = ["-gray", "-r", "200", "-f", "1", "-l", "1", "-singlefile", file, Path.Combine(folder.FullName, "page")];
            using var process = Process.Start("pdftoppm", arguments);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
            var picture = await File.ReadAllBytesAsync(Path.Combine(folder.FullName, "page.pgm"), TestContext.Current.CancellationToken);
            var (words, at) = (new List<string>(), 0);
            while (words.Count < 4)
            {
                var end = Array.FindIndex(picture, at, static each => each <= ' ');
                words.Add(System.Text.Encoding.ASCII.GetString(picture, at, end - at));
                at = end + 1;
            }

            Assert.Equal(("P5", "255"), (words[0], words[3]));
            return Read(
                picture[at..],
                int.Parse(words[1], CultureInfo.InvariantCulture),
                int.Parse(words[2], CultureInfo.InvariantCulture)
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string[] Read(byte[] grays, int width, int height)
    {
        var picture = new RGBLuminanceSource(grays, width, height, RGBLuminanceSource.BitmapFormat.Gray8);
        var hints = new Dictionary<DecodeHintType, object> { [DecodeHintType.TRY_HARDER] = true };
        return
        [
            .. new QRCodeMultiReader().decodeMultiple(new BinaryBitmap(new HybridBinarizer(picture)), hints)?.Select(each => each.Text)
                ?? [],
        ];
    }

    /// <summary>A row as it was before PNG wrote it by its neighbours.</summary>
    private static void Unfilter(int filter, byte[] row, byte[] above, int step)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var (left, up, corner) = (i < step ? 0 : row[i - step], (int)above[i], i < step ? 0 : above[i - step]);
            row[i] += (byte)(
                filter switch
                {
                    0 => 0,
                    1 => left,
                    2 => up,
                    3 => (left + up) / 2,
                    4 => Paeth(left, up, corner),
                    _ => throw new InvalidDataException($"a row of kind {filter}"),
                }
            );
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        var (toLeft, toUp, toCorner) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - 2 * corner));
        return toLeft <= toUp && toLeft <= toCorner ? left
            : toUp <= toCorner ? up
            : corner;
    }
}
