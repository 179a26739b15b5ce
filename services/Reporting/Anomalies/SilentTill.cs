using System.Globalization;

namespace RetailInvoicing.Reporting.Anomalies;

/// <summary>Invoices of a till in one hour of one day, by the shop's clock.</summary>
public sealed record TillHour
{
    /// <summary>S01/T2.</summary>
    public required string Till { get; init; }

    /// <summary>The day.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>The hour.</summary>
    public required int Hour { get; init; }

    /// <summary>How many.</summary>
    public required long Invoices { get; init; }
}

/// <summary>
/// A till that has said nothing for longer than its weekdays and hours let expect. What is expected of an hour is its mean over the same
/// weekday of eight weeks; how much that varies is taken from the days.
/// </summary>
public static class SilentTill
{
    /// <summary>Weeks that are looked back.</summary>
    public const int Weeks = 8;

    /// <summary>Silence that likely is no news.</summary>
    public const double Likely = 0.001;

    /// <summary>The tills that are silent at a shop's hour.</summary>
    public static IEnumerable<Anomaly> Of(IEnumerable<TillHour> hours, DateTime now) =>
        hours.GroupBy(hour => hour.Till).Select(till => Of(till.Key, [.. till], now)).OfType<Anomaly>().OrderBy(each => each.Chance);

    private static Anomaly? Of(string till, IReadOnlyList<TillHour> hours, DateTime now)
    {
        var today = DateOnly.FromDateTime(now);
        var spoken = hours.Where(hour => hour.Invoices > 0 && hour.Hour >= 0).ToArray();
        if (spoken.Length == 0)
        {
            return null;
        }

        var last = spoken.Max(hour => hour.Day.ToDateTime(new TimeOnly(hour.Hour, 0)));
        var first = spoken.Min(hour => hour.Day);
        // What came since it fell silent says nothing of how it usually is.
        var before = spoken
            .Where(hour => hour.Day > DateOnly.FromDateTime(last).AddDays(-7 * Weeks) && hour.Day < DateOnly.FromDateTime(last))
            .ToArray();
        var means = before
            .GroupBy(hour => (hour.Day.DayOfWeek, hour.Hour))
            .ToDictionary(
                group => group.Key,
                group => (double)group.Sum(hour => hour.Invoices) / WeeksOf(group.Key.DayOfWeek, first, DateOnly.FromDateTime(last))
            );
        var expected = 0.0;
        var silent = 0L;
        // The hour under way is not over: nothing is expected of it yet.
        for (var hour = last.AddHours(1); hour < now.AddHours(-1) && silent < 24 * 7 * Weeks; hour = hour.AddHours(1))
        {
            expected += means.GetValueOrDefault((hour.DayOfWeek, hour.Hour));
            silent++;
        }

        var days = before.GroupBy(hour => hour.Day).Select(day => (double)day.Sum(hour => hour.Invoices)).ToArray();
        var mean = days.Length == 0 ? 0 : days.Average();
        var variance = days.Length < 2 ? mean : days.Sum(day => (day - mean) * (day - mean)) / (days.Length - 1);
        var chance = Chance.OfNone(expected, mean, variance);
        if (chance >= Likely)
        {
            return null;
        }

        var said = expected.ToString("0.#", CultureInfo.InvariantCulture);
        var since = last.ToString("yyyy-MM-dd HH", CultureInfo.InvariantCulture);
        return new Anomaly
        {
            Kind = "silent-till",
            Subject = till,
            Day = today,
            Seen = 0m,
            Expected = decimal.Round((decimal)expected, 2, MidpointRounding.AwayFromZero),
            Of = silent,
            Chance = decimal.Round((decimal)chance, 9, MidpointRounding.AwayFromZero),
            Reason = $"No invoice since {since} h, in {silent} hours in which the same weekdays of {Weeks} weeks had {said} on average.",
            ReasonEs =
                $"Sin facturas desde el {since} h, en {silent} horas en que los mismos días de {Weeks} semanas tuvieron {said} de media.",
        };
    }

    /// <summary>How many such weekdays the till has had in the weeks looked back, one at least.</summary>
    private static int WeeksOf(DayOfWeek weekday, DateOnly first, DateOnly last)
    {
        var start = last.AddDays(-7 * Weeks + 1);
        start = first > start ? first : start;
        var count = 0;
        for (var day = start; day < last; day = day.AddDays(1))
        {
            count += day.DayOfWeek == weekday ? 1 : 0;
        }

        return Math.Max(1, count);
    }
}
