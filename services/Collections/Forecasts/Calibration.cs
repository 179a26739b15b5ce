namespace RetailInvoicing.Collections.Forecasts;

/// <summary>
/// Between which levels of a seller's curves four outcomes in five lie.
/// <para>
/// Were the curves right, one invoice in ten would be paid before the day at which its curve passes 0.1, and one in ten after that of 0.9.
/// They are right on average at best, so the levels are taken from what happened: the tenth and the ninetieth hundredth of the chances that
/// past forecasts had given to what came (distributional conformal prediction, Chernozhukov, Wüthrich and Zhu 2021; the n + 1 of split
/// conformal prediction). Days are whole, so the lower level is of the chances up to the day and the upper of those before it: each side
/// then leaves out a tenth and no more. Forecasts whose invoices are open yet count as far as they have come (Kaplan and Meier): left out,
/// only the quick payers would be looked at.
/// </para>
/// </summary>
public sealed record Calibration
{
    /// <summary>The share of outcomes that an interval is to hold.</summary>
    public const double Target = 0.80;

    /// <summary>Paid outcomes below which the curves are taken at their word.</summary>
    public const int Fewest = 50;

    /// <summary>How old a forecast may be that is looked back at: what customers do, and what is done about them, changes.</summary>
    public const int LookBackDays = 120;

    private const double Side = (1 - Target) / 2;

    /// <summary>Before there is anything to look back at.</summary>
    public static readonly Calibration None = new() { Lower = Side, Upper = 1 - Side };

    /// <summary>The level at whose day the interval begins.</summary>
    public required double Lower { get; init; }

    /// <summary>The level at whose day it ends; 1 where too few have paid to know.</summary>
    public required double Upper { get; init; }

    /// <summary>Paid outcomes that it was learned from.</summary>
    public int Outcomes { get; init; }

    /// <summary>The calibration that past outcomes give.</summary>
    public static Calibration Of(IReadOnlyCollection<ForecastOutcome> outcomes)
    {
        var paid = outcomes.Count(outcome => outcome.Paid);
        if (paid < Fewest)
        {
            return None with { Outcomes = paid };
        }

        // As many as carry weight: those that are open yet say less than one that is over.
        var correction = (paid + 1.0) / paid;
        return new Calibration
        {
            Lower = FirstAbove(Passed(outcomes, static outcome => outcome.UpTo), Side * correction),
            Upper = FirstFrom(Passed(outcomes, static outcome => outcome.Before), (1 - Side) * correction),
            Outcomes = paid,
        };
    }

    /// <summary>The interval of a curve, in days: its end is absent where it has none within the horizon.</summary>
    public (int From, int? To) Interval(PayCurve curve)
    {
        var from = curve.FirstAtLeast(Lower) ?? PayCurve.Horizon;
        // Where nearly all outcomes fall on one day the two sides meet there.
        return (from, curve.FirstAbove(Upper) is { } to ? Math.Max(from, to) : null);
    }

    /// <summary>Kaplan and Meier: which share had come by each chance that something came at.</summary>
    private static List<(double Chance, double Share)> Passed(IEnumerable<ForecastOutcome> outcomes, Func<ForecastOutcome, double> chance)
    {
        var sorted = outcomes.Select(outcome => (Chance: chance(outcome), outcome.Paid)).OrderBy(each => each.Chance).ToArray();
        var passed = new List<(double, double)>();
        var open = 1.0;
        for (var i = 0; i < sorted.Length; )
        {
            var (next, came) = (i, 0);
            while (next < sorted.Length && sorted[next].Chance.Equals(sorted[i].Chance))
            {
                came += sorted[next].Paid ? 1 : 0;
                next++;
            }

            if (came > 0)
            {
                open *= 1 - (double)came / (sorted.Length - i);
                passed.Add((sorted[i].Chance, 1 - open));
            }

            i = next;
        }

        return passed;
    }

    private static double FirstAbove(List<(double Chance, double Share)> passed, double share)
    {
        foreach (var (chance, upTo) in passed)
        {
            if (upTo > share)
            {
                return chance;
            }
        }

        return 0;
    }

    private static double FirstFrom(List<(double Chance, double Share)> passed, double share)
    {
        foreach (var (chance, upTo) in passed)
        {
            if (upTo >= share)
            {
                return chance;
            }
        }

        return 1;
    }
}
