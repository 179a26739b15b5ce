using System.Globalization;
using Dapper;
using MassTransit;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>Which sales report is asked for.</summary>
public sealed record SalesQuestion
{
    /// <summary>First day, such as 2026-11-01.</summary>
    public string? From { get; init; }

    /// <summary>Last day, included.</summary>
    public string? To { get; init; }

    /// <summary>day, week, month, hour, store, till, sku, customer or vat; day where absent.</summary>
    public string? GroupBy { get; init; }

    /// <summary>json or csv; json where absent.</summary>
    public string? Format { get; init; }

    /// <summary>Not taken yet.</summary>
    public string? AsOf { get; init; }
}

/// <summary>One group's sales in one currency.</summary>
public sealed record SalesRow
{
    /// <summary>The group: 2026-11-23, 2026-W48, 2026-11, 2026-11-23T10, S01, S01/T2, a product, a customer, 21.</summary>
    public required string Key { get; init; }

    /// <summary>Currency of the amounts.</summary>
    public required Currency Currency { get; init; }

    /// <summary>How many invoices.</summary>
    public required long Invoices { get; init; }

    /// <summary>BT-109, net of returns.</summary>
    public required decimal TotalWithoutVat { get; init; }

    /// <summary>BT-110, net of returns.</summary>
    public required decimal VatTotal { get; init; }

    /// <summary>BT-112, net of returns.</summary>
    public required decimal TotalWithVat { get; init; }

    /// <summary>What came back, with VAT, positive.</summary>
    public required decimal Returns { get; init; }
}

/// <summary>A sales report, and how far behind it is.</summary>
public sealed record SalesReport(DateTimeOffset AsOf, long LagMs, IReadOnlyList<SalesRow> Rows);

/// <summary>What was sold in a period, by day of the sale in the store's zone, net of what came back; every group that has any.</summary>
public sealed class QuerySales(NpgsqlDataSource database, SalesFeed feed, IBusControl bus, TimeProvider clock)
{
    private const int LongestYears = 10;

    private const string Sums = """
        currency, sum(invoices)::bigint as invoices, sum(total_without_vat) as total_without_vat, sum(vat_total) as vat_total,
        sum(total_with_vat) as total_with_vat, sum(returns) as returns
        """;
    private const string Period = "seller_id = @seller and operation_date between @from and @to";
    private const string Grouped = $"where {Period} group by 1, currency having sum(invoices) <> 0 order by 1, currency";

    private const string ByDay = $"select to_char(operation_date, 'YYYY-MM-DD') as key, {Sums} from sales_total {Grouped}";
    private const string ByWeek = $"""select to_char(operation_date, 'IYYY-"W"IW') as key, {Sums} from sales_total {Grouped}""";
    private const string ByMonth = $"select to_char(operation_date, 'YYYY-MM') as key, {Sums} from sales_total {Grouped}";

    // A sale whose hour nobody told stands under its day alone.
    private const string ByHour = $"""
        select to_char(operation_date, 'YYYY-MM-DD') || case when hour < 0 then '' else 'T' || lpad(hour::text, 2, '0') end as key, {Sums}
        from sales_total {Grouped}
        """;
    private const string ByStore = $"select store_id as key, {Sums} from sales_total {Grouped}";

    // Two shops may both call a till T1.
    private const string ByTill = $"""
        select store_id || case when till_id = '' then '' else '/' || till_id end as key, {Sums} from sales_total {Grouped}
        """;
    private const string ByVat = $"""
        select trim_scale(rate)::text as key, {Sums} from sales_vat_total
        where {Period} group by rate, currency having sum(invoices) <> 0 order by rate, currency
        """;
    private const string ByCustomer = $"""
        select coalesce(customer_id, '') as key, {Sums} from sale
        where {Period} and number is not null and cancelled_at is null
        group by 1, currency having sum(invoices) <> 0 order by 1, currency
        """;

