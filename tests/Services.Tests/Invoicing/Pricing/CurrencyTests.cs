using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Invoicing.Invoices;

namespace RetailInvoicing.Services.Tests.Invoicing.Pricing;

/// <summary>Sales in other currencies: their own coins, the VAT in euro beside them, the fiscal record in euro.</summary>
public sealed class CurrencyTests
{
    [Fact]
    public void Yen_have_no_decimals()
    {
        var invoice = Till.Issue(In("JPY", 0.00614m, Till.Line("1000", "3")));

        Assert.Equal((2479m, 521m, 3000m), (invoice.Totals.TotalWithoutVat, invoice.Totals.VatTotal, invoice.Totals.TotalWithVat));
        Assert.Equal("521", invoice.Totals.VatTotal.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(3.20m, invoice.Totals.VatTotalInAccountingCurrency);
        Assert.Contains("<cbc:TaxAmount currencyID=\"EUR\">3.20</cbc:TaxAmount>", Ubl(invoice), StringComparison.Ordinal);
        Assert.Contains("<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>", Ubl(invoice), StringComparison.Ordinal);
    }

    [Fact]
    public void Thousandths_are_kept_and_a_format_of_two_decimals_says_that_it_cannot()
    {
        var thousandth = Till.Issue(In("KWD", 2.98m, Till.Line("1.001")));
        var even = Till.Issue(In("KWD", 2.98m, Till.Line("12.100")));

        Assert.Equal(
            (0.827m, 0.174m, 1.001m),
            (thousandth.Totals.TotalWithoutVat, thousandth.Totals.VatTotal, thousandth.Totals.TotalWithVat)
        );
        Assert.Equal("INV-DOC-06", DocumentFormat.Of("ubl")!.Document(thousandth, null).Fault!.Code.Code);
        Assert.Equal("10.000", even.Totals.TotalWithoutVat.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains(">10.00</cbc:TaxExclusiveAmount>", Ubl(even), StringComparison.Ordinal);
    }

    [Fact]
    public void The_invoice_tells_the_rate_and_the_fiscal_record_is_in_euro()
    {
        var sale = In("USD", 0.9m, Till.Line("121.00"));
        var draft = Till.Draft(sale).Value;
        var invoice = Till.Issue(draft);

        Assert.Equal(
            (Currency.Of("USD"), (Currency?)Currency.Eur, (decimal?)0.9m),
            (invoice.Currency, invoice.AccountingCurrency, invoice.ExchangeRate)
        );
        Assert.Equal((21.00m, 18.90m), (invoice.Totals.VatTotal, invoice.Totals.VatTotalInAccountingCurrency));
        Assert.Equal(
            Fingerprint.OfRegistration(
                "B12345674",
                invoice.Number,
                invoice.IssueDate,
                "F2",
                18.90m,
                108.90m,
                null,
                invoice.Fiscal.RecordedAt!.Value
            ),
            invoice.Fiscal.Fingerprint
        );
        Assert.EndsWith("importe=108.90", invoice.Fiscal.QrUrl, StringComparison.Ordinal);
    }

    [Fact]
    public void An_invoice_in_euro_says_nothing_of_rates()
    {
        var invoice = Till.Issue(Till.Sale(Till.Line("121.00")));

        Assert.Null(invoice.AccountingCurrency);
        Assert.Null(invoice.ExchangeRate);
        Assert.Null(invoice.Totals.VatTotalInAccountingCurrency);
        Assert.DoesNotContain("TaxCurrencyCode", Ubl(invoice), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_is_needed_positive_and_of_no_use_for_euro()
    {
        var sale = In("USD", 0.9m, Till.Line("10"));

        Assert.Equal("INV-SALE-05", Till.Refuse(sale with { ExchangeRate = null }));
        Assert.Equal("INV-SALE-10", Till.Refuse(sale with { Currency = Currency.Eur }));
        Assert.Equal("INV-SALE-11", Till.Refuse(sale with { ExchangeRate = 0m }));
        Assert.Equal("INV-SALE-11", Till.Refuse(sale with { ExchangeRate = -0.9m }));
        Assert.Equal("INV-SALE-11", Till.Refuse(sale with { ExchangeRate = 1_000_000.1m }));
        Assert.Equal("INV-SALE-12", Till.Refuse(sale with { Currency = Currency.Of("ABC") }));
        Assert.Equal("INV-SALE-08", Till.Refuse(In("KWD", 2m, Till.Line("900000000")) with { Buyer = Till.Buyer }));
    }

    [Fact]
    public void The_limits_of_tickets_are_in_euro()
    {
        Assert.Equal(InvoiceKind.Simplified, Till.Issue(In("JPY", 0.006m, Till.Line("500000"))).Kind);
        Assert.Equal("INV-KIND-02", Till.Refuse(In("JPY", 0.006m, Till.Line("500002"))));
        Assert.Equal("INV-KIND-02", Till.Refuse(In("KWD", 3m, Till.Line("1001"))));
    }

    [Fact]
    public void What_comes_back_is_in_the_originals_currency_and_at_its_rate()
    {
        var sold = Till.Issue(In("USD", 0.9m, Till.Line("121.00", "2")));
        var back = In("USD", null, Till.Line("121.00", "-1")) with { ReturnOf = new ReturnReference { InvoiceId = sold.InvoiceId } };

        var credit = Till.Issue(back, original: sold);

        Assert.Equal((0.9m, -18.90m), (credit.ExchangeRate, credit.Totals.VatTotalInAccountingCurrency));
        Assert.Equal(0.9m, Till.Issue(back with { ExchangeRate = 0.95m }, original: sold).ExchangeRate);
        Assert.Equal("INV-RETURN-12", Till.Refuse(back with { Currency = Currency.Eur }, original: sold));
        Assert.Equal("INV-SALE-05", Till.Refuse(back with { ReturnOf = null }));
        Assert.Contains("<cbc:TaxAmount currencyID=\"EUR\">18.90</cbc:TaxAmount>", Ubl(credit), StringComparison.Ordinal);
    }

    [Fact]
    public void In_euro_the_parts_sum_to_the_totals_too()
    {
        var invoice = Till.Issue(In("USD", 0.333m, Till.Line("0.99"), Till.Line("0.99", "1", "10"), Till.Line("0.99", "1", "4")));

        var accounted = AccountedAmounts.Of(invoice);

        Assert.Equal(0.99m, accounted.TotalWithVat);
        Assert.Equal(accounted.VatTotal, accounted.VatBreakdown.Sum(vat => vat.VatAmount));
        Assert.Equal(0.99m - accounted.VatTotal, accounted.VatBreakdown.Sum(vat => vat.TaxableAmount));
    }

    private static SalePosted In(string currency, decimal? rate, params SaleLine[] lines) =>
        Till.Sale(lines) with
        {
            Currency = Currency.Of(currency),
            ExchangeRate = rate,
        };

    private static string Ubl(InvoiceBody invoice) =>
        System.Text.Encoding.UTF8.GetString(DocumentFormat.Of("ubl")!.Document(invoice, null).Value);
}
