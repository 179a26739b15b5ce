using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>What has become of an invoice, as an act has read it.</summary>
internal sealed record Standing
{
    /// <summary>Which.</summary>
    public required InvoiceId InvoiceId { get; init; }

    /// <summary>Its number, where it was read with it.</summary>
    public string? Number { get; init; }

    /// <summary>Whether it was cancelled.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>The number of the full invoice it was exchanged for.</summary>
    public string? ExchangedFor { get; init; }

    /// <summary>How many corrective invoices it has.</summary>
    public long Corrections { get; init; }

    /// <summary>Whether one of them stands in its place.</summary>
    public bool IsSubstituted { get; init; }

    /// <summary>What has come back of it, in money with VAT.</summary>
    public decimal Returned { get; init; }

    /// <summary>As an invoice was read.</summary>
    public static Standing Of(InvoiceBody read) =>
        new()
        {
            InvoiceId = read.InvoiceId,
            Number = read.Number,
            IsCancelled = read.Status == InvoiceStatus.Cancelled,
            ExchangedFor = read.ReplacedBy?.Number,
            Corrections = read.CorrectedBy.Count,
        };

    /// <summary>As an original of a former system is where goods come back of it: had it been exchanged, they would of the full invoice.</summary>
    public static Standing Of(Original former) => new() { InvoiceId = former.Id, Number = former.Reference.Number };

    /// <summary>
    /// Whether it stands as it was read; further returns change nothing for an act that does not build on their sum.
    /// </summary>
    public bool IsAs(Standing read, bool withReturns) =>
        IsCancelled == read.IsCancelled
        && ExchangedFor == read.ExchangedFor
        && (withReturns ? Corrections == read.Corrections : !IsSubstituted);
}
