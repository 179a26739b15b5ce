using Dapper;
using Npgsql;
using RetailInvoicing.Reporting.Customers;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Formats;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Products;

/// <summary>A slow mover's row.</summary>
public sealed record SlowMoverRow
{
    /// <summary>The product.</summary>
    public required string Product { get; init; }

    /// <summary>The last day it was sold on.</summary>
    public required DateOnly LastSold { get; init; }

    /// <summary>Days from that to the end of the period.</summary>
    public required int DaysSince { get; init; }

    /// <summary>Invoices it was sold on in the period.</summary>
    public required long Invoices { get; init; }

    /// <summary>Invoices it would have been on, had it kept its share.</summary>
    public required decimal Expected { get; init; }

    /// <summary>Invoices it was sold on in the period before, of the same length.</summary>
    public required long InvoicesBefore { get; init; }

    /// <summary>Quantity in the period, what came back off it.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Quantity in the period before.</summary>
    public required decimal QuantityBefore { get; init; }

    /// <summary>How likely as few would be by chance, percent.</summary>
    public required decimal Chance { get; init; }
}

/// <summary>Products whose share of all invoices fell from the period before to this one by more than chance explains.</summary>
public sealed class QuerySlowMovers([FromKeyedServices(ReportDoor.Reader)] NpgsqlDataSource database)
{
    private const string Sold = """
        select product, max(day) filter (where sold > 0) as last_sold,
            coalesce(sum(sold) filter (where day >= @since), 0)::bigint as invoices,
            coalesce(sum(sold) filter (where day < @since), 0)::bigint as invoices_before,
            coalesce(sum(quantity) filter (where day >= @since), 0) as quantity,
            coalesce(sum(quantity) filter (where day < @since), 0) as quantity_before
        from (
            select product, day, sum(invoices - return_invoices) as sold, sum(quantity) as quantity
            from told where product <> '' group by product, day
        ) daily
        group by product
        having coalesce(sum(sold) filter (where day < @since), 0) > 0 and bool_or(sold > 0)
        """;
    private const string Sales = """
        select coalesce(sum(invoices - return_invoices) filter (where day >= @since), 0)::bigint as sales,
            coalesce(sum(invoices - return_invoices) filter (where day < @since), 0)::bigint as sales_before
        from told
        """;
    private static readonly string SoldNow = $"with {KnownAt.Told(KnownAt.Products, back: false)} {Sold}";
    private static readonly string SoldThen = $"with {KnownAt.Told(KnownAt.Products, back: true)} {Sold}";
    private static readonly string SalesNow = $"with {KnownAt.Told(KnownAt.Tills, back: false)} {Sales}";
    private static readonly string SalesThen = $"with {KnownAt.Told(KnownAt.Tills, back: true)} {Sales}";

    // What is held against what came before wants as much before it.
    private const int MostDays = 366;

    private static readonly ReportColumn[] Columns =
    [
        new("product", "Product", "Producto", ColumnKind.Text),
        new("lastSold", "Last sold", "Última venta", ColumnKind.Date),
        new("daysSince", "Days since", "Días desde", ColumnKind.Whole),
        new("invoices", "Invoices", "Facturas", ColumnKind.Whole),
        new("expected", "Expected", "Esperadas", ColumnKind.Decimal),
        new("invoicesBefore", "Before", "Antes", ColumnKind.Whole),
        new("quantity", "Quantity", "Cantidad", ColumnKind.Decimal),
        new("quantityBefore", "Quantity before", "Cantidad antes", ColumnKind.Decimal),
        new("chance", "Chance %", "Probabilidad %", ColumnKind.Decimal),
    ];

    /// <summary>The report.</summary>
    public async Task<Outcome<Report<SlowMoverRow>>> MakeAsync(Asked asked, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("QuerySlowMovers");
        var days = asked.To.DayNumber - asked.From.DayNumber + 1;
        if (days > MostDays)
        {
            return ReportingFaults.TooLongToCompare.At("to", MostDays);
        }

        var since = Spans.Within(asked.From);
        var from = since.AddDays(-days);
        // By days also where a month is whole: each is told on its day.
        var spans = Spans.Of(from, asked.To, "d");
        var values = new
        {
            seller = asked.SellerId.Value,
            from,
            to = asked.To,
            since,
            asOf = asked.AsOf,
            grains = spans.Grains,
            firsts = spans.Firsts,
            lasts = spans.Lasts,
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var isNow = asked.KnownAt is null;
        var products = await connection.QueryAsync<ProductSold>(
            new CommandDefinition(isNow ? SoldNow : SoldThen, values, cancellationToken: cancellationToken)
        );
        var (now, before) = await connection.QuerySingleAsync<(long, long)>(
            new CommandDefinition(isNow ? SalesNow : SalesThen, values, cancellationToken: cancellationToken)
        );
        return new Report<SlowMoverRow>
        {
            Name = "slow-movers",
            Columns = Columns,
            Cells = row =>
                [
                    row.Product,
                    row.LastSold,
                    (long)row.DaysSince,
                    row.Invoices,
                    row.Expected,
                    row.InvoicesBefore,
                    row.Quantity,
                    row.QuantityBefore,
                    row.Chance,
                ],
            Rows = Rows.Of(
                SlowMover
                    .Of([.. products], now, before, asked.To)
                    .Select(slow => new SlowMoverRow
                    {
                        Product = slow.Sold.Product,
                        LastSold = slow.Sold.LastSold,
                        DaysSince = slow.DaysSince,
                        Invoices = slow.Sold.Invoices,
                        Expected = slow.Expected,
                        InvoicesBefore = slow.Sold.InvoicesBefore,
                        Quantity = Plain(slow.Sold.Quantity),
                        QuantityBefore = Plain(slow.Sold.QuantityBefore),
                        Chance = slow.Chance,
                    })
            ),
        };
    }

    /// <summary>Without the zeros of the table's scale.</summary>
    private static decimal Plain(decimal quantity) => quantity / 1.0000000000000000000000000000m;
}
