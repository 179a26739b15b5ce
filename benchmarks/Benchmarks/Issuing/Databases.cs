using Npgsql;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>The databases of the running server, opened as its superuser.</summary>
internal sealed class Databases(DatabaseAddress server) : IAsyncDisposable
{
    private readonly Dictionary<string, NpgsqlDataSource> _open = new(StringComparer.Ordinal);

    /// <summary>Where a database is.</summary>
    public static string ConnectionString(DatabaseAddress server, string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = server.Host,
            Port = server.Port,
            Username = server.Username,
            Password = server.Password,
            Database = database,
            CommandTimeout = 600,
            MaxPoolSize = 8,
        }.ConnectionString;

    /// <summary>One of them.</summary>
    public NpgsqlDataSource Of(string database)
    {
        if (!_open.TryGetValue(database, out var source))
        {
            source = _open[database] = NpgsqlDataSource.Create(ConnectionString(server, database));
        }

        return source;
    }

    /// <summary>A service's own.</summary>
    public NpgsqlDataSource OfService(string service) => Of($"{service}db");

    /// <summary>Every measurement begins with a log that is written out: pages are written whole only after that.</summary>
    public async Task CheckpointAsync(CancellationToken cancellation)
    {
        await using var checkpoint = Of("postgres").CreateCommand("checkpoint");
        await checkpoint.ExecuteNonQueryAsync(cancellation);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var source in _open.Values)
        {
            await source.DisposeAsync();
        }
    }
}
