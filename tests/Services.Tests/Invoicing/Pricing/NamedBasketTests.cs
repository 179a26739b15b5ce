using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Services.Tests.Invoicing.Pricing;

/// <summary>Baskets that comparable systems got wrong, and the odd ones of every shop.</summary>
public sealed class NamedBasketTests
{
    [Theory]
    // 33.00 became 32.99; 2 × 379.00 became 757.99; 50,000 drifted.
    [InlineData("33.00", "1", "21", "27.27", "5.73", "33.00")]
    [InlineData("379.00", "2", "21", "626.45", "131.55", "758.00")]
    [InlineData("50000", "1", "10", "45454.55", "4545.45", "50000.00")]
    // Weighed and poured goods.
    [InlineData("1.239", "3", "10", "3.38", "0.34", "3.72")]
    [InlineData("12.90", "0.333", "4", "4.13", "0.17", "4.30")]
    [InlineData("0.333", "0.333", "21", "0.09", "0.02", "0.11")]
    // Next to nothing each, and very many.
    [InlineData("0.0001", "9999999", "21", "826.45", "173.55", "1000.00")]
    [InlineData("0.01", "1", "21", "0.01", "0.00", "0.01")]
    [InlineData("999999999.99", "1", "21", "826446280.98", "173553719.01", "999999999.99")]
    public void Prices_that_include_VAT_stay_what_they_are(string price, string quantity, string rate, string net, string vat, string total)
    {
        var invoice = Till.Issue(Till.Sale(Till.Line(price, quantity, rate)) with { Buyer = Till.Buyer });

        Assert.Equal(
            (Till.Decimal(net), Till.Decimal(vat), Till.Decimal(total)),
            (invoice.Totals.TotalWithoutVat, invoice.Totals.VatTotal, invoice.Totals.TotalWithVat)
        );
        Assert.Equal(invoice.Totals.TotalWithVat, invoice.Lines.Single().LineGrossAmount);
    }

    [Theory]
    [InlineData("0.12345678", "1000", "21", "123.46", "25.93", "149.39")]
    [InlineData("33.333333333", "3", "10", "100.00", "10.00", "110.00")]
    public void Prices_without_VAT_may_have_many_decimals(string price, string quantity, string rate, string net, string vat, string total)
    {
        var invoice = Till.Issue(Till.Sale(Till.Line(price, quantity, rate)) with { PricesIncludeVat = false });

        Assert.Equal(
            (Till.Decimal(net), Till.Decimal(vat), Till.Decimal(total), Till.Decimal(price)),
            (invoice.Totals.TotalWithoutVat, invoice.Totals.VatTotal, invoice.Totals.TotalWithVat, invoice.Lines.Single().NetPrice)
        );
    }

    [Fact]
    public void A_free_line_stays_free_while_the_others_share_the_odd_cents()
    {
        var free = Till.Line("12.00") with { Allowances = [new SaleAllowance { Amount = 12.00m, Reason = "Regalo" }] };
        var sale = Till.Sale([free, Till.Line("0", "3"), .. Enumerable.Repeat(Till.Line("0.05"), 7)]);

        var invoice = Till.Issue(sale);

        Assert.Equal([0.00m, 0.00m], invoice.Lines.Take(2).Select(line => line.LineNetAmount));
        Assert.Equal((0.35m, 0.06m), (invoice.Totals.TotalWithVat, invoice.Totals.VatTotal));
        Assert.Equal(0.29m, invoice.Lines.Sum(line => line.LineNetAmount));
    }

    [Fact]
    public void Odd_cents_go_to_the_largest_lines()
    {
        var invoice = Till.Issue(Till.Sale(Till.Line("0.05"), Till.Line("0.10"), Till.Line("9.99"), Till.Line("0.05"), Till.Line("0.05")));

        // By themselves they are 0.04, 0.08, 8.26, 0.04, 0.04: one cent less than the base of the rate, 8.46, asks for none of the small.
        Assert.Equal([0.04m, 0.08m, 8.26m, 0.04m, 0.04m], invoice.Lines.Select(line => line.LineNetAmount));
        var more = Till.Issue(Till.Sale(Till.Line("0.07"), Till.Line("9.99"), Till.Line("0.07"), Till.Line("0.07")));
        Assert.Equal([0.06m, 8.25m, 0.06m, 0.06m], more.Lines.Select(line => line.LineNetAmount));
    }

