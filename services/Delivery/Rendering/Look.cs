namespace RetailInvoicing.Delivery.Rendering;

/// <summary>What a seller's documents look like beyond its colour: its logo, and templates of its own.</summary>
public sealed record Look
{
    /// <summary>Neither: ours.</summary>
    public static readonly Look Plain = new();

    /// <summary>The last logo that could be had.</summary>
    public Picture? Logo { get; init; }

    /// <summary>The seller's template of mails.</summary>
    public SellerTemplate? Mail { get; init; }

    /// <summary>The seller's template of the invoice's page.</summary>
    public SellerTemplate? Page { get; init; }
}
