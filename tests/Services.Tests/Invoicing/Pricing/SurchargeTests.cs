using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Services.Tests.Invoicing.Pricing;

/// <summary>The equivalence surcharge: on top of both kinds of price, for a buyer who is under it, by a seller who is not.</summary>
public sealed class SurchargeTests
{
    private static readonly SaleBuyer Shop = Till.Buyer with { EquivalenceSurcharge = true };

    [Fact]
    public void It_comes_on_top_of_prices_that_include_VAT()
    {
        var sale = Till.Sale(Till.Line("121.00")) with
        {
            Buyer = Shop,
            Payments = [new SalePayment { Means = PaymentMeans.Card, Amount = 126.20m }],
        };

        var invoice = Till.Issue(sale);

        var vat = invoice.VatBreakdown.Single();
        Assert.Equal((100.00m, 21.00m, 5.2m, 5.20m), (vat.TaxableAmount, vat.VatAmount, vat.SurchargeRate, vat.SurchargeAmount));
        Assert.Equal((26.20m, 126.20m, 0.00m), (invoice.Totals.VatTotal, invoice.Totals.TotalWithVat, invoice.Totals.AmountDue));
        Assert.Equal(121.00m, invoice.Lines.Single().LineGrossAmount);
        Assert.Equal("INV-PAY-01", Till.Refuse(sale with { Payments = [new SalePayment { Means = PaymentMeans.Card, Amount = 126.21m }] }));
    }

    [Fact]
    public void It_comes_on_top_of_prices_without_VAT_by_the_rate_of_each()
    {
        var sale = Till.Sale(Till.Line("100"), Till.Line("100", "1", "10"), Till.Line("100", "1", "4")) with
        {
            Buyer = Shop,
            PricesIncludeVat = false,
        };

        var invoice = Till.Issue(sale);

        Assert.Equal([5.20m, 1.40m, 0.50m], invoice.VatBreakdown.Select(vat => vat.SurchargeAmount));
        Assert.Equal(342.10m, invoice.Totals.TotalWithVat);
    }

    [Fact]
    public void A_seller_under_it_charges_none_and_says_so_by_the_regime_key()
    {
        var seller = Till.Seller with { EquivalenceSurcharge = true };

        var vat = Till.Issue(Till.Sale(Till.Line("121.00")) with { Buyer = Shop }, seller).VatBreakdown.Single();

        Assert.Equal(("18", null, 21.00m), (vat.RegimeKey, vat.SurchargeAmount, vat.VatAmount));
    }

    [Fact]
    public void It_comes_back_with_the_goods()
    {
        var sold = Till.Issue(Till.Sale(Till.Line("121.00", "2")) with { Buyer = Shop });

        var back = Till.Issue(
            Till.Sale(Till.Line("121.00", "-1")) with
            {
                ReturnOf = new ReturnReference { InvoiceId = sold.InvoiceId },
            },
            original: sold
        );

        Assert.Equal((-126.20m, -5.20m), (back.Totals.TotalWithVat, back.VatBreakdown.Single().SurchargeAmount));
    }

    [Theory]
    [InlineData("5", "2022-12-31", "0.5")]
    [InlineData("5", "2023-01-01", "0.62")]
    [InlineData("7.5", "2024-10-01", "1")]
    [InlineData("2", "2024-10-01", "0.26")]
    [InlineData("8", "2011-01-01", "1")]
    public void It_is_that_of_the_day(string rate, string day, string surcharge)
    {
        var sale = Till.Sale(Till.Line("100", "1", rate)) with
        {
            Buyer = Shop,
            OccurredAt = DateTimeOffset.Parse($"{day}T08:00:00+01:00", System.Globalization.CultureInfo.InvariantCulture),
        };

        Assert.Equal(Till.Decimal(surcharge), Till.Issue(sale).VatBreakdown.Single().SurchargeRate);
    }
}
