using Dapper;
using Npgsql;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>
/// The provider is asked what became of a checkout, and past its end to let nobody pay it any more; what it says is booked. Nothing else
/// than that, or its signed notice, tells whether a checkout was paid.
/// </summary>
public sealed partial class AskCheckout(
    NpgsqlDataSource database,
    OpenProviders accounts,
    AskProviders ask,
    ConcludeCheckout conclude,
    PublicAddress address,
    CheckoutPace pace,
    TimeProvider clock,
    ILogger<AskCheckout> log
)
{
    private const string KeepSession = """
        update checkout set session = @Session
        where seller_id = @SellerId and checkout_id = @CheckoutId and session is null
        """;

    /// <summary>What came of asking.</summary>
    public sealed record Answer
    {
        /// <summary>Whether the provider answered.</summary>
        public required bool IsAnswered { get; init; }

        /// <summary>Whether nobody can pay it any more, as the provider says past its end, or it was paid.</summary>
        public required bool IsOver { get; init; }

        /// <summary>Why it is still open, where it is.</summary>
        public required string Reason { get; init; }
    }

    /// <summary>Asks and books.</summary>
    public async Task<Answer> HandleAsync(KeptCheckout kept, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("AskCheckout");
        if (await accounts.OfAsync(kept.SellerId, kept.Provider, token) is not { } account)
        {
            return Unanswered("the account cannot be opened here");
        }

        // As it was begun, whatever has become of its end since: an idempotency key goes with one content.
        var checkout = kept.ToCheckout(KeptProvider.Webhook(address, account.Provider, account.AccountId)) with
        {
            ExpiresAt = kept.StartedAt + pace.Lifetime,
        };
        var isPastItsEnd = kept.ExpiresAt <= clock.GetUtcNow();
        CheckoutSeen seen;
        try
        {
            seen = isPastItsEnd ? await ask.EndAsync(account, checkout, token) : await ask.AskAsync(account, checkout, token);
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            LogUnanswered(kept.CheckoutId, account.Provider, exception.Message);
            return Unanswered($"{account.Provider} does not answer: {exception.Message}");
        }

        var facts = FactsOf(kept, seen);
        await using var connection = await database.OpenConnectionAsync(token);
        if (kept.Session is null && seen.Session is { } session)
        {
            var known = new
            {
                kept.SellerId,
                kept.CheckoutId,
                Session = session,
            };
            await connection.ExecuteAsync(new CommandDefinition(KeepSession, known, cancellationToken: token));
        }

        if (facts.Count > 0)
        {
            await using var transaction = await connection.BeginTransactionAsync(token);
            var conclusion = await conclude.ApplyAsync(transaction, account, facts, token);
            await conclude.CommitAsync(transaction, account, conclusion, token);
            foreach (var fact in conclusion.PutOff)
            {
                // It is told again by whoever told it, a notice or the next question.
                LogPutOff(fact.FactId, account.Provider, fact.Reason);
            }
        }

        return new Answer
        {
            IsAnswered = true,
            IsOver = seen.State == CheckoutState.Paid || (isPastItsEnd && seen.State != CheckoutState.Open),
            Reason = seen.State == CheckoutState.Open ? "with-the-payer" : $"{account.Provider} says {KeptCheckout.NameOf(seen.State)}",
        };
    }

    /// <summary>What the provider says happened; where it only says how far the checkout is, that it came to nothing.</summary>
    private IReadOnlyList<ProviderFact> FactsOf(KeptCheckout kept, CheckoutSeen seen)
    {
        var isOver = seen.State is CheckoutState.Failed or CheckoutState.Cancelled or CheckoutState.Expired;
        return !isOver || seen.Facts.Any(fact => fact is CheckoutPaid or CheckoutEnded)
            ? seen.Facts
            :
            [
                .. seen.Facts,
                new CheckoutEnded
                {
                    FactId = $"seen:{kept.CheckoutId:N}:{KeptCheckout.NameOf(seen.State)}",
                    At = clock.GetUtcNow(),
                    Checkout = new CheckoutReference(kept.CheckoutId, kept.OrderCode),
                    State = seen.State,
                },
            ];
    }

    private static Answer Unanswered(string reason) =>
        new()
        {
            IsAnswered = false,
            IsOver = false,
            Reason = reason,
        };

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "What became of checkout {CheckoutId} is not known, {Provider} does not answer: {Reason}"
    )]
    private partial void LogUnanswered(Guid checkoutId, string provider, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Fact {FactId} of {Provider} waits: {Reason}")]
    private partial void LogPutOff(string factId, string provider, string reason);
}
