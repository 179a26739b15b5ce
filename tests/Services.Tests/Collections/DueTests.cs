using RetailInvoicing.Collections.Dunning;
using RetailInvoicing.Collections.Policies;
using RetailInvoicing.Collections.Receivables;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>Which steps are due, from facts and an instant alone. The due date is Monday 1 June 2026.</summary>
public sealed class DueTests
{
    private static readonly StepBody Before = DunningSample.Step("before", -3);
    private static readonly StepBody First = DunningSample.Step("first", 1);
    private static readonly StepBody Second = DunningSample.Step("second", 8);
    private static readonly StepBody Last = DunningSample.Step("last", 20);
    private static readonly Policy Usual = DunningSample.Policy(Before, First, Second, Last);

    [Theory]
    [InlineData("2026-05-29T09:59:59+02:00", "before wait not-yet")]
    [InlineData("2026-05-29T10:00:00+02:00", "first wait not-yet; before send email")]
    [InlineData("2026-05-31T23:00:00+02:00", "first wait not-yet; before send email")]
    // What will be due is not said of what was.
    [InlineData("2026-06-02T09:00:00+02:00", "before skip missed; first wait not-yet")]
    [InlineData("2026-06-02T10:00:00+02:00", "before skip missed; second wait not-yet; first send email")]
    // A week asleep: the latest alone, never both.
    [InlineData("2026-06-09T10:00:00+02:00", "before skip missed; first skip superseded; last wait not-yet; second send email")]
    // Seven days of catching up, and not one more.
    [InlineData("2026-06-16T23:59:00+02:00", "before skip missed; first skip missed; last wait not-yet; second send email")]
    [InlineData("2026-06-17T00:00:00+02:00", "before skip missed; first skip missed; second skip missed; last wait not-yet")]
    [InlineData("2026-06-21T10:00:00+02:00", "before skip missed; first skip missed; second skip missed; last send email")]
    public void Of_several_that_are_due_the_latest_goes(string now, string decisions) =>
        Assert.Equal(decisions, Decide(DunningSample.Item(), now));

    [Theory]
    // Said on that day, under a name that the policy had before; and by a policy that let the hour be learned.
    [InlineData("2026-06-02T10:00:00+02:00", "before skip superseded; first skip superseded; second wait not-yet")]
    [InlineData("2026-06-02T00:00:00+02:00", "before skip superseded; first skip superseded; second wait not-yet")]
    [InlineData("2026-06-01T23:59:00+02:00", "before skip superseded; second wait not-yet; first send email")]
    public void What_an_older_policy_said_of_a_day_is_not_said_again_under_another_name(string served, string decisions)
    {
        var known = new Dictionary<string, StepStanding>
        {
            ["older"] = new()
            {
                Step = "older",
                State = StepState.Sent,
                DueAt = DunningSample.At(served),
            },
            // What was skipped has said nothing.
            ["skipped"] = new()
            {
                Step = "skipped",
                State = StepState.Skipped,
                DueAt = DunningSample.At("2026-06-21T10:00:00+02:00"),
            },
        };

        Assert.Equal(decisions, DunningSample.Words(Of(DunningSample.Item(), Usual, "2026-06-02T12:00:00+02:00", known)));
    }

    [Theory]
    [InlineData("ES-28", "2026-06-02T08:00:00Z")]
    [InlineData("ES-35", "2026-06-02T09:00:00Z")]
    [InlineData("US-NY", "2026-06-02T14:00:00Z")]
    [InlineData("US-CA", "2026-06-02T17:00:00Z")]
    public void A_step_comes_at_its_hour_of_the_customers_place(string place, string at)
    {
        var item = DunningSample.Item(place);
        var policy = DunningSample.Policy(First);

        Assert.Equal("first wait not-yet", Decide(item, policy, DunningSample.At(at).AddSeconds(-1)));
        Assert.Equal("first send email", Decide(item, policy, DunningSample.At(at)));
    }

