using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Operations;

/// <summary>How the system is, part by part.</summary>
public sealed record OperationsModel(string At, IReadOnlyList<OperationsSection> Sections, Uri? Dashboard)
{
    /// <summary>What came of the last act.</summary>
    public string? Notice { get; init; }
}

/// <summary>A part of the page, with what says and does the same on the command line.</summary>
public sealed record OperationsSection(SheetPart Part, string? Command);

/// <summary>Dead letters of a queue.</summary>
public sealed record DeadLettersModel(string Service, string Queue, string Home, IReadOnlyList<DeadLetterShown> Letters)
{
    /// <summary>What came of the last act.</summary>
    public string? Notice { get; init; }
}

/// <summary>A dead letter as the page shows it.</summary>
public sealed record DeadLetterShown(string Name, string Type, string At, string Ago, string Reason, string Body, bool Cut);
