namespace RetailInvoicing.Collections.Timing;

/// <summary>A part of the customer's day; the hours within one answer alike, and finer ones would never see enough messages to be told apart.</summary>
public sealed record HourBand
{
    private HourBand(int index, int from, int to) => (Index, From, To) = (index, TimeSpan.FromHours(from), TimeSpan.FromHours(to));

    /// <summary>Its place among all.</summary>
    public int Index { get; }

    /// <summary>Its first instant, from the beginning of the local day.</summary>
    public TimeSpan From { get; }

    /// <summary>Where it ends, not included.</summary>
    public TimeSpan To { get; }

    /// <summary>All of them: night, early and late morning, afternoon, evening, late.</summary>
    public static readonly IReadOnlyList<HourBand> All =
    [
        new(0, 0, 8),
        new(1, 8, 11),
        new(2, 11, 14),
        new(3, 14, 17),
        new(4, 17, 20),
        new(5, 20, 24),
    ];

    /// <summary>The band of a local time.</summary>
    public static HourBand Of(TimeOnly at) => All.First(band => at.ToTimeSpan() < band.To);
}
