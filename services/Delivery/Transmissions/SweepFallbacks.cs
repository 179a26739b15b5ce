using Dapper;
using Npgsql;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>
/// Where else a buyer may be reached is forgotten when no mail comes back any more, and links when they have run out; looked for every hour.
/// </summary>
public sealed partial class SweepFallbacks(NpgsqlDataSource database, TimeProvider clock, ILogger<SweepFallbacks> log) : BackgroundService
{
    private const string Sweep = """
        delete from transmission_fallback where created_at < @old;
        delete from invoice_link where expires_at < @now
        """;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan MailsComeBack = TimeSpan.FromDays(30);

    /// <summary>Forgets what is old.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(Sweep, new { old = now - MailsComeBack, now }, cancellationToken: cancellationToken)
        );
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hourly = new PeriodicTimer(Hour, clock);
        while (await hourly.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogAway(exception.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is old is forgotten an hour later: {Reason}")]
    private partial void LogAway(string reason);
}
