using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Payments;

/// <summary>
/// The seller gives money back, never more than it received, once per reference. What an invoice had taken of it is open again, unless the
/// credit of a corrective invoice is there to take its place. Where a provider took it, that provider is asked to give it back, afterwards
/// and until it says what came of it; from the moment it is ordered nobody else can have it.
/// </summary>
public sealed partial class RefundPayment(NpgsqlDataSource database, KeepBooks books, TimeProvider clock, ILogger<RefundPayment> log)
{
    private const string TakeReferenceOnce = """
        insert into refund (seller_id, payment_id, reference, refund_id, amount, refunded_at)
        select seller_id, payment_id, @Reference, @RefundId, @Amount, @RefundedAt
        from payment where seller_id = @SellerId and payment_id = @PaymentId
        on conflict do nothing
        """;
    private const string OrderFromProvider = """
        update refund set state = 'asked', provider = @Provider, invoice_id = @InvoiceId, next_look_at = @At
        where seller_id = @SellerId and payment_id = @PaymentId and reference = @Reference
        """;
    private const string TheSame = """
        select r.refund_id, r.payment_id, p.currency, r.amount, r.reference, r.refunded_at, r.state,
               case when r.state <> 'given' then r.reason end as reason
        from refund r join payment p using (seller_id, payment_id)
        where r.seller_id = @SellerId and r.payment_id = @PaymentId and r.reference = @Reference
        """;

    /// <summary>What is posted.</summary>
    public sealed record Request
    {
        /// <summary>How much is given back.</summary>
        public required decimal Amount { get; init; }

        /// <summary>Makes it idempotent.</summary>
        public required string Reference { get; init; }
    }

    /// <summary>Books it; the second value tells whether it was booked now and not before.</summary>
    public async Task<Outcome<(Refund Refund, bool Now)>> HandleAsync(
        Caller caller,
        PaymentId payment,
        Request request,
        CancellationToken token
    )
    {
        using var activity = Telemetry.Source.StartActivity("RefundPayment");
        if (Amounts.Check(request.Reference) is { } badReference)
        {
            return badReference;
        }

        if (request.Amount is <= 0m or >= 1_000_000_000m)
        {
            return Amounts.Check(request.Amount, Currency.Eur)!;
        }

        var refund = new Refund
        {
            SellerId = caller.SellerId,
            PaymentId = payment,
            RefundId = Guid.CreateVersion7(),
            Amount = request.Amount,
            Reference = request.Reference,
            RefundedAt = Book.Kept(clock.GetUtcNow()),
        };
        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        var (book, taken) = await books.OpenAtPaymentAsync(transaction, caller.SellerId, payment, [], token);
        if (!book.Holds(payment))
        {
            return PaymentsFaults.NoPayment.With(payment);
        }

        // Under the payment's lock, as whoever else orders or ends a refund of it: nobody waits in a circle for the reference.
        if (await connection.ExecuteAsync(TakeReferenceOnce, refund, transaction) == 0)
        {
            var same = await connection.QuerySingleAsync<Refund>(TheSame, refund, transaction);
            return same.Amount == request.Amount ? (same.InCoins(), false) : PaymentsFaults.OtherContent.At("reference", request.Reference);
        }

        var received = book.Of(payment);
        if (Amounts.Check(request.Amount, received.Currency) is { } badAmount)
        {
            return badAmount;
        }

        if (request.Amount > received.Refundable)
        {
            return PaymentsFaults.TooMuchRefund.At("amount", Money.Of(Math.Max(0m, received.Refundable), received.Currency));
        }

        refund = refund with { Currency = received.Currency };
        if (received.IsGivenBackByProvider)
        {
            var touched = book.OrderRefund(payment, request.Amount, taken);
            await OrderAsync(transaction, refund, received.Provider, touched);
            refund = refund with { State = RefundState.Asked };
        }
        else
        {
            book.Refund(payment, request.Amount, request.Reference, taken);
        }

        await books.TakeWaitingCreditAsync(transaction, book, payment, token);
        await books.CloseAsync(transaction, book, token);
        await books.CommitAsync(transaction, token);
        LogRefunded(payment, refund.State);
        return (refund.InCoins(), true);
    }

    private static Task OrderAsync(NpgsqlTransaction transaction, Refund refund, string provider, InvoiceId? touched) =>
        transaction.Connection!.ExecuteAsync(
            OrderFromProvider,
            new
            {
                refund.SellerId,
                refund.PaymentId,
                refund.Reference,
                Provider = provider,
                InvoiceId = touched?.Value,
                At = refund.RefundedAt,
            },
            transaction
        );

    [LoggerMessage(Level = LogLevel.Information, Message = "A refund of payment {PaymentId} is {State}")]
    private partial void LogRefunded(PaymentId paymentId, RefundState state);
}

/// <summary>Money given back, or under way to it, as its answer tells it.</summary>
public sealed record Refund
{
    /// <summary>The refund.</summary>
    public Guid RefundId { get; init; }

    /// <summary>Whose books it is in.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public SellerId SellerId { get; init; }

    /// <summary>The payment it was given back from.</summary>
    public PaymentId PaymentId { get; init; }

    /// <summary>Currency of the amount.</summary>
    public Currency Currency { get; init; }

    /// <summary>How much.</summary>
    public decimal Amount { get; init; }

    /// <summary>What makes it idempotent.</summary>
    public string Reference { get; init; } = "";

    /// <summary>When it was given; of one that a provider is asked for, when it was ordered.</summary>
    public DateTimeOffset RefundedAt { get; init; }

    /// <summary>Whether it was given; asked where a provider has not said yet what came of it, failed where it will not give it.</summary>
    public RefundState State { get; init; } = RefundState.Given;

    /// <summary>Why it is under way still, or will not be given.</summary>
    public string? Reason { get; init; }

    /// <summary>The same with its currency's decimals; tables hold four.</summary>
    public Refund InCoins() => this with { Amount = Book.Coins(Amount, Currency) };
}
