using MassTransit;

namespace RetailInvoicing.Contracts.Events.Invoicing;

/// <summary>An invoice that should never have been was cancelled.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record InvoiceCancelled : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "invoicing.invoice-cancelled.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Its number, never used again.</summary>
    public required string Number { get; init; }

    /// <summary>Why it should never have been.</summary>
    public string? Reason { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CancelledAt { get; init; }
}
