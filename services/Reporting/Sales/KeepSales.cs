using System.Collections.Concurrent;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>
/// An invoice is kept once with its rates and lines, and so is that it was cancelled; what that changes goes into the sums. Whichever is told
/// first, they end equal.
/// </summary>
public sealed partial class KeepSales : IProjection
{
    private const string OpenMonth = "select open_sold_month(@day)";
    private const string KeepSold = """
        insert into sold
            (seller_id, operation_date, invoice_id, event_id, known_at, number, sale_ids, kind, issue_date, hour, store_id, till_id, channel,
             customer_id, currency, invoices, return_invoices, total_without_vat, vat_total, total_with_vat, returns)
        select seller_id, operation_date, invoice_id, event_id, known_at, number, string_to_array(sale_ids, E'\u001f'), kind, issue_date, hour,
            store_id, till_id, channel, customer_id, currency, invoices, return_invoices, total_without_vat, vat_total, total_with_vat, returns
        from unnest(@sellers, @days, @ids, @events, @known, @numbers, @saleIds, @kinds, @issued, @hours, @stores, @tills, @channels, @customers,
            @currencies, @invoices, @returnInvoices, @withoutVat, @vat, @withVat, @returns) as told
            (seller_id, operation_date, invoice_id, event_id, known_at, number, sale_ids, kind, issue_date, hour, store_id, till_id, channel,
             customer_id, currency, invoices, return_invoices, total_without_vat, vat_total, total_with_vat, returns)
        on conflict do nothing
        returning seller_id, invoice_id
        """;
    private const string KeepVat = """
        insert into sold_vat
            (seller_id, operation_date, invoice_id, rate, currency, invoices, return_invoices, total_without_vat, vat_total, total_with_vat, returns)
        select * from unnest(@sellers, @days, @ids, @rates, @currencies, @invoices, @returnInvoices, @withoutVat, @vat, @withVat, @returns)
        """;
    private const string KeepLines = """
        insert into sold_line
            (seller_id, operation_date, invoice_id, line, known_at, product, category, rate, quantity, currency, net_amount, gross_amount,
             invoices, return_invoices)
        select * from unnest(@sellers, @days, @ids, @lines, @known, @products, @categories, @rates, @quantities, @currencies, @netAmounts,
            @grossAmounts, @invoices, @returnInvoices)
        """;
    private const string KeepCancelled = """
        insert into sold_cancelled (seller_id, invoice_id, event_id, known_at, cancelled_at)
        select * from unnest(@sellers, @ids, @events, @known, @cancelled)
        on conflict do nothing
        returning seller_id, invoice_id
        """;
    private const string Gone = """
        select s.seller_id, s.operation_date, s.invoice_id, greatest(s.known_at, c.known_at), s.invoices
        from unnest(@sellers, @ids) as touched (seller_id, invoice_id)
        join sold_cancelled c on c.seller_id = touched.seller_id and c.invoice_id = touched.invoice_id
        join sold s on s.seller_id = touched.seller_id and s.invoice_id = touched.invoice_id
        """;
    private static readonly string[] AddToSums = [.. KnownAt.All.Select(sums => AddUp.Into(sums, AddUp.TheseChanges))];

    private readonly ConcurrentDictionary<DateOnly, bool> _openMonths = new();

    /// <inheritdoc />
    public string Name => "sales";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables => ["sold", "sold_vat", "sold_line", "sold_cancelled", .. KnownAt.All.Select(sums => sums.Table)];

