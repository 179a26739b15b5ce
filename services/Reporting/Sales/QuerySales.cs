using Dapper;
using Npgsql;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>What was sold in a period, by day of the sale in the store's zone, net of what came back; every group that has any.</summary>
public sealed class QuerySales([FromKeyedServices(ReportDoor.Reader)] NpgsqlDataSource database, IConfiguration configuration)
{
    private const string Figures = """
        sum(invoices)::bigint as invoices, sum(return_invoices)::bigint as return_invoices, sum(total_without_vat) as total_without_vat,
        sum(vat_total) as vat_total, sum(total_with_vat) as total_with_vat, sum(returns) as returns
        """;
    private const string Quantities = ", sum(quantity) as quantity, sum(returned_quantity) as returned_quantity";

    // So many months of anything are never too much to read.
    private const int FewMonths = 13;

    private static readonly Dictionary<(string Grouping, bool Back, bool Moved, bool ByStore), string> Queries = Grouping
        .All.Values.SelectMany(grouping =>
            new[] { (false, false), (false, true), (true, false), (true, true) }.SelectMany(how =>
                new[] { false, true }
                    .Where(byStore => !byStore || grouping.IsByStore)
                    .Select(byStore => (Grouping: grouping, Back: how.Item1, Moved: how.Item2, ByStore: byStore))
            )
        )
        .ToDictionary(
            each => (each.Grouping.Name, each.Back, each.Moved, each.ByStore),
            each => Query(each.Grouping, each.Back, each.Moved, each.ByStore)
        );

    private readonly long _most = configuration.GetValue("Reports:MostRows", 2_000_000L);

    /// <summary>The report.</summary>
    public async Task<Outcome<Report<SalesRow>>> MakeAsync(
        Asked asked,
        string? groupBy,
        string? compare,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("QuerySales");
        if (!Grouping.All.TryGetValue(string.IsNullOrEmpty(groupBy) ? "day" : groupBy, out var grouping))
        {
            return ReportingFaults.UnknownGrouping.At("groupBy", groupBy, Grouping.Names);
        }

        if (!string.IsNullOrEmpty(compare) && compare is not ("previous" or "year"))
        {
            return ReportingFaults.UnknownComparison.At("compare", compare, Comparison.Names);
        }

        if (asked.Stores is not null && !grouping.IsByStore)
        {
            return DoorFaults.NotByStore.At("groupBy");
        }

        var before = string.IsNullOrEmpty(compare) ? null : Comparison.Of(compare, grouping.Name, asked.From, asked.To);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await TooMuchAsync(connection, grouping, asked, cancellationToken) is { } fault)
        {
            return fault;
        }

        var rows = await RowsAsync(connection, grouping, asked, null, cancellationToken);
        if (!string.IsNullOrEmpty(compare))
        {
            var then = before is null ? [] : await RowsAsync(connection, grouping, asked, before, cancellationToken);
            rows = Beside(rows, then);
        }

