namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>How long everything is measured: five runs in full, one in about three minutes where it shall be quick.</summary>
internal sealed record Scale
{
    /// <summary>How often everything is measured; the median counts.</summary>
    public int Runs { get; init; } = 5;

    /// <summary>Seconds of a baseline at each number of clients.</summary>
    public int BaselineSeconds { get; init; } = 8;

    /// <summary>How long each door is offered sales.</summary>
    public TimeSpan Load { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How many invoices an import ends with before its time: telling of them takes longer than issuing them.</summary>
    public long MostInvoices { get; init; } = long.MaxValue;

    /// <summary>How long each door is warmed up once.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long an open loop goes on.</summary>
    public TimeSpan OpenLoop { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long sales go from end to end.</summary>
    public TimeSpan EndToEnd { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>The last of those runs.</summary>
    public TimeSpan Sustained { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many invoices the history has when the rate is measured first.</summary>
    public int LittleHistory { get; init; } = 10_000;

    /// <summary>How many it has when the rate is measured again.</summary>
    public int MuchHistory { get; init; } = 1_000_000;

    /// <summary>About three minutes in all.</summary>
    public static Scale Quick { get; } =
        new()
        {
            Runs = 1,
            BaselineSeconds = 2,
            Load = TimeSpan.FromSeconds(4),
            MostInvoices = 10_000,
            WarmUp = TimeSpan.FromSeconds(2),
            OpenLoop = TimeSpan.FromSeconds(6),
            EndToEnd = TimeSpan.FromSeconds(20),
            Sustained = TimeSpan.FromSeconds(20),
            MuchHistory = 60_000,
        };
}
