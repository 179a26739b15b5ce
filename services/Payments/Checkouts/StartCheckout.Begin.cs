using System.Security.Cryptography;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>An attempt is written down and in flight before its provider is asked; the one before it is ended.</summary>
public sealed partial class StartCheckout
{
    private const string Digits = "0123456789";

    private const string Letters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    private const int MostOfDescription = 120;

    // Alone under its key: a late first press would hold the invoices and wait for the attempt that a second one is changing, which waits
    // for the invoices.
    private const string Alone = "select pg_advisory_xact_lock(hashtextextended('checkout ' || @SellerId || ' ' || @Key, 0))";

    private const string LastAttempt = """
        select attempt, state = 'open' and address is not null as has_page from checkout
        where seller_id = @SellerId and key = @Key order by attempt desc limit 1
        for update
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
        var key = new { wanted.SellerId, wanted.Key };
        await connection.ExecuteAsync(new CommandDefinition(Alone, key, transaction, cancellationToken: token));
        var (last, hasPage) = await connection.QuerySingleOrDefaultAsync<(short, bool)>(
            new CommandDefinition(LastAttempt, key, transaction, cancellationToken: token)
        );
        // Another press was faster, or had the answer that this one lost.
        if (last != (before?.Attempt ?? 0) || (hasPage && before is { Address: null }))
        {
            return Begun.BySomebodyElse;
        }

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
        var due = balances
            .Select(each => (each.InvoiceId, each.Currency, Amount: each.AmountDue - wanted.LeftOut.GetValueOrDefault(each.InvoiceId)))
            .Where(each => each.Amount > 0m)
            .ToList();
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
                    Amounts = due.Select(each => each.Amount).ToArray(),
                },
                transaction,
                cancellationToken: token
            )
        );
        foreach (var invoice in due)
        {
            book.Start(invoice.InvoiceId, invoice.Amount);
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
        List<(InvoiceId InvoiceId, Currency Currency, decimal Amount)> due,
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
            Amount = due.Sum(each => each.Amount),
            Description = Describe([.. invoices.Select(each => each.Number)], wanted.Language),
            Language = wanted.Language,
            ReturnTo = $"{address.Portal}{wanted.ReturnPath}{(wanted.ReturnPath.Contains('?') ? '&' : '?')}checkout={id}",
            CustomerId = invoices.Select(each => each.CustomerId).Distinct().ToArray() is [var only] ? only : null,
            Now = now,
            ExpiresAt = now + pace.Lifetime,
            NextLookAt = now + pace.WaitAfter(0, Random.Shared.NextDouble()),
        };
    }

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
