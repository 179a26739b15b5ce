using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>Makes the parts of the months to come, once a day; the first are made with the schema.</summary>
internal sealed partial class KeepMonths(Migrations migrations, TimeProvider clock, ILogger<KeepMonths> log) : BackgroundService
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var daily = new PeriodicTimer(Day, clock);
        while (await daily.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await migrations.KeepMonthsAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // There are three months more; and without a part the rows are in the rest.
                LogAway(exception.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The parts of the months to come wait until tomorrow: {Reason}")]
    private partial void LogAway(string reason);
}
