using RetailInvoicing.Collections.Interest;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>Each figure was worked out by hand from the published rates; the sources stand beside them.</summary>
public sealed class LateInterestTests
{
    private const string Madrid = "Europe/Madrid";

    // BOE: table of the Secretaría General del Tesoro of the statutory interest for late payment (8.75 from 24 Feb 2013; 8.25 and 8.15 in
    // 2014, the latter BOE-A-2014-6914; 8.05 in 2015; 8.00 in the first half of 2020, BOE-A-2019-18736). Ireland's Department of
    // Enterprise: 12.25 from 1 July 2024. The others: ECB, key interest rates, main refinancing operations, and eight points.
    [Theory]
    [InlineData("2013-02-24", "8.75")]
    [InlineData("2013-06-30", "8.75")]
    [InlineData("2013-07-01", "8.50")]
    [InlineData("2014-01-01", "8.25")]
    [InlineData("2014-12-31", "8.15")]
    [InlineData("2015-01-01", "8.05")]
    [InlineData("2016-06-30", "8.05")]
    [InlineData("2016-07-01", "8.00")]
    [InlineData("2020-06-30", "8.00")]
    // Raised on 27 July 2022: what was in force on the first of July holds for the half-year.
    [InlineData("2022-12-31", "8.00")]
    [InlineData("2023-01-01", "10.50")]
    [InlineData("2023-12-31", "12.00")]
    [InlineData("2024-06-30", "12.50")]
    [InlineData("2024-07-01", "12.25")]
    [InlineData("2025-01-01", "11.15")]
    [InlineData("2025-07-01", "10.15")]
    [InlineData("2026-06-30", "10.15")]
    public void The_rate_of_a_day_is_the_one_that_was_published_for_its_half_year(string day, string rate) =>
        Assert.Equal(Number(rate), InterestRates.Known.RateOn(Day(day)));

    [Theory]
    [InlineData("2013-02-23")]
    [InlineData("2026-07-01")]
    [InlineData("2199-01-01")]
    public void A_rate_that_is_not_known_is_not_guessed(string day) => Assert.Null(InterestRates.Known.RateOn(Day(day)));

    [Fact]
    public void Ten_thousand_euros_over_two_changes_of_rate_and_into_a_leap_year()
    {
        // 16 days of 2023 at 12.00: 10,000 × 0.12 × 16/365 = 52.602739…; 182 days of 2024 at 12.50: 10,000 × 0.125 × 182/366 = 621.584699…;
        // 10 days at 12.25: 10,000 × 0.1225 × 10/366 = 33.469945…; together 707.657384….
        var interest = Of(10_000m, "2023-12-15", "2024-07-10");

        Assert.Equal(
            [
                "2023-12-16 2023-12-31 16 12.00 365 52.602740",
                "2024-01-01 2024-06-30 182 12.50 366 621.584699",
                "2024-07-01 2024-07-10 10 12.25 366 33.469945",
            ],
            Said(interest)
        );
        Assert.Equal(707.66m, interest.Amount);
    }

    [Fact]
    public void A_part_that_was_paid_owes_no_more_from_the_day_after_its_payment()
    {
        // Due on 31 March 2025; 500 paid on 15 May, the rest on 20 July: 45 days on 1,210 at 11.15 = 16.633356…, 46 days on 710 at 11.15 =
        // 9.976958…, 20 days on 710 at 10.15 = 3.948767…; together 30.559082….
        var invoice = Late(1_210m, "2025-03-31");
        var history = Of(
            invoice,
            Told.Allocated(invoice, 2, 710m) with
            {
                AllocatedAt = At("2025-05-15T23:30:00+02:00"),
            },
            Told.Allocated(invoice, 3, 0m) with
            {
                AllocatedAt = At("2025-07-20T00:10:00+02:00"),
            }
        );

        var interest = LateInterest.Of(history, DateOnly.MinValue, Day("2025-12-31"), InterestRates.Known, Madrid);

        Assert.Equal(
            [
                "2025-04-01 2025-05-15 45 11.15 365 16.633356",
                "2025-05-16 2025-06-30 46 11.15 365 9.976959",
                "2025-07-01 2025-07-20 20 10.15 365 3.948767",
            ],
            Said(interest)
        );
        Assert.Equal(30.56m, interest.Amount);
    }

