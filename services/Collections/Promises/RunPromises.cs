namespace RetailInvoicing.Collections.Promises;

/// <summary>Judges promises at each whole minute, because every zone's midnight is one; what was missed is judged at the first look.</summary>
public sealed partial class RunPromises(JudgePromises judge, TimeProvider clock, ILogger<RunPromises> log) : BackgroundService
{
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Breath;
            try
            {
                await judge.RunAsync(stoppingToken);
                pause = TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(clock.GetUtcNow().Ticks % TimeSpan.TicksPerMinute);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The transaction is undone and nothing is lost: the next look finds it again.
                LogFailed(exception, exception.Message);
            }

            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Promises are judged again soon: {Reason}")]
    private partial void LogFailed(Exception exception, string reason);
}
