using MassTransit;

namespace RetailInvoicing.Contracts.Events.Payments;

/// <summary>Money was received.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record PaymentReceived : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "payments.payment-received.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The payment.</summary>
    public required PaymentId PaymentId { get; init; }

    /// <summary>The invoice it was meant for, where it was said.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>How it was paid.</summary>
    public required PaymentMeans Means { get; init; }

    /// <summary>Who took it: till, bank, sandbox …</summary>
    public string? Provider { get; init; }

    /// <summary>Currency of the amount.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How much was received.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The payer's or provider's reference.</summary>
    public string? Reference { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}
