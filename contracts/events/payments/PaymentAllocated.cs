using MassTransit;

namespace RetailInvoicing.Contracts.Events.Payments;

/// <summary>Money or credit was allocated to an invoice.</summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record PaymentAllocated : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "payments.payment-allocated.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>The payment or credit it was taken from.</summary>
    public required PaymentId PaymentId { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How much was allocated; negative where an allocation is undone.</summary>
    public required decimal Amount { get; init; }

    /// <summary>What the invoice has open after it.</summary>
    public required decimal AmountDue { get; init; }

    /// <summary>Counts up with every change of the invoice's balance, so that an old amount due does not overwrite a new one.</summary>
    public required long BalanceVersion { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset AllocatedAt { get; init; }

    /// <summary>
    /// Why, where it is no payment that the invoice took: credit, difference, write-off; and where an allocation is undone: refund,
    /// reversal, write-off-undone, undone.
    /// </summary>
    public string? Cause { get; init; }

    /// <summary>
    /// When the money was received, by the bank's day where it came through the bank; absent where it is no money that the invoice took.
    /// </summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>
    /// The corrective invoice that gave the credit, where it corrects this very invoice; absent for money, and for credit that another
    /// invoice's correction gave.
    /// </summary>
    public InvoiceId? CorrectiveInvoiceId { get; init; }
}
