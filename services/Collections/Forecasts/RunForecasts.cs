using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Habits;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Collections.Timing;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Forecasts;

/// <summary>
/// Each seller's morning: what came of acts and messages is learned, then the day's forecast is made. Looked at every minute; a morning that
/// was slept through is caught up on the same day, and a day that was is not: its forecast would be of yesterday.
/// </summary>
public sealed partial class RunForecasts(
    NpgsqlDataSource database,
    LearnActs learnActs,
    LearnAnswers learnAnswers,
    MakeForecast makeForecast,
    TimeProvider clock,
    ILogger<RunForecasts> log
) : BackgroundService
{
    private const string Sellers = """
        select s.seller_id, s.time_zone, (select max(f.as_of) from forecast_run f where f.seller_id = s.seller_id) as made
        from seller s
        """;

    /// <summary>The hour of a seller's day at which its forecast is made.</summary>
    public static readonly TimeOnly Morning = new(6, 0);

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Makes the forecasts of all sellers whose morning has come; how many.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("RunForecasts");
        var now = clock.GetUtcNow();
        var due = new List<SellerId>();
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            var sellers = await connection.QueryAsync<SellerRow>(new CommandDefinition(Sellers, cancellationToken: cancellationToken));
            due.AddRange(sellers.Where(seller => IsDue(seller, now)).Select(seller => seller.SellerId));
        }

        if (due.Count == 0)
        {
            return 0;
        }

        await LearnAsync(learnActs.RunAsync, cancellationToken);
        await LearnAsync(learnAnswers.RunAsync, cancellationToken);
        var made = 0;
        foreach (var seller in due)
        {
            try
            {
                await makeForecast.RunAsync(seller, cancellationToken);
                made++;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // One seller's trouble is not the others'; its turn comes again in a minute.
                LogFailed(exception, seller, exception.Message);
            }
        }

        return made;
    }

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
                LogLater(exception, exception.Message);
            }

            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What cannot be learned this morning keeps nobody's forecast back; it is learned another one.</summary>
    private async Task LearnAsync(Func<CancellationToken, Task<int>> learn, CancellationToken cancellationToken)
    {
        try
        {
            await learn(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnlearned(exception, exception.Message);
        }
    }

    private static bool IsDue(SellerRow seller, DateTimeOffset now)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(seller.TimeZone, out var zone))
        {
            return false;
        }

        var local = TimeZoneInfo.ConvertTime(now, zone);
        var today = SellerDay.At(now, seller.TimeZone);
        return TimeOnly.FromDateTime(local.DateTime) >= Morning && (seller.Made is null || seller.Made < today);
    }

    private sealed record SellerRow
    {
        public SellerId SellerId { get; init; }

        public string TimeZone { get; init; } = "";

        public DateOnly? Made { get; init; }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The forecast of seller {Seller} is made a little later: {Reason}")]
    private partial void LogFailed(Exception exception, SellerId seller, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Something is learned another morning: {Reason}")]
    private partial void LogUnlearned(Exception exception, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Forecasts are made a little later: {Reason}")]
    private partial void LogLater(Exception exception, string reason);
}
