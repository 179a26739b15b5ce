using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Bank;

/// <summary>How sure a proposal is.</summary>
public enum Confidence
{
    /// <summary>Something speaks for it.</summary>
    Possible,

    /// <summary>Most of what is known speaks for it.</summary>
    Likely,

    /// <summary>Nothing else can be meant: it is booked without asking.</summary>
    Certain,
}

/// <summary>What a line of the bank may be.</summary>
public enum ProposalKind
{
    /// <summary>Payment of invoices.</summary>
    Invoices,

    /// <summary>Payment of what is paid already: it stays the customer's.</summary>
    PaidAlready,

    /// <summary>What a provider paid out.</summary>
    Payout,

    /// <summary>What the seller gave back.</summary>
    Refund,
}

/// <summary>What a line of the bank may be, how sure that is, and why.</summary>
public sealed record Proposal
{
    /// <summary>What it would be.</summary>
    public required ProposalKind Kind { get; init; }

    /// <summary>How sure.</summary>
    public required Confidence Confidence { get; init; }

    /// <summary>From 0 to 1: orders the proposals of one line, and is no probability.</summary>
    public required decimal Score { get; init; }

    /// <summary>Whose payment it is, where all its invoices are one customer's.</summary>
    public CustomerId? CustomerId { get; init; }

    /// <summary>What each invoice gets.</summary>
    public IReadOnlyList<ProposalPart> Parts { get; init; } = [];

    /// <summary>What no invoice gets.</summary>
    public decimal Rest { get; init; }

    /// <summary>Who paid out.</summary>
    public string? Provider { get; init; }

    /// <summary>The payout's id, or the refund's reference.</summary>
    public string? Reference { get; init; }

    /// <summary>The payment that was given back.</summary>
    public PaymentId? PaymentId { get; init; }

    /// <summary>Why.</summary>
    public required IReadOnlyList<MatchReason> Reasons { get; init; }
}

/// <summary>What an invoice gets of a line of the bank.</summary>
public sealed record ProposalPart
{
    /// <summary>The invoice.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Its number.</summary>
    public required string Number { get; init; }

    /// <summary>How much it gets.</summary>
    public required decimal Amount { get; init; }

    /// <summary>What it lacks then and the seller does without.</summary>
    public decimal Forgiven { get; init; }
}

/// <summary>What a line of the bank may be, the best first; the first alone may be certain.</summary>
public sealed record Verdict(IReadOnlyList<Proposal> Proposals)
{
    /// <summary>What it is beyond doubt.</summary>
    public Proposal? Automatic => Proposals is [{ Confidence: Confidence.Certain } first, ..] ? first : null;
}
