namespace RetailInvoicing.Simulators.Stripe.Books;

/// <summary>An account: whoever has its key.</summary>
internal sealed record Merchant(string Id, string SecretKey);

/// <summary>An address that an account's notices go to.</summary>
internal sealed record Hook
{
    public required string Id { get; init; }

    public required string Account { get; init; }

    public required string Url { get; init; }

    public required string Secret { get; init; }

    public required IReadOnlyList<string> Events { get; init; }

    public required DateTimeOffset Created { get; init; }

    public bool Deleted { get; init; }

    /// <summary>What a shop's checkout hears of, where nothing else is asked for.</summary>
    public static IReadOnlyList<string> Usual { get; } =
    [
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
        "refund.created",
        "refund.updated",
        "refund.failed",
        "charge.refunded",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "payout.paid",
        "payout.failed",
    ];

    public bool Wants(string type) => !Deleted && (Events.Contains("*") || Events.Contains(type));
}

/// <summary>A way through the hosted page.</summary>
internal sealed record Session
{
    public required string Id { get; init; }

    public required string Account { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>open, complete or expired.</summary>
    public string Status { get; init; } = "open";

    /// <summary>unpaid or paid.</summary>
    public string PaymentStatus { get; init; } = "unpaid";

    public required long Amount { get; init; }

    public required string Currency { get; init; }

    /// <summary>What is paid for, as the payer reads it.</summary>
    public required string Name { get; init; }

    public string? Reference { get; init; }

    public required string SuccessUrl { get; init; }

    public string? CancelUrl { get; init; }

    public string? Locale { get; init; }

    /// <summary>card, sepa_debit.</summary>
    public required IReadOnlyList<string> Means { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required IReadOnlyDictionary<string, string> PaymentMetadata { get; init; }

    public string? PaymentDescription { get; init; }

    public required string Url { get; init; }

    /// <summary>The payment, once somebody has tried to pay.</summary>
    public string? Payment { get; init; }
}

/// <summary>A payment intent and its latest charge.</summary>
internal sealed record Payment
{
    public required string Id { get; init; }

    public required string Charge { get; init; }

    public required string Account { get; init; }

    public required string Session { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required long Amount { get; init; }

    public required string Currency { get; init; }

    /// <summary>processing, succeeded or requires_payment_method.</summary>
    public required string Status { get; init; }

    /// <summary>card or sepa_debit.</summary>
    public required string Type { get; init; }

    /// <summary>google_pay, where a card was in one.</summary>
    public string? Wallet { get; init; }

    public string? Last4 { get; init; }

    public string? FailureCode { get; init; }

    public string? DeclineCode { get; init; }

    /// <summary>The change of the account's balance, once it was paid.</summary>
    public string? Entry { get; init; }

    /// <summary>Given back, or about to be.</summary>
    public long Refunded { get; init; }

    public string? Dispute { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public string? Description { get; init; }

    /// <summary>What will become of it, or of its refunds: what its test number stands for.</summary>
    public string? Outcome { get; init; }

    /// <summary>When that is known.</summary>
    public DateTimeOffset? SettlesAt { get; init; }
}

/// <summary>Money given back.</summary>
internal sealed record Refund
{
    public required string Id { get; init; }

    public required string Account { get; init; }

    public required string Payment { get; init; }

    public required string Charge { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required long Amount { get; init; }

    public required string Currency { get; init; }

    /// <summary>pending, succeeded or failed.</summary>
    public required string Status { get; init; }

    public string? Reason { get; init; }

    public string? FailureReason { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required string Entry { get; init; }

    public string? FailureEntry { get; init; }

    /// <summary>succeeded or failed: what it will be.</summary>
    public string? Outcome { get; init; }

    public DateTimeOffset? SettlesAt { get; init; }
}

/// <summary>Money that a payer's bank wants back.</summary>
internal sealed record Dispute
{
    public required string Id { get; init; }

    public required string Account { get; init; }

    public required string Payment { get; init; }

    public required string Charge { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required long Amount { get; init; }

    public required string Currency { get; init; }

    /// <summary>warning_needs_response, warning_closed, needs_response, won or lost.</summary>
    public required string Status { get; init; }

    public required string Reason { get; init; }

    /// <summary>What it took, and what it gave again.</summary>
    public required IReadOnlyList<Entry> Entries { get; init; }
}

/// <summary>Money sent to the account's bank.</summary>
internal sealed record Payout
{
    public required string Id { get; init; }

    public required string Account { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required long Amount { get; init; }

    public required long Fees { get; init; }

    public required string Currency { get; init; }

    public required DateOnly ArrivesOn { get; init; }

    public string? Statement { get; init; }

    public required string Entry { get; init; }

    /// <summary>Why the bank did not take it, or gave it back.</summary>
    public string? FailureCode { get; init; }
}

/// <summary>A change of an account's balance, which Stripe calls a balance transaction.</summary>
internal sealed record Entry
{
    public required string Id { get; init; }

    public required string Account { get; init; }

    /// <summary>charge, payment, refund, refund_failure, adjustment, payout or payout_failure.</summary>
    public required string Type { get; init; }

    public required string Source { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required long Amount { get; init; }

    public long Fee { get; init; }

    public required string Currency { get; init; }

    /// <summary>The payout that it went out with.</summary>
    public string? Payout { get; init; }

    public long Net() => Amount - Fee;
}

/// <summary>An event, as it is told.</summary>
internal sealed record Told
{
    public required string Id { get; init; }

    public required string Account { get; init; }

    public required string Type { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Its JSON; in the journal alone.</summary>
    public string? Body { get; init; }
}

/// <summary>An event on its way to an address.</summary>
internal sealed record Sent
{
    public const string Waiting = "waiting";
    public const string Delivered = "delivered";
    public const string Lost = "lost";
    public const string GivenUp = "given-up";

    public required string Event { get; init; }

    public required string Hook { get; init; }

    /// <summary>0; 1 for the second of a notice that is sent twice.</summary>
    public int Copy { get; init; }

    public string State { get; init; } = Waiting;

    public int Attempts { get; init; }

    public required DateTimeOffset NextAt { get; init; }

    /// <summary>What was answered last; 0 where nothing was.</summary>
    public int? LastStatus { get; init; }
}

/// <summary>What was answered under an idempotency key.</summary>
internal sealed record Answer
{
    public required string Account { get; init; }

    public required string Key { get; init; }

    /// <summary>Of the request.</summary>
    public required string Fingerprint { get; init; }

    public required DateTimeOffset At { get; init; }

    public required int Status { get; init; }

    /// <summary>As it was answered; in the journal alone.</summary>
    public string? Body { get; init; }
}