    [Fact]
    public void A_step_goes_once_and_one_before_it_never_after_it()
    {
        Assert.Equal(
            "before skip superseded; last wait not-yet; second send email",
            DunningSample.Words(
                Of(DunningSample.Item(), Usual, "2026-06-09T12:00:00+02:00", DunningSample.Known(("first", StepState.Sent)))
            )
        );
        Assert.Equal(
            "before skip superseded; first skip superseded; last wait not-yet",
            DunningSample.Words(
                Of(DunningSample.Item(), Usual, "2026-06-09T12:00:00+02:00", DunningSample.Known(("second", StepState.Sent)))
            )
        );
        Assert.Equal(
            "",
            DunningSample.Words(
                Of(
                    DunningSample.Item(),
                    Usual,
                    "2026-07-09T12:00:00+02:00",
                    DunningSample.Known(
                        ("before", StepState.Sent),
                        ("first", StepState.Skipped),
                        ("second", StepState.Skipped),
                        ("last", StepState.Sent)
                    )
                )
            )
        );
    }

    [Fact]
    public void What_is_to_be_skipped_has_its_one_day()
    {
        var policy = DunningSample.Policy(First with { Missed = "skip" });

        Assert.Equal("first send email", Decide(DunningSample.Item(), policy, DunningSample.At("2026-06-02T23:59:59+02:00")));
        Assert.Equal("first skip missed", Decide(DunningSample.Item(), policy, DunningSample.At("2026-06-03T00:00:00+02:00")));
    }

    [Fact]
    public void Its_one_day_is_the_first_on_which_the_customer_is_written_to()
    {
        // Due on Friday 5 June; the day after is a Saturday, and short messages wait for Monday.
        var policy = DunningSample.Policy(DunningSample.Step("first", 1, channels: ["sms"]) with { Missed = "skip" });
        var item = DunningSample.Item(due: new DateOnly(2026, 6, 5));

        Assert.Equal("first wait hours", Decide(item, policy, DunningSample.At("2026-06-06T12:00:00+02:00")));
        Assert.Equal("first send sms", Decide(item, policy, DunningSample.At("2026-06-08T09:00:00+02:00")));
        Assert.Equal("first skip missed", Decide(item, policy, DunningSample.At("2026-06-09T09:00:00+02:00")));
    }

    [Fact]
    public void One_that_was_looked_at_in_time_and_had_to_wait_was_not_missed()
    {
        var policy = DunningSample.Policy(First);
        var known = DunningSample.Known(("first", StepState.Planned));

        Assert.Equal("first send email", DunningSample.Words(Of(DunningSample.Item(), policy, "2026-08-01T12:00:00+02:00", known)));
        Assert.Equal("first skip missed", Decide(DunningSample.Item(), policy, DunningSample.At("2026-08-01T12:00:00+02:00")));
    }

    [Fact]
    public void A_step_before_the_due_date_does_not_follow_the_invoice_on_its_heels()
    {
        var item = DunningSample.Item() with { IssueDate = new DateOnly(2026, 5, 30) };

        Assert.Equal("before skip before-issue; first wait not-yet", Decide(item, "2026-05-31T10:00:00+02:00"));
    }

    [Fact]
    public void A_hold_keeps_everything_back_until_it_ends()
    {
        var held = DunningSample.Item() with
        {
            Holds =
            [
                new StandingHold
                {
                    HoldId = Guid.Empty,
                    Reason = "roto",
                    Until = new DateOnly(2026, 6, 5),
                },
            ],
        };
        var forever = held with { Holds = [.. held.Holds, new StandingHold { HoldId = Guid.Empty, Reason = "juicio" }] };
        var (one, other) = (Single(held, "2026-06-02T10:00:00+02:00"), Single(forever, "2026-06-02T10:00:00+02:00"));

        Assert.Equal(
            (StepVerdict.Wait, StepReason.Hold, DunningSample.At("2026-06-06T00:00:00+02:00")),
            (one.Verdict, one.Reason, one.Until)
        );
        Assert.Equal((StepVerdict.Wait, StepReason.Hold, null), (other.Verdict, other.Reason, other.Until));
    }

    [Theory]
    [InlineData("9000-01-02")]
    [InlineData("9999-12-31")]
    public void A_hold_until_another_age_stands_until_it_is_released_and_stops_nobody_else(string until)
    {
        var held = DunningSample.Item() with
        {
            Holds =
            [
                new StandingHold
                {
                    HoldId = Guid.Empty,
                    Reason = "nunca",
                    Until = DateOnly.Parse(until, System.Globalization.CultureInfo.InvariantCulture),
                },
            ],
        };
        var waits = Single(held, "2026-06-02T10:00:00+02:00");

        Assert.Equal((StepVerdict.Wait, StepReason.Hold, null), (waits.Verdict, waits.Reason, waits.Until));
    }

