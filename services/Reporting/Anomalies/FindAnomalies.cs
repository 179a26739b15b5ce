using Dapper;
using Npgsql;
using RetailInvoicing.Reporting.Customers;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Formats;
using RetailInvoicing.Reporting.VatBook;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Anomalies;

/// <summary>An anomaly's row, in the reader's language.</summary>
public sealed record AnomalyRow
{
    /// <summary>silent-till, return-rate or vat-rate.</summary>
    public required string Kind { get; init; }

    /// <summary>What it is about: a till, a shop, a product.</summary>
    public required string Subject { get; init; }

    /// <summary>The day it was first seen on, or the last one of the period.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>What was seen.</summary>
    public required decimal Seen { get; init; }

    /// <summary>What was to be expected.</summary>
    public required decimal Expected { get; init; }

    /// <summary>On how many it was seen.</summary>
    public required long Of { get; init; }

    /// <summary>How likely that would be by chance.</summary>
    public required decimal Chance { get; init; }

    /// <summary>In words.</summary>
    public required string Reason { get; init; }
}

/// <summary>
/// What is not as it used to be at the end of a period: tills that are silent, shops, tills and products of which more comes back than before,
/// products at a VAT rate other than theirs.
/// </summary>
public sealed class FindAnomalies([FromKeyedServices(ReportDoor.Reader)] NpgsqlDataSource database, FindSeller sellers)
{
    private const string Hours = """
        select store_id || case when till_id = '' then '' else '/' || till_id end as till, day, hour::int as hour, sum(invoices)::bigint as invoices
        from told where hour >= 0
        group by store_id, till_id, day, hour
        """;
    private const string Tills = """
        select store_id as store, store_id || case when till_id = '' then '' else '/' || till_id end as subject,
            sum(invoices - return_invoices)::bigint as sold, sum(return_invoices)::bigint as returned
        from told group by store_id, till_id
        """;
    private const string Products = """
        select '' as store, product as subject, sum(invoices - return_invoices)::bigint as sold, sum(return_invoices)::bigint as returned
        from told where product <> '' group by product
        """;
    private const string TwoRates = """
        select product from told where product <> '' group by product
        having count(distinct (category, rate)) filter (where invoices <> 0) > 1
        """;
    private const string Rates = """
        select product, category, rate, sum(invoices)::bigint as invoices, min(day) as first, max(day) as last
        from (
            select product, category, rate, day, sum(invoices) as invoices from told
            where product = any(@products) group by product, category, rate, day
        ) daily
        where invoices > 0
        group by product, category, rate
        """;

    /// <summary>A period longer than this is not held against what came before.</summary>
    public const int MostDays = 366;

    private const int DaysBefore = 91;
    private const int DaysOfRates = 365;

    private static readonly string[] HoursOf = Both(KnownAt.Tills, Hours);
    private static readonly string[] TillsOf = Both(KnownAt.Tills, Tills);
    private static readonly string[] ProductsOf = Both(KnownAt.Products, Products);
    private static readonly string[] TwoRatesOf = Both(KnownAt.Products, TwoRates);
    private static readonly string[] RatesOf = Both(KnownAt.Products, Rates);

    private static readonly ReportColumn[] Columns =
    [
        new("kind", "Kind", "Clase", ColumnKind.Text),
        new("subject", "Subject", "Sujeto", ColumnKind.Text),
        new("day", "Day", "Día", ColumnKind.Date),
        new("seen", "Seen", "Visto", ColumnKind.Decimal),
        new("expected", "Expected", "Esperado", ColumnKind.Decimal),
        new("of", "Of", "De", ColumnKind.Whole),
        new("chance", "Chance", "Probabilidad", ColumnKind.Decimal),
        new("reason", "Reason", "Motivo", ColumnKind.Text),
    ];

