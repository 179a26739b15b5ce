namespace RetailInvoicing.Simulators.Bank.Control;

/// <summary>What the control API may set.</summary>
internal sealed record Settings
{
    /// <summary>After how long a seller is told again who did not take what was told.</summary>
    public double RetrySeconds { get; init; } = 1;

    /// <summary>From which the faults on request are drawn.</summary>
    public int Seed { get; init; }
}

/// <summary>Settings to change: what is not said stays.</summary>
internal sealed record SettingsChange
{
    public double? RetrySeconds { get; init; }

    public int? Seed { get; init; }

    public Settings On(Settings before) =>
        before with
        {
            RetrySeconds = Math.Clamp(RetrySeconds ?? before.RetrySeconds, 0.1, 60),
            Seed = Seed ?? before.Seed,
        };
}
