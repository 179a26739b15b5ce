using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Ageing;
using RetailInvoicing.Reporting.CashFlow;
using RetailInvoicing.Reporting.Dso;
using RetailInvoicing.Reporting.Income;
using RetailInvoicing.Reporting.Views;

namespace RetailInvoicing.Services.Tests.Reporting;

public sealed class MoneyRowsTests
{
    private static readonly DateOnly Monday = new(2026, 11, 23);

    [Theory]
    [InlineData(-400, "current")]
    [InlineData(0, "current")]
    [InlineData(1, "1-30")]
    [InlineData(30, "1-30")]
    [InlineData(31, "31-60")]
    [InlineData(60, "31-60")]
    [InlineData(61, "61-90")]
    [InlineData(90, "61-90")]
    [InlineData(91, "90+")]
    [InlineData(4000, "90+")]
    public void A_bucket_counts_from_the_day_after_the_due_date_and_its_due_dates_are_those(int daysOverdue, string bucket)
    {
        var due = Monday.AddDays(-daysOverdue);

        Assert.Equal(bucket, AgeingBuckets.Of(daysOverdue));
        foreach (var name in AgeingBuckets.Names)
        {
            var (first, last) = AgeingBuckets.DueDates(name, Monday);
            Assert.Equal(name == bucket, (first is null || due >= first) && (last is null || due <= last));
        }
    }

    [Fact]
    public void The_buckets_of_a_currency_are_all_shown_and_sum_to_what_is_owed()
    {
        var rows = AgeingBuckets
            .Rows(
                [Owed(0, 10m, 1), Owed(1, 20.5m, 2), Owed(95, 30m, 1), Owed(200, 5m, 1), Owed(3, 1m, 1, "USD"), Owed(5, 0m, 0, "GBP")],
                Monday
            )
            .ToArray();

        Assert.Equal(
            ["current EUR 10.00 1", "1-30 EUR 20.50 2", "31-60 EUR 0.00 0", "61-90 EUR 0.00 0", "90+ EUR 35.00 2"],
            rows.Where(row => row.Currency == Currency.Eur).Select(row => $"{row.Key} {row.Currency} {row.AmountDue} {row.Receivables}")
        );
        Assert.Equal("USD", Assert.Single(rows.Select(row => row.Currency.Code).Distinct(), code => code != "EUR"));

        static OwedByDueDate Owed(int daysOverdue, decimal amount, long count, string currency = "EUR") =>
            new()
            {
                Due = Monday.AddDays(-daysOverdue),
                Amount = amount,
                Count = count,
                Currency = Currency.Of(currency),
            };
    }

    [Fact]
    public void What_was_owed_before_the_period_is_in_what_is_owed_at_the_end_of_each_group()
    {
        IncomeDay[] days =
        [
            Day(-1, issued: 0m, owed: 500m),
            Day(0, issued: 121m, received: 100m, owed: 21m),
            Day(2, received: 200m, givenBack: 50m, fees: 1.25m, owed: -150m, writtenOff: 0.05m),
            Day(2, owed: -0.05m),
            Day(8, issued: 10m, owed: 10m),
        ];

        Assert.Equal(
            ["2026-11-23 121 100.00 0.00 521.00", "2026-11-25 0 200.00 50.00 370.95", "2026-12-01 10 0.00 0.00 380.95"],
            IncomeRows.By("day", Monday, days).Select(row => $"{row.Key} {row.Issued:0} {row.Received} {row.GivenBack} {row.Outstanding}")
        );
        var week = IncomeRows.By("week", Monday, days).First();
        Assert.Equal(("2026-W48", 250m, 1.25m, 0.05m, 370.95m), (week.Key, week.Collected, week.Fees, week.WrittenOff, week.Outstanding));
        Assert.Equal(["2026-11", "2026-12"], IncomeRows.By("month", Monday, days).Select(row => row.Key));
        // The last days of a year may be of the next one's first week.
        Assert.Equal("2026-W01", IncomeRows.KeyOf("week", new DateOnly(2025, 12, 29)));

        static IncomeDay Day(
            int day,
            decimal issued = 0m,
            decimal received = 0m,
            decimal givenBack = 0m,
            decimal fees = 0m,
            decimal writtenOff = 0m,
            decimal owed = 0m
        ) =>
            new()
            {
                Day = Monday.AddDays(day),
                Currency = Currency.Eur,
                Issued = issued,
                Received = received,
                GivenBack = givenBack,
                Fees = fees,
                WrittenOff = writtenOff,
                Owed = owed,
            };
    }

