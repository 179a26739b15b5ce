using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Takings;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.CashFlow;

/// <summary>
/// What Collections' forecast expects to come for open invoices, with the bounds that four days in five lie within, and what came. It is the
/// forecast of the period's first day or the last one before it, so that what is past is held against what had been said of it; where
/// there is none, the first one after.
/// </summary>
public sealed class QueryCashFlow([FromKeyedServices(ReportDoor.Reader)] NpgsqlDataSource database)
{
    private const string Expected = """
        with chosen as (
            select distinct on (currency) event_id, currency, as_of
            from forecast
            where seller_id = @seller and (@asOf::timestamptz is null or known_at <= @asOf) and as_of <= @madeBy
            order by currency, as_of desc, made_at desc, event_id
        ), later as (
            select distinct on (currency) event_id, currency, as_of
            from forecast
            where seller_id = @seller and (@asOf::timestamptz is null or known_at <= @asOf)
              and currency not in (select currency from chosen)
            order by currency, as_of, made_at desc, event_id
        )
        select d.date, f.currency, f.as_of, d.amount, d.low, d.high
        from (select * from chosen union all select * from later) f
        join forecast_day d on d.seller_id = @seller and d.event_id = f.event_id
        where d.date between @since and @to
        """;
    private const string Came =
        "select day as date, currency, sum(amount) as amount, sum(count)::bigint as count from told group by day, currency";
    private const string CameNow = $"with {LoadTakings.Now} {Came}";
    private const string CameThen = $"with {LoadTakings.Then} {Came}";

    private static readonly string[] Kinds = [SumKind.Came];

    /// <summary>What it can be grouped by.</summary>
    public static IReadOnlyList<string> Groupings { get; } = ["day", "week", "month"];

    /// <summary>The report of a period by day, week or month, by the forecast of a day or the last one before it.</summary>
    public async Task<Outcome<Report<CashFlowRow>>> MakeAsync(
        Asked asked,
        string? groupBy,
        DateOnly? madeBy,
        CancellationToken cancellationToken
    )
    {
        if (!Groupings.Contains(groupBy ??= Groupings[0]))
        {
            return ReportingFaults.UnknownGrouping.At("groupBy", groupBy, string.Join(", ", Groupings));
        }

        return new Report<CashFlowRow>
        {
            Name = "cash-flow",
            Columns = CashFlowColumns.Columns,
            Cells = CashFlowColumns.Cells,
            Rows = Rows.Of(await RunAsync(asked.SellerId, asked.From, asked.To, groupBy, madeBy, asked.KnownAt, cancellationToken)),
        };
    }

    /// <summary>The rows of a period, as known at an instant or, where none is given, now.</summary>
    public async Task<IReadOnlyList<CashFlowRow>> RunAsync(
        SellerId seller,
        DateOnly from,
        DateOnly to,
        string grouping,
        DateOnly? madeBy,
        DateTimeOffset? knownAt,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("QueryCashFlow");
        var asked = new
        {
            seller = seller.Value,
            since = from,
            to,
            madeBy = madeBy ?? from,
            kinds = Kinds,
            asOf = knownAt,
            sinceHour = knownAt is { } at ? LoadTakings.FirstOfHour(at) : default,
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var expected = (
            await connection.QueryAsync<ForecastPoint>(new CommandDefinition(Expected, asked, cancellationToken: cancellationToken))
        ).AsList();
        var came = (
            await connection.QueryAsync<CameOnDay>(
                new CommandDefinition(knownAt is null ? CameNow : CameThen, asked, cancellationToken: cancellationToken)
            )
        ).AsList();
        return [.. CashFlowRows.By(grouping, expected, came)];
    }
}
