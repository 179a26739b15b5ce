using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>
/// Holds the invoices that an act changes the standing of until its transaction ends, and finds them as the act has read them: two acts
/// on one invoice, whatever they are, come one after the other.
/// </summary>
internal static class HoldInvoices
{
    private const string Lock = """
        insert into returned as r (seller_id, invoice_id, total)
        select @seller, id, 0 from unnest(@invoices) as i (id) order by id
        on conflict (seller_id, invoice_id) do update set total = r.total
        """;
    private const string Now = """
        select i.id, (select total from returned r where r.seller_id = @seller and r.invoice_id = i.id),
            exists (select from cancellation c where c.seller_id = @seller and c.invoice_id = i.id),
            (select exchange_number from exchange e where e.seller_id = @seller and e.ticket_invoice_id = i.id and e.freed_at is null),
            (select count(*) from correction k where k.seller_id = @seller and k.invoice_id = i.id and not exists
                (select from cancellation c where c.seller_id = @seller and c.invoice_id = k.corrective_invoice_id)),
            exists (select from correction k where k.seller_id = @seller and k.invoice_id = i.id and k.method = 'substitution' and not exists
                (select from cancellation c where c.seller_id = @seller and c.invoice_id = k.corrective_invoice_id))
        from unnest(@invoices) as i (id)
        """;
    private const string ReturnedSoFar = """
        select p.product, sum(p.quantity) from returned_product p
        where p.seller_id = @seller and p.invoice_id = @original and not exists
            (select from cancellation c where c.seller_id = @seller and c.invoice_id = p.return_invoice_id)
        group by p.product
        """;

    /// <summary>
    /// The first draft that is refused, because an invoice has changed since it was read, or because more comes back than the original still
    /// has.
    /// </summary>
    public static async Task<Refusal?> TakeAsync(IReadOnlyList<InvoiceDraft> drafts, NpgsqlTransaction transaction)
    {
        var standing = new Dictionary<(SellerId, InvoiceId), Standing>();
        var bySeller = drafts.Where(draft => draft.Touched.Count > 0).GroupBy(draft => draft.Seller.SellerId);
        foreach (var sellers in bySeller.OrderBy(each => each.Key.Value, StringComparer.Ordinal))
        {
            var ids = sellers.SelectMany(draft => draft.Touched).Select(each => each.InvoiceId).Distinct().ToList();
            foreach (var (id, now) in await TakeAsync(sellers.Key, ids, transaction, CancellationToken.None))
            {
                standing[(sellers.Key, id)] = now;
            }
        }

        for (var i = 0; i < drafts.Count; i++)
        {
            var (draft, seller) = (drafts[i], drafts[i].Seller.SellerId);
            if (draft.Touched.FirstOrDefault(read => !standing[(seller, read.InvoiceId)].IsAs(read, draft.Act is not null)) is { } changed)
            {
                return new Refusal([i], InvoicingFaults.ChangedMeanwhile.With(changed.Number));
            }

            if (
                draft is { Returned: { } returned, Original.Invoice: { } original }
                && await CheckAsync(seller, original, standing[(seller, original.InvoiceId)].Returned, returned, transaction) is { } fault
            )
            {
                return new Refusal([i], fault);
            }
        }

        return null;
    }

    /// <summary>Holds invoices, also such of a former system; how each stands.</summary>
    public static async Task<IReadOnlyDictionary<InvoiceId, Standing>> TakeAsync(
        SellerId seller,
        IReadOnlyList<InvoiceId> invoices,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        var ids = invoices.Select(invoice => invoice.Value).ToArray();
        await using (var locking = new NpgsqlCommand(Lock, transaction.Connection, transaction))
        {
            locking.Parameters.Add(new("seller", seller.Value));
            locking.Parameters.Add(new("invoices", ids));
            await locking.ExecuteNonQueryAsync(cancellationToken);
        }

        // A statement of its own: it sees what the lock waited for.
        await using var command = new NpgsqlCommand(Now, transaction.Connection, transaction);
        command.Parameters.Add(new("seller", seller.Value));
        command.Parameters.Add(new("invoices", ids));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var standing = new Dictionary<InvoiceId, Standing>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = InvoiceId.Of(reader.GetGuid(0));
            standing[id] = new Standing
            {
                InvoiceId = id,
                Returned = reader.GetDecimal(1),
                IsCancelled = reader.GetBoolean(2),
                ExchangedFor = await reader.IsDBNullAsync(3, cancellationToken) ? null : reader.GetString(3),
                Corrections = reader.GetInt64(4),
                IsSubstituted = reader.GetBoolean(5),
            };
        }

        return standing;
    }

    private static async Task<Fault?> CheckAsync(
        SellerId seller,
        InvoiceBody original,
        decimal totalSoFar,
        ReturnedGoods returned,
        NpgsqlTransaction transaction
    )
    {
        var soFar = new Dictionary<string, decimal>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand(ReturnedSoFar, transaction.Connection, transaction);
        command.Parameters.Add(new("seller", seller.Value));
        command.Parameters.Add(new("original", original.InvoiceId.Value));
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            soFar[reader.GetString(0)] = reader.GetDecimal(1);
        }

        return Returnable.Check(original, soFar, totalSoFar, returned);
    }
}
