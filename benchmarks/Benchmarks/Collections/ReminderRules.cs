using System.Globalization;
using RetailInvoicing.Collections.Policies;

namespace RetailInvoicing.Benchmarks.Collections;

/// <summary>A zone by the law's words, so that nobody's table of zones is checked against itself.</summary>
internal sealed record OwnZone(string Iana, TimeSpan Winter, bool European)
{
    public static readonly OwnZone Madrid = new("Europe/Madrid", TimeSpan.FromHours(1), true);
    public static readonly OwnZone Canary = new("Atlantic/Canary", TimeSpan.Zero, true);
    public static readonly OwnZone NewYork = new("America/New_York", TimeSpan.FromHours(-5), false);

    /// <summary>Whether the day is a holiday there, for certain.</summary>
    public bool IsHoliday(DateOnly day) => European ? OwnHolidays.OfSpain(day) : OwnHolidays.OfTheUnitedStates(day);

    /// <summary>Whether it may be one for some.</summary>
    public bool MayBeHoliday(DateOnly day) => European ? OwnHolidays.PerhapsOfSpain(day) : OwnHolidays.PerhapsOfTheUnitedStates(day);

    /// <summary>What its clocks show.</summary>
    public DateTime Local(DateTimeOffset instant) => instant.UtcDateTime + OffsetAt(instant);

    /// <summary>Its date.</summary>
    public DateOnly Day(DateTimeOffset instant) => DateOnly.FromDateTime(Local(instant));

    /// <summary>The first instant at which its clocks show that time of that day or a later one.</summary>
    public DateTimeOffset Earliest(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        var summer = new DateTimeOffset(local - Winter - TimeSpan.FromHours(1), TimeSpan.Zero);
        if (Local(summer) >= local)
        {
            return summer;
        }

        var instant = summer.AddHours(1);
        while (Local(instant.AddMinutes(-1)) >= local)
        {
            instant = instant.AddMinutes(-1);
        }

        return instant;
    }

    // European Union: from the last Sunday of March to the last of October, at 01:00 UTC everywhere (Directive 2000/84/EC). United States:
    // from the second Sunday of March to the first of November, at 02:00 of the local clock (Energy Policy Act of 2005).
    private TimeSpan OffsetAt(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        var (from, to) = European
            ? (LastSunday(utc.Year, 3).AddHours(1), LastSunday(utc.Year, 10).AddHours(1))
            : (Sunday(utc.Year, 3, 2).AddHours(2) - Winter, Sunday(utc.Year, 11, 1).AddHours(2) - Winter - TimeSpan.FromHours(1));
        return utc >= from && utc < to ? Winter + TimeSpan.FromHours(1) : Winter;
    }

    private static DateTime LastSunday(int year, int month)
    {
        var last = new DateTime(year, month, DateTime.DaysInMonth(year, month), 0, 0, 0, DateTimeKind.Utc);
        return last.AddDays(-(int)last.DayOfWeek);
    }

    private static DateTime Sunday(int year, int month, int which)
    {
        var first = new DateTime(year, month, 1, 0, 0, 0, DateTimeKind.Utc);
        return first.AddDays((7 - (int)first.DayOfWeek) % 7 + 7 * (which - 1));
    }
}

/// <summary>A step as the program that checks reads it.</summary>
internal sealed record StepRule(string Name, int OffsetDays, TimeOnly At, string[] Channels, string Template, bool Skip, int CatchUpDays);

