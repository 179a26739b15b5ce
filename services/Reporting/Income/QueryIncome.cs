using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Takings;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Income;

/// <summary>
/// What was asked for, what came and what is owed, by day, week, month, means or provider; the same figures as the accounts of Payments'
/// ledger, and what was owed before the period is in what is owed at the end of each group.
/// </summary>
public sealed class QueryIncome([FromKeyedServices(ReportDoor.Reader)] NpgsqlDataSource database)
{
    private const string Days = """
        select day, currency,
            coalesce(sum(amount) filter (where kind in ('issued', 'cancelled')), 0) as issued,
            coalesce(sum(amount) filter (where kind in ('received', 'regained')), 0) as received,
            coalesce(-sum(amount) filter (where kind in ('refunded', 'reversed')), 0) as given_back,
            coalesce(sum(amount) filter (where kind = 'fee'), 0) as fees,
            coalesce(-sum(amount) filter (where kind = 'allocated' and means in ('difference', 'write-off')), 0) as written_off,
            0::numeric as owed,
            coalesce(sum(count) filter (where kind = 'received'), 0)::bigint as payments
        from told group by day, currency
        union all
        select day, currency, 0, 0, 0, 0, 0, sum(amount), 0 from owed group by day, currency
        """;
    private const string DaysNow = $"with {LoadTakings.Now}, {LoadTakings.OwedNow} {Days}";
    private const string DaysThen = $"with {LoadTakings.Then}, {LoadTakings.OwedThen} {Days}";

    private const string Money = """
        select key, currency,
            coalesce(sum(amount) filter (where kind in ('received', 'regained')), 0) as received,
            coalesce(-sum(amount) filter (where kind in ('refunded', 'reversed')), 0) as given_back,
            case when @hasFees then coalesce(sum(amount) filter (where kind = 'fee'), 0) end as fees,
            coalesce(sum(count) filter (where kind = 'received'), 0)::bigint as payments
        from (select case when @byMeans then means else provider end as key, kind, currency, amount, count from told) each
        group by key, currency
        having bool_or(amount <> 0)
        order by key, currency
        """;
    private const string MoneyNow = $"with {LoadTakings.Now} {Money}";
    private const string MoneyThen = $"with {LoadTakings.Then} {Money}";

    private static readonly string[] OfMoney = [SumKind.Received, SumKind.Regained, SumKind.Refunded, SumKind.Reversed];
    private static readonly string[] OfMoneyAndFees = [.. OfMoney, SumKind.Fee];
    private static readonly string[] OfAll = [.. OfMoneyAndFees, SumKind.Issued, SumKind.Cancelled, SumKind.Allocated];

    /// <summary>What it can be grouped by.</summary>
    public static IReadOnlyList<string> Groupings { get; } = ["day", "week", "month", "means", "provider"];

    /// <summary>The report of a period by one of the groupings, by day where none is named.</summary>
    public async Task<Outcome<Report<IncomeRow>>> MakeAsync(Asked asked, string? groupBy, CancellationToken cancellationToken)
    {
        if (!Groupings.Contains(groupBy ??= Groupings[0]))
        {
            return ReportingFaults.UnknownGrouping.At("groupBy", groupBy, string.Join(", ", Groupings));
        }

        return new Report<IncomeRow>
        {
            Name = "income",
            Columns = IncomeColumns.Columns,
            Cells = IncomeColumns.Cells,
            Rows = Rows.Of(await RunAsync(asked.SellerId, asked.From, asked.To, groupBy, asked.KnownAt, cancellationToken)),
        };
    }

    /// <summary>The rows of a period, as known at an instant or, where none is given, now.</summary>
    public async Task<IReadOnlyList<IncomeRow>> RunAsync(
        SellerId seller,
        DateOnly from,
        DateOnly to,
        string grouping,
        DateTimeOffset? knownAt,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("QueryIncome");
        var isOfMoney = grouping is "means" or "provider";
        var since = from < LoadTakings.Ever ? LoadTakings.Ever : from;
        var asked = new
        {
            seller = seller.Value,
            since,
            to,
            kinds = grouping switch
            {
                "means" => OfMoney,
                "provider" => OfMoneyAndFees,
                _ => OfAll,
            },
            byMeans = grouping == "means",
            hasFees = grouping == "provider",
            asOf = knownAt,
            sinceHour = knownAt is { } at ? LoadTakings.FirstOfHour(at) : default,
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (isOfMoney)
        {
            var rows = await connection.QueryAsync<IncomeRow>(
                new CommandDefinition(knownAt is null ? MoneyNow : MoneyThen, asked, cancellationToken: cancellationToken)
            );
            return [.. rows.Select(row => row.Rounded())];
        }

        var days = await connection.QueryAsync<IncomeDay>(
            new CommandDefinition(knownAt is null ? DaysNow : DaysThen, asked, cancellationToken: cancellationToken)
        );
        return [.. IncomeRows.By(grouping, since, days)];
    }
}
