using RetailInvoicing.Collections.Habits;
using RetailInvoicing.Collections.Receivables;

namespace RetailInvoicing.Collections.Worklist;

/// <summary>A customer with something overdue in one currency, and what is known of it.</summary>
public sealed record Debtor
{
    /// <summary>What is overdue; of one customer and one currency.</summary>
    public required IReadOnlyList<OpenItem> Overdue { get; init; }

    /// <summary>What is on its way of each invoice that something is on its way of.</summary>
    public IReadOnlyDictionary<Guid, decimal> InFlight { get; init; } = new Dictionary<Guid, decimal>();

    /// <summary>What was learned of it.</summary>
    public required Habit Habit { get; init; }

    /// <summary>Its chances without an act.</summary>
    public required PaymentHazard Hazard { get; init; }

    /// <summary>What acts do.</summary>
    public required ActUplift Uplift { get; init; }

    /// <summary>The days of acts on it within the last thirty days.</summary>
    public IReadOnlyList<DateOnly> LateActs { get; init; } = [];

    /// <summary>Promises that it kept.</summary>
    public int PromisesKept { get; init; }

    /// <summary>Promises that were judged.</summary>
    public int PromisesJudged { get; init; }

    /// <summary>Whether a step that went says that staff is to see to it.</summary>
    public bool Escalated { get; init; }

    /// <summary>What of an item is on its way.</summary>
    public decimal InFlightOf(OpenItem item) => InFlight.GetValueOrDefault(item.InvoiceId.Value);

    /// <summary>What may be asked for.</summary>
    public decimal Workable => Overdue.Sum(item => Worklist.Workable.AmountOf(item, InFlightOf(item)));

    /// <summary>All that is overdue.</summary>
    public decimal Amount => Overdue.Sum(item => item.AmountDue);
}

/// <summary>
/// What acting on a customer now is expected to bring that would not come within two months anyway.
/// <para>
/// Of each invoice that may be asked for: amount · (1 − p) · u · tiring, where p is the chance that it is paid within
/// <see cref="AnywayDays" /> days without an act (<see cref="PaymentHazard" />) and u the share that the act makes pay of those who would
/// not pay within the fortnight after it (<see cref="ActUplift" />). Two months and not a fortnight: who always pays three weeks late would
/// else be called for money that comes, and only moved. Tiring is
/// <see cref="TiringOfEach" /> for each act of the last thirty days, and for a week after the last act the share of the week that has
/// passed: its own effect is still to come. From the sum over the invoices the act's cost is taken once, since one call is about all of
/// them. Nothing is expected, and nothing suggested, of what is promised, on its way, disputed or on hold.
/// </para>
/// </summary>
public sealed record ExpectedGain
{
    /// <summary>What is left of an act's effect for each one of the last thirty days.</summary>
    public const double TiringOfEach = 0.6;

    /// <summary>Money that comes by itself within so many days is not gained.</summary>
    public const int AnywayDays = 60;

    /// <summary>Days that an act is given before the next.</summary>
    public const int Rest = 7;

    private const int LegalFromDays = 120;
    private const decimal LegalFromAmount = 500m;
    private const int PlanFromDays = 30;
    private const decimal PlanFromAmount = 300m;
    private const int GiveUpFromDays = 180;
    private const double LegalBelow = 0.05;
    private const int LegalAfterActs = 3;

    /// <summary>What it is expected to bring, its cost taken off; never below nothing.</summary>
    public required decimal Amount { get; init; }

    /// <summary>What to do; none where nothing is to be done now.</summary>
    public SuggestedAct? Act { get; init; }

    /// <summary>The chance that an invoice is paid within two months by itself, by amount over those that may be asked for.</summary>
    public double Anyway { get; init; }

    /// <summary>The gain on that day.</summary>
    public static ExpectedGain Of(Debtor debtor, DateOnly today)
    {
        var workable = debtor.Workable;
        if (workable <= 0m)
        {
            return new ExpectedGain { Amount = 0m };
        }

        // What an act that certainly worked would bring.
        var unmoved = debtor.Overdue.Sum(item =>
            Worklist.Workable.AmountOf(item, debtor.InFlightOf(item)) * Share(1 - debtor.Hazard.Within(item.DueDate, today, AnywayDays))
        );
        var anyway = (double)(1 - unmoved / workable);
        var oldest = debtor.Overdue.Max(item => today.DayNumber - item.DueDate.DayNumber);
        var best = Candidates(debtor, oldest, workable)
            .Select(act =>
                (act.Act, Gain: unmoved * Share(debtor.Uplift.By(act.Kind) * Tiring(debtor.LateActs, today)) - ActCost.Of(act.Kind))
            )
            .MaxBy(act => act.Gain);
        var acts = (int)debtor.Habit.Acts.Sum();
        if (oldest >= LegalFromDays && workable >= LegalFromAmount && acts >= LegalAfterActs && debtor.Uplift.By(ActKind.Call) < LegalBelow)
        {
            return new ExpectedGain
            {
                Amount = Math.Max(0m, Rounded(best.Gain)),
                Act = SuggestedAct.Legal,
                Anyway = anyway,
            };
        }

        return best.Gain > 0m
                ? new ExpectedGain
                {
                    Amount = Rounded(best.Gain),
                    Act = best.Act,
                    Anyway = anyway,
                }
            : oldest >= GiveUpFromDays && workable < 2 * ActCost.Call
                ? new ExpectedGain
                {
                    Amount = 0m,
                    Act = SuggestedAct.WriteOff,
                    Anyway = anyway,
                }
            : new ExpectedGain { Amount = 0m, Anyway = anyway };
    }

    /// <summary>How much an act still does after those of late.</summary>
    public static double Tiring(IReadOnlyList<DateOnly> lateActs, DateOnly today)
    {
        if (lateActs.Count == 0)
        {
            return 1;
        }

        var since = today.DayNumber - lateActs.Max(day => day.DayNumber);
        return Math.Pow(TiringOfEach, lateActs.Count) * Math.Clamp((double)since / Rest, 0, 1);
    }

    private static IEnumerable<(SuggestedAct Act, ActKind Kind)> Candidates(Debtor debtor, int oldest, decimal workable)
    {
        // A call is possible without a number kept here: the seller may have it elsewhere.
        yield return (SuggestedAct.Call, ActKind.Call);
        if (debtor.Overdue.Any(item => item.Email is not null))
        {
            yield return (SuggestedAct.Email, ActKind.Email);
        }

        if (debtor.Overdue.Any(item => item.Phone is not null))
        {
            yield return (SuggestedAct.Sms, ActKind.Sms);
        }

        if (oldest >= PlanFromDays && workable >= PlanFromAmount)
        {
            yield return (SuggestedAct.Plan, ActKind.Plan);
        }
    }

    private static decimal Share(double chance) => decimal.Round((decimal)Math.Clamp(chance, 0, 1), 6, MidpointRounding.AwayFromZero);

    private static decimal Rounded(decimal gain) => decimal.Round(gain, 2, MidpointRounding.AwayFromZero);
}
