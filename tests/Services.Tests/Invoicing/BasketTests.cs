using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Sales;

namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>Plain baskets; what holds of every one is in Pricing.</summary>
public sealed class BasketTests
{
    private static readonly DateOnly Day = new(2026, 11, 23);

    [Fact]
    public void Thirty_three_euros_stay_thirty_three_euros()
    {
        var basket = Price(Sale(true, Line("33.00")));

        Assert.Equal(33.00m, basket.Totals.TotalWithVat);
        Assert.Equal(27.27m, basket.Totals.TotalWithoutVat);
        Assert.Equal(5.73m, basket.Totals.VatTotal);
    }

    [Fact]
    public void Two_of_379_at_21_percent_are_758()
    {
        var basket = Price(Sale(true, Line("379.00", "2")));

        Assert.Equal(758.00m, basket.Totals.TotalWithVat);
        Assert.Equal(131.55m, basket.Totals.VatTotal);
        Assert.Equal(626.45m, basket.Totals.TotalWithoutVat);
    }

    [Fact]
    public void Fifty_thousand_at_10_percent_does_not_drift()
    {
        var basket = Price(Sale(true, Line("50000", "1", "10")));

        Assert.Equal(50000.00m, basket.Totals.TotalWithVat);
        Assert.Equal(45454.55m, basket.Totals.TotalWithoutVat);
        Assert.Equal(4545.45m, basket.Totals.VatTotal);
    }

    [Fact]
    public void Prices_without_VAT_get_it_per_rate_and_not_per_line()
    {
        var basket = Price(Sale(false, Line("0.02"), Line("0.02"), Line("0.02")));

        Assert.Equal(0.06m, basket.Totals.TotalWithoutVat);
        Assert.Equal(0.01m, basket.Totals.VatTotal);
        Assert.Equal(0.07m, basket.Lines.Sum(line => line.LineGrossAmount));
    }

    [Fact]
    public void Several_rates_are_rounded_each_by_itself()
    {
        var basket = Price(Sale(true, Line("9.99"), Line("9.99", "1", "10"), Line("9.99", "1", "4")));

        Assert.Equal([21m, 10m, 4m], basket.VatBreakdown.Select(vat => vat.Rate));
        Assert.Equal([1.73m, 0.91m, 0.38m], basket.VatBreakdown.Select(vat => vat.VatAmount));
        Assert.Equal(29.97m, basket.Totals.TotalWithVat);
    }

    [Fact]
    public void A_discount_on_the_whole_is_spread_over_the_rates()
    {
        var sale = Sale(true, Line("60.00"), Line("30.00", "1", "10")) with
        {
            Allowances = [new SaleAllowance { Amount = 9m, Coupon = "OTOÑO" }],
        };

        var basket = Price(sale);

        Assert.Equal(81.00m, basket.Totals.TotalWithVat);
        Assert.Equal(2, basket.Allowances.Count);
        Assert.Equal(54.00m, basket.VatBreakdown[0].TaxableAmount + basket.VatBreakdown[0].VatAmount);
        Assert.All(basket.Allowances, each => Assert.Equal("OTOÑO", each.Coupon));
    }

    [Fact]
    public void The_discount_of_a_returned_line_lessens_what_is_given_back()
    {
        var line = Line("9.95", "-2") with { Allowances = [new SaleAllowance { Amount = 1m }] };

        var basket = Price(Sale(true, line));

        Assert.Equal(-18.90m, basket.Totals.TotalWithVat);
    }

    [Fact]
    public void A_buyer_under_the_equivalence_surcharge_is_charged_it()
    {
        var sale = Sale(false, Line("100"), Line("100", "1", "10"), Line("100", "1", "4"));

        var basket = Basket.Of(sale, Tax(sale) with { Surcharged = true }).Value;

        Assert.Equal([5.20m, 1.40m, 0.50m], basket.VatBreakdown.Select(vat => vat.SurchargeAmount!.Value));
        Assert.Equal(342.10m, basket.Totals.TotalWithVat);
    }

    [Fact]
    public void Goods_sold_and_brought_back_under_several_rates_are_to_be_split()
    {
        var sale = Sale(true, Line("10"), Line("4", "-1", "10"));

        Assert.Equal("INV-LINE-07", Basket.Of(sale, Tax(sale)).Fault!.Code.Code);
    }

    [Fact]
    public void A_discount_over_the_price_is_refused()
    {
        var sale = Sale(true, Line("10")) with { Allowances = [new SaleAllowance { Amount = 10.01m }] };

        Assert.Equal("INV-LINE-06", Basket.Of(sale, Tax(sale)).Fault!.Code.Code);
    }

    private static Basket Price(SalePosted sale) => Basket.Of(sale, Tax(sale)).Value;

    private static Taxation Tax(SalePosted sale) =>
        new()
        {
            Lines = [.. sale.Lines.Select(line => new InvoiceVatBody { Category = line.Vat.Category, Rate = line.Vat.Rate ?? 0m })],
            Allowances = [.. sale.Allowances.Select(_ => (InvoiceVatBody?)null)],
            Charges = [.. sale.Charges.Select(_ => (InvoiceVatBody?)null)],
            Day = Day,
        };

    private static SaleLine Line(string price, string quantity = "1", string rate = "21") =>
        new()
        {
            Sku = "85123A",
            Quantity = decimal.Parse(quantity, System.Globalization.CultureInfo.InvariantCulture),
            UnitPrice = decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture),
            Vat = new SaleVat { Category = "S", Rate = decimal.Parse(rate, System.Globalization.CultureInfo.InvariantCulture) },
        };

    private static SalePosted Sale(bool includesVat, params SaleLine[] lines) =>
        new()
        {
            SaleId = SaleId.Of("S"),
            StoreId = StoreId.Of("S01"),
            OccurredAt = new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.FromHours(1)),
            Currency = Currency.Eur,
            PricesIncludeVat = includesVat,
            Lines = lines,
        };
}
