using MassTransit;

namespace RetailInvoicing.Contracts.Events.Payments;

/// <summary>Money was given back by us.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record PaymentRefunded : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "payments.payment-refunded.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The payment.</summary>
    public required PaymentId PaymentId { get; init; }

    /// <summary>The invoice, where it was allocated.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>Currency of the amount.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How much was paid back, positive.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Makes the refund idempotent.</summary>
    public string? Reference { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset RefundedAt { get; init; }
}
