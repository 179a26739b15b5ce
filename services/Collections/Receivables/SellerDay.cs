namespace RetailInvoicing.Collections.Receivables;

/// <summary>
/// Which day it is for a seller. An instant has exactly one local date, in spring and autumn too; so "the day after the due date has begun"
/// is asked of the date and never computed as an instant.
/// </summary>
public static class SellerDay
{
    /// <summary>The zone of a seller that has not been told of yet; only for what is shown, never for reminding.</summary>
    public const string UsualZone = "Europe/Madrid";

    /// <summary>The seller's date at that instant; none where this machine does not know the zone.</summary>
    public static DateOnly? At(DateTimeOffset now, string zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known)
            ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, known).DateTime)
            : null;

    /// <summary>
    /// The first instant at which that day is over: midnight, or where clocks skip it the first instant after, and where there are two the
    /// first.
    /// </summary>
    public static DateTimeOffset EndOf(DateOnly day, string zone)
    {
        var known = TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found : TimeZoneInfo.FindSystemTimeZoneById(UsualZone);
        var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
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
