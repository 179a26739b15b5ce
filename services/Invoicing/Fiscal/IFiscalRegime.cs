using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>The law that a record of every invoice is kept under: the seam for another country's (decision 16).</summary>
public interface IFiscalRegime
{
    /// <summary>Which law.</summary>
    FiscalRegime Regime { get; }

    /// <summary>Whether its records hang on one another, so that one is made after the other.</summary>
    bool IsChained { get; }

    /// <summary>What it records of a numbered invoice; refused where its record has no room for what the invoice says.</summary>
    Outcome<FiscalEntry> Register(InvoiceBody invoice, Recording recording);

    /// <summary>What it records of an invoice that should never have been.</summary>
    Outcome<FiscalEntry> Cancel(InvoiceBody invoice, PriorRecord prior, Recording recording);

    /// <summary>A record that takes the place of one that the authority refused or found wrong.</summary>
    Outcome<FiscalEntry> Amend(InvoiceBody invoice, PriorRecord prior, Amendment amendment, Recording recording);
}

/// <summary>Where and when a record is made: the place in the chain, the zone of the shop, the clock.</summary>
public sealed record Recording(NextPlace? Place, TimeZoneInfo Zone, DateTimeOffset Now);

/// <summary>What a regime made of an invoice: what the invoice shows of it, and the record as it is kept and sent.</summary>
public sealed record FiscalEntry
{
    /// <summary>What the invoice shows of it.</summary>
    public required FiscalBody Body { get; init; }

    /// <summary>What kind of record it is.</summary>
    public EntryKind Kind { get; init; }

    /// <summary>The record, byte for byte; none where the regime keeps none.</summary>
    public string? Document { get; init; }
}

/// <summary>What a record says of its invoice.</summary>
public enum EntryKind
{
    /// <summary>It was issued (RegistroAlta).</summary>
    Registration,

    /// <summary>It should never have been (RegistroAnulacion).</summary>
    Cancellation,
}

/// <summary>What the authority answered to an invoice's earlier records, which tells how a further one states itself.</summary>
public sealed record PriorRecord
{
    /// <summary>Whether the authority has a registration of the invoice, as far as it has answered.</summary>
    public bool Registered { get; init; } = true;

    /// <summary>Whether the latest record of the same kind was rejected.</summary>
    public bool Rejected { get; init; }
}

/// <summary>What an amended record states otherwise; the invoice itself stays as it is.</summary>
public sealed record Amendment
{
    /// <summary>The buyer's name as the tax agency's census has it.</summary>
    public string? BuyerName { get; init; }

    /// <summary>What was supplied, in words.</summary>
    public string? OperationDescription { get; init; }
}

/// <summary>Regimes by the name that an invoice carries.</summary>
public static class FiscalRegimes
{
    /// <summary>The regime of an invoice, whatever its seller is under now.</summary>
    public static FiscalRegime Of(string name) => Enum.Parse<FiscalRegime>(name, ignoreCase: true);
}
