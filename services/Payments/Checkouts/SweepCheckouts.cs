using System.Diagnostics.Metrics;
using Dapper;
using Npgsql;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>
/// Every checkout whose outcome is not known is asked about, soon at first and then less often, until it is known: a notice may be lost, a
/// process may die between asking and keeping the answer. Past its end the provider is asked to let nobody pay it any more. However many
/// instances there are, one of them asks.
/// </summary>
public sealed partial class SweepCheckouts(
    NpgsqlDataSource database,
    AskCheckout ask,
    CheckoutPace pace,
    TimeProvider clock,
    ILogger<SweepCheckouts> log
) : AskInTurn<KeptCheckout>(pace, clock)
{
    // Whoever takes it has it until its lease ends, and then it is anyone's.
    private const string Take = $"""
        update checkout c
        set next_look_at = @Until, looks = c.looks + 1
        from (
            select seller_id, checkout_id from checkout
            where next_look_at <= @Now and provider <> all(@Busy)
            order by next_look_at limit @Most for update skip locked
        ) due
        where c.seller_id = due.seller_id and c.checkout_id = due.checkout_id
        returning {KeptCheckout.Columns}
        """;
    private const string PutOff = """
        update checkout set next_look_at = @Next, reason = case when state = 'open' then @Reason else reason end
        where seller_id = @SellerId and checkout_id = @CheckoutId and next_look_at = @Until
        """;

    // What is open is never let go.
    private const string LetGo = """
        update checkout set next_look_at = null
        where seller_id = @SellerId and checkout_id = @CheckoutId and next_look_at = @Until and state <> 'open'
        """;
    private const string HowMany = """
        select count(*) as open, min(started_at) as oldest, count(*) filter (where started_at < @Alarming) as alarming
        from checkout where state = 'open'
        """;

    // Its end by the provider's clock is over when ours is a little past it.
    private static readonly TimeSpan PastItsEnd = TimeSpan.FromSeconds(5);

    private static readonly Gauge<long> OpenOnes = Telemetry.Meter.CreateGauge<long>("payments.checkouts.open", "{checkout}");
    private static readonly Gauge<double> Oldest = Telemetry.Meter.CreateGauge<double>("payments.checkouts.oldest", "s");
    private static readonly Gauge<long> TooLong = Telemetry.Meter.CreateGauge<long>("payments.checkouts.open_too_long", "{checkout}");
    private static readonly Counter<long> Looks = Telemetry.Meter.CreateCounter<long>("payments.checkouts.looks", "{look}");

    /// <summary>Asks about everything that is due, and gives back how many those were.</summary>
    public Task<int> SweepAsync(CancellationToken cancellationToken) => AskAllDueAsync(cancellationToken);

    /// <inheritdoc />
    protected override string ProviderOf(KeptCheckout due) => due.Provider;

    /// <inheritdoc />
    protected override void SayLater(string reason) => LogLater(reason);

    /// <inheritdoc />
    protected override async Task<IReadOnlyList<KeptCheckout>> TakeAsync(Room room, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<KeptCheckout>(new CommandDefinition(Take, room, cancellationToken: cancellationToken))];
    }

    /// <inheritdoc />
    protected override async Task AskAsync(KeptCheckout due, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ask.HandleAsync(due, cancellationToken);
            Looks.Add(
                1,
                new KeyValuePair<string, object?>("provider", due.Provider),
                new KeyValuePair<string, object?>("answered", answer.IsAnswered)
            );
            if (!answer.IsOver || !await LetGoAsync(due, cancellationToken))
            {
                await PutOffAsync(due, answer.Reason, answer.IsAnswered, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end: its lease ends by itself.
        }
        catch (Exception exception)
        {
            await PutOffAfterAsync(due, exception, cancellationToken);
        }
    }

    private async Task PutOffAfterAsync(KeptCheckout kept, Exception exception, CancellationToken cancellationToken)
    {
        if (Resilience.IsPassing(exception))
        {
            LogLater(exception.Message);
        }
        else
        {
            LogSurprise(exception, kept.CheckoutId, kept.Provider, kept.SellerId.Value);
        }

        try
        {
            await PutOffAsync(kept, $"it could not be booked: {exception.Message}", isAnswered: false, cancellationToken);
        }
        catch (Exception)
        {
            // The database is away: its lease ends by itself.
        }
    }

    private async Task<bool> LetGoAsync(KeptCheckout kept, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var let = new
        {
            kept.SellerId,
            kept.CheckoutId,
            Until = kept.NextLookAt,
        };
        return await connection.ExecuteAsync(new CommandDefinition(LetGo, let, cancellationToken: cancellationToken)) > 0;
    }

    private async Task PutOffAsync(KeptCheckout kept, string reason, bool isAnswered, CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        var next = now + WaitAfter(kept.Looks, isAnswered);
        var end = kept.ExpiresAt + PastItsEnd;
        if (now < kept.ExpiresAt && next > end)
        {
            next = end;
        }

        if (now - kept.StartedAt > Pace.Alarming)
        {
            LogTooLong(kept.CheckoutId, kept.Provider, kept.SellerId.Value, kept.StartedAt, reason);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                PutOff,
                new
                {
                    kept.SellerId,
                    kept.CheckoutId,
                    Next = next,
                    Until = kept.NextLookAt,
                    Reason = Kept(reason),
                },
                cancellationToken: cancellationToken
            )
        );
    }

    /// <inheritdoc />
    protected override async Task CountAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var count = await connection.QuerySingleAsync<Count>(
            new CommandDefinition(HowMany, new { Alarming = now - Pace.Alarming }, cancellationToken: cancellationToken)
        );
        OpenOnes.Record(count.Open);
        Oldest.Record(count.Oldest is { } oldest ? (now - oldest).TotalSeconds : 0);
        TooLong.Record(count.Alarming);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Checkouts wait to be asked about: {Reason}")]
    private partial void LogLater(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Checkout {CheckoutId} with {Provider} of seller {SellerId} ended in a surprise")]
    private partial void LogSurprise(Exception exception, Guid checkoutId, string provider, string sellerId);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "What became of checkout {CheckoutId} with {Provider} of seller {SellerId} is not known since {StartedAt}: {Reason}"
    )]
    private partial void LogTooLong(Guid checkoutId, string provider, string sellerId, DateTimeOffset startedAt, string reason);

    private sealed record Count
    {
        public long Open { get; init; }

        public DateTimeOffset? Oldest { get; init; }

        public long Alarming { get; init; }
    }
}
