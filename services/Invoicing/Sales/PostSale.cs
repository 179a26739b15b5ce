using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>
/// A sale becomes one invoice, however often and by whatever door it is posted: the same content answers with the same invoice for
/// ever, other content under the same name is refused.
/// </summary>
public sealed class PostSale(
    NpgsqlDataSource database,
    IssueInvoice issue,
    INifCensus census,
    PublicAddress address,
    WakeHeldReturns held,
    RememberSellers sellers,
    TimeProvider clock
)
{
    private const string Seller = "select body, version from seller where seller_id = @seller";
    private const string KnownSale = $"""
        select s.content_hash, {ReadInvoice.Columns}
        from {ReadInvoice.Tables} join sale s using (seller_id, invoice_id)
        where s.seller_id = @seller and s.sale_id = @sale
        """;

    // What stands in its place now: the full invoice that a ticket (also one of a former system) was exchanged for, the corrective one
    // that substitutes it.
    private const string Original = $"""
        with recursive standing (invoice_id, step) as (
            (select coalesce((select i.invoice_id from invoice i
                where i.seller_id = @seller and i.invoice_id = any(array(
                    select s.invoice_id from sale s where s.seller_id = @seller and s.sale_id = @original_sale
                    union all select @original_invoice
                    union all select n.invoice_id from invoice_number n where n.seller_id = @seller and n.number = @original_number))
                order by i.issue_date is distinct from @original_date, i.invoice_id desc limit 1), @former), 0)
            union all
            select coalesce(e.exchange_invoice_id, k.corrective_invoice_id), s.step + 1
            from standing s
                left join exchange e on e.seller_id = @seller and e.ticket_invoice_id = s.invoice_id and e.freed_at is null
                left join correction k on k.seller_id = @seller and k.invoice_id = s.invoice_id and k.method = 'substitution'
                    and not exists (select from cancellation x where x.seller_id = @seller and x.invoice_id = k.corrective_invoice_id)
            where s.step < 100 and (e.exchange_invoice_id is not null or k.corrective_invoice_id is not null))
        select {ReadInvoice.Columns} from {ReadInvoice.Tables}
        where i.seller_id = @seller and i.invoice_id = (select invoice_id from standing order by step desc limit 1)
        """;
    private const int MostAttempts = 10;

    /// <summary>Answers a posted sale: its invoice, issued now or before, or why there is none.</summary>
    public async Task<Outcome<PostedSale>> PostAsync(SellerId sellerId, SalePosted posted, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("PostSale");
        if (posted.Lines.Any(line => line is null) || !IsName(posted.SaleId.Value))
        {
            // The rules say what is wrong; nothing of that kind can have been issued before.
            return Fault.Of(SaleRules.Of(Sale.Of(posted), clock.GetUtcNow()));
        }

        var prepared = await PrepareAsync(sellerId, posted, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var outcome =
                (attempt == 1 && prepared.Draft is { } draft ? await IssueAsync(sellerId, prepared.Sale, draft, cancellationToken) : null)
                ?? await PostOnceAsync(sellerId, prepared.Sale, cancellationToken);
            // The original was corrected, exchanged or cancelled between reading and holding it: it is read again.
            if (outcome.Fault?.Code != InvoicingFaults.ChangedMeanwhile || attempt == MostAttempts)
            {
                return outcome;
            }
        }
    }

    /// <summary>
    /// A sale that cites nothing needs nothing from the database until it is issued. It has no draft where it is to be looked up after
    /// all: whatever the remembered seller makes of it, today's may see otherwise.
    /// </summary>
    internal async ValueTask<PreparedSale> PrepareAsync(SellerId sellerId, SalePosted posted, CancellationToken cancellationToken)
    {
        var sale = Sale.Of(posted);
        if (posted.ReturnOf is not null || !IsName(posted.SaleId.Value) || sellers.Of(sellerId) is not { } remembered)
        {
            return new PreparedSale(sale, null);
        }

        var draft = InvoiceDraft.Of(remembered, sale, null, clock.GetUtcNow());
        return !draft.Refused(out _) && await IsInCensusAsync(draft.Value, cancellationToken) && issue.Judge(draft.Value) is null
            ? new PreparedSale(sale, draft.Value)
            : new PreparedSale(sale, null);
    }

    /// <summary>Sees to it that the seller is remembered; there is nothing to remember of one that is not registered.</summary>
    internal async Task RememberAsync(SellerId sellerId, CancellationToken cancellationToken)
    {
        if (sellers.Of(sellerId) is null)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand(Seller, connection) { Parameters = { new("seller", sellerId.Value) } };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await ReadSellerAsync(reader, sellerId, cancellationToken);
        }
    }

    /// <summary>Issues the invoice of a prepared sale, with those that wait at the same point; in line when this returns.</summary>
    internal Task<Outcome<InvoiceIssued?>> GatherAsync(InvoiceDraft draft, CancellationToken cancellationToken) =>
        issue.GatherAsync(draft, cancellationToken);

    /// <summary>Something was issued that a held sale may wait for.</summary>
    internal void WakeHeld() => held.Look();

    /// <summary>Null where it is to be looked up after all.</summary>
    private async Task<Outcome<PostedSale>?> IssueAsync(
        SellerId sellerId,
        Sale sale,
        InvoiceDraft draft,
        CancellationToken cancellationToken
    )
    {
        var outcome = await GatherAsync(draft, cancellationToken);
        if (outcome.Refused(out var fault))
        {
            if (fault.Code == InvoicingFaults.ChangedMeanwhile)
            {
                return null;
            }

            var (_, known, _) = await LookAsync(sellerId, sale.Posted, cancellationToken);
            return known is null ? fault : Repeated(sale, known);
        }

        if (outcome.Value is not { } issued)
        {
            return null;
        }

        WakeHeld();
        return new PostedSale(issued, Repeated: false);
    }

    private async Task<Outcome<PostedSale>> PostOnceAsync(SellerId sellerId, Sale sale, CancellationToken cancellationToken)
    {
        var posted = sale.Posted;
        // Known sales are answered before today's rules are asked: what was issued under yesterday's stays issued.
        var (seller, known, original) = await LookAsync(sellerId, posted, cancellationToken);
        if (seller is null)
        {
            return InvoicingFaults.NoSeller.With();
        }

        if (known is not null)
        {
            return Repeated(sale, known);
        }

        if (posted.ReturnOf is not null && original is null && SaleRules.Of(sale, clock.GetUtcNow()).Count == 0)
        {
            return InvoicingFaults.NoOriginal.At("returnOf");
        }

        var draft = InvoiceDraft.Of(seller, sale, original, clock.GetUtcNow());
        if (draft.Refused(out var refusal))
        {
            return refusal;
        }

        if (!await IsInCensusAsync(draft.Value, cancellationToken))
        {
            return InvoicingFaults.BuyerNotInCensus.At("buyer.taxId", draft.Value.Buyer!.TaxId, draft.Value.Buyer.Name);
        }

        var outcome = await issue.IssueAsync(draft.Value, cancellationToken);
        if (outcome.Refused(out var fault))
        {
            return fault;
        }

        if (outcome.Value is { } issued)
        {
            WakeHeld();
            return new PostedSale(issued, Repeated: false);
        }

        // The same sale came by another door at the same time, and its invoice is there by now.
        (_, known, _) = await LookAsync(sellerId, posted, cancellationToken);
        return Repeated(sale, known ?? throw new InvalidOperationException($"the sale {posted.SaleId} is claimed and has no invoice"));
    }

    private async ValueTask<bool> IsInCensusAsync(InvoiceDraft draft, CancellationToken cancellationToken) =>
        draft.Buyer is not { TaxIdType: null or TaxIdType.Nif, TaxId: { } nif } buyer
        || await census.HasAsync(nif, buyer.Name, cancellationToken) != false;

    private static bool IsName(string sale) => sale.Length is > 0 and <= 100 && Sale.IsSound(sale);

    private static Outcome<PostedSale> Repeated(Sale sale, Known known) =>
        known.ContentHash.AsSpan().SequenceEqual(sale.ContentHash)
            ? new PostedSale(known.Invoice, Repeated: true)
            : InvoicingFaults.OtherContent.At("saleId", sale.Posted.SaleId, known.Invoice.Number);

    private async Task<(RegisteredSeller? Seller, Known? Known, Original? Original)> LookAsync(
        SellerId sellerId,
        SalePosted posted,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(Seller) { Parameters = { new("seller", sellerId.Value) } },
                new(KnownSale) { Parameters = { new("seller", sellerId.Value), new("sale", posted.SaleId.Value) } },
            },
        };
        var cited = posted.ReturnOf is { } reference && IsSound(reference) ? reference : null;
        // An original of a former system is cited by number and date.
        var former = cited is { Number: { } number, IssueDate: { } date } ? Invoices.Original.Former(sellerId, number, date) : null;
        if (cited is not null)
        {
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(Original)
                {
                    Parameters =
                    {
                        new("seller", sellerId.Value),
                        Nullable("original_sale", NpgsqlDbType.Text, cited.SaleId?.Value),
                        Nullable("original_invoice", NpgsqlDbType.Uuid, cited.InvoiceId?.Value),
                        Nullable("original_number", NpgsqlDbType.Text, cited.Number),
                        Nullable("original_date", NpgsqlDbType.Date, cited.IssueDate),
                        Nullable("former", NpgsqlDbType.Uuid, former?.Id.Value),
                    },
                }
            );
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var seller = await ReadSellerAsync(reader, sellerId, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var known = await reader.ReadAsync(cancellationToken)
            ? new Known(await reader.GetFieldValueAsync<byte[]>(0, cancellationToken), ReadInvoice.From(reader, address, from: 1))
            : null;
        if (cited is null)
        {
            return (seller, known, null);
        }

        await reader.NextResultAsync(cancellationToken);
        return (
            seller,
            known,
            await reader.ReadAsync(cancellationToken) ? Invoicing.Invoices.Original.Ours(ReadInvoice.From(reader, address)) : former
        );
    }

    private async Task<RegisteredSeller?> ReadSellerAsync(NpgsqlDataReader reader, SellerId sellerId, CancellationToken cancellationToken)
    {
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var body = JsonSerializer.Deserialize<SellerBody>(reader.GetString(0), Wire.Tolerant)!;
        var seller = new RegisteredSeller(sellerId, body) { Version = reader.GetInt64(1) };
        sellers.Keep(seller);
        return seller;
    }

    private static bool IsSound(ReturnReference reference) =>
        Sale.IsSound(reference.SaleId?.Value ?? "") && Sale.IsSound(reference.Number ?? "");

    private static NpgsqlParameter Nullable(string name, NpgsqlDbType type, object? value) =>
        new(name, type) { Value = value ?? DBNull.Value };

    private sealed record Known(byte[] ContentHash, InvoiceBody Invoice);
}

/// <summary>A sale with its draft, made and judged from what is remembered of the seller; none where it is to be looked up.</summary>
internal sealed record PreparedSale(Sale Sale, InvoiceDraft? Draft);

/// <summary>The answer to a posted sale.</summary>
public sealed record PostedSale(InvoiceBody Invoice, bool Repeated);
