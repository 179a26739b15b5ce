using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>The next place of a chain, held until the transaction ends.</summary>
public sealed record NextPlace
{
    /// <summary>Whose chain it is.</summary>
    public required string TaxId { get; init; }

    /// <summary>Test or Production; each has chains of its own.</summary>
    public required string Environment { get; init; }

    /// <summary>NumeroInstalacion.</summary>
    public required string Installation { get; init; }

    /// <summary>Counted from 1.</summary>
    public required long Position { get; init; }

    /// <summary>The record before; none where this is the first.</summary>
    public ChainHead? Head { get; init; }

    /// <summary>Whether this installation keeps chains of several taxpayers.</summary>
    public bool SeveralTaxpayers { get; init; }

    /// <summary>The place after the record that was made here.</summary>
    public NextPlace After(InvoiceBody invoice, FiscalBody recorded) =>
        this with
        {
            Position = Position + 1,
            Head = new ChainHead
            {
                TaxId = TaxId,
                Number = invoice.Number,
                IssueDate = invoice.IssueDate,
                Fingerprint = recorded.Fingerprint!,
                RecordedAt = recorded.RecordedAt!.Value,
            },
        };
}

/// <summary>The last record of a chain.</summary>
public sealed record ChainHead
{
    /// <summary>Whose invoice it is of.</summary>
    public required string TaxId { get; init; }

    /// <summary>The invoice's number.</summary>
    public required string Number { get; init; }

    /// <summary>The invoice's day.</summary>
    public required DateOnly IssueDate { get; init; }

    /// <summary>Its huella.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}
