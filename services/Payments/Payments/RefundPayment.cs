using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Payments;

/// <summary>
/// The seller gives money back, never more than it received, once per reference. What an invoice had taken of it is open again, unless the
/// credit of a corrective invoice is there to take its place.
/// </summary>
public sealed partial class RefundPayment(NpgsqlDataSource database, KeepBooks books, TimeProvider clock, ILogger<RefundPayment> log)
{
    private const string TakeReferenceOnce = """
        insert into refund (seller_id, payment_id, reference, refund_id, amount, refunded_at)
        select seller_id, payment_id, @Reference, @RefundId, @Amount, @RefundedAt
        from payment where seller_id = @SellerId and payment_id = @PaymentId
        on conflict do nothing
        """;
    private const string TheSame = """
        select r.refund_id, r.payment_id, p.currency, r.amount, r.reference, r.refunded_at
        from refund r join payment p using (seller_id, payment_id)
        where r.seller_id = @SellerId and r.payment_id = @PaymentId and r.reference = @Reference
        """;
    private const string TakenBy = """
        select payment_id, invoice_id, sum(amount) as amount from allocation
        where seller_id = @SellerId and payment_id = @PaymentId
        group by payment_id, invoice_id having sum(amount) > 0
        order by max(allocated_at), invoice_id
        """;
    private const string CreditWaiting = """
        select t.payment_id from credit_target t join payment_balance b using (seller_id, payment_id)
        where t.seller_id = @SellerId and t.invoice_id = @InvoiceId and b.unallocated > 0 and t.payment_id <> @PaymentId
        order by t.payment_id
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
        while (true)
        {
            await using var transaction = await connection.BeginTransactionAsync(token);
            if (await connection.ExecuteAsync(TakeReferenceOnce, refund, transaction) == 0)
            {
                return await connection.QuerySingleOrDefaultAsync<Refund>(TheSame, refund, transaction) switch
                {
                    null => PaymentsFaults.NoPayment.With(payment),
                    { } same when same.Amount == request.Amount => (same.InCoins(), false),
                    _ => PaymentsFaults.OtherContent.At("reference", request.Reference),
                };
            }

            // Invoices are locked before payments, so whose they are is read first and checked under the locks.
            var expected = await TakenByAsync(transaction, refund);
            var book = await books.OpenAsync(transaction, caller.SellerId, expected.Select(each => each.InvoiceId), token);
            await books.HoldAsync(transaction, book, [payment], token);
            var taken = await TakenByAsync(transaction, refund);
            if (!taken.Select(each => each.InvoiceId).SequenceEqual(expected.Select(each => each.InvoiceId)))
            {
                continue;
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

            book.Refund(payment, request.Amount, request.Reference, taken);
            await TakeWaitingCreditAsync(transaction, book, payment, token);
            await books.CloseAsync(transaction, book, token);
            await books.CommitAsync(transaction, token);
            LogRefunded(payment);
            return ((refund with { Currency = received.Currency }).InCoins(), true);
        }
    }

    private static async Task<IReadOnlyList<Allocation>> TakenByAsync(NpgsqlTransaction transaction, Refund refund) =>
        [.. await transaction.Connection!.QueryAsync<Allocation>(TakenBy, refund, transaction)];

    private async Task TakeWaitingCreditAsync(NpgsqlTransaction transaction, Book book, PaymentId payment, CancellationToken token)
    {
        foreach (var invoice in book.Invoices.Where(each => each.AmountDue > 0m).Select(each => each.InvoiceId).ToArray())
        {
            var waiting = (
                await transaction.Connection!.QueryAsync<PaymentId>(
                    CreditWaiting,
                    new
                    {
                        SellerId = book.Seller,
                        InvoiceId = invoice,
                        PaymentId = payment,
                    },
                    transaction
                )
            ).ToArray();
            // What is on the table already, meant for two of these invoices, is newer than its row.
            await books.HoldAsync(transaction, book, [.. waiting.Except(book.Payments.Select(each => each.PaymentId))], token);
            foreach (var credit in waiting)
            {
                book.Allocate(credit, invoice);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Money of payment {PaymentId} was given back")]
    private partial void LogRefunded(PaymentId paymentId);
}

/// <summary>Money given back, as its answer tells it.</summary>
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

    /// <summary>When.</summary>
    public DateTimeOffset RefundedAt { get; init; }

    /// <summary>The same with its currency's decimals; tables hold four.</summary>
    public Refund InCoins() => this with { Amount = Book.Coins(Amount, Currency) };
}
