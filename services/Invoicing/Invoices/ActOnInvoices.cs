using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>
/// What corrections and exchanges have in common: the invoices are read, a draft is made of them and issued, and where one has changed in
/// between it is all done again. A request with a key is answered with the same invoice for ever.
/// </summary>
public sealed class ActOnInvoices(NpgsqlDataSource database, IssueInvoice issue, PublicAddress address)
{
    private const string Seller = "select body from seller where seller_id = @seller";
    private const string Done = $"""
        select a.content_hash, {ReadInvoice.Columns}
        from {ReadInvoice.Tables} join act a using (seller_id, invoice_id)
        where a.seller_id = @seller and a.act_key = @key
        """;
    private const string Named = $"""
        select {ReadInvoice.Columns} from {ReadInvoice.Tables} where i.seller_id = @seller and i.invoice_id = any(@invoices)
        """;
    private const string Since = $"""
        select k.invoice_id, {ReadInvoice.Columns}
        from {ReadInvoice.Tables} join correction k on k.seller_id = i.seller_id and k.corrective_invoice_id = i.invoice_id
        where i.seller_id = @seller and k.invoice_id = any(@invoices)
            and not exists (select from cancellation x where x.seller_id = i.seller_id and x.invoice_id = i.invoice_id)
        order by i.invoice_id
        """;
    private const string Former = """
        select f.id,
            exists (select from invoice_number n where n.seller_id = @seller and n.number = f.number),
            (select json_build_object('invoiceId', e.exchange_invoice_id, 'number', e.exchange_number, 'issueDate', e.issue_date)
                from exchange e where e.seller_id = @seller and e.ticket_invoice_id = f.id and e.freed_at is null)::text
        from unnest(@ids, @numbers) as f (id, number)
        """;
    private const int MostAttempts = 10;

    /// <summary>The request as it is told from others: by the caller's key, or by none.</summary>
    public static Outcome<Act> ActOf<T>(string kind, string? key, T request)
    {
        if (key is { } given && (given.Length is 0 or > 200 || given.Any(c => c is < ' ' or > '~')))
        {
            return InvoicingFaults.BadKey.With();
        }

        var content = JsonSerializer.SerializeToUtf8Bytes(request, Wire.Tolerant);
        return new Act(key is null ? $"{kind} {Guid.CreateVersion7():N}" : $"{kind} {key}", SHA256.HashData(content));
    }

    /// <summary>Issues what is drafted of the named invoices of a seller and of a former system; 404 where it has not all of its own.</summary>
    public async Task<Outcome<PostedAct>> IssueAsync(
        SellerId seller,
        Act act,
        IReadOnlyList<InvoiceId> named,
        IReadOnlyList<Original> former,
        Func<Read, Outcome<InvoiceDraft>> drafting,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await DoneAsync(seller, act, cancellationToken) is { } done)
            {
                return done;
            }

            var reading = await ReadAsync(seller, named, former, cancellationToken);
            if (reading.Refused(out var unread))
            {
                return unread;
            }

            var draft = drafting(reading.Value);
            if (draft.Refused(out var refusal))
            {
                return refusal;
            }

            var outcome = await issue.IssueAsync(draft.Value, cancellationToken);
            if (outcome.Refused(out var fault))
            {
                if (fault.Code == InvoicingFaults.ChangedMeanwhile && attempt < MostAttempts)
                {
                    continue;
                }

                return fault;
            }

            if (outcome.Value is { } issued)
            {
                return new PostedAct(issued, Repeated: false);
            }
        }
    }

    /// <summary>The named invoices with what has corrected them since.</summary>
    public async Task<Outcome<Read>> ReadAsync(
        SellerId sellerId,
        IReadOnlyList<InvoiceId> named,
        IReadOnlyList<Original> former,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(Seller) { Parameters = { new("seller", sellerId.Value) } },
                Of(Named, named),
                Of(Since, [.. named, .. former.Select(each => each.Id)]),
                new(Former)
                {
                    Parameters =
                    {
                        new("seller", sellerId.Value),
                        new("ids", former.Select(each => each.Id.Value).ToArray()),
                        new("numbers", former.Select(each => each.Reference.Number).ToArray()),
                    },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return InvoicingFaults.NoSeller.With();
        }

        var seller = new RegisteredSeller(sellerId, JsonSerializer.Deserialize<SellerBody>(reader.GetString(0), Wire.Tolerant)!);
        var invoices = new Dictionary<InvoiceId, InvoiceBody>();
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var invoice = ReadInvoice.From(reader, address);
            invoices.Add(invoice.InvoiceId, invoice);
        }

        var since = new List<(InvoiceId Of, InvoiceBody Invoice)>();
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            since.Add((InvoiceId.Of(reader.GetGuid(0)), ReadInvoice.From(reader, address, from: 1)));
        }

        var standing = new Dictionary<InvoiceId, FormerStanding>();
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var exchange = await reader.IsDBNullAsync(2, cancellationToken)
                ? null
                : JsonSerializer.Deserialize<InvoiceReference>(reader.GetString(2), Wire.Tolerant);
            standing.Add(InvoiceId.Of(reader.GetGuid(0)), new FormerStanding(reader.GetBoolean(1), exchange));
        }

        return named.All(invoices.ContainsKey)
            ? new Read(seller, [.. named.Select(id => invoices[id])], since.ToLookup(each => each.Of, each => each.Invoice), standing)
            : InvoicingFaults.NoInvoice.With();

        NpgsqlBatchCommand Of(string sql, IReadOnlyList<InvoiceId> invoices) =>
            new(sql) { Parameters = { new("seller", sellerId.Value), new("invoices", invoices.Select(id => id.Value).ToArray()) } };
    }

    private async Task<Outcome<PostedAct>?> DoneAsync(SellerId seller, Act act, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Done);
        command.Parameters.Add(new("seller", seller.Value));
        command.Parameters.Add(new("key", act.Key));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var hash = await reader.GetFieldValueAsync<byte[]>(0, cancellationToken);
        return hash.AsSpan().SequenceEqual(act.ContentHash)
            ? new PostedAct(ReadInvoice.From(reader, address, from: 1), Repeated: true)
            : InvoicingFaults.OtherRequest.With(act.Key[(act.Key.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
    }
}

/// <summary>Invoices as they stand, with what has corrected each since, and how those of a former system stand here.</summary>
public sealed record Read(
    RegisteredSeller Seller,
    IReadOnlyList<InvoiceBody> Invoices,
    ILookup<InvoiceId, InvoiceBody> Since,
    IReadOnlyDictionary<InvoiceId, FormerStanding> Former
);

/// <summary>How an invoice of a former system stands: whether its number is of ours, and what it was exchanged for.</summary>
public sealed record FormerStanding(bool IsOurs, InvoiceReference? ReplacedBy);

/// <summary>The answer to a request about invoices.</summary>
public sealed record PostedAct(InvoiceBody Invoice, bool Repeated);
