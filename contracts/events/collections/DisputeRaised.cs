using MassTransit;

namespace RetailInvoicing.Contracts.Events.Collections;

/// <summary>A customer disputes an invoice or a line of it.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record DisputeRaised : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "collections.dispute-raised.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>The line in dispute; the whole invoice where absent.</summary>
    public string? LineId { get; init; }

    /// <summary>What the customer says.</summary>
    public required string Reason { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset RaisedAt { get; init; }
}
