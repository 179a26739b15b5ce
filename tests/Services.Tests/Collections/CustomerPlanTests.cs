using RetailInvoicing.Collections.Dunning;
using RetailInvoicing.Collections.Policies;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>What one customer gets at one moment.</summary>
public sealed class CustomerPlanTests
{
    private static readonly StepBody First = DunningSample.Step("first", 1);
    private static readonly StepBody Second = DunningSample.Step("second", 8) with { Template = "firm", Tone = "firm" };

    [Fact]
    public void What_is_due_at_the_same_time_goes_in_one_message_with_the_words_of_the_strictest()
    {
        var plan = Plan(
            DunningSample.Body(First, Second),
            "2026-06-09T10:00:00+02:00",
            DunningSample.Item(),
            DunningSample.Item(due: new DateOnly(2026, 6, 8)),
            DunningSample.Item(due: new DateOnly(2026, 6, 8), currency: "USD"),
            DunningSample.Item(due: new DateOnly(2026, 6, 20))
        );

        Assert.Equal(["EUR 2", "USD 1"], plan.Messages.Select(each => $"{each.Steps[0].Item.Currency.Code} {each.Steps.Count}").Order());
        var euros = plan.Messages.Single(each => each.Steps.Count == 2);
        Assert.Equal(["second", "first"], euros.Steps.Select(step => step.Decision.Step.Step));
        Assert.Equal("second", euros.Words.Step);
        // The two that got the first step come to their second on the 16th, and the youngest to its first on the 21st.
        Assert.Equal(DunningSample.At("2026-06-16T10:00:00+02:00"), plan.NextLook);
    }

    [Fact]
    public void Where_the_policy_says_so_each_invoice_has_a_message_of_its_own_up_to_the_cap()
    {
        var body = DunningSample.Body(First) with
        {
            Consolidate = false,
            Cap = new CapBody { Messages = 2, PerDays = 7 },
        };
        var plan = Plan(body, "2026-06-02T10:00:00+02:00", DunningSample.Item(), DunningSample.Item(), DunningSample.Item());

        Assert.Equal(2, plan.Messages.Count);
        var waits = Assert.Single(plan.Others);
        Assert.Equal((StepVerdict.Wait, StepReason.Cap), (waits.Decision.Verdict, waits.Decision.Reason));
        Assert.Equal(DunningSample.At("2026-06-09T10:00:01+02:00"), plan.NextLook);
    }

    [Fact]
    public void The_strictest_cap_of_those_in_a_message_holds_for_all_of_it()
    {
        var (loose, strict) = (
            Policy.Of("a", 1, DunningSample.Body(First) with { Segment = new SegmentBody { MaxAmount = 100m } }),
            Policy.Of(
                "b",
                1,
                DunningSample.Body(First) with
                {
                    Cap = new CapBody { Messages = 1, PerDays = 30 },
                }
            )
        );
        var state = State([loose, strict], DunningSample.Item(amount: 50m), DunningSample.Item(amount: 500m)) with
        {
            Messages = [DunningSample.At("2026-05-25T10:00:00+02:00")],
        };

        var plan = CustomerPlan.Of(state, DunningSample.At("2026-06-02T10:00:00+02:00"));

        // The one under the strict cap waits by itself; the other goes without it.
        Assert.Equal(50m, Assert.Single(Assert.Single(plan.Messages).Steps).Item.AmountDue);
        Assert.Equal(500m, Assert.Single(plan.Others).Item.AmountDue);
    }

    [Fact]
    public void A_message_tells_of_no_more_invoices_than_anybody_takes()
    {
        var items = Enumerable.Range(0, CustomerPlan.MostInOne + 1).Select(_ => DunningSample.Item()).ToArray();
        var plan = Plan(DunningSample.Body(First), "2026-06-02T10:00:00+02:00", items);

        Assert.Equal([CustomerPlan.MostInOne, 1], plan.Messages.Select(each => each.Steps.Count));
    }

    [Fact]
    public void What_has_a_message_on_its_way_is_left_to_it()
    {
        var item = DunningSample.Item();
        var state = State([DunningSample.Policy(First, Second)], item) with
        {
            Known = new Dictionary<InvoiceId, IReadOnlyDictionary<string, StepStanding>>
            {
                [item.InvoiceId] = new Dictionary<string, StepStanding>
                {
                    ["first"] = new()
                    {
                        Step = "first",
                        State = StepState.Planned,
                        NoticeId = NoticeId.New(),
                    },
                },
            },
        };

        var plan = CustomerPlan.Of(state, DunningSample.At("2026-06-09T10:00:00+02:00"));

        Assert.Empty(plan.Messages);
        Assert.Empty(plan.Others);
        Assert.Null(plan.NextLook);
    }

