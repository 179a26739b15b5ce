using System.Globalization;

namespace RetailInvoicing.Delivery;

/// <summary>How sellers' own servers are told what happens; section Delivery:Webhooks of the configuration.</summary>
public sealed record WebhookOptions
{
    /// <summary>Calls under way in this instance, to all endpoints together.</summary>
    public int Parallel { get; init; } = 128;

    /// <summary>Calls under way to one endpoint, of all instances together.</summary>
    public int PerEndpoint { get; init; } = 4;

    /// <summary>Webhooks that a seller may have.</summary>
    public int MostPerSeller { get; init; } = 200;

    /// <summary>Pauses after the first failure, the second, and so on; the last one holds for all that follow.</summary>
    public IReadOnlyList<TimeSpan> Waits { get; init; } =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(14),
        TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    /// <summary>How long a delivery is tried after its first attempt, and how long an endpoint may do nothing but fail.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(3);

    /// <summary>An endpoint that fails the third time in a row rests so long; doubles up to <see cref="PauseCap"/>.</summary>
    public TimeSpan PauseBase { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest such rest.</summary>
    public TimeSpan PauseCap { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>An endpoint that takes so long to answer gets one call at a time.</summary>
    public TimeSpan SlowFrom { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a sender holds a delivery; well over what a call may take.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How often to look for what has become due although nothing was told.</summary>
    public TimeSpan LookAnyway { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often to look whether another instance changed webhooks, and for notices that are due.</summary>
    public TimeSpan LookForChanges { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the secret before the present one signs, too.</summary>
    public TimeSpan OldSecretFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long events and deliveries are kept, so that they can be looked at and delivered again.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Reads them.</summary>
    public static WebhookOptions From(IConfiguration configuration)
    {
        var options = new WebhookOptions();
        var section = configuration.GetSection("Delivery:Webhooks");
        return options with
        {
            Parallel = section.GetValue("Parallel", options.Parallel),
            PerEndpoint = section.GetValue("PerEndpoint", options.PerEndpoint),
            MostPerSeller = section.GetValue("MostPerSeller", options.MostPerSeller),
            Waits = section["Waits"] is { Length: > 0 } waits
                ? [.. waits.Split(';').Select(each => TimeSpan.Parse(each, CultureInfo.InvariantCulture))]
                : options.Waits,
            GiveUpAfter = section.GetValue("GiveUpAfter", options.GiveUpAfter),
            PauseBase = section.GetValue("PauseBase", options.PauseBase),
            PauseCap = section.GetValue("PauseCap", options.PauseCap),
            SlowFrom = section.GetValue("SlowFrom", options.SlowFrom),
            Hold = section.GetValue("Hold", options.Hold),
            LookAnyway = section.GetValue("LookAnyway", options.LookAnyway),
            LookForChanges = section.GetValue("LookForChanges", options.LookForChanges),
            OldSecretFor = section.GetValue("OldSecretFor", options.OldSecretFor),
            Keep = section.GetValue("Keep", options.Keep),
        };
    }
}
