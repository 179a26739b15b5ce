using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Bank;

/// <summary>
/// Lines of the bank that were kept and not looked at, because the process ended in between, are looked at within a minute, and those that
/// a provider announced since: nothing waits for the next statement. What the bank did not book within 30 days is no longer waited for.
/// </summary>
public sealed partial class SweepBankEntries(
    NpgsqlDataSource database,
    SuggestMatches suggest,
    TimeProvider clock,
    ILogger<SweepBankEntries> log
) : BackgroundService
{
    private const string AnnouncedSince = """
        update bank_entry e set state = 'waiting'
        from payout p
        where p.state = 'announced' and e.seller_id = p.seller_id and e.state in ('open', 'proposed') and not e.by_hand
          and e.decided_at < p.announced_at and e.currency = p.currency
          and p.amount = case when e.is_credit then e.amount else -e.amount end
        """;

    // A bank books what it announced within days; a transfer ordered for later, after its day.
    private const string NeverBooked = """
        update bank_entry set state = 'unbooked', decided_at = @At
        where state = 'pending' and greatest(booked_on, valued_on, imported_at::date) < @Until
        """;
    private const string LeftWaiting = """
        select distinct seller_id from bank_entry where state = 'waiting' and imported_at < @Before limit 100
        """;

    private const int DaysToBook = 30;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
        }
    }

    /// <summary>Looks at what was left.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<SellerId> sellers;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await connection.ExecuteAsync(AnnouncedSince);
            var now = clock.GetUtcNow();
            await connection.ExecuteAsync(
                NeverBooked,
                new { At = now, Until = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-DaysToBook) }
            );
            sellers = [.. await connection.QueryAsync<SellerId>(LeftWaiting, new { Before = now - Every })];
        }

        foreach (var seller in sellers)
        {
            await suggest.RunAsync(seller, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The bank's lines that wait are looked at in a minute: {Reason}")]
    private partial void LogLater(string reason);
}
