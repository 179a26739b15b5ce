using System.Buffers.Binary;
using System.IO.Compression;
using System.Xml.Linq;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;

namespace RetailInvoicing.Services.Tests.Invoicing.Records;

/// <summary>The code has the size, the white around it and the error correction that the agency asks for.</summary>
public sealed class QrImageTests
{
    private const string Address =
        "https://prewww2.aeat.es/wlpl/TIKE-CONT/ValidarQR?nif=89890001K&numserie=12345678-G33&fecha=01-09-2024&importe=241.4";

    [Fact]
    public void The_picture_is_30_to_40_mm_wide_with_6_mm_of_white()
    {
        var svg = XDocument.Parse(QrImage.Of(Address).ToSvg()).Root!;

        Assert.Equal(
            ("47mm", "47mm", "0 0 47 47"),
            (svg.Attribute("width")!.Value, svg.Attribute("height")!.Value, svg.Attribute("viewBox")!.Value)
        );
        Assert.StartsWith("translate(6 6)", svg.Elements().Last().Attribute("transform")!.Value, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => QrImage.Of(Address, 29.9m));
        Assert.Throws<ArgumentOutOfRangeException>(() => QrImage.Of(Address, 40.1m));
        Assert.Throws<ArgumentOutOfRangeException>(() => QrImage.Of(Address, 30, 1.9m));
    }

    [Fact]
    public void The_code_says_that_its_error_correction_is_M()
    {
        var code = QrImage.Of(Address);
        // The first two bits of the format, under their mask (ISO/IEC 18004, 7.9): M is 00.
        var bits = (code[8, 0] ? 2 : 0) | (code[8, 1] ? 1 : 0);

        Assert.Equal(0b00, bits ^ 0b10);
    }

    [Theory]
    [InlineData(30, 2, 1)]
    [InlineData(35, 6, 8)]
    [InlineData(40, 6, 5)]
    public void The_PNG_holds_the_same_code_and_says_how_large_it_is(int side, int quiet, int pixels)
    {
        var code = QrImage.Of(Address, side, quiet);
        var png = code.ToPng(pixels);
        var (chunks, width) = (Chunks(png), 0);

        Assert.Equal(["IHDR", "pHYs", "IDAT", "IEND"], chunks.Select(each => each.Name));
        width = BinaryPrimitives.ReadInt32BigEndian(chunks[0].Content);
        var around = (width - code.Modules * pixels) / 2;
        var perMetre = BinaryPrimitives.ReadInt32BigEndian(chunks[1].Content);
        Assert.InRange(code.Modules * pixels * 1000m / perMetre, side - 0.1m, side + 0.1m);
        Assert.True(around * 1000m / perMetre >= quiet - 0.01m);

        using var rows = new ZLibStream(new MemoryStream(chunks[2].Content), CompressionMode.Decompress);
        var row = new byte[1 + (width + 7) / 8];
        for (var y = 0; y < width; y++)
        {
            rows.ReadExactly(row);
            for (var x = 0; x < width; x++)
            {
                var isInside = x >= around && y >= around && x < width - around && y < width - around;
                var isDark = (row[1 + x / 8] & (0x80 >> (x % 8))) == 0;
                Assert.Equal(isInside && code[(y - around) / pixels, (x - around) / pixels], isDark);
            }
        }
    }

    private static List<(string Name, byte[] Content)> Chunks(byte[] png)
    {
        var chunks = new List<(string, byte[])>();
        for (var at = 8; at < png.Length; )
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            chunks.Add((global::System.Text.Encoding.ASCII.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)]));
            at += 12 + length;
        }

        return chunks;
    }
}
