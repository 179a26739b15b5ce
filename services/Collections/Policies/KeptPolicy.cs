namespace RetailInvoicing.Collections.Policies;

/// <summary>How a version of a policy stands.</summary>
public enum PolicyStatus
{
    /// <summary>Kept, and never in force.</summary>
    Draft,

    /// <summary>In force.</summary>
    Active,

    /// <summary>It was in force.</summary>
    Retired,
}

/// <summary>A version of a policy as it is shown.</summary>
public sealed record KeptPolicy
{
    /// <summary>The seller's name for the policy.</summary>
    public required string PolicyId { get; init; }

    /// <summary>Which version of it; the newest has the highest number.</summary>
    public required int Version { get; init; }

    /// <summary>How it stands.</summary>
    public required PolicyStatus Status { get; init; }

    /// <summary>When it was put.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Since when it is or was in force.</summary>
    public DateTimeOffset? ActivatedAt { get; init; }

    /// <summary>Until when it was.</summary>
    public DateTimeOffset? RetiredAt { get; init; }

    /// <summary>What it says.</summary>
    public required PolicyBody Policy { get; init; }
}

/// <summary>Policies of a seller.</summary>
public sealed record KeptPolicies(IReadOnlyList<KeptPolicy> Items);
