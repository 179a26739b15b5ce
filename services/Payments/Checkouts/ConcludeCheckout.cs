using System.Diagnostics.Metrics;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>
/// What happened at a provider is booked, each fact once, however often and in whatever order it is told: a payment and what it settles,
/// the end of what was in flight, refunds, disputes, payouts; with what is told of it, in one transaction.
/// </summary>
public sealed partial class ConcludeCheckout(KeepBooks books, TimeProvider clock, ILogger<ConcludeCheckout> log)
{
    private const string Known = """
        select fact_id from provider_fact where seller_id = @Seller and provider = @Provider and fact_id = any(@Facts)
        """;

    // Whoever has facts of a checkout waits here for whoever has others: what is read after it is all there is.
    private const string LockCheckouts = $"""
        select {KeptCheckout.Columns}
        from checkout c
        where c.seller_id = @Seller and c.provider = @Provider and (c.checkout_id = any(@Ids) or c.order_code = any(@Orders))
        order by c.checkout_id for update of c
        """;
    private const string PaymentsOf = """
        select payment_id, provider_reference from payment
        where seller_id = @Seller and provider = @Provider and provider_reference = any(@References)
        order by payment_id
        """;
    private const string AllocationsOf = """
        select payment_id, invoice_id, sum(amount) as amount from allocation
        where seller_id = @Seller and payment_id = any(@Payments)
        group by payment_id, invoice_id order by max(allocated_at), invoice_id
        """;

    // After their payments, as whoever orders a refund does.
    private const string LockRefunds = """
        select payment_id, reference, refund_id, amount, state, provider_reference, invoice_id, reason from refund
        where seller_id = @Seller and payment_id = any(@Payments)
        order by payment_id, reference for update
        """;
    private const string FailuresOf = """
        select refund_id, max(at) as at from provider_fact
        where seller_id = @Seller and payment_id = any(@Payments) and effect = 'refund-failed' and refund_id is not null
        group by refund_id
        """;
    private const string AnnouncePayouts = """
        insert into payout (seller_id, provider, reference, currency, amount, fees, arrives_on, statement, announced_at)
        select @Seller, @Provider, n.reference, n.currency, n.amount, n.fees, n.arrives_on, n.statement, @Now
        from unnest(@References, @Currencies, @Amounts, @Fees, @Days, @Statements)
            as n (reference, currency, amount, fees, arrives_on, statement)
        order by n.reference
        on conflict do nothing
        returning reference
        """;
    private const string WriteFacts = """
        insert into provider_fact (seller_id, provider, fact_id, at, effect, checkout_id, payment_id, refund_id, applied_at)
        select @Seller, @Provider, n.fact_id, n.at, n.effect, n.checkout_id, n.payment_id, n.refund_id, @Now
        from unnest(@Facts, @At, @Effects, @Checkouts, @Payments, @Refunds)
            as n (fact_id, at, effect, checkout_id, payment_id, refund_id)
        order by n.fact_id
        """;
    private const string WriteCheckouts = """
        update checkout c
        set state = n.state, reference = n.reference, payment_id = n.payment_id, reason = n.reason, ended_at = n.ended_at,
            next_look_at = n.next_look_at
        from unnest(@Ids, @States, @References, @Payments, @Reasons, @Ended, @Looks)
            as n (checkout_id, state, reference, payment_id, reason, ended_at, next_look_at)
        where c.seller_id = @Seller and c.checkout_id = n.checkout_id
        """;
    private const string WriteRefunds = """
        update refund r
        set state = n.state, provider_reference = n.theirs, invoice_id = n.invoice_id, reason = n.reason, next_look_at = null
        from unnest(@Payments, @References, @States, @Theirs, @Invoices, @Reasons)
            as n (payment_id, reference, state, theirs, invoice_id, reason)
        where r.seller_id = @Seller and r.payment_id = n.payment_id and r.reference = n.reference
        """;
    private const string KeepRefund = """
        insert into refund (seller_id, payment_id, reference, refund_id, amount, refunded_at, state, provider, provider_reference,
            invoice_id)
        values (@Seller, @PaymentId, @Reference, @RefundId, @Amount, @Now, @State, @Provider, @ProviderReference, @InvoiceId)
        """;

