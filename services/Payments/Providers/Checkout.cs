using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Providers;

/// <summary>How far a checkout is.</summary>
public enum CheckoutState
{
    /// <summary>Asked for; nobody knows yet whether it will be paid.</summary>
    Open,

    /// <summary>Paid.</summary>
    Paid,

    /// <summary>Declined.</summary>
    Failed,

    /// <summary>Given up by the payer.</summary>
    Cancelled,

    /// <summary>Past its end, unpaid.</summary>
    Expired,
}

/// <summary>A customer's way through a provider's pages to pay what invoices ask for: amount and currency are ours, never the page's.</summary>
public sealed record Checkout
{
    /// <summary>The seller who is paid.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>Its id, the idempotency key of everything asked of the provider.</summary>
    public required Guid CheckoutId { get; init; }

    /// <summary>The provider.</summary>
    public required string Provider { get; init; }

    /// <summary>What the payer chose to pay with.</summary>
    public required PaymentMeans Means { get; init; }

    /// <summary>
    /// What the provider knows it by where its wire holds no more: twelve characters, the first four digits; no two of a provider's are the
    /// same.
    /// </summary>
    public required string Order { get; init; }

    /// <summary>What is asked for, with the currency's decimals.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Its currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What each invoice gets of it; the parts sum to the amount.</summary>
    public required IReadOnlyList<CheckoutPart> Parts { get; init; }

    /// <summary>What the payer reads, such as the invoice's number.</summary>
    public required string Description { get; init; }

    /// <summary>es, en, ca, eu or gl.</summary>
    public required string Language { get; init; }

    /// <summary>Where the provider sends the payer afterwards, whatever came of it.</summary>
    public required Uri ReturnTo { get; init; }

    /// <summary>Where the provider's notices go.</summary>
    public required Uri NotifyAt { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When nobody can pay it any more.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How far it is.</summary>
    public CheckoutState State { get; init; }

    /// <summary>The provider's id of it, once there is one, such as cs_….</summary>
    public string? Session { get; init; }

    /// <summary>The provider's id of the payment, once there is one, such as pi_….</summary>
    public string? Reference { get; init; }
}

/// <summary>What an invoice gets of a checkout.</summary>
public readonly record struct CheckoutPart(InvoiceId InvoiceId, decimal Amount);

/// <summary>
/// Where the payer is sent: by a link, or by a form that posts these fields. The provider's id of it, where it has one already.
/// </summary>
public sealed record CheckoutStarted(Uri Address, IReadOnlyDictionary<string, string>? Fields, string? Session);

/// <summary>What the provider's books say of a checkout: what has happened, and whether it may still be paid.</summary>
public sealed record CheckoutSeen
{
    /// <summary>Open where it may still be paid, or where the provider does not know it yet.</summary>
    public required CheckoutState State { get; init; }

    /// <summary>What has happened; empty while it is open.</summary>
    public required IReadOnlyList<ProviderFact> Facts { get; init; }

    /// <summary>The provider's id of it, where it has one: the answer that told it first may have been lost.</summary>
    public string? Session { get; init; }
}

/// <summary>How far a refund is.</summary>
public enum RefundState
{
    /// <summary>Asked for; the provider has not said what came of it.</summary>
    Asked,

    /// <summary>Given.</summary>
    Given,

    /// <summary>It will not be given.</summary>
    Failed,
}

/// <summary>Money that a provider is asked to give back.</summary>
public sealed record RefundOrder
{
    /// <summary>Its id, the idempotency key.</summary>
    public required Guid RefundId { get; init; }

    /// <summary>The checkout that was paid.</summary>
    public required Checkout Checkout { get; init; }

    /// <summary>The provider's id of the payment.</summary>
    public required string Payment { get; init; }

    /// <summary>How much, positive.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Its currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How often it was asked for before: where the provider has no key of its own for it, it is looked for first.</summary>
    public required int AskedBefore { get; init; }
}

/// <summary>What the provider says of a refund; asked where it is under way.</summary>
public sealed record RefundSeen(RefundState State, string? Reference, string? Reason);
