using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Takings;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Dso;

/// <summary>How many days of sales are outstanding, at the end of each week or month of a period.</summary>
public sealed class QueryDso([FromKeyedServices(ReportDoor.Reader)] NpgsqlDataSource database)
{
    private const int ShortestWindow = 7;
    private const int LongestWindow = 366;

    // What is due before the first end that is asked for is due by all of them, and what is due after the last one by none. What adds up to
    // nothing is no day of its own: which such days there are depends on the way that they were added up.
    private const string Days = """
        select day, due, currency, 0::numeric as issued, 0::numeric as on_credit, sum(amount) as owed
        from (
            select day, greatest(@first - 1, least(due, @to)) as due, currency, amount from owed
        ) each
        group by day, due, currency having sum(amount) <> 0
        union all
        select day, @first - 1, currency, issued, on_credit, 0
        from (
            select day, currency, coalesce(sum(amount) filter (where kind in ('issued', 'cancelled')), 0) as issued,
                coalesce(sum(amount) filter (where kind = 'on-credit'), 0) as on_credit
            from told group by day, currency
        ) sold
        where issued <> 0 or on_credit <> 0
        """;
    private const string DaysNow = $"with {LoadTakings.Now}, {LoadTakings.OwedNow} {Days}";
    private const string DaysThen = $"with {LoadTakings.Then}, {LoadTakings.OwedThen} {Days}";

    private static readonly string[] Kinds = [SumKind.Issued, SumKind.Cancelled, SumKind.OnCredit];

    /// <summary>What it can be grouped by.</summary>
    public static IReadOnlyList<string> Groupings { get; } = ["month", "week"];

    /// <summary>The report of a period by month or week, over a window of days of sales.</summary>
    public async Task<Outcome<Report<DsoRow>>> MakeAsync(Asked asked, string? groupBy, int? window, CancellationToken cancellationToken)
    {
        if (!Groupings.Contains(groupBy ??= Groupings[0]))
        {
            return ReportingFaults.UnknownGrouping.At("groupBy", groupBy, string.Join(", ", Groupings));
        }

        var days = window ?? DsoTrend.UsualWindow;
        if (days is < ShortestWindow or > LongestWindow)
        {
            return ReportingFaults.BadWindow.At("window", ShortestWindow, LongestWindow, days);
        }

        return new Report<DsoRow>
        {
            Name = "dso",
            Columns = DsoColumns.Columns,
            Cells = DsoColumns.Cells,
            Rows = Rows.Of(await RunAsync(asked.SellerId, asked.From, asked.To, groupBy, days, asked.KnownAt, cancellationToken)),
        };
    }

    /// <summary>The rows of a period, as known at an instant or, where none is given, now.</summary>
    public async Task<IReadOnlyList<DsoRow>> RunAsync(
        SellerId seller,
        DateOnly from,
        DateOnly to,
        string grouping,
        int window,
        DateTimeOffset? knownAt,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("QueryDso");
        var first = from < LoadTakings.Ever ? LoadTakings.Ever : from;
        if (to < first)
        {
            return [];
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var days = await connection.QueryAsync<DebtDay>(
            new CommandDefinition(
                knownAt is null ? DaysNow : DaysThen,
                new
                {
                    seller = seller.Value,
                    kinds = Kinds,
                    first,
                    // Sales of the window that ends on the first day count for it.
                    since = first.AddDays(-window),
                    to,
                    asOf = knownAt,
                    sinceHour = knownAt is { } at ? LoadTakings.FirstOfHour(at) : default,
                },
                cancellationToken: cancellationToken
            )
        );
        return [.. DsoTrend.By(grouping, first, to, window, days)];
    }
}
