using System.Diagnostics.Metrics;
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
        await HoldPayoutsAsync(connection, transaction, account, left, conclusion, token);
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
        await WriteFailedPayoutsAsync(connection, transaction, account, conclusion, token);
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
