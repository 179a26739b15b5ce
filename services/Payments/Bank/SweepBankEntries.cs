using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Bank;

/// <summary>
/// Lines of the bank that were kept and not looked at, because the process ended in between, are looked at within a minute, and those that
/// a provider announced since: nothing waits for the next statement.
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
    private const string LeftWaiting = """
        select distinct seller_id from bank_entry where state = 'waiting' and imported_at < @Before limit 100
        """;

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
            sellers = [.. await connection.QueryAsync<SellerId>(LeftWaiting, new { Before = clock.GetUtcNow() - Every })];
        }

        foreach (var seller in sellers)
        {
            await suggest.RunAsync(seller, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The bank's lines that wait are looked at in a minute: {Reason}")]
    private partial void LogLater(string reason);
}
