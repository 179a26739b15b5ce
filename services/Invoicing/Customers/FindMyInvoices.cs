using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Customers;

/// <summary>
/// A customer finds what it bought, in whichever shop: an invoice is found by its number, its shop, a product, an amount or a day.
/// </summary>
public sealed class FindMyInvoices(NpgsqlDataSource database, PublicAddress address)
{
    private const string Page = $"""
        select {ReadInvoice.Columns} from {ReadInvoice.Tables}
        where lower(c.email) = lower(@email) and (@seller is null or i.seller_id = @seller)
            and (@from is null or i.issue_date >= @from) and (@to is null or i.issue_date <= @to)
            and (@before is null or i.invoice_id < @before)
            and (not @unpaid or (i.body::jsonb #>> array['totals', 'amountDue'])::numeric > 0)
        """;

    private const string Inside = $"""
         and exists (
            select from (select i.body::jsonb as body offset 0) b
            cross join lateral (
                select translate(lower(concat_ws(' ', i.number, i.store_id, b.body #>> array['seller', 'name'],
                    b.body #>> array['seller', 'tradeName'], string_agg(concat_ws(' ', l ->> 'sku', l ->> 'name'), ' '))),
                    '{Sought.Accented}', '{Sought.Plain}') as said,
                    array_agg(abs((l ->> 'lineGrossAmount')::numeric)) || array_agg(abs((l ->> 'unitPrice')::numeric)) as amounts
                from jsonb_array_elements(b.body -> 'lines') l
            ) t
            where not exists (
                select from unnest(@words, @amounts, @days) as w (word, amount, day)
                where position(w.word in t.said) = 0
                    and (w.amount is null or not (w.amount = abs(i.total_with_vat) or w.amount = any(t.amounts)))
                    and (w.day is null or not (w.day = i.issue_date or w.day = i.operation_date))
            )
        )
        """;

    private const string NewestFirst = " order by i.invoice_id desc limit @limit";

    /// <summary>A page, and where the next one begins.</summary>
    public async Task<Outcome<InvoicePage>> FindAsync(MineQuery query, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("FindMyInvoices");
        if (query.Q is { } typed && (typed.Length > 200 || !Sale.IsSound(typed)))
        {
            return DoorFaults.BadParameter.With("q", "≤ 200, no control characters");
        }

        InvoiceId? before = null;
        if (query.Cursor is { Length: > 0 } cursor)
        {
            if (!InvoiceId.TryParse(cursor, out var last))
            {
                return InvoicingFaults.BadCursor.With();
            }

            before = last;
        }

        var sought = Sought.In(query.Q);
        var limit = Math.Clamp(query.Limit, 1, 200);
        await using var command = database.CreateCommand($"{Page}{(sought.Count > 0 ? Inside : "")}{NewestFirst}");
        void Add(string name, NpgsqlDbType type, object? value) =>
            command.Parameters.Add(new(name, type) { Value = value ?? DBNull.Value });
        Add("email", NpgsqlDbType.Text, query.Email);
        Add("seller", NpgsqlDbType.Text, query.SellerId?.Value);
        Add("from", NpgsqlDbType.Date, query.From);
        Add("to", NpgsqlDbType.Date, query.To);
        Add("before", NpgsqlDbType.Uuid, before?.Value);
        Add("unpaid", NpgsqlDbType.Boolean, query.UnpaidAtIssue);
        Add("limit", NpgsqlDbType.Integer, limit + 1);
        if (sought.Count > 0)
        {
            Add("words", NpgsqlDbType.Array | NpgsqlDbType.Text, sought.Select(each => each.Word).ToArray());
            Add("amounts", NpgsqlDbType.Array | NpgsqlDbType.Numeric, sought.Select(each => each.Amount).ToArray());
            Add("days", NpgsqlDbType.Array | NpgsqlDbType.Date, sought.Select(each => each.Day).ToArray());
        }

        var invoices = new List<InvoiceBody>(limit + 1);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            invoices.Add(ReadInvoice.From(reader, address));
        }

        return invoices.Count > limit
            ? new InvoicePage { Invoices = invoices[..limit], NextCursor = invoices[limit - 1].InvoiceId.ToString() }
            : new InvoicePage { Invoices = invoices };
    }
}
