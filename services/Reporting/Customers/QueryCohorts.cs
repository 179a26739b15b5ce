using Dapper;
using Npgsql;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Formats;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Customers;

/// <summary>
/// The customers who bought for the first time in a month of the period, and how many of them bought again in each month after it, up to the
/// period's end.
/// </summary>
public sealed class QueryCohorts([FromKeyedServices(ReportDoor.Reader)] NpgsqlDataSource database)
{
    // All that was before counts, so that nobody begins twice.
    private const string Cohorts = """
        , monthly as (
            select customer_id, currency, date_trunc('month', day)::date as month, sum(invoices - return_invoices) as sold,
                sum(total_with_vat) as value
            from told where customer_id <> '' group by 1, 2, 3
        ), began as (
            select customer_id, min(month) filter (where sold > 0) as began from monthly group by customer_id
        ), cohort as (
            select customer_id, began from began where began >= date_trunc('month', @since::date)::date
        ), size as (
            select began, count(*) as customers from cohort group by began
        )
        select to_char(c.began, 'YYYY-MM') as cohort, m.currency,
            size.customers,
            ((extract(year from m.month) - extract(year from c.began)) * 12 + extract(month from m.month) - extract(month from c.began))::int
                as months_later,
            count(distinct m.customer_id) filter (where m.sold > 0) as active, sum(m.value) as value
        from cohort c
        join size on size.began = c.began
        join monthly m on m.customer_id = c.customer_id and m.month >= c.began
        group by c.began, m.currency, size.customers, months_later
        order by c.began, m.currency, months_later
        """;
    private static readonly string Now = $"with {KnownAt.Told(KnownAt.Customers, back: false)}{Cohorts}";
    private static readonly string Then = $"with {KnownAt.Told(KnownAt.Customers, back: true)}{Cohorts}";

    // Before it there were no invoices to tell of.
    private static readonly DateOnly Ever = new(1990, 1, 1);

    private static readonly ReportColumn[] Columns =
    [
        new("cohort", "First month", "Primer mes", ColumnKind.Text),
        new("currency", "Currency", "Moneda", ColumnKind.Text),
        new("customers", "Customers", "Clientes", ColumnKind.Whole),
        new("monthsLater", "Months later", "Meses después", ColumnKind.Whole),
        new("active", "Bought", "Compraron", ColumnKind.Whole),
        new("retained", "Bought %", "Compraron %", ColumnKind.Percent),
        new("value", "Value", "Valor", ColumnKind.Money),
    ];

    /// <summary>The report; a month that the period ends in counts whole.</summary>
    public async Task<Outcome<Report<CohortRow>>> MakeAsync(Asked asked, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("QueryCohorts");
        var to = Spans.Within(asked.To);
        var last = new DateOnly(to.Year, to.Month, 1).AddMonths(1).AddDays(-1);
        // Whole months: whatever became known later is taken off them by days.
        var spans = Spans.Of(Ever, last, "dm");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<CohortRow>(
            new CommandDefinition(
                asked.KnownAt is null ? Now : Then,
                new
                {
                    seller = asked.SellerId.Value,
                    from = Ever,
                    to = last,
                    since = asked.From,
                    asOf = asked.AsOf,
                    grains = spans.Grains,
                    firsts = spans.Firsts,
                    lasts = spans.Lasts,
                },
                cancellationToken: cancellationToken
            )
        );
        return new Report<CohortRow>
        {
            Name = "cohorts",
            Columns = Columns,
            Cells = row => [row.Cohort, row.Currency, row.Customers, (long)row.MonthsLater, row.Active, row.Retained, row.Value],
            Rows = Rows.Of(rows.Select(row => row with { Value = QueryCustomers.Money(row.Value, row.Currency) })),
        };
    }
}
