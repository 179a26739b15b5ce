using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Charts;

/// <summary>One message as a picture; the table beneath it holds the numbers.</summary>
public sealed record ChartPart(string Heading, IReadOnlyList<ChartBar> Bars) : SheetPart(Heading)
{
    /// <summary>What the picture says, for whoever does not see it.</summary>
    public required string Told { get; init; }

    /// <summary>Whether it is a line of time rather than bars.</summary>
    public bool IsLine { get; init; }

    /// <summary>What the pale figures behind are, where there are any.</summary>
    public string? Behind { get; init; }
}

/// <summary>A figure of a chart: its label, how much, and how that is written.</summary>
public sealed record ChartBar(string Label, decimal Value, string Said)
{
    /// <summary>The same of the period before, where it is known.</summary>
    public decimal? Before { get; init; }

    /// <summary>How that is written.</summary>
    public string? SaidBefore { get; init; }
}
