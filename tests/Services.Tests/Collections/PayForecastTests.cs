using RetailInvoicing.Collections.Forecasts;
using RetailInvoicing.Collections.Habits;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Services.Tests.Collections;

public sealed class PayForecastTests
{
    private static readonly DateOnly Today = new(2026, 6, 1);

    [Fact]
    public void A_curve_that_was_kept_says_what_the_curve_said()
    {
        var paidBy = Enumerable.Range(0, 366).Select(day => 1 - Math.Pow(0.97, day + 1)).ToArray();
        var curve = PayCurve.Of(paidBy);
        var kept = PayCurve.Kept([.. curve.Days])!;

        Assert.Equal(0, kept.By(-1));
        for (var day = 0; day < 300; day++)
        {
            Assert.Equal(curve.By(day), kept.By(day));
            Assert.True(Math.Abs(curve.By(day) - paidBy[day]) < 0.03, $"day {day}: {curve.By(day)}, not {paidBy[day]}");
            Assert.True(curve.By(day) <= curve.By(day + 1));
        }

        Assert.Null(PayCurve.Kept([1, 2, 3]));
    }

    [Fact]
    public void An_interval_has_no_end_where_the_chance_never_comes_up_to_it()
    {
        var curve = PayCurve.Of(Enumerable.Range(0, 366).Select(day => Math.Min(0.6, 0.01 * day)).ToArray());

        var (from, to) = Calibration.None.Interval(curve);

        Assert.InRange(from, 9, 11);
        Assert.Null(to);
    }

    [Fact]
    public void A_promise_puts_the_chance_that_it_is_kept_on_its_day_and_a_dispute_slows_what_is_disputed()
    {
        var hazard = SellerChances.Unknown.Customer(false, Habit.None);
        PayForecast Of(PayOutlook outlook) => PayForecast.Of(outlook, hazard, Calibration.None, Today);
        var plain = Of(new PayOutlook { DueDate = Today.AddDays(-3) });
        var promised = Of(
            new PayOutlook
            {
                DueDate = Today.AddDays(-3),
                PromisedOn = Today.AddDays(9),
                KeepsPromises = 0.7,
            }
        );
        var disputed = Of(new PayOutlook { DueDate = Today.AddDays(-3), DisputedShare = 1 });

        Assert.Equal(0, promised.Days[..9].Sum(), 9);
        Assert.Equal(0.7, promised.Days[9], 9);
        Assert.Equal(Today.AddDays(9), promised.ExpectedOn);
        Assert.True(disputed.ExpectedOn > plain.ExpectedOn);
        Assert.InRange(plain.Days.Sum(), 0.8, 1.0);
    }

    [Fact]
    public void Levels_are_taken_from_what_came_so_that_curves_that_are_too_narrow_are_widened()
    {
        // The curve believes in ten days; what comes takes twice as long on average.
        var curve = PayCurve.Of(Enumerable.Range(0, 366).Select(day => 1 - Math.Pow(0.9, day + 1)).ToArray());
        var random = new Random(11);
        int Comes() => (int)(Math.Log(1 - random.NextDouble()) / Math.Log(0.95));
        var calibration = Calibration.Of([.. Enumerable.Range(0, 2000).Select(_ => ForecastOutcome.PaidOn(curve, Comes()))]);

        Assert.Equal(0.8, Share(curve, calibration, Comes), 0.03);
        Assert.True(Share(curve, Calibration.None, Comes) < 0.70);
    }

