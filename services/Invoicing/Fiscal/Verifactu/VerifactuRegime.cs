using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>RD 1007/2023 in VERI*FACTU mode: each record carries the fingerprint of the one before, and is to be sent to the agency.</summary>
public sealed class VerifactuRegime : IFiscalRegime
{
    /// <inheritdoc />
    public FiscalRegime Regime => FiscalRegime.Verifactu;

    /// <inheritdoc />
    public bool IsChained => true;

    /// <inheritdoc />
    public FiscalBody Record(UnrecordedInvoice invoice, ChainHead? head, DateTimeOffset now)
    {
        // Record timestamps ascend along a chain, whatever the clocks of two machines say; they have whole seconds.
        var instant = head is { } last && last.RecordedAt > now ? last.RecordedAt : now;
        var whole = DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());
        var recordedAt = TimeZoneInfo.ConvertTime(whole, invoice.Zone);
        return new FiscalBody
        {
            Regime = "verifactu",
            Environment = invoice.Environment,
            RecordType = invoice.RecordType,
            OperationDescription = invoice.OperationDescription,
            PreviousFingerprint = head?.Fingerprint,
            Fingerprint = Verifactu.Fingerprint.OfRegistration(
                invoice.TaxId,
                invoice.Number,
                invoice.IssueDate,
                invoice.RecordType,
                invoice.VatTotal,
                invoice.TotalWithVat,
                head?.Fingerprint,
                recordedAt
            ),
            RecordedAt = recordedAt,
            QrUrl = QrAddress.Of(invoice.Environment, invoice.TaxId, invoice.Number, invoice.IssueDate, invoice.TotalWithVat),
            Submission = FiscalSubmission.Pending,
        };
    }
}