    // Gives back the locks that were taken after it.
    private const string BeforeBooks = "before_books";

    // Each time somebody else allocated money of these payments meanwhile.
    private const int MostTries = 20;

    private static readonly Counter<long> Ended = Telemetry.Meter.CreateCounter<long>("payments.checkouts.ended", "{checkout}");
    private static readonly Counter<long> LeftOvers = Telemetry.Meter.CreateCounter<long>("payments.checkouts.left_over", "{payment}");
    private static readonly Counter<long> RefundsEnded = Telemetry.Meter.CreateCounter<long>("payments.refunds.ended", "{refund}");
    private static readonly Counter<long> FactsApplied = Telemetry.Meter.CreateCounter<long>("payments.facts.applied", "{fact}");

    /// <summary>
    /// Books the facts in an open transaction, as its last act but the commit by <see cref="CommitAsync"/>. What follows upon something
    /// that is not known yet is put off, and without effect.
    /// </summary>
    public async Task<Conclusion> ApplyAsync(
        NpgsqlTransaction transaction,
        ProviderAccount account,
        IReadOnlyList<ProviderFact> facts,
        CancellationToken token
    )
    {
        var connection = transaction.Connection!;
        var left = await UnknownAsync(transaction, account, [.. facts.DistinctBy(each => each.FactId)], token);
        if (left.Count == 0)
        {
            return new Conclusion(new Book(account.SellerId, Book.Kept(clock.GetUtcNow())), account);
        }

        var named = left.Select(CheckoutOf).OfType<CheckoutReference>().ToArray();
        List<KeptCheckout> checkouts = named.Length == 0 ? [] : await LockCheckoutsAsync(connection, transaction, account, named, token);
        var references = left.Select(PaymentOf).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        List<PaymentRow> payments =
            references.Length == 0 ? [] : await PaymentsOfAsync(connection, transaction, account, references, token);
        var (book, allocations) = await OpenAsync(transaction, account.SellerId, checkouts, payments, token);
        var conclusion = new Conclusion(book, account);
        checkouts.ForEach(conclusion.Hold);
        payments.ForEach(each => conclusion.Hold(each.ProviderReference, each.PaymentId));
        foreach (var allocation in allocations)
        {
            conclusion.Hold(allocation);
        }

        if (payments.Count > 0)
        {
            await HoldRefundsAsync(connection, transaction, account, payments, conclusion, token);
        }

        // Again, under the locks: whoever was waited for may have booked the same.
        left = await UnknownAsync(transaction, account, left, token);
        await AnnouncePayoutsAsync(connection, transaction, account, left, conclusion, token);
        foreach (var fact in left.OrderBy(Conclusion.Rank))
        {
            conclusion.Apply(fact);
        }

        if (conclusion.Applied.Count == 0)
        {
            return conclusion;
        }

        foreach (var payment in conclusion.GivenBackElsewhere)
        {
            await books.TakeWaitingCreditAsync(transaction, book, payment, token);
        }

        // What was given or taken back meanwhile is no difference that a payer left.
        foreach (var part in conclusion.TakenParts.Where(part => book.Of(part.PaymentId) is { Refunded: 0m, Reversed: 0m }))
        {
            await KeepPaymentPolicy.ForgiveAsync(transaction, book, part.PaymentId, part.InvoiceId, part.Amount);
        }

        await WriteAsync(connection, transaction, account, conclusion, token);
        await books.CloseAsync(transaction, book, token);
        return conclusion;
    }

