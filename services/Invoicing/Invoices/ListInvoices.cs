using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.Invoicing.Search;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>Lists invoices, newest first: a seller's own, or those that were sent to a customer's address by any seller.</summary>
public sealed class ListInvoices(NpgsqlDataSource database, PublicAddress address, FindByWords findByWords)
{
    private const string Page = $"""
        select {ReadInvoice.Columns} from {ReadInvoice.Tables}
        where (@seller is null or i.seller_id = @seller) and (@email is null or lower(c.email) = lower(@email))
            and not (@seller is null and @email is null)
            and (@number is null or i.invoice_id = any(array(select n.invoice_id from invoice_number n
                where n.seller_id = @seller and n.number = @number)) or (@seller is null and i.number = @number))
            and (@series is null or i.series = @series)
            and (@sale is null or (@seller is not null
                and i.invoice_id = any(array(select s.invoice_id from sale s where s.seller_id = @seller and s.sale_id = @sale)))
                or (@seller is null and exists
                    (select from sale s where s.seller_id = i.seller_id and s.sale_id = @sale and s.invoice_id = i.invoice_id)))
            and (@customer is null or c.customer_id = @customer)
            and (@store is null or i.store_id = @store) and (@kind is null or lower(i.kind) = @kind)
            and (@cancelled is null or @cancelled = (i.invoice_id = any(array(
                select x.invoice_id from cancellation x where x.seller_id = @seller))))
            and (@stores is null or i.store_id = any(@stores))
            and (@from is null or i.issue_date >= @from) and (@to is null or i.issue_date <= @to)
            and (@q is null or position(lower(@q) in lower(concat_ws(' ', i.number, i.buyer_name, c.name, c.email, c.customer_id))) > 0)
            and (@found is null or i.invoice_id = any(@found))
            and (@before is null or i.invoice_id < @before)
        order by i.invoice_id desc limit @limit
        """;

    // Of what is found by words, what else is asked for leaves some.
    internal int FoundAtOnce { get; init; } = 500;

    internal int MostFound { get; init; } = 5000;

    /// <summary>A page, and where the next one begins.</summary>
    public async Task<Outcome<InvoicePage>> ListAsync(InvoiceQuery query, CancellationToken cancellationToken)
    {
        foreach (var (name, text) in query.Texts)
        {
            if (text is not null && (text.Length > 200 || !Sale.IsSound(text)))
            {
                return DoorFaults.BadParameter.With(name, "≤ 200, no control characters");
            }
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

        var limit = Math.Clamp(query.Limit ?? 50, 1, 200);
        return query is { SellerId: { } seller, CustomerEmail: null } && !string.IsNullOrWhiteSpace(query.Q)
            ? await ByWordsAsync(query, seller, query.Q, before, limit, cancellationToken)
            : PageOf(await ReadAsync(query, null, before, limit + 1, cancellationToken), limit);
    }

    /// <summary>
    /// A seller's invoices by their words, and of these what else is asked for. Where little is left of much, a page may be short and name
    /// where to go on.
    /// </summary>
    private async Task<InvoicePage> ByWordsAsync(
        InvoiceQuery query,
        SellerId seller,
        string words,
        InvoiceId? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        if (SearchTerms.Question(seller, words) is not { } question)
        {
            return new InvoicePage { Invoices = [] };
        }

        var (began, most) = (before, query.IsNarrowed ? FoundAtOnce : limit + 1);
        var invoices = new List<InvoiceBody>();
        for (var looked = 0; ; )
        {
            var found = await findByWords.RunAsync(seller, question, before, most, cancellationToken);
            invoices.AddRange(await ReadAsync(query, found, null, limit + 1 - invoices.Count, cancellationToken));
            if (invoices.Count > limit || found.Count < most)
            {
                return PageOf(invoices, limit);
            }

            before = found[^1];
            if ((looked += found.Count) >= MostFound)
            {
                return query.Stores is null
                    ? new InvoicePage { Invoices = invoices, NextCursor = before.ToString() }
                    : ToInstant(invoices, found[^1], began);
            }
        }
    }

    /// <summary>
    /// The last that was looked at may be another store's, and its id is not for whoever is held to some: the next page begins with the
    /// instant of it, whole, and this one ends before.
    /// </summary>
    private static InvoicePage ToInstant(List<InvoiceBody> invoices, InvoiceId last, InvoiceId? began)
    {
        var instant = FindByWords.After(last);
        return began is { } before && instant.Value.CompareTo(before.Value) >= 0
            // So much of one instant that it is not to be left: the one that is named is looked past, not at.
            ? new InvoicePage { Invoices = invoices, NextCursor = last.ToString() }
            : new InvoicePage
            {
                Invoices = [.. invoices.Where(each => each.InvoiceId.Value.CompareTo(instant.Value) >= 0)],
                NextCursor = instant.ToString(),
            };
    }

    private static InvoicePage PageOf(List<InvoiceBody> invoices, int limit) =>
        invoices.Count > limit
            ? new InvoicePage { Invoices = invoices[..limit], NextCursor = invoices[limit - 1].InvoiceId.ToString() }
            : new InvoicePage { Invoices = invoices };

    private async Task<List<InvoiceBody>> ReadAsync(
        InvoiceQuery query,
        IReadOnlyList<InvoiceId>? found,
        InvoiceId? before,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(Page);
        void Add(string name, NpgsqlDbType type, object? value) =>
            command.Parameters.Add(new(name, type) { Value = value ?? DBNull.Value });
        Add("seller", NpgsqlDbType.Text, query.SellerId?.Value);
        Add("email", NpgsqlDbType.Text, query.CustomerEmail);
        Add("number", NpgsqlDbType.Text, query.Number);
        Add("series", NpgsqlDbType.Text, query.Series);
        Add("sale", NpgsqlDbType.Text, query.SaleId);
        Add("customer", NpgsqlDbType.Text, query.CustomerId);
        Add("store", NpgsqlDbType.Text, query.StoreId);
        Add("kind", NpgsqlDbType.Text, query.Kind);
        Add("cancelled", NpgsqlDbType.Boolean, query.IsCancelled);
        Add("stores", NpgsqlDbType.Array | NpgsqlDbType.Text, query.Stores);
        Add("from", NpgsqlDbType.Date, query.From);
        Add("to", NpgsqlDbType.Date, query.To);
        Add("q", NpgsqlDbType.Text, found is not null || string.IsNullOrWhiteSpace(query.Q) ? null : query.Q.Trim());
        Add("found", NpgsqlDbType.Array | NpgsqlDbType.Uuid, found?.Select(each => each.Value).ToArray());
        Add("before", NpgsqlDbType.Uuid, before?.Value);
        Add("limit", NpgsqlDbType.Integer, most);
        var invoices = new List<InvoiceBody>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            invoices.Add(ReadInvoice.From(reader, address));
        }

        return invoices;
    }
}