        var isCompared = !string.IsNullOrEmpty(compare);
        return new Report<SalesRow>
        {
            Name = "sales",
            Columns = SalesColumns.Of(grouping.IsOfProducts, isCompared),
            Cells = row => SalesColumns.Cells(row, grouping.IsOfProducts, isCompared),
            Rows = Rows.Of(rows),
            Head = before is null
                ? new Dictionary<string, object?>()
                : new Dictionary<string, object?> { ["before"] = new { before.From, before.To } },
        };
    }

    private static string Query(Grouping grouping, bool back, bool moved, bool byStore)
    {
        // What is compared is moved to the days that it is compared with, and then grouped as those are.
        var key =
            moved && grouping.IsOfTime ? grouping.Key.Replace("day", "(day + @shift::interval)", StringComparison.Ordinal) : grouping.Key;
        return $"""
            with {KnownAt.Told(grouping.Sums, back, byStore)}
            select * from (
                select {key} as key, currency, {Figures}{(grouping.IsOfProducts ? Quantities : "")}
                from told group by 1, currency having sum(invoices) <> 0
            ) grouped
            order by {grouping.Order}, currency
            """;
    }

    private static async Task<IReadOnlyList<SalesRow>> RowsAsync(
        NpgsqlConnection connection,
        Grouping grouping,
        Asked asked,
        Comparison? before,
        CancellationToken cancellationToken
    )
    {
        var (from, to) = before is null ? (asked.From, asked.To) : (before.From, before.To);
        // Days are moved one by one: whole months would hide them.
        var grains = before is not null && grouping.IsOfTime ? grouping.Grains[..1] : grouping.Grains;
        var spans = KnownAt.SpansOf(from, to, grains);
        var rows = await connection.QueryAsync<SalesRow>(
            new CommandDefinition(
                Queries[(grouping.Name, asked.KnownAt is not null, before is not null, asked.Stores is not null)],
                new
                {
                    seller = asked.SellerId.Value,
                    stores = asked.Stores,
                    from,
                    to,
                    grains = spans.Select(each => each.Grain.ToString()).ToArray(),
                    firsts = spans.Select(each => each.First).ToArray(),
                    lasts = spans.Select(each => each.Last).ToArray(),
                    asOf = asked.KnownAt ?? asked.AsOf,
                    shift = before?.Shift ?? "0 days",
                },
                cancellationToken: cancellationToken
            )
        );
        return [.. rows.Select(row => row.Rounded())];
    }

    /// <summary>Groups that sold in either period, in the order of their keys.</summary>
    private static IReadOnlyList<SalesRow> Beside(IReadOnlyList<SalesRow> rows, IReadOnlyList<SalesRow> before)
    {
        var then = before.ToDictionary(row => (row.Key, row.Currency));
        var none = new SalesFigures();
        var beside = rows.Select(row => row with { Before = then.Remove((row.Key, row.Currency), out var had) ? Plain(had) : none })
            .ToList();
        if (then.Count == 0)
        {
            return beside;
        }

        beside.AddRange(
            then.Values.Select(row => new SalesRow
            {
                Key = row.Key,
                Currency = row.Currency,
                Quantity = row.Quantity is null ? null : 0m,
                ReturnedQuantity = row.Quantity is null ? null : 0m,
                Before = Plain(row),
            })
        );
        return [.. beside.OrderBy(row => row.Key, StringComparer.Ordinal).ThenBy(row => row.Currency.Code, StringComparer.Ordinal)];
    }

    private static SalesFigures Plain(SalesRow row) =>
        new()
        {
            Invoices = row.Invoices,
            ReturnInvoices = row.ReturnInvoices,
            TotalWithoutVat = row.TotalWithoutVat,
            VatTotal = row.VatTotal,
            TotalWithVat = row.TotalWithVat,
            Returns = row.Returns,
        };

    /// <summary>A long period by what there is much of is counted before it is read.</summary>
    private async Task<Fault?> TooMuchAsync(
        NpgsqlConnection connection,
        Grouping grouping,
        Asked asked,
        CancellationToken cancellationToken
    )
    {
        var months = (asked.To.Year - asked.From.Year) * 12 + asked.To.Month - asked.From.Month + 1;
        if (months <= FewMonths || grouping.Name is not ("sku" or "customer" or "hour"))
        {
            return null;
        }

        var spans = KnownAt.SpansOf(asked.From, asked.To, grouping.Grains);
        var rows = await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(
                $"""
                select count(*) from (
                    select from unnest(@grains, @firsts, @lasts) as span (grain, first, last)
                    join {grouping.Sums.Table} p on p.seller_id = @seller and p.grain = span.grain::"char" and p.day between span.first and span.last
                    limit @most + 1
                ) counted
                """,
                new
                {
                    seller = asked.SellerId.Value,
                    grains = spans.Select(each => each.Grain.ToString()).ToArray(),
                    firsts = spans.Select(each => each.First).ToArray(),
                    lasts = spans.Select(each => each.Last).ToArray(),
                    most = _most,
                },
                cancellationToken: cancellationToken
            )
        );
        return rows > _most ? ReportingFaults.TooMuch.At("to", rows, _most, grouping.Name == "hour" ? "day" : "month") : null;
    }
}
