using System.Globalization;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Reporting.Schedules;

/// <summary>How often a report is mailed.</summary>
public enum Cadence
{
    /// <summary>Every morning, of the day before.</summary>
    Daily,

    /// <summary>Every Monday, of the week before.</summary>
    Weekly,

    /// <summary>On the first of a month, of the month before.</summary>
    Monthly,

    /// <summary>On the first of January, April, July and October, of the quarter before.</summary>
    Quarterly,
}

/// <summary>A report that is mailed as often as its seller wants, as asked for.</summary>
public sealed record ScheduleRequest
{
    /// <summary>The report, as in its address: sales, vat-book, income.</summary>
    public required string Report { get; init; }

    /// <summary>daily, weekly, monthly or quarterly.</summary>
    public required Cadence Cadence { get; init; }

    /// <summary>The hour of the seller's zone from which it is mailed.</summary>
    public int Hour { get; init; } = 7;

    /// <summary>csv, xlsx, parquet or what else the report has.</summary>
    public string Format { get; init; } = "xlsx";

    /// <summary>Who gets it.</summary>
    public required IReadOnlyList<string> Recipients { get; init; }

    /// <summary>Language of mail and headings; the seller's where absent.</summary>
    public string? Language { get; init; }

    /// <summary>What else is asked of the report, such as groupBy; the period is the cadence's.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it is mailed.</summary>
    public bool Active { get; init; } = true;
}

/// <summary>A schedule, and when it is due next.</summary>
public sealed record ReportSchedule
{
    /// <summary>The seller.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>The seller's own name for it.</summary>
    public required string ScheduleId { get; init; }

    /// <summary>What was asked for.</summary>
    public required ScheduleRequest Request { get; init; }

    /// <summary>When it is mailed next; absent where it is not.</summary>
    public DateTimeOffset? NextAt { get; init; }
}

/// <summary>The period that a mail reports on: from and to, both included.</summary>
public sealed record MailedPeriod(DateOnly From, DateOnly To)
{
    /// <summary>Its name, by which a mail of a schedule is known: 2026-11-23_2026-11-29.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{From:yyyy-MM-dd}_{To:yyyy-MM-dd}");

    /// <summary>The last whole period before a day.</summary>
    public static MailedPeriod Before(DateOnly day, Cadence cadence)
    {
        var month = new DateOnly(day.Year, day.Month, 1);
        var monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
        var quarter = new DateOnly(day.Year, (day.Month - 1) / 3 * 3 + 1, 1);
        return cadence switch
        {
            Cadence.Daily => new(day.AddDays(-1), day.AddDays(-1)),
            Cadence.Weekly => new(monday.AddDays(-7), monday.AddDays(-1)),
            Cadence.Monthly => new(month.AddMonths(-1), month.AddDays(-1)),
            _ => new(quarter.AddMonths(-3), quarter.AddDays(-1)),
        };
    }

    /// <summary>The first instant after another at which a schedule is due, at its hour in the seller's zone.</summary>
    public static DateTimeOffset NextAfter(DateTimeOffset after, Cadence cadence, int hour, TimeZoneInfo zone)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, zone).DateTime);
        var first = cadence switch
        {
            Cadence.Daily => day,
            Cadence.Weekly => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            Cadence.Monthly => new DateOnly(day.Year, day.Month, 1),
            _ => new DateOnly(day.Year, (day.Month - 1) / 3 * 3 + 1, 1),
        };
        for (var due = first; ; due = Step(due, cadence))
        {
            var at = At(due, hour, zone);
            if (at > after)
            {
                return at;
            }
        }
    }

    private static DateOnly Step(DateOnly day, Cadence cadence) =>
        cadence switch
        {
            Cadence.Daily => day.AddDays(1),
            Cadence.Weekly => day.AddDays(7),
            Cadence.Monthly => day.AddMonths(1),
            _ => day.AddMonths(3),
        };

    /// <summary>The hour that a clock change skips is the one after it; of a doubled one the first counts.</summary>
    private static DateTimeOffset At(DateOnly day, int hour, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(new TimeOnly(hour, 0));
        local = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }
}