    // Allowances and charges of a whole invoice, and a surcharge, belong to no product: they stand under no name, so that the rows sum to
    // what every other grouping sums to.
    private const string BySku = $"""
        with told as (
            select * from sale where {Period} and number is not null and cancelled_at is null
        ), sold as (
            select line.* from sale_line line join told using (seller_id, invoice_id)
        ), of_products as (
            select invoice_id, sum(net_amount) as net_amount, sum(gross_amount) as gross_amount from sold group by invoice_id
        )
        select product as key, currency, count(distinct invoice_id)::bigint as invoices, sum(net_amount) as total_without_vat,
            sum(gross_amount - net_amount) as vat_total, sum(gross_amount) as total_with_vat,
            -coalesce(sum(gross_amount) filter (where gross_amount < 0), 0) as returns
        from sold group by product, currency
        union all
        select '', currency, count(*)::bigint, sum(total_without_vat - coalesce(net_amount, 0)),
            sum(vat_total - coalesce(gross_amount - net_amount, 0)), sum(total_with_vat - coalesce(gross_amount, 0)), 0
        from told left join of_products using (invoice_id)
        where total_without_vat <> coalesce(net_amount, 0) or total_with_vat <> coalesce(gross_amount, 0)
        group by currency
        order by 1, currency
        """;

    private static readonly Dictionary<string, string> Groupings = new()
    {
        ["day"] = ByDay,
        ["week"] = ByWeek,
        ["month"] = ByMonth,
        ["hour"] = ByHour,
        ["store"] = ByStore,
        ["till"] = ByTill,
        ["sku"] = BySku,
        ["customer"] = ByCustomer,
        ["vat"] = ByVat,
    };

    /// <summary>The report.</summary>
    public async Task<Outcome<SalesReport>> RunAsync(SellerId seller, SalesQuestion question, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("QuerySales");
        if (!Groupings.TryGetValue(question.GroupBy ?? "day", out var query))
        {
            return ReportingFaults.UnknownGrouping.At("groupBy", question.GroupBy, string.Join(", ", Groupings.Keys));
        }

        if (question.AsOf is not null)
        {
            return ReportingFaults.OnlyNow.At("asOf");
        }

        var period = PeriodOf(question);
        if (period.Refused(out var fault))
        {
            return fault;
        }

        var now = clock.GetUtcNow();
        var lag = feed.LagAt(now, bus.CheckHealth().Status == BusHealthStatus.Healthy);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<SalesRow>(
            query,
            new
            {
                seller = seller.Value,
                from = period.Value.From,
                to = period.Value.To,
            }
        );
        return new SalesReport(now, (long)lag.TotalMilliseconds, [.. rows.Select(Rounded)]);
    }

    private static Outcome<(DateOnly From, DateOnly To)> PeriodOf(SalesQuestion question)
    {
        if (string.IsNullOrEmpty(question.From) || string.IsNullOrEmpty(question.To))
        {
            var missing = string.IsNullOrEmpty(question.From) ? "from" : "to";
            return ReportingFaults.NoPeriod.At(missing, missing);
        }

        if (DateOf(question.From) is not { } from)
        {
            return DoorFaults.BadParameter.At("from", "from", "2026-11-23");
        }

        if (DateOf(question.To) is not { } to)
        {
            return DoorFaults.BadParameter.At("to", "to", "2026-11-23");
        }

        return to < from ? ReportingFaults.EndsBeforeItStarts.At("to", question.From, question.To)
            : (to.Year - from.Year) * 12 + to.Month - from.Month > LongestYears * 12 ? ReportingFaults.TooLong.At("to", LongestYears)
            : (from, to);
    }

    private static DateOnly? DateOf(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    private static SalesRow Rounded(SalesRow row) =>
        row with
        {
            TotalWithoutVat = Money.Of(row.TotalWithoutVat, row.Currency).Amount,
            VatTotal = Money.Of(row.VatTotal, row.Currency).Amount,
            TotalWithVat = Money.Of(row.TotalWithVat, row.Currency).Amount,
            Returns = Money.Of(row.Returns, row.Currency).Amount,
        };
}
