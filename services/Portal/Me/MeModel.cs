using RetailInvoicing.Contracts;

namespace RetailInvoicing.Portal.Me;

/// <summary>What a person said once about a shop's offers.</summary>
public sealed record ConsentRow(bool Granted, string Source, DateOnly? On);

/// <summary>A shop that has sent someone invoices, and how that person stands to its offers.</summary>
public sealed record ShopOfMine(SellerId SellerId, string Name, string? Email, bool? Granted, IReadOnlyList<ConsentRow> Words);

/// <summary>What a person sees of itself.</summary>
public sealed record MeModel
{
    /// <summary>The shops.</summary>
    public required IReadOnlyList<ShopOfMine> Shops { get; init; }

    /// <summary>What was done just now: yes, no or language.</summary>
    public string? Done { get; init; }
}

/// <summary>What is forgotten of a person, what stays, and until when.</summary>
public sealed record ErasureModel
{
    /// <summary>How many years a shop keeps its books (Código de Comercio art. 30), which is longer than the tax agency asks.</summary>
    public const int YearsKept = 6;

    /// <summary>How many invoices there are.</summary>
    public required int Invoices { get; init; }

    /// <summary>How many of them have something open.</summary>
    public required int Open { get; init; }

    /// <summary>The day the newest has to be kept until.</summary>
    public DateOnly? KeptUntil { get; init; }

    /// <summary>Whether the box was not ticked.</summary>
    public bool NotSure { get; init; }

    /// <summary>Whether it is done, and of how many.</summary>
    public int? Forgotten { get; init; }

    /// <summary>The last day that an invoice of that day has to be kept.</summary>
    public static DateOnly LastDayFor(DateOnly issued) => new(issued.Year + YearsKept, 12, 31);
}
