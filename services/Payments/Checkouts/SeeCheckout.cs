using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>
/// A payer comes back: that proves nothing. Where the outcome is not known, the provider is asked once, and what is known then is shown.
/// </summary>
public sealed partial class SeeCheckout(
    NpgsqlDataSource database,
    AskCheckout ask,
    CheckoutPace pace,
    TimeProvider clock,
    ILogger<SeeCheckout> log
)
{
    private const string One = $"""
        select {KeptCheckout.Columns}
        from checkout c where c.seller_id = @SellerId and c.checkout_id = @CheckoutId
        """;

    // However often a page is loaded again, in however many instances.
    private const string TakeTurn = """
        update checkout set seen_at = @Now
        where seller_id = @SellerId and checkout_id = @CheckoutId and state = 'open' and (seen_at is null or seen_at <= @Before)
        """;

    /// <summary>Shows it.</summary>
    public async Task<Outcome<SeenCheckout>> HandleAsync(SellerId seller, Guid checkoutId, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("SeeCheckout");
        if (await ReadAsync(seller, checkoutId, token) is not { } kept)
        {
            return PaymentsFaults.NoCheckout.With(checkoutId);
        }

        if (kept.IsOpen && await TakeTurnAsync(kept, token))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
            limit.CancelAfter(pace.SeeWithin);
            try
            {
                await ask.HandleAsync(kept, limit.Token);
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                // The sweeper asks again; the payer is shown what is known.
                LogNotKnown(kept.CheckoutId, kept.Provider, exception.Message);
            }

            kept = await ReadAsync(seller, checkoutId, token) ?? kept;
        }

        return new SeenCheckout
        {
            State = kept.Standing,
            Amount = Book.Coins(kept.Amount, kept.Currency),
            Currency = kept.Currency,
            Invoices = kept.Invoices,
            Reason = kept.Standing is CheckoutState.Open or CheckoutState.Paid ? null : kept.Reason,
        };
    }

    private async Task<KeptCheckout?> ReadAsync(SellerId seller, Guid checkoutId, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        return await connection.QuerySingleOrDefaultAsync<KeptCheckout>(
            new CommandDefinition(One, new { SellerId = seller, CheckoutId = checkoutId }, cancellationToken: token)
        );
    }

    private async Task<bool> TakeTurnAsync(KeptCheckout kept, CancellationToken token)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(token);
        var turn = new
        {
            kept.SellerId,
            kept.CheckoutId,
            Now = now,
            Before = now - pace.BetweenLooks,
        };
        return await connection.ExecuteAsync(new CommandDefinition(TakeTurn, turn, cancellationToken: token)) > 0;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What {Provider} says of checkout {CheckoutId} is not known yet: {Reason}")]
    private partial void LogNotKnown(Guid checkoutId, string provider, string reason);
}

/// <summary>A checkout as its payer may see it.</summary>
public sealed record SeenCheckout
{
    /// <summary>How far it is.</summary>
    public required CheckoutState State { get; init; }

    /// <summary>What was asked for.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Its currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What it pays.</summary>
    public required IReadOnlyList<InvoiceId> Invoices { get; init; }

    /// <summary>Why it came to nothing, in the provider's own code.</summary>
    public string? Reason { get; init; }
}
