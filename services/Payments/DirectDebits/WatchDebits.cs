using System.Diagnostics.Metrics;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>
/// Debits that no line of the bank has answered are looked at on their days: when the time in which banks settle and return is over, they
/// are unanswered, nothing of them is in flight any more, and somebody has to say what became of them. A line that comes late counts.
/// </summary>
public sealed partial class WatchDebits(NpgsqlDataSource database, KeepBooks books, TimeProvider clock, ILogger<WatchDebits> log)
    : BackgroundService
{
    // Somewhere it is tomorrow already; whose day it is not yet is left.
    private const string Due = """
        select distinct d.seller_id, d.batch_id, b.collect_on, s.time_zone
        from debit d join debit_batch b using (seller_id, batch_id) left join seller s on s.seller_id = d.seller_id
        where d.next_check_on <= @Latest
        order by d.seller_id, d.batch_id limit 1000
        """;
    private const string InvoicesOf = """
        select invoice_id from debit where seller_id = @SellerId and batch_id = @BatchId and next_check_on <= @Today
        """;
    private const string Waiting = """
        select d.end_to_end_id, d.invoice_id, d.amount, d.state, m.scheme
        from debit d join mandate m using (seller_id, mandate_id)
        where d.seller_id = @SellerId and d.batch_id = @BatchId and d.next_check_on <= @Today and d.invoice_id = any(@Invoices)
        order by d.place
        """;
    private const string Keep = """
        update debit set state = @State, waits_for = @WaitsFor, next_check_on = @NextCheckOn
        where seller_id = @SellerId and end_to_end_id = @EndToEndId
        """;
    private const string HowMany = "select count(*) from debit where state = 'unanswered'";

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly Gauge<long> Unanswered = Telemetry.Meter.CreateGauge<long>("payments.debits.unanswered", "{debit}");

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await CheckDueAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogLater(exception.Message);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Looks at everything whose day has come, and gives back how many debits are unanswered from now on.</summary>
    public async Task<int> CheckDueAsync(CancellationToken token)
    {
        var (now, ended) = (clock.GetUtcNow(), 0);
        await using var connection = await database.OpenConnectionAsync(token);
        var latest = new { Latest = DateOnly.FromDateTime(now.UtcDateTime).AddDays(1) };
        var due = (await connection.QueryAsync<DueBatch>(new CommandDefinition(Due, latest, cancellationToken: token))).ToList();
        foreach (var batch in due)
        {
            ended += await CheckAsync(connection, batch, SellerDay.Of(now, batch.TimeZone), token);
        }

        Unanswered.Record(await connection.QuerySingleAsync<long>(new CommandDefinition(HowMany, cancellationToken: token)));
        return ended;
    }

    private async Task<int> CheckAsync(NpgsqlConnection connection, DueBatch batch, DateOnly today, CancellationToken token)
    {
        await using var transaction = await connection.BeginTransactionAsync(token);
        var named = new
        {
            batch.SellerId,
            batch.BatchId,
            Today = today,
        };
        var invoices = (await connection.QueryAsync<InvoiceId>(InvoicesOf, named, transaction)).ToList();
        if (invoices.Count == 0)
        {
            return 0;
        }

        // Debits change under their invoices' locks only, so that what is found after them is so.
        var book = await books.OpenAsync(transaction, batch.SellerId, invoices, token);
        var held = new
        {
            batch.SellerId,
            batch.BatchId,
            Today = today,
            Invoices = invoices.Select(each => each.Value).ToArray(),
        };
        var ended = 0;
        foreach (var debit in (await connection.QueryAsync<Row>(Waiting, held, transaction)).ToList())
        {
            var wait = DebitWait.Of(batch.CollectOn, debit.Scheme, today);
            if (debit.State == Debit.IsSubmitted && wait.State == Debit.IsUnanswered)
            {
                book.End(debit.InvoiceId, debit.Amount);
                ended++;
            }

            if (wait.State == Debit.IsUnanswered)
            {
                LogUnanswered(debit.EndToEndId, batch.BatchId, batch.SellerId, wait.WaitsFor, wait.NextCheckOn);
            }

            var kept = new
            {
                batch.SellerId,
                debit.EndToEndId,
                wait.State,
                wait.WaitsFor,
                wait.NextCheckOn,
            };
            await connection.ExecuteAsync(Keep, kept, transaction);
        }

        await books.CloseAsync(transaction, book, token);
        await books.CommitAsync(transaction, token);
        return ended;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Direct debits wait to be looked at: {Reason}")]
    private partial void LogLater(string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "No line of the bank answers direct debit {EndToEndId} of batch {BatchId} of {SellerId}: it waits for a {WaitsFor}, and is looked at again on {NextCheckOn}"
    )]
    private partial void LogUnanswered(string endToEndId, Guid batchId, SellerId sellerId, string waitsFor, DateOnly nextCheckOn);

    private sealed record DueBatch
    {
        public SellerId SellerId { get; init; }

        public Guid BatchId { get; init; }

        public DateOnly CollectOn { get; init; }

        public string? TimeZone { get; init; }
    }

    private sealed record Row
    {
        public string EndToEndId { get; init; } = "";

        public InvoiceId InvoiceId { get; init; }

        public decimal Amount { get; init; }

        public string State { get; init; } = "";

        public string Scheme { get; init; } = "";
    }
}
