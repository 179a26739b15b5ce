using Npgsql;
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
                command.Parameters.AddRange(DaySums.Columns(sums, some).ToArray());
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }

        _sums = new DaySums();
    }

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
