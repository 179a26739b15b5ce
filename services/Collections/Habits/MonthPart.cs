namespace RetailInvoicing.Collections.Habits;

/// <summary>A part of a month: wages and payment runs have days of the month, whatever a bill's due date is.</summary>
public static class MonthPart
{
    /// <summary>Seven of four days, the last up to the month's end.</summary>
    public const int Count = 7;

    /// <summary>The part that a date lies in.</summary>
    public static int Of(DateOnly date) => Math.Min((date.Day - 1) / 4, Count - 1);
}
