using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Takings;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Collecting;

/// <summary>
/// What notices, calls and promises did, by the day they were made. A coin that came belongs to the last notice or act before it; that it
/// came after is a fact, that it came because of it is not said.
/// </summary>
public sealed class QueryCollecting([FromKeyedServices(ReportDoor.Reader)] NpgsqlDataSource database)
{
    private const string Groups = """
        select key, currency,
            coalesce(sum(count) filter (where kind = 'touch' and provider <> ''), 0)::bigint as notices,
            coalesce(sum(count) filter (where kind = 'touch' and provider = '' and means = 'call'), 0)::bigint as calls,
            coalesce(sum(count) filter (where kind = 'touch' and provider = '' and means <> 'call'), 0)::bigint as other_acts,
            coalesce(sum(amount) filter (where kind = 'touch'), 0) as asked_for,
            coalesce(sum(count) filter (where kind in ('within-7', 'within-14', 'within-30')), 0)::bigint as answered,
            coalesce(sum(amount) filter (where kind = 'within-7'), 0) as within7_days,
            coalesce(sum(amount) filter (where kind in ('within-7', 'within-14')), 0) as within14_days,
            coalesce(sum(amount) filter (where kind in ('within-7', 'within-14', 'within-30')), 0) as within30_days,
            case when @hasWords then coalesce(sum(count) filter (where kind = 'promised'), 0)::bigint end as promises,
            case when @hasWords then coalesce(sum(amount) filter (where kind = 'promised'), 0) end as promised,
            case when @hasWords then coalesce(sum(count) filter (where kind = 'judged' and means = 'kept'), 0)::bigint end as promises_kept,
            case when @hasWords then coalesce(sum(count) filter (where kind = 'judged' and means = 'partial'), 0)::bigint end
                as promises_partial,
            case when @hasWords then coalesce(sum(count) filter (where kind = 'judged' and means = 'broken'), 0)::bigint end
                as promises_broken,
            case when @hasWords then coalesce(sum(amount) filter (where kind = 'kept'), 0) end as promised_and_came,
            case when @hasWords then coalesce(sum(count) filter (where kind = 'disputed'), 0)::bigint end as disputes,
            case when @hasWords then coalesce(sum(amount) filter (where kind = 'disputed'), 0) end as disputed,
            case when @hasWords then coalesce(sum(amount) filter (where kind = 'came'), 0) end as came
        from (
            select case @grouping
                    when 'step' then provider
                    when 'channel' then means
                    when 'week' then to_char(day, 'IYYY-"W"IW')
                    when 'month' then to_char(day, 'YYYY-MM')
                    else to_char(day, 'YYYY-MM-DD')
                end as key, kind, means, provider, currency, amount, count
            from told
        ) each
        group by key, currency
        having bool_or(amount <> 0 or count <> 0)
        order by key, currency
        """;
    private const string GroupsNow = $"with {LoadTakings.Now} {Groups}";
    private const string GroupsThen = $"with {LoadTakings.Then} {Groups}";

    private static readonly string[] Touches = [SumKind.Touch, SumKind.Within7, SumKind.Within14, SumKind.Within30];
    private static readonly string[] All = [.. Touches, SumKind.Promised, SumKind.Judged, SumKind.Kept, SumKind.Disputed, SumKind.Came];

    /// <summary>What it can be grouped by.</summary>
    public static IReadOnlyList<string> Groupings { get; } = ["day", "week", "month", "step", "channel"];

    /// <summary>The report of a period by one of the groupings, by day where none is named.</summary>
    public async Task<Outcome<Report<CollectingRow>>> MakeAsync(Asked asked, string? groupBy, CancellationToken cancellationToken)
    {
        if (!Groupings.Contains(groupBy ??= Groupings[0]))
        {
            return ReportingFaults.UnknownGrouping.At("groupBy", groupBy, string.Join(", ", Groupings));
        }

        return new Report<CollectingRow>
        {
            Name = "collections",
            Columns = CollectingColumns.Columns,
            Cells = CollectingColumns.Cells,
            Rows = Rows.Of(await RunAsync(asked.SellerId, asked.From, asked.To, groupBy, asked.KnownAt, cancellationToken)),
        };
    }

    /// <summary>The rows of a period, as known at an instant or, where none is given, now.</summary>
    public async Task<IReadOnlyList<CollectingRow>> RunAsync(
        SellerId seller,
        DateOnly from,
        DateOnly to,
        string grouping,
        DateTimeOffset? knownAt,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("QueryCollecting");
        var hasWords = grouping is not ("step" or "channel");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<CollectingRow>(
            new CommandDefinition(
                knownAt is null ? GroupsNow : GroupsThen,
                new
                {
                    seller = seller.Value,
                    since = from,
                    to,
                    kinds = hasWords ? All : Touches,
                    grouping,
                    hasWords,
                    asOf = knownAt,
                    sinceHour = knownAt is { } at ? LoadTakings.FirstOfHour(at) : default,
                },
                cancellationToken: cancellationToken
            )
        );
        return [.. rows.Select(row => row.Rounded())];
    }
}
