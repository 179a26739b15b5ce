namespace RetailInvoicing.Collections.Places;

/// <summary>When a customer may be written to by a channel: outside quiet hours of its place and, where that is said, not on days off.</summary>
public sealed record SendingHours
{
    /// <summary>At any time.</summary>
    public static readonly SendingHours Always = new();

    /// <summary>The hours in which it is quiet; absent where none are.</summary>
    public QuietHours? Quiet { get; init; }

    /// <summary>Whether weekends count.</summary>
    public bool OnWeekends { get; init; } = true;

    /// <summary>Whether public holidays count.</summary>
    public bool OnHolidays { get; init; } = true;

    /// <summary>Whether the day is one to write on.</summary>
    public bool Takes(DateOnly day, CustomerPlace place) => (OnWeekends || !place.IsWeekend(day)) && (OnHolidays || !place.IsHoliday(day));
}

/// <summary>Hours of the day in which nobody is disturbed: from the first, up to the second, through midnight where that comes before.</summary>
public sealed record QuietHours(TimeOnly From, TimeOnly To)
{
    /// <summary>Whether it is quiet at that time.</summary>
    public bool Cover(TimeOnly time) => From < To ? time >= From && time < To : time >= From || time < To;
}

/// <summary>The next instant at which a customer may be written to.</summary>
public static class AllowedTime
{
    // A year and more of days off one after another is a mistake in the tables, and no reason to look for ever.
    private const int MostMoves = 2 * 400;

    /// <summary>
    /// The instant itself where it is allowed, else the first after it that is. Asked of the clocks of the place: across their changes an
    /// hour that is passed over ends at the first minute shown, and of an hour shown twice the first that is not yet over counts. Where
    /// clocks go back in the middle of quiet hours to a time before them, it is allowed until they begin once more.
    /// </summary>
    public static DateTimeOffset Next(DateTimeOffset instant, CustomerPlace place, SendingHours hours)
    {
        if (hours is { Quiet: null, OnWeekends: true, OnHolidays: true })
        {
            return instant;
        }

        var at = instant;
        for (var i = 0; i < MostMoves; i++)
        {
            var local = place.LocalAt(at);
            var (day, time) = (DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));
            if (!hours.Takes(day, place))
            {
                at = OrChange(at, place.InstantOf(day.AddDays(1), TimeOnly.MinValue, at), place);
            }
            else if (hours.Quiet is { } quiet && quiet.Cover(time))
            {
                at = OrChange(at, place.InstantOf(time < quiet.To ? day : day.AddDays(1), quiet.To, at), place);
            }
            else
            {
                return at;
            }
        }

        throw new InvalidOperationException($"no day within a year is one to write on in {place.Name}");
    }

    /// <summary>The instant at which the clocks change on the way to a later one, which may be allowed again; else the later one.</summary>
    private static DateTimeOffset OrChange(DateTimeOffset at, DateTimeOffset later, CustomerPlace place)
    {
        var offset = place.Zone.GetUtcOffset(at);
        if (place.Zone.GetUtcOffset(later) == offset)
        {
            return later;
        }

        var (before, after) = (at.UtcTicks, later.UtcTicks);
        while (after - before > 1)
        {
            var middle = before + (after - before) / 2;
            (before, after) =
                place.Zone.GetUtcOffset(new DateTimeOffset(middle, TimeSpan.Zero)) == offset ? (middle, after) : (before, middle);
        }

        return new DateTimeOffset(after, TimeSpan.Zero);
    }

    /// <summary>Whether the instant is allowed.</summary>
    public static bool IsNow(DateTimeOffset instant, CustomerPlace place, SendingHours hours) => Next(instant, place, hours) == instant;

    /// <summary>
    /// How long it stays allowed from an allowed instant on: to the quiet hours or the end of the day, no longer than is said. A day that
    /// follows may be allowed too; whoever is not done by then asks again.
    /// </summary>
    public static DateTimeOffset Until(DateTimeOffset instant, CustomerPlace place, SendingHours hours, TimeSpan most)
    {
        var local = place.LocalAt(instant);
        var day = DateOnly.FromDateTime(local);
        var latest = instant + most;
        if (Within(day, TimeOnly.FromDateTime(local), place, hours) is not { } open)
        {
            return instant;
        }

        var end = place.InstantOf(open.To == TimeOnly.MinValue ? day.AddDays(1) : day, open.To, instant);
        return end < latest ? end : latest;
    }

    /// <summary>The hours of that day in which it is allowed from a time on; none where there are none. The end 00:00 is the day's.</summary>
    public static (TimeOnly From, TimeOnly To)? Within(DateOnly day, TimeOnly from, CustomerPlace place, SendingHours hours)
    {
        if (!hours.Takes(day, place))
        {
            return null;
        }

        if (hours.Quiet is not { } quiet)
        {
            return (from, TimeOnly.MinValue);
        }

        if (quiet.From > quiet.To)
        {
            var opens = from < quiet.To ? quiet.To : from;
            return opens < quiet.From ? (opens, quiet.From) : null;
        }

        // Of a day with a pause the part after it, or the one before it where that is not over.
        return from < quiet.From ? (from, quiet.From) : (from < quiet.To ? quiet.To : from, TimeOnly.MinValue);
    }
}