/// <summary>Which invoices are asked for, and by whom.</summary>
public sealed record InvoiceQuery
{
    /// <summary>The seller whose invoices they are; none where a customer asks for those of all.</summary>
    public SellerId? SellerId { get; init; }

    /// <summary>The customer who asks, by proved address.</summary>
    public string? CustomerEmail { get; init; }

    /// <summary>The stores that whoever asks is held to; all where absent.</summary>
    public string[]? Stores { get; init; }

    public string? Number { get; init; }

    public string? Series { get; init; }

    public string? SaleId { get; init; }

    public string? CustomerId { get; init; }

    /// <summary>The shop that sold.</summary>
    public string? StoreId { get; init; }

    /// <summary>full, simplified, corrective or exchange.</summary>
    public string? Kind { get; init; }

    /// <summary>Whether those that were cancelled are asked for, or those that were not; of one seller.</summary>
    public bool? IsCancelled { get; init; }

    /// <summary>First issue date.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last issue date.</summary>
    public DateOnly? To { get; init; }

    /// <summary>
    /// Words of number, buyer, address, customer id, products or total, each by its beginning, within seconds of the issuing; for a customer
    /// part of number, buyer, address or customer id.
    /// </summary>
    public string? Q { get; init; }

    public string? Cursor { get; init; }

    public int? Limit { get; init; }

    /// <summary>Whether more is asked for than words.</summary>
    internal bool IsNarrowed =>
        (Number ?? Series ?? SaleId ?? CustomerId ?? StoreId ?? Kind) is not null
        || Stores is not null
        || IsCancelled is not null
        || From is not null
        || To is not null;

    internal IEnumerable<(string, string?)> Texts =>
        [
            ("number", Number),
            ("series", Series),
            ("saleId", SaleId),
            ("customerId", CustomerId),
            ("storeId", StoreId),
            ("q", Q),
            ("cursor", Cursor),
            ("email", CustomerEmail),
        ];
}

/// <summary>A page of invoices.</summary>
public sealed record InvoicePage
{
    /// <summary>Newest first.</summary>
    public required IReadOnlyList<InvoiceBody> Invoices { get; init; }

    /// <summary>Where the next page begins; absent on the last.</summary>
    public string? NextCursor { get; init; }
}
