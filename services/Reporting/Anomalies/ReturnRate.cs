using System.Globalization;

namespace RetailInvoicing.Reporting.Anomalies;

/// <summary>How much was sold and how much of it came back, in the period and in the one before it, in invoices.</summary>
public sealed record ReturnCount(string Subject, long Sold, long Returned, long SoldBefore, long ReturnedBefore);

/// <summary>
/// A shop, till or product of which more comes back than it used to: its own rate of before, drawn towards that of all where there was little
/// of it, against what came back now; looked at together with all others, so that the many do not make one look rare.
/// </summary>
public static class ReturnRate
{
    /// <summary>Of those that are told, the share that may be chance after all.</summary>
    public const double Share = 0.05;

    /// <summary>How many invoices of its own a subject needs to weigh as much as all others do for it.</summary>
    public const double Weight = 50;

    /// <summary>Those whose rate stands out.</summary>
    public static IEnumerable<Anomaly> Of(IReadOnlyCollection<ReturnCount> counts, DateOnly to)
    {
        var (soldBefore, returnedBefore) = (counts.Sum(each => each.SoldBefore), counts.Sum(each => each.ReturnedBefore));
        if (soldBefore <= 0)
        {
            return [];
        }

        // Never quite nothing: what never came back so far may for once.
        var common = (returnedBefore + 0.5) / (soldBefore + 1.0);
        var weighed = counts
            .Where(each => each.Sold > 0 && each.Returned <= each.Sold)
            .Select(each =>
            {
                var (a, b) = (
                    each.ReturnedBefore + Weight * common,
                    Math.Max(0, each.SoldBefore - each.ReturnedBefore) + Weight * (1 - common)
                );
                return (Count: each, Usual: a / (a + b), Chance: Chance.OfAtLeast(each.Returned, each.Sold, a, b));
            })
            .ToArray();
        return Chance.StandsOut(weighed.Select(each => each.Chance), Share) is not { } limit
            ? []
            : weighed
                .Where(each => each.Chance <= limit)
                .OrderBy(each => each.Chance)
                .ThenBy(each => each.Count.Subject, StringComparer.Ordinal)
                .Select(each => Told(each.Count, each.Usual, each.Chance, to));
    }

    private static Anomaly Told(ReturnCount count, double usual, double chance, DateOnly to)
    {
        var seen = decimal.Round(100m * count.Returned / count.Sold, 2, MidpointRounding.AwayFromZero);
        var expected = decimal.Round((decimal)(100 * usual), 2, MidpointRounding.AwayFromZero);
        string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
        return new Anomaly
        {
            Kind = "return-rate",
            Subject = count.Subject,
            Day = to,
            Seen = seen,
            Expected = expected,
            Of = count.Sold,
            Chance = decimal.Round((decimal)chance, 9, MidpointRounding.AwayFromZero),
            Reason = $"{count.Returned} of {count.Sold} came back ({Text(seen)} %) where {Text(expected)} % did before.",
            ReasonEs = $"Se devolvieron {count.Returned} de {count.Sold} ({Text(seen)} %); antes, el {Text(expected)} %.",
        };
    }
}
