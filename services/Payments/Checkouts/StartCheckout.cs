using System.Diagnostics.Metrics;
using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>
/// A payer is sent to a provider to pay what invoices ask for. What is asked is written down and in flight before the provider is asked; a
/// double click or a back button finds the same checkout, and one whose provider never answered is asked for again under the same id.
/// Where the provider is down the next one that takes the same means takes over, and the first attempt is ended.
/// </summary>
public sealed partial class StartCheckout(
    NpgsqlDataSource database,
    KeepBooks books,
    OpenProviders accounts,
    AskProviders ask,
    PublicAddress address,
    CheckoutPace pace,
    TimeProvider clock,
    ILogger<StartCheckout> log
)
{
    /// <summary>Invoices that can be paid at once.</summary>
    public const int MostInvoices = 100;

    private const int MostOfPath = 1000;

    // More than providers there are: each turn tries one of them, or finds what somebody else has begun meanwhile.
    private const int MostTurns = 20;

    private const string Latest = $"""
        select {KeptCheckout.Columns}
        from checkout c where c.seller_id = @SellerId and c.key = @Key
        order by c.attempt desc limit 1
        """;

    // Whoever has it in hand begins the next attempt: what is asked after it sees that one, and the instant is read after it too.
    private const string Hold = "select 1 from checkout where seller_id = @SellerId and checkout_id = @CheckoutId for update";
    private const string KeepAddress = """
        with it as (
            select c.seller_id, c.checkout_id,
                c.state = 'open' and c.expires_at > @Now and not exists (
                    select from checkout later where later.seller_id = c.seller_id and later.key = c.key and later.attempt > c.attempt
                ) as still
            from checkout c where c.seller_id = @SellerId and c.checkout_id = @CheckoutId
        )
        update checkout c
        set address = @Address, fields = @Fields::json, session = coalesce(@Session, c.session),
            reason = case when it.still then 'with-the-payer' else c.reason end
        from it where c.seller_id = it.seller_id and c.checkout_id = it.checkout_id
        returning it.still
        """;
    private const string KeepReason = """
        update checkout set reason = @Reason where seller_id = @SellerId and checkout_id = @CheckoutId and state = 'open'
        """;

    private static readonly Counter<long> Started = Telemetry.Meter.CreateCounter<long>("payments.checkouts.started", "{checkout}");
    private static readonly Counter<long> TakenOver = Telemetry.Meter.CreateCounter<long>("payments.checkouts.taken_over", "{checkout}");

    /// <summary>What is wanted, as it was checked.</summary>
    private sealed record Wanted
    {
        public required SellerId SellerId { get; init; }

        public required IReadOnlyList<InvoiceId> Invoices { get; init; }

        public required string Key { get; init; }

        public required PaymentMeans Means { get; init; }

        public required string Language { get; init; }

        public required string ReturnPath { get; init; }

        /// <summary>What of an invoice stays open, as the payer is not asked for it.</summary>
        public required IReadOnlyDictionary<InvoiceId, decimal> LeftOut { get; init; }
    }

    /// <summary>Begins it, or finds what was begun under the key.</summary>
    public async Task<Outcome<StartedCheckout>> HandleAsync(
        SellerId seller,
        IReadOnlyList<InvoiceId> invoices,
        string key,
        PaymentMeans means,
        string language,
        string returnPath,
        CancellationToken token,
        IReadOnlyDictionary<InvoiceId, decimal>? leftOut = null
    )
    {
        using var activity = Telemetry.Source.StartActivity("StartCheckout");
        if (Amounts.Check(key) is not null)
        {
            return PaymentsFaults.Unreadable.With("key");
        }

        InvoiceId[] wanted = [.. invoices.Distinct()];
        if (wanted.Length is 0 or > MostInvoices)
        {
            return PaymentsFaults.BadInvoiceCount.With(MostInvoices);
        }

        if (!IsPath(returnPath))
        {
            return PaymentsFaults.BadReturnPath.With();
        }

        return await StartAsync(
            new Wanted
            {
                SellerId = seller,
                Invoices = wanted,
                Key = key,
                Means = means,
                Language = language is "en" or "ca" or "eu" or "gl" ? language : "es",
                ReturnPath = returnPath,
                LeftOut = leftOut ?? new Dictionary<InvoiceId, decimal>(),
            },
            token
        );
    }

    private async Task<Outcome<StartedCheckout>> StartAsync(Wanted wanted, CancellationToken token)
    {
        var tried = new HashSet<string>(StringComparer.Ordinal);
        var kept = await LatestAsync(wanted, token);
        for (var turn = 0; turn < MostTurns; turn++)
        {
            if (kept is { Standing: CheckoutState.Paid })
            {
                return new StartedCheckout { CheckoutId = kept.CheckoutId, AlreadyPaid = true };
            }

            // Those that were paid otherwise meanwhile are no part of it any more.
            if (kept is not null && kept.Invoices.Except(wanted.Invoices).Any())
            {
                return PaymentsFaults.OtherContent.With(wanted.Key);
            }

            if (kept is null || !GoesOn(kept, wanted.Means) || (kept.Address is null && tried.Contains(kept.Provider)))
            {
                var next = await NextAsync(wanted, tried, token);
                if (next.Refused(out var nobody))
                {
                    return nobody;
                }

                var begun = await BeginAsync(wanted, next.Value, kept, tried, token);
                if (begun.Refused(out var refused))
                {
                    return refused;
                }

                if (begun.Value is Begun.NothingIsDue)
                {
                    return new StartedCheckout { CheckoutId = kept?.CheckoutId, AlreadyPaid = true };
                }

                // Its own, or that of whoever was faster.
                kept = await LatestAsync(wanted, token);
                continue;
            }

            if (kept.Address is not null)
            {
                return ToPayer(kept);
            }

            if (await AskAsync(kept, token) is { } started)
            {
                return started;
            }

            tried.Add(kept.Provider);
        }

        return PaymentsFaults.ProvidersAway.With() with
        {
            RetryAfter = 5,
        };
    }

    /// <summary>Whether the payer may be sent to it still.</summary>
    private bool GoesOn(KeptCheckout kept, PaymentMeans means)
    {
        var (left, least) = (kept.ExpiresAt - clock.GetUtcNow(), kept.Address is null ? pace.LeastToAskAgain : pace.LeastLeft);
        return kept.IsOpen && Account.MeansOf(kept.Means) == means && left > least;
    }

    private async Task<KeptCheckout?> LatestAsync(Wanted wanted, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        return await connection.QuerySingleOrDefaultAsync<KeptCheckout>(
            new CommandDefinition(Latest, new { wanted.SellerId, wanted.Key }, cancellationToken: token)
        );
    }

    /// <summary>The provider to ask: the seller's first that takes the means, answers, and was not asked yet.</summary>
    private async Task<Outcome<string>> NextAsync(Wanted wanted, HashSet<string> tried, CancellationToken token)
    {
        var choices = await OfferMeans.ChoicesAsync(accounts, ask, wanted.SellerId, token);
        var takers = CheckoutOptions.Takers(choices, wanted.Means);
        if (takers.Count == 0)
        {
            return PaymentsFaults.NoProviderFor.With(Account.NameOf(wanted.Means));
        }

        return takers.FirstOrDefault(each => !each.IsAway && !tried.Contains(each.Provider)) is { } next
            ? next.Provider
            : PaymentsFaults.ProvidersAway.With() with
            {
                RetryAfter = 5,
            };
    }

    /// <summary>Asks the provider; nothing where it does not answer.</summary>
    private async Task<StartedCheckout?> AskAsync(KeptCheckout kept, CancellationToken token)
    {
        if (await accounts.OfAsync(kept.SellerId, kept.Provider, token) is not { } account)
        {
            return null;
        }

        CheckoutStarted started;
        try
        {
            var checkout = kept.ToCheckout(KeptProvider.Webhook(address, account.Provider, account.AccountId));
            started = await ask.StartAsync(account, checkout, token);
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            LogUnanswered(kept.CheckoutId, kept.Provider, exception.Message);
            await KeepReasonAsync(kept, $"{kept.Provider} did not answer", token);
            return null;
        }

        var answered = kept with
        {
            Address = started.Address.AbsoluteUri,
            Fields = started.Fields is null ? null : JsonSerializer.Serialize(started.Fields, Wire.Tolerant),
            Session = started.Session,
        };
        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        await connection.ExecuteAsync(
            new CommandDefinition(Hold, new { answered.SellerId, answered.CheckoutId }, transaction, cancellationToken: token)
        );
        var isStillTheOne = await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                KeepAddress,
                new
                {
                    answered.SellerId,
                    answered.CheckoutId,
                    answered.Address,
                    answered.Fields,
                    answered.Session,
                    Now = clock.GetUtcNow(),
                },
                transaction,
                cancellationToken: token
            )
        );
        await transaction.CommitAsync(token);
        // Another press has another provider's page meanwhile: there is one for both.
        return isStillTheOne ? ToPayer(answered) : null;
    }

    private async Task KeepReasonAsync(KeptCheckout kept, string reason, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        await connection.ExecuteAsync(
            new CommandDefinition(
                KeepReason,
                new
                {
                    kept.SellerId,
                    kept.CheckoutId,
                    Reason = reason,
                },
                cancellationToken: token
            )
        );
    }

    private static StartedCheckout ToPayer(KeptCheckout kept) =>
        new()
        {
            CheckoutId = kept.CheckoutId,
            Address = new Uri(kept.Address!),
            Fields = kept.Posted,
        };

    /// <summary>A path of the portal and nothing else: who comes back comes back to us.</summary>
    private static bool IsPath(string path) =>
        path.Length is > 0 and <= MostOfPath
        && path[0] == '/'
        && !path.StartsWith("//", StringComparison.Ordinal)
        && path.All(each => char.IsAsciiLetterOrDigit(each) || "/-._~%?=&+".Contains(each, StringComparison.Ordinal));

    [LoggerMessage(Level = LogLevel.Information, Message = "Checkout {CheckoutId} with {Provider} of seller {SellerId} begins")]
    private partial void LogStarted(Guid checkoutId, string provider, string sellerId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Checkout {CheckoutId} has no answer of {Provider}: {Reason}")]
    private partial void LogUnanswered(Guid checkoutId, string provider, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Instead of {Provider}, which did not answer for checkout {CheckoutId}, {Next} is asked"
    )]
    private partial void LogTakenOver(Guid checkoutId, string provider, string next);
}
