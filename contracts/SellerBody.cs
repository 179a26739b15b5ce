using MassTransit;

namespace RetailInvoicing.Contracts;

/// <summary>A seller as the operator registers it.</summary>
[ExcludeFromTopology]
public record SellerBody
{
    /// <summary>Legal name (BT-27).</summary>
    public required string Name { get; init; }

    /// <summary>Trading name (BT-28).</summary>
    public string? TradeName { get; init; }

    /// <summary>NIF (BT-32; with ES before it, BT-31).</summary>
    public required string TaxId { get; init; }

    /// <summary>Address (BG-5).</summary>
    public required Address Address { get; init; }

    /// <summary>E-mail (BT-43); mails come from it.</summary>
    public string? Email { get; init; }

    /// <summary>Telephone (BT-42).</summary>
    public string? Phone { get; init; }

    /// <summary>Account that transfers are paid to (BT-84).</summary>
    public string? Iban { get; init; }

    /// <summary>Its bank (BT-86).</summary>
    public string? Bic { get; init; }

    /// <summary>IANA zone of stores that name none.</summary>
    public string TimeZone { get; init; } = "Europe/Madrid";

    /// <summary>Language of documents where the buyer's is unknown, ISO 639-1.</summary>
    public string Language { get; init; } = "es";

    /// <summary>Registry data that a company's documents carry (BT-33; C. de Comercio art. 24).</summary>
    public string? RegistryData { get; init; }

    /// <summary>Test or production; going to production starts new series and a new chain.</summary>
    public SellerEnvironment Environment { get; init; }

    /// <summary>verifactu or none.</summary>
    public FiscalRegime Regime { get; init; }

    /// <summary>Which indirect tax holds there.</summary>
    public Territory Territory { get; init; }

    /// <summary>The seller is under the equivalence surcharge: regime key 18, none charged.</summary>
    public bool EquivalenceSurcharge { get; init; }

    /// <summary>Retail: tickets up to 3,000 EUR instead of 400 (RD 1619/2012 art. 4.2).</summary>
    public bool Retail { get; init; } = true;

    /// <summary>Whether returns without a known original are taken.</summary>
    public bool AllowBlindReturns { get; init; }

    /// <summary>Days until what is open is due, where the sale says nothing (BT-9).</summary>
    public int DefaultTermsDays { get; init; } = 30;

    /// <summary>The shops.</summary>
    public IReadOnlyList<Store> Stores { get; init; } = [];

    /// <summary>How its documents and pages look.</summary>
    public Branding? Branding { get; init; }
}

/// <summary>A shop of a seller.</summary>
public sealed record Store
{
    /// <summary>The seller's name for it.</summary>
    public required StoreId StoreId { get; init; }

    /// <summary>IANA zone; the seller's where absent.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Address printed on its tickets.</summary>
    public Address? Address { get; init; }
}

/// <summary>How a seller's documents and pages look.</summary>
public sealed record Branding
{
    /// <summary>Accent, as #rrggbb.</summary>
    public string? Colour { get; init; }

    /// <summary>Address of the logo.</summary>
    public string? LogoUrl { get; init; }
}

/// <summary>Someone who works for the seller.</summary>
public sealed record StaffMember
{
    /// <summary>Signs in by it.</summary>
    public required string Email { get; init; }

    /// <summary>What that person may do.</summary>
    public required StaffRole Role { get; init; }

    /// <summary>The shops the role is limited to; empty means all.</summary>
    public IReadOnlyList<StoreId> Stores { get; init; } = [];
}

/// <summary>What staff may do.</summary>
public enum StaffRole
{
    /// <summary>Everything.</summary>
    Owner,

    /// <summary>Books and reports.</summary>
    Accountant,

    /// <summary>Sales and invoices of its shops.</summary>
    Shop,

    /// <summary>Receivables.</summary>
    Collector,

    /// <summary>Reads everything, changes nothing.</summary>
    Auditor,
}

/// <summary>Whether the seller's documents have fiscal validity.</summary>
public enum SellerEnvironment
{
    /// <summary>None: the agency's test addresses, and the words PRUEBA, sin validez fiscal.</summary>
    Test,

    /// <summary>They have.</summary>
    Production,
}

/// <summary>The law that records are kept under.</summary>
public enum FiscalRegime
{
    /// <summary>EN 16931 only.</summary>
    None,

    /// <summary>RD 1007/2023 in VERI*FACTU mode.</summary>
    Verifactu,
}

/// <summary>Which indirect tax holds at the seller's seat.</summary>
public enum Territory
{
    /// <summary>IVA.</summary>
    Common,

    /// <summary>IGIC.</summary>
    Canary,

    /// <summary>IPSI.</summary>
    CeutaMelilla,

    /// <summary>The foral treasuries; regime verifactu is refused.</summary>
    Foral,
}
