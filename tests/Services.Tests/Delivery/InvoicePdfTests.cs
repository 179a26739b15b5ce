using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Rendering;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class InvoicePdfTests
{
    private static readonly SellerId Seller = SellerId.Of("nandu");

    private static readonly PaymentInstructions Transfer = new()
    {
        Iban = SampleInvoice.Iban,
        Beneficiary = "Comercios Ñandú, S.L.",
        EpcPayload = "BCD\n002\n1\nSCT\n\nNandu\nES9121000418450200051332\nEUR484.00\n\nRF18539007547034\n\n",
        PayUrl = "https://payments.example.com/pay/x",
    };

    [Fact]
    public void A_Spanish_reader_finds_number_total_date_buyer_and_the_words_the_law_wants()
    {
        var text = TextOf(SampleInvoice.Of(Seller, 3), "es", Transfer);
        Assert.Contains("F-S01-2026-000123", text, StringComparison.Ordinal);
        Assert.Contains("1.452,00 €", text, StringComparison.Ordinal);
        Assert.Contains("23/11/2026", text, StringComparison.Ordinal);
        Assert.Contains("María José Ibáñez", text, StringComparison.Ordinal);
        Assert.Contains("Comercios Ñandú, S.L.", text, StringComparison.Ordinal);
        Assert.Contains("QR tributario:", text, StringComparison.Ordinal);
        Assert.Contains("VERI*FACTU", text, StringComparison.Ordinal);
        Assert.Contains("PRUEBA, sin validez fiscal", text, StringComparison.Ordinal);
        Assert.Contains("Registro Mercantil de Madrid", text, StringComparison.Ordinal);
        Assert.Contains("RF18 5390 0754 7034", text, StringComparison.Ordinal);
        Assert.Contains("ES91 2100 0418 4502 0005 1332", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("es")]
    [InlineData("en")]
    public void The_fiscal_QR_is_first_on_the_first_page_of_its_size_with_white_around_it_and_its_words(string language)
    {
        const double millimetre = 72 / 25.4;
        using var pdf = Open(SampleInvoice.Of(Seller, 40), language, Transfer);
        var page = pdf.GetPage(1);
        var squares = page.Paths.Select(path => path.GetBoundingRectangle()).OfType<PdfRectangle>().ToArray();
        // The first of the page: a code of payment comes later.
        var code = squares.Where(each => Math.Abs(each.Width - each.Height) < 0.5 && each.Width > 50).MaxBy(each => each.Top);
        var letters = page.Letters.Where(letter => !string.IsNullOrWhiteSpace(letter.Value)).ToArray();
        var words = page.GetWords().ToArray();
        var above = words.Single(word => word.Text == "tributario:");
        var below = words.Single(word => word.Text == "VERI*FACTU");

        Assert.InRange(code.Width / millimetre, 30, 40);
        Assert.True(page.Height - code.Top < page.Height / 6, "the code stands at the top");
        var white = new PdfRectangle(
            code.Left - 6 * millimetre,
            code.Bottom - 6 * millimetre,
            code.Right + 6 * millimetre,
            code.Top + 6 * millimetre
        );
        Assert.DoesNotContain(letters, letter => Overlap(letter.BoundingBox, white));
        Assert.DoesNotContain(squares, each => each != code && Overlap(each, white));
        Assert.InRange(above.BoundingBox.Bottom, code.Top, code.Top + 10 * millimetre);
        Assert.InRange(below.BoundingBox.Top, code.Bottom - 10 * millimetre, code.Bottom);
        Assert.InRange(below.BoundingBox.Centroid.X, code.Centroid.X - 2, code.Centroid.X + 2);
        Assert.Contains("QR tributario:", page.Text, StringComparison.Ordinal);
        Assert.Contains("PRUEBA, sin validez fiscal", page.Text.Replace('\u00a0', ' '), StringComparison.Ordinal);
        Assert.All(above.Letters.Concat(below.Letters), letter => Assert.True(letter.PointSize >= 8.5, "no smaller than the lines"));
        for (var other = 2; other <= pdf.NumberOfPages; other++)
        {
            Assert.DoesNotContain("QR tributario:", pdf.GetPage(other).Text, StringComparison.Ordinal);
        }

        static bool Overlap(PdfRectangle one, PdfRectangle other) =>
            one.Left < other.Right && one.Right > other.Left && one.Bottom < other.Top && one.Top > other.Bottom;
    }

    [Fact]
    public void The_fiscal_QR_says_the_address_with_error_correction_M()
    {
        var url = SampleInvoice.Of(Seller).Fiscal.QrUrl!;
        var code = QrMatrix.Of(url);
        var isDark = (int row, int column) =>
            code.Bars.Any(bar => bar.Row == row && column >= bar.Column && column < bar.Column + bar.Width);
        // The first two bits of the format, under their mask (ISO/IEC 18004, 7.9): M is 00.
        var bits = (isDark(8, 0) ? 2 : 0) | (isDark(8, 1) ? 1 : 0);

        Assert.Equal(0b00, bits ^ 0b10);
        Assert.Equal(RetailInvoicing.Invoicing.Fiscal.Verifactu.QrImage.Of(url).Modules, code.Side);
    }

    [Fact]
    public void The_page_has_the_fiscal_QR_before_any_other_in_its_size_with_white_around_it()
    {
        var html = Templates.Html(InvoiceSheet.Of(SampleInvoice.Of(Seller), SampleInvoice.Seller(Seller), Transfer, Words.For("es")));

        Assert.Contains(".qr svg{width:32mm;height:32mm;display:block;margin:6mm auto}", html, StringComparison.Ordinal);
        Assert.Contains("background:#fff;color:#000;padding:2mm 6mm", html, StringComparison.Ordinal);
        var (above, code, below, epc) = (
            html.IndexOf("QR tributario:", StringComparison.Ordinal),
            html.IndexOf("<svg", StringComparison.Ordinal),
            html.IndexOf("<strong>VERI*FACTU</strong>", StringComparison.Ordinal),
            html.IndexOf("aria-label=\"EPC\"", StringComparison.Ordinal)
        );
        Assert.True(0 < above && above < code && code < below && below < epc, $"{above} {code} {below} {epc}");
    }

    [Fact]
    public void An_English_reader_finds_the_same_in_English()
    {
        var text = TextOf(SampleInvoice.Of(Seller, 3), "en", Transfer);
        Assert.Contains("Invoice", text, StringComparison.Ordinal);
        Assert.Contains("€1,452.00", text, StringComparison.Ordinal);
        Assert.Contains("VAT 21%", text, StringComparison.Ordinal);
        Assert.Contains("Amount due", text, StringComparison.Ordinal);
        Assert.Contains("PRUEBA, sin validez fiscal", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_invoice_in_another_currency_states_its_VAT_in_euro_too()
    {
        var invoice = SampleInvoice.Of(Seller, 3) with
        {
            Currency = Currency.Of("USD"),
            AccountingCurrency = Currency.Eur,
            ExchangeRate = 0.9213m,
        };
        var stated = invoice with { Totals = invoice.Totals with { VatTotalInAccountingCurrency = 232.17m } };

        var text = TextOf(stated, "es", null);

        Assert.Contains("IVA en EUR", text, StringComparison.Ordinal);
        Assert.Contains("0,9213", text, StringComparison.Ordinal);
        Assert.Contains("232,17 €", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(705)]
    public void Every_line_is_there_and_sums_are_carried_from_page_to_page(int lines)
    {
        using var pdf = Open(SampleInvoice.Of(Seller, lines, paid: 484 * lines), "es", null);
        var pages = pdf.GetPages().Select(page => page.Text.Replace('\u00a0', ' ')).ToArray();
        var all = string.Concat(pages);
        Assert.Contains($"85123A-{lines}", all, StringComparison.Ordinal);
        Assert.Equal(lines, all.Split("85123A-").Length - 1);
        var carried = pages.Count(page => page.Contains("Suma y sigue", StringComparison.Ordinal));
        var forward = pages.Count(page => page.Contains("Suma anterior", StringComparison.Ordinal));
        Assert.Equal(carried, forward);
        Assert.Equal(lines > 15, carried > 0);
        Assert.Contains($"Página 1 de {pages.Length}", pages[0], StringComparison.Ordinal);
        Assert.Contains(Amounts.Spanish.Of(484 * lines, Currency.Eur).Replace('\u00a0', ' '), all, StringComparison.Ordinal);
        Assert.DoesNotContain("Cómo pagar", all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(InvoiceKind.Full)]
    [InlineData(InvoiceKind.Simplified)]
    public void Nothing_overlaps_or_leaves_the_page_at_the_longest_names_and_amounts(InvoiceKind kind)
    {
        var solid = new string('W', 300);
        var invoice = SampleInvoice.Of(Seller, 4);
        invoice = invoice with
        {
            Kind = kind,
            Number = new string('N', 60),
            Seller = invoice.Seller with { TradeName = solid },
            Buyer = invoice.Buyer! with { Name = solid },
            Lines =
            [
                .. invoice.Lines.Select(line =>
                    line with
                    {
                        Name = solid,
                        NetPrice = 123456789.1234m,
                        Quantity = -123456.789m,
                        LineNetAmount = -99999999999.99m,
                    }
                ),
            ],
        };
        using var pdf = Open(invoice, "es", Transfer);
        foreach (var page in pdf.GetPages())
        {
            Assert.All(page.Letters, letter => Assert.InRange(letter.BoundingBox.Right, 0, page.Width - 10));
            Assert.All(page.Letters, letter => Assert.InRange(letter.BoundingBox.Bottom, 8, page.Height));
            var boxes = page
                .Letters.Where(letter => !string.IsNullOrWhiteSpace(letter.Value))
                .Select(letter => letter.BoundingBox)
                .ToArray();
            for (var i = 0; i < boxes.Length; i++)
            {
                for (var j = i + 1; j < boxes.Length; j++)
                {
                    var (a, b) = (boxes[i], boxes[j]);
                    var wide = Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left);
                    var high = Math.Min(a.Top, b.Top) - Math.Max(a.Bottom, b.Bottom);
                    if (wide > 1 && high > 1)
                    {
                        Assert.Fail($"two letters lie over each other at {a.Left:0}, {a.Bottom:0} on page {page.Number}");
                    }
                }
            }
        }
    }

    [Fact]
    public void An_invoice_with_next_to_nothing_known_is_set_too()
    {
        var invoice = SampleInvoice.Of(Seller, 1, paid: 484);
        invoice = invoice with
        {
            Kind = InvoiceKind.Simplified,
            Buyer = null,
            TillId = null,
            Seller = new InvoiceParty { Name = "A" },
            Fiscal = invoice.Fiscal with { QrUrl = null, Regime = "none", Environment = SellerEnvironment.Production },
        };
        var text = TextOf(invoice, "es", null);
        Assert.Contains("Factura simplificada", text, StringComparison.Ordinal);
        Assert.Contains("imp. incl.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("PRUEBA", text, StringComparison.Ordinal);
        Assert.DoesNotContain("VERI*FACTU", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_corrective_invoice_names_the_corrected_one_and_why()
    {
        var invoice = SampleInvoice.Of(Seller, 1) with
        {
            Kind = InvoiceKind.Corrective,
            Corrects = [new InvoiceReference { Number = "F-S01-2026-000007", IssueDate = new DateOnly(2026, 11, 1) }],
            Correction = new InvoiceCorrection
            {
                Reason = "R1",
                Text = "Talla equivocada",
                Method = CorrectionMethod.Differences,
            },
        };
        var text = TextOf(invoice, "es", null);
        Assert.Contains("Factura rectificativa", text, StringComparison.Ordinal);
        Assert.Contains("F-S01-2026-000007 del 01/11/2026", text, StringComparison.Ordinal);
        Assert.Contains("R1, Talla equivocada", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Characters_the_face_lacks_and_more_of_them_than_one_font_holds_stop_no_invoice()
    {
        // Every character the face writes, and so every one that a name may hold.
        var many = string.Concat(
            Enumerable.Range(0x0021, 0xd700).Select(code => ((char)code).ToString()).Where(each => Typeface.Regular.Writable(each) == each)
        );
        Assert.InRange(many.Length, 4000, 6000);
        var invoice = SampleInvoice.Of(Seller, 1);
        var names = many.Chunk(200).Select(characters => new string(characters)).Prepend("中文 😀 e\u0301 \ud800 \u0001");
        invoice = invoice with { Lines = [.. names.Select(name => invoice.Lines[0] with { Name = name })] };
        var text = TextOf(invoice, "es", null);
        Assert.Contains("é", text, StringComparison.Ordinal);
        Assert.Contains("Ω", text, StringComparison.Ordinal);
        Assert.Contains("Щ", text, StringComparison.Ordinal);
        Assert.Contains("ỹ", text, StringComparison.Ordinal);
        Assert.Contains("Їван Іван", TextOf(Named("Їван Іван"), "es", null), StringComparison.Ordinal);

        static InvoiceBody Named(string name)
        {
            var invoice = SampleInvoice.Of(Seller, 1);
            return invoice with { Buyer = invoice.Buyer! with { Name = name } };
        }
    }

    [Fact]
    public void A_ticket_is_a_roll_of_80_mm_with_the_fiscal_QR_first_and_as_long_as_what_is_on_it()
    {
        const double millimetre = 72 / 25.4;
        using var few = Open(Ticket(2), "es", null);
        using var many = Open(Ticket(705), "es", null);
        var page = few.GetPage(1);
        var code = page
            .Paths.Select(path => path.GetBoundingRectangle())
            .OfType<PdfRectangle>()
            .Single(each => Math.Abs(each.Width - each.Height) < 0.5 && each.Width > 50);

        Assert.Equal(80, page.Width / millimetre, 0.1);
        Assert.InRange(page.Height / millimetre, 100, 250);
        Assert.InRange(code.Width / millimetre, 30, 40);
        var above = page.Letters.Where(letter => letter.BoundingBox.Bottom > code.Bottom).Select(letter => letter.Value);
        Assert.Equal("QRtributario:", string.Concat(above).Replace(" ", "", StringComparison.Ordinal));
        var text = page.Text.Replace('\u00a0', ' ');
        Assert.Contains("Factura simplificada", text, StringComparison.Ordinal);
        Assert.Contains("imp. incl.", text, StringComparison.Ordinal);
        Assert.Contains("968,00 €", text, StringComparison.Ordinal);
        Assert.All(many.GetPages(), each => Assert.InRange(each.Height, 100, 14_400));
        var all = string.Concat(many.GetPages().Select(each => each.Text));
        Assert.Equal(705, all.Split("85123A-").Length - 1);
        Assert.Equal(many.NumberOfPages - 1, all.Split("Suma y sigue").Length - 1);

        static InvoiceBody Ticket(int lines) =>
            SampleInvoice.Of(Seller, lines, paid: 484 * lines) with
            {
                Kind = InvoiceKind.Simplified,
                Buyer = null,
            };
    }

    [Fact]
    public void The_file_says_that_it_is_PDF_A_3B_and_embeds_its_fonts()
    {
        var bytes = InvoicePdf.Of(InvoiceSheet.Of(SampleInvoice.Of(Seller), SampleInvoice.Seller(Seller), null, Words.For("es")));
        var raw = Encoding.Latin1.GetString(bytes);
        Assert.Contains(
            "pdfaid:part>3<",
            raw.Replace("pdfaid:part=\"3\"", "pdfaid:part>3<", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Contains("/OutputIntents", raw, StringComparison.Ordinal);
        Assert.Contains("/FontFile2", raw, StringComparison.Ordinal);
        Assert.DoesNotContain("/Type /Annot", raw, StringComparison.Ordinal);
    }

    private static string TextOf(InvoiceBody invoice, string language, PaymentInstructions? instructions)
    {
        using var pdf = Open(invoice, language, instructions);
        return string.Concat(pdf.GetPages().Select(page => page.Text)).Replace('\u00a0', ' ');
    }

    private static PdfDocument Open(InvoiceBody invoice, string language, PaymentInstructions? instructions) =>
        PdfDocument.Open(PdfFlow.Of(InvoiceSheet.Of(invoice, SampleInvoice.Seller(Seller), instructions, Words.For(language)), null));
}
