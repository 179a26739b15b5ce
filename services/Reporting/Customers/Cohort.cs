namespace RetailInvoicing.Reporting.Customers;

/// <summary>What the customers of one first month did so many months later.</summary>
public sealed record CohortRow
{
    /// <summary>The month of the first purchase, 2026-11.</summary>
    public required string Cohort { get; init; }

    /// <summary>Currency of the value.</summary>
    public required string Currency { get; init; }

    /// <summary>Customers who began then.</summary>
    public required long Customers { get; init; }

    /// <summary>Months since.</summary>
    public required int MonthsLater { get; init; }

    /// <summary>How many of them bought.</summary>
    public required long Active { get; init; }

    /// <summary>For how much, with VAT, net of what came back.</summary>
    public required decimal Value { get; init; }

    /// <summary>The share of them that bought, percent.</summary>
    public decimal Retained => Customers == 0 ? 0m : decimal.Round(100m * Active / Customers, 2, MidpointRounding.AwayFromZero);
}
