using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Fiscal.Verifactu;
using RetailInvoicing.Invoicing.Fiscal.Verifactu.Submission;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>
/// One chain per taxpayer, environment and installation: its head is locked, found sound, and moved by the record that hangs on it, all in
/// the transaction of whoever makes the record.
/// </summary>
public sealed class KeepChain(IOptions<InvoicingOptions> options, SuspectChains suspects, TimeProvider clock)
{
    private const string Begin = """
        insert into fiscal_chain (tax_id, environment, installation, last) values (@tax_id, @environment, @installation, 0)
        on conflict do nothing
        """;
    private const string Lock = """
        select last, fingerprint, recorded_at from fiscal_chain
        where tax_id = @tax_id and environment = @environment and installation = @installation for update
        """;

    // A statement of its own, so that it sees what the one before waited for. The last record by its whole key (offset 0): the plan was
    // made when the chain was short.
    private const string Head = """
        select c.last, c.fingerprint, c.recorded_at, r.kind, r.tax_id, r.number, r.issue_date, r.record_type, r.vat_total, r.total_with_vat,
            r.previous_fingerprint, r.fingerprint, r.recorded_at, h.reason, exists (select from fiscal_chain o where o.tax_id <> c.tax_id),
            a.number, a.issue_date, a.fingerprint
        from fiscal_chain c
            left join lateral (select * from fiscal_record f where (f.tax_id, f.environment, f.installation, f.position)
                = (c.tax_id, c.environment, c.installation, c.last) offset 0) r on true
            left join adopted_record a on (a.tax_id, a.environment, a.installation, a.position)
                = (c.tax_id, c.environment, c.installation, c.last)
            left join fiscal_hold h on (h.tax_id, h.environment, h.installation) = (c.tax_id, c.environment, c.installation)
                and h.lifted_at is null
        where c.tax_id = @tax_id and c.environment = @environment and c.installation = @installation
        """;
    private const string KeepRecords = """
        insert into fiscal_record (seller_id, invoice_id, tax_id, environment, installation, position, kind, record_type, number,
            issue_date, vat_total, total_with_vat, previous_fingerprint, fingerprint, recorded_at, document)
        select seller_id, invoice_id, @tax_id, @environment, @installation, position, kind, record_type, number,
            issue_date, vat_total, total_with_vat, previous_fingerprint, fingerprint, recorded_at, document
        from unnest(@sellers, @invoices, @positions, @kinds, @types, @numbers, @issue_dates, @vats, @totals, @previous, @fingerprints,
            @recorded_ats, @documents) as r (seller_id, invoice_id, position, kind, record_type, number, issue_date, vat_total,
            total_with_vat, previous_fingerprint, fingerprint, recorded_at, document)
        """;
    private const string Move = """
        update fiscal_chain set last = @position, fingerprint = @fingerprint, recorded_at = @recorded_at
        where tax_id = @tax_id and environment = @environment and installation = @installation
        """;

    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    /// <summary>Adds what locks the chain and reads its head; the head is the last of three results.</summary>
    public void AddLock(NpgsqlBatch batch, string taxId, string environment)
    {
        foreach (var sql in new[] { Begin, Lock, Head })
        {
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(sql)
                {
                    Parameters = { new("tax_id", taxId), new("environment", environment), new("installation", options.Value.Installation) },
                }
            );
        }
    }

    /// <summary>
    /// The next place, from the reader at the lock's result; refused where the chain is on hold, its last link is not sound, or the
    /// clock lies more than a minute behind it (Orden HAC/1177/2024 art. 7.i).
    /// </summary>
    public async Task<Outcome<NextPlace>> ReadAsync(
        NpgsqlDataReader reader,
        string taxId,
        string environment,
        CancellationToken cancellationToken
    )
    {
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (!await reader.IsDBNullAsync(13, cancellationToken))
        {
            return FiscalFaults.OnHold.With(HoldWords.Of(reader.GetString(13)));
        }

        var place = new NextPlace
        {
            TaxId = taxId,
            Environment = environment,
            Installation = options.Value.Installation,
            Position = reader.GetInt64(0) + 1,
            SeveralTaxpayers = reader.GetBoolean(14),
        };
        if (place.Position == 1)
        {
            return place;
        }

        // A record that an operator let the chain go on from has no row of ours, or a damaged one.
        var isAdopted = !await reader.IsDBNullAsync(15, cancellationToken);
        if (!isAdopted && await reader.IsDBNullAsync(3, cancellationToken))
        {
            return Broken(place, place.Position - 1);
        }

        var head = new ChainHead
        {
            TaxId = taxId,
            Number = reader.GetString(isAdopted ? 15 : 5),
            IssueDate = await reader.GetFieldValueAsync<DateOnly>(isAdopted ? 16 : 6, cancellationToken),
            Fingerprint = reader.GetString(1),
            RecordedAt = await reader.GetFieldValueAsync<DateTimeOffset>(2, cancellationToken),
        };
        if (reader.GetString(isAdopted ? 17 : 11) != head.Fingerprint || (!isAdopted && Recomputed(reader, head) != head.Fingerprint))
        {
            return Broken(place, head.Number);
        }

        return head.RecordedAt - clock.GetUtcNow() > ClockTolerance
            ? FiscalFaults.ClockBehind.With(head.RecordedAt.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture))
            : place with
            {
                Head = head,
            };
    }

    /// <summary>Locks the chain of an invoice's seller for a further record of it; none where the regime keeps no chain.</summary>
    public async Task<Outcome<NextPlace?>> TakeAsync(
        IFiscalRegime regime,
        InvoiceBody invoice,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        if (!regime.IsChained)
        {
            return new Outcome<NextPlace?>();
        }

        var (taxId, environment) = (invoice.Seller.TaxId!, invoice.Fiscal.Environment.ToString());
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        AddLock(batch, taxId, environment);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var place = await ReadAsync(reader, taxId, environment, cancellationToken);
        return place.Refused(out var fault) ? fault : place.Value;
    }

    /// <summary>Adds what keeps records at their places, one after the other, and moves the chain's head to the last.</summary>
    public static void AddRecords(NpgsqlBatch batch, IReadOnlyList<PlacedRecord> records)
    {
        if (records.Count == 0)
        {
            return;
        }

        NpgsqlParameter Texts(string name, Func<PlacedRecord, string?> value) =>
            new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = records.Select(value).ToArray() };

        var last = records[^1];
        NpgsqlParameter[] Chain() =>
            [new("tax_id", last.Place.TaxId), new("environment", last.Place.Environment), new("installation", last.Place.Installation)];

        var keep = new NpgsqlBatchCommand(KeepRecords)
        {
            Parameters =
            {
                Texts("sellers", static each => each.Invoice.SellerId.Value),
                new("invoices", records.Select(static each => each.Invoice.InvoiceId.Value).ToArray()),
                new("positions", records.Select(static each => each.Place.Position).ToArray()),
                Texts("kinds", static each => each.Entry.Kind == EntryKind.Registration ? "registration" : "cancellation"),
                Texts("types", static each => each.Invoice.Fiscal.RecordType),
                Texts("numbers", static each => each.Invoice.Number),
                new("issue_dates", records.Select(static each => each.Invoice.IssueDate).ToArray()),
                new("vats", records.Select(static each => each.VatTotal).ToArray()),
                new("totals", records.Select(static each => each.TotalWithVat).ToArray()),
                Texts("previous", static each => each.Entry.Body.PreviousFingerprint),
                Texts("fingerprints", static each => each.Entry.Body.Fingerprint),
                Texts("recorded_ats", static each => Written(each.Entry.Body.RecordedAt!.Value)),
                Texts("documents", static each => each.Entry.Document),
            },
        };
        keep.Parameters.AddRange(Chain());
        batch.BatchCommands.Add(keep);
        var move = new NpgsqlBatchCommand(Move)
        {
            Parameters =
            {
                new("position", last.Place.Position),
                new("fingerprint", last.Entry.Body.Fingerprint!),
                new("recorded_at", last.Entry.Body.RecordedAt!.Value.ToUniversalTime()),
            },
        };
        move.Parameters.AddRange(Chain());
        batch.BatchCommands.Add(move);
    }

    /// <summary>Told to whoever verifies tails, so that the chain is put on hold and an operator has something to lift.</summary>
    private Fault Broken(NextPlace place, object at)
    {
        suspects.Add(new ChainKey(place.TaxId, place.Environment, place.Installation));
        return FiscalFaults.BrokenLink.With(at);
    }

    private static string Recomputed(NpgsqlDataReader reader, ChainHead head)
    {
        var previous = reader.IsDBNull(10) ? null : reader.GetString(10);
        var recordedAt = DateTimeOffset.ParseExact(reader.GetString(12), "yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
        return reader.GetString(3) == "cancellation"
            ? Fingerprint.OfCancellation(head.TaxId, head.Number, head.IssueDate, previous, recordedAt)
            : Fingerprint.OfRegistration(
                head.TaxId,
                head.Number,
                head.IssueDate,
                reader.GetString(7),
                Money.Of(reader.GetDecimal(8), Currency.Eur).Amount,
                Money.Of(reader.GetDecimal(9), Currency.Eur).Amount,
                previous,
                recordedAt
            );
    }

    private static string Written(DateTimeOffset instant) => instant.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}

/// <summary>A record at its place in the chain, with what it declares in EUR; a cancellation declares nothing.</summary>
public sealed record PlacedRecord(InvoiceBody Invoice, NextPlace Place, FiscalEntry Entry)
{
    /// <summary>CuotaTotal.</summary>
    public decimal VatTotal { get; init; }

    /// <summary>ImporteTotal.</summary>
    public decimal TotalWithVat { get; init; }

    /// <summary>The record that a regime made of an invoice.</summary>
    public static PlacedRecord Of(InvoiceBody invoice, NextPlace place, FiscalEntry entry)
    {
        if (entry.Kind == EntryKind.Cancellation)
        {
            return new PlacedRecord(invoice, place, entry);
        }

        var accounted = AccountedAmounts.Of(invoice);
        return new PlacedRecord(invoice, place, entry) { VatTotal = accounted.VatTotal, TotalWithVat = accounted.TotalWithVat };
    }
}
