using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Fiscal.Plain;

/// <summary>No law asks for a record of its own: the invoice is one.</summary>
public sealed class PlainRegime : IFiscalRegime
{
    /// <inheritdoc />
    public FiscalRegime Regime => FiscalRegime.None;

    /// <inheritdoc />
    public bool IsChained => false;

    /// <inheritdoc />
    public FiscalBody Record(UnrecordedInvoice invoice, ChainHead? head, DateTimeOffset now) =>
        new()
        {
            Regime = "none",
            Environment = invoice.Environment,
            RecordType = invoice.RecordType,
            OperationDescription = invoice.OperationDescription,
            Submission = FiscalSubmission.NotRequired,
        };
}
