namespace RetailInvoicing.Reporting.Formats;

/// <summary>What a column of a report holds; it decides how each format writes it.</summary>
public enum ColumnKind
{
    /// <summary>Text, as it is.</summary>
    Text,

    /// <summary>A whole number, such as how many invoices.</summary>
    Whole,

    /// <summary>An amount, with its currency's decimals.</summary>
    Money,

    /// <summary>A quantity or ratio, with the decimals it carries.</summary>
    Decimal,

    /// <summary>Percent.</summary>
    Percent,

    /// <summary>A day.</summary>
    Date,

    /// <summary>An instant.</summary>
    Instant,
}

/// <summary>A column of a report: its name on wires, and its heading where people read it.</summary>
public sealed record ReportColumn(string Name, string English, string Spanish, ColumnKind Kind)
{
    /// <summary>The heading; English unless Spanish is asked for.</summary>
    public string In(string? language) => language?.StartsWith("es", StringComparison.OrdinalIgnoreCase) == true ? Spanish : English;
}

/// <summary>What a report is called, and what its rows consist of: string, long, decimal, DateOnly, DateTimeOffset or nothing, by column.</summary>
public sealed record Sheet(string Name, IReadOnlyList<ReportColumn> Columns)
{
    /// <summary>The language of headings in what people read; names are as on wires where nothing was asked for.</summary>
    public string? Language { get; init; }

    /// <summary>Said of the file as a whole, such as asOf and lagMs; formats that have no place for it leave it out.</summary>
    public IReadOnlyDictionary<string, string> About { get; init; } = new Dictionary<string, string>();

    /// <summary>The heading of a column in what people read.</summary>
    public string Heading(ReportColumn column) => Language is null ? column.Name : column.In(Language);
}
