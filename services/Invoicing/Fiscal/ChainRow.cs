using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>A record as the database keeps it: the document, and what its columns say. Anyone may have changed either, so that all is text.</summary>
public sealed record ChainRow
{
    /// <summary>Counted from 1.</summary>
    public required long Position { get; init; }

    /// <summary>Whose invoice it is of.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>registration or cancellation.</summary>
    public required string Kind { get; init; }

    /// <summary>TipoFactura.</summary>
    public required string RecordType { get; init; }

    /// <summary>The invoice's number.</summary>
    public required string Number { get; init; }

    /// <summary>The invoice's day, as 2026-11-23.</summary>
    public required string IssueDate { get; init; }

    /// <summary>CuotaTotal.</summary>
    public required string VatTotal { get; init; }

    /// <summary>ImporteTotal.</summary>
    public required string TotalWithVat { get; init; }

    /// <summary>Huella of the record before.</summary>
    public string? PreviousFingerprint { get; init; }

    /// <summary>Huella.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>FechaHoraHusoGenRegistro.</summary>
    public required string RecordedAt { get; init; }

    /// <summary>The record, byte for byte; none of what was recorded before documents were kept.</summary>
    public string? Document { get; init; }
}

/// <summary>How a chain stands: its head as it is kept, and the highest place that holds a record.</summary>
public sealed record ChainState
{
    /// <summary>Which chain.</summary>
    public required ChainKey Key { get; init; }

    /// <summary>The head's place; 0 before the first record.</summary>
    public required long Last { get; init; }

    /// <summary>The head's huella.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>When the head was recorded.</summary>
    public DateTimeOffset? RecordedAt { get; init; }

    /// <summary>The highest place that holds a record; 0 where none does.</summary>
    public required long Highest { get; init; }

    /// <summary>The records that an operator let the chain go on from, by their place.</summary>
    public IReadOnlyDictionary<long, AdoptedRecord> Adopted { get; init; } = new Dictionary<long, AdoptedRecord>();
}

/// <summary>A record that a chain goes on from because an operator said so: the agency's, or our own whose row is damaged.</summary>
public sealed record AdoptedRecord(
    long Position,
    string Number,
    DateOnly IssueDate,
    string Fingerprint,
    DateTimeOffset RecordedAt,
    bool IsAgencys
);

/// <summary>Something wrong with a chain: at which place, with which number (none where it is not the asker's to see), and what.</summary>
public sealed record ChainFinding(long Position, string? Number, ServiceDefaults.Fault Fault)
{
    /// <summary>By which the same finding is known again.</summary>
    public string Mark => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Position} {Fault.Code.Code}");
}

/// <summary>Who looks at a chain: numbers of other sellers of the same taxpayer are not shown to it.</summary>
public sealed record ChainViewer(SellerId SellerId, bool IsShared);
