using RetailInvoicing.Contracts;

namespace RetailInvoicing.Portal.Pages;

/// <summary>What a customer may say is wrong with an invoice, and what became of saying so.</summary>
public sealed record DisputeModel
{
    /// <summary>How much may be said, in characters, as Collections takes it.</summary>
    public const int LongestReason = 500;

    /// <summary>The invoice.</summary>
    public required InvoiceBody Invoice { get; init; }

    /// <summary>Its page.</summary>
    public required string Href { get; init; }

    /// <summary>Whether the shop has been told.</summary>
    public bool Sent { get; init; }

    /// <summary>Whether nothing was said.</summary>
    public bool NoReason { get; init; }

    /// <summary>Whether it was told before, or nothing is left to pay of it.</summary>
    public bool NothingLeft { get; init; }

    /// <summary>The line that was chosen; the whole invoice where absent.</summary>
    public string? Line { get; init; }

    /// <summary>What was written.</summary>
    public string Typed { get; init; } = "";
}
