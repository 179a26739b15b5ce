using MassTransit;

namespace RetailInvoicing.Contracts.Events.Payments;

/// <summary>Money was taken back from us: a chargeback or a returned debit.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record PaymentReversed : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "payments.payment-reversed.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The payment.</summary>
    public required PaymentId PaymentId { get; init; }

    /// <summary>The invoice it had been allocated to.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>Currency of the amount.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How much was taken back, positive.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The bank's or provider's reason.</summary>
    public string? Reason { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset ReversedAt { get; init; }
}