    [Fact]
    public void The_days_are_counted_as_a_published_calculation_across_a_leap_year_counts_them()
    {
        // Digineo's Verzugszinsrechner (README): 1,500 from 15 Sep 2009 to 17 Feb 2012, 8.12 and in the second half of 2011 8.37: 36.0395,
        // 60.3995, 61.4005, 60.3995, 63.2910, 15.9738 (48 days of 366), together 297.50.
        var rates = InterestRates.Of([
            .. new[] { "2009-07-01", "2010-01-01", "2010-07-01", "2011-01-01", "2011-07-01", "2012-01-01" }.Select(half => new HalfYearRate
            {
                HalfYear = Day(half),
                MainRefinancingRate = half == "2011-07-01" ? 0.37m : 0.12m,
                Source = "Basiszinssatz",
            }),
        ]);

        var interest = LateInterest.Of(_ => 1_500m, Day("2009-09-15"), Day("2012-02-17"), rates, Currency.Eur);

        Assert.Equal([108, 181, 184, 181, 184, 48], interest.Pieces.Select(piece => piece.Days));
        Assert.Equal(
            [36.0395m, 60.3995m, 61.4005m, 60.3995m, 63.2910m, 15.9738m],
            interest.Pieces.Select(piece => decimal.Round(piece.Interest, 4, MidpointRounding.AwayFromZero))
        );
        Assert.Equal(297.50m, interest.Amount);
    }

    [Fact]
    public void A_whole_leap_year_owes_a_year_and_no_day_more()
    {
        // Resolution of the TEAC of 23 February 2010: 366 days of a leap year are one year. 2024: 182 days at 12.50 and 184 at 12.25.
        var interest = Of(36_600m, "2023-12-31", "2024-12-31");

        Assert.Equal([182, 184], interest.Pieces.Select(piece => piece.Days));
        // 100 a day of each percent: 182 × 12.5 + 184 × 12.25 = 2,275 + 2,254.
        Assert.Equal(4_529.00m, interest.Amount);
    }

    [Fact]
    public void Nothing_is_owed_on_the_due_date_and_one_day_on_the_next()
    {
        Assert.Equal(0.00m, Of(3_650m, "2025-03-31", "2025-03-31").Amount);
        // 3,650 × 0.1115 / 365 = 1.115.
        Assert.Equal(1.12m, Of(3_650m, "2025-03-31", "2025-04-01").Amount);
    }

    [Fact]
    public void What_is_taken_back_owes_again_and_what_was_credited_never_owed()
    {
        var invoice = Late(1_000m, "2025-01-31");
        var history = Of(
            invoice,
            Told.Allocated(invoice, 2, 600m) with
            {
                AllocatedAt = At("2025-03-01T12:00:00+01:00"),
                Cause = "credit",
                CorrectiveInvoiceId = InvoiceId.New(),
            },
            Told.Allocated(invoice, 3, 0m) with
            {
                AllocatedAt = At("2025-03-10T12:00:00+01:00"),
            },
            Told.Allocated(invoice, 4, 600m) with
            {
                AllocatedAt = At("2025-03-20T12:00:00+01:00"),
                Cause = "reversal",
            }
        );

        var interest = LateInterest.Of(history, DateOnly.MinValue, Day("2025-03-31"), InterestRates.Known, Madrid);

        // 600 × 0.1115 × (38 + 11)/365 = 8.981095….
        Assert.Equal(["2025-02-01 2025-03-10 38 11.15 365 6.964932", "2025-03-21 2025-03-31 11 11.15 365 2.016164"], Said(interest));
        Assert.Equal(8.98m, interest.Amount);
    }

    [Fact]
    public void A_transfer_owes_until_the_banks_day_and_not_until_the_import()
    {
        // 3,650 × 0.1115 × 10/365 = 11.15.
        var invoice = Late(3_650m, "2025-03-31");
        var history = Of(
            invoice,
            Told.Allocated(invoice, 2, 0m) with
            {
                ReceivedAt = At("2025-04-10T00:00:00+02:00"),
                AllocatedAt = At("2025-04-14T09:00:00+02:00"),
            }
        );

        var interest = LateInterest.Of(history, DateOnly.MinValue, Day("2025-04-30"), InterestRates.Known, Madrid);

        var piece = Assert.Single(interest.Pieces);
        Assert.Equal((Day("2025-04-10"), 10), (piece.Until, piece.Days));
        Assert.Equal(11.15m, interest.Amount);
    }

    [Fact]
    public void Another_invoices_credit_pays_on_the_day_it_is_put_on_the_invoice()
    {
        // 29 days on 1,000 at 11.15 = 8.858904…, 9 days on 600 = 1.649589….
        var invoice = Late(1_000m, "2025-01-31");
        var history = Of(
            invoice,
            Told.Allocated(invoice, 2, 600m) with
            {
                AllocatedAt = At("2025-03-01T12:00:00+01:00"),
                Cause = "credit",
            }
        );

        var interest = LateInterest.Of(history, DateOnly.MinValue, Day("2025-03-10"), InterestRates.Known, Madrid);

        Assert.Equal(["2025-02-01 2025-03-01 29 11.15 365 8.858904", "2025-03-02 2025-03-10 9 11.15 365 1.649589"], Said(interest));
        Assert.Equal(10.51m, interest.Amount);
    }

