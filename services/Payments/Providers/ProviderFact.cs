using System.Text.Json.Serialization;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Providers;

/// <summary>
/// Something that happened at a provider. It has its effect once, whether a notice tells it, a second one does, or the provider says it
/// when asked: <see cref="FactId"/> is the same each time. Facts may come in any order.
/// </summary>
[JsonDerivedType(typeof(CheckoutPaid), "checkout-paid")]
[JsonDerivedType(typeof(CheckoutEnded), "checkout-ended")]
[JsonDerivedType(typeof(RefundEnded), "refund-ended")]
[JsonDerivedType(typeof(TakenBack), "taken-back")]
[JsonDerivedType(typeof(GivenAgain), "given-again")]
[JsonDerivedType(typeof(PaidOut), "paid-out")]
[JsonDerivedType(typeof(PayoutFailed), "payout-failed")]
public abstract record ProviderFact
{
    /// <summary>What it is known by with this account: the kind and the provider's id of what happened, such as paid:pi_1.</summary>
    public required string FactId { get; init; }

    /// <summary>When it happened, by the provider's clock.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>A checkout was paid.</summary>
public sealed record CheckoutPaid : ProviderFact
{
    /// <summary>Which of ours.</summary>
    public required CheckoutReference Checkout { get; init; }

    /// <summary>The provider's id of the payment, which refunds, disputes and payouts name.</summary>
    public required string Reference { get; init; }

    /// <summary>How it was paid, where the provider says it: a card's checkout may have been paid by a wallet.</summary>
    public PaymentMeans? Means { get; init; }

    /// <summary>What the provider took, for comparison: what we book is what it took, and where that is not what we asked it is told.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Its currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What the provider keeps for itself, where it says so already.</summary>
    public decimal? Fee { get; init; }
}

/// <summary>A checkout came to nothing: declined, given up by the payer, or past its end. Where it was paid after all, the payment counts.</summary>
public sealed record CheckoutEnded : ProviderFact
{
    /// <summary>Which of ours.</summary>
    public required CheckoutReference Checkout { get; init; }

    /// <summary>Failed, Cancelled or Expired.</summary>
    public required CheckoutState State { get; init; }

    /// <summary>The provider's reason in its own code, such as 0190 or card_declined.</summary>
    public string? Reason { get; init; }
}

/// <summary>A refund was given, or will not be.</summary>
public sealed record RefundEnded : ProviderFact
{
    /// <summary>Our refund's id; absent where somebody gave it back in the provider's own pages.</summary>
    public Guid? RefundId { get; init; }

    /// <summary>The provider's id of the payment.</summary>
    public required string Payment { get; init; }

    /// <summary>The provider's id of the refund.</summary>
    public required string Reference { get; init; }

    /// <summary>Given or Failed.</summary>
    public required RefundState State { get; init; }

    /// <summary>How much, positive.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Its currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>Why it was not given.</summary>
    public string? Reason { get; init; }
}

/// <summary>Money of a payment was taken from us again: a dispute, a returned debit.</summary>
public sealed record TakenBack : ProviderFact
{
    /// <summary>The provider's id of the payment.</summary>
    public required string Payment { get; init; }

    /// <summary>How much, positive.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Its currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>The reason in the provider's or the bank's code, such as fraudulent or MD06.</summary>
    public string? Reason { get; init; }
}

/// <summary>Money that had been taken back is ours again: a dispute was won.</summary>
public sealed record GivenAgain : ProviderFact
{
    /// <summary>The provider's id of the payment.</summary>
    public required string Payment { get; init; }

    /// <summary>How much, positive.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Its currency.</summary>
    public required Currency Currency { get; init; }
}

/// <summary>
/// The provider sent money to the seller's bank, payments less refunds, disputes and fees, or took from it what those came to beyond the
/// payments.
/// </summary>
public sealed record PaidOut : ProviderFact
{
    /// <summary>The provider's id of the payout.</summary>
    public required string Reference { get; init; }

    /// <summary>What reaches the bank; negative where the provider takes it from there.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Its currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What the provider kept of it, positive.</summary>
    public required decimal Fees { get; init; }

    /// <summary>The day it should be on the bank's account, where the provider says it.</summary>
    public DateOnly? ArrivesOn { get; init; }

    /// <summary>What the bank's line will say, where the provider says it.</summary>
    public string? Statement { get; init; }
}

/// <summary>What the provider had sent did not stay on the bank's account: it is the provider's again, and paid out another time.</summary>
public sealed record PayoutFailed : ProviderFact
{
    /// <summary>The provider's id of the payout.</summary>
    public required string Reference { get; init; }

    /// <summary>Why, in the provider's code, such as account_closed.</summary>
    public string? Reason { get; init; }
}

/// <summary>A checkout by our id, or by the order code that the provider knows it by where its wire holds no more.</summary>
public readonly record struct CheckoutReference(Guid? CheckoutId, string? Order);