    [Fact]
    public void A_seller_whose_policies_are_for_others_says_nothing()
    {
        var body = DunningSample.Body(First) with { Segment = new SegmentBody { Business = false } };
        var plan = Plan(body, "2026-06-02T10:00:00+02:00", DunningSample.Item());

        Assert.Empty(plan.Messages);
        Assert.Single(plan.WithoutPolicy);
        Assert.Null(plan.NextLook);
    }

    [Fact]
    public void Of_several_policies_that_fit_the_lowest_priority_holds_and_then_the_first_id()
    {
        Policy Named(string id, int priority) => Policy.Of(id, 1, DunningSample.Body(First) with { Priority = priority });

        Assert.Equal("c", Policy.For(DunningSample.Item(), [Named("a", 5), Named("b", 1), Named("c", 0)])!.PolicyId);
        Assert.Equal("a", Policy.For(DunningSample.Item(), [Named("b", 1), Named("a", 1)])!.PolicyId);
    }

    [Theory]
    [InlineData("ES", true)]
    [InlineData("ES-28", true)]
    [InlineData("ES-35", false)]
    [InlineData("US", false)]
    public void A_segment_of_a_country_holds_its_provinces(string place, bool fits) =>
        Assert.Equal(
            fits,
            Policy.Of("p", 1, DunningSample.Body(First) with { Segment = new SegmentBody { Places = [place] } }).Fits(DunningSample.Item())
        );

    [Fact]
    public void Steps_of_two_years_are_each_sent_once_and_never_closer_than_the_cap_however_often_anyone_looks()
    {
        var body = DunningSample.Body(
            DunningSample.Step("before", -3),
            First,
            Second,
            DunningSample.Step("third", 15),
            DunningSample.Step("final", 30) with
            {
                Template = "final",
            }
        );
        var policy = Policy.Of(
            "p1",
            1,
            body with
            {
                Cap = new CapBody { Messages = 2, PerDays = 7 },
            }
        );
        OpenItem[] items =
        [
            .. Enumerable
                .Range(0, 40)
                .Select(i => DunningSample.Item(i % 2 == 0 ? "ES-35" : "US-NY", new DateOnly(2026, 1, 5).AddDays(i * 13))),
        ];
        var known = items.ToDictionary(item => item.InvoiceId, _ => new Dictionary<string, StepStanding>());
        var (sent, messages) = (new List<(InvoiceId, string)>(), new List<DateTimeOffset>());
        var random = new Random(7);
        for (var at = DunningSample.At("2026-01-01T00:00:00Z"); at < DunningSample.At("2027-12-01T00:00:00Z"); at += Pause(random))
        {
            var plan = CustomerPlan.Of(
                State([policy], items) with
                {
                    Known = known.ToDictionary(each => each.Key, each => (IReadOnlyDictionary<string, StepStanding>)each.Value),
                    Messages = [.. messages],
                },
                at
            );
            foreach (var message in plan.Messages)
            {
                messages.Add(at);
                sent.AddRange(message.Steps.Select(step => (step.Item.InvoiceId, step.Decision.Step.Step)));
            }

            foreach (
                var (step, state) in plan
                    .Others.Select(each => (each, each.Decision.Verdict == StepVerdict.Skip ? StepState.Skipped : StepState.Planned))
                    .Concat(plan.Messages.SelectMany(message => message.Steps).Select(each => (each, StepState.Sent)))
            )
            {
                var name = step.Decision.Step.Step;
                known[step.Item.InvoiceId][name] = new StepStanding { Step = name, State = state };
            }
        }

        Assert.Equal(sent.Count, sent.Distinct().Count());
        Assert.All(messages, message => Assert.InRange(messages.Count(other => other > message.AddDays(-7) && other <= message), 1, 2));
        // Every step of every invoice came to an end, and every invoice had at least one message.
        Assert.All(known, each => Assert.DoesNotContain(each.Value.Values, step => step.State == StepState.Planned));
        Assert.Equal(40, sent.Select(each => each.Item1).Distinct().Count());
    }

    /// <summary>A minute, or a week asleep.</summary>
    private static TimeSpan Pause(Random random) => random.Next(40) == 0 ? TimeSpan.FromDays(7) : TimeSpan.FromMinutes(random.Next(1, 300));

    private static CustomerPlan Plan(PolicyBody body, string now, params OpenItem[] items) =>
        CustomerPlan.Of(State([Policy.Of("p1", 1, body)], items), DunningSample.At(now));

    private static CustomerState State(IReadOnlyList<Policy> policies, params OpenItem[] items) =>
        new()
        {
            Items = items,
            Known = new Dictionary<InvoiceId, IReadOnlyDictionary<string, StepStanding>>(),
            Messages = [],
            Closed = DunningSample.NothingClosed,
            Policies = policies,
        };
}