    [Fact]
    public void Days_of_sales_outstanding_follow_the_window_and_lateness_is_what_is_due_already()
    {
        // 900 sold on credit in September, due in October; 300 in November, due in December. 100 of the first are paid.
        DebtDay[] days =
        [
            new()
            {
                Day = new(2026, 9, 10),
                Due = new(2026, 10, 10),
                Currency = Currency.Eur,
                Issued = 1800m,
                OnCredit = 900m,
                Owed = 900m,
            },
            new()
            {
                Day = new(2026, 10, 20),
                Due = new(2026, 10, 10),
                Currency = Currency.Eur,
                Owed = -100m,
            },
            new()
            {
                Day = new(2026, 11, 5),
                Due = new(2026, 12, 5),
                Currency = Currency.Eur,
                Issued = 300m,
                OnCredit = 300m,
                Owed = 300m,
            },
        ];

        var rows = DsoTrend.By("month", new(2026, 9, 1), new(2026, 12, 15), 90, days).ToArray();

        Assert.Equal(
            [
                // Outstanding, not due, issued, on credit: DSO = outstanding / issued × 90.
                "2026-09 2026-09-30 900.00 900.00 1800.00 900.00 | 45.0 90.0 90.0 0.0",
                "2026-10 2026-10-31 800.00 0.00 1800.00 900.00 | 40.0 80.0 0.0 80.0",
                "2026-11 2026-11-30 1100.00 300.00 2100.00 1200.00 | 47.1 82.5 22.5 60.0",
                // The tenth of September is more than ninety days ago.
                "2026-12 2026-12-15 1100.00 0.00 300.00 300.00 | 330.0 330.0 0.0 330.0",
            ],
            rows.Select(row =>
                $"{row.Key} {row.Date:yyyy-MM-dd} {row.Outstanding} {row.NotDue} {row.Issued} {row.OnCredit} | {row.Dso} {row.DsoOnCredit} {row.BestPossible} {row.DaysLate}"
            )
        );
        Assert.Equal(
            [new DateOnly(2026, 11, 29), new DateOnly(2026, 12, 2)],
            DsoTrend.By("week", new(2026, 11, 25), new(2026, 12, 2), 90, days).Select(row => row.Date)
        );
        Assert.Null(DsoTrend.By("month", new(2027, 6, 1), new(2027, 6, 30), 90, days).Single().Dso);
        Assert.NotEmpty(DsoTrend.By("week", new(9999, 12, 1), DateOnly.MaxValue, 365, days));
    }

    [Fact]
    public void A_forecasts_days_stand_beside_what_came_and_their_bounds_add_up_as_roots_of_squares()
    {
        ForecastPoint[] expected = [Point(0, 100m, 70m, 130m), Point(1, 50m, 10m, 90m), Point(8, 10m, 0m, 20m)];
        CameOnDay[] came =
        [
            new()
            {
                Date = Monday.AddDays(1),
                Currency = Currency.Eur,
                Amount = 60m,
                Count = 2,
            },
        ];

        var days = CashFlowRows.By("day", expected, came).ToArray();
        Assert.Equal(
            ["2026-11-23 100.00 70.00 130.00 0.00", "2026-11-24 50.00 10.00 90.00 60.00", "2026-12-01 10.00 0.00 20.00 0.00"],
            days.Select(row => $"{row.Key} {row.Expected} {row.Low} {row.High} {row.Came}")
        );
        // 30 and 40 to each side together are 50.
        var week = CashFlowRows.By("week", expected, came).First();
        Assert.Equal(("2026-W48", 150m, 100m, 200m, 60m, 2L), (week.Key, week.Expected, week.Low, week.High, week.Came, week.Payments));

        // A forecast that told no interval has none, and what came without one stands alone.
        var plain = Assert.Single(CashFlowRows.By("day", [Point(0, 5m, null, null)], []));
        Assert.Equal((5m, null, null), (plain.Expected, plain.Low, plain.High));
        var alone = Assert.Single(CashFlowRows.By("day", [], came));
        Assert.Equal((null, null, 60m), (alone.Expected, alone.ForecastOf, alone.Came));

        static ForecastPoint Point(int day, decimal amount, decimal? low, decimal? high) =>
            new()
            {
                Date = Monday.AddDays(day),
                Currency = Currency.Eur,
                AsOf = Monday,
                Amount = amount,
                Low = low,
                High = high,
            };
    }

    [Fact]
    public void A_password_is_kept_as_RFC_7677_says()
    {
        Assert.Equal(
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
            ScramVerifier.Of("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="))
        );
    }
}
