using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Rendering;
using UglyToad.PdfPig;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>Logos are looked at before anything draws them, and leave the invoice inside a document as it is.</summary>
public sealed class PictureTests
{
    private static readonly SellerId Seller = SellerId.Of("nandu");
    private static readonly byte[] Cii = Encoding.UTF8.GetBytes("<rsm:CrossIndustryInvoice>ñ</rsm:CrossIndustryInvoice>");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_is_written_as_PNG_is_read_as_it_was(int channels)
    {
        const int width = 37;
        const int height = 11;
        var pixels = new byte[width * height * channels];
        new Random(channels).NextBytes(pixels);

        var dots = PngFile.Read(Png.Of(width, height, channels, pixels), out var fault);

        Assert.Null(fault);
        Assert.Equal((width, height), (dots!.Width, dots.Height));
        for (var i = 0; i < width * height; i++)
        {
            var given = pixels.AsSpan(i * channels, channels);
            byte[] expected = channels switch
            {
                1 => [given[0], given[0], given[0], 255],
                2 => [given[0], given[0], given[0], given[1]],
                3 => [given[0], given[1], given[2], 255],
                _ => given.ToArray(),
            };
            Assert.Equal(expected, dots.Colours[(4 * i)..(4 * i + 4)]);
        }
    }

    [Fact]
    public void Pictures_of_a_palette_and_of_one_bit_are_read()
    {
        // Two dots a byte: red, green, blue (half covering), red.
        var palette = PngOf(4, 1, 4, 3, [0, 0b0000_0001, 0b0010_0000], plte: [255, 0, 0, 0, 255, 0, 0, 0, 255], trns: [255, 255, 128]);
        var dots = PngFile.Read(palette, out _)!;
        byte[] expected = [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 128, 255, 0, 0, 255];
        Assert.Equal(expected, dots.Colours);

        var code = QrMatrix.Of("https://example.com");
        var qr = PngFile.Read(Png.Of(code, 3, 4), out _)!;
        Assert.Equal((code.Side + 8) * 3, qr.Width);
        for (var row = 0; row < code.Side; row++)
        {
            for (var column = 0; column < code.Side; column++)
            {
                var isDark = code.Bars.Any(bar => bar.Row == row && column >= bar.Column && column < bar.Column + bar.Width);
                var at = 4 * (((row + 4) * 3 + 1) * qr.Width + (column + 4) * 3 + 1);
                Assert.Equal(isDark ? 0 : 255, qr.Colours[at]);
            }
        }
    }

