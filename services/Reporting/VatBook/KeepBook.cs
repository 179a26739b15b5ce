using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.VatBook;

/// <summary>
/// An invoice is written into the book once, and what it declares into the sums of its day; one that is cancelled goes off the sums again.
/// Whichever is told first, the sums end equal. Whoever keeps a batch has the sellers' turn, so nobody else changes them meanwhile.
/// </summary>
public sealed class KeepBook : IProjection
{
    private const string Columns = """
        seller_id, invoice_id, part, known_at, record_type, issue_date, operation_date, series, number, buyer_id_type, buyer_country, buyer_id,
        buyer_name, operation_key, qualification, exemption, total, taxable_amount, rate, vat_amount, surcharge_rate, surcharge_amount
        """;

    private const string AddUp = """
        insert into vat_sum as sum (seller_id, operation_date, known_hour, corrective, operation_key, qualification, exemption, rate,
            surcharge_rate, entries, taxable_amount, vat_amount, surcharge_amount)
        select seller_id, operation_date, date_trunc('hour', at, 'UTC'), left(record_type, 1) = 'R', operation_key, coalesce(qualification, ''),
            coalesce(exemption, ''), coalesce(rate, -1), coalesce(surcharge_rate, -1), sum(sign), sum(sign * taxable_amount),
            sum(sign * coalesce(vat_amount, 0)), sum(sign * coalesce(surcharge_amount, 0))
        from changes
        where record_type <> 'F3'
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9
        """;

    // Entries that are new, and cancellations that are new, change the sums: an entry adds in the hour that it became known in, and is taken
    // off in the hour in which both it and its cancellation were known.
    private const string KeepAll = $"""
        with told as (
            select * from unnest(@sellers, @invoices, @parts, @known, @types, @issued, @operated, @series, @numbers, @idTypes, @countries, @ids,
                @names, @keys, @qualifications, @exemptions, @totals, @taxable, @rates, @vat, @surchargeRates, @surcharges)
        ), entered as (
            insert into vat_entry ({Columns})
            select * from told
            on conflict do nothing
            returning *
        ), gone as (
            insert into vat_cancelled (seller_id, invoice_id, known_at)
            select distinct on (seller_id, invoice_id) * from unnest(@goneSellers, @goneInvoices, @goneKnown) as c (seller_id, invoice_id, known_at)
            order by seller_id, invoice_id, known_at
            on conflict do nothing
            returning *
        ), gone_before as (
            select c.* from vat_cancelled c
            where (c.seller_id, c.invoice_id) in (select seller_id, invoice_id from entered)
        ), entered_before as (
            select e.* from vat_entry e
            where (e.seller_id, e.invoice_id) in (select seller_id, invoice_id from gone)
        ), changes as (
            select e.known_at as at, 1 as sign, e.* from entered e
            union all
            select greatest(e.known_at, c.known_at), -1, e.* from entered e join (table gone union all table gone_before) c using (seller_id, invoice_id)
            union all
            select greatest(e.known_at, c.known_at), -1, e.* from entered_before e join gone c using (seller_id, invoice_id)
        )
        {AddUp}
        on conflict (seller_id, operation_date, known_hour, corrective, operation_key, qualification, exemption, rate, surcharge_rate)
        do update set
            entries = sum.entries + excluded.entries,
            taxable_amount = sum.taxable_amount + excluded.taxable_amount,
            vat_amount = sum.vat_amount + excluded.vat_amount,
            surcharge_amount = sum.surcharge_amount + excluded.surcharge_amount
        """;

    // Of empty tables all at once.
    private const string AddUpAll = $"""
        with changes as (
            select e.known_at as at, 1 as sign, e.* from vat_entry e
            union all
            select greatest(e.known_at, c.known_at), -1, e.* from vat_entry e join vat_cancelled c using (seller_id, invoice_id)
        )
        {AddUp}
        """;
    private const string CopyEntries = $"copy vat_entry ({Columns}) from stdin (format binary)";
    private const string CopyCancelled = "copy vat_cancelled (seller_id, invoice_id, known_at) from stdin (format binary)";

    /// <inheritdoc />
    public string Name => "book";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables { get; } = ["vat_entry", "vat_cancelled", "vat_sum"];

