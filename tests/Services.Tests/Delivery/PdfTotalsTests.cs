using System.Globalization;
using System.Text.RegularExpressions;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Services.Tests.Invoicing.Pricing;
using UglyToad.PdfPig;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>What Invoicing issues is what the PDF says: read back by a program that knows nothing of how it was set.</summary>
public sealed partial class PdfTotalsTests
{
    private const int Languages = 5;
    private const ulong Seed = 20261124;

    private static readonly SellerId Seller = SellerId.Of("nandu");
    private static readonly PayeeAccount Account = new(SampleInvoice.Iban, null, "Comercios Ñandú, S.L.");

    /// <summary>A hundred invoices of random sales: full, simplified and corrective ones, all rates, currencies and ways of being paid.</summary>
    private static readonly Lazy<IReadOnlyList<InvoiceIssued>> Issued = new(() => [.. Drawn().Take(100)]);

    /// <summary>An amount at the end of a line, as the text has it; and what stands before it.</summary>
    private sealed record Line(string Before, decimal Amount);

    [Theory]
    [InlineData("es", 0)]
    [InlineData("ca", 1)]
    [InlineData("eu", 2)]
    [InlineData("gl", 3)]
    [InlineData("en", 4)]
    public async Task The_totals_of_a_hundred_invoices_are_read_back_from_their_PDFs_to_the_coin(string language, int remainder)
    {
        var words = Words.For(language);
        var invoices = Issued.Value.Where((_, i) => i % Languages == remainder).ToList();
        var wrong = new List<string>();
        foreach (var invoice in invoices)
        {
            using var file = new PdfOnDisk(PdfFlow.Of(SheetOf(invoice, words), null));
            var text = await file.TextAsync();
            // What a line of goods says of its tax may end a line as the totals' label does: it is above them.
            var lines = Lines(text, language)
                .SkipWhile(line => !IsBeside(line, words.LineTotal) && !IsBeside(line, words.TotalWithoutVat))
                .ToList();
            foreach (var each in TotalsOf(invoice, words).GroupBy(total => total.Label, total => total.Amount))
            {
                var (expected, read) = (Said(each), Said(Beside(lines, each.Key)));
                if (read != expected)
                {
                    wrong.Add($"{each.Key} of {invoice.Currency} is {expected}, and the PDF says '{read}':\n{text}");
                }
            }
        }

        Assert.Equal(100 / Languages, invoices.Count);
        Assert.True(wrong.Count == 0, $"{wrong.Count} totals are not what was issued; the first: {wrong.FirstOrDefault()}");
    }

    [Fact]
    public void The_hundred_invoices_are_of_every_kind()
    {
        var issued = Issued.Value;
        Assert.Equal(100, issued.Count);
        Assert.Equal(3, issued.Select(invoice => invoice.Kind).Distinct().Count());
        Assert.True(issued.Select(invoice => invoice.Currency).Distinct().Count() >= 4, "currencies");
        Assert.Contains(issued, invoice => invoice.VatBreakdown.Any(vat => vat.SurchargeAmount is not null));
        Assert.Contains(issued, invoice => invoice.VatBreakdown.Any(vat => vat.Tax == "igic"));
        Assert.Contains(issued, invoice => invoice.VatBreakdown.Count > 2);
        Assert.Contains(issued, invoice => invoice.Totals.AmountDue < 0);
        Assert.Contains(issued, invoice => invoice.Totals is { AmountDue: > 0, PaidAmount: > 0 });
        Assert.Contains(issued, invoice => invoice.Totals.AllowanceTotal != 0);
    }

    [Fact]
    public async Task What_a_PDF_carries_is_Invoicings_document_byte_for_byte_and_breaks_no_rule()
    {
        var carried = 0;
        foreach (var invoice in Issued.Value.Where((_, i) => i % 4 == 0))
        {
            // The syntax has no place for the surcharge: such an invoice carries nothing.
            var document = DocumentFormat.Of("cii")!.Document(invoice, Account);
            if (document.Refused(out _))
            {
                continue;
            }

            carried++;
            using var file = new PdfOnDisk(PdfFlow.Of(SheetOf(invoice, Words.For("es")), document.Value));
            var attached = await file.AttachmentAsync();
            Assert.Equal(document.Value, attached);
            var verdict = Verdict.Of(attached, Profile.En16931, null).Value;
            Assert.True(verdict.Valid, string.Join("; ", verdict.Findings.Select(finding => $"{finding.Rule} {finding.Message}")));
        }

        Assert.True(carried >= 10, $"only {carried} of 25 carry a document");
    }

