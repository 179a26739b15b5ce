namespace RetailInvoicing.Reporting.Takings;

/// <summary>Which day it is for a seller.</summary>
public static class SellerClock
{
    /// <summary>The zone of a seller that has not been told of yet.</summary>
    public const string UsualZone = "Europe/Madrid";

    private static readonly DateOnly First = new(1900, 1, 1);
    private static readonly DateOnly Last = new(2200, 1, 1);

    /// <summary>The first instant at which a day is over.</summary>
    public static DateTimeOffset EndOf(DateOnly day, string zone) => StartOf(day < Last ? day.AddDays(1) : Last, zone);

    /// <summary>The zone as told; the usual one where this machine does not know it.</summary>
    public static string ZoneOf(string? told) => told is not null && TimeZoneInfo.TryFindSystemTimeZoneById(told, out _) ? told : UsualZone;

    /// <summary>The seller's date at an instant.</summary>
    public static DateOnly DayOf(DateTimeOffset at, string zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);

    /// <summary>
    /// The first instant of a day: midnight, or where clocks skip it the first one after, and where there are two the first. Nothing was
    /// sold before the first day that it knows, nor is after the last.
    /// </summary>
    public static DateTimeOffset StartOf(DateOnly day, string zone)
    {
        var known = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var midnight = (
            day < First ? First
            : day > Last ? Last
            : day
        ).ToDateTime(TimeOnly.MinValue);
        if (known.IsAmbiguousTime(midnight))
        {
            return new DateTimeOffset(midnight, known.GetAmbiguousTimeOffsets(midnight).Max()).ToUniversalTime();
        }

        while (known.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(1);
        }

        return new DateTimeOffset(midnight, known.GetUtcOffset(midnight)).ToUniversalTime();
    }
}
