namespace RetailInvoicing.Collections.Promises;

/// <summary>
/// How far a customer's word can be relied on: the share of its promises that it kept, one kept in part counting half, drawn towards one half
/// by one kept and one broken promise that nobody made (a Beta(1,1) prior), so that a single promise says little.
/// </summary>
public sealed record PromiseScore
{
    /// <summary>Promises that were judged.</summary>
    public required int Judged { get; init; }

    /// <summary>Kept.</summary>
    public required int Kept { get; init; }

    /// <summary>Kept in part.</summary>
    public required int Partial { get; init; }

    /// <summary>Broken.</summary>
    public required int Broken { get; init; }

    /// <summary>0 to 1, three decimals.</summary>
    public required decimal KeptShare { get; init; }

    /// <summary>The score of what was judged.</summary>
    public static PromiseScore Of(int kept, int partial, int broken) =>
        new()
        {
            Judged = kept + partial + broken,
            Kept = kept,
            Partial = partial,
            Broken = broken,
            // Adding a zero of that scale keeps the zeros at the end.
            KeptShare =
                decimal.Round((kept + partial / 2m + 1m) / (kept + partial + broken + 2m), 3, MidpointRounding.AwayFromZero) + 0.000m,
        };
}
