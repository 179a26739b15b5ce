namespace RetailInvoicing.Simulators.Stripe;

/// <summary>What the environment tells the simulator (Stripe__Data, Stripe__Address, …).</summary>
internal sealed record Options
{
    /// <summary>The folder that the journal is kept in.</summary>
    public string? Data { get; init; }

    /// <summary>Where payers' browsers reach its pages; where nothing is said, the address that a session was asked for at.</summary>
    public string? Address { get; init; }

    /// <summary>From which faults are drawn.</summary>
    public int Seed { get; init; }

    /// <summary>How long a debit takes; days, at Stripe.</summary>
    public double DebitSeconds { get; init; } = 3;

    /// <summary>How long a refund takes that is not given at once.</summary>
    public double RefundSeconds { get; init; } = 2;

    /// <summary>When a notice is sent again that was not taken; then twice as long, and so on.</summary>
    public double RetrySeconds { get; init; } = 1;
}
