using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.En16931.Xml;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Invoicing.Invoices;

namespace RetailInvoicing.Services.Tests.Invoicing.Pricing;

/// <summary>What holds of every sale, whatever is in the basket.</summary>
public sealed class PricingPropertyTests
{
    /// <summary>What a random sale may be refused for; any other refusal is a mistake.</summary>
    private static readonly string[] Refusals = ["INV-LINE-06", "INV-LINE-07", "INV-SALE-07", "INV-KIND-02", "INV-RETURN-05"];

    private static readonly PayeeAccount Account = new("ES9121000418450200051332", null, "Comercios Ñandú, S.L.");

    [Fact]
    public void The_parts_always_sum_to_what_the_till_took()
    {
        var (issued, refused) = (0, 0);
        Samples.Hold(
            RandomSales.All,
            usually: 12_000,
            sale =>
            {
                if (Drafted(sale) is not { } draft)
                {
                    Interlocked.Increment(ref refused);
                    return;
                }

                Interlocked.Increment(ref issued);
                var basket = draft.Basket;
                var took = ExactPrices.Took(sale.Posted);
                var surcharge = basket.VatBreakdown.Sum(vat => vat.SurchargeAmount ?? 0m);
                var given = sale.Posted.PricesIncludeVat ? basket.Totals.TotalWithVat - surcharge : basket.Totals.TotalWithoutVat;
                Assert.True(took.Is(given), $"the till took {took}, the parts are {given}");
                Assert.Equal(
                    basket.Totals.TotalWithVat,
                    basket.VatBreakdown.Sum(vat => vat.TaxableAmount + vat.VatAmount + (vat.SurchargeAmount ?? 0m))
                );
                foreach (var line in basket.Lines.Where(_ => sale.Posted.PricesIncludeVat))
                {
                    var till = sale.Posted.Lines[int.Parse(line.LineId, System.Globalization.CultureInfo.InvariantCulture) - 1];
                    var asked = Till.Asked(till, sale.Posted.Currency);
                    Assert.Equal(till.Quantity < 0m ? -asked : asked, line.LineGrossAmount);
                }
            },
            Print
        );

        Assert.True(issued > 3 * refused, $"only {issued} of {issued + refused} random sales could be issued");
    }

    [Fact]
    public void Exact_fractions_come_to_the_same() =>
        Samples.Hold(
            RandomSales.All,
            usually: 6_000,
            sale =>
            {
                if (Drafted(sale) is not { Basket: { } basket } draft)
                {
                    return;
                }

                var exact = ExactPrices.Of(sale.Posted, sale.IsSurcharged, draft.OperationDate);
                Assert.Equal(
                    exact.Rates.Select(rate => (rate.Category, rate.Rate)),
                    basket.VatBreakdown.Select(vat => (vat.Category, vat.Rate))
                );
                foreach (var (rate, vat) in exact.Rates.Zip(basket.VatBreakdown))
                {
                    Assert.True(rate.Taxable.Is(vat.TaxableAmount), $"{vat.Rate} %: the base is {rate.Taxable}, not {vat.TaxableAmount}");
                    Assert.True(rate.Vat.Is(vat.VatAmount), $"{vat.Rate} %: the VAT is {rate.Vat}, not {vat.VatAmount}");
                    Assert.True(rate.Surcharge.Is(vat.SurchargeAmount ?? 0m), $"{vat.Rate} %: the surcharge is {rate.Surcharge}");
                }

                Assert.True(exact.WithoutVat.Is(basket.Totals.TotalWithoutVat));
                Assert.True(exact.Vat.Is(basket.Totals.VatTotal));
                Assert.True(exact.WithVat.Is(basket.Totals.TotalWithVat));
            },
            Print
        );

    [Fact]
    public void Every_sum_of_the_standard_holds_to_the_coin() =>
        Samples.Hold(
            RandomSales.All,
            usually: 6_000,
            sale =>
            {
                if (Drafted(sale) is { } draft)
                {
                    var invoice = Till.Issue(draft);
                    Assert.Null(IssueRules.Of(invoice, Account)?.In(null));
                    Sums(invoice);
                    Lines(invoice);
                }
            },
            Print
        );

