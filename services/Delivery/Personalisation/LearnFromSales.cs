using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>
/// Every issued invoice teaches what is bought together and what customers do after an offer, once, in the order in which it was heard;
/// later than its mail, which waits for nothing of this.
/// </summary>
public sealed partial class LearnFromSales(
    NpgsqlDataSource database,
    LearnBaskets baskets,
    CountPurchases purchases,
    FindPromotions promotions,
    DeliveryOptions options,
    TimeProvider clock,
    ILogger<LearnFromSales> log
) : BackgroundService
{
    /// <summary>How many are learned in one transaction.</summary>
    public const int AtOnce = 2048;

    // Of large ones fewer are learned together: all of them are held in memory.
    private const long MostBytes = 16_000_000;

    // Where so many in a row cannot be learned from, it is not the sales that are to blame.
    private const int FailuresInARow = 3;

    /// <summary>How many times as long as it took to learn nothing is learned.</summary>
    private const int RestFor = 12;

    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(20);

    // One instance at a time: what corrects a sale is learned after it.
    private const string LockOthersOut = "select pg_try_advisory_xact_lock(hashtext('delivery-learn-from-sales'))";

    private const string NextOnes = """
        select position, event_id, body
        from (
            select position, event_id, body, sum(octet_length(body)) over (order by position) - octet_length(body) as bytes_before
            from (
                select position, event_id, body from heard_sale
                where not_before is null or not_before <= @now
                order by position limit @most
            ) first_ones
        ) counted
        where bytes_before < @mostBytes
        order by position
        """;

    private const string Forget = "delete from heard_sale where position = any(@positions)";

    private const string PutOff = """
        update heard_sale
        set failures = failures + 1, not_before = @now + least(interval '1 day', interval '1 minute' * power(2, least(failures, 11)))
        where position = @position
        returning failures
        """;

    private readonly System.Threading.Channels.Channel<byte> _calls = System.Threading.Channels.Channel.CreateBounded<byte>(
        new System.Threading.Channels.BoundedChannelOptions(1) { FullMode = System.Threading.Channels.BoundedChannelFullMode.DropWrite }
    );

    /// <summary>There is something to learn.</summary>
    public void Wake() => _calls.Writer.TryWrite(0);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var began = Stopwatch.GetTimestamp();
                if (await LearnNextAsync(stoppingToken))
                {
                    // Nobody waits for what is learned: it takes a small part of the machine, and more sales at once where there are many.
                    var rest = Stopwatch.GetElapsedTime(began) * RestFor;
                    await Task.Delay(rest < LongestRest ? rest : LongestRest, stoppingToken);
                    continue;
                }

                await WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogLater(exception.Message);
                await Task.Delay(options.LookAnyway, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.LookAnyway);
        try
        {
            await _calls.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody called: look anyway.
        }
    }

    /// <summary>Learns from those that were heard first; false where there are none for this instance.</summary>
    private async Task<bool> LearnNextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await LearnAsync(AtOnce, putsOff: false, cancellationToken) != Learned.Nothing;
        }
        catch (Exception exception) when (!Resilience.IsPassing(exception) && !cancellationToken.IsCancellationRequested)
        {
            LogOneByOne(exception.Message);
        }

        // One after the other, so that one that cannot be learned from holds up no other.
        var failedInARow = 0;
        for (var i = 0; i < AtOnce; i++)
        {
            var learned = await LearnAsync(1, putsOff: true, cancellationToken);
            if (learned == Learned.Nothing)
            {
                break;
            }

            failedInARow = learned == Learned.Failed ? failedInARow + 1 : 0;
            if (failedInARow == FailuresInARow)
            {
                await Task.Delay(options.LookAnyway, cancellationToken);
                break;
            }
        }

        return true;
    }

    private async Task<Learned> LearnAsync(int most, bool putsOff, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await connection.ExecuteScalarAsync<bool>(LockOthersOut, transaction: transaction))
        {
            return Learned.Nothing;
        }

        var now = clock.GetUtcNow();
        var rows = (
            await connection.QueryAsync<Row>(
                NextOnes,
                new
                {
                    most,
                    mostBytes = MostBytes,
                    now,
                },
                transaction
            )
        ).ToArray();
        if (rows.Length == 0)
        {
            return Learned.Nothing;
        }

        try
        {
            var sales = rows.Select(row => JsonSerializer.Deserialize<InvoiceIssued>(row.Body, Wire.Tolerant)!).ToArray();
            await baskets.LearnAsync(
                transaction,
                [.. sales.Select(ShoppingBasket.Of).OfType<ShoppingBasket>()],
                rows.Length == AtOnce || rows.Sum(row => (long)row.Body.Length) > MostBytes / 2,
                cancellationToken
            );
            await purchases.CountAsync(transaction, sales, cancellationToken);
            await connection.ExecuteAsync(Forget, new { positions = rows.Select(row => row.Position).ToArray() }, transaction);
            await transaction.CommitAsync(cancellationToken);
            promotions.Forget(sales.Select(sale => sale.SellerId).Distinct());
            return Learned.Some;
        }
        catch (Exception exception) when (putsOff && !Resilience.IsPassing(exception) && !cancellationToken.IsCancellationRequested)
        {
            await transaction.RollbackAsync(cancellationToken);
            var failures = await connection.ExecuteScalarAsync<int>(PutOff, new { position = rows[0].Position, now });
            LogCannotLearn(exception, rows[0].EventId, failures);
            return Learned.Failed;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sales wait to be learned from: {Reason}")]
    private partial void LogLater(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sales are learned from one by one, one of them cannot be: {Reason}")]
    private partial void LogOneByOne(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing was learned from the invoice of event {EventId}, tried {Failures} times")]
    private partial void LogCannotLearn(Exception exception, Guid eventId, int failures);

    private enum Learned
    {
        Nothing,
        Some,
        Failed,
    }

    private sealed record Row
    {
        public long Position { get; init; }
        public Guid EventId { get; init; }
        public string Body { get; init; } = "";
    }
}