    [Fact]
    public void Small_charges_never_turn_a_small_line_negative()
    {
        var sale = Till.Sale(Till.Line("0.01")) with { Charges = [.. Enumerable.Repeat(new SaleCharge { Amount = 0.01m }, 10)] };

        var invoice = Till.Issue(sale);

        Assert.Equal((0.11m, 0.02m), (invoice.Totals.TotalWithVat, invoice.Totals.VatTotal));
        Assert.True(invoice.Lines.Single() is { LineNetAmount: >= 0m, NetPrice: >= 0m });
    }

    [Fact]
    public void A_price_of_nothing_with_a_charge_has_no_negative_price()
    {
        var bag = Till.Line("0", "1") with
        {
            Charges = [new SaleCharge { Amount = 0.05m, Reason = "Bolsa" }, new SaleCharge { Amount = 0.05m }],
        };

        var line = Till.Issue(Till.Sale(Till.Line("0.05"), bag)).Lines[1];

        Assert.True(line.NetPrice >= 0m);
        Assert.Equal(line.LineNetAmount, line.Charges.Sum(each => each.Amount));
    }

    [Fact]
    public void A_discount_of_the_whole_is_spread_alike_whichever_line_comes_first()
    {
        SalePosted Of(params SaleLine[] lines) =>
            Till.Sale(lines) with
            {
                PricesIncludeVat = false,
                Allowances = [new SaleAllowance { Amount = 0.01m }],
            };
        var (dear, cheap) = (Till.Line("50", "1", "21"), Till.Line("50", "1", "4"));

        Assert.Equal(Till.Issue(Of(dear, cheap)).Totals, Till.Issue(Of(cheap, dear)).Totals);
    }

    [Fact]
    public void A_discount_under_its_own_rate_lessens_that_rate_alone()
    {
        var sale = Till.Sale(Till.Line("121.00"), Till.Line("110.00", "1", "10")) with
        {
            Allowances = [new SaleAllowance { Amount = 11.00m, Vat = Till.Vat("S", "10") }],
            Charges =
            [
                new SaleCharge
                {
                    Amount = 10.40m,
                    Reason = "Portes",
                    Vat = Till.Vat("S", "4"),
                },
            ],
        };

        var invoice = Till.Issue(sale);

        Assert.Equal(
            [(21m, 100.00m, 21.00m), (10m, 90.00m, 9.00m), (4m, 10.00m, 0.40m)],
            invoice.VatBreakdown.Select(vat => (vat.Rate, vat.TaxableAmount, vat.VatAmount))
        );
        Assert.Equal(230.40m, invoice.Totals.TotalWithVat);
    }

    [Fact]
    public void What_no_invoice_can_state_is_refused()
    {
        Assert.Equal("INV-SALE-08", Till.Refuse(Till.Sale(Till.Line("999999999.99", "1"), Till.Line("0.01")) with { Buyer = Till.Buyer }));
        Assert.Equal(
            "INV-SALE-08",
            Till.Refuse(Till.Sale(Till.Line("1000000000", "10000000"), Till.Line("1000000000", "-9999999")) with { Buyer = Till.Buyer })
        );
        Assert.Equal("INV-LINE-04", Till.Refuse(Till.Sale(Till.Line("1") with { Unit = "QQQ" })));
    }

    [Fact]
    public void Nothing_is_written_with_a_minus_before_zero()
    {
        var back = Till.Line("5.00", "-1") with { Allowances = [new SaleAllowance { Amount = 5.00m }] };

        var json = System.Text.Json.JsonSerializer.Serialize<InvoiceBody>(
            Till.Issue(Till.Sale(back, Till.Line("1.00", "-1"))),
            Wire.Tolerant
        );

        Assert.DoesNotMatch("\"-0(\\.0+)?\"", json);
    }
}
