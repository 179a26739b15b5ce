namespace RetailInvoicing.Portal.Office.Reports;

/// <summary>What a figure of a report is.</summary>
public enum FigureKind
{
    /// <summary>A word or a key.</summary>
    Text,

    /// <summary>A count.</summary>
    Count,

    /// <summary>Money in the row's currency.</summary>
    Money,

    /// <summary>A number with decimals.</summary>
    Number,

    /// <summary>A share in percent.</summary>
    Percent,

    /// <summary>A day.</summary>
    Day,
}

/// <summary>A column of a report as the office shows it.</summary>
public sealed record ReportFigure(string Name, string Spanish, string English, FigureKind Kind);

/// <summary>What a report is asked for.</summary>
public enum AskedFor
{
    /// <summary>From a day to a day.</summary>
    Period,

    /// <summary>At the end of a day.</summary>
    Day,

    /// <summary>A quarter of a year, as form 303 wants it.</summary>
    Quarter,
}

/// <summary>A report of Reporting's: its door, what it can be asked, and what of it is shown.</summary>
public sealed record ReportKind(string Name, string Spanish, string English, string LeadSpanish, string LeadEnglish)
{
    /// <summary>Its door under /v1/reports.</summary>
    public required string Path { get; init; }

    /// <summary>What it is asked for.</summary>
    public AskedFor Asked { get; init; }

    /// <summary>What it can be grouped by, the usual first.</summary>
    public IReadOnlyList<string> Groupings { get; init; } = [];

    /// <summary>Whether another period can stand beside it.</summary>
    public bool Compares { get; init; }

    /// <summary>Its columns.</summary>
    public required IReadOnlyList<ReportFigure> Figures { get; init; }

    /// <summary>The column that is drawn; none where no picture says it better.</summary>
    public string? Drawn { get; init; }

    /// <summary>The files it comes as.</summary>
    public IReadOnlyList<string> Formats { get; init; } = ["csv", "xlsx", "parquet"];

    /// <summary>Months before this one that it shows where no period is asked for.</summary>
    public int MonthsBack { get; init; }

    /// <summary>Days after today that it shows likewise, where it speaks of what is to come.</summary>
    public int DaysAhead { get; init; }

    /// <summary>Its name at a schedule; none where it cannot be mailed.</summary>
    public string? Mailed { get; init; }
}