    /// <inheritdoc />
    public async Task KeepAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)> told,
        CancellationToken cancellationToken
    )
    {
        var sales = SalesOf(told).DistinctBy(each => Key(each.Sale)).ToList();
        var cancelled = CancelledOf(told).DistinctBy(each => Key(each.Cancelled)).ToList();
        if (sales.Count + cancelled.Count == 0)
        {
            return;
        }

        await OpenMonthsAsync(transaction, sales, cancellationToken);
        var isNew = await KeepSoldAsync(transaction, sales, cancellationToken);
        sales.RemoveAll(each => !isNew.Contains(Key(each.Sale)));
        var isGone = await KeepCancelledAsync(transaction, cancelled, cancellationToken);
        if (isNew.Count + isGone.Count == 0)
        {
            return;
        }

        await KeepPartsAsync(transaction, sales, cancellationToken);
        var changes = sales
            .Where(each => each.Sale.Figures.Invoices != 0)
            .Select(each => new Change(each.Sale.SellerId.Value, each.Sale.OperationDate, each.Sale.InvoiceId.Value, each.KnownAt, 1))
            .ToList();
        changes.AddRange(await GoneAsync(transaction, [.. isNew.Union(isGone)], cancellationToken));
        await AddUpAsync(transaction, changes, cancellationToken);
    }

    private static IEnumerable<(Sale Sale, DateTimeOffset KnownAt)> SalesOf(IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)> told) =>
        told.Where(each => each.Event is InvoiceIssued)
            .Select(each => (Sale.Of((InvoiceIssued)each.Event), each.KnownAt.ToUniversalTime()));

    private static IEnumerable<(InvoiceCancelled Cancelled, DateTimeOffset KnownAt)> CancelledOf(
        IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)> told
    ) => told.Where(each => each.Event is InvoiceCancelled).Select(each => ((InvoiceCancelled)each.Event, each.KnownAt.ToUniversalTime()));

    private static (string, Guid) Key(Sale sale) => (sale.SellerId.Value, sale.InvoiceId.Value);

    private static (string, Guid) Key(InvoiceCancelled cancelled) => (cancelled.SellerId.Value, cancelled.InvoiceId.Value);

    /// <summary>A month that could not be opened is asked for again with its next batch.</summary>
    private async Task OpenMonthsAsync(
        NpgsqlTransaction transaction,
        List<(Sale Sale, DateTimeOffset KnownAt)> sales,
        CancellationToken cancellationToken
    )
    {
        foreach (
            var month in sales
                .Select(each => new DateOnly(each.Sale.OperationDate.Year, each.Sale.OperationDate.Month, 1))
                .Distinct()
                .Order()
        )
        {
            if (_openMonths.GetValueOrDefault(month))
            {
                continue;
            }

            await using var open = new NpgsqlCommand(OpenMonth, transaction.Connection, transaction) { Parameters = { new("day", month) } };
            if (await open.ExecuteScalarAsync(cancellationToken) is true)
            {
                // Open for good where it was open before: this transaction may not commit.
                _openMonths.AddOrUpdate(month, false, (_, _) => true);
            }
        }
    }

    private static async Task<HashSet<(string, Guid)>> KeepSoldAsync(
        NpgsqlTransaction transaction,
        List<(Sale Sale, DateTimeOffset KnownAt)> sales,
        CancellationToken cancellationToken
    )
    {
        if (sales.Count == 0)
        {
            return [];
        }

        string[] Texts(Func<Sale, string> value) => [.. sales.Select(each => value(each.Sale))];
        await using var command = new NpgsqlCommand(KeepSold, transaction.Connection, transaction)
        {
            Parameters =
            {
                new("sellers", Texts(sale => sale.SellerId.Value)),
                new("days", sales.Select(each => each.Sale.OperationDate).ToArray()),
                new("ids", sales.Select(each => each.Sale.InvoiceId.Value).ToArray()),
                new("events", sales.Select(each => each.Sale.EventId.Value).ToArray()),
                new("known", sales.Select(each => each.KnownAt).ToArray()),
                new("numbers", Texts(sale => sale.Number)),
                new("saleIds", Texts(sale => string.Join('\u001f', sale.SaleIds))),
                new("kinds", Texts(KindOf)),
                new("issued", sales.Select(each => each.Sale.IssueDate).ToArray()),
                new("hours", sales.Select(each => (short)each.Sale.Hour).ToArray()),
                new("stores", Texts(sale => sale.StoreId.Value)),
                new("tills", Texts(sale => sale.TillId)),
                new("channels", Texts(ChannelOf)),
                new("customers", Texts(sale => sale.CustomerId)),
                new("currencies", Texts(sale => sale.Currency.Code)),
            },
        };
        command.Parameters.AddRange(FiguresOf(sales, each => each.Sale.Figures));
        return await KeysAsync(command, cancellationToken);
    }

    private static string KindOf(Sale sale) => sale.Kind.ToString().ToLowerInvariant();

    internal static string ChannelOf(Sale sale) => sale.Channel.ToString().ToLowerInvariant();

    private static NpgsqlParameter[] FiguresOf<T>(IReadOnlyList<T> all, Func<T, Figures> figures) =>
        [
            new("invoices", all.Select(each => figures(each).Invoices).ToArray()),
            new("returnInvoices", all.Select(each => figures(each).ReturnInvoices).ToArray()),
            new("withoutVat", all.Select(each => figures(each).TotalWithoutVat).ToArray()),
            new("vat", all.Select(each => figures(each).VatTotal).ToArray()),
            new("withVat", all.Select(each => figures(each).TotalWithVat).ToArray()),
            new("returns", all.Select(each => figures(each).Returns).ToArray()),
        ];

    private static async Task<HashSet<(string, Guid)>> KeepCancelledAsync(
        NpgsqlTransaction transaction,
        List<(InvoiceCancelled Cancelled, DateTimeOffset KnownAt)> cancelled,
        CancellationToken cancellationToken
    )
    {
        if (cancelled.Count == 0)
        {
            return [];
        }

        await using var command = new NpgsqlCommand(KeepCancelled, transaction.Connection, transaction)
        {
            Parameters =
            {
                new("sellers", cancelled.Select(each => each.Cancelled.SellerId.Value).ToArray()),
                new("ids", cancelled.Select(each => each.Cancelled.InvoiceId.Value).ToArray()),
                new("events", cancelled.Select(each => each.Cancelled.EventId.Value).ToArray()),
                new("known", cancelled.Select(each => each.KnownAt).ToArray()),
                new("cancelled", cancelled.Select(each => each.Cancelled.CancelledAt.ToUniversalTime()).ToArray()),
            },
        };
        return await KeysAsync(command, cancellationToken);
    }

    private static async Task<HashSet<(string, Guid)>> KeysAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var keys = new HashSet<(string, Guid)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add((reader.GetString(0), reader.GetGuid(1)));
        }

        return keys;
    }

    private static async Task KeepPartsAsync(
        NpgsqlTransaction transaction,
        List<(Sale Sale, DateTimeOffset KnownAt)> sales,
        CancellationToken cancellationToken
    )
    {
        var parts = sales.SelectMany(each => each.Sale.Vat.Select(share => (each.Sale, Share: share))).ToList();
        var lines = sales.SelectMany(each => each.Sale.Lines.Select(line => (each.Sale, each.KnownAt, Line: line))).ToList();
        if (parts.Count + lines.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        var vat = new NpgsqlBatchCommand(KeepVat)
        {
            Parameters =
            {
                new("sellers", parts.Select(part => part.Sale.SellerId.Value).ToArray()),
                new("days", parts.Select(part => part.Sale.OperationDate).ToArray()),
                new("ids", parts.Select(part => part.Sale.InvoiceId.Value).ToArray()),
                new("rates", parts.Select(part => part.Share.Rate).ToArray()),
                new("currencies", parts.Select(part => part.Sale.Currency.Code).ToArray()),
            },
        };
        vat.Parameters.AddRange(FiguresOf(parts, part => part.Share.Figures));
        batch.BatchCommands.Add(vat);
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(KeepLines)
            {
                Parameters =
                {
                    new("sellers", lines.Select(each => each.Sale.SellerId.Value).ToArray()),
                    new("days", lines.Select(each => each.Sale.OperationDate).ToArray()),
                    new("ids", lines.Select(each => each.Sale.InvoiceId.Value).ToArray()),
                    new("lines", lines.Select(each => each.Line.Line).ToArray()),
                    new("known", lines.Select(each => each.KnownAt).ToArray()),
                    new("products", lines.Select(each => each.Line.Product).ToArray()),
                    new("categories", lines.Select(each => each.Line.Category).ToArray()),
                    new("rates", lines.Select(each => each.Line.Rate).ToArray()),
                    new("quantities", lines.Select(each => each.Line.Quantity).ToArray()),
                    new("currencies", lines.Select(each => each.Sale.Currency.Code).ToArray()),
                    new("netAmounts", lines.Select(each => each.Line.NetAmount).ToArray()),
                    new("grossAmounts", lines.Select(each => each.Line.GrossAmount).ToArray()),
                    new("invoices", lines.Select(each => (long)each.Line.Invoices).ToArray()),
                    new("returnInvoices", lines.Select(each => (long)each.Line.ReturnInvoices).ToArray()),
                },
            }
        );
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Of these, the ones that are both kept and cancelled, from when both were known.</summary>
    private static async Task<IReadOnlyList<Change>> GoneAsync(
        NpgsqlTransaction transaction,
        (string Seller, Guid Invoice)[] touched,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(Gone, transaction.Connection, transaction)
        {
            Parameters =
            {
                new("sellers", touched.Select(each => each.Seller).ToArray()),
                new("ids", touched.Select(each => each.Invoice).ToArray()),
            },
        };
        var gone = new List<Change>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetInt64(4) != 0)
            {
                gone.Add(
                    new Change(
                        reader.GetString(0),
                        await reader.GetFieldValueAsync<DateOnly>(1, cancellationToken),
                        reader.GetGuid(2),
                        await reader.GetFieldValueAsync<DateTimeOffset>(3, cancellationToken),
                        -1
                    )
                );
            }
        }

        return gone;
    }

    private static async Task AddUpAsync(NpgsqlTransaction transaction, List<Change> changes, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var sql in AddToSums)
        {
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(sql)
                {
                    Parameters =
                    {
                        new("sellers", changes.Select(each => each.Seller).ToArray()),
                        new("days", changes.Select(each => each.Day).ToArray()),
                        new("invoices", changes.Select(each => each.Invoice).ToArray()),
                        new("at", changes.Select(each => each.At).ToArray()),
                        new("signs", changes.Select(each => each.Sign).ToArray()),
                    },
                }
            );
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record Change(string Seller, DateOnly Day, Guid Invoice, DateTimeOffset At, int Sign);
}
