using System.Diagnostics.Metrics;
using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// Looks every few seconds at how far the service is behind: metrics for those who collect them, a warning in the log and a degraded
/// health where it is alarming.
/// </summary>
internal sealed partial class WatchBacklog(
    NpgsqlDataSource database,
    IBusControl bus,
    Hearers hearers,
    IReadOnlyList<string> queues,
    BacklogLimits limits,
    ServiceName service,
    TimeProvider clock,
    IHostApplicationLifetime life,
    LastResort lastResort,
    ILogger<WatchBacklog> log
) : BackgroundService, IHealthCheck
{
    // The oldest is the first: positions ascend.
    private const string Outbox = """
        select (select count(*) from outbox),
            (select occurred_at from event where event_id = (select event_id from outbox order by position limit 1))
        """;

    // MassTransit makes it when it first puts something there, and the broker complains in its log of each question for one that is not.
    private static readonly TimeSpan LookForErrors = TimeSpan.FromMinutes(5);

    private static readonly Gauge<long> Depth = Telemetry.Meter.CreateGauge<long>("outbox.depth", "{event}");
    private static readonly Gauge<double> Age = Telemetry.Meter.CreateGauge<double>("outbox.age", "s");
    private static readonly Gauge<long> Ready = Telemetry.Meter.CreateGauge<long>("queue.ready", "{message}");
    private static readonly Gauge<long> Dead = Telemetry.Meter.CreateGauge<long>("queue.dead", "{message}");

    private readonly Dictionary<string, DateTimeOffset> _noErrorsAt = new(StringComparer.Ordinal);
    private volatile Backlog _backlog = new();
    private ITimer? _patience;

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            _backlog.Alarms(limits, clock.GetUtcNow()) is { Count: > 0 } alarms
                ? HealthCheckResult.Degraded(string.Join("; ", alarms))
                : HealthCheckResult.Healthy()
        );

    /// <inheritdoc />
    public override void Dispose()
    {
        _patience?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IConnection? broker = null;
        using var timer = new PeriodicTimer(limits.Look);
        IReadOnlyList<string> before = [];
        try
        {
            do
            {
                try
                {
                    _backlog = await LookAtOutboxAsync(_backlog, stoppingToken);
                    if (queues.Count > 0)
                    {
                        broker = broker is { IsOpen: true } ? broker : await ReopenAsync(broker, stoppingToken);
                        _backlog = await LookAtQueuesAsync(broker, _backlog, stoppingToken);
                    }
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    // Whoever is away is told of by those who need it; how much was seen last stands until it is seen again.
                    _backlog = _backlog.Unseen();
                    LogCannotSee(service.Value, exception.Message);
                }

                var alarms = _backlog.Alarms(limits, clock.GetUtcNow());
                Tell(before, alarms);
                before = alarms;
                if (_backlog.Hopeless(limits, clock.GetUtcNow()) is { } reason)
                {
                    // A broker that died at the wrong moment of a start leaves a consumer that never begins, and nothing that would say so.
                    LogHopeless(service.Value, reason);
                    // What never began may never end either.
                    _patience = clock.CreateTimer(EndAnyway, null, limits.EndTime, Timeout.InfiniteTimeSpan);
                    life.StopApplication();
                    return;
                }
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
        finally
        {
            if (broker is not null)
            {
                await broker.DisposeAsync();
            }
        }
    }

    private void EndAnyway(object? state)
    {
        LogEndless(service.Value);
        lastResort.End();
    }

    private async Task<Backlog> LookAtOutboxAsync(Backlog before, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Outbox);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var depth = reader.GetInt64(0);
        var age = await reader.IsDBNullAsync(1, cancellationToken)
            ? TimeSpan.Zero
            : clock.GetUtcNow() - await reader.GetFieldValueAsync<DateTimeOffset>(1, cancellationToken);
        Depth.Record(depth);
        Age.Record(age.TotalSeconds);
        return before with { OutboxDepth = depth, OutboxAge = age };
    }

    private async Task<IConnection> ReopenAsync(IConnection? closed, CancellationToken cancellationToken)
    {
        if (closed is not null)
        {
            await closed.DisposeAsync();
        }

        return await BrokerSocket
            .On(
                new ConnectionFactory
                {
                    Uri = hearers.Broker,
                    ClientProvidedName = $"backlog of {service.Value}",
                    AutomaticRecoveryEnabled = false,
                }
            )
            .CreateConnectionAsync(cancellationToken);
    }

    private async Task<Backlog> LookAtQueuesAsync(IConnection broker, Backlog before, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var seen = new Dictionary<string, QueueBacklog>(StringComparer.Ordinal);
        foreach (var queue in queues)
        {
            var here = await AskAsync(broker, queue, cancellationToken);
            var ready = here?.MessageCount ?? 0;
            var dead = (await AskAsync(broker, Messaging.DeadLettersOf(queue), cancellationToken))?.MessageCount ?? 0L;
            dead += await CountErrorsAsync(broker, queue, now, cancellationToken);
            var known = before.Queues.GetValueOrDefault(queue);
            if (dead > (known?.Dead ?? 0))
            {
                LogDead(queue, dead);
            }

            var tag = new KeyValuePair<string, object?>("queue", queue);
            Ready.Record(ready, tag);
            Dead.Record(dead, tag);
            // One that is not there, deleted by somebody's hand, is declared by a start alone.
            seen[queue] = QueueBacklog.After(known, ready, dead, here is null or { ConsumerCount: 0 }, limits, now);
        }

        return before with
        {
            Queues = seen,
            BusDownSince = bus.CheckHealth().Status == BusHealthStatus.Healthy ? null : before.BusDownSince ?? now,
        };
    }

    private async Task<long> CountErrorsAsync(IConnection broker, string queue, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_noErrorsAt.TryGetValue(queue, out var looked) && now - looked < LookForErrors)
        {
            return 0;
        }

        var errors = await AskAsync(broker, $"{queue}_error", cancellationToken);
        if (errors is null)
        {
            _noErrorsAt[queue] = now;
        }
        else
        {
            _noErrorsAt.Remove(queue);
        }

        return errors?.MessageCount ?? 0;
    }

    private static async Task<QueueDeclareOk?> AskAsync(IConnection broker, string queue, CancellationToken cancellationToken)
    {
        // One each: a question for a queue that is not there closes the channel it is asked on.
        await using var channel = await broker.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }

    private void Tell(IReadOnlyList<string> before, IReadOnlyList<string> alarms)
    {
        if (alarms.Count > 0 && before.Count == 0)
        {
            LogBehind(service.Value, string.Join("; ", alarms));
        }
        else if (alarms.Count == 0 && before.Count > 0)
        {
            LogCaughtUp(service.Value);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Service} is behind: {Alarms}")]
    private partial void LogBehind(string service, string alarms);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Service} ends, to be started again: {Reason}, and the broker answers")]
    private partial void LogHopeless(string service, string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Service} does not end by itself; its process is killed")]
    private partial void LogEndless(string service);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Service} has caught up")]
    private partial void LogCaughtUp(string service);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} dead letters of {Queue}: ./retail dead-letters list")]
    private partial void LogDead(string queue, long count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "How far {Service} is behind cannot be seen: {Reason}")]
    private partial void LogCannotSee(string service, string reason);
}

/// <summary>Ends the process that does not end when asked to. A kill costs lateness only: nothing is promised before it is committed.</summary>
internal sealed record LastResort(Action End)
{
    /// <summary>SIGKILL, which no handler of the process can hold up.</summary>
    public static LastResort Kill { get; } = new(static () => System.Diagnostics.Process.GetCurrentProcess().Kill());
}