/// <summary>A seller's policy as the program that checks reads it, and as the service is told it.</summary>
internal sealed record PolicyRule(
    string SellerId,
    OwnZone Zone,
    StepRule[] Steps,
    int CapMessages,
    int CapDays,
    (TimeOnly From, TimeOnly To)? Quiet,
    bool WeekendsWait,
    bool HolidaysWait
)
{
    /// <summary>Three sellers whose rules differ; some steps are due at hours that clock changes take away or give twice.</summary>
    public static readonly PolicyRule[] All =
    [
        new(
            "madrid",
            OwnZone.Madrid,
            [
                new("before", -3, new(10, 0), ["email"], "before-due", false, 7),
                new("first", 1, new(0, 0), ["email", "sms"], "reminder", false, 7),
                new("second", 10, new(2, 30), ["email"], "firm", false, 14),
                new("third", 25, new(11, 0), ["sms", "email"], "final", false, 14),
            ],
            2,
            7,
            null,
            false,
            false
        ),
        new(
            "canary",
            OwnZone.Canary,
            [
                new("before", -5, new(10, 0), ["email"], "before-due", false, 3),
                new("first", 1, new(9, 0), ["email", "sms"], "reminder", false, 7),
                new("second", 7, new(20, 30), ["email", "sms"], "firm", false, 7),
                new("third", 21, new(10, 0), ["email"], "final", false, 30),
            ],
            3,
            7,
            (new(21, 0), new(9, 0)),
            false,
            true
        ),
        new(
            "newyork",
            OwnZone.NewYork,
            [
                new("first", 2, new(8, 0), ["email"], "reminder", false, 7),
                new("second", 9, new(2, 30), ["email", "sms"], "firm", true, 0),
                new("third", 30, new(15, 0), ["sms", "email"], "final", false, 10),
            ],
            1,
            3,
            null,
            true,
            false
        ),
    ];

    /// <summary>The policy as it is put.</summary>
    public PolicyBody Body() =>
        new()
        {
            Name = SellerId,
            Active = true,
            Steps =
            [
                .. Steps.Select(step => new StepBody
                {
                    Step = step.Name,
                    OffsetDays = step.OffsetDays,
                    At = Time(step.At),
                    Channels = step.Channels,
                    Template = step.Template,
                    Missed = step.Skip ? "skip" : "catch-up",
                    CatchUpDays = step.Skip ? null : step.CatchUpDays,
                }),
            ],
            QuietHours = Quiet is { } quiet ? new QuietHoursBody { From = Time(quiet.From), To = Time(quiet.To) } : null,
            Weekends = WeekendsWait ? "wait" : "send",
            Holidays = HolidaysWait ? "wait" : "send",
            Cap = new CapBody { Messages = CapMessages, PerDays = CapDays },
        };

    /// <summary>Whether the local time is one to write at: weekends, and the holidays of where the customer is.</summary>
    public bool Allows(string channel, DateTime local, OwnZone zone)
    {
        var (day, time) = (DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));
        var quiet = Quiet ?? (channel == "email" ? null : (new TimeOnly(21, 0), new TimeOnly(9, 0)));
        return !(quiet is { } hours && (time >= hours.From || time < hours.To))
            && !(WeekendsWait && local.DayOfWeek is (DayOfWeek.Saturday or DayOfWeek.Sunday))
            && !(HolidaysWait && zone.IsHoliday(day));
    }

    /// <summary>Whether it is so for certain: on a day that some part of the country may have off the service may wait.</summary>
    public bool SurelyAllows(string channel, DateTime local, OwnZone zone) =>
        Allows(channel, local, zone) && !(HolidaysWait && zone.MayBeHoliday(DateOnly.FromDateTime(local)));

    private static string Time(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
}

/// <summary>Holidays by the law's words and an almanac, so that nobody's table of them is checked against itself.</summary>
internal static class OwnHolidays
{
    /// <summary>Those of all Spain; regional ones are not looked at here.</summary>
    public static bool OfSpain(DateOnly day) =>
        (day.Month, day.Day) is (1, 1) or (1, 6) or (5, 1) or (8, 15) or (10, 12) or (11, 1) or (12, 6) or (12, 8) or (12, 25)
        || day == GoodFriday(day.Year);

    // 2 and 19 March, 28 February, 23 April and so on: each region has some; a week around Easter; and the Monday after a Sunday.
    /// <summary>Days that some part of Spain has off.</summary>
    public static bool PerhapsOfSpain(DateOnly day) =>
        (day.Month, day.Day)
            is
                (2, 2)
                or
                (2, 28)
                or
                (3, 1)
                or
                (3, 19)
                or
                (4, 23)
                or
                (5, 2)
                or
                (5, 15)
                or
                (5, 17)
                or
                (5, 30)
                or
                (5, 31)
                or
                (6, 9)
                or
                (6, 10)
                or
                (6, 24)
                or
                (7, 25)
                or
                (7, 28)
                or
                (8, 5)
                or
                (9, 8)
                or
                (9, 11)
                or
                (9, 15)
                or
                (9, 21)
                or
                (10, 9)
                or
                (12, 26)
        || Math.Abs(day.DayNumber - GoodFriday(day.Year).DayNumber) <= 4
        || (day.DayOfWeek == DayOfWeek.Monday && OfSpain(day.AddDays(-1)));

    /// <summary>Those of the federal law of the United States (5 U.S.C. 6103(a)).</summary>
    public static bool OfTheUnitedStates(DateOnly day) =>
        (day.Month, day.Day) is (1, 1) or (6, 19) or (7, 4) or (11, 11) or (12, 25)
        || (day.DayOfWeek == DayOfWeek.Monday && ((day.Month, (day.Day + 6) / 7) is (1, 3) or (2, 3) or (9, 1) or (10, 2)))
        || (day.DayOfWeek == DayOfWeek.Monday && day.Month == 5 && day.Day > 24)
        || (day.DayOfWeek == DayOfWeek.Thursday && day.Month == 11 && (day.Day + 6) / 7 == 4);

    /// <summary>Days beside a holiday at a weekend, which many there have off instead.</summary>
    public static bool PerhapsOfTheUnitedStates(DateOnly day) =>
        (day.DayOfWeek == DayOfWeek.Monday && OfTheUnitedStates(day.AddDays(-1)))
        || (day.DayOfWeek == DayOfWeek.Friday && OfTheUnitedStates(day.AddDays(1)));

    // Out of an almanac; the trial's years and those beside them.
    private static DateOnly GoodFriday(int year) =>
        year switch
        {
            2025 => new(2025, 4, 18),
            2026 => new(2026, 4, 3),
            2027 => new(2027, 3, 26),
            2028 => new(2028, 4, 14),
            _ => throw new ArgumentOutOfRangeException(nameof(year)),
        };
}
