using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Sales;
using RetailInvoicing.Services.Tests.Collections;

namespace RetailInvoicing.Services.Tests.Reporting;

public sealed class SaleTests
{
    [Fact]
    public void An_invoice_of_several_rates_has_a_share_of_each_with_its_surcharge()
    {
        var invoice = Told.Invoice("s1", 0m) with
        {
            VatBreakdown =
            [
                Rate(21m, 100m, 21m) with
                {
                    SurchargeRate = 5.2m,
                    SurchargeAmount = 5.20m,
                },
                Rate(4m, 50m, 2m),
                Rate(21m, 10m, 2.10m) with
                {
                    RegimeKey = "18",
                },
            ],
        };

        Assert.Equal(
            [(4m, 50m, 2m, 52m), (21m, 110m, 28.30m, 138.30m)],
            VatShare
                .Of(invoice)
                .Select(share => (share.Rate, share.Figures.TotalWithoutVat, share.Figures.VatTotal, share.Figures.TotalWithVat))
        );
    }

    [Fact]
    public void A_correction_by_substitution_adds_the_difference_to_what_it_replaces()
    {
        var invoice = Told.Invoice("s1", 0m) with
        {
            Kind = InvoiceKind.Corrective,
            VatBreakdown = [Rate(21m, 80m, 16.80m)],
            Correction = new InvoiceCorrection
            {
                Reason = "R4",
                Method = CorrectionMethod.Substitution,
                CorrectedAmounts = new CorrectedAmounts { TaxableAmount = 100m, VatAmount = 21m },
            },
        };

        var sale = Sale.Of(invoice);

        Assert.Equal(
            new Figures
            {
                Invoices = 1,
                ReturnInvoices = 1,
                TotalWithoutVat = -20m,
                VatTotal = -4.20m,
                TotalWithVat = -24.20m,
                Returns = 24.20m,
            },
            sale.Figures
        );
    }

    [Fact]
    public void The_hour_is_the_shops_where_it_is_told_and_nobodys_guess_where_it_is_not()
    {
        var invoice = Told.Invoice("s1");
        // 23:40 in the Canary Islands in summer is 22:40 in Greenwich.
        var told = invoice with
        {
            OccurredAt = new DateTimeOffset(2026, 7, 1, 23, 40, 0, TimeSpan.FromHours(1)),
        };

        Assert.Equal(23, Sale.Of(told).Hour);
        Assert.Equal(-1, Sale.Of(invoice).Hour);
    }

    [Fact]
    public void The_lag_is_the_age_of_the_oldest_event_in_hand_and_nothing_where_none_is()
    {
        var feed = new Feed();
        Assert.Equal(TimeSpan.Zero, feed.LagAt(Told.At, brokerIsThere: true));

        var older = feed.Take(Told.At.AddSeconds(-9));
        using (feed.Take(Told.At.AddSeconds(-2)))
        {
            Assert.Equal(TimeSpan.FromSeconds(9), feed.LagAt(Told.At, brokerIsThere: true));
            older.Dispose();
            Assert.Equal(TimeSpan.FromSeconds(2), feed.LagAt(Told.At, brokerIsThere: true));
        }

        Assert.Equal(TimeSpan.FromSeconds(30), feed.LagAt(Told.At.AddSeconds(30), brokerIsThere: false));
        Assert.Equal(TimeSpan.Zero, feed.LagAt(Told.At.AddSeconds(31), brokerIsThere: true));
    }

    private static VatBreakdownBody Rate(decimal rate, decimal taxable, decimal vat) =>
        new()
        {
            Category = "S",
            Rate = rate,
            TaxableAmount = taxable,
            VatAmount = vat,
        };

    [Fact]
    public void The_lines_of_an_invoice_sum_to_it_and_count_it_once_a_product()
    {
        var invoice = Told.Invoice("s1", 121m);
        var twice = invoice with { Lines = [invoice.Lines[0], invoice.Lines[0] with { LineId = "2" }] };

        var sale = Sale.Of(twice);

        Assert.Equal(sale.Figures.TotalWithoutVat, sale.Lines.Sum(line => line.NetAmount));
        Assert.Equal(sale.Figures.TotalWithVat, sale.Lines.Sum(line => line.GrossAmount));
        Assert.Equal(1, sale.Lines.Where(line => line.Line > 0).Sum(line => line.Invoices));
        Assert.Equal(0, Assert.Single(sale.Lines, line => line.Product.Length == 0).Line);
    }

    [Theory]
    [InlineData("2026-01-01", "2026-12-31", "y2026-01-01..2026-01-01")]
    [InlineData("2026-03-15", "2026-03-20", "d2026-03-15..2026-03-20")]
    [InlineData("2026-03-31", "2026-06-01", "d2026-03-31..2026-03-31 m2026-04-01..2026-05-01 d2026-06-01..2026-06-01")]
    [InlineData("2025-12-31", "2027-01-31", "d2025-12-31..2025-12-31 y2026-01-01..2026-01-01 m2027-01-01..2027-01-01")]
    [InlineData("0001-01-01", "9999-12-31", "y0001-01-01..9999-01-01")]
    public void A_period_is_read_by_its_whole_years_months_and_the_days_that_are_left(string from, string to, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                ' ',
                KnownAt
                    .SpansOf(Day(from), Day(to), "dmy")
                    .Select(span =>
                        string.Create(CultureInfo.InvariantCulture, $"{span.Grain}{span.First:yyyy-MM-dd}..{span.Last:yyyy-MM-dd}")
                    )
            )
        );

    [Theory]
    [InlineData("previous", "day", "2026-11-10", "2026-11-16", "2026-11-03..2026-11-09 7 days")]
    [InlineData("previous", "month", "2026-03-01", "2026-03-31", "2026-02-01..2026-02-28 1 months")]
    [InlineData("year", "month", "2026-01-01", "2026-06-30", "2025-01-01..2025-06-30 12 months")]
    [InlineData("year", "week", "2026-11-09", "2026-11-15", "2025-11-10..2025-11-16 364 days")]
    public void A_period_is_compared_with_the_one_before_or_the_same_a_year_before(
        string name,
        string grouping,
        string from,
        string to,
        string expected
    )
    {
        var comparison = Comparison.Of(name, grouping, Day(from), Day(to))!;

        Assert.Equal(
            expected,
            string.Create(CultureInfo.InvariantCulture, $"{comparison.From:yyyy-MM-dd}..{comparison.To:yyyy-MM-dd} {comparison.Shift}")
        );
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
