using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Mime;
using MassTransit;
using MassTransit.Serialization;
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
    IBus bus,
    Hearers hearers,
    ServiceName service,
    TimeProvider clock,
    ILogger<OutboxDispatcher> log
) : BackgroundService
{
    private const int BatchSize = 500;
    private const string Lead = "select pg_advisory_lock(72657)";
    private const string StepDown = "select pg_advisory_unlock_all()";
    private const string Listen = $"listen {Outbox.Channel}";
    private const string Waiting = """
        select e.position, e.seller_id, e.event_id, e.name, e.body, e.trace_parent, e.occurred_at
        from outbox o join event e using (position)
        order by o.position limit @limit
        """;
    private const string Forget = "delete from outbox where position = any(@told)";

    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(2);
    private static readonly Counter<long> Told = Telemetry.Meter.CreateCounter<long>("outbox.events.told");
    private static readonly Histogram<double> Lag = Telemetry.Meter.CreateHistogram<double>("outbox.lag", "ms");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
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
                    LogLeading(service.Value);
                    while (true)
                    {
                        while (await TellBatchAsync(connection, stoppingToken))
                        {
                            pause = TimeSpan.FromMilliseconds(100);
                        }

                        // Returns at once where a commit has notified since the last look.
                        await connection.WaitAsync(LookAnyway, stoppingToken);
                    }
                }
                finally
                {
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
                pause = pause < LookAnyway ? pause * 2 : LookAnyway;
            }
        }
    }

    private static async Task LeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var lead = new NpgsqlCommand(Lead, connection) { CommandTimeout = 0 };
        await lead.ExecuteNonQueryAsync(cancellationToken);
        await using var listen = new NpgsqlCommand(Listen, connection);
        await listen.ExecuteNonQueryAsync(cancellationToken);
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

    /// <summary>Tells one batch; true where there may be more. Reads and forgets on the leader's own connection: whoever lost it does neither.</summary>
    private async Task<bool> TellBatchAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var waiting = await ReadAsync(connection, cancellationToken);
        if (waiting.Count == 0)
        {
            return false;
        }

        var told = new List<long>(waiting.Count);
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(TimeSpan.FromSeconds(20));
            // Sellers side by side, each seller's events one after the other: its order is the order of its commits.
            await Task.WhenAll(
                waiting
                    .GroupBy(each => each.SellerId)
                    .Select(async seller =>
                    {
                        foreach (var each in seller)
                        {
                            await TellAsync(each, timeout.Token);
                            lock (told)
                            {
                                told.Add(each.Position);
                            }
                        }
                    })
            );
        }
        finally
        {
            if (told.Count > 0)
            {
                await using var forget = new NpgsqlCommand(Forget, connection) { Parameters = { new("told", told.ToArray()) } };
                await forget.ExecuteNonQueryAsync(cancellationToken);
                Told.Add(told.Count);
            }
        }

        return waiting.Count == BatchSize;
    }

    private static async Task<List<KeptEvent>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var waiting = new List<KeptEvent>();
        await using var command = new NpgsqlCommand(Waiting, connection) { Parameters = { new("limit", BatchSize) } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            waiting.Add(
                new KeptEvent(
                    reader.GetInt64(0),
                    reader.GetString(1),
                    reader.GetGuid(2),
                    reader.GetString(3),
                    reader.GetString(4),
                    await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetString(5),
                    await reader.GetFieldValueAsync<DateTimeOffset>(6, cancellationToken)
                )
            );
        }

        return waiting;
    }

    private async Task TellAsync(KeptEvent kept, CancellationToken cancellationToken)
    {
        // The span continues the trace of whoever caused the event, not the dispatcher's.
        using var activity = ActivityContext.TryParse(kept.TraceParent, null, out var parent)
            ? Telemetry.Source.StartActivity($"tell {kept.Name}", ActivityKind.Producer, parent)
            : null;
        var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{kept.Name}?type=fanout&durable=true"));
        await endpoint.Send(
            new StoredEvent(),
            Pipe.Execute<SendContext<StoredEvent>>(context =>
            {
                context.MessageId = kept.EventId;
                if ((activity?.Id ?? kept.TraceParent) is { } traceParent)
                {
                    context.Headers.Set("traceparent", traceParent);
                }

                context.Serializer = new CopyBodySerializer(new ContentType("application/json"), new StringMessageBody(kept.Body));
                if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                {
                    rabbit.BasicProperties.Type = kept.Name;
                    rabbit.BasicProperties.Timestamp = new RabbitMQ.Client.AmqpTimestamp(kept.OccurredAt.ToUnixTimeSeconds());
                }
            }),
            cancellationToken
        );
        Lag.Record((clock.GetUtcNow() - kept.OccurredAt).TotalMilliseconds);
    }

    private sealed record KeptEvent(
        long Position,
        string SellerId,
        Guid EventId,
        string Name,
        string Body,
        string? TraceParent,
        DateTimeOffset OccurredAt
    );

    [LoggerMessage(Level = LogLevel.Information, Message = "This instance of {Service} tells its events")]
    private partial void LogLeading(string service);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events of {Service} wait in the outbox: {Reason}")]
    private partial void LogAway(string service, string reason);
}
