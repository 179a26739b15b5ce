namespace RetailInvoicing.Reporting.Rebuild;

/// <summary>How far a rebuild is, or what came of it.</summary>
public sealed record RebuildState
{
    /// <summary>The rebuild.</summary>
    public required Guid RebuildId { get; init; }

    /// <summary>The one seller that it is of; all where absent.</summary>
    public string? SellerId { get; init; }

    /// <summary>waiting, reading, adding-up, comparing, swapping, done, failed.</summary>
    public required string State { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Events read so far.</summary>
    public long Events { get; init; }

    /// <summary>Invoice lines among them.</summary>
    public long Lines { get; init; }

    /// <summary>Milliseconds from the first event read to the last sum made.</summary>
    public long? BuiltInMs { get; init; }

    /// <summary>Whether every row was the same before.</summary>
    public bool? IsEqual { get; init; }

    /// <summary>The tables that differed.</summary>
    public string[] Differs { get; init; } = [];

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }
}
