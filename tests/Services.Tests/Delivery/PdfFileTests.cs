using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.Delivery.Rendering.Pdf;
using UglyToad.PdfPig;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class PdfFileTests
{
    private static readonly SellerId Seller = SellerId.Of("nandu");
    private static readonly byte[] Cii = Encoding.UTF8.GetBytes("<rsm:CrossIndustryInvoice>ñ</rsm:CrossIndustryInvoice>");

    [Theory]
    [InlineData("OpenSans-Regular", "Ángel Núñez ỹ Щ €")]
    [InlineData("OpenSans-Semibold", "Total 1.452,00 €")]
    [InlineData("DejaVuSans", "שלום مرحبا")]
    public void The_embedded_part_of_a_font_measures_and_draws_what_it_holds_as_the_whole_does(string name, string text)
    {
        var font = FontFiles.Of(name);
        var glyphs = text.Select(each => font.GlyphOf(each)).ToHashSet();
        var subset = FontSubset.Of(font, glyphs);
        using var packed = new ZLibStream(new MemoryStream(subset.Packed.ToArray()), CompressionMode.Decompress);
        using var file = new MemoryStream();
        packed.CopyTo(file);
        Assert.Equal(subset.Length, file.Length);
        // Outlines and widths are read as any reader would; characters are the document's to say.
        var part = PartOf(file.ToArray());
        foreach (var glyph in glyphs)
        {
            Assert.Equal(font.AdvanceOf(glyph), part.Advance(glyph));
            Assert.Equal(font.OutlineOf(glyph).Length == 0, part.OutlineLength(glyph) == 0);
            Assert.All(font.PartsOf(glyph), each => Assert.NotEqual(0, part.OutlineLength(each)));
        }

        var other = font.GlyphOf('Q');
        Assert.Equal(glyphs.Contains(other) || other == 0, part.OutlineLength(other) > 0);
        Assert.True(file.Length < 200_000, $"{file.Length} bytes");
    }

    [Fact]
    public void The_same_invoice_makes_the_same_bytes()
    {
        var sheet = SheetOf(SampleInvoice.Of(Seller, 12));
        Assert.Equal(PdfFlow.Of(sheet, Cii), PdfFlow.Of(sheet, Cii));
    }

    [Fact]
    public async Task Poppler_finds_the_attached_invoice_byte_for_byte_and_what_a_person_who_hears_it_needs()
    {
        var directory = Directory.CreateTempSubdirectory("retail-tests-").FullName;
        try
        {
            var file = Path.Combine(directory, "invoice.pdf");
            await File.WriteAllBytesAsync(file, PdfFlow.Of(SheetOf(SampleInvoice.Of(Seller, 3)), Cii));

            var about = await RunAsync("pdfinfo", file);
            Assert.Matches("Title: +Factura F-S01-2026-000123", about);
            Assert.Matches("Tagged: +yes", about);
            Assert.Matches("PDF subtype: +PDF/A-3B|PDF version: +1.7", about);
            Assert.Contains("1 embedded files", await RunAsync("pdfdetach", "-list", file), StringComparison.Ordinal);
            await RunAsync("pdfdetach", "-save", "1", "-o", Path.Combine(directory, "out.xml"), file);
            Assert.Equal(Cii, await File.ReadAllBytesAsync(Path.Combine(directory, "out.xml")));
            var structure = await RunAsync("pdfinfo", "-struct-text", file);
            Assert.Contains("H1", structure, StringComparison.Ordinal);
            Assert.Contains("F-S01-2026-000123", structure, StringComparison.Ordinal);
            Assert.Contains("Table", structure, StringComparison.Ordinal);
            Assert.Contains("TH", structure, StringComparison.Ordinal);
            Assert.Contains("Figure", structure, StringComparison.Ordinal);
            var text = await RunAsync("pdftotext", "-layout", file, "-");
            Assert.Contains("1.452,00 €", text.Replace('\u00a0', ' '), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("محمد علي")]
    [InlineData("דוד לוי")]
    [InlineData("Zoë Müller-Łukasiewicz")]
    [InlineData("Ελένη Παπαδοπούλου")]
    [InlineData("Їван Шевченко")]
    public void A_name_in_another_script_is_read_as_it_is_spelt(string name)
    {
        var invoice = SampleInvoice.Of(Seller, 1);
        invoice = invoice with { Buyer = invoice.Buyer! with { Name = name } };
        using var pdf = PdfDocument.Open(PdfFlow.Of(SheetOf(invoice), Cii));
        var letters = string.Concat(pdf.GetPage(1).Letters.Select(letter => letter.Value));
        // What runs from right to left stands on the page from its end.
        var turned = string.Concat(name.Reverse());
        Assert.True(
            letters.Contains(name, StringComparison.Ordinal) || letters.Contains(turned, StringComparison.Ordinal),
            $"{name} is not in {letters}"
        );
        Assert.DoesNotContain('\ufffd', letters);
    }

    [Fact]
    public void What_no_font_has_stops_no_invoice()
    {
        var invoice = SampleInvoice.Of(Seller, 1);
        invoice = invoice with { Buyer = invoice.Buyer! with { Name = "李雷 👩‍👩‍👧 \ud800 \u0007 \u202eolleh" } };
        using var pdf = PdfDocument.Open(PdfFlow.Of(SheetOf(invoice), Cii));
        Assert.Contains("olleh", string.Concat(pdf.GetPage(1).Letters.Select(letter => letter.Value)), StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_lines_take_less_than_sixty_kilobytes()
    {
        var bytes = PdfFlow.Of(SheetOf(SampleInvoice.Of(Seller, 10)), new byte[12_000]);
        Assert.True(bytes.Length < 60_000, $"{bytes.Length} bytes");
    }

    private static InvoiceSheet SheetOf(InvoiceBody invoice) =>
        InvoiceSheet.Of(invoice, SampleInvoice.Seller(Seller), null, Words.For("es"));

    private static async Task<string> RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
            }
        )!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0 && !(await error).Contains("Error", StringComparison.Ordinal), $"{command}: {await error}");
        return output;
    }

    private static (Func<int, int> Advance, Func<int, int> OutlineLength) PartOf(byte[] file)
    {
        var tables = new Dictionary<string, int>();
        for (var i = 0; i < (file[4] << 8 | file[5]); i++)
        {
            tables[Encoding.ASCII.GetString(file, 12 + 16 * i, 4)] = Long(20 + 16 * i);
        }

        return (
            glyph => file[tables["hmtx"] + 4 * glyph] << 8 | file[tables["hmtx"] + 4 * glyph + 1],
            glyph => Long(tables["loca"] + 4 * glyph + 4) - Long(tables["loca"] + 4 * glyph)
        );

        int Long(int at) => file[at] << 24 | file[at + 1] << 16 | file[at + 2] << 8 | file[at + 3];
    }
}
