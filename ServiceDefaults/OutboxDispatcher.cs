using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// Tells the broker what the outbox holds: in each seller's order, confirmed before it is forgotten. One instance at a time; when it dies
/// the next takes over, and what was told but not yet forgotten is told again with the same message id.
/// </summary>
internal sealed partial class OutboxDispatcher(
    NpgsqlDataSource database,
    Hearers hearers,
    OutboxBell bell,
    OutboxPace pace,
    ServiceName service,
    IConfiguration configuration,
    TimeProvider clock,
    ILogger<OutboxDispatcher> log
) : BackgroundService
{
    private const int MostTogether = 500;

    // Bodies are few kilobytes, and may be millions: so much is in flight at most, and one more.
    private const int MostBytes = 8 * 1024 * 1024;

    private const string Lead = "select pg_advisory_lock(72657)";
    private const string StepDown = "select pg_advisory_unlock_all()";

    // Forgetting may be forgotten: what was told is told again, under its message id. Of this connection alone, and until it is given back;
    // what is planned once is planned by keys, whatever the tables' size was then.
    private const string Hurry = "set synchronous_commit to off; set enable_seqscan to off";
    private const string Listen = $"listen {Outbox.Channel}";
    private const string Call = $"select pg_notify('{Outbox.Channel}', '')";

    // Each by its key: of a table that is empty now and full then, statistics would sometimes have all events read.
    private const string Waiting = """
        select o.position, e.event_id, e.name, e.body, e.trace_parent, e.occurred_at
        from (select position, event_id from outbox order by position limit @limit) o
        cross join lateral (select * from event where event.event_id = o.event_id offset 0) e
        order by o.position
        """;
    private const string Forget = "delete from outbox where position = any(@told)";

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly Counter<long> Told = Telemetry.Meter.CreateCounter<long>("outbox.events.told", "{event}");
    private static readonly Histogram<double> Lag = Telemetry.Meter.CreateHistogram<double>("outbox.lag", "ms");

    private readonly TimeSpan _lookAnyway = configuration.GetValue("Outbox:LookAnyway", Rest);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        SideBySide.RunAsync(stoppingToken, TellAsync(stoppingToken), ListenAsync(stoppingToken), CallAsync(stoppingToken));

    private async Task TellAsync(CancellationToken stoppingToken)
    {
        var pause = TimeSpan.FromMilliseconds(100);
        var isHeard = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!isHeard)
                {
                    await hearers.DeclareAsync(stoppingToken);
                    isHeard = true;
                }

                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                try
                {
                    await LeadAsync(connection, stoppingToken);
                    bell.Lead(true);
                    LogLeading(service.Value);
                    await using var channel = await BrokerChannel.OpenAsync(hearers.Broker, $"outbox of {service.Value}", stoppingToken);
                    while (true)
                    {
                        var began = Stopwatch.GetTimestamp();
                        while (await TellAsync(connection, channel, stoppingToken))
                        {
                            // There may be more.
                        }

                        pause = TimeSpan.FromMilliseconds(100);
                        // Returns at once where a commit has rung since the last look.
                        await bell.WaitAsync(_lookAnyway, stoppingToken);
                        // The first of a while is told at once; of many that follow each other some are told together.
                        if (pace.ToldWithin - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } rest)
                        {
                            await Task.Delay(rest, stoppingToken);
                        }
                    }
                }
                finally
                {
                    bell.Lead(false);
                    await StepDownAsync(connection);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Database or broker are away: nothing is lost, the outbox holds it. Try again, slower each time.
                LogAway(service.Value, exception.Message);
                await Task.Delay(pause, clock, stoppingToken);
                pause = pause < Rest ? pause * 2 : Rest;
            }
        }
    }

    private static async Task LeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var lead = new NpgsqlCommand(Lead, connection) { CommandTimeout = 0 };
        await lead.ExecuteNonQueryAsync(cancellationToken);
        await using var hurry = new NpgsqlCommand(Hurry, connection);
        await hurry.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Hears the instances that do not lead; what is missed is found at the next look.</summary>
    private Task ListenAsync(CancellationToken stoppingToken) =>
        GoOnAsync(
            async () =>
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                await using var listen = new NpgsqlCommand(Listen, connection);
                await listen.ExecuteNonQueryAsync(stoppingToken);
                while (true)
                {
                    // Also after each reconnection: what was called meanwhile was called to nobody.
                    bell.Called();
                    await connection.WaitAsync(stoppingToken);
                }
            },
            stoppingToken
        );

    /// <summary>Tells the instance that leads, where this one does not, of what was committed here.</summary>
    private Task CallAsync(CancellationToken stoppingToken) =>
        GoOnAsync(
            async () =>
            {
                while (true)
                {
                    await bell.CallAsync(stoppingToken);
                    await using var connection = await database.OpenConnectionAsync(stoppingToken);
                    await using var call = new NpgsqlCommand(Call, connection);
                    await call.ExecuteNonQueryAsync(stoppingToken);
                }
            },
            stoppingToken
        );

    /// <summary>Again and again, whatever happens to the database.</summary>
    private async Task GoOnAsync(Func<Task> work, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await work();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Only lateness: the leader looks anyway.
                LogUnheard(service.Value, exception.Message);
                await Task.Delay(Rest, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>
    /// A pooled connection keeps its session's lock until somebody uses it again: without this, the next to lead, here or in another
    /// instance, would wait for the last one's idle connection.
    /// </summary>
    private static async Task StepDownAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var stepDown = new NpgsqlCommand(StepDown, connection) { CommandTimeout = 3 };
            await stepDown.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and the lock with it.
        }
    }

    /// <summary>
    /// Tells what waits, up to a batch; true where that was full, so that more may wait. Reads and forgets on the leader's own connection: whoever lost it does
    /// neither.
    /// </summary>
    private async Task<bool> TellAsync(NpgsqlConnection connection, BrokerChannel channel, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        int refused;
        var (count, isFull) = (0, false);
        try
        {
            (count, isFull) = await WriteAsync(connection, channel, patience.Token);
            await channel.SettleAsync(patience.Token);
        }
        finally
        {
            // Whatever else went wrong, what the broker has is not told again.
            refused = await ForgetAsync(connection, channel, cancellationToken);
        }

        return refused == 0 ? isFull : throw new IOException($"the broker refused {refused} of {count} events");
    }

    /// <summary>Writes what waits as it is read, one behind the other on one channel: a seller's order is that of its commits.</summary>
    private static async Task<(int Count, bool IsFull)> WriteAsync(
        NpgsqlConnection connection,
        BrokerChannel channel,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(Waiting, connection) { Parameters = { new("limit", MostTogether) } };
        await command.PrepareAsync(cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (count, bytes) = (0, 0);
        while (bytes < MostBytes && await reader.ReadAsync(cancellationToken))
        {
            var waiting = new WaitingEvent(
                reader.GetInt64(0),
                reader.GetGuid(1),
                reader.GetString(2),
                await reader.GetFieldValueAsync<byte[]>(3, cancellationToken),
                await reader.IsDBNullAsync(4, cancellationToken) ? null : reader.GetString(4),
                await reader.GetFieldValueAsync<DateTimeOffset>(5, cancellationToken)
            );
            // The span continues the trace of whoever caused the event, not the dispatcher's.
            using var activity = ActivityContext.TryParse(waiting.TraceParent, null, out var parent)
                ? Telemetry.Source.StartActivity($"tell {waiting.Name}", ActivityKind.Producer, parent)
                : null;
            await channel.TellAsync(waiting, activity?.Id ?? waiting.TraceParent, cancellationToken);
            count++;
            bytes += waiting.Body.Length;
        }

        return (count, count == MostTogether || bytes >= MostBytes);
    }

    private async Task<int> ForgetAsync(NpgsqlConnection connection, BrokerChannel channel, CancellationToken cancellationToken)
    {
        var (confirmed, refused) = channel.Answers();
        if (confirmed.Count > 0)
        {
            await using var forget = new NpgsqlCommand(Forget, connection)
            {
                Parameters = { new("told", confirmed.Select(static each => each.Position).ToArray()) },
            };
            await forget.PrepareAsync(cancellationToken);
            await forget.ExecuteNonQueryAsync(cancellationToken);
            Told.Add(confirmed.Count);
            var now = clock.GetUtcNow();
            foreach (var each in confirmed)
            {
                Lag.Record((now - each.OccurredAt).TotalMilliseconds);
            }
        }

        return refused;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This instance of {Service} tells its events")]
    private partial void LogLeading(string service);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events of {Service} wait in the outbox: {Reason}")]
    private partial void LogAway(string service, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Instances of {Service} do not hear each other: {Reason}")]
    private partial void LogUnheard(string service, string reason);
}

/// <summary>Events of so long are told together while they keep coming.</summary>
internal sealed record OutboxPace(TimeSpan ToldWithin);