    /// <summary>Keeps what these events say of the book, each known at the instant beside it.</summary>
    public async Task KeepAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)> told,
        CancellationToken cancellationToken
    )
    {
        // The same event twice in a batch is one.
        var entries = told.Where(each => each.Event is InvoiceIssued)
            .DistinctBy(each => (each.Event.SellerId, ((InvoiceIssued)each.Event).InvoiceId))
            .SelectMany(each => BookEntries.Of((InvoiceIssued)each.Event).Select(entry => (Entry: entry, each.KnownAt)))
            .ToArray();
        var gone = told.Where(each => each.Event is InvoiceCancelled)
            .Select(each => (Cancelled: (InvoiceCancelled)each.Event, each.KnownAt))
            .ToArray();
        if (entries.Length == 0 && gone.Length == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(KeepAll, transaction.Connection, transaction);
        T[] Of<T>(Func<BookEntry, T> value) => [.. entries.Select(each => value(each.Entry))];
        command.Parameters.AddRange(
            (NpgsqlParameter[])
                [
                    new("sellers", Of(entry => entry.SellerId.Value)),
                    new("invoices", Of(entry => entry.InvoiceId.Value)),
                    new("parts", Of(entry => (short)entry.Part)),
                    new("known", entries.Select(each => each.KnownAt.ToUniversalTime()).ToArray()),
                    new("types", Of(entry => entry.RecordType)),
                    new("issued", Of(entry => entry.IssueDate)),
                    new("operated", Of(entry => entry.OperationDate)),
                    new("series", Of(entry => entry.Series)),
                    new("numbers", Of(entry => entry.Number)),
                    new("idTypes", Of(entry => entry.BuyerIdType)),
                    new("countries", Of(entry => entry.BuyerCountry)),
                    new("ids", Of(entry => entry.BuyerId)),
                    new("names", Of(entry => entry.BuyerName)),
                    new("keys", Of(entry => entry.OperationKey)),
                    new("qualifications", Of(entry => entry.Qualification)),
                    new("exemptions", Of(entry => entry.Exemption)),
                    new("totals", Of(entry => entry.Total)),
                    new("taxable", Of(entry => entry.TaxableAmount)),
                    new("rates", Of(entry => entry.Rate)),
                    new("vat", Of(entry => entry.VatAmount)),
                    new("surchargeRates", Of(entry => entry.SurchargeRate)),
                    new("surcharges", Of(entry => entry.SurchargeAmount)),
                    new("goneSellers", gone.Select(each => each.Cancelled.SellerId.Value).ToArray()),
                    new("goneInvoices", gone.Select(each => each.Cancelled.InvoiceId.Value).ToArray()),
                    new("goneKnown", gone.Select(each => each.KnownAt.ToUniversalTime()).ToArray()),
                ]
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc />
    public IReadOnlyList<string> Appended => ["vat_entry"];

    /// <inheritdoc />
    public async Task LoadAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)> told,
        CancellationToken cancellationToken
    )
    {
        var connection = transaction.Connection!;
        await using (var copy = await connection.BeginBinaryImportAsync(CopyEntries, cancellationToken))
        {
            foreach (var (issued, knownAt) in told.Where(each => each.Event is InvoiceIssued))
            {
                foreach (var entry in BookEntries.Of((InvoiceIssued)issued))
                {
                    await WriteAsync(copy, entry, knownAt, cancellationToken);
                }
            }

            await copy.CompleteAsync(cancellationToken);
        }

        await using var gone = await connection.BeginBinaryImportAsync(CopyCancelled, cancellationToken);
        foreach (var (cancelled, knownAt) in told.Where(each => each.Event is InvoiceCancelled))
        {
            await gone.StartRowAsync(cancellationToken);
            await gone.WriteAsync(cancelled.SellerId.Value, NpgsqlDbType.Text, cancellationToken);
            await gone.WriteAsync(((InvoiceCancelled)cancelled).InvoiceId.Value, NpgsqlDbType.Uuid, cancellationToken);
            await gone.WriteAsync(knownAt.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellationToken);
        }

        await gone.CompleteAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async Task MakeSumsAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(AddUpAll, transaction.Connection, transaction) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task WriteAsync(
        NpgsqlBinaryImporter copy,
        BookEntry entry,
        DateTimeOffset knownAt,
        CancellationToken cancellationToken
    )
    {
        await copy.StartRowAsync(cancellationToken);
        await copy.WriteAsync(entry.SellerId.Value, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(entry.InvoiceId.Value, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync((short)entry.Part, NpgsqlDbType.Smallint, cancellationToken);
        await copy.WriteAsync(knownAt.ToUniversalTime(), NpgsqlDbType.TimestampTz, cancellationToken);
        await TextAsync(entry.RecordType);
        await copy.WriteAsync(entry.IssueDate, NpgsqlDbType.Date, cancellationToken);
        await copy.WriteAsync(entry.OperationDate, NpgsqlDbType.Date, cancellationToken);
        await TextAsync(entry.Series);
        await TextAsync(entry.Number);
        await TextAsync(entry.BuyerIdType);
        await TextAsync(entry.BuyerCountry);
        await TextAsync(entry.BuyerId);
        await TextAsync(entry.BuyerName);
        await TextAsync(entry.OperationKey);
        await TextAsync(entry.Qualification);
        await TextAsync(entry.Exemption);
        await NumberAsync(entry.Total);
        await NumberAsync(entry.TaxableAmount);
        await NumberAsync(entry.Rate);
        await NumberAsync(entry.VatAmount);
        await NumberAsync(entry.SurchargeRate);
        await NumberAsync(entry.SurchargeAmount);

        Task TextAsync(string? text) =>
            text is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);

        Task NumberAsync(decimal? number) =>
            number is { } known ? copy.WriteAsync(known, NpgsqlDbType.Numeric, cancellationToken) : copy.WriteNullAsync(cancellationToken);
    }
}
