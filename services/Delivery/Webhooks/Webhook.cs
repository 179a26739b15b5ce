using RetailInvoicing.Contracts;
using EventId = RetailInvoicing.Contracts.EventId;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>A server of a seller that is told what happens, as its owner sees it.</summary>
public sealed record Webhook
{
    /// <summary>The seller's name for it.</summary>
    public required string WebhookId { get; init; }

    /// <summary>Where it is told.</summary>
    public required string Url { get; init; }

    /// <summary>Of what: names of events, or *.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>Whether anything is delivered to it.</summary>
    public required bool Enabled { get; init; }

    /// <summary>The secret, where it has just been made here: shown this once.</summary>
    public string? Secret { get; init; }

    /// <summary>Until when the secret before the present one signs, too.</summary>
    public DateTimeOffset? OldSecretUntil { get; init; }

    /// <summary>Since when it has done nothing but fail.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>What last went wrong, as long as it has not gone right since.</summary>
    public string? LastError { get; init; }

    /// <summary>Until when nothing goes there: it asked for that, or fails.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>When it was disabled.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Why: gone (it answered 410) or failing (three days of nothing but failures).</summary>
    public string? DisabledReason { get; init; }

    /// <summary>When it was first put.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last put.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>Letters, digits, dot, dash and underscore, at most 64.</summary>
    public static bool IsId(string id) => SellerId.TryParse(id, out _);
}

/// <summary>A seller's webhooks.</summary>
public sealed record WebhookList
{
    /// <summary>By their names.</summary>
    public required IReadOnlyList<Webhook> Webhooks { get; init; }
}

/// <summary>A webhook as its owner puts it.</summary>
public sealed record WebhookRequest
{
    /// <summary>Where to tell.</summary>
    public required string Url { get; init; }

    /// <summary>Of what.</summary>
    public required IReadOnlyList<string?> Events { get; init; }

    /// <summary>The secret to sign with; one is made where a new webhook brings none, and an old one keeps its own.</summary>
    public string? Secret { get; init; }
}

/// <summary>What is to be delivered again.</summary>
public sealed record RedeliveryRequest
{
    /// <summary>One delivery.</summary>
    public EventId? DeliveryId { get; init; }

    /// <summary>Those of events that came from then on …</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>… to then.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Those that are delivered or failed.</summary>
    public string? Status { get; init; }
}

/// <summary>How many are delivered again.</summary>
public sealed record Redelivery
{
    /// <summary>Those that are queued now.</summary>
    public required int Queued { get; init; }

    /// <summary>Whether there are more of them than are queued at once: narrow from and to.</summary>
    public required bool More { get; init; }
}

/// <summary>An event on its way to a webhook.</summary>
public sealed record WebhookDelivery
{
    /// <summary>The delivery; the event's id, and the header webhook-id.</summary>
    public required EventId DeliveryId { get; init; }

    /// <summary>The event's name.</summary>
    public required string Event { get; init; }

    /// <summary>pending, delivered or failed.</summary>
    public required string Status { get; init; }

    /// <summary>When the event came.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is tried next.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When it was taken or given up.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How often it was asked for again.</summary>
    public required int Redeliveries { get; init; }

    /// <summary>The last thirty attempts, the newest last.</summary>
    public required IReadOnlyList<WebhookAttempt> Attempts { get; init; }
}

/// <summary>A page of deliveries.</summary>
public sealed record WebhookDeliveryPage
{
    /// <summary>The newest first.</summary>
    public required IReadOnlyList<WebhookDelivery> Deliveries { get; init; }

    /// <summary>Where the next page begins.</summary>
    public string? NextCursor { get; init; }
}
