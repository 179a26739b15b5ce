using System.Globalization;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>What sales are told apart by, how its keys are written, and which sums it is read from.</summary>
public sealed record Grouping
{
    /// <summary>Its name: day, sku.</summary>
    public required string Name { get; init; }

    /// <summary>The sums.</summary>
    public required SoldSums Sums { get; init; }

    /// <summary>The grains it can be read from, finest first.</summary>
    public required string Grains { get; init; }

    /// <summary>Its key, of a row of <c>told</c> (day is where the row's days begin).</summary>
    public required string Key { get; init; }

    /// <summary>What a key looks like.</summary>
    public required string Example { get; init; }

    /// <summary>What its rows are ordered by.</summary>
    public string Order { get; init; } = "key collate \"C\"";

    /// <summary>Whether its keys are days or parts or many of them.</summary>
    public bool IsOfTime { get; init; }

    /// <summary>Whether a row is told in quantities too.</summary>
    public bool IsOfProducts => ReferenceEquals(Sums, KnownAt.Products);

    /// <summary>Whether what it is read from tells stores apart.</summary>
    public bool IsByStore => ReferenceEquals(Sums, KnownAt.Tills);

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, Grouping> All { get; } =
        new Grouping[]
        {
            OfTime("day", "d", "to_char(day, 'YYYY-MM-DD')", "2026-11-23"),
            OfTime("week", "d", "to_char(day, 'IYYY-\"W\"IW')", "2026-W48"),
            OfTime("month", "dm", "to_char(day, 'YYYY-MM')", "2026-11"),
            // A sale whose hour nobody told stands under its day alone.
            OfTime(
                "hour",
                "h",
                "to_char(day, 'YYYY-MM-DD') || case when hour < 0 then '' else 'T' || lpad(hour::text, 2, '0') end",
                "2026-11-23T10"
            ),
            OfTill("store", "store_id", "S01"),
            // Two shops may both call a till T1.
            OfTill("till", "store_id || case when till_id = '' then '' else '/' || till_id end", "S01/T2"),
            OfTill("channel", "channel", "online"),
            new()
            {
                Name = "sku",
                Sums = KnownAt.Products,
                Grains = KnownAt.Products.Grains,
                Key = "product",
                Example = "85123A",
            },
            new()
            {
                Name = "customer",
                Sums = KnownAt.Customers,
                Grains = KnownAt.Customers.Grains,
                Key = "customer_id",
                Example = "17850",
            },
            new()
            {
                Name = "vat",
                Sums = KnownAt.Rates,
                Grains = KnownAt.Rates.Grains,
                Key = "trim_scale(rate)::text",
                Example = "21",
                Order = "key::numeric",
            },
        }.ToDictionary(grouping => grouping.Name, StringComparer.Ordinal);

    /// <summary>Their names, for who asked for another.</summary>
    public static string Names { get; } = string.Join(", ", All.Keys);

    /// <summary>The days that a key of time speaks of, and its hour; nothing for what is no such key.</summary>
    public (DateOnly First, DateOnly Last, int? Hour)? DaysOf(string key) =>
        Name switch
        {
            "day" when DayOf(key) is { } day => (day, day, null),
            "hour" when key.Length == 10 && DayOf(key) is { } day => (day, day, -1),
            "hour"
                when key.Length == 13
                    && key[10] == 'T'
                    && DayOf(key[..10]) is { } day
                    && int.TryParse(key.AsSpan(11), NumberStyles.None, CultureInfo.InvariantCulture, out var hour)
                    && hour < 24 => (day, day, hour),
            "month" when key.Length == 7 && DayOf($"{key}-01") is { } first => (
                first,
                new DateOnly(first.Year, first.Month, DateTime.DaysInMonth(first.Year, first.Month)),
                null
            ),
            "week"
                when key.Length == 8
                    && key[4..6] == "-W"
                    && int.TryParse(key.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
                    && int.TryParse(key.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var week)
                    && year is > 1 and < 9999
                    && week > 0
                    && week <= ISOWeek.GetWeeksInYear(year) => (
                DateOnly.FromDateTime(ISOWeek.ToDateTime(year, week, DayOfWeek.Monday)),
                DateOnly.FromDateTime(ISOWeek.ToDateTime(year, week, DayOfWeek.Sunday)),
                null
            ),
            _ => null,
        };

    private static DateOnly? DayOf(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static Grouping OfTime(string name, string grains, string key, string example) =>
        new()
        {
            Name = name,
            Sums = KnownAt.Tills,
            Grains = grains,
            Key = key,
            Example = example,
            IsOfTime = true,
        };

    private static Grouping OfTill(string name, string key, string example) =>
        new()
        {
            Name = name,
            Sums = KnownAt.Tills,
            Grains = "dmy",
            Key = key,
            Example = example,
        };
}
