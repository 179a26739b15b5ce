using Dapper;
using MassTransit;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Reporting.Facts;

/// <summary>
/// The instant a report stands at, such that the same question with that instant gives the same rows for ever: now, where nothing is being
/// kept of the seller and nothing will be before the report is read; the last instant that something became known, where something is.
/// </summary>
public sealed class TakeStand(ReportDatabase database, Feed feed, IBusControl bus, TimeProvider clock)
{
    // Shared with other readers; who keeps facts has it alone, and is let in before readers who come later. What becomes known later is
    // known a microsecond later at least, also where the clock was set back.
    private const string HoldTurn = """
        select pg_try_advisory_xact_lock_shared(72657, hashtext(@seller)) as is_still,
            greatest(clock_timestamp() - interval '1 microsecond', (select known_at from seller_known where seller_id = @seller)) as now
        """;

    // Who holds a turn has a connection for it and asks on another: never so many that all wait for a second one.
    private const int MostHolds = 8;

    private const string LastKnown = "select known_at from seller_known where seller_id = @seller";

    private readonly SemaphoreSlim _holds = new(MostHolds);

    /// <summary>Stands now, or at an instant that was asked for; a report that streams holds nobody up and always stands at an instant.</summary>
    public async Task<Stand> TakeAsync(SellerId seller, DateTimeOffset? asOf, bool streams, CancellationToken cancellationToken)
    {
        var lag = Lag();
        if (asOf is { } then)
        {
            return new Stand(then, then, TimeSpan.Zero, null);
        }

        var connection = await database.Reader.OpenConnectionAsync(cancellationToken);
        try
        {
            // A replica has its own locks and is behind: what it knows of is what it has.
            if (!database.IsReplica)
            {
                var transaction = await connection.BeginTransactionAsync(cancellationToken);
                var (isStill, now) = await connection.QuerySingleAsync<(bool, DateTimeOffset)>(
                    new CommandDefinition(HoldTurn, new { seller = seller.Value }, transaction, cancellationToken: cancellationToken)
                );
                if (isStill && !streams && await _holds.WaitAsync(TimeSpan.Zero, cancellationToken))
                {
                    return new Stand(now, null, lag, connection, _holds);
                }

                await transaction.DisposeAsync();
                if (isStill)
                {
                    await connection.DisposeAsync();
                    return new Stand(now, now, lag, null);
                }
            }

            var last = await connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(
                new CommandDefinition(LastKnown, new { seller = seller.Value }, cancellationToken: cancellationToken)
            );
            await connection.DisposeAsync();
            // Of a seller of whom nothing is known, nothing was at the beginning of time either.
            var known = last ?? DateTimeOffset.UnixEpoch;
            return new Stand(known, known, lag, null);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>How far behind the reports are.</summary>
    public TimeSpan Lag() => feed.LagAt(clock.GetUtcNow(), bus.CheckHealth().Status == BusHealthStatus.Healthy);
}

/// <summary>Where a report stands, until it is disposed.</summary>
public sealed class Stand(DateTimeOffset asOf, DateTimeOffset? knownAt, TimeSpan lag, NpgsqlConnection? held, SemaphoreSlim? holds = null)
    : IAsyncDisposable
{
    private int _isDisposed;

    /// <summary>The instant.</summary>
    public DateTimeOffset AsOf => asOf;

    /// <summary>The same, unless what is known now is what was known then.</summary>
    public DateTimeOffset? KnownAt => knownAt;

    /// <summary>How far behind; nothing where a past instant was asked for.</summary>
    public TimeSpan Lag => lag;

    /// <summary>Lets those in who keep facts.</summary>
    public async ValueTask DisposeAsync()
    {
        if (held is not null && Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            await held.DisposeAsync();
            holds?.Release();
        }
    }
}

/// <summary>Where reports are read: a replica of the service's database where there is one, else the database itself.</summary>
public sealed record ReportDatabase(NpgsqlDataSource Reader, bool IsReplica);
