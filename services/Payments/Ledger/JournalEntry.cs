using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Ledger;

/// <summary>One movement in the seller's books, balanced: its lines sum to zero.</summary>
public sealed record JournalEntry
{
    /// <summary>What happened, such as payment-received.</summary>
    public required string Kind { get; init; }

    /// <summary>The invoice it moves.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>The payment or credit it moves.</summary>
    public PaymentId? PaymentId { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Currency of its lines.</summary>
    public required Currency Currency { get; init; }

    /// <summary>Accounts and amounts; those of zero are left out.</summary>
    public required IReadOnlyList<JournalLine> Lines { get; init; }
}

/// <summary>A debit (positive) or credit (negative) of one account.</summary>
public readonly record struct JournalLine(string Account, decimal Amount);
