namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>Days of a zone, both included; none is without an end.</summary>
public sealed record DayRange(DateOnly? From, DateOnly? To, TimeZoneInfo Zone)
{
    // Nothing was recorded before, nothing will be after; an instant of such a day may not exist.
    private static readonly DateOnly Earliest = new(1900, 1, 1);
    private static readonly DateOnly Latest = new(9000, 1, 1);

    /// <summary>The first instant; none where it has no beginning.</summary>
    public DateTimeOffset? Begin => From is { } day && day > Earliest ? Midnight(day) : null;

    /// <summary>The first instant after it; none where it has no end.</summary>
    public DateTimeOffset? End =>
        To is not { } day || day > Latest ? null
        : day < Earliest ? Midnight(Earliest)
        : Midnight(day.AddDays(1));

    private DateTimeOffset Midnight(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        // Where clocks go forward at midnight, the day begins when they have.
        while (Zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15);
        }

        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
