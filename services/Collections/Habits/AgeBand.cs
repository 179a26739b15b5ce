namespace RetailInvoicing.Collections.Habits;

/// <summary>
/// Days before and after the due date within which a customer is as likely to pay on one day as on the next: narrow where people pay by
/// habit (around the due date and some weeks after), wide where little happens.
/// </summary>
public static class AgeBand
{
    /// <summary>The first day of each band, counted from the due date; the first band has no beginning and the last no end.</summary>
    public static readonly IReadOnlyList<int> Starts =
    [
        int.MinValue,
        -21,
        -14,
        -9,
        -5,
        -2,
        0,
        1,
        3,
        5,
        8,
        11,
        14,
        17,
        20,
        23,
        26,
        30,
        35,
        40,
        45,
        53,
        61,
        76,
        91,
        121,
        181,
    ];

    /// <summary>How many there are.</summary>
    public static readonly int Count = Starts.Count;

    private const int Earliest = -22;
    private const int Latest = 181;

    private static readonly int[] OfDay = [.. Enumerable.Range(Earliest, Latest - Earliest + 1).Select(Find)];

    /// <summary>The band of a day, counted from the due date.</summary>
    public static int Of(int day) => OfDay[Math.Clamp(day, Earliest, Latest) - Earliest];

    private static int Find(int day)
    {
        var band = 0;
        while (band + 1 < Starts.Count && Starts[band + 1] <= day)
        {
            band++;
        }

        return band;
    }
}