    [Fact]
    public void The_UBL_document_of_every_sale_breaks_no_rule() =>
        Samples.Hold(
            RandomSales.All,
            usually: 2_500,
            sale =>
            {
                if (Drafted(sale) is not { } draft)
                {
                    return;
                }

                var invoice = Till.Issue(draft);
                var written = DocumentFormat.Of("ubl")!.Document(invoice, Account);
                if (written.Refused(out var fault))
                {
                    var isSurcharged = invoice.VatBreakdown.Any(vat => vat.SurchargeAmount is not null);
                    Assert.Equal(isSurcharged ? "INV-DOC-03" : "INV-DOC-06", fault.Code.Code);
                    Assert.True(isSurcharged || invoice.Currency.MinorUnit == 3);
                    return;
                }

                using var reader = ReadXmlTree.Take();
                var found = new Findings();
                var tree = reader.From(new MemoryStream(written.Value)).Value;
                ValidateDocument.Ubl(tree, found);
                Assert.Empty(
                    found
                        .Told(tree, null)
                        .Where(finding => finding.Severity == Severity.Fatal)
                        .Select(each => $"{each.Rule} {each.Message}")
                );
            },
            Print
        );

    [Fact]
    public void The_order_of_lines_changes_no_total() =>
        Samples.Hold(
            RandomSales.All,
            usually: 6_000,
            sale =>
            {
                var turned = sale with { Posted = sale.Posted with { Lines = [.. sale.Posted.Lines.Reverse()] } };
                var (one, other) = (Drafted(sale), Drafted(turned));
                Assert.Equal(one is null, other is null);
                if (one is not null)
                {
                    Assert.Equal(one.Basket.Totals, other!.Basket.Totals);
                    Assert.Equal(one.Basket.VatBreakdown, other.Basket.VatBreakdown);
                }
            },
            Print
        );

    [Fact]
    public void Priced_twice_a_sale_comes_to_the_same() =>
        Samples.Hold(
            RandomSales.All,
            usually: 1_500,
            sale =>
            {
                string? Priced() =>
                    Drafted(sale) is { } draft ? JsonSerializer.Serialize<InvoiceBody>(Till.Issue(draft), Wire.Tolerant) : null;
                Assert.Equal(Priced(), Priced());
            },
            Print
        );

    [Fact]
    public void Returns_by_lines_give_back_what_was_taken_and_never_more() =>
        Samples.Hold(
            RandomSales.Returnable,
            usually: 3_000,
            sale =>
            {
                if (Drafted(sale) is not { } draft)
                {
                    return;
                }

                var original = Till.Issue(draft);
                var (soFar, back) = (new Dictionary<string, decimal>(StringComparer.Ordinal), 0m);
                foreach (var line in sale.Posted.Lines.Where(line => line.UnitPrice > 0m))
                {
                    var returned = Return(sale, original, line with { Quantity = -line.Quantity });
                    Assert.Null(Returnable.Check(original, soFar, back, returned)?.In(null));
                    back += returned.Total;
                    soFar[line.Sku!] = line.Quantity;
                    // Nothing of it is left.
                    Assert.Equal("INV-RETURN-03", Returnable.Check(original, soFar, back, returned)?.Code.Code);
                }

                var free = sale.Posted.Lines.Where(line => line.UnitPrice == 0m).Sum(line => Till.Asked(line, original.Currency));
                Assert.Equal(original.Totals.TotalWithVat - free, back);
            },
            Print
        );

    private static ReturnedGoods Return(RandomSale sale, InvoiceBody original, SaleLine line)
    {
        var posted = sale.Posted with
        {
            Lines = [line],
            ReturnOf = new ReturnReference { InvoiceId = original.InvoiceId },
        };
        var draft = Till.Draft(posted, sale.Seller, original);
        Assert.False(draft.Refused(out var fault), fault?.In(null));
        return draft.Value.Returned!;
    }

    private static InvoiceDraft? Drafted(RandomSale sale)
    {
        var draft = Till.Draft(sale.Posted, sale.Seller);
        if (draft.Refused(out var fault))
        {
            Assert.True(Refusals.Contains(fault.Code.Code), $"{fault.Code.Code} {fault.Path}: {fault.In(null)}");
            return null;
        }

        return draft.Value;
    }

