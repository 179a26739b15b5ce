using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Formats;

namespace RetailInvoicing.Reporting.Facts;

/// <summary>What every report takes: a period, an instant, a format.</summary>
public sealed record ReportQuestion
{
    /// <summary>First day, such as 2026-11-01.</summary>
    public string? From { get; init; }

    /// <summary>Last day, included.</summary>
    public string? To { get; init; }

    /// <summary>As known at this instant, such as 2026-11-23T10:15:30Z; now where absent.</summary>
    public string? AsOf { get; init; }

    /// <summary>json, csv, xlsx or parquet; json where absent.</summary>
    public string? Format { get; init; }

    /// <summary>The language of headings in what people read, es or en; that of Accept-Language where absent.</summary>
    public string? Language { get; init; }
}

/// <summary>What a report was asked, once it was understood: whose, which days, known when.</summary>
public sealed record Asked
{
    /// <summary>Whose report it is.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>First day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last day, included.</summary>
    public required DateOnly To { get; init; }

    /// <summary>
    /// The instant that the answer says it stands at: whoever filters facts by known_at up to it gets the same rows for ever.
    /// </summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>
    /// Absent while nothing new can become known of this seller before the answer's rows are read: sums as they are now are those of
    /// <see cref="AsOf" />. Otherwise the same instant, and sums are to be taken back to it.
    /// </summary>
    public DateTimeOffset? KnownAt { get; init; }

    /// <summary>The stores that whoever asks is held to; all where absent.</summary>
    public string[]? Stores { get; init; }
}

/// <summary>A report's answer: its columns, its rows as they come, and how a row's cells are had.</summary>
public sealed record Report<TRow>
{
    /// <summary>Its name, for files: sales, vat-book.</summary>
    public required string Name { get; init; }

    /// <summary>The columns of formats that have columns.</summary>
    public required IReadOnlyList<ReportColumn> Columns { get; init; }

    /// <summary>A row's cells, by column: string, long, decimal, DateOnly, DateTimeOffset or nothing.</summary>
    public required Func<TRow, object?[]> Cells { get; init; }

    /// <summary>The rows; where they are read from the database as they come, its connection is theirs to close.</summary>
    public required IAsyncEnumerable<TRow> Rows { get; init; }

    /// <summary>What else the JSON says beside rows, asOf and lagMs.</summary>
    public IReadOnlyDictionary<string, object?> Head { get; init; } = new Dictionary<string, object?>();
}

/// <summary>Rows that are had already, as rows that come.</summary>
public static class Rows
{
    /// <summary>The same rows, one after another.</summary>
    public static IAsyncEnumerable<TRow> Of<TRow>(IEnumerable<TRow> rows) => rows.ToAsyncEnumerable();
}
