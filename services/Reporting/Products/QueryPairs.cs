using Npgsql;
using RetailInvoicing.Reporting.Facts;
using RetailInvoicing.Reporting.Formats;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Products;

/// <summary>A pair's row.</summary>
public sealed record PairRow
{
    /// <summary>One product.</summary>
    public required string First { get; init; }

    /// <summary>The other.</summary>
    public required string Second { get; init; }

    /// <summary>Sales with both.</summary>
    public required int Together { get; init; }

    /// <summary>Sales with the first.</summary>
    public required int WithFirst { get; init; }

    /// <summary>Sales with the second.</summary>
    public required int WithSecond { get; init; }

    /// <summary>How many times more often than by chance.</summary>
    public required decimal Lift { get; init; }

    /// <summary>Of sales with the first, the share with the second, percent.</summary>
    public required decimal OfFirst { get; init; }

    /// <summary>Of sales with the second, the share with the first, percent.</summary>
    public required decimal OfSecond { get; init; }

    /// <summary>Likelihood ratio (G²); 25 or more, which chance gives to no pair in a million.</summary>
    public required decimal Evidence { get; init; }
}

/// <summary>
/// Products that are bought together more often than by chance: over all sales of a period, or where they are many over those that chance chose
/// by their own ids, the same ones whenever it is asked.
/// </summary>
public sealed class QueryPairs([FromKeyedServices(ReportDoor.Reader)] NpgsqlDataSource database)
{
    /// <summary>Sales that are looked at, at most about.</summary>
    public const int MostSales = 8000;

    // A tier and the ones above it are equality by equality, so that each is a range of its days in the index.
    private const string Count = """
        select count(*) from basket b
        where b.seller_id = @seller and b.tier = any(@tiers) and b.operation_date between @from and @to and b.known_at <= @asOf
            and not exists (
                select from vat_cancelled c where c.seller_id = b.seller_id and c.invoice_id = b.invoice_id and c.known_at <= @asOf
            )
        """;
    private const string Baskets = """
        select b.products from basket b
        where b.seller_id = @seller and b.tier = any(@tiers) and b.operation_date between @from and @to and b.known_at <= @asOf
            and not exists (
                select from vat_cancelled c where c.seller_id = b.seller_id and c.invoice_id = b.invoice_id and c.known_at <= @asOf
            )
        """;

    // A part of so many is enough to know how many there are.
    private const int SampleTier = 6;
    private const int FewestInSample = 500;

    private const int UsualRows = 50;

    /// <summary>Rows at most.</summary>
    public const int MostRows = 200;

    private static readonly ReportColumn[] Columns =
    [
        new("first", "Product", "Producto", ColumnKind.Text),
        new("second", "Bought with", "Comprado con", ColumnKind.Text),
        new("together", "Sales with both", "Ventas con ambos", ColumnKind.Whole),
        new("withFirst", "Sales with the first", "Ventas con el primero", ColumnKind.Whole),
        new("withSecond", "Sales with the second", "Ventas con el segundo", ColumnKind.Whole),
        new("lift", "Times more than by chance", "Veces más que por azar", ColumnKind.Decimal),
        new("ofFirst", "Of the first %", "Del primero %", ColumnKind.Percent),
        new("ofSecond", "Of the second %", "Del segundo %", ColumnKind.Percent),
        new("evidence", "Evidence (G²)", "Evidencia (G²)", ColumnKind.Decimal),
    ];

    /// <summary>The pairs with the most evidence, of one product where it is named.</summary>
    public async Task<Outcome<Report<PairRow>>> MakeAsync(Asked asked, string? of, int? limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MostRows)
        {
            return ReportingFaults.BadLimit.At("limit", MostRows);
        }

        using var span = Telemetry.Source.StartActivity("QueryPairs");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        NpgsqlCommand Command(string sql, int lowest) =>
            new(sql, connection)
            {
                Parameters =
                {
                    new("seller", asked.SellerId.Value),
                    new("from", asked.From),
                    new("to", asked.To),
                    new("asOf", asked.AsOf.ToUniversalTime()),
                    new("tiers", Enumerable.Range(lowest, Basket.HighestTier + 1 - lowest).Select(tier => (short)tier).ToArray()),
                },
            };

        async Task<long> CountAsync(int lowest)
        {
            await using var count = Command(Count, lowest);
            return (long)(await count.ExecuteScalarAsync(cancellationToken))!;
        }

        // How many there are: of a large shop, guessed from those of one in 64.
        var sample = await CountAsync(SampleTier);
        var lowest = Basket.TierFor(sample >= FewestInSample ? sample << SampleTier : await CountAsync(0), MostSales);
        var pairs = new Pairs();
        await using (var baskets = Command(Baskets, lowest))
        {
            await using var reader = await baskets.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                pairs.Add(await reader.GetFieldValueAsync<string[]>(0, cancellationToken));
            }
        }

        return new Report<PairRow>
        {
            Name = "pairs",
            Columns = Columns,
            Cells = row =>
                [
                    row.First,
                    row.Second,
                    (long)row.Together,
                    (long)row.WithFirst,
                    (long)row.WithSecond,
                    row.Lift,
                    row.OfFirst,
                    row.OfSecond,
                    row.Evidence,
                ],
            Rows = Rows.Of(
                pairs
                    .Best(limit ?? UsualRows, of)
                    .Select(pair => new PairRow
                    {
                        First = pair.First,
                        Second = pair.Second,
                        Together = pair.Together,
                        WithFirst = pair.WithFirst,
                        WithSecond = pair.WithSecond,
                        Lift = pair.Lift,
                        OfFirst = pair.OfFirst,
                        OfSecond = pair.OfSecond,
                        Evidence = pair.Evidence,
                    })
            ),
            Head = new Dictionary<string, object?> { ["sales"] = pairs.Sales, ["oneOf"] = 1L << lowest },
        };
    }
}
