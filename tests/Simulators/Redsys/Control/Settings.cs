namespace RetailInvoicing.Simulators.Redsys.Control;

/// <summary>What the control API may set.</summary>
internal sealed record Settings
{
    /// <summary>Whether the payer comes back with the signed result in the address ("Enviar parámetros en las URLs").</summary>
    public bool ParametersInUrls { get; init; } = true;

    /// <summary>Whether terminals may use the query by SOAP; else it answers XML0041.</summary>
    public bool QueryIsOpen { get; init; } = true;

    /// <summary>From which the faults on request are drawn.</summary>
    public int Seed { get; init; }
}

/// <summary>Settings to change: what is not said stays.</summary>
internal sealed record SettingsChange
{
    public bool? ParametersInUrls { get; init; }

    public bool? QueryIsOpen { get; init; }

    public int? Seed { get; init; }

    public Settings On(Settings before) =>
        before with
        {
            ParametersInUrls = ParametersInUrls ?? before.ParametersInUrls,
            QueryIsOpen = QueryIsOpen ?? before.QueryIsOpen,
            Seed = Seed ?? before.Seed,
        };
}
