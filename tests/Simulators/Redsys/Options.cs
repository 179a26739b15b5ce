namespace RetailInvoicing.Simulators.Redsys;

/// <summary>What the environment tells the simulator (Redsys__Data, Redsys__Key, Redsys__Seed).</summary>
internal sealed record Options
{
    /// <summary>The folder that the journal is kept in.</summary>
    public string? Data { get; init; }

    /// <summary>The key of terminals that the control API has given none: the one that Redsys publishes for its tests.</summary>
    public string Key { get; init; } = "sq7HjrUOBfKmC576ILgskD5srU870gJ7";

    /// <summary>From which faults are drawn.</summary>
    public int Seed { get; init; }
}
