using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Payments;

/// <summary>Money received once, or the credit that a corrective invoice gave, and where it is now.</summary>
public sealed record Payment
{
    /// <summary>Who took what a corrective invoice gave: nobody, it is no money.</summary>
    public const string CreditProvider = "credit";

    /// <summary>Who took what a payment lacked by no more than the seller's tolerance: nobody, the seller does without it.</summary>
    public const string DifferenceProvider = "difference";

    /// <summary>Who took what the seller gave up on: nobody.</summary>
    public const string WriteOffProvider = "write-off";

    /// <summary>Those of whom nobody can be asked to give anything back: the seller does it itself, or nothing was taken.</summary>
    public static IReadOnlyList<string> WithoutProvider { get; } =
    ["till", "bank", "sandbox", CreditProvider, DifferenceProvider, WriteOffProvider];

    /// <summary>The payment.</summary>
    public required PaymentId PaymentId { get; init; }

    /// <summary>The invoice it was meant for; of a credit, the corrective invoice it comes from.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>Whose money it is, where the seller knows the customer.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>How it was paid.</summary>
    public required PaymentMeans Means { get; init; }

    /// <summary>Who took it: till, bank, sandbox, a provider; credit for what a corrective invoice gave.</summary>
    public required string Provider { get; init; }

    /// <summary>What the provider knows it by, such as pi_…; refunds, disputes and payouts name it.</summary>
    public string? ProviderReference { get; init; }

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

    /// <summary>Of a corrective invoice's credit, the invoices that it corrects.</summary>
    public IReadOnlyList<InvoiceId> GivenFor { get; init; } = [];

    /// <summary>How much of it invoices have taken.</summary>
    public decimal Allocated { get; init; }

    /// <summary>How much no invoice has taken.</summary>
    public decimal Unallocated { get; init; }

    /// <summary>How much was given back, or is under way to it.</summary>
    public decimal Refunded { get; init; }

    /// <summary>How much of it was taken back from us: a dispute, a returned debit. Of a write-off, how much of it was undone.</summary>
    public decimal Reversed { get; init; }

    /// <summary>How much more than was left of it was taken back from us: the seller's loss, until some of it comes again.</summary>
    public decimal Overdrawn { get; init; }

    /// <summary>How much was for vouchers, deposits, tips and donations.</summary>
    public decimal NonSale { get; init; }

    /// <summary>Counts up with every change.</summary>
    public long Version { get; init; }

    /// <summary>Whether it is a corrective invoice's credit.</summary>
    public bool IsCredit => Provider == CreditProvider;

    /// <summary>Whether it is no money but what the seller does without.</summary>
    public bool IsWrittenOff => Provider is DifferenceProvider or WriteOffProvider;

    /// <summary>Whether a provider must be asked to give it back; else whoever records a refund has given it.</summary>
    public bool IsGivenBackByProvider => !WithoutProvider.Contains(Provider);

    /// <summary>
    /// The most that can be given back: what invoices took comes back out of them; credit that an invoice took has done its work; of what
    /// the seller does without there is nothing.
    /// </summary>
    public decimal Refundable =>
        IsWrittenOff ? 0m
        : IsCredit ? Unallocated
        : Allocated + Unallocated;
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