    /// <summary>Commits what was applied, and says what somebody should know of it.</summary>
    public async Task CommitAsync(NpgsqlTransaction transaction, ProviderAccount account, Conclusion conclusion, CancellationToken token)
    {
        await books.CommitAsync(transaction, token);
        var provider = new KeyValuePair<string, object?>("provider", account.Provider);
        foreach (var fact in conclusion.Applied)
        {
            FactsApplied.Add(1, provider, new KeyValuePair<string, object?>("effect", fact.Effect));
        }

        foreach (var checkout in conclusion.Checkouts)
        {
            Ended.Add(1, provider, new KeyValuePair<string, object?>("state", checkout.State));
            LogEnded(checkout.CheckoutId, account.Provider, checkout.State, checkout.Reason);
        }

        foreach (var refund in conclusion.Refunds)
        {
            RefundsEnded.Add(1, provider, new KeyValuePair<string, object?>("state", refund.State));
            LogRefund(refund.RefundId, refund.PaymentId, account.Provider, refund.State, refund.Reason);
        }

        foreach (var over in conclusion.LeftOver)
        {
            LeftOvers.Add(1, provider);
            LogLeftOver(over.PaymentId, over.CheckoutId, over.Amount.ToString());
        }

        foreach (var odd in conclusion.Odd)
        {
            LogOdd(account.SellerId, odd);
        }
    }

    private static CheckoutReference? CheckoutOf(ProviderFact fact) =>
        fact switch
        {
            CheckoutPaid paid => paid.Checkout,
            CheckoutEnded ended => ended.Checkout,
            _ => null,
        };

    private static string? PaymentOf(ProviderFact fact) =>
        fact switch
        {
            CheckoutPaid paid => paid.Reference,
            RefundEnded refund => refund.Payment,
            TakenBack taken => taken.Payment,
            GivenAgain again => again.Payment,
            _ => null,
        };

    private static async Task<List<ProviderFact>> UnknownAsync(
        NpgsqlTransaction transaction,
        ProviderAccount account,
        List<ProviderFact> facts,
        CancellationToken token
    )
    {
        if (facts.Count == 0)
        {
            return facts;
        }

        var known = await transaction.Connection!.QueryAsync<string>(
            new CommandDefinition(
                Known,
                new
                {
                    Seller = account.SellerId.Value,
                    account.Provider,
                    Facts = facts.Select(each => each.FactId).ToArray(),
                },
                transaction,
                cancellationToken: token
            )
        );
        var ids = known.ToHashSet(StringComparer.Ordinal);
        return facts.FindAll(each => !ids.Contains(each.FactId));
    }

