using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Plain;

/// <summary>EN 16931 and nothing more: no record, no chain, no QR, nothing submitted.</summary>
public sealed class PlainRegime : IFiscalRegime
{
    /// <inheritdoc />
    public FiscalRegime Regime => FiscalRegime.None;

    /// <inheritdoc />
    public bool IsChained => false;

    /// <inheritdoc />
    public Outcome<FiscalEntry> Register(InvoiceBody invoice, Recording recording) => Nothing(invoice);

    /// <inheritdoc />
    public Outcome<FiscalEntry> Cancel(InvoiceBody invoice, PriorRecord prior, Recording recording) => Nothing(invoice);

    /// <inheritdoc />
    public Outcome<FiscalEntry> Amend(InvoiceBody invoice, PriorRecord prior, Amendment amendment, Recording recording) => Nothing(invoice);

    private static FiscalEntry Nothing(InvoiceBody invoice) =>
        new() { Body = invoice.Fiscal with { Regime = "none", Submission = FiscalSubmission.NotRequired } };
}
