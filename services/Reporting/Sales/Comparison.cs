namespace RetailInvoicing.Reporting.Sales;

/// <summary>
/// The period that another is compared with: the one before of the same length (whole months before whole months), or the same a year before;
/// by weeks, 52 weeks before, so that weekdays meet. A day of it stands beside the day it is moved to.
/// </summary>
public sealed record Comparison(DateOnly From, DateOnly To, string Shift)
{
    /// <summary>The comparisons there are.</summary>
    public const string Names = "previous, year";

    private const int DaysOf52Weeks = 364;

    /// <summary>The period compared with; nothing where the calendar has none so early, or there is no such comparison.</summary>
    public static Comparison? Of(string name, string grouping, DateOnly from, DateOnly to)
    {
        var (days, months) = name switch
        {
            "year" when grouping == "week" => (DaysOf52Weeks, 0),
            "year" => (0, 12),
            "previous" when IsWholeMonths(from, to) => (0, (to.Year - from.Year) * 12 + to.Month - from.Month + 1),
            "previous" => (to.DayNumber - from.DayNumber + 1, 0),
            _ => (-1, 0),
        };
        if (days < 0 || from.DayNumber - days - months * 31 <= 0)
        {
            return null;
        }

        return months == 0
            ? new Comparison(from.AddDays(-days), to.AddDays(-days), $"{days} days")
            : new Comparison(from.AddMonths(-months), EndOf(from, to, months), $"{months} months");
    }

    /// <summary>Whole months end where their months end: 28 February before 31 March is 1 to 28 February.</summary>
    private static DateOnly EndOf(DateOnly from, DateOnly to, int months)
    {
        var end = to.AddMonths(-months);
        return IsWholeMonths(from, to) ? new DateOnly(end.Year, end.Month, DateTime.DaysInMonth(end.Year, end.Month)) : end;
    }

    private static bool IsWholeMonths(DateOnly from, DateOnly to) => from.Day == 1 && to.Day == DateTime.DaysInMonth(to.Year, to.Month);
}
