using MassTransit;

namespace RetailInvoicing.Contracts.Events.Collections;

/// <summary>A receivable is overdue in the seller's zone.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record ReceivableOverdue : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "collections.receivable-overdue.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Currency of the amount.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What is open.</summary>
    public required decimal AmountDue { get; init; }

    /// <summary>When it was due (BT-9).</summary>
    public required DateOnly DueDate { get; init; }

    /// <summary>When it was found overdue.</summary>
    public required DateTimeOffset OverdueAt { get; init; }
}
