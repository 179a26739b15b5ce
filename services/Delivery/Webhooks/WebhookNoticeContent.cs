namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>What a seller is told when one of its webhooks was disabled.</summary>
public sealed record WebhookNoticeContent
{
    /// <summary>The seller's name for the webhook.</summary>
    public required string WebhookId { get; init; }

    /// <summary>Where it led, without its query, which may hold a secret.</summary>
    public required string Address { get; init; }

    /// <summary>gone (the server answered 410) or failing (nothing but failures).</summary>
    public required string Reason { get; init; }

    /// <summary>Since when it failed; for gone, when that was said.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it was disabled.</summary>
    public required DateTimeOffset DisabledAt { get; init; }

    /// <summary>What last went wrong, in English.</summary>
    public string? LastError { get; init; }

    /// <summary>An address as it may be written into a mail.</summary>
    public static string Shown(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.GetLeftPart(UriPartial.Path) : "";
}
