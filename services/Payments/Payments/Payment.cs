using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Payments;

/// <summary>Money received once, or the credit that a corrective invoice gave, and where it is now.</summary>
public sealed record Payment
{
    /// <summary>Who took what a corrective invoice gave: nobody, it is no money.</summary>
    public const string CreditProvider = "credit";

    /// <summary>The payment.</summary>
    public required PaymentId PaymentId { get; init; }

    /// <summary>The invoice it was meant for; of a credit, the corrective invoice it comes from.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>Whose money it is, where the seller knows the customer.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>How it was paid.</summary>
    public required PaymentMeans Means { get; init; }

    /// <summary>Who took it: till, bank, sandbox; credit for what a corrective invoice gave.</summary>
    public required string Provider { get; init; }

    /// <summary>The journal's account that it lies on.</summary>
    public required string Account { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How much was received; negative where a till gave money back.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The payer's or terminal's reference.</summary>
    public string? Reference { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>How much of it invoices have taken.</summary>
    public decimal Allocated { get; init; }

    /// <summary>How much no invoice has taken.</summary>
    public decimal Unallocated { get; init; }

    /// <summary>How much was given back.</summary>
    public decimal Refunded { get; init; }

    /// <summary>How much was for vouchers, deposits, tips and donations.</summary>
    public decimal NonSale { get; init; }

    /// <summary>Counts up with every change.</summary>
    public long Version { get; init; }

    /// <summary>Whether it is a corrective invoice's credit.</summary>
    public bool IsCredit => Provider == CreditProvider;

    /// <summary>
    /// The most that can be given back: what invoices took comes back out of them; credit that an invoice took has done its work.
    /// </summary>
    public decimal Refundable => IsCredit ? Unallocated : Allocated + Unallocated;
}

/// <summary>Money of a payment that went to an invoice; negative where it was undone.</summary>
public sealed record Allocation
{
    /// <summary>The payment or credit.</summary>
    public required PaymentId PaymentId { get; init; }

    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>How much.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The invoice's balance version after it.</summary>
    public long BalanceVersion { get; init; }
}
