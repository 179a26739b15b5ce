using System.Text.RegularExpressions;
using RetailInvoicing.Collections.Habits;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Collections.Worklist;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Services.Tests.Collections;

public sealed partial class ExpectedGainTests
{
    private static readonly DateOnly Today = new(2026, 6, 1);
    private static readonly OpenItem Item = new()
    {
        SellerId = SellerId.Of("s1"),
        InvoiceId = InvoiceId.New(),
        Number = "F-1",
        CustomerKey = "c1",
        Language = "es",
        Currency = Currency.Eur,
        TotalWithVat = 500m,
        AmountDue = 500m,
        DueDate = Today.AddDays(-20),
        IssueDate = Today.AddDays(-50),
        OpenedAt = new DateTimeOffset(2026, 4, 12, 10, 0, 0, TimeSpan.Zero),
        PaymentReference = "RF18539007547034",
        Phone = "+34600000000",
        Email = "c1@example.com",
    };

    [Fact]
    public void The_gain_is_what_the_act_adds_to_what_would_come_anyway_less_its_cost()
    {
        var debtor = DebtorOf(Item);

        var gain = ExpectedGain.Of(debtor, Today);

        var anyway = debtor.Hazard.Within(Item.DueDate, Today, 60);
        var expected = 500m * (decimal)((1 - anyway) * debtor.Uplift.By(ActKind.Call)) - ActCost.Call;
        Assert.InRange(gain.Amount, expected - 0.02m, expected + 0.02m);
        Assert.Equal(SuggestedAct.Call, gain.Act);
        Assert.Equal(anyway, gain.Anyway, 4);
    }

    public static TheoryData<string> Standing => ["held", "in-flight", "promised", "disputed"];

    [Theory]
    [MemberData(nameof(Standing))]
    public void Nothing_is_gained_and_nothing_suggested_of_what_stands_still(string why)
    {
        var item = why switch
        {
            "held" => Item with { Holds = [new StandingHold { HoldId = Guid.CreateVersion7(), Reason = "Se revisa" }] },
            "promised" => Item with { OpenPromise = new OpenPromise(Today.AddDays(3), 500m) },
            "disputed" => Item with { DisputedAmount = 500m },
            _ => Item,
        };
        var debtor = DebtorOf(item) with
        {
            InFlight =
                why == "in-flight" ? new Dictionary<Guid, decimal> { [Item.InvoiceId.Value] = 0.01m } : new Dictionary<Guid, decimal>(),
        };

        var gain = ExpectedGain.Of(debtor, Today);
        var reasons = Reasons.Of(debtor, gain, Today);

        Assert.Equal((0m, default(SuggestedAct?)), (gain.Amount, gain.Act));
        Assert.Equal(why, Assert.Single(reasons).Code.Code);
        // A second invoice that nothing stands in the way of is worked all the same.
        var other = ExpectedGain.Of(debtor with { Overdue = [item, Item with { InvoiceId = InvoiceId.New() }] }, Today);
        Assert.Equal(ExpectedGain.Of(DebtorOf(Item), Today).Amount, other.Amount);
    }

    [Fact]
    public void Of_what_is_disputed_in_part_the_rest_is_asked_for()
    {
        var whole = ExpectedGain.Of(DebtorOf(Item), Today).Amount + ActCost.Call;
        var part = ExpectedGain.Of(DebtorOf(Item with { DisputedAmount = 250m }), Today).Amount + ActCost.Call;

        Assert.InRange(part, whole / 2 - 0.02m, whole / 2 + 0.02m);
        Assert.Contains(
            Reasons.Of(DebtorOf(Item with { DisputedAmount = 250m }), new ExpectedGain { Amount = 1m, Act = SuggestedAct.Call }, Today),
            reason => reason.Code == ReasonCode.PartlyDisputed
        );
    }

    [Fact]
    public void Of_what_is_promised_in_part_the_rest_is_asked_for()
    {
        var whole = ExpectedGain.Of(DebtorOf(Item), Today).Amount + ActCost.Call;
        var promised = Item with { OpenPromise = new OpenPromise(Today.AddDays(3), 250m) };
        var part = ExpectedGain.Of(DebtorOf(promised), Today).Amount + ActCost.Call;

        Assert.InRange(part, whole / 2 - 0.02m, whole / 2 + 0.02m);
        Assert.Equal((Standstill.None, 250m), (Workable.StandstillOf(promised, 0m), Workable.AmountOf(promised, 0m)));
        // The other half is disputed: nothing is left to ask for until the promised day.
        Assert.Equal(Standstill.Promised, Workable.StandstillOf(promised with { DisputedAmount = 250m }, 0m));
    }

    [Fact]
    public void An_act_does_less_after_others_and_nothing_on_the_day_of_one()
    {
        Assert.Equal(1, ExpectedGain.Tiring([], Today));
        Assert.Equal(0, ExpectedGain.Tiring([Today], Today));
        Assert.Equal(0.6 * 3 / 7, ExpectedGain.Tiring([Today.AddDays(-3)], Today), 9);
        Assert.Equal(0.36, ExpectedGain.Tiring([Today.AddDays(-20), Today.AddDays(-7)], Today), 9);
    }

