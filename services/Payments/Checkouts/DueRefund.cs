using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>A refund that its provider is to be asked for, or asked about, now.</summary>
public sealed record DueRefund
{
    /// <summary>Whose it is.</summary>
    public SellerId SellerId { get; init; }

    /// <summary>The payment it is given back from.</summary>
    public PaymentId PaymentId { get; init; }

    /// <summary>What makes it idempotent with the seller.</summary>
    public string Reference { get; init; } = "";

    /// <summary>What makes it idempotent with the provider.</summary>
    public Guid RefundId { get; init; }

    /// <summary>How much.</summary>
    public decimal Amount { get; init; }

    /// <summary>How often it was looked at, this time included.</summary>
    public int Looks { get; init; }

    /// <summary>When it was ordered.</summary>
    public DateTimeOffset RefundedAt { get; init; }

    /// <summary>Who has to give it.</summary>
    public string Provider { get; init; } = "";

    /// <summary>What the provider knows the payment by.</summary>
    public string? ProviderReference { get; init; }

    /// <summary>Its currency.</summary>
    public Currency Currency { get; init; }
}
