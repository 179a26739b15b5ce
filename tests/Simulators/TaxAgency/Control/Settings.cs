namespace RetailInvoicing.Simulators.TaxAgency.Control;

/// <summary>What the control API may set. The published values are the ones at the start.</summary>
internal sealed record Settings
{
    /// <summary>TiempoEsperaEnvio, in seconds.</summary>
    public int WaitSeconds { get; init; } = 60;

    /// <summary>Whether a submission before its time is refused, or only noted.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether a record made longer ago than the margin is accepted with error 2004 unless the header says Incidencia.</summary>
    public bool LateNeedsIncident { get; init; }

    /// <summary>Records in one answer to a query.</summary>
    public int PageSize { get; init; } = 10_000;

    /// <summary>From which the faults on request are drawn.</summary>
    public int? Seed { get; init; }
}

/// <summary>Settings to change: what is not said stays.</summary>
internal sealed record SettingsChange
{
    public int? WaitSeconds { get; init; }

    public bool? Strict { get; init; }

    public bool? LateNeedsIncident { get; init; }

    public int? PageSize { get; init; }

    public int? Seed { get; init; }

    public Settings On(Settings before) =>
        before with
        {
            WaitSeconds = WaitSeconds ?? before.WaitSeconds,
            Strict = Strict ?? before.Strict,
            LateNeedsIncident = LateNeedsIncident ?? before.LateNeedsIncident,
            PageSize = PageSize ?? before.PageSize,
            Seed = Seed ?? before.Seed,
        };

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public string? Wrong =>
        WaitSeconds is < 0 or > 9999 ? "waitSeconds: 0 … 9999 (TiempoEsperaEnvio)"
        : PageSize is < 1 or > 10_000 ? "pageSize: 1 … 10000"
        : null;
}
