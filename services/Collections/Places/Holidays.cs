using System.Collections.Concurrent;
using System.Globalization;

namespace RetailInvoicing.Collections.Places;

/// <summary>
/// The public holidays of a place, by data/holidays.csv: the country's and, in Spain, the province's own. Days that a government moves from
/// year to year are known for the years that stand there, and for no other.
/// </summary>
public static class Holidays
{
    private static readonly ILookup<string, Rule> Rules = Read();
    private static readonly ConcurrentDictionary<(string Place, int Year), HashSet<DateOnly>> Years = new();

    /// <summary>Whether that day is one; a province has its country's days too.</summary>
    public static bool Are(string place, DateOnly day) => Years.GetOrAdd((place, day.Year), DaysOf).Contains(day);

    /// <summary>Easter Sunday by the Gregorian calendar (Meeus, Jones, Butcher).</summary>
    public static DateOnly Easter(int year)
    {
        var (a, b, c) = (year % 19, year / 100, year % 100);
        var h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
        var l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
        var m = (a + 11 * h + 22 * l) / 451;
        var n = h + l - 7 * m + 114;
        return new DateOnly(year, n / 31, n % 31 + 1);
    }

    /// <summary>Easter Sunday of the churches that keep the Julian calendar, as a Gregorian date (Meeus); for 1900 to 2099.</summary>
    public static DateOnly OrthodoxEaster(int year)
    {
        var d = (19 * (year % 19) + 15) % 30;
        var e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7;
        var n = d + e + 114;
        return new DateOnly(year, n / 31, n % 31 + 1).AddDays(13);
    }

    private static HashSet<DateOnly> DaysOf((string Place, int Year) of)
    {
        var country = of.Place.Split('-')[0];
        var rules = country == of.Place ? Rules[country] : Rules[country].Concat(Rules[of.Place]);
        return [.. rules.Select(rule => rule.DayIn(of.Year)).OfType<DateOnly>()];
    }

    private static ILookup<string, Rule> Read() =>
        PlaceData
            .Lines("holidays.csv")
            .SelectMany(line => line[0].Split(' ').Select(place => (Place: place, Rule: Rule.Of(line[1]))))
            .ToLookup(each => each.Place, each => each.Rule, StringComparer.Ordinal);

    /// <summary>Which day of a year it is.</summary>
    private sealed record Rule(Func<int, DateOnly?> DayIn)
    {
        private static readonly string[] Weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

        public static Rule Of(string text)
        {
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var once))
            {
                return new Rule(year => year == once.Year ? once : null);
            }

            if (text.StartsWith("easter", StringComparison.Ordinal))
            {
                var days = Number(text["easter".Length..]);
                return new Rule(year => Easter(year).AddDays(days));
            }

            if (text.StartsWith("orthodox", StringComparison.Ordinal))
            {
                var days = Number(text["orthodox".Length..]);
                return new Rule(year => OrthodoxEaster(year).AddDays(days));
            }

            var month = Number(text[^2..]);
            var before = text[..^3];
            if (before.Length == 2)
            {
                var (first, day) = (Number(before), month);
                return new Rule(year => day <= DateTime.DaysInMonth(year, first) ? new DateOnly(year, first, day) : null);
            }

            var (weekday, which) = ((DayOfWeek)Array.IndexOf(Weekdays, before[^3..]), Number(before[..^3]));
            return new Rule(year => which > 0 ? FromBegin(year, month, weekday, which) : FromEnd(year, month, weekday));
        }

        private static DateOnly FromBegin(int year, int month, DayOfWeek weekday, int which)
        {
            var first = new DateOnly(year, month, 1);
            return first.AddDays((weekday - first.DayOfWeek + 7) % 7 + 7 * (which - 1));
        }

        private static DateOnly FromEnd(int year, int month, DayOfWeek weekday)
        {
            var last = new DateOnly(year, month, DateTime.DaysInMonth(year, month));
            return last.AddDays(-((last.DayOfWeek - weekday + 7) % 7));
        }

        private static int Number(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }
}
