using RetailInvoicing.Collections.Promises;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;

namespace RetailInvoicing.Services.Tests.Collections;

public sealed class PromiseTests
{
    private static readonly InvoiceIssued Invoice = Told.Invoice("s1", 100m);

    // Told.At is 10:15 in Madrid on 23 November 2026.
    private static readonly DateOnly MadeOn = DateOnly.FromDateTime(Told.At.DateTime);

    [Fact]
    public void Money_on_the_promised_day_is_in_time_until_its_last_instant_in_the_customers_zone()
    {
        var promise = Promise(MadeOn, 100m, zone: "Atlantic/Canary");
        var midnight = new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(midnight, promise.Ends);
        Assert.Equal(PromiseStanding.Kept, Standing(promise, midnight, Paid(0m, midnight.AddTicks(-1))));
        Assert.Equal(PromiseStanding.Broken, Standing(promise, midnight, Paid(0m, midnight)));
        Assert.Equal(PromiseStanding.Open, Standing(promise, midnight.AddTicks(-1)));
        // In Madrid it was over an hour before.
        Assert.Equal(
            PromiseStanding.Broken,
            Standing(promise with { TimeZone = "Europe/Madrid" }, midnight, Paid(0m, midnight.AddMinutes(-1)))
        );
    }

    [Theory]
    // The nights of clock changes: the day ends when the next one begins there.
    [InlineData("Europe/Madrid", "2026-03-28", "2026-03-28T23:00:00Z")]
    [InlineData("Europe/Madrid", "2026-03-29", "2026-03-29T22:00:00Z")]
    [InlineData("Europe/Madrid", "2026-10-25", "2026-10-25T23:00:00Z")]
    [InlineData("America/New_York", "2026-11-01", "2026-11-02T05:00:00Z")]
    // Midnight is skipped: the next day begins at one.
    [InlineData("Africa/Cairo", "2026-04-23", "2026-04-23T22:00:00Z")]
    public void A_promised_day_ends_when_the_next_one_begins_there(string zone, string day, string instant) =>
        Assert.Equal(
            DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture),
            SellerDay.EndOf(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), zone)
        );

    [Fact]
    public void Some_of_it_in_time_is_a_part_kept_and_money_from_before_is_not_counted()
    {
        var promise = Promise(MadeOn.AddDays(2), 60m) with { MadeAt = Told.At.AddHours(2) };
        var over = Told.At.AddDays(5);

        var judged = Judge([promise], over, Paid(70m, Told.At.AddHours(1)), Paid(50m, Told.At.AddDays(1)), Paid(0m, Told.At.AddDays(4)));

        Assert.Equal((PromiseStanding.Partial, 20m), (judged[0].Standing, judged[0].KeptAmount));
    }

    [Fact]
    public void The_oldest_promise_has_the_money_first_and_no_euro_is_counted_twice()
    {
        var (first, second) = (Promise(MadeOn.AddDays(2), 40m), Promise(MadeOn.AddDays(3), 40m) with { MadeAt = Told.At.AddHours(3) });

        var judged = Judge([second, first], Told.At.AddDays(6), Paid(50m, Told.At.AddDays(1)));

        Assert.Equal(
            [(first.PromiseId, PromiseStanding.Kept, 40m), (second.PromiseId, PromiseStanding.Partial, 10m)],
            judged.Select(each => (each.Promise.PromiseId, each.Standing, each.KeptAmount))
        );
    }

    [Fact]
    public void Money_that_the_older_promise_could_not_wait_for_is_the_newer_ones()
    {
        var (first, second) = (Promise(MadeOn.AddDays(1), 40m), Promise(MadeOn.AddDays(4), 40m));

        var judged = Judge([first, second], Told.At.AddDays(9), Paid(60m, Told.At.AddDays(3)));

        Assert.Equal([PromiseStanding.Broken, PromiseStanding.Kept], judged.Select(each => each.Standing));
    }

    [Fact]
    public void What_the_bank_took_back_by_then_has_not_come_and_what_it_takes_back_later_had()
    {
        var promise = Promise(MadeOn.AddDays(3), 100m);
        var paid = Paid(0m, Told.At.AddDays(1));

        Assert.Equal(
            PromiseStanding.Broken,
            Standing(promise, Told.At.AddDays(9), paid, Paid(100m, Told.At.AddDays(2)) with { Cause = "reversal" })
        );
        Assert.Equal(
            PromiseStanding.Kept,
            Standing(promise, Told.At.AddDays(9), paid, Paid(100m, Told.At.AddDays(5)) with { Cause = "reversal" })
        );
    }

    [Theory]
    // As the bank books it: at the beginning of its day in Madrid.
    [InlineData("2026-11-25", PromiseStanding.Kept)]
    [InlineData("2026-11-26", PromiseStanding.Broken)]
    // On its way when the word was given, and on no invoice yet.
    [InlineData("2026-11-22", PromiseStanding.Kept)]
    public void A_transfer_counts_on_the_banks_day_however_late_it_is_put_on_the_invoice(string received, PromiseStanding standing)
    {
        var day = DateOnly.Parse(received, System.Globalization.CultureInfo.InvariantCulture);
        var booked = Paid(0m, Told.At.AddDays(4)) with { ReceivedAt = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.FromHours(1)) };

        Assert.Equal(standing, Standing(Promise(new DateOnly(2026, 11, 25), 100m), Told.At.AddDays(5), booked));
        // Whoever looks before it is booked does not know of it.
        Assert.Equal(PromiseStanding.Broken, Standing(Promise(new DateOnly(2026, 11, 25), 100m), Told.At.AddDays(3)));
    }

    [Fact]
    public void Where_nothing_is_due_any_more_nothing_that_was_promised_is_missing()
    {
        // Paid but for what a corrective invoice took off.
        var promise = Promise(MadeOn.AddDays(3), 100m);

        var judged = Judge(
            [promise],
            Told.At.AddDays(9),
            Paid(30m, Told.At.AddMinutes(-1)) with
            {
                Cause = "credit",
            },
            Paid(0m, Told.At.AddDays(1))
        );

        Assert.Equal((PromiseStanding.Kept, 100m), (judged[0].Standing, judged[0].KeptAmount));
    }

    [Fact]
    public void A_single_promise_says_little_of_a_customer_and_many_say_much()
    {
        Assert.Equal(0.5m, PromiseScore.Of(0, 0, 0).KeptShare);
        Assert.Equal(0.667m, PromiseScore.Of(1, 0, 0).KeptShare);
        Assert.Equal(0.333m, PromiseScore.Of(0, 0, 1).KeptShare);
        Assert.Equal(0.952m, PromiseScore.Of(19, 0, 0).KeptShare);
        Assert.Equal(0.5m, PromiseScore.Of(0, 4, 0).KeptShare);
    }

    [Theory]
    [InlineData("2026-11-22", "10", "COL-PROMISE-01")]
    [InlineData("2026-11-23", "10", null)]
    [InlineData("2030-01-01", "10", "COL-PROMISE-02")]
    [InlineData("2026-12-01", "0", "COL-PROMISE-03")]
    [InlineData("2026-12-01", "-1", "COL-PROMISE-03")]
    [InlineData("2026-12-01", "100.01", "COL-PROMISE-03")]
    [InlineData("2026-12-01", "10.005", "COL-PROMISE-03")]
    [InlineData("2026-12-01", "100", null)]
    public void A_promise_is_of_a_day_to_come_and_of_money_that_is_due(string date, string amount, string? code) =>
        Assert.Equal(
            code,
            PromisePlan.Check(Instalment(date, Number(amount)), 100m, Currency.Eur, MadeOn, PromisePlan.MostDays)?.Code.Code
        );

    [Fact]
    public void A_plan_ascends_is_not_past_and_sums_to_what_is_due()
    {
        Assert.Null(Check(Instalment("2026-11-30", 40m), Instalment("2026-12-30", 30m), Instalment("2027-01-30", 30m)));
        Assert.Equal("COL-PLAN-01", Check());
        Assert.Equal("COL-PLAN-01", Check([.. Enumerable.Range(1, 61).Select(i => Instalment("2026-12-01", 1m))]));
        Assert.Equal("COL-PLAN-02", Check(Instalment("2026-12-30", 50m), Instalment("2026-12-30", 50m)));
        Assert.Equal("COL-PLAN-02", Check(Instalment("2026-12-30", 50m), Instalment("2026-12-29", 50m)));
        Assert.Equal("COL-PROMISE-01", Check(Instalment("2026-11-22", 50m), Instalment("2026-12-29", 50m)));
        Assert.Equal("COL-PLAN-03", Check(Instalment("2026-11-30", 50m), Instalment("2026-12-29", 49.99m)));
        Assert.Equal("COL-PLAN-03", Check(Instalment("2026-11-30", 50m), Instalment("2026-12-29", 50.01m)));

        static string? Check(params Instalment[] plan) => PromisePlan.Check(plan, 100m, Currency.Eur, MadeOn)?.Code.Code;
    }

    private static Instalment Instalment(string date, decimal amount) =>
        new() { Date = DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture), Amount = amount };

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static Promise Promise(DateOnly date, decimal amount, string zone = "Europe/Madrid") =>
        new()
        {
            PromiseId = Guid.CreateVersion7(),
            Date = date,
            Amount = amount,
            TimeZone = zone,
            MadeAt = Told.At,
        };

    private static PaymentAllocated Paid(decimal left, DateTimeOffset at) => Told.Allocated(Invoice, 1, left) with { AllocatedAt = at };

    private static PromiseStanding Standing(Promise promise, DateTimeOffset now, params PaymentAllocated[] told) =>
        Judge([promise], now, told)[0].Standing;

    private static IReadOnlyList<JudgedPromise> Judge(Promise[] promises, DateTimeOffset now, params PaymentAllocated[] told)
    {
        var numbered = told.Select((each, i) => each with { BalanceVersion = i + 1 }).ToArray();
        var receivable = numbered
            .Aggregate(
                new Receivable { SellerId = Invoice.SellerId, InvoiceId = Invoice.InvoiceId }.With(Invoice),
                (known, each) => known.With(each)
            )
            .Following(Told.At);
        return RetailInvoicing.Collections.Promises.Promise.Standing(
            promises,
            ReceivableHistory.Of(receivable, numbered.Select(ReceivableChange.Of)),
            now
        );
    }
}
