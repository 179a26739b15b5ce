using Npgsql;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal;

/// <summary>
/// Keeps the alarm's count of holds, whoever places and lifts them, and compares restored chains again while the tax agency did not answer.
/// </summary>
public sealed partial class WatchHolds(HoldChain hold, CompareRestored compare, TimeProvider clock, ILogger<WatchHolds> log)
    : BackgroundService
{
    private const int LooksBetweenComparisons = 10;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(Look, clock);
        for (var looks = 1; await NextAsync(tick, stoppingToken); looks++)
        {
            try
            {
                await (looks % LooksBetweenComparisons == 0 ? compare.AllAsync(stoppingToken) : hold.CountAsync(stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException || Resilience.IsPassing(exception))
            {
                // The next look will do.
                LogAway(exception);
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer tick, CancellationToken cancellationToken)
    {
        try
        {
            return await tick.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The holds of fiscal chains could not be looked at")]
    private partial void LogAway(Exception exception);
}
