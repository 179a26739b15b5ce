namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>Days of a seller: an instant has one date in its zone, and banks want dates.</summary>
public static class SellerDay
{
    private const string UsualZone = "Europe/Madrid";

    /// <summary>The seller's clock at that instant.</summary>
    public static DateTimeOffset Local(DateTimeOffset now, string? zone) => TimeZoneInfo.ConvertTime(now, ZoneOf(zone));

    /// <summary>The seller's date at that instant.</summary>
    public static DateOnly Of(DateTimeOffset now, string? zone) => DateOnly.FromDateTime(Local(now, zone).DateTime);

    /// <summary>When the day begins for the seller; the first and last years have no midnight in every zone.</summary>
    public static DateTimeOffset Begin(DateOnly day, string? zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, day.Year is > 1 and < 9999 ? ZoneOf(zone).GetUtcOffset(local) : TimeSpan.Zero);
    }

    private static TimeZoneInfo ZoneOf(string? zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(zone ?? UsualZone, out var known) ? known : TimeZoneInfo.Utc;
}
