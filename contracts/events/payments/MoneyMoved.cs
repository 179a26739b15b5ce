using MassTransit;

namespace RetailInvoicing.Contracts.Events.Payments;

/// <summary>
/// Money of the seller's moved without a payment, refund or reversal of its own: a payout and what the provider kept of it, what a bank
/// kept, and money that had left and is there again.
/// </summary>
[EntityName(Exchange), MessageUrn(Exchange)]
public sealed record MoneyMoved : IEvent
{
    /// <summary>Its exchange.</summary>
    public const string Exchange = "payments.money-moved.v1";

    /// <inheritdoc />
    public required EventId EventId { get; init; }

    /// <inheritdoc />
    public required SellerId SellerId { get; init; }

    /// <summary>The movement in the ledger: paid-out, payout-arrived, payout-failed, bank-charged, refund-returned, reversal-undone.</summary>
    public required string Movement { get; init; }

    /// <summary>The payment whose money is there again; absent for payouts and charges.</summary>
    public PaymentId? PaymentId { get; init; }

    /// <summary>Who sent, kept or took it: a provider; absent for the bank.</summary>
    public string? Provider { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How much reached or is to reach the seller; negative where a provider collects; nothing for a charge.</summary>
    public required decimal Amount { get; init; }

    /// <summary>How much was kept for themselves.</summary>
    public required decimal Fees { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset MovedAt { get; init; }
}
