using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>
/// An invoice that should never have been is cancelled: its number is never used again, a record of it hangs on the chain, what it took
/// back its originals have again, and tickets that it was given for are free.
/// </summary>
public sealed class CancelInvoice(
    NpgsqlDataSource database,
    ActOnInvoices acts,
    GetInvoice get,
    IEnumerable<IFiscalRegime> regimes,
    KeepChain chains,
    ReadRecords records,
    Outbox outbox,
    TimeProvider clock
)
{
    private const string Originals = """
        select distinct invoice_id from returned_product where seller_id = @seller and return_invoice_id = @invoice
        union select invoice_id from correction where seller_id = @seller and corrective_invoice_id = @invoice
        """;
    private const string KeepCancellation = """
        insert into cancellation (seller_id, invoice_id, reason, cancelled_at) values (@seller, @invoice, @reason, @now)
        """;
    private const string GiveBack = "update returned set total = total - @total where seller_id = @seller and invoice_id = any(@originals)";
    private const string FreeTickets = """
        update exchange set freed_at = @now where seller_id = @seller and exchange_invoice_id = @invoice and freed_at is null
        """;
    private const int MostAttempts = 10;

    /// <summary>Cancels; the invoice as it stands then.</summary>
    public async Task<Outcome<InvoiceBody>> CancelAsync(
        SellerId seller,
        InvoiceId invoice,
        CancellationRequest request,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("CancelInvoice");
        if (request.Reason.Trim().Length is 0 or > 500 || !Sale.IsSound(request.Reason))
        {
            return InvoicingFaults.CancelReason.At("reason");
        }

        for (var attempt = 1; ; attempt++)
        {
            var reading = await acts.ReadAsync(seller, [invoice], [], cancellationToken);
            if (reading.Refused(out var unread))
            {
                return unread;
            }

            var read = reading.Value;
            var fault = Refusal(read.Invoices[0]) ?? await CancelOnceAsync(read, request.Reason.Trim(), cancellationToken);
            if (fault is null)
            {
                return (await get.GetAsync(invoice, seller, null, cancellationToken))!;
            }

            if (fault.Code != InvoicingFaults.ChangedMeanwhile || attempt == MostAttempts)
            {
                return fault;
            }
        }
    }

    private static Fault? Refusal(InvoiceBody invoice) =>
        invoice.Status == InvoiceStatus.Cancelled ? InvoicingFaults.AlreadyCancelled.With(invoice.Number)
        : invoice.CorrectedBy is [var correction, ..] ? InvoicingFaults.CancelCorrected.With(invoice.Number, correction.Number)
        : invoice.ReplacedBy is { } exchange ? InvoicingFaults.CancelExchanged.With(invoice.Number, exchange.Number)
        : null;

    private async Task<Fault?> CancelOnceAsync(Read read, string reason, CancellationToken cancellationToken)
    {
        var invoice = read.Invoices[0];
        var originalIds = await OriginalsAsync(invoice, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var standing = await HoldInvoices.TakeAsync(invoice.SellerId, [invoice.InvoiceId, .. originalIds], transaction, cancellationToken);
        if (!standing[invoice.InvoiceId].IsAs(Standing.Of(invoice), withReturns: true))
        {
            return InvoicingFaults.ChangedMeanwhile.With(invoice.Number);
        }

        // The full invoice states its tickets net of this one.
        if (
            invoice.Kind == InvoiceKind.Corrective
            && originalIds.Select(id => standing[id]).FirstOrDefault(original => original.ExchangedFor is not null) is { } exchanged
        )
        {
            return InvoicingFaults.CancelStated.With(invoice.Number, exchanged.ExchangedFor);
        }

        var now = clock.GetUtcNow();
        var regime = regimes.Single(each => each.Regime == FiscalRegimes.Of(invoice.Fiscal.Regime));
        var place = await chains.TakeAsync(regime, invoice, transaction, cancellationToken);
        if (place.Refused(out var unplaced))
        {
            return unplaced;
        }

        await using var batch = new NpgsqlBatch(connection, transaction);
        void Add(string sql, params NpgsqlParameter[] parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.Add(new("seller", invoice.SellerId.Value));
            command.Parameters.Add(new("invoice", invoice.InvoiceId.Value));
            command.Parameters.AddRange(parameters);
            batch.BatchCommands.Add(command);
        }

        Add(KeepCancellation, new("reason", reason), new("now", now));
        Add(FreeTickets, new NpgsqlParameter("now", now));
        if (originalIds.Length > 0)
        {
            Add(GiveBack, new("total", TookBack(invoice)), new("originals", originalIds.Select(id => id.Value).ToArray()));
        }

        if (place.Value is { } at)
        {
            var prior = await records.PriorAsync(invoice, EntryKind.Cancellation, cancellationToken);
            var zone = read.Seller.ZoneOf(invoice.StoreId);
            var entry = regime.Cancel(invoice, prior, new Recording(at, zone, now));
            if (entry.Refused(out var unfit))
            {
                return unfit;
            }

            KeepChain.AddRecords(batch, [PlacedRecord.Of(invoice, at, entry.Value)]);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        await outbox.AppendAsync(
            transaction,
            [
                new InvoiceCancelled
                {
                    EventId = EventId.New(),
                    SellerId = invoice.SellerId,
                    InvoiceId = invoice.InvoiceId,
                    Number = invoice.Number,
                    Reason = reason,
                    CancelledAt = now,
                },
            ],
            cancellationToken
        );
        await outbox.CommitAsync(transaction, cancellationToken);
        return null;
    }

    /// <summary>What it took back of its original: all of it where it corrects, its negative lines where it is a sale with an exchange.</summary>
    private static decimal TookBack(InvoiceBody invoice) =>
        invoice.Kind != InvoiceKind.Corrective ? -invoice.Lines.Where(line => line.Quantity < 0m).Sum(line => line.LineGrossAmount)
        : invoice.Correction is { Method: CorrectionMethod.Differences, VatOnly: false } ? -invoice.Totals.TotalWithVat
        : 0m;

    private async Task<InvoiceId[]> OriginalsAsync(InvoiceBody invoice, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Originals);
        command.Parameters.Add(new("seller", invoice.SellerId.Value));
        command.Parameters.Add(new("invoice", invoice.InvoiceId.Value));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var originals = new List<InvoiceId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            originals.Add(InvoiceId.Of(reader.GetGuid(0)));
        }

        return [.. originals];
    }
}
