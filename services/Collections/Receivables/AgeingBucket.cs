namespace RetailInvoicing.Collections.Receivables;

/// <summary>How long past its due date a receivable is, as accountants read it.</summary>
public sealed record AgeingBucket
{
    private AgeingBucket(string name, int from, int to) => (Name, From, To) = (name, from, to);

    /// <summary>Its name: current, 1-30, 31-60, 61-90, 90+.</summary>
    public string Name { get; }

    /// <summary>First day of it, counted from the due date.</summary>
    public int From { get; }

    /// <summary>Last day of it.</summary>
    public int To { get; }

    /// <summary>All of them, youngest first.</summary>
    public static readonly IReadOnlyList<AgeingBucket> All =
    [
        new("current", int.MinValue, 0),
        new("1-30", 1, 30),
        new("31-60", 31, 60),
        new("61-90", 61, 90),
        new("90+", 91, int.MaxValue),
    ];

    /// <summary>The bucket of something so many days past due.</summary>
    public static AgeingBucket Of(int daysOverdue) => All.First(bucket => daysOverdue <= bucket.To);

    /// <summary>The bucket of that name, if there is one.</summary>
    public static AgeingBucket? Named(string name) => All.FirstOrDefault(bucket => bucket.Name == name);
}
