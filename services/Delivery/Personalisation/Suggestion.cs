namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>A product that goes with a basket, and why it is thought so.</summary>
public sealed record Suggestion
{
    /// <summary>The seller's code for it.</summary>
    public required string Sku { get; init; }

    /// <summary>Its name, as it was last sold under.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the bought product that speaks most for it; absent where it only sells well.</summary>
    public string? BecauseOf { get; init; }

    /// <summary>How much speaks for it; compares within one answer, and with nothing else.</summary>
    public required double Score { get; init; }
}