    [Fact]
    public void What_contacts_never_moved_goes_to_the_law_and_what_is_not_worth_a_call_is_given_up()
    {
        var failed = Enumerable.Range(0, 6).Aggregate(Habit.None, (sums, _) => sums.With(ActKind.Call, false, 0.98));
        var old = DebtorOf(Item with { AmountDue = 4000m, DueDate = Today.AddDays(-150) }, failed);
        var small = DebtorOf(Item with { AmountDue = 2m, DueDate = Today.AddDays(-200), Email = null, Phone = null });

        Assert.Equal(SuggestedAct.Legal, ExpectedGain.Of(old, Today).Act);
        Assert.Contains(Reasons.Of(old, ExpectedGain.Of(old, Today), Today), reason => reason.Code == ReasonCode.NothingMoves);
        Assert.Equal((0m, SuggestedAct.WriteOff), (ExpectedGain.Of(small, Today).Amount, ExpectedGain.Of(small, Today).Act));
    }

    [Fact]
    public void A_list_of_any_length_keeps_its_head_and_those_who_come_up_when_the_head_turns_out_to_be_paying()
    {
        var ranked = new Ranking("expected", 1, Today);
        for (var i = 0; i < 200; i++)
        {
            // Each amount from 100 to 299 once.
            ranked.Add(DebtorOf(Item with { InvoiceId = InvoiceId.New(), CustomerKey = $"c{i}", AmountDue = 100m + i * 7 % 200 }));
        }

        Assert.Equal(299m, Assert.Single(ranked.First()).Debtor.Amount);
        for (var round = 0; round < Ranking.MostRounds; round++)
        {
            var head = Assert.Single(ranked.Unasked());
            ranked.Know([head], new Dictionary<Guid, decimal> { [head.Overdue[0].InvoiceId.Value] = 1m });
        }

        Assert.Equal(299m - Ranking.MostRounds, Assert.Single(ranked.First()).Debtor.Amount);
    }

    [Fact]
    public void Every_reason_has_its_words_in_both_languages_with_the_same_places()
    {
        Assert.Equal(ReasonCode.All.Count, ReasonCode.All.Select(each => each.Code).Distinct().Count());
        Assert.Equal(typeof(ReasonCode).GetFields().Count(field => field.FieldType == typeof(ReasonCode)), ReasonCode.All.Count);
        foreach (var code in ReasonCode.All)
        {
            Assert.NotEqual(code.English, code.Spanish);
            Assert.Equal(Places(code.English), Places(code.Spanish));
            var reason = code.With([.. Places(code.English).Select(_ => (object)7)]);
            Assert.DoesNotContain("{", reason.In("es-ES,es;q=0.9"));
            Assert.NotEqual(reason.In("es"), reason.In("en"));
            Assert.Equal(reason.In(null), reason.In("fr"));
        }
    }

    [Fact]
    public void A_customer_with_a_history_is_told_of_in_words()
    {
        var chances = SellerChances.Unknown;
        var habit = Habit.None;
        for (var i = 0; i < 6; i++)
        {
            var due = new DateOnly(2025, 6, 10).AddDays(i * 45);
            var paid = new Exposure
            {
                From = due.AddDays(-30),
                To = due.AddDays(20),
                Due = due,
                Paid = true,
            };
            habit = habit.With(paid, chances.Customer(false, habit));
        }

        habit = habit.With(ActKind.Call, true, 0.9).With(ActKind.Call, true, 0.9).With(ActKind.Call, false, 0.9);
        var debtor = DebtorOf(Item with { DueDate = Today.AddDays(-40) }, habit) with
        {
            PromisesKept = 1,
            PromisesJudged = 4,
            LateActs = [Today.AddDays(-12)],
        };

        var reasons = Reasons.Of(debtor, ExpectedGain.Of(debtor, Today), Today).ToDictionary(each => each.Code.Code, each => each.In("es"));

        Assert.Equal("Días de retraso: 40.", reasons["overdue"]);
        Assert.Equal("Suele pagar unos 20 días después del vencimiento (6 facturas).", reasons["usually-late"]);
        Assert.Equal("20 días más tarde de lo habitual en este cliente.", reasons["later-than-usual"]);
        Assert.Equal("Pagó en 14 días tras 2 de 3 contactos anteriores.", reasons["acts-work"]);
        Assert.Equal("Cumplió 1 de 4 promesas de pago.", reasons["broken-promises"]);
        Assert.Equal("Contactos en 30 días: 1; días desde el último: 12.", reasons["lately-contacted"]);
    }

    private static Debtor DebtorOf(OpenItem item, Habit? habit = null) =>
        new()
        {
            Overdue = [item],
            Habit = habit ?? Habit.None,
            Hazard = SellerChances.Unknown.Customer(false, habit ?? Habit.None),
            Uplift = ActUplift.Of(SellerChances.Unknown, false, habit ?? Habit.None),
        };

    private static string[] Places(string text) =>
        [.. Place().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Place();
}
