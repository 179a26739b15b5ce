using System.Diagnostics.Metrics;
using System.Security.Cryptography;
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
    private const int MostOfDescription = 120;
    private const string Digits = "0123456789";
    private const string Letters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    // More than providers there are: each turn tries one of them, or finds what somebody else has begun meanwhile.
    private const int MostTurns = 20;

    private const string Latest = $"""
        select {KeptCheckout.Columns}
        from checkout c where c.seller_id = @SellerId and c.key = @Key
        order by c.attempt desc limit 1
        """;
    private const string WhatInvoices = """
        select invoice_id, number, customer_id from invoice where seller_id = @SellerId and invoice_id = any(@Invoices)
        """;

    // A debit that its payer has signed is not over for days, and cannot be ended.
    private const string DebitUnderWay = """
        select exists (
            select from checkout_part p join checkout c using (seller_id, checkout_id)
            where p.seller_id = @SellerId and p.invoice_id = any(@Invoices)
                and c.state = 'open' and c.means = 'direct-debit' and c.expires_at <= @Now
        )
        """;
    private const string HowManyOpen = """
        select count(distinct c.checkout_id) from checkout_part p join checkout c using (seller_id, checkout_id)
        where p.seller_id = @SellerId and p.invoice_id = any(@Invoices) and c.state = 'open'
        """;

    // More than anybody needs, and few enough that whoever plays with a link keeps no provider busy.
    private const int MostOpen = 20;

    // It is ended by the sweeper at once: the provider is asked to let nobody pay it any more before its in-flight ends.
    private const string Supersede = """
        update checkout set expires_at = least(expires_at, @Now), next_look_at = @Now, reason = @Reason
        where seller_id = @SellerId and checkout_id = @CheckoutId and state = 'open'
        """;

    // Whoever was first with this attempt, or this order, is the one.
    private const string Begin = """
        insert into checkout (seller_id, checkout_id, key, attempt, provider, means, order_code, currency, amount, state, description,
            language, return_to, customer_id, reason, started_at, expires_at, next_look_at)
        values (@SellerId, @CheckoutId, @Key, @Attempt, @Provider, @Means, @OrderCode, @Currency, @Amount, 'open', @Description,
            @Language, @ReturnTo, @CustomerId, 'asking-the-provider', @Now, @ExpiresAt, @NextLookAt)
        on conflict do nothing
        """;
    private const string BeginParts = """
        insert into checkout_part (seller_id, checkout_id, nth, invoice_id, amount)
        select @SellerId, @CheckoutId, n.nth, n.invoice_id, n.amount
        from unnest(@Invoices, @Amounts) with ordinality as n (invoice_id, amount, nth)
        """;
    private const string KeepAddress = """
        update checkout
        set address = @Address, fields = @Fields::json, session = coalesce(@Session, session),
            reason = case when state = 'open' then 'with-the-payer' else reason end
        where seller_id = @SellerId and checkout_id = @CheckoutId
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
    }

    /// <summary>Begins it, or finds what was begun under the key.</summary>
    public async Task<Outcome<StartedCheckout>> HandleAsync(
        SellerId seller,
        IReadOnlyList<InvoiceId> invoices,
        string key,
        PaymentMeans means,
        string language,
        string returnPath,
        CancellationToken token
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

            if (kept is null || !GoesOn(kept, wanted.Means) || tried.Contains(kept.Provider))
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

    private async Task<Outcome<Begun>> BeginAsync(
        Wanted wanted,
        string provider,
        KeptCheckout? before,
        HashSet<string> tried,
        CancellationToken token
    )
    {
        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        var these = new
        {
            wanted.SellerId,
            Invoices = wanted.Invoices.Select(each => each.Value).ToArray(),
            Now = clock.GetUtcNow(),
        };
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(DebitUnderWay, these, transaction, cancellationToken: token)))
        {
            return PaymentsFaults.SignedDebit.With() with { RetryAfter = 5 };
        }

        if (before is { IsOpen: true })
        {
            // First, as whoever concludes it locks it before the invoices.
            await SupersedeAsync(connection, transaction, before, provider, tried, token);
        }

        var book = await books.OpenAsync(transaction, wanted.SellerId, wanted.Invoices, token);
        var balances = wanted.Invoices.Select(each => book.Of(each)).OfType<InvoiceBalance>().ToList();
        if (balances.Count < wanted.Invoices.Count)
        {
            return PaymentsFaults.NoInvoice.With(wanted.Invoices.First(each => book.Of(each) is null)) with { RetryAfter = 1 };
        }

        var currency = balances[0].Currency;
        if (balances.Exists(each => each.Currency != currency))
        {
            return PaymentsFaults.MixedCurrencies.With();
        }

        if (!CheckoutOptions.IsPossible(wanted.Means, currency))
        {
            return PaymentsFaults.NoProviderFor.With(Account.NameOf(wanted.Means));
        }

        // What is due, and never what a page says; each invoice's own.
        var due = balances.FindAll(each => each.AmountDue > 0m);
        if (due.Count == 0)
        {
            return Begun.NothingIsDue;
        }

        if (
            await connection.ExecuteScalarAsync<long>(new CommandDefinition(HowManyOpen, these, transaction, cancellationToken: token))
            >= MostOpen
        )
        {
            return PaymentsFaults.TooManyCheckouts.With() with { RetryAfter = 60 };
        }

        var row = await RowAsync(connection, transaction, wanted, provider, (short)((before?.Attempt ?? 0) + 1), due, token);
        if (await connection.ExecuteAsync(new CommandDefinition(Begin, row, transaction, cancellationToken: token)) == 0)
        {
            return Begun.BySomebodyElse;
        }

        await connection.ExecuteAsync(
            new CommandDefinition(
                BeginParts,
                new
                {
                    wanted.SellerId,
                    row.CheckoutId,
                    Invoices = due.Select(each => each.InvoiceId.Value).ToArray(),
                    Amounts = due.Select(each => each.AmountDue).ToArray(),
                },
                transaction,
                cancellationToken: token
            )
        );
        foreach (var invoice in due)
        {
            book.Start(invoice.InvoiceId, invoice.AmountDue);
        }

        await books.CloseAsync(transaction, book, token);
        await books.CommitAsync(transaction, token);
        Started.Add(1, new KeyValuePair<string, object?>("provider", provider), new KeyValuePair<string, object?>("means", row.Means));
        LogStarted(row.CheckoutId, provider, wanted.SellerId.Value);
        return Begun.ByUs;
    }

    private async Task SupersedeAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        KeptCheckout before,
        string provider,
        HashSet<string> tried,
        CancellationToken token
    )
    {
        var isDown = tried.Contains(before.Provider);
        await connection.ExecuteAsync(
            new CommandDefinition(
                Supersede,
                new
                {
                    before.SellerId,
                    before.CheckoutId,
                    Now = clock.GetUtcNow(),
                    Reason = isDown ? $"{before.Provider} did not answer, {provider} took over" : "the payer began another one",
                },
                transaction,
                cancellationToken: token
            )
        );
        if (isDown)
        {
            TakenOver.Add(
                1,
                new KeyValuePair<string, object?>("provider", before.Provider),
                new KeyValuePair<string, object?>("by", provider)
            );
            LogTakenOver(before.CheckoutId, before.Provider, provider);
        }
    }

    private async Task<NewRow> RowAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        Wanted wanted,
        string provider,
        short attempt,
        List<InvoiceBalance> due,
        CancellationToken token
    )
    {
        var ids = due.ConvertAll(each => each.InvoiceId.Value);
        var invoices = (
            await connection.QueryAsync<InvoiceRow>(
                new CommandDefinition(
                    WhatInvoices,
                    new { wanted.SellerId, Invoices = ids.ToArray() },
                    transaction,
                    cancellationToken: token
                )
            )
        )
            .OrderBy(each => ids.IndexOf(each.InvoiceId))
            .ToList();
        var (id, now) = (Guid.CreateVersion7(), Book.Kept(clock.GetUtcNow()));
        return new NewRow
        {
            SellerId = wanted.SellerId,
            CheckoutId = id,
            Key = wanted.Key,
            Attempt = attempt,
            Provider = provider,
            Means = Account.NameOf(wanted.Means),
            OrderCode = RandomNumberGenerator.GetString(Digits, 4) + RandomNumberGenerator.GetString(Letters, 8),
            Currency = due[0].Currency,
            Amount = due.Sum(each => each.AmountDue),
            Description = Describe([.. invoices.Select(each => each.Number)], wanted.Language),
            Language = wanted.Language,
            ReturnTo = $"{address.Portal}{wanted.ReturnPath}{(wanted.ReturnPath.Contains('?') ? '&' : '?')}checkout={id}",
            CustomerId = invoices.Select(each => each.CustomerId).Distinct().ToArray() is [var only] ? only : null,
            Now = now,
            ExpiresAt = now + pace.Lifetime,
            NextLookAt = now + pace.WaitAfter(0, Random.Shared.NextDouble()),
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
        await connection.ExecuteAsync(
            new CommandDefinition(
                KeepAddress,
                new
                {
                    answered.SellerId,
                    answered.CheckoutId,
                    answered.Address,
                    answered.Fields,
                    answered.Session,
                },
                cancellationToken: token
            )
        );
        return ToPayer(answered);
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

    private static string Describe(IReadOnlyList<string> numbers, string language)
    {
        var (one, several) = language switch
        {
            "en" => ("Invoice", "Invoices"),
            "ca" => ("Factura", "Factures"),
            "eu" => ("Faktura", "Fakturak"),
            _ => ("Factura", "Facturas"),
        };
        var text = $"{(numbers.Count == 1 ? one : several)} {string.Join(", ", numbers)}";
        return text.Length <= MostOfDescription ? text : $"{text[..(MostOfDescription - 1)]}…";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Checkout {CheckoutId} with {Provider} of seller {SellerId} begins")]
    private partial void LogStarted(Guid checkoutId, string provider, string sellerId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Checkout {CheckoutId} has no answer of {Provider}: {Reason}")]
    private partial void LogUnanswered(Guid checkoutId, string provider, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Instead of {Provider}, which did not answer for checkout {CheckoutId}, {Next} is asked"
    )]
    private partial void LogTakenOver(Guid checkoutId, string provider, string next);

    /// <summary>Who began an attempt, if anybody.</summary>
    private enum Begun
    {
        ByUs,
        BySomebodyElse,
        NothingIsDue,
    }

    private sealed record NewRow
    {
        public SellerId SellerId { get; init; }

        public Guid CheckoutId { get; init; }

        public string Key { get; init; } = "";

        public short Attempt { get; init; }

        public string Provider { get; init; } = "";

        public string Means { get; init; } = "";

        public string OrderCode { get; init; } = "";

        public Currency Currency { get; init; }

        public decimal Amount { get; init; }

        public string Description { get; init; } = "";

        public string Language { get; init; } = "";

        public string ReturnTo { get; init; } = "";

        public string? CustomerId { get; init; }

        public DateTimeOffset Now { get; init; }

        public DateTimeOffset ExpiresAt { get; init; }

        public DateTimeOffset NextLookAt { get; init; }
    }

    private sealed record InvoiceRow
    {
        public Guid InvoiceId { get; init; }

        public string Number { get; init; } = "";

        public string? CustomerId { get; init; }
    }
}

/// <summary>Where a payer is sent, or that there is nothing to pay any more.</summary>
public sealed record StartedCheckout
{
    /// <summary>The checkout; none where nothing was due to begin with.</summary>
    public Guid? CheckoutId { get; init; }

    /// <summary>Where the payer is sent.</summary>
    public Uri? Address { get; init; }

    /// <summary>What is posted there; the payer follows a link where there is nothing.</summary>
    public IReadOnlyDictionary<string, string>? Fields { get; init; }

    /// <summary>Whether nothing is due any more.</summary>
    public bool AlreadyPaid { get; init; }
}
