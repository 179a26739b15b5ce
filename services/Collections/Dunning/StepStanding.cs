using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>How far a step of an invoice is.</summary>
public enum StepState
{
    /// <summary>It waits: for its hour, for what stands in its way, or in a notice that has not gone.</summary>
    Planned,

    /// <summary>It went.</summary>
    Sent,

    /// <summary>It never will.</summary>
    Skipped,
}

/// <summary>What is known of a step of an invoice that was looked at.</summary>
public sealed record StepStanding
{
    /// <summary>The step.</summary>
    public required string Step { get; init; }

    /// <summary>How far it is.</summary>
    public required StepState State { get; init; }

    /// <summary>When it was due, as far as that is known.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The notice that carries it.</summary>
    public NoticeId? NoticeId { get; init; }

    /// <summary>The channels that it went out by in vain.</summary>
    public IReadOnlyList<string> Tried { get; init; } = [];

    /// <summary>Why it waits or was skipped.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether a notice that has not gone carries it.</summary>
    public bool IsUnderWay => State == StepState.Planned && NoticeId is not null;
}

/// <summary>Why a step waits or is skipped; each is shown to the seller.</summary>
public static class StepReason
{
    /// <summary>Its time has not come.</summary>
    public const string NotYet = "not-yet";

    /// <summary>The seller has not been told of, so nobody knows what time it is there.</summary>
    public const string NoZone = "no-zone";

    /// <summary>Somebody holds the invoice or the customer.</summary>
    public const string Hold = "hold";

    /// <summary>The customer promised to pay.</summary>
    public const string Promise = "promise";

    /// <summary>All of it is disputed.</summary>
    public const string Disputed = "disputed";

    /// <summary>The customer is not written to at this hour or on this day.</summary>
    public const string Hours = "hours";

    /// <summary>The customer has had as many messages as the policy lets through.</summary>
    public const string Cap = "cap";

    /// <summary>No address of any channel is known.</summary>
    public const string NoAddress = "no-address";

    /// <summary>No channel of the step reaches the customer any more.</summary>
    public const string Undeliverable = "undeliverable";

    /// <summary>A later step was due before it could go.</summary>
    public const string Superseded = "superseded";

    /// <summary>Its time passed while nobody could look, and the policy does not catch it up any more.</summary>
    public const string Missed = "missed";

    /// <summary>The invoice was issued after the step's day.</summary>
    public const string BeforeIssue = "before-issue";

    /// <summary>Its message came back; the next channel is tried.</summary>
    public const string CameBack = "came-back";

    /// <summary>The seller's policies are all for others.</summary>
    public const string NoPolicy = "no-policy";
}
