using Microsoft.Extensions.Options;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>RD 1007/2023 in VERI*FACTU mode: each record carries the fingerprint of the one before, and is to be sent to the agency.</summary>
public sealed class VerifactuRegime(IOptions<VerifactuOptions> options) : IFiscalRegime
{
    /// <inheritdoc />
    public FiscalRegime Regime => FiscalRegime.Verifactu;

    /// <inheritdoc />
    public bool IsChained => true;

    /// <inheritdoc />
    public Outcome<FiscalEntry> Register(InvoiceBody invoice, Recording recording) =>
        Entry(
            invoice,
            RegistrationOf.Invoice(invoice, Preceding(recording), options.Value.SystemOf(invoice.Seller, recording.Place), At(recording))
        );

    /// <inheritdoc />
    public Outcome<FiscalEntry> Cancel(InvoiceBody invoice, PriorRecord prior, Recording recording)
    {
        var record = new CancellationRecord
        {
            Invoice = RegistrationOf.Named(invoice),
            WithoutPriorRecord = !prior.Registered,
            PriorRejection = prior.Rejected,
            Preceding = Preceding(recording),
            System = options.Value.SystemOf(invoice.Seller, recording.Place),
            RecordedAt = At(recording),
        };
        return Entry(EntryKind.Cancellation, Shown(invoice, record.Fingerprint, record.Preceding, record.RecordedAt), RecordXml.Of(record));
    }

    /// <inheritdoc />
    public Outcome<FiscalEntry> Amend(InvoiceBody invoice, PriorRecord prior, Amendment amendment, Recording recording)
    {
        var described = amendment.OperationDescription is { } said
            ? invoice with
            {
                Fiscal = invoice.Fiscal with { OperationDescription = said },
            }
            : invoice;
        var record = RegistrationOf.Invoice(
            described,
            Preceding(recording),
            options.Value.SystemOf(invoice.Seller, recording.Place),
            At(recording)
        );
        return Entry(
            described,
            record with
            {
                Amends = true,
                PriorRejection =
                    !prior.Registered ? PriorRejection.Unregistered
                    : prior.Rejected ? PriorRejection.Amendment
                    : PriorRejection.None,
                Buyers = amendment.BuyerName is { } name ? [.. record.Buyers.Select(buyer => buyer with { Name = name })] : record.Buyers,
            }
        );
    }

    private static Outcome<FiscalEntry> Entry(InvoiceBody invoice, RegistrationRecord record) =>
        Entry(EntryKind.Registration, Shown(invoice, record.Fingerprint, record.Preceding, record.RecordedAt), RecordXml.Of(record));

    private static Outcome<FiscalEntry> Entry(EntryKind kind, FiscalBody shown, Outcome<string> written) =>
        written.Refused(out var unfit)
            ? unfit
            : new FiscalEntry
            {
                Kind = kind,
                Body = shown,
                Document = written.Value,
            };

    private static FiscalBody Shown(InvoiceBody invoice, string fingerprint, PrecedingRecord? preceding, DateTimeOffset recordedAt) =>
        invoice.Fiscal with
        {
            Regime = "verifactu",
            Fingerprint = fingerprint,
            PreviousFingerprint = preceding?.Fingerprint,
            RecordedAt = recordedAt,
            QrUrl = QrAddress.Of(
                invoice.Fiscal.Environment,
                invoice.Seller.TaxId ?? "",
                invoice.Number,
                invoice.IssueDate,
                Invoices.AccountedAmounts.Of(invoice).TotalWithVat
            ),
            Submission = FiscalSubmission.Pending,
        };

    private static PrecedingRecord? Preceding(Recording recording) =>
        recording.Place?.Head is { } head
            ? new PrecedingRecord(new RecordedInvoice(head.TaxId, head.Number, head.IssueDate), head.Fingerprint)
            : null;

    /// <summary>Record timestamps ascend along a chain, whatever the clocks of two machines say; they have whole seconds.</summary>
    private static DateTimeOffset At(Recording recording)
    {
        var instant = recording.Place?.Head is { } last && last.RecordedAt > recording.Now ? last.RecordedAt : recording.Now;
        return TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds()), recording.Zone);
    }
}
