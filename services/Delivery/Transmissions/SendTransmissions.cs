using System.Diagnostics.Metrics;
using Npgsql;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>What is queued goes out. Woken by the commit that queues; looks anyway every few seconds for what has become due.</summary>
public sealed partial class SendTransmissions(
    NpgsqlDataSource database,
    SendMails mails,
    SendShortMessages shortMessages,
    WakeSenders senders,
    Grace grace,
    DeliveryOptions options,
    TimeProvider clock,
    ILogger<SendTransmissions> log
) : BackgroundService
{
    private const string Listen = "listen transmission";

    private const string CountWaiting = "select count(*), min(created_at) from transmission where status = 'queued' and due_at <= @now";

    private static readonly TimeSpan BetweenCounts = TimeSpan.FromSeconds(5);
    private static readonly Gauge<long> Waiting = Telemetry.Meter.CreateGauge<long>("delivery.transmissions.waiting");
    private static readonly Gauge<double> Oldest = Telemetry.Meter.CreateGauge<double>("delivery.transmissions.oldest", "s");

    private DateTimeOffset _countedAt;

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        SideBySide.RunAsync(
            stoppingToken,
            [
                WatchAsync(stoppingToken),
                shortMessages.RunAsync(stoppingToken),
                .. Enumerable.Range(0, options.HandOversAtOnce).Select(_ => mails.RunAsync(stoppingToken)),
            ]
        );

    /// <summary>Wakes the senders when something is queued, and every few seconds.</summary>
    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                await using (var listen = new NpgsqlCommand(Listen, connection))
                {
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                }

                grace.BeginAt(clock.GetUtcNow());
                while (true)
                {
                    senders.Wake();
                    await CountAsync(connection, stoppingToken);
                    await connection.WaitAsync(options.LookAnyway, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                grace.Interrupt();
                LogAway(exception.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(250), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>How many are due and how long the oldest has waited, for whoever watches.</summary>
    private async Task CountAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (now - _countedAt < BetweenCounts)
        {
            return;
        }

        await using var count = new NpgsqlCommand(CountWaiting, connection) { Parameters = { new("now", now) } };
        await using var reader = await count.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        Waiting.Record(reader.GetInt64(0));
        Oldest.Record(
            await reader.IsDBNullAsync(1, cancellationToken)
                ? 0
                : (now - await reader.GetFieldValueAsync<DateTimeOffset>(1, cancellationToken)).TotalSeconds
        );
        _countedAt = now;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Transmissions wait for the database: {Reason}")]
    private partial void LogAway(string reason);
}
