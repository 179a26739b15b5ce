namespace RetailInvoicing.Reporting.Anomalies;

/// <summary>Something that is not as it used to be, with its reasons and how likely it would be by chance.</summary>
public sealed record Anomaly
{
    /// <summary>silent-till, return-rate or vat-rate.</summary>
    public required string Kind { get; init; }

    /// <summary>What it is about: S01/T2, a store, a product.</summary>
    public required string Subject { get; init; }

    /// <summary>The day it was first seen on, or the last one of the period.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>What was seen: invoices, percent that came back, the rate.</summary>
    public required decimal Seen { get; init; }

    /// <summary>What was to be expected.</summary>
    public required decimal Expected { get; init; }

    /// <summary>How many it was seen on: hours of silence, invoices of the period, invoices at the other rate.</summary>
    public required long Of { get; init; }

    /// <summary>How likely at least that would be by chance, if nothing were wrong; of a rate, the share that the usual one has at most missed.</summary>
    public required decimal Chance { get; init; }

    /// <summary>In words.</summary>
    public required string Reason { get; init; }

    /// <summary>In Spanish words.</summary>
    public required string ReasonEs { get; init; }
}