    [Fact]
    public async Task Amounts_of_the_VAT_table_stay_whole_with_the_surcharge()
    {
        var invoice = SampleInvoice.Of(Seller, 1) with
        {
            VatBreakdown =
            [
                new VatBreakdownBody
                {
                    Category = "S",
                    Rate = 21,
                    TaxableAmount = 12_345_678.91m,
                    VatAmount = 2_592_592.57m,
                    SurchargeRate = 5.2m,
                    SurchargeAmount = 641_975.30m,
                },
            ],
        };
        using var file = new PdfOnDisk(PdfFlow.Of(SheetOf(invoice, Words.For("es")), null));
        var text = await file.TextAsync();
        Assert.Contains("12.345.678,91 €", text, StringComparison.Ordinal);
        Assert.Contains("2.592.592,57 €", text, StringComparison.Ordinal);
        Assert.Contains("641.975,30 €", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_rate_of_an_invoice_with_many_stays_on_the_paper()
    {
        var invoice = SampleInvoice.Of(Seller, 1, paid: 484) with
        {
            VatBreakdown =
            [
                .. Enumerable
                    .Range(1, 80)
                    .Select(i => new VatBreakdownBody
                    {
                        Category = "S",
                        Rate = i,
                        TaxableAmount = 1000 + i,
                        VatAmount = i,
                    }),
            ],
        };
        using var pdf = PdfDocument.Open(PdfFlow.Of(SheetOf(invoice, Words.For("es")), null));
        foreach (var page in pdf.GetPages())
        {
            Assert.All(page.Letters, letter => Assert.InRange(letter.BoundingBox.Bottom, 8, page.Height));
        }

        var text = TextOf(pdf);
        Assert.All(Enumerable.Range(1, 80), i => Assert.Contains($"1.{i:000},00 €", text, StringComparison.Ordinal));
        Assert.Contains("484,00 €", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("es")]
    [InlineData("ca")]
    [InlineData("eu")]
    [InlineData("gl")]
    [InlineData("en")]
    public void A_cancelled_invoice_says_so_and_asks_for_no_money(string language)
    {
        var words = Words.For(language);
        foreach (var kind in new[] { InvoiceKind.Full, InvoiceKind.Simplified })
        {
            var invoice = SampleInvoice.Of(Seller, 2) with
            {
                Kind = kind,
                Status = InvoiceStatus.Cancelled,
                PaymentTerms = "30 días netos",
            };
            var sheet = InvoiceSheet.Of(invoice, SampleInvoice.Seller(Seller), GoldenPages.Transfer, words);
            using var pdf = PdfDocument.Open(PdfFlow.Of(sheet, null));
            var text = TextOf(pdf);
            Assert.Equal(words.Cancelled, sheet.State);
            Assert.Contains(words.Cancelled, text, StringComparison.Ordinal);
            Assert.Contains(words.Amounts.Of(968m, Currency.Eur).Replace('\u00a0', ' '), text, StringComparison.Ordinal);
            foreach (var asking in new[] { words.Due, words.DueDate, words.PayHeading, "30 días netos", "ES91" })
            {
                Assert.DoesNotContain(asking, text, StringComparison.Ordinal);
            }
        }
    }

    private static InvoiceSheet SheetOf(InvoiceBody invoice, Words words) =>
        InvoiceSheet.Of(invoice, SampleInvoice.Seller(Seller), null, words);

    private static string TextOf(PdfDocument pdf) => string.Concat(pdf.GetPages().Select(page => page.Text)).Replace('\u00a0', ' ');

    /// <summary>What the document has to say, from the figures that were issued.</summary>
    private static IEnumerable<(string Label, decimal Amount)> TotalsOf(InvoiceBody invoice, Words words)
    {
        var totals = invoice.Totals;
        var tax = words.TaxName(invoice.VatBreakdown.Count > 0 ? invoice.VatBreakdown[0].Tax : "iva");
        var surcharge = invoice.VatBreakdown.Sum(vat => vat.SurchargeAmount ?? 0m);
        if (totals.AllowanceTotal != 0 || totals.ChargeTotal != 0)
        {
            yield return (words.LineTotal, totals.LineTotal);
        }

        yield return (words.TotalWithoutVat, totals.TotalWithoutVat);
        yield return (tax, totals.VatTotal - surcharge);
        if (surcharge != 0)
        {
            yield return (words.Surcharge, surcharge);
        }

        if (totals.VatTotalInAccountingCurrency is { } accounted && invoice is { AccountingCurrency: { } accounts, ExchangeRate: { } rate })
        {
            var label = string.Format(
                CultureInfo.InvariantCulture,
                words.TaxInAccounts,
                tax,
                accounts.Code,
                invoice.Currency.Code,
                words.Amounts.Number(rate, 0, 9)
            );
            yield return (label, accounted);
        }

        yield return (words.Total, totals.TotalWithVat);
        foreach (var payment in invoice.Payments)
        {
            yield return ($"{words.Paid} ({words.Means(payment.Means)})", -payment.Amount);
        }

        if (totals.AmountDue != 0)
        {
            yield return (totals.AmountDue > 0 ? words.Due : words.Owed, Math.Abs(totals.AmountDue));
        }
    }

    /// <summary>The lines that end in an amount.</summary>
    private static List<Line> Lines(string text, string language)
    {
        var lines = new List<Line>();
        foreach (var line in text.Split('\n').Select(each => Blanks().Replace(each, " ").Trim()))
        {
            var amount = language == "en" ? EnglishAmount().Match(line) : SpanishAmount().Match(line);
            if (amount.Success)
            {
                lines.Add(new Line(line[..amount.Index].TrimEnd(), ValueOf(amount.Value, language == "en" ? '.' : ',')));
            }
        }

        return lines;
    }

    /// <summary>The amounts beside a label, or beside as much of it as stands on one line.</summary>
    private static List<decimal> Beside(List<Line> lines, string label)
    {
        var shortest = Math.Min(label.Split(' ')[0].Length, 12);
        for (var length = label.Length; length >= shortest; length--)
        {
            var part = label[..length].TrimEnd();
            var found = lines.Where(line => IsBeside(line, part)).Select(line => line.Amount).ToList();
            if (found.Count > 0)
            {
                return found;
            }
        }

        return [];
    }

    private static bool IsBeside(Line line, string label) =>
        line.Before == label || line.Before.EndsWith(' ' + label, StringComparison.Ordinal);

    /// <summary>Different amounts, in order: what is due stands with the totals and again with how to pay it.</summary>
    private static string Said(IEnumerable<decimal> amounts) =>
        string.Join(' ', amounts.Distinct().Order().Select(amount => amount.ToString("0.####", CultureInfo.InvariantCulture)));

    private static decimal ValueOf(string amount, char point)
    {
        var digits = amount.Where(each => char.IsAsciiDigit(each) || each == point).Select(each => each == point ? '.' : each);
        var value = decimal.Parse(string.Concat(digits), CultureInfo.InvariantCulture);
        return amount.StartsWith('\u2212') ? -value : value;
    }

    private static IEnumerable<InvoiceIssued> Drawn()
    {
        for (var i = 0u; ; i++)
        {
            var sale = RandomSales.All.Generate(new CsCheck.PCG(i, Seed), null, out _);
            var draft = Till.Draft(sale.Posted, sale.Seller);
            if (!draft.Refused(out _))
            {
                var payments = PaymentsOf(draft.Value.Basket.Totals.TotalWithVat, sale.Posted.Currency, i % 3);
                yield return Till.Issue(sale.Posted with { Payments = payments }, sale.Seller);
            }
        }
    }

    /// <summary>Nothing, everything or half of it.</summary>
    private static IReadOnlyList<SalePayment> PaymentsOf(decimal total, Currency currency, uint kind) =>
        total <= 0 || kind == 0 ? []
        : kind == 1 ? [new SalePayment { Means = PaymentMeans.Card, Amount = total }]
        : [new SalePayment { Means = PaymentMeans.Cash, Amount = Money.Of(total / 2, currency).Amount }];

    [GeneratedRegex(@"\u2212?[0-9][0-9.]*(?:,[0-9]+)? ?(?:€|\$|£|[A-Z]{3})$")]
    private static partial Regex SpanishAmount();

    [GeneratedRegex(@"\u2212?(?:€|\$|£|[A-Z]{3} ?)[0-9][0-9,]*(?:\.[0-9]+)?$")]
    private static partial Regex EnglishAmount();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
