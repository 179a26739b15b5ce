namespace RetailInvoicing.Simulators.Bank;

/// <summary>What the environment tells the simulator (Bank__Data, Bank__RetrySeconds, Bank__Seed).</summary>
internal sealed record Options
{
    /// <summary>The folder that the journal is kept in.</summary>
    public string? Data { get; init; }

    /// <summary>After how long a seller is told again who did not take what was told; then twice as long, up to a minute.</summary>
    public double RetrySeconds { get; init; } = 1;

    /// <summary>From which faults are drawn.</summary>
    public int Seed { get; init; }
}
