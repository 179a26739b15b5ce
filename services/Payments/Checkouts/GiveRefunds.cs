using System.Diagnostics.Metrics;
using Dapper;
using Npgsql;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>
/// Refunds that a provider has to give are asked for, under an id that gives each of them once however often it is asked, until the
/// provider says that it was given or will not be.
/// </summary>
public sealed partial class GiveRefunds(
    NpgsqlDataSource database,
    OpenProviders accounts,
    AskProviders ask,
    ConcludeCheckout conclude,
    PublicAddress address,
    CheckoutPace pace,
    TimeProvider clock,
    ILogger<GiveRefunds> log
) : AskInTurn<DueRefund>(pace, clock)
{
    // Whoever takes it has it until its lease ends.
    private const string Take = """
        update refund r
        set next_look_at = @Until, looks = r.looks + 1
        from (
            select d.seller_id, d.payment_id, d.reference, p.provider, p.provider_reference, p.currency
            from refund d join payment p on p.seller_id = d.seller_id and p.payment_id = d.payment_id
            where d.state = 'asked' and d.next_look_at <= @Now and p.provider <> all(@Busy)
            order by d.next_look_at limit @Most for update of d skip locked
        ) due
        where r.seller_id = due.seller_id and r.payment_id = due.payment_id and r.reference = due.reference
        returning r.seller_id, r.payment_id, r.reference, r.refund_id, r.amount, r.looks, r.refunded_at, due.provider,
            due.provider_reference, due.currency
        """;
    private const string CheckoutOf = $"""
        select {KeptCheckout.Columns}
        from provider_fact f join checkout c on c.seller_id = f.seller_id and c.checkout_id = f.checkout_id
        where f.seller_id = @SellerId and f.payment_id = @PaymentId and f.provider = @Provider
        order by f.applied_at limit 1
        """;
    private const string PutOff = """
        update refund set next_look_at = @Next, reason = @Reason, provider_reference = coalesce(@Theirs, provider_reference)
        where seller_id = @SellerId and payment_id = @PaymentId and reference = @Reference and state = 'asked'
        """;
    private const string CountAsk = """
        update refund set asks = asks + @More
        where seller_id = @SellerId and payment_id = @PaymentId and reference = @Reference
        returning asks
        """;
    private const string HowMany = """
        select count(*) as asked, min(refunded_at) as oldest from refund where state = 'asked'
        """;

    private static readonly Gauge<long> UnderWay = Telemetry.Meter.CreateGauge<long>("payments.refunds.under_way", "{refund}");
    private static readonly Gauge<double> Oldest = Telemetry.Meter.CreateGauge<double>("payments.refunds.oldest", "s");

    /// <summary>Asks for everything that is due, and gives back how many those were.</summary>
    public Task<int> GiveDueAsync(CancellationToken cancellationToken) => AskAllDueAsync(cancellationToken);

    /// <inheritdoc />
    protected override string ProviderOf(DueRefund due) => due.Provider;

    /// <inheritdoc />
    protected override void SayLater(string reason) => LogLater(reason);

    /// <inheritdoc />
    protected override async Task<IReadOnlyList<DueRefund>> TakeAsync(Room room, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<DueRefund>(new CommandDefinition(Take, room, cancellationToken: cancellationToken))];
    }

    /// <inheritdoc />
    protected override async Task AskAsync(DueRefund due, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("GiveRefund");
        try
        {
            if (await GiveAsync(due, cancellationToken) is { } waits)
            {
                await PutOffAsync(due, waits, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end: its lease ends by itself.
        }
        catch (Exception exception)
        {
            LogSurprise(exception, due.RefundId, due.Provider, due.SellerId.Value);
            try
            {
                await PutOffAsync(due, new Waits($"it could not be booked: {exception.Message}", null, false), cancellationToken);
            }
            catch (Exception)
            {
                // The database is away: its lease ends by itself.
            }
        }
    }

    /// <summary>Asks and books; why it is still under way, where it is.</summary>
    private async Task<Waits?> GiveAsync(DueRefund due, CancellationToken cancellationToken)
    {
        if (await accounts.OfAsync(due.SellerId, due.Provider, cancellationToken) is not { } account)
        {
            return new Waits("the account cannot be opened here", null, false);
        }

        if (due.ProviderReference is not { } payment || await CheckoutAsync(due, cancellationToken) is not { } kept)
        {
            return new Waits($"nothing is known that {due.Provider} would know its payment by", null, true);
        }

        RefundSeen seen;
        var began = Clock.GetUtcNow();
        // Written down before it leaves: whoever comes after a crash in between looks for it first.
        var askedBefore = await CountAskAsync(due, 1, cancellationToken) - 1;
        try
        {
            seen = await ask.RefundAsync(
                account,
                new RefundOrder
                {
                    RefundId = due.RefundId,
                    Checkout = kept.ToCheckout(KeptProvider.Webhook(address, account.Provider, account.AccountId)),
                    Payment = payment,
                    Amount = Book.Coins(due.Amount, due.Currency),
                    Currency = due.Currency,
                    AskedBefore = askedBefore,
                },
                cancellationToken
            );
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (AskProviders.NeverLeft(exception))
            {
                await CountAskAsync(due, -1, cancellationToken);
            }

            LogUnanswered(due.RefundId, due.Provider, exception.Message);
            return new Waits($"{due.Provider} does not answer: {exception.Message}", null, false);
        }

        if (seen.State == RefundState.Asked)
        {
            return new Waits(seen.Reason ?? $"under way at {due.Provider}", seen.Reference, true);
        }

        var fact = new RefundEnded
        {
            FactId = $"asked-refund:{due.RefundId:N}:{seen.State.ToString().ToLowerInvariant()}",
            // As of when it was asked: what was told meanwhile is newer.
            At = began,
            RefundId = due.RefundId,
            Payment = payment,
            Reference = seen.Reference ?? due.RefundId.ToString(),
            State = seen.State,
            Amount = Book.Coins(due.Amount, due.Currency),
            Currency = due.Currency,
            Reason = seen.Reason,
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var conclusion = await conclude.ApplyAsync(transaction, account, [fact], cancellationToken);
        await conclude.CommitAsync(transaction, account, conclusion, cancellationToken);
        return conclusion.PutOff is [var putOff, ..] ? new Waits(putOff.Reason, seen.Reference, true) : null;
    }

    /// <summary>How often it may have left for the provider, after this one more or less.</summary>
    private async Task<int> CountAskAsync(DueRefund due, int more, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var counted = new
        {
            due.SellerId,
            due.PaymentId,
            due.Reference,
            More = more,
        };
        return await connection.QuerySingleAsync<int>(new CommandDefinition(CountAsk, counted, cancellationToken: cancellationToken));
    }

    private async Task<KeptCheckout?> CheckoutAsync(DueRefund due, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<KeptCheckout>(
            new CommandDefinition(
                CheckoutOf,
                new
                {
                    due.SellerId,
                    due.PaymentId,
                    due.Provider,
                },
                cancellationToken: cancellationToken
            )
        );
    }

    private async Task PutOffAsync(DueRefund due, Waits waits, CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        if (now - due.RefundedAt > Pace.Alarming)
        {
            LogTooLong(due.RefundId, due.Provider, due.SellerId.Value, due.RefundedAt, waits.Reason);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                PutOff,
                new
                {
                    due.SellerId,
                    due.PaymentId,
                    due.Reference,
                    Next = now + WaitAfter(due.Looks - 1, waits.IsAnswered),
                    Reason = Kept(waits.Reason),
                    waits.Theirs,
                },
                cancellationToken: cancellationToken
            )
        );
    }

    /// <inheritdoc />
    protected override async Task CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var count = await connection.QuerySingleAsync<Count>(new CommandDefinition(HowMany, cancellationToken: cancellationToken));
        UnderWay.Record(count.Asked);
        Oldest.Record(count.Oldest is { } oldest ? (Clock.GetUtcNow() - oldest).TotalSeconds : 0);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refunds wait to be asked for: {Reason}")]
    private partial void LogLater(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refund {RefundId} is under way, {Provider} does not answer: {Reason}")]
    private partial void LogUnanswered(Guid refundId, string provider, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Refund {RefundId} by {Provider} of seller {SellerId} ended in a surprise")]
    private partial void LogSurprise(Exception exception, Guid refundId, string provider, string sellerId);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "What became of refund {RefundId} by {Provider} of seller {SellerId} is not known since {AskedAt}: {Reason}"
    )]
    private partial void LogTooLong(Guid refundId, string provider, string sellerId, DateTimeOffset askedAt, string reason);

    /// <summary>Why a refund is still under way, what the provider knows it by, and whether the provider answered.</summary>
    private sealed record Waits(string Reason, string? Theirs, bool IsAnswered);

    private sealed record Count
    {
        public long Asked { get; init; }

        public DateTimeOffset? Oldest { get; init; }
    }
}
