using RetailInvoicing.Portal.Office.Charts;
using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Today;

/// <summary>Something that is not as usual: what, where, and why it is thought so.</summary>
public sealed record TodayAlert(string What, string Why, string? Href);

/// <summary>What the books say this morning. A part is null where the door that knows it does not answer, or is not open to the role.</summary>
public sealed record TodayBooks
{
    /// <summary>Sold by the hour, the same weekday a week ago pale behind.</summary>
    public ChartPart? Hours { get; init; }

    /// <summary>Sold by then on the same weekday a week ago, in words.</summary>
    public string? ByThen { get; init; }

    /// <summary>Sold on each of the last fourteen days, the fourteen before pale behind.</summary>
    public ChartPart? Days { get; init; }

    /// <summary>What came this month, and what was asked for.</summary>
    public IReadOnlyList<SheetFact>? Income { get; init; }

    /// <summary>The days it takes to be paid, in words.</summary>
    public string? Dso { get; init; }

    /// <summary>VAT due in the quarter so far.</summary>
    public SheetFact? Vat { get; init; }

    /// <summary>What the tax agency found wrong, the latest first.</summary>
    public IReadOnlyList<TodayAlert>? Agency { get; init; }

    /// <summary>What is not as usual.</summary>
    public IReadOnlyList<TodayAlert>? Alerts { get; init; }
}
