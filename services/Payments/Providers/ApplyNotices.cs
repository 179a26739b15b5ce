using System.Diagnostics.Metrics;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Checkouts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers;

/// <summary>
/// What providers told is booked: a seller's notices together, in the order in which they came, and those apart that cannot be booked yet,
/// so that one of them holds up no other. Woken by whoever takes them; looks anyway for what has become due.
/// </summary>
public sealed partial class ApplyNotices(
    NpgsqlDataSource database,
    OpenProviders accounts,
    AskPayouts payouts,
    ConcludeCheckout conclude,
    CheckoutPace pace,
    NoticeRush rush,
    TimeProvider clock,
    ILogger<ApplyNotices> log
) : BackgroundService
{
    /// <summary>How many are booked in one transaction: what is written to disk for more of them would hold up those who wait for an answer.</summary>
    public const int AtOnce = 32;

    /// <summary>Accounts that an instance books for at the same time.</summary>
    private const int Parallel = 2;

    // Where so many in a row cannot be booked, it is not the notices that are to blame.
    private const int FailuresInARow = 3;

    // From account to account by the index, so that ten thousand notices of one are one step, and it is no account's turn twice before
    // another's.
    private const string DueAccounts = """
        with recursive waiting as (
            (
                select seller_id, provider from provider_notice
                where state = 'waiting' order by seller_id, provider limit 1
            )
            union all
            select next.seller_id, next.provider from waiting
            cross join lateral (
                select n.seller_id, n.provider from provider_notice n
                where n.state = 'waiting' and (n.seller_id, n.provider) > (waiting.seller_id, waiting.provider)
                order by n.seller_id, n.provider limit 1
            ) next
        )
        select w.seller_id, w.provider from waiting w
        where exists (
            select from provider_notice n
            where n.seller_id = w.seller_id and n.provider = w.provider and n.state = 'waiting' and n.next_try_at <= @Now
        )
        order by random() limit @Most
        """;

    private const string HowMany = """
        select count(*) as waiting, min(received_at) as oldest,
            (select count(*) from provider_notice where state = 'failed') as failed
        from provider_notice where state = 'waiting'
        """;

    private static readonly TimeSpan LookAtAll = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookWhileRushed = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);
    private static readonly Gauge<long> Waiting = Telemetry.Meter.CreateGauge<long>("payments.notices.waiting", "{notice}");
    private static readonly Gauge<double> Oldest = Telemetry.Meter.CreateGauge<double>("payments.notices.oldest", "s");
    private static readonly Gauge<long> Failed = Telemetry.Meter.CreateGauge<long>("payments.notices.failed", "{notice}");
    private static readonly Counter<long> Applied = Telemetry.Meter.CreateCounter<long>("payments.notices.applied", "{notice}");

    private readonly Bell _bell = new();

    /// <summary>There is something to book.</summary>
    public void Wake() => _bell.Ring();

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var looked = long.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (looked == long.MinValue || clock.GetElapsedTime(looked) >= LookAtAll)
                {
                    looked = clock.GetTimestamp();
                    await CountAsync(stoppingToken);
                }

                while (rush.HoldsUp())
                {
                    await Task.Delay(LookWhileRushed, clock, stoppingToken);
                }

                var began = clock.GetTimestamp();
                if (!await ApplyDueAsync(stoppingToken))
                {
                    await _bell.HearAsync(pace.LookAnyway, stoppingToken);
                }
                else if (pace.NoticesRest > 0)
                {
                    await RestAsync(clock.GetElapsedTime(began), stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogLater(exception.Message);
                await Task.Delay(pace.LookAnyway, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Books what is due, of several accounts at the same time; false where there is nothing for this instance.</summary>
    public async Task<bool> ApplyDueAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<DueAccount> due;
        var asked = new { Now = clock.GetUtcNow(), Most = 4 * Parallel };
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            due =
            [
                .. await connection.QueryAsync<DueAccount>(new CommandDefinition(DueAccounts, asked, cancellationToken: cancellationToken)),
            ];
        }

        var booked = 0;
        await System.Threading.Tasks.Parallel.ForEachAsync(
            due,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (account, token) =>
            {
                if (await ApplyNextAsync(account, token))
                {
                    Interlocked.Increment(ref booked);
                }
            }
        );
        return booked > 0;
    }

    /// <summary>
    /// Booking takes a part of the time only: providers that are being answered come first, and what waits longer is booked in fewer and
    /// larger steps.
    /// </summary>
    private async Task RestAsync(TimeSpan worked, CancellationToken cancellationToken)
    {
        var rest = worked * pace.NoticesRest;
        await Task.Delay(rest < LongestRest ? rest : LongestRest, clock, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<bool> ApplyNextAsync(DueAccount due, CancellationToken cancellationToken)
    {
        if (await accounts.OfAsync(due.SellerId, due.Provider, cancellationToken) is not { } account)
        {
            return await PutOffAllAsync(due, cancellationToken);
        }

        try
        {
            return await ApplyAsync(due, account, AtOnce, putsOff: false, cancellationToken) == Outcome.Some;
        }
        catch (Exception exception) when (!Resilience.IsPassing(exception) && !cancellationToken.IsCancellationRequested)
        {
            LogOneByOne(due.Provider, due.SellerId, exception.Message);
        }

        var failedInARow = 0;
        for (var i = 0; i < AtOnce && failedInARow < FailuresInARow; i++)
        {
            var outcome = await ApplyAsync(due, account, 1, putsOff: true, cancellationToken);
            if (outcome == Outcome.Nothing)
            {
                break;
            }

            failedInARow = outcome == Outcome.Failed ? failedInARow + 1 : 0;
        }

        return true;
    }

    private async Task<Outcome> ApplyAsync(
        DueAccount due,
        ProviderAccount account,
        int most,
        bool putsOff,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("ApplyNotices");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var rows = await TakeAsync(connection, transaction, due, most, now, cancellationToken);
        if (rows.Count == 0)
        {
            return Outcome.Nothing;
        }

        try
        {
            var told = rows.ConvertAll(row => (Row: row, Facts: FactForm.Read(row.Facts)));
            var putOff = new Dictionary<string, PutOffFact>(StringComparer.Ordinal);
            var facts = await WholeAsync(account, told.SelectMany(each => each.Facts), putOff, cancellationToken);
            var conclusion = await conclude.ApplyAsync(transaction, account, facts, cancellationToken);
            foreach (var fact in conclusion.PutOff)
            {
                putOff[fact.FactId] = fact;
            }

            var written = told.ConvertAll(each =>
                After(each.Row, [.. each.Facts.Where(fact => putOff.ContainsKey(fact.FactId)).Select(fact => putOff[fact.FactId])], now)
            );
            await WriteAsync(connection, transaction, due, written, cancellationToken);
            await conclude.CommitAsync(transaction, account, conclusion, cancellationToken);
            Tell(due, written);
            return Outcome.Some;
        }
        catch (Exception exception) when (putsOff && !Resilience.IsPassing(exception) && !cancellationToken.IsCancellationRequested)
        {
            await transaction.RollbackAsync(cancellationToken);
            var written = rows.ConvertAll(row => After(row, [new PutOffFact("", exception.Message, IsForeign: false)], now));
            await WriteAsync(connection, null, due, written, cancellationToken);
            LogCannotBook(exception, rows[0].EventId, due.Provider, due.SellerId, written[0].Attempts);
            Tell(due, written);
            return Outcome.Failed;
        }
    }

    /// <summary>
    /// The facts with all that the provider says of them only when it is asked; those of which it does not answer are put off. Few: there
    /// is a payout a day.
    /// </summary>
    private async Task<IReadOnlyList<ProviderFact>> WholeAsync(
        ProviderAccount account,
        IEnumerable<ProviderFact> facts,
        Dictionary<string, PutOffFact> putOff,
        CancellationToken cancellationToken
    )
    {
        var whole = new List<ProviderFact>();
        foreach (var fact in facts)
        {
            try
            {
                whole.Add(fact is PaidOut paidOut ? await payouts.RunAsync(account, paidOut, cancellationToken) : fact);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                var reason = exception is StillAsked ? exception.Message : $"{account.Provider} does not answer: {exception.Message}";
                putOff[fact.FactId] = new PutOffFact(fact.FactId, reason, IsForeign: false);
            }
        }

        return whole;
    }

    private void Tell(DueAccount due, List<Row> rows)
    {
        Applied.Add(rows.Count(each => each.State == "applied"), new KeyValuePair<string, object?>("provider", due.Provider));
        foreach (var row in rows.Where(each => each.State == "failed"))
        {
            LogGivenUp(row.EventId, due.Provider, due.SellerId, row.Reason);
        }
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var count = await connection.QuerySingleAsync<Count>(new CommandDefinition(HowMany, cancellationToken: cancellationToken));
        Waiting.Record(count.Waiting);
        Failed.Record(count.Failed);
        Oldest.Record(count.Oldest is { } oldest ? (clock.GetUtcNow() - oldest).TotalSeconds : 0);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What providers told waits to be booked: {Reason}")]
    private partial void LogLater(string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "What {Provider} told of seller {SellerId} is booked one by one, one of it cannot be: {Reason}"
    )]
    private partial void LogOneByOne(string provider, SellerId sellerId, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Notice {EventId} of {Provider} for seller {SellerId} cannot be booked, tried {Attempts} times"
    )]
    private partial void LogCannotBook(Exception exception, string eventId, string provider, SellerId sellerId, int attempts);

    [LoggerMessage(Level = LogLevel.Error, Message = "Notice {EventId} of {Provider} for seller {SellerId} is given up: {Reason}")]
    private partial void LogGivenUp(string eventId, string provider, SellerId sellerId, string? reason);

    private enum Outcome
    {
        Nothing,
        Some,
        Failed,
    }

    private sealed record DueAccount
    {
        public SellerId SellerId { get; init; }

        public string Provider { get; init; } = "";
    }

    private sealed record Count
    {
        public long Waiting { get; init; }

        public long Failed { get; init; }

        public DateTimeOffset? Oldest { get; init; }
    }
}