    [Fact]
    public void The_built_in_policy_goes_by_the_sellers_clock_and_waits_for_a_promise_by_the_customers()
    {
        var promised = DunningSample.Item("US-NY") with { OpenPromise = new OpenPromise(new DateOnly(2026, 6, 4), 121m) };
        // In Madrid the promised day is over.
        var waits = Assert.Single(Of(promised, Policy.BuiltIn, "2026-06-05T00:00:00+02:00"));

        Assert.Equal((StepReason.Promise, DunningSample.At("2026-06-05T00:00:00-04:00")), (waits.Reason, waits.Until));
        Assert.Equal("reminder-1 send email", DunningSample.Words(Of(promised, Policy.BuiltIn, "2026-06-05T00:00:00-04:00")));
    }

    [Fact]
    public void A_promise_of_a_part_pauses_nothing_but_that_part()
    {
        var promised = DunningSample.Item() with { OpenPromise = new OpenPromise(new DateOnly(2026, 6, 4), 60m) };

        Assert.Equal(StepVerdict.Send, Single(promised, "2026-06-02T10:00:00+02:00").Verdict);
        // What is not promised is disputed.
        Assert.Equal(StepReason.Promise, Single(promised with { DisputedAmount = 61m }, "2026-06-02T10:00:00+02:00").Reason);
        Assert.Equal(StepVerdict.Send, Single(promised with { DisputedAmount = 60m }, "2026-06-02T10:00:00+02:00").Verdict);
    }

    [Fact]
    public void A_promise_is_waited_for_to_the_end_of_its_day_where_the_customer_is()
    {
        var promised = DunningSample.Item("US-NY") with { OpenPromise = new OpenPromise(new DateOnly(2026, 6, 4), 121m) };
        var waits = Single(promised, "2026-06-02T10:00:00-04:00");

        Assert.Equal((StepReason.Promise, DunningSample.At("2026-06-05T00:00:00-04:00")), (waits.Reason, waits.Until));
        Assert.Equal(StepReason.Promise, Single(promised, "2026-06-04T23:59:59-04:00").Reason);
        Assert.Equal(StepVerdict.Send, Single(promised, "2026-06-05T00:00:00-04:00").Verdict);
    }

    [Fact]
    public void What_is_disputed_is_not_asked_for_and_the_rest_is()
    {
        var partly = DunningSample.Item() with { DisputedAmount = 21m };

        Assert.Equal(100m, partly.AskedAmount);
        Assert.Equal(StepVerdict.Send, Single(partly, "2026-06-02T10:00:00+02:00").Verdict);
        Assert.Equal(StepReason.Disputed, Single(partly with { DisputedAmount = 121m }, "2026-06-02T10:00:00+02:00").Reason);
    }

    [Fact]
    public void The_first_channel_that_reaches_the_customer_is_taken_and_none_twice()
    {
        var policy = DunningSample.Policy(DunningSample.Step("first", 1, channels: ["email", "sms", "whatsapp"]));
        const string Now = "2026-06-02T10:00:00+02:00";
        var item = DunningSample.Item();
        var closed = new HashSet<(string, string)> { ("email", "clara@example.com") };
        var tried = new Dictionary<string, StepStanding>
        {
            ["first"] = new()
            {
                Step = "first",
                State = StepState.Planned,
                Tried = ["email", "sms"],
            },
        };

        Assert.Equal("first send email", DunningSample.Words(Of(item, policy, Now)));
        Assert.Equal("first send sms", DunningSample.Words(Of(item with { Email = null }, policy, Now)));
        Assert.Equal("first send sms", DunningSample.Words(Due.Of(item, policy, null, [], closed, DunningSample.At(Now))));
        Assert.Equal("first send whatsapp", DunningSample.Words(Of(item, policy, Now, tried)));
        Assert.Equal("first skip undeliverable", DunningSample.Words(Of(item with { Phone = null }, policy, Now, tried)));
        Assert.Equal("first skip no-address", DunningSample.Words(Of(item with { Email = null, Phone = null }, policy, Now)));
    }

