namespace RetailInvoicing.Simulators.Stripe.Control;

/// <summary>What the control API may set.</summary>
internal sealed record Settings
{
    /// <summary>How long a debit takes.</summary>
    public double DebitSeconds { get; init; }

    /// <summary>How long a refund takes that is not given at once.</summary>
    public double RefundSeconds { get; init; }

    /// <summary>When a notice is sent again that was not taken.</summary>
    public double RetrySeconds { get; init; }

    /// <summary>From which the faults on request are drawn.</summary>
    public int Seed { get; init; }
}

/// <summary>Settings to change: what is not said stays.</summary>
internal sealed record SettingsChange
{
    public double? DebitSeconds { get; init; }

    public double? RefundSeconds { get; init; }

    public double? RetrySeconds { get; init; }

    public int? Seed { get; init; }

    public Settings On(Settings before) =>
        new()
        {
            DebitSeconds = DebitSeconds ?? before.DebitSeconds,
            RefundSeconds = RefundSeconds ?? before.RefundSeconds,
            RetrySeconds = RetrySeconds ?? before.RetrySeconds,
            Seed = Seed ?? before.Seed,
        };

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public string? Wrong() =>
        IsOff(DebitSeconds) || IsOff(RefundSeconds) || IsOff(RetrySeconds) ? "debitSeconds, refundSeconds, retrySeconds: 0 … 86400" : null;

    private static bool IsOff(double? seconds) => seconds is not null and not (>= 0 and <= 86_400);
}