    [Fact]
    public void A_large_picture_is_made_as_small_as_it_is_shown_and_nothing_else_of_the_file_goes_on()
    {
        var pixels = new byte[1600 * 800 * 3];
        Array.Fill(pixels, (byte)200);
        var picture = Picture.Read(Png.Of(1600, 800, 3, pixels), out var fault)!;
        Assert.Null(fault);
        Assert.Equal((400, 200), (picture.Width, picture.Height));
        Assert.True(picture.Content.Length < 5_000, $"{picture.Content.Length} bytes");
        Assert.StartsWith("data:image/png;base64,iVBOR", picture.ToDataUri(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bomb_is_refused_by_its_header_before_anything_is_unpacked()
    {
        Assert.Equal(PictureFault.TooManyDots, FaultOf(PngOf(50_000, 50_000, 8, 2, new byte[100])));
        Assert.Equal(PictureFault.TooManyDots, FaultOf(PngOf(4_000, 1_001, 8, 2, new byte[100])));
        Assert.Equal(PictureFault.TooManyDots, FaultOf(Jpeg(9_000, 9_000)));
        // Fifty megabytes of nothing, packed into fifty kilobytes, of which the header wants a hundred: no more is unpacked.
        var bomb = PngOf(10, 10, 8, 0, new byte[50_000_000]);
        Assert.InRange(bomb.Length, 1_000, Picture.MostBytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(FaultOf(bomb));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
        Assert.Equal(PictureFault.TooManyBytes, FaultOf(new byte[Picture.MostBytes + 1]));
    }

    [Fact]
    public void What_is_cut_broken_or_of_another_kind_is_refused()
    {
        var png = Png.Of(40, 40, 3, new byte[4800]);
        for (var length = 0; length < png.Length; length++)
        {
            Assert.NotNull(FaultOf(png[..length]));
        }

        for (var at = 8; at < png.Length; at++)
        {
            var broken = (byte[])png.Clone();
            broken[at] ^= 0x55;
            Assert.NotNull(FaultOf(broken));
        }

        var jpeg = Jpeg(40, 30);
        Assert.Null(FaultOf(jpeg));
        for (var length = 0; length < jpeg.Length; length++)
        {
            Assert.NotNull(FaultOf(jpeg[..length]));
        }

        Assert.Equal(PictureFault.Broken, FaultOf(PngOf(0, 10, 8, 2, [])));
        Assert.Equal(PictureFault.Broken, FaultOf(PngOf(10, 10, 3, 2, [])));
        Assert.Equal(PictureFault.Broken, FaultOf(PngOf(10, 10, 8, 2, new byte[20])));
        Assert.Equal(PictureFault.NotRead, FaultOf(PngOf(10, 10, 8, 2, new byte[310], interlaced: true)));
        Assert.Equal(PictureFault.NotRead, FaultOf(Jpeg(40, 30, components: 4)));
        Assert.Equal(PictureFault.NotAPicture, FaultOf("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray()));
        Assert.Equal(PictureFault.NotAPicture, FaultOf("GIF89a"u8.ToArray()));
        Assert.Equal(PictureFault.NotAPicture, FaultOf([]));
    }

    [Fact]
    public void Noise_is_refused_and_never_a_surprise()
    {
        var random = new Random(7);
        for (var i = 0; i < 2_000; i++)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            var file = i % 2 == 0 ? [.. Png.Signature, .. noise] : (byte[])[0xff, 0xd8, 0xff, .. noise];
            Picture.Read(file, out var fault);
            Assert.NotNull(fault);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_logo_stands_on_A4_and_roll_and_changes_neither_a_word_nor_the_invoice_inside(bool ticket, bool jpeg)
    {
        var invoice = SampleInvoice.Of(Seller, 3);
        invoice = ticket ? invoice with { Kind = InvoiceKind.Simplified, Buyer = null } : invoice;
        var plain = InvoiceSheet.Of(invoice, SampleInvoice.Seller(Seller), null, Words.For("es"));
        var logo = Picture.Read(jpeg ? Jpeg(120, 40) : Png.Of(120, 40, 4, new byte[120 * 40 * 4]), out _)!;

        var without = PdfFlow.Of(plain, Cii);
        var with = PdfFlow.Of(plain with { Logo = logo }, Cii);

        Assert.DoesNotContain("/Subtype/Image", Encoding.Latin1.GetString(without), StringComparison.Ordinal);
        Assert.Contains(jpeg ? "/Filter/DCTDecode" : "/Predictor 15", Encoding.Latin1.GetString(with), StringComparison.Ordinal);
        Assert.Equal(with, PdfFlow.Of(plain with { Logo = logo }, Cii));
        using var left = new PdfOnDisk(without);
        using var right = new PdfOnDisk(with);
        Assert.Equal(Cii, await left.AttachmentAsync());
        Assert.Equal(Cii, await right.AttachmentAsync());
        Assert.Equal(LettersOf(without), LettersOf(with));
    }

    [Fact]
    public void The_page_shows_the_logo_inside_itself()
    {
        var sheet = InvoiceSheet.Of(SampleInvoice.Of(Seller), SampleInvoice.Seller(Seller), null, Words.For("es"));
        Assert.DoesNotContain("<img", Templates.Html(sheet), StringComparison.Ordinal);
        var html = Templates.Html(sheet with { Logo = Picture.Read(Png.Of(2, 2, 3, new byte[12]), out _) });
        Assert.Contains("src=\"data:image/png;base64,", html, StringComparison.Ordinal);
        Assert.Null(CleanHtml.Refuse(html));
    }

    private static string LettersOf(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        var letters = document.GetPages().SelectMany(page => page.Letters).Select(letter => letter.Value);
        return string.Concat(letters.Order(StringComparer.Ordinal));
    }

    private static PictureFault? FaultOf(byte[] file)
    {
        var picture = Picture.Read(file, out var fault);
        Assert.Equal(fault is null, picture is not null);
        return fault;
    }

    internal static byte[] PngOf(
        int width,
        int height,
        byte depth,
        byte colours,
        byte[] rows,
        byte[]? plte = null,
        byte[]? trns = null,
        bool interlaced = false
    )
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (depth, colours, interlaced ? (byte)1 : (byte)0);
        using var packed = new MemoryStream();
        using (var packing = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packing.Write(rows);
        }

        return
        [
            .. Png.Signature,
            .. Chunk("IHDR", header),
            .. Optional("PLTE", plte),
            .. Optional("tRNS", trns),
            .. Chunk("IDAT", packed.ToArray()),
            .. Chunk("IEND", []),
        ];
    }

    /// <summary>The parts of a JPEG that say what it is; no decoder is asked what it shows.</summary>
    internal static byte[] Jpeg(int width, int height, byte components = 3)
    {
        var frame = new byte[6 + 3 * components];
        frame[0] = 8;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(3), (ushort)width);
        frame[5] = components;
        return
        [
            0xff,
            0xd8,
            .. Segment(0xe0, "JFIF\0\u0001\u0001\0\0\u0001\0\u0001\0\0"u8.ToArray()),
            .. Segment(0xc0, frame),
            .. Segment(0xda, [1, 1, 0, 0, 63, 0]),
            0x12,
            0x34,
            0xff,
            0xd9,
        ];
    }

    private static byte[] Segment(byte marker, byte[] content) =>
        [0xff, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    private static byte[] Optional(string type, byte[]? content) => content is null ? Array.Empty<byte>() : Chunk(type, content);

    private static byte[] Chunk(string type, byte[] content)
    {
        var chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        content.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), Png.Sum(chunk.AsSpan(4, content.Length + 4)));
        return chunk;
    }
}
