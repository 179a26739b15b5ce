using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Promises;

/// <summary>A customer's promises or those of an invoice, and how far its word can be relied on.</summary>
public sealed record PromiseList(IReadOnlyList<PromiseBody> Items, PromiseScore Score);

/// <summary>Promises of an invoice or of a customer, the latest first.</summary>
public sealed class ListPromises(NpgsqlDataSource database)
{
    private const int Most = 200;

    private const string Promises = """
        select promise_id, invoice_id, plan_id, date, currency, amount, made_at, kept_amount,
            case when judged_at is not null then standing when cancelled_at is not null then 'cancelled' else 'open' end as standing
        from promise
        where seller_id = @seller and (@invoice::uuid is null or invoice_id = @invoice)
          and (@customer::text is null or customer_key = @customer)
        order by made_at desc, date, promise_id
        limit @most
        """;
    private const string Judged = """
        select count(*) filter (where standing = 'kept')::int, count(*) filter (where standing = 'partial')::int,
            count(*) filter (where standing = 'broken')::int
        from promise
        where seller_id = @seller and judged_at is not null and (@invoice::uuid is null or invoice_id = @invoice)
          and (@customer::text is null or customer_key = @customer)
        """;

    /// <summary>Those of an invoice.</summary>
    public Task<Outcome<PromiseList>> OfInvoiceAsync(SellerId seller, string invoiceId, CancellationToken cancellationToken) =>
        InvoiceId.TryParse(invoiceId, out var invoice)
            ? FindAsync(seller, invoice.Value, null, cancellationToken)
            : Task.FromResult<Outcome<PromiseList>>(CollectionsFaults.NoReceivable.With());

    /// <summary>Those of a customer.</summary>
    public Task<Outcome<PromiseList>> OfCustomerAsync(SellerId seller, string customerKey, CancellationToken cancellationToken) =>
        customerKey.Length is > 0 and <= 320 && !customerKey.Contains('\0')
            ? FindAsync(seller, null, customerKey, cancellationToken)
            : Task.FromResult<Outcome<PromiseList>>(CollectionsFaults.NoCustomer.With());

    private async Task<Outcome<PromiseList>> FindAsync(
        SellerId seller,
        Guid? invoice,
        string? customer,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("ListPromises");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var asked = new
        {
            seller = seller.Value,
            invoice,
            customer,
            most = Most,
        };
        var items = (await connection.QueryAsync<PromiseBody>(Promises, asked)).Select(Written).ToArray();
        var (kept, partial, broken) = await connection.QuerySingleAsync<(int, int, int)>(Judged, asked);
        return new PromiseList(items, PromiseScore.Of(kept, partial, broken));
    }

    private static PromiseBody Written(PromiseBody row) =>
        row with
        {
            Amount = Money.Of(row.Amount, row.Currency).Amount,
            KeptAmount = row.KeptAmount is { } kept ? Money.Of(kept, row.Currency).Amount : null,
        };
}