    /// <summary>BR-CO-10 to BR-CO-17, BR-S-08 and BR-S-09 with their sisters, BR-53.</summary>
    private static void Sums(InvoiceBody invoice)
    {
        var totals = invoice.Totals;
        Assert.Equal(invoice.Lines.Sum(line => line.LineNetAmount), totals.LineTotal);
        Assert.Equal(invoice.Allowances.Sum(each => each.Amount), totals.AllowanceTotal);
        Assert.Equal(invoice.Charges.Sum(each => each.Amount), totals.ChargeTotal);
        Assert.Equal(totals.LineTotal - totals.AllowanceTotal + totals.ChargeTotal, totals.TotalWithoutVat);
        Assert.Equal(invoice.VatBreakdown.Sum(vat => vat.VatAmount + (vat.SurchargeAmount ?? 0m)), totals.VatTotal);
        Assert.Equal(totals.TotalWithoutVat + totals.VatTotal, totals.TotalWithVat);
        Assert.Equal(totals.TotalWithVat - totals.PaidAmount, totals.AmountDue);
        Assert.Equal(0m, totals.RoundingAmount);
        var coin = new decimal(1, 0, 0, false, (byte)invoice.Currency.MinorUnit);
        foreach (var vat in invoice.VatBreakdown)
        {
            bool In(InvoiceVatBody each) => each.Category == vat.Category && each.Rate == vat.Rate;
            Assert.Equal(
                invoice.Lines.Where(line => In(line.Vat)).Sum(line => line.LineNetAmount)
                    - invoice.Allowances.Where(each => In(each.Vat!)).Sum(each => each.Amount)
                    + invoice.Charges.Where(each => In(each.Vat!)).Sum(each => each.Amount),
                vat.TaxableAmount
            );
            Assert.InRange(vat.VatAmount - vat.TaxableAmount * vat.Rate / 100m, -coin, coin);
            if (!invoice.PricesIncludeVat)
            {
                Assert.Equal(Money.Of(vat.TaxableAmount * vat.Rate / 100m, invoice.Currency).Amount, vat.VatAmount);
            }
        }

        if (invoice.ExchangeRate is { } rate)
        {
            var accounted = AccountedAmounts.Of(invoice);
            Assert.Equal(decimal.Round(totals.VatTotal * rate, 2, MidpointRounding.AwayFromZero), totals.VatTotalInAccountingCurrency);
            Assert.Equal(totals.VatTotalInAccountingCurrency, accounted.VatTotal);
            Assert.Equal(accounted.VatTotal, accounted.VatBreakdown.Sum(vat => vat.VatAmount + (vat.SurchargeAmount ?? 0m)));
            Assert.Equal(accounted.TotalWithVat, accounted.VatTotal + accounted.VatBreakdown.Sum(vat => vat.TaxableAmount));
        }
        else
        {
            Assert.Null(totals.VatTotalInAccountingCurrency);
        }
    }

    /// <summary>BT-131 is round(BT-146 × BT-129) less allowances plus charges (Peppol R120; with its slack also unrounded), BT-146 never below 0.</summary>
    private static void Lines(InvoiceBody invoice)
    {
        foreach (var line in invoice.Lines)
        {
            var stated =
                Money.Of(line.NetPrice * line.Quantity, invoice.Currency).Amount
                - line.Allowances.Sum(each => each.Amount)
                + line.Charges.Sum(each => each.Amount);
            Assert.Equal(line.LineNetAmount, stated);
            Assert.True(line.NetPrice >= 0m, "BR-27");
            if (invoice.PricesIncludeVat)
            {
                var unrounded =
                    line.NetPrice * line.Quantity - line.Allowances.Sum(each => each.Amount) + line.Charges.Sum(each => each.Amount);
                Assert.InRange(line.LineNetAmount - unrounded, -0.02m, 0.02m);
            }

            Assert.All(line.Allowances.Concat(line.Charges), each => Assert.True(each.Amount * line.Quantity >= 0m));
            Assert.True(line.LineNetAmount * line.Quantity >= 0m);
        }
    }

    private static string Print(RandomSale sale) => sale.ToString();
}