    [Fact]
    public void A_correction_that_is_undone_was_owed_all_along()
    {
        // 59 days on 1,000 at 11.15 = 18.023287….
        var invoice = Late(1_000m, "2025-01-31");
        var corrective = InvoiceId.New();
        var history = Of(
            invoice,
            Told.Allocated(invoice, 2, 600m) with
            {
                AllocatedAt = At("2025-03-01T12:00:00+01:00"),
                Cause = "credit",
                CorrectiveInvoiceId = corrective,
            },
            Told.Allocated(invoice, 3, 1_000m) with
            {
                AllocatedAt = At("2025-03-20T12:00:00+01:00"),
                Cause = "undone",
                CorrectiveInvoiceId = corrective,
            }
        );

        var interest = LateInterest.Of(history, DateOnly.MinValue, Day("2025-03-31"), InterestRates.Known, Madrid);

        Assert.Equal(["2025-02-01 2025-03-31 59 11.15 365 18.023288"], Said(interest));
    }

    [Fact]
    public void Days_whose_rate_is_not_known_make_no_figure_and_it_is_said_from_when()
    {
        var interest = Of(1_000m, "2026-06-20", "2026-07-31");

        Assert.Null(interest.Amount);
        Assert.Equal(Day("2026-07-01"), interest.UnknownFrom);

        var kept = new HalfYearRate
        {
            HalfYear = Day("2026-07-01"),
            MainRefinancingRate = 2m,
            Source = "for this test",
        };
        var known = LateInterest.Of(_ => 1_000m, Day("2026-06-21"), Day("2026-07-31"), InterestRates.Known.With([kept]), Currency.Eur);
        // 10 days at 10.15 and 31 at 10.00: 2.780821… + 8.493150….
        Assert.Equal(11.27m, known.Amount);
    }

    [Fact]
    public void The_operators_rate_does_not_replace_one_that_is_known()
    {
        var rates = InterestRates.Known.With([
            new HalfYearRate
            {
                HalfYear = Day("2025-01-01"),
                MainRefinancingRate = 20m,
                Source = "a mistake",
            },
        ]);

        Assert.Equal(11.15m, rates.RateOn(Day("2025-02-02")));
    }

    [Fact]
    public void Of_one_day_late_the_compensation_is_owed_once_and_interest_goes_on_after_what_was_claimed()
    {
        var history = Of(Late(1_000m, "2025-03-31"));

        var first = Claimable.Of(history, InterestRates.Known, Madrid, Day("2025-04-30"), null, false);
        var second = Claimable.Of(history, InterestRates.Known, Madrid, Day("2025-05-10"), Day("2025-04-30"), true);
        var punctual = Claimable.Of(history, InterestRates.Known, Madrid, Day("2025-03-31"), null, false);

        // 1,000 × 0.1115 × 30/365 = 9.164383…; ten days 3.054794….
        Assert.Equal([("interest", 9.16m), ("recovery", 40.00m)], first.Claims.Select(claim => (claim.Kind, claim.Amount)));
        Assert.Equal([("interest", 3.05m)], second.Claims.Select(claim => (claim.Kind, claim.Amount)));
        Assert.Equal((Day("2025-05-01"), Day("2025-05-10")), (second.Claims[0].From, second.Claims[0].Until));
        Assert.Empty(punctual.Claims);
    }

    private static LateInterest Of(decimal amount, string due, string until) =>
        LateInterest.Of(Of(Late(amount, due)), DateOnly.MinValue, Day(until), InterestRates.Known, Madrid);

    private static InvoiceIssued Late(decimal amount, string due) =>
        Told.Invoice("s1", amount, dueDate: Day(due)) with
        {
            IssuedAt = new DateTimeOffset(Day(due).AddDays(-30), TimeOnly.MinValue, TimeSpan.Zero),
        };

    private static ReceivableHistory Of(InvoiceIssued invoice, params PaymentAllocated[] allocated)
    {
        var receivable = allocated
            .Aggregate(
                new Receivable { SellerId = invoice.SellerId, InvoiceId = invoice.InvoiceId }.With(invoice),
                (known, each) => known.With(each)
            )
            .Following(Told.At);
        return ReceivableHistory.Of(receivable, allocated.Select(ReceivableChange.Of));
    }

    private static IEnumerable<string> Said(LateInterest interest) =>
        interest.Pieces.Select(piece =>
            FormattableString.Invariant(
                $"{piece.From:yyyy-MM-dd} {piece.Until:yyyy-MM-dd} {piece.Days} {piece.Rate} {piece.DaysInYear} {decimal.Round(piece.Interest, 6, MidpointRounding.AwayFromZero)}"
            )
        );

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