    [Theory]
    [InlineData("600 12 31 23")]
    [InlineData("+34 600-123-123")]
    [InlineData("0034600123123")]
    public void A_number_that_a_message_came_back_from_is_closed_however_the_invoice_writes_it(string phone)
    {
        var policy = DunningSample.Policy(DunningSample.Step("first", 1, channels: ["sms", "email"]));
        // As Delivery tells of it.
        var closed = new HashSet<(string, string)> { ("sms", "+34600123123") };
        var decisions = Due.Of(
            DunningSample.Item() with
            {
                Phone = phone,
            },
            policy,
            null,
            [],
            closed,
            DunningSample.At("2026-06-02T10:00:00+02:00")
        );

        Assert.Equal("first send email", DunningSample.Words(decisions));
    }

    [Fact]
    public void A_telephone_is_quiet_at_night_and_a_mail_wakes_nobody()
    {
        var sms = DunningSample.Policy(DunningSample.Step("first", 1, "22:00", ["sms"]));
        var mail = DunningSample.Policy(DunningSample.Step("first", 1, "22:00"));
        var waits = Due.Of(DunningSample.Item(), sms, null, [], DunningSample.NothingClosed, DunningSample.At("2026-06-02T22:00:00+02:00"))[
            0
        ];

        Assert.Equal((StepReason.Hours, DunningSample.At("2026-06-03T09:00:00+02:00")), (waits.Reason, waits.Until));
        Assert.Equal("first send email", Decide(DunningSample.Item(), mail, DunningSample.At("2026-06-02T22:00:00+02:00")));
    }

    [Fact]
    public void A_full_cap_waits_until_the_oldest_message_is_out_of_the_window()
    {
        var policy = Policy.Of(
            "p1",
            1,
            DunningSample.Body(First) with
            {
                Cap = new CapBody { Messages = 2, PerDays = 7 },
            }
        );
        DateTimeOffset[] messages =
        [
            DunningSample.At("2026-05-20T10:00:00+02:00"),
            DunningSample.At("2026-05-28T10:00:00+02:00"),
            DunningSample.At("2026-05-30T10:00:00+02:00"),
        ];
        var waits = Due.Of(
            DunningSample.Item(),
            policy,
            null,
            messages,
            DunningSample.NothingClosed,
            DunningSample.At("2026-06-02T10:00:00+02:00")
        )[0];

        Assert.Equal((StepReason.Cap, DunningSample.At("2026-06-04T10:00:01+02:00")), (waits.Reason, waits.Until));
        Assert.Equal(
            StepVerdict.Send,
            Due.Of(
                DunningSample.Item(),
                policy,
                DunningSample.Known(("first", StepState.Planned)),
                messages,
                DunningSample.NothingClosed,
                waits.Until!.Value
            )[0].Verdict
        );
    }

    [Fact]
    public void A_seller_that_nobody_has_told_of_has_no_clock()
    {
        var item = DunningSample.Item() with { Place = null, SellerZone = null };

        Assert.Equal("before wait no-zone", Decide(item, "2026-06-09T10:00:00+02:00"));
    }

    [Fact]
    public void Without_a_policy_there_is_one_reminder_from_the_sellers_midnight_on_however_late()
    {
        var item = DunningSample.Item("US-NY");

        Assert.Equal("reminder-1 wait not-yet", DunningSample.Words(Of(item, Policy.BuiltIn, "2026-06-01T23:59:59+02:00")));
        Assert.Equal("reminder-1 send email", DunningSample.Words(Of(item, Policy.BuiltIn, "2026-06-02T00:00:00+02:00")));
        Assert.Equal("reminder-1 send email", DunningSample.Words(Of(item, Policy.BuiltIn, "2031-01-01T00:00:00+02:00")));
        Assert.Same(Policy.BuiltIn, Policy.For(item, []));
    }

    [Fact]
    public void A_due_date_of_another_age_is_never_due() =>
        Assert.Empty(Of(DunningSample.Item(due: new DateOnly(9999, 12, 31)), Usual, "2026-06-09T10:00:00+02:00"));

    private static string Decide(OpenItem item, string now) => DunningSample.Words(Of(item, Usual, now));

    private static string Decide(OpenItem item, Policy policy, DateTimeOffset now) =>
        DunningSample.Words(Due.Of(item, policy, null, [], DunningSample.NothingClosed, now));

    private static StepDecision Single(OpenItem item, string now) => Assert.Single(Of(item, DunningSample.Policy(First), now));

    private static IReadOnlyList<StepDecision> Of(
        OpenItem item,
        Policy policy,
        string now,
        IReadOnlyDictionary<string, StepStanding>? known = null
    ) => Due.Of(item, policy, known, [], DunningSample.NothingClosed, DunningSample.At(now));
}
