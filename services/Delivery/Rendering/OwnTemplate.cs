namespace RetailInvoicing.Delivery.Rendering;

/// <summary>A seller's template, as lists show it.</summary>
public sealed record OwnTemplate
{
    /// <summary>mail or page.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is the seller's own; ours is used where it is not.</summary>
    public required bool Own { get; init; }

    /// <summary>The Liquid of it, where one is asked for.</summary>
    public string? Source { get; init; }

    /// <summary>When it was saved.</summary>
    public DateTimeOffset? SavedAt { get; init; }

    /// <summary>Why ours was used instead, when that last was.</summary>
    public string? LastError { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }
}

/// <summary>Both templates.</summary>
public sealed record OwnTemplates(IReadOnlyList<OwnTemplate> Templates);

/// <summary>What is posted as a template.</summary>
public sealed record TemplateRequest
{
    /// <summary>The Liquid of it.</summary>
    public required string Source { get; init; }
}

/// <summary>What a preview is asked of.</summary>
public sealed record PreviewRequest
{
    /// <summary>A template that is not saved; the seller's own, else ours, where absent.</summary>
    public string? Source { get; init; }

    /// <summary>An invoice of the seller; a sample with everything where absent.</summary>
    public string? InvoiceId { get; init; }
}

/// <summary>The seller's logo, and how far it is had.</summary>
public sealed record LogoStanding
{
    /// <summary>none, waiting, kept (as the seller wants it) or failed (the last good one, if there was one, stays).</summary>
    public required string Status { get; init; }

    /// <summary>Where the seller says it is.</summary>
    public string? Url { get; init; }

    /// <summary>When the one that is shown was fetched.</summary>
    public DateTimeOffset? FetchedAt { get; init; }

    /// <summary>Where from.</summary>
    public string? FetchedFrom { get; init; }

    /// <summary>Why another could not be had.</summary>
    public string? LastError { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>When it is tried again.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
}
