using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>
/// A record that the agency rejected or found wrong is stated again ("subsanación"): the invoice stays, a new record hangs on the chain
/// and says what became of the one before.
/// </summary>
public sealed class AmendRecord(
    NpgsqlDataSource database,
    ActOnInvoices acts,
    GetInvoice get,
    IEnumerable<IFiscalRegime> regimes,
    KeepChain chains,
    ReadRecords records,
    TimeProvider clock
)
{
    private const int MostAttempts = 10;

    /// <summary>Records the invoice again; refused while its latest record is unanswered.</summary>
    public async Task<Outcome<InvoiceBody>> AmendAsync(
        SellerId seller,
        InvoiceId invoiceId,
        ResubmissionRequest request,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("AmendRecord");
        if (!IsText(request.BuyerName, 120))
        {
            return InvoicingFaults.BadField.At("buyerName", "1–120");
        }

        if (!IsText(request.OperationDescription, 500))
        {
            return InvoicingFaults.BadField.At("operationDescription", "1–500");
        }

        for (var attempt = 1; ; attempt++)
        {
            var reading = await acts.ReadAsync(seller, [invoiceId], [], cancellationToken);
            if (reading.Refused(out var unread))
            {
                return unread;
            }

            var fault = await AmendOnceAsync(reading.Value, request, cancellationToken);
            if (fault is null)
            {
                return (await get.GetAsync(invoiceId, seller, null, cancellationToken))!;
            }

            if (fault.Code != InvoicingFaults.ChangedMeanwhile || attempt == MostAttempts)
            {
                return fault;
            }
        }
    }

    private static bool IsText(string? text, int most) =>
        text is null || (text.Length <= most && text.Trim().Length > 0 && Sale.IsSound(text));

    private async Task<Fault?> AmendOnceAsync(Read read, ResubmissionRequest request, CancellationToken cancellationToken)
    {
        var invoice = read.Invoices[0];
        var regime = regimes.Single(each => each.Regime == FiscalRegimes.Of(invoice.Fiscal.Regime));
        if (!regime.IsChained)
        {
            return FiscalFaults.NotRecorded.With(invoice.Number);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var standing = await HoldInvoices.TakeAsync(invoice.SellerId, [invoice.InvoiceId], transaction, cancellationToken);
        if (!standing[invoice.InvoiceId].IsAs(Standing.Of(invoice), withReturns: true))
        {
            return InvoicingFaults.ChangedMeanwhile.With(invoice.Number);
        }

        var known = await records.OfAsync(invoice, cancellationToken);
        if (known.Count > 0 && known[^1].State is null)
        {
            return FiscalFaults.StillPending.With(invoice.Number);
        }

        var place = await chains.TakeAsync(regime, invoice, transaction, cancellationToken);
        if (place.Refused(out var unplaced))
        {
            return unplaced;
        }

        var recording = new Recording(place.Value, read.Seller.ZoneOf(invoice.StoreId), clock.GetUtcNow());
        // A cancelled invoice has its cancellation stated again, any other its registration.
        var entry =
            invoice.Status == InvoiceStatus.Cancelled
                ? regime.Cancel(invoice, ReadRecords.Prior(known, EntryKind.Cancellation), recording)
                : regime.Amend(
                    invoice,
                    ReadRecords.Prior(known, EntryKind.Registration),
                    new Amendment { BuyerName = request.BuyerName?.Trim(), OperationDescription = request.OperationDescription?.Trim() },
                    recording
                );
        if (entry.Refused(out var unfit))
        {
            return unfit;
        }

        await using var batch = new NpgsqlBatch(connection, transaction);
        KeepChain.AddRecords(batch, [PlacedRecord.Of(invoice, place.Value!, entry.Value)]);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}

/// <summary>What a record states otherwise when it is sent again; the invoice itself stays as it is.</summary>
public sealed record ResubmissionRequest
{
    /// <summary>The buyer's name as the tax agency's census has it.</summary>
    public string? BuyerName { get; init; }

    /// <summary>What was supplied, in words.</summary>
    public string? OperationDescription { get; init; }
}
