using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>The last numbers of series, held until the transaction ends: what is given on them stands, or the next takes it.</summary>
internal sealed class TakeNumbers(NpgsqlDataSource database)
{
    private const string Open = """
        insert into number_series (seller_id, environment, kind, store_id, year, tax_id, series, last)
        values (@seller, @environment, @kind, @store, @year, @tax_id, @series, 0) on conflict do nothing
        """;
    private const string IsOpen = """
        select exists (select from number_series
        where seller_id = @seller and environment = @environment and kind = @kind and store_id = @store and year = @year)
        """;
    private const string Hold = """
        select n.seller_id, n.kind, n.store_id, n.year, n.series, n.last
        from unnest(@sellers, @kinds, @stores, @years) as k (seller_id, kind, store_id, year)
            join number_series n on n.seller_id = k.seller_id and n.environment = @environment and n.kind = k.kind
                and n.store_id = k.store_id and n.year = k.year
        order by n.seller_id, n.kind, n.store_id, n.year for update of n
        """;
    private const string Move = """
        update number_series n set last = k.last
        from unnest(@sellers, @kinds, @stores, @years, @lasts) as k (seller_id, kind, store_id, year, last)
        where n.seller_id = k.seller_id and n.environment = @environment and n.kind = k.kind and n.store_id = k.store_id and n.year = k.year
        """;
    private const int MostTwins = 100;

    private readonly ConcurrentDictionary<SeriesKey, bool> _open = new();

    /// <summary>
    /// Opens the series that are new, in a transaction of their own: a series without a number is none to anybody. Where another seller
    /// of the taxpayer has one of that name, the twin is counted.
    /// </summary>
    public async Task OpenAsync(IReadOnlyCollection<SeriesKey> keys, string taxId, CancellationToken cancellationToken)
    {
        foreach (var key in keys.Where(key => !_open.ContainsKey(key)))
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            for (var twin = 1; !await IsOpenAsync(connection, key, cancellationToken); twin++)
            {
                if (twin > MostTwins)
                {
                    throw new InvalidOperationException($"the taxpayer {taxId} has no name left for the series {key.Text(1)}");
                }

                await using var open = Of(Open, connection, key);
                open.Parameters.Add(new("tax_id", taxId));
                open.Parameters.Add(new("series", key.Text(twin)));
                await open.ExecuteNonQueryAsync(cancellationToken);
            }

            _open[key] = true;
        }
    }

    /// <summary>Looks anew, the next time, whether they are open.</summary>
    public void Forget(IEnumerable<SeriesKey> keys)
    {
        foreach (var key in keys)
        {
            _open.TryRemove(key, out _);
        }
    }

    /// <summary>Adds what locks the series and reads their last numbers.</summary>
    public static void AddHold(NpgsqlBatch batch, IReadOnlyCollection<SeriesKey> keys) =>
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(Hold)
            {
                Parameters =
                {
                    new("environment", keys.First().Environment.ToString()),
                    Texts("sellers", keys.Select(key => key.SellerId.Value)),
                    Texts("kinds", keys.Select(key => $"{key.Kind}")),
                    Texts("stores", keys.Select(key => key.StoreId.Value)),
                    new("years", keys.Select(key => key.Year).ToArray()),
                },
            }
        );

    /// <summary>The series at the reader's result.</summary>
    public static async Task<Dictionary<SeriesKey, HeldSeries>> ReadAsync(
        NpgsqlDataReader reader,
        IReadOnlyCollection<SeriesKey> keys,
        CancellationToken cancellationToken
    )
    {
        var held = new Dictionary<SeriesKey, HeldSeries>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var (seller, kind, store, year) = (reader.GetString(0), reader.GetString(1)[0], reader.GetString(2), reader.GetInt32(3));
            var key = keys.Single(key =>
                key.SellerId.Value == seller && key.Kind == kind && key.StoreId.Value == store && key.Year == year
            );
            held.Add(key, new HeldSeries(reader.GetString(4), reader.GetInt64(5)));
        }

        return held;
    }

    /// <summary>Adds what moves the series to their last given numbers.</summary>
    public static void AddMove(NpgsqlBatch batch, IReadOnlyDictionary<SeriesKey, HeldSeries> held) =>
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(Move)
            {
                Parameters =
                {
                    new("environment", held.Keys.First().Environment.ToString()),
                    Texts("sellers", held.Keys.Select(key => key.SellerId.Value)),
                    Texts("kinds", held.Keys.Select(key => $"{key.Kind}")),
                    Texts("stores", held.Keys.Select(key => key.StoreId.Value)),
                    new("years", held.Keys.Select(key => key.Year).ToArray()),
                    new("lasts", held.Values.Select(series => series.Last).ToArray()),
                },
            }
        );

    private static async Task<bool> IsOpenAsync(NpgsqlConnection connection, SeriesKey key, CancellationToken cancellationToken)
    {
        await using var look = Of(IsOpen, connection, key);
        return (bool)(await look.ExecuteScalarAsync(cancellationToken))!;
    }

    private static NpgsqlCommand Of(string sql, NpgsqlConnection connection, SeriesKey key) =>
        new(sql, connection)
        {
            Parameters =
            {
                new("seller", key.SellerId.Value),
                new("environment", key.Environment.ToString()),
                new("kind", key.Kind),
                new("store", key.StoreId.Value),
                new("year", key.Year),
            },
        };

    private static NpgsqlParameter Texts(string name, IEnumerable<string> values) =>
        new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = values.ToArray() };
}

/// <summary>A series with the last number that was given on it.</summary>
internal sealed record HeldSeries(string Series, long Last);
