using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Invoicing;

namespace RetailInvoicing.Portal.Claims;

/// <summary>A customer's own data on an invoice, to be put right.</summary>
public sealed record BuyerModel
{
    /// <summary>The invoice.</summary>
    public required InvoiceBody Invoice { get; init; }

    /// <summary>Its page.</summary>
    public required string Href { get; init; }

    /// <summary>What is typed.</summary>
    public required BuyerFields Fields { get; init; }

    /// <summary>The form's own name: sent twice, it is one correction.</summary>
    public required string Key { get; init; }

    /// <summary>Why it cannot be.</summary>
    public IReadOnlyList<Refusal> Refusals { get; init; } = [];

    /// <summary>Where the shop is asked.</summary>
    public string? ShopEmail { get; init; }
}
