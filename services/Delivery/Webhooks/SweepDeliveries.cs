using Dapper;
using Npgsql;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>Events and deliveries of webhooks are kept for a month, so that they can be delivered again, and then no longer.</summary>
public sealed partial class SweepDeliveries(
    NpgsqlDataSource database,
    WebhookOptions options,
    TimeProvider clock,
    ILogger<SweepDeliveries> log
) : BackgroundService
{
    private const int Together = 2_000;

    private const string ForgetDeliveries = """
        delete from webhook_delivery where (seller_id, event_id, webhook_id) in (
            select seller_id, event_id, webhook_id from webhook_delivery
            where created_at < @Before and status <> 'pending' order by created_at limit @Together for update skip locked
        )
        """;

    private const string ForgetEvents = """
        delete from webhook_event where (seller_id, event_id) in (
            select e.seller_id, e.event_id from webhook_event e
            where e.told_at < @Before
                and not exists (select from webhook_delivery d where d.seller_id = e.seller_id and d.event_id = e.event_id)
            order by e.told_at limit @Together for update of e skip locked
        )
        """;

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogLater(exception.Message);
            }

            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Forgets what is older, a little at a time: nobody waits for it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var forget in new[] { ForgetDeliveries, ForgetEvents })
        {
            int gone;
            do
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                gone = await connection.ExecuteAsync(forget, new { Before = clock.GetUtcNow() - options.Keep, Together });
            } while (gone == Together && !cancellationToken.IsCancellationRequested);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is kept of webhooks too long waits for an hour: {Reason}")]
    private partial void LogLater(string reason);
}
