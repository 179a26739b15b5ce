namespace RetailInvoicing.Portal.Sessions;

/// <summary>Where someone is signed in, the latest seen first.</summary>
public sealed record SessionsModel(IReadOnlyList<OpenSession> Sessions, TimeZoneInfo Zone, string? Done);

/// <summary>One browser that is signed in.</summary>
public sealed record OpenSession
{
    /// <summary>What it is called by who ends it.</summary>
    public Guid SessionId { get; init; }

    /// <summary>Browser and system; empty where unknown.</summary>
    public string Device { get; init; } = "";

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was last used, to some minutes.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>Whether it is the one that asks.</summary>
    public bool IsThis { get; init; }
}
