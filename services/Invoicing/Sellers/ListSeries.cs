using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>A number series and how far it has come.</summary>
public sealed record ListedSeries
{
    /// <summary>Its name, which every number of it begins with.</summary>
    public required string Series { get; init; }

    /// <summary>F full, T tickets, R corrective.</summary>
    public required string Kind { get; init; }

    /// <summary>The store.</summary>
    public required string StoreId { get; init; }

    /// <summary>The year.</summary>
    public required int Year { get; init; }

    /// <summary>Test or production.</summary>
    public required string Environment { get; init; }

    /// <summary>The last number that was given.</summary>
    public required long Last { get; init; }
}

/// <summary>A seller's series, the latest year first.</summary>
public sealed record ListedSeriesOfSeller(IReadOnlyList<ListedSeries> Series);

/// <summary>Which series a seller's invoices are numbered in.</summary>
public sealed class ListSeries(NpgsqlDataSource database)
{
    private const string All = """
        select series, kind, store_id, year, lower(environment) as environment, last
        from number_series
        where seller_id = @SellerId
        order by year desc, store_id, kind, environment
        """;

    /// <summary>The list.</summary>
    public async Task<ListedSeriesOfSeller> ListAsync(SellerId sellerId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(All, new { SellerId = sellerId }, cancellationToken: cancellationToken)
        );
        return new ListedSeriesOfSeller([
            .. rows.Select(row => new ListedSeries
            {
                Series = row.Series,
                Kind = row.Kind.Trim(),
                StoreId = row.StoreId,
                Year = row.Year,
                Environment = row.Environment,
                Last = row.Last,
            }),
        ]);
    }

    private sealed record Row
    {
        public string Series { get; init; } = "";

        public string Kind { get; init; } = "";

        public string StoreId { get; init; } = "";

        public int Year { get; init; }

        public string Environment { get; init; } = "";

        public long Last { get; init; }
    }
}
