using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Facts;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>The same facts and sums of everything that was ever told, made into empty tables.</summary>
public sealed partial class KeepSales
{
    private const string CopySold = """
        copy sold (seller_id, operation_date, invoice_id, event_id, known_at, number, sale_ids, kind, issue_date, hour, store_id, till_id, channel,
            customer_id, currency, invoices, return_invoices, total_without_vat, vat_total, total_with_vat, returns) from stdin (format binary)
        """;
    private const string CopyVat = """
        copy sold_vat (seller_id, operation_date, invoice_id, rate, currency, invoices, return_invoices, total_without_vat, vat_total,
            total_with_vat, returns) from stdin (format binary)
        """;
    private const string CopyLines = """
        copy sold_line (seller_id, operation_date, invoice_id, line, known_at, product, category, rate, quantity, currency, net_amount,
            gross_amount, invoices, return_invoices) from stdin (format binary)
        """;

    private const int SumsAtOnce = 20_000;

    private static readonly string[] MakeSums = [.. KnownAt.All.Select(AddUp.IntoFrom)];
    private static readonly string[] TakeCancelled = [.. KnownAt.All.Select(sums => AddUp.Into(sums, AddUp.AllCancelled))];

    private DaySums _sums = new();
    private WriteRows _sold = new();
    private WriteRows _vat = new();
    private WriteRows _lines = new();

    /// <summary>Sums in memory, at most about: a hundred megabytes or so.</summary>
    public int MostSums { get; init; } = 400_000;

    /// <inheritdoc />
    public IReadOnlyList<string> Appended => ["sold", "sold_vat", "sold_line"];

    /// <inheritdoc />
    public void BeginLoad()
    {
        _sums = new DaySums();
        (_sold, _vat, _lines) = (new WriteRows(), new WriteRows(), new WriteRows());
    }

    /// <inheritdoc />
    public async Task LoadAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)> told,
        CancellationToken cancellationToken
    )
    {
        foreach (var (sale, knownAt) in SalesOf(told))
        {
            Add(sale, knownAt);
            _sums.Add(sale, knownAt);
        }

        await _sold.HandleAsync(transaction.Connection!, CopySold, cancellationToken);
        await _vat.HandleAsync(transaction.Connection!, CopyVat, cancellationToken);
        await _lines.HandleAsync(transaction.Connection!, CopyLines, cancellationToken);
        await KeepCancelledAsync(transaction, [.. CancelledOf(told).DistinctBy(each => Key(each.Cancelled))], cancellationToken);
        if (_sums.Count > MostSums)
        {
            await WriteSumsAsync(transaction, cancellationToken);
        }
    }

    /// <inheritdoc />
    public async Task MakeSumsAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await WriteSumsAsync(transaction, cancellationToken);
        foreach (var sql in TakeCancelled)
        {
            await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task WriteSumsAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        foreach (var (sums, sql) in KnownAt.All.Zip(MakeSums))
        {
            foreach (var some in _sums.Of(sums).Chunk(SumsAtOnce))
            {
                await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction) { CommandTimeout = 0 };
                command.Parameters.AddRange(Columns(sums, some).ToArray());
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }

        _sums = new DaySums();
    }

    /// <summary>Some of a set as arrays, one for each column of its finest grain.</summary>
    private static IEnumerable<NpgsqlParameter> Columns(SoldSums sums, IReadOnlyList<KeyValuePair<DaySums.Key, DaySums.Sum>> some)
    {
        var texts = 0;
        foreach (var column in AddUp.Columns(sums))
        {
            yield return column switch
            {
                "seller_id" => Of(column, NpgsqlDbType.Text, (key, _) => key.Seller),
                "day" => Of(column, NpgsqlDbType.Date, (key, _) => key.Day),
                "known_in" => Of(column, NpgsqlDbType.TimestampTz, (key, _) => key.KnownIn),
                "currency" => Of(column, NpgsqlDbType.Text, (key, _) => key.Currency),
                "hour" => Of(column, NpgsqlDbType.Smallint, (key, _) => key.Hour),
                "rate" => Of(column, NpgsqlDbType.Numeric, (key, _) => key.Rate),
                "invoices" => Of(column, NpgsqlDbType.Bigint, (_, sum) => sum.Figures.Invoices),
                "return_invoices" => Of(column, NpgsqlDbType.Bigint, (_, sum) => sum.Figures.ReturnInvoices),
                "total_without_vat" => Of(column, NpgsqlDbType.Numeric, (_, sum) => sum.Figures.TotalWithoutVat),
                "vat_total" => Of(column, NpgsqlDbType.Numeric, (_, sum) => sum.Figures.VatTotal),
                "total_with_vat" => Of(column, NpgsqlDbType.Numeric, (_, sum) => sum.Figures.TotalWithVat),
                "returns" => Of(column, NpgsqlDbType.Numeric, (_, sum) => sum.Figures.Returns),
                "quantity" => Of(column, NpgsqlDbType.Numeric, (_, sum) => sum.Quantity),
                "returned_quantity" => Of(column, NpgsqlDbType.Numeric, (_, sum) => sum.ReturnedQuantity),
                _ => Of(column, NpgsqlDbType.Text, TextAt(texts++)),
            };
        }

        NpgsqlParameter Of<T>(string column, NpgsqlDbType type, Func<DaySums.Key, DaySums.Sum, T> value) =>
            new(column, NpgsqlDbType.Array | type) { Value = some.Select(each => value(each.Key, each.Value)).ToArray() };
    }

    private static Func<DaySums.Key, DaySums.Sum, string> TextAt(int nth) =>
        nth switch
        {
            0 => (key, _) => key.First,
            1 => (key, _) => key.Second,
            _ => (key, _) => key.Third,
        };

    private void Add(Sale sale, DateTimeOffset knownAt)
    {
        AddFigures(
            Start(_sold, 21, sale)
                .Uuid(sale.EventId.Value)
                .Instant(knownAt)
                .Text(sale.Number)
                .Texts([.. sale.SaleIds.Select(id => id.Value)])
                .Text(KindOf(sale))
                .Date(sale.IssueDate)
                .Smallint((short)sale.Hour)
                .Text(sale.StoreId.Value)
                .Text(sale.TillId)
                .Text(ChannelOf(sale))
                .Text(sale.CustomerId)
                .Text(sale.Currency.Code),
            sale.Figures
        );
        foreach (var share in sale.Vat)
        {
            AddFigures(Start(_vat, 11, sale).Numeric(share.Rate).Text(sale.Currency.Code), share.Figures);
        }

        foreach (var line in sale.Lines)
        {
            Start(_lines, 14, sale)
                .Integer(line.Line)
                .Instant(knownAt)
                .Text(line.Product)
                .Text(line.Category)
                .Numeric(line.Rate)
                .Numeric(line.Quantity)
                .Text(sale.Currency.Code)
                .Numeric(line.NetAmount)
                .Numeric(line.GrossAmount)
                .Bigint(line.Invoices)
                .Bigint(line.ReturnInvoices);
        }
    }

    private static WriteRows Start(WriteRows rows, int values, Sale sale) =>
        rows.Row(values).Text(sale.SellerId.Value).Date(sale.OperationDate).Uuid(sale.InvoiceId.Value);

    private static void AddFigures(WriteRows row, Figures figures) =>
        row.Bigint(figures.Invoices)
            .Bigint(figures.ReturnInvoices)
            .Numeric(figures.TotalWithoutVat)
            .Numeric(figures.VatTotal)
            .Numeric(figures.TotalWithVat)
            .Numeric(figures.Returns);
}
