using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>The law that a record of every invoice is kept under.</summary>
public interface IFiscalRegime
{
    /// <summary>Which law.</summary>
    FiscalRegime Regime { get; }

    /// <summary>Whether its records hang on one another, so that one is made after the other.</summary>
    bool IsChained { get; }

    /// <summary>What it records of a numbered invoice, after the head of the chain.</summary>
    FiscalBody Record(UnrecordedInvoice invoice, ChainHead? head, DateTimeOffset now);
}

/// <summary>A numbered invoice that has no fiscal record yet.</summary>
public sealed record UnrecordedInvoice
{
    /// <summary>IDEmisorFactura.</summary>
    public required string TaxId { get; init; }

    /// <summary>NumSerieFactura.</summary>
    public required string Number { get; init; }

    /// <summary>FechaExpedicionFactura.</summary>
    public required DateOnly IssueDate { get; init; }

    /// <summary>TipoFactura.</summary>
    public required string RecordType { get; init; }

    /// <summary>CuotaTotal, in the currency of the seller's accounts.</summary>
    public required decimal VatTotal { get; init; }

    /// <summary>ImporteTotal, in the currency of the seller's accounts.</summary>
    public required decimal TotalWithVat { get; init; }

    /// <summary>DescripcionOperacion.</summary>
    public required string OperationDescription { get; init; }

    /// <summary>Test or production.</summary>
    public required SellerEnvironment Environment { get; init; }

    /// <summary>The zone of the place of issue.</summary>
    public required TimeZoneInfo Zone { get; init; }
}

/// <summary>The last record of a chain.</summary>
public sealed record ChainHead(string Fingerprint, DateTimeOffset RecordedAt);
