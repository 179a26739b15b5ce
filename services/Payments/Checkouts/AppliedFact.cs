using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>A fact that has had its effect.</summary>
public sealed record AppliedFact
{
    /// <summary>What it is known by with the account.</summary>
    public required string FactId { get; init; }

    /// <summary>When it happened, by the provider's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What came of it.</summary>
    public required string Effect { get; init; }

    /// <summary>The checkout that it is about.</summary>
    public Guid? CheckoutId { get; init; }

    /// <summary>The payment that it is about.</summary>
    public PaymentId? PaymentId { get; init; }

    /// <summary>The refund that it is about.</summary>
    public Guid? RefundId { get; init; }
}

/// <summary>
/// A fact that has to wait, and why. It may be foreign: of a payment that the seller took by that account, but not through us.
/// </summary>
public readonly record struct PutOffFact(string FactId, string Reason, bool IsForeign);

/// <summary>What an invoice took of a new payment.</summary>
public readonly record struct TakenPart(PaymentId PaymentId, InvoiceId InvoiceId, decimal Amount);

/// <summary>What no invoice took of a payment: it was paid twice, or too much was taken.</summary>
public readonly record struct LeftOver(Guid CheckoutId, PaymentId PaymentId, Money Amount);

/// <summary>Money given back through a provider, as its row holds it.</summary>
public sealed record KeptRefund
{
    /// <summary>The payment it is given back from.</summary>
    public PaymentId PaymentId { get; init; }

    /// <summary>What makes it idempotent.</summary>
    public string Reference { get; init; } = "";

    /// <summary>Its id, the idempotency key.</summary>
    public Guid RefundId { get; init; }

    /// <summary>How much, positive.</summary>
    public decimal Amount { get; init; }

    /// <summary>asked, given or failed.</summary>
    public string State { get; init; } = "";

    /// <summary>The provider's id of it.</summary>
    public string? ProviderReference { get; init; }

    /// <summary>The invoice that lost most recently what is given back.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>Why it was not given.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether nobody here had ordered it.</summary>
    public bool IsNew { get; init; }
}

/// <summary>Money that a provider announced, as its row holds it.</summary>
public sealed record KeptPayout
{
    /// <summary>The provider's id of it.</summary>
    public string Reference { get; init; } = "";

    /// <summary>Its currency.</summary>
    public Currency Currency { get; init; }

    /// <summary>What was to reach the bank.</summary>
    public decimal Amount { get; init; }

    /// <summary>Why it failed, where it did.</summary>
    public string? Reason { get; init; }
}
