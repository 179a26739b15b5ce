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
}
