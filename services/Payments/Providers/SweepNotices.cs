using Dapper;
using Npgsql;
using RetailInvoicing.Payments.Checkouts;

namespace RetailInvoicing.Payments.Providers;

/// <summary>
/// What was not believed is forgotten after a month, and what was applied after some: its facts stay, by which it would be known again.
/// What could not be applied stays to be seen.
/// </summary>
public sealed partial class SweepNotices(NpgsqlDataSource database, CheckoutPace pace, TimeProvider clock, ILogger<SweepNotices> log)
    : BackgroundService
{
    private const int Together = 2_000;

    private const string ForgetRefused = """
        delete from refused_notice where position in (
            select position from refused_notice where at < @Before order by at limit @Together
        )
        """;
    private const string ForgetApplied = """
        delete from provider_notice where (seller_id, provider, event_id) in (
            select seller_id, provider, event_id from provider_notice
            where received_at < @Before and state = 'applied' order by received_at limit @Together for update skip locked
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
        var now = clock.GetUtcNow();
        foreach (var (forget, before) in new[] { (ForgetRefused, now - pace.KeepRefused), (ForgetApplied, now - pace.KeepNotices) })
        {
            int gone;
            do
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                gone = await connection.ExecuteAsync(
                    new CommandDefinition(forget, new { Before = before, Together }, cancellationToken: cancellationToken)
                );
            } while (gone == Together && !cancellationToken.IsCancellationRequested);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is kept of notices too long waits for an hour: {Reason}")]
    private partial void LogLater(string reason);
}
