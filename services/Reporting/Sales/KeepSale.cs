using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>
/// What is told of invoices is kept once, and the sums of their days, shops, tills and VAT rates change with it; what is told while a
/// commit is under way is the next one.
/// </summary>
public sealed class KeepSale
{
    // Whole at once: hardly any invoice has been heard of before. Everyone takes invoices first and sums last, each in their keys' order,
    // so that two instances never wait for each other in a circle.
    private const string KeepNew = """
        insert into sale
            (seller_id, invoice_id, number, kind, operation_date, hour, store_id, till_id, channel, customer_id, currency,
             invoices, total_without_vat, vat_total, total_with_vat, returns, cancelled_at)
        select * from unnest(@sellers, @ids, @numbers, @kinds, @days, @hours, @stores, @tills, @channels, @customers, @currencies,
             @invoices, @withoutVat, @vat, @withVat, @returns, @cancelled) as told (seller_id, invoice_id)
        order by told.seller_id, told.invoice_id
        on conflict do nothing
        returning seller_id, invoice_id
        """;
    private const string LockKnown = """
        select seller_id, invoice_id, number, kind, operation_date, hour, store_id, till_id, currency,
            invoices, total_without_vat, vat_total, total_with_vat, returns, cancelled_at
        from sale where (seller_id, invoice_id) in (select * from unnest(@sellers, @ids))
        order by seller_id, invoice_id for update
        """;
    private const string VatOfKnown = """
        select seller_id, invoice_id, rate as value, invoices, total_without_vat, vat_total, total_with_vat, returns
        from sale_vat where (seller_id, invoice_id) in (select * from unnest(@sellers, @ids))
        """;
    private const string KeepKnown = """
        update sale set
            number = told.number, kind = told.kind, operation_date = told.operation_date, hour = told.hour, store_id = told.store_id,
            till_id = told.till_id, channel = coalesce(sale.channel, told.channel), customer_id = coalesce(sale.customer_id, told.customer_id),
            currency = told.currency, invoices = told.invoices, total_without_vat = told.total_without_vat, vat_total = told.vat_total,
            total_with_vat = told.total_with_vat, returns = told.returns, cancelled_at = told.cancelled_at
        from unnest(@sellers, @ids, @numbers, @kinds, @days, @hours, @stores, @tills, @channels, @customers, @currencies,
            @invoices, @withoutVat, @vat, @withVat, @returns, @cancelled) as told
            (seller_id, invoice_id, number, kind, operation_date, hour, store_id, till_id, channel, customer_id, currency,
             invoices, total_without_vat, vat_total, total_with_vat, returns, cancelled_at)
        where sale.seller_id = told.seller_id and sale.invoice_id = told.invoice_id
        """;
    private const string KeepParts = """
        insert into sale_vat (seller_id, invoice_id, rate, invoices, total_without_vat, vat_total, total_with_vat, returns)
        select * from unnest(@sellers, @ids, @rates, @invoices, @withoutVat, @vat, @withVat, @returns)
        """;
    private const string KeepLines = """
        insert into sale_line (seller_id, invoice_id, line, operation_date, product, quantity, currency, net_amount, gross_amount)
        select * from unnest(@sellers, @ids, @lines, @days, @products, @quantities, @currencies, @netAmounts, @grossAmounts)
        """;
    private const string AddToTills = """
        insert into sales_total as sum
            (seller_id, operation_date, hour, store_id, till_id, currency, invoices, total_without_vat, vat_total, total_with_vat, returns)
        select * from unnest(@sellers, @days, @hours, @stores, @tills, @currencies, @invoices, @withoutVat, @vat, @withVat, @returns)
            as told (seller_id, operation_date, hour, store_id, till_id, currency)
        order by told.seller_id, told.operation_date, told.hour, told.store_id, told.till_id, told.currency
        on conflict (seller_id, operation_date, hour, store_id, till_id, currency) do update set
            invoices = sum.invoices + excluded.invoices,
            total_without_vat = sum.total_without_vat + excluded.total_without_vat,
            vat_total = sum.vat_total + excluded.vat_total,
            total_with_vat = sum.total_with_vat + excluded.total_with_vat,
            returns = sum.returns + excluded.returns
        """;
    private const string AddToRates = """
        insert into sales_vat_total as sum
            (seller_id, operation_date, rate, currency, invoices, total_without_vat, vat_total, total_with_vat, returns)
        select * from unnest(@sellers, @days, @rates, @currencies, @invoices, @withoutVat, @vat, @withVat, @returns)
            as told (seller_id, operation_date, rate, currency)
        order by told.seller_id, told.operation_date, told.rate, told.currency
        on conflict (seller_id, operation_date, rate, currency) do update set
            invoices = sum.invoices + excluded.invoices,
            total_without_vat = sum.total_without_vat + excluded.total_without_vat,
            vat_total = sum.vat_total + excluded.vat_total,
            total_with_vat = sum.total_with_vat + excluded.total_with_vat,
            returns = sum.returns + excluded.returns
        """;