    private static async Task<List<KeptCheckout>> LockCheckoutsAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        ProviderAccount account,
        IReadOnlyList<CheckoutReference> named,
        CancellationToken token
    ) =>
        (
            await connection.QueryAsync<KeptCheckout>(
                new CommandDefinition(
                    LockCheckouts,
                    new
                    {
                        Seller = account.SellerId.Value,
                        account.Provider,
                        Ids = named.Select(each => each.CheckoutId).OfType<Guid>().Distinct().ToArray(),
                        Orders = named.Where(each => each.CheckoutId is null).Select(each => each.Order).OfType<string>().ToArray(),
                    },
                    transaction,
                    cancellationToken: token
                )
            )
        ).ToList();

    private static async Task<List<PaymentRow>> PaymentsOfAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        ProviderAccount account,
        string[] references,
        CancellationToken token
    ) =>
        (
            await connection.QueryAsync<PaymentRow>(
                new CommandDefinition(
                    PaymentsOf,
                    new
                    {
                        Seller = account.SellerId.Value,
                        account.Provider,
                        References = references,
                    },
                    transaction,
                    cancellationToken: token
                )
            )
        ).ToList();

    /// <summary>
    /// The book at all that the facts may move: the invoices of the checkouts, the payments, and the invoices that have of them or once
    /// had. Invoices are locked before payments, so whose they are is read first and checked under the locks.
    /// </summary>
    private async Task<(Book Book, IReadOnlyList<Allocation> Allocations)> OpenAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        List<KeptCheckout> checkouts,
        List<PaymentRow> payments,
        CancellationToken token
    )
    {
        var paid = checkouts.SelectMany(each => each.Invoices).ToArray();
        if (payments.Count == 0)
        {
            return (await books.OpenAsync(transaction, seller, paid, token), []);
        }

        PaymentId[] ids = [.. payments.Select(each => each.PaymentId).Distinct()];
        await transaction.SaveAsync(BeforeBooks, token);
        for (var tries = 0; tries < MostTries; tries++)
        {
            var expected = await AllocationsOfAsync(transaction, seller, ids, token);
            HashSet<InvoiceId> invoices = [.. paid, .. expected.Select(each => each.InvoiceId)];
            var book = await books.OpenAsync(transaction, seller, invoices, token);
            await books.HoldAsync(transaction, book, ids, token);
            var allocations = await AllocationsOfAsync(transaction, seller, ids, token);
            if (allocations.All(each => invoices.Contains(each.InvoiceId)))
            {
                await transaction.ReleaseAsync(BeforeBooks, token);
                return (book, allocations);
            }

            await transaction.RollbackAsync(BeforeBooks, token);
        }

        throw new InvalidOperationException($"the money of {ids.Length} payments of {seller} was moved again and again meanwhile");
    }

    private static async Task<IReadOnlyList<Allocation>> AllocationsOfAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        PaymentId[] payments,
        CancellationToken token
    ) =>
        [
            .. await transaction.Connection!.QueryAsync<Allocation>(
                new CommandDefinition(
                    AllocationsOf,
                    new { Seller = seller.Value, Payments = payments.Select(each => each.Value).ToArray() },
                    transaction,
                    cancellationToken: token
                )
            ),
        ];

    private static async Task HoldRefundsAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        ProviderAccount account,
        List<PaymentRow> payments,
        Conclusion conclusion,
        CancellationToken token
    )
    {
        var of = new { Seller = account.SellerId.Value, Payments = payments.Select(each => each.PaymentId.Value).Distinct().ToArray() };
        var refunds = (
            await connection.QueryAsync<KeptRefund>(new CommandDefinition(LockRefunds, of, transaction, cancellationToken: token))
        ).ToList();
        refunds.ForEach(conclusion.Hold);
        if (refunds.Count == 0)
        {
            return;
        }

        var failures = await connection.QueryAsync<Failure>(new CommandDefinition(FailuresOf, of, transaction, cancellationToken: token));
        foreach (var failure in failures)
        {
            conclusion.HoldFailure(failure.RefundId, failure.At);
        }
    }

    private async Task AnnouncePayoutsAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        ProviderAccount account,
        List<ProviderFact> facts,
        Conclusion conclusion,
        CancellationToken token
    )
    {
        var payouts = facts.OfType<PaidOut>().DistinctBy(each => each.Reference).ToList();
        if (payouts.Count == 0)
        {
            return;
        }

        var announced = await connection.QueryAsync<string>(
            new CommandDefinition(
                AnnouncePayouts,
                new
                {
                    Seller = account.SellerId.Value,
                    account.Provider,
                    Now = clock.GetUtcNow(),
                    References = payouts.Select(each => each.Reference).ToArray(),
                    Currencies = payouts.Select(each => each.Currency.Code).ToArray(),
                    Amounts = payouts.Select(each => each.Amount).ToArray(),
                    Fees = payouts.Select(each => each.Fees).ToArray(),
                    Days = payouts.Select(each => each.ArrivesOn).ToArray(),
                    Statements = payouts.Select(each => each.Statement).ToArray(),
                },
                transaction,
                cancellationToken: token
            )
        );
        foreach (var reference in announced)
        {
            conclusion.HoldPayout(reference);
        }
    }

    private async Task WriteAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        ProviderAccount account,
        Conclusion conclusion,
        CancellationToken token
    )
    {
        var (seller, now, facts) = (account.SellerId.Value, clock.GetUtcNow(), conclusion.Applied);
        await connection.ExecuteAsync(
            new CommandDefinition(
                WriteFacts,
                new
                {
                    Seller = seller,
                    account.Provider,
                    Now = now,
                    Facts = facts.Select(each => each.FactId).ToArray(),
                    At = facts.Select(each => each.At.ToUniversalTime()).ToArray(),
                    Effects = facts.Select(each => each.Effect).ToArray(),
                    Checkouts = facts.Select(each => each.CheckoutId).ToArray(),
                    Payments = facts.Select(each => each.PaymentId?.Value).ToArray(),
                    Refunds = facts.Select(each => each.RefundId).ToArray(),
                },
                transaction,
                cancellationToken: token
            )
        );
        var checkouts = conclusion.Checkouts;
        if (checkouts.Count > 0)
        {
            await connection.ExecuteAsync(
                new CommandDefinition(
                    WriteCheckouts,
                    new
                    {
                        Seller = seller,
                        Ids = checkouts.Select(each => each.CheckoutId).ToArray(),
                        States = checkouts.Select(each => each.State).ToArray(),
                        References = checkouts.Select(each => each.Reference).ToArray(),
                        Payments = checkouts.Select(each => each.PaymentId?.Value).ToArray(),
                        Reasons = checkouts.Select(each => each.Reason).ToArray(),
                        Ended = checkouts.Select(each => each.EndedAt?.ToUniversalTime()).ToArray(),
                        Looks = checkouts.Select(each => each.NextLookAt?.ToUniversalTime()).ToArray(),
                    },
                    transaction,
                    cancellationToken: token
                )
            );
        }

        var refunds = conclusion.Refunds.Where(each => !each.IsNew).ToList();
        if (refunds.Count > 0)
        {
            await connection.ExecuteAsync(
                new CommandDefinition(
                    WriteRefunds,
                    new
                    {
                        Seller = seller,
                        Payments = refunds.Select(each => each.PaymentId.Value).ToArray(),
                        References = refunds.Select(each => each.Reference).ToArray(),
                        States = refunds.Select(each => each.State).ToArray(),
                        Theirs = refunds.Select(each => each.ProviderReference).ToArray(),
                        Invoices = refunds.Select(each => each.InvoiceId?.Value).ToArray(),
                        Reasons = refunds.Select(each => each.Reason).ToArray(),
                    },
                    transaction,
                    cancellationToken: token
                )
            );
        }

        foreach (var refund in conclusion.Refunds.Where(each => each.IsNew))
        {
            await connection.ExecuteAsync(
                new CommandDefinition(
                    KeepRefund,
                    new
                    {
                        Seller = seller,
                        refund.PaymentId,
                        refund.Reference,
                        refund.RefundId,
                        refund.Amount,
                        Now = now,
                        refund.State,
                        account.Provider,
                        refund.ProviderReference,
                        InvoiceId = refund.InvoiceId?.Value,
                    },
                    transaction,
                    cancellationToken: token
                )
            );
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Checkout {CheckoutId} with {Provider} is {State}: {Reason}")]
    private partial void LogEnded(Guid checkoutId, string provider, string state, string? reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Refund {RefundId} of payment {PaymentId} by {Provider} is {State}: {Reason}")]
    private partial void LogRefund(Guid refundId, PaymentId paymentId, string provider, string state, string? reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "No invoice takes {Amount} of payment {PaymentId} by checkout {CheckoutId}: it was paid twice, or too much was taken"
    )]
    private partial void LogLeftOver(PaymentId paymentId, Guid checkoutId, string amount);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Somebody should look at what seller {SellerId} is told: {What}")]
    private partial void LogOdd(SellerId sellerId, string what);

    private sealed record PaymentRow
    {
        public PaymentId PaymentId { get; init; }

        public string ProviderReference { get; init; } = "";
    }

    private sealed record Failure
    {
        public Guid RefundId { get; init; }

        public DateTimeOffset At { get; init; }
    }
}