    [Fact]
    public void What_is_open_yet_counts_as_far_as_it_has_come()
    {
        // One in a hundred pays on a day, so that whole days cut a tenth off to within a hundredth.
        var curve = PayCurve.Of(Enumerable.Range(0, 366).Select(day => 1 - Math.Pow(0.98, day + 1)).ToArray());
        var random = new Random(13);
        int Comes() => (int)(Math.Log(1 - random.NextDouble()) / Math.Log(0.99));
        // Looked at after at most so many days: of those who take longer it is known only that they do.
        var looked = Enumerable.Range(0, 4000).Select(_ => (Comes: Comes(), Through: random.Next(300))).ToArray();
        var whole = Calibration.Of([
            .. looked.Select(each =>
                each.Comes <= each.Through ? ForecastOutcome.PaidOn(curve, each.Comes) : ForecastOutcome.OpenThrough(curve, each.Through)
            ),
        ]);
        var paidAlone = Calibration.Of([
            .. looked.Where(each => each.Comes <= each.Through).Select(each => ForecastOutcome.PaidOn(curve, each.Comes)),
        ]);

        Assert.Equal(0.8, Share(curve, whole, Comes), 0.04);
        Assert.True(Share(curve, paidAlone, Comes) < 0.74);
    }

    [Fact]
    public void Before_there_are_fifty_outcomes_the_curve_is_taken_at_its_word()
    {
        var curve = PayCurve.Of(Enumerable.Range(0, 366).Select(day => 1 - Math.Pow(0.9, day + 1)).ToArray());

        var calibration = Calibration.Of([.. Enumerable.Repeat(ForecastOutcome.PaidOn(curve, 100), 49)]);

        Assert.Equal(49, calibration.Outcomes);
        Assert.Equal(0.1, calibration.Lower, 9);
        Assert.Equal(0.9, calibration.Upper, 9);
    }

    [Fact]
    public void Expected_money_of_all_days_is_each_currencys_own_and_no_more_than_what_is_due()
    {
        var hazard = SellerChances.Unknown.Customer(true, Habit.None);
        var forecast = PayForecast.Of(new PayOutlook { DueDate = Today.AddDays(10) }, hazard, Calibration.None, Today);
        var sums = new ForecastSums(Today);
        sums.Add(Currency.Eur, 1000m, forecast);
        sums.Add(Currency.Of("USD"), 50m, forecast);
        sums.Add(Currency.Eur, 500m, forecast);

        var rows = sums.Rows();

        var euros = rows.Where(row => row.Currency == Currency.Eur).Sum(row => row.Amount);
        Assert.InRange(euros, 1000m, 1500m);
        Assert.InRange(rows.Where(row => row.Currency.Code == "USD").Sum(row => row.Amount) * 30m / euros, 0.98m, 1.02m);
        Assert.All(rows, row => Assert.True(row.Date >= Today && row.Date < Today.AddDays(ForecastSums.Days)));
        Assert.All(rows, row => Assert.True(row.Low >= 0m && row.Low <= row.Amount && row.Amount <= row.High && row.High <= 1500m));
    }

    [Fact]
    public void What_comes_on_a_day_lies_between_its_bounds_in_four_cases_of_five()
    {
        var random = new Random(20261123);
        var hazard = SellerChances.Unknown.Customer(true, Habit.None);
        var open = Enumerable
            .Range(0, 400)
            .Select(_ =>
                (
                    Amount: random.Next(1_000, 40_000) / 100m,
                    Forecast: PayForecast.Of(
                        new PayOutlook { DueDate = Today.AddDays(random.Next(1, 30)) },
                        hazard,
                        Calibration.None,
                        Today
                    )
                )
            )
            .ToArray();
        var sums = new ForecastSums(Today);
        foreach (var (amount, forecast) in open)
        {
            sums.Add(Currency.Eur, amount, forecast);
        }

        var day = sums.Rows().MaxBy(row => row.Amount)!;
        var nth = day.Date.DayNumber - Today.DayNumber;
        var held = 0;
        for (var world = 0; world < 2_000; world++)
        {
            var came = open.Where(each => random.NextDouble() < each.Forecast.Days[nth]).Sum(each => each.Amount);
            held += came >= day.Low && came <= day.High ? 1 : 0;
        }

        Assert.InRange(held, 1_500, 1_700);
    }

    private static double Share(PayCurve curve, Calibration calibration, Func<int> comes)
    {
        var (from, to) = calibration.Interval(curve);
        return Enumerable.Range(0, 4000).Select(_ => comes()).Count(day => day >= from && !(day > to)) / 4000.0;
    }
}