    private readonly InboxLine<Addition> _line;
    private readonly SalesFeed _feed;

    /// <summary>Opens the line that every fact of an invoice waits in, issued or cancelled.</summary>
    public KeepSale(Inbox inbox, SalesFeed feed) =>
        (_line, _feed) = (inbox.Line<Addition>(nameof(KeepSale), KeepAsync, apart: TimeSpan.FromMilliseconds(250)), feed);

    /// <summary>Keeps what the event adds, unless this consumer has had it.</summary>
    public async Task KeepAsync(
        string consumer,
        IEvent told,
        InvoiceId invoice,
        DateTimeOffset happenedAt,
        Func<Sale, Sale> add,
        CancellationToken cancellationToken
    )
    {
        using var waiting = _feed.Take(happenedAt);
        await _line.TakeAsync(consumer, told.EventId, new Addition(told.SellerId, invoice, add), cancellationToken);
    }

    private static async Task KeepAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<Heard<Addition>> heard,
        CancellationToken cancellationToken
    )
    {
        var added = heard
            .Select(each => each.Fact)
            .GroupBy(addition => (Seller: addition.Seller.Value, Invoice: addition.Invoice.Value))
            .ToDictionary(sale => sale.Key, sale => sale.ToArray());
        var kept = added
            .Values.Select(additions => new Sale { SellerId = additions[0].Seller, InvoiceId = additions[0].Invoice })
            .Select(before => (Before: before, After: With(before, added)))
            .ToList();

        var connection = transaction.Connection!;
        var isNew = (
            await connection.QueryAsync<(string, Guid)>(KeepNew, Rows([.. kept.Select(sale => sale.After)]), transaction)
        ).ToHashSet();
        if (isNew.Count < kept.Count)
        {
            var known = await LockAsync(transaction, [.. kept.Select(sale => sale.After).Where(sale => !isNew.Contains(Key(sale)))]);
            kept.RemoveAll(sale => !isNew.Contains(Key(sale.After)));
            var changed = known
                .Select(before => (Before: before, After: With(before, added)))
                .Where(sale => sale.After != sale.Before)
                .ToList();
            if (changed.Count > 0)
            {
                await connection.ExecuteAsync(KeepKnown, Rows([.. changed.Select(sale => sale.After)]), transaction);
                kept.AddRange(changed);
            }
        }

        var sums = new Sums();
        foreach (var (before, after) in kept)
        {
            sums.Add(before, after);
        }

        var issued = kept.Where(sale => sale.Before.Number is null && sale.After.Number is not null).Select(sale => sale.After).ToList();
        await WriteAsync(transaction, issued, sums, cancellationToken);
    }

    private static (string, Guid) Key(Sale sale) => (sale.SellerId.Value, sale.InvoiceId.Value);

    private static Sale With(Sale before, Dictionary<(string, Guid), Addition[]> added) =>
        added[Key(before)].Aggregate(before, (sale, addition) => addition.Add(sale));

    private static async Task<IReadOnlyList<Sale>> LockAsync(NpgsqlTransaction transaction, IReadOnlyList<Sale> sales)
    {
        var keys = new
        {
            sellers = sales.Select(sale => sale.SellerId.Value).ToArray(),
            ids = sales.Select(sale => sale.InvoiceId.Value).ToArray(),
        };
        var known = await transaction.Connection!.QueryAsync<Sale, Figures, Ending, Sale>(
            LockKnown,
            (sale, figures, ending) => sale with { Figures = figures, CancelledAt = ending?.CancelledAt },
            keys,
            transaction,
            splitOn: "invoices,cancelled_at"
        );
        // A statement of its own: it sees what was committed while the lock was waited for.
        var vat = (
            await transaction.Connection!.QueryAsync<Rate, Figures, (Rate Of, Figures Figures)>(
                VatOfKnown,
                (rate, figures) => (rate, figures),
                keys,
                transaction,
                splitOn: "invoices"
            )
        ).ToLookup(share => (share.Of.SellerId.Value, share.Of.InvoiceId.Value), share => new VatShare(share.Of.Value, share.Figures));
        return [.. known.Select(sale => sale with { Vat = [.. vat[Key(sale)].OrderBy(share => share.Rate)] })];
    }

    private static async Task WriteAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<Sale> issued,
        Sums sums,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        var parts = issued.SelectMany(sale => sale.Vat.Select(share => (Sale: sale, Share: share))).ToList();
        if (parts.Count > 0)
        {
            batch.BatchCommands.Add(
                Command(
                    KeepParts,
                    [.. parts.Select(part => part.Share.Figures)],
                    new("sellers", parts.Select(part => part.Sale.SellerId.Value).ToArray()),
                    new("ids", parts.Select(part => part.Sale.InvoiceId.Value).ToArray()),
                    new("rates", parts.Select(part => part.Share.Rate).ToArray())
                )
            );
        }

        var lines = issued.SelectMany(sale => sale.Lines.Select((line, i) => (Sale: sale, Line: line, Nth: i + 1))).ToList();
        if (lines.Count > 0)
        {
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(KeepLines)
                {
                    Parameters =
                    {
                        new("sellers", lines.Select(each => each.Sale.SellerId.Value).ToArray()),
                        new("ids", lines.Select(each => each.Sale.InvoiceId.Value).ToArray()),
                        new("lines", lines.Select(each => each.Nth).ToArray()),
                        new("days", lines.Select(each => each.Sale.OperationDate).ToArray()),
                        new("products", lines.Select(each => each.Line.Product).ToArray()),
                        new("quantities", lines.Select(each => each.Line.Quantity).ToArray()),
                        new("currencies", lines.Select(each => each.Sale.Currency.Code).ToArray()),
                        new("netAmounts", lines.Select(each => each.Line.NetAmount).ToArray()),
                        new("grossAmounts", lines.Select(each => each.Line.GrossAmount).ToArray()),
                    },
                }
            );
        }

        var tills = sums.Tills.Keys.ToList();
        if (tills.Count > 0)
        {
            batch.BatchCommands.Add(
                Command(
                    AddToTills,
                    [.. sums.Tills.Values],
                    new("sellers", tills.Select(key => key.Seller.Value).ToArray()),
                    new("days", tills.Select(key => key.Day).ToArray()),
                    new("hours", tills.Select(key => (short)key.Hour).ToArray()),
                    new("stores", tills.Select(key => key.Store.Value).ToArray()),
                    new("tills", tills.Select(key => key.Till).ToArray()),
                    new("currencies", tills.Select(key => key.Currency.Code).ToArray())
                )
            );
        }

        var rates = sums.Rates.Keys.ToList();
        if (rates.Count > 0)
        {
            batch.BatchCommands.Add(
                Command(
                    AddToRates,
                    [.. sums.Rates.Values],
                    new("sellers", rates.Select(key => key.Seller.Value).ToArray()),
                    new("days", rates.Select(key => key.Day).ToArray()),
                    new("rates", rates.Select(key => key.Rate).ToArray()),
                    new("currencies", rates.Select(key => key.Currency.Code).ToArray())
                )
            );
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static NpgsqlBatchCommand Command(string sql, IReadOnlyList<Figures> figures, params NpgsqlParameter[] keys)
    {
        var command = new NpgsqlBatchCommand(sql)
        {
            Parameters =
            {
                new("invoices", figures.Select(each => each.Invoices).ToArray()),
                new("withoutVat", figures.Select(each => each.TotalWithoutVat).ToArray()),
                new("vat", figures.Select(each => each.VatTotal).ToArray()),
                new("withVat", figures.Select(each => each.TotalWithVat).ToArray()),
                new("returns", figures.Select(each => each.Returns).ToArray()),
            },
        };
        command.Parameters.AddRange(keys);
        return command;
    }

    private static object Rows(IReadOnlyList<Sale> sales)
    {
        // What has not been told is not known, rather than the default of its type.
        T?[] Told<T>(Func<Sale, T> value)
            where T : struct => [.. sales.Select(sale => sale.Number is null ? default(T?) : value(sale))];
        string?[] Texts(Func<Sale, string?> value) => [.. sales.Select(sale => sale.Number is null ? null : value(sale))];
        return new
        {
            sellers = sales.Select(sale => sale.SellerId.Value).ToArray(),
            ids = sales.Select(sale => sale.InvoiceId.Value).ToArray(),
            numbers = Texts(sale => sale.Number),
            kinds = Texts(sale => sale.Kind.ToString().ToLowerInvariant()),
            days = Told(sale => sale.OperationDate),
            hours = sales.Select(sale => (short)sale.Hour).ToArray(),
            stores = Texts(sale => sale.StoreId.Value),
            tills = Texts(sale => sale.TillId),
            channels = Texts(sale => sale.Channel.ToString().ToLowerInvariant()),
            customers = Texts(sale => sale.CustomerId?.Value),
            currencies = Texts(sale => sale.Currency.Code),
            invoices = sales.Select(sale => sale.Figures.Invoices).ToArray(),
            withoutVat = sales.Select(sale => sale.Figures.TotalWithoutVat).ToArray(),
            vat = sales.Select(sale => sale.Figures.VatTotal).ToArray(),
            withVat = sales.Select(sale => sale.Figures.TotalWithVat).ToArray(),
            returns = sales.Select(sale => sale.Figures.Returns).ToArray(),
            cancelled = sales.Select(sale => sale.CancelledAt?.ToUniversalTime()).ToArray(),
        };
    }

    private sealed record Addition(SellerId Seller, InvoiceId Invoice, Func<Sale, Sale> Add);

    private sealed record Rate
    {
        public required SellerId SellerId { get; init; }

        public required InvoiceId InvoiceId { get; init; }

        public decimal Value { get; init; }
    }

    private sealed record Ending
    {
        public DateTimeOffset? CancelledAt { get; init; }
    }
}
