using System.Globalization;
using RetailInvoicing.Collections.Habits;

namespace RetailInvoicing.Collections.Worklist;

/// <summary>Why a customer stands where it stands on the list, what weighs most first.</summary>
public static class Reasons
{
    private const int Known = 3;
    private const int FewestActs = 2;
    private const double Likely = 0.8;
    private const double Unlikely = 0.3;
    private const double MonthHabit = 1.8;

    /// <summary>The reasons that hold of a customer and what acting on it is expected to bring.</summary>
    public static IReadOnlyList<Reason> Of(Debtor debtor, ExpectedGain gain, DateOnly today) =>
        [.. Waiting(debtor), .. debtor.Workable > 0m ? Working(debtor, gain, today) : []];

    private static IEnumerable<Reason> Waiting(Debtor debtor)
    {
        var items = debtor.Overdue.Select(item => (Item: item, Standstill: Workable.StandstillOf(item, debtor.InFlightOf(item)))).ToArray();
        if (items.FirstOrDefault(each => each.Standstill == Standstill.Held).Item is { } held)
        {
            yield return ReasonCode.Held.With(held.Holds[0].Reason);
        }

        if (items.Any(each => each.Standstill == Standstill.InFlight))
        {
            yield return ReasonCode.InFlight.With();
        }

        if (
            items.Where(each => each.Standstill == Standstill.Promised).Select(each => each.Item.OpenPromise!.Date).ToArray()
            is [_, ..] days
        )
        {
            yield return ReasonCode.Promised.With(days.Min().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }

        if (items.Any(each => each.Standstill == Standstill.Disputed))
        {
            yield return ReasonCode.Disputed.With();
        }

        if (items.Any(each => each.Standstill == Standstill.None && each.Item.DisputedAmount > 0m))
        {
            yield return ReasonCode.PartlyDisputed.With();
        }
    }

    private static IEnumerable<Reason> Working(Debtor debtor, ExpectedGain gain, DateOnly today)
    {
        var habit = debtor.Habit;
        var oldest = debtor.Overdue.Max(item => today.DayNumber - item.DueDate.DayNumber);
        var (acts, unpaid) = ((int)habit.Acts.Sum(), (int)habit.ActUnpaid.Sum());
        if (gain.Act == SuggestedAct.Legal)
        {
            yield return ReasonCode.NothingMoves.With(oldest, acts);
        }
        else
        {
            yield return ReasonCode.Overdue.With(oldest);
        }

        if (debtor.Escalated)
        {
            yield return ReasonCode.Escalated.With();
        }

        if (gain.Act is null or SuggestedAct.WriteOff)
        {
            yield return ReasonCode.NotWorthIt.With();
        }

        if (habit.Paid < Known)
        {
            yield return ReasonCode.LittleKnown.With();
        }
        else
        {
            var usual = (int)Math.Round(habit.UsualDaysLate!.Value, MidpointRounding.AwayFromZero);
            if (usual >= 3)
            {
                yield return ReasonCode.UsuallyLate.With(usual, habit.Paid);
                if (oldest > usual + 7)
                {
                    yield return ReasonCode.LaterThanUsual.With(oldest - usual);
                }
            }
            else if (habit.LateShare < 0.35)
            {
                yield return ReasonCode.UsuallyOnTime.With(habit.Paid);
            }
        }

        if (gain.Anyway >= Likely)
        {
            yield return ReasonCode.LikelyAnyway.With(Percent(gain.Anyway));
        }
        else if (gain.Anyway <= Unlikely)
        {
            yield return ReasonCode.UnlikelyAnyway.With(Percent(gain.Anyway));
        }

        if (acts >= FewestActs)
        {
            yield return (2 * (acts - unpaid) >= acts ? ReasonCode.ActsWork : ReasonCode.ActsFail).With(acts - unpaid, acts);
        }

        if (debtor.PromisesJudged > 0)
        {
            yield return (2 * debtor.PromisesKept >= debtor.PromisesJudged ? ReasonCode.KeptPromises : ReasonCode.BrokenPromises).With(
                debtor.PromisesKept,
                debtor.PromisesJudged
            );
        }

        if (debtor.LateActs.Count > 0)
        {
            yield return ReasonCode.LatelyContacted.With(
                debtor.LateActs.Count,
                today.DayNumber - debtor.LateActs.Max(day => day.DayNumber)
            );
        }

        var (part, factor) = debtor.Hazard.BestMonthPart();
        if (habit.Paid >= Known && factor >= MonthHabit)
        {
            var first = 4 * part + 1;
            yield return ReasonCode.PaysOnDays.With(first, part == MonthPart.Count - 1 ? 31 : first + 3);
        }

        if (gain.Act == SuggestedAct.Call && debtor.Overdue.All(item => item.Phone is null))
        {
            yield return ReasonCode.NoPhone.With();
        }
    }

    private static int Percent(double chance) => (int)Math.Round(100 * chance, MidpointRounding.AwayFromZero);
}