    /// <summary>The report, in a language.</summary>
    public async Task<Outcome<Report<AnomalyRow>>> MakeAsync(Asked asked, string language, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("FindAnomalies");
        if (asked.To.DayNumber - asked.From.DayNumber >= MostDays)
        {
            return ReportingFaults.TooLongToCompare.At("to", MostDays);
        }

        var seller = await sellers.RunAsync(asked.SellerId, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (from, to) = (Spans.Within(asked.From), Spans.Within(asked.To));
        Anomaly[] found =
        [
            .. await TillsAsync(connection, asked, seller, to, cancellationToken),
            .. await ReturnsAsync(connection, asked, from, to, cancellationToken),
            .. await RatesAsync(connection, asked, from, to, cancellationToken),
        ];
        var isSpanish = language == "es";
        return new Report<AnomalyRow>
        {
            Name = "anomalies",
            Columns = Columns,
            Cells = row => [row.Kind, row.Subject, row.Day, row.Seen, row.Expected, row.Of, row.Chance, row.Reason],
            Rows = Rows.Of(
                found.Select(each => new AnomalyRow
                {
                    Kind = each.Kind,
                    Subject = each.Subject,
                    Day = each.Day,
                    Seen = each.Seen,
                    Expected = each.Expected,
                    Of = each.Of,
                    Chance = each.Chance,
                    Reason = isSpanish ? each.ReasonEs : each.Reason,
                })
            ),
        };
    }

    /// <summary>At the end of the period, or now where it has not come.</summary>
    private static async Task<IEnumerable<Anomaly>> TillsAsync(
        NpgsqlConnection connection,
        Asked asked,
        BookSeller seller,
        DateOnly to,
        CancellationToken cancellationToken
    )
    {
        var now = TimeZoneInfo.ConvertTime(asked.AsOf, seller.Zone).DateTime;
        var end = to.AddDays(1).ToDateTime(TimeOnly.MinValue);
        now = now < end ? now : end;
        var last = DateOnly.FromDateTime(now);
        var hours = await AskAsync<TillHour>(
            connection,
            HoursOf,
            asked,
            Spans.Within(last).AddDays(-2 * 7 * SilentTill.Weeks),
            last,
            "h",
            [],
            cancellationToken
        );
        return SilentTill.Of(hours, now);
    }

    private static async Task<IEnumerable<Anomaly>> ReturnsAsync(
        NpgsqlConnection connection,
        Asked asked,
        DateOnly from,
        DateOnly to,
        CancellationToken cancellationToken
    )
    {
        Task<IReadOnlyList<Came>> Of(string[] queries, DateOnly first, DateOnly last) =>
            AskAsync<Came>(connection, queries, asked, first, last, "dm", [], cancellationToken);

        var (tills, tillsBefore) = (await Of(TillsOf, from, to), await Of(TillsOf, from.AddDays(-DaysBefore), from.AddDays(-1)));
        var (products, productsBefore) = (
            await Of(ProductsOf, from, to),
            await Of(ProductsOf, from.AddDays(-DaysBefore), from.AddDays(-1))
        );
        var stores = Counts(ByStore(tills), ByStore(tillsBefore));
        // A shop of one till would be told twice.
        var several = Counts(tills, tillsBefore).Where(till => stores.All(store => store.Subject != till.Subject)).ToArray();
        return [.. ReturnRate.Of(stores, to), .. ReturnRate.Of(several, to), .. ReturnRate.Of(Counts(products, productsBefore), to)];
    }

    private static async Task<IEnumerable<Anomaly>> RatesAsync(
        NpgsqlConnection connection,
        Asked asked,
        DateOnly from,
        DateOnly to,
        CancellationToken cancellationToken
    )
    {
        var first = to.AddDays(-DaysOfRates);
        first = from < first ? from : first;
        var products = await AskAsync<string>(connection, TwoRatesOf, asked, first, to, "dm", [], cancellationToken);
        if (products.Count == 0)
        {
            return [];
        }

        var rates = await AskAsync<ProductRate>(connection, RatesOf, asked, first, to, "d", [.. products], cancellationToken);
        return OddVatRate.Of(rates.Select(rate => rate with { Rate = rate.Rate / 1.0000000000000000000000000000m }), from, to);
    }

    private static async Task<IReadOnlyList<T>> AskAsync<T>(
        NpgsqlConnection connection,
        string[] queries,
        Asked asked,
        DateOnly from,
        DateOnly to,
        string grains,
        string[] products,
        CancellationToken cancellationToken
    )
    {
        var spans = Spans.Of(from, to, grains);
        var rows = await connection.QueryAsync<T>(
            new CommandDefinition(
                queries[asked.KnownAt is null ? 0 : 1],
                new
                {
                    seller = asked.SellerId.Value,
                    from,
                    to,
                    asOf = asked.AsOf,
                    grains = spans.Grains,
                    firsts = spans.Firsts,
                    lasts = spans.Lasts,
                    products,
                },
                cancellationToken: cancellationToken
            )
        );
        return [.. rows];
    }

    /// <summary>The query of what is known now, and that of what was known then.</summary>
    private static string[] Both(SoldSums sums, string query) =>
        [$"with {KnownAt.Told(sums, back: false)} {query}", $"with {KnownAt.Told(sums, back: true)} {query}"];

    private static IReadOnlyList<Came> ByStore(IReadOnlyList<Came> tills) =>
        [
            .. tills
                .GroupBy(till => till.Store)
                .Select(store => new Came
                {
                    Store = store.Key,
                    Subject = store.Key,
                    Sold = store.Sum(till => till.Sold),
                    Returned = store.Sum(till => till.Returned),
                }),
        ];

    private static IReadOnlyList<ReturnCount> Counts(IReadOnlyList<Came> now, IReadOnlyList<Came> before)
    {
        var earlier = before.ToDictionary(each => each.Subject);
        return
        [
            .. now.Select(each =>
                earlier.TryGetValue(each.Subject, out var was)
                    ? new ReturnCount(each.Subject, each.Sold, each.Returned, was.Sold, was.Returned)
                    : new ReturnCount(each.Subject, each.Sold, each.Returned, 0, 0)
            ),
        ];
    }

    private sealed record Came
    {
        public required string Store { get; init; }

        public required string Subject { get; init; }

        public long Sold { get; init; }

        public long Returned { get; init; }
    }
}
