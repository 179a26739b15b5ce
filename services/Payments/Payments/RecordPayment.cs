using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Payments;

/// <summary>
/// A payment that the seller took elsewhere is booked on its invoice, once per reference; what is over the amount due stays unallocated,
/// and what it lacks is forgiven within the seller's tolerance.
/// </summary>
public sealed partial class RecordPayment(
    NpgsqlDataSource database,
    KeepBooks books,
    AwaitInvoice arrival,
    TimeProvider clock,
    ILogger<RecordPayment> log
)
{
    private const string TakeReferenceOnce = """
        insert into payment_intent (seller_id, channel, key, payment_id, invoice_id, means, amount, asked_at)
        values (@SellerId, 'api', @Reference, @PaymentId, @InvoiceId, @Means, @Amount, @At)
        on conflict do nothing
        """;
    private const string WhoseInvoice = "select customer_id from invoice where seller_id = @SellerId and invoice_id = @InvoiceId";
    private const string TheSame = """
        select p.payment_id, p.invoice_id, p.means, p.provider, p.currency, p.amount, p.reference, p.received_at, b.allocated, b.unallocated,
               i.invoice_id = @InvoiceId and i.means = @Means and i.amount = @Amount as same_content
        from payment_intent i
        join payment p using (seller_id, payment_id)
        join payment_balance b using (seller_id, payment_id)
        where i.seller_id = @SellerId and i.channel = 'api' and i.key = @Reference
        """;

    /// <summary>What is posted.</summary>
    public sealed record Request
    {
        /// <summary>The invoice it is for.</summary>
        public required InvoiceId InvoiceId { get; init; }

        /// <summary>How it was paid.</summary>
        public required PaymentMeans Means { get; init; }

        /// <summary>How much.</summary>
        public required decimal Amount { get; init; }

        /// <summary>Makes it idempotent: the terminal's operation number, the transfer's reference.</summary>
        public required string Reference { get; init; }
    }

    /// <summary>Books it; the second value tells whether it was booked now and not before.</summary>
    public async Task<Outcome<(RecordedPayment Payment, bool Now)>> HandleAsync(Caller caller, Request request, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("RecordPayment");
        if (request.Means == PaymentMeans.Credit)
        {
            return PaymentsFaults.CreditIsAllocated.At("means");
        }

        if (Amounts.Check(request.Reference) is { } badReference)
        {
            return badReference;
        }

        // Before the invoice's own currency is known, what no currency has; what its coin refuses follows below.
        if (request.Amount is <= 0m or >= 1_000_000_000m)
        {
            return Amounts.Check(request.Amount, Currency.Eur)!;
        }

        await arrival.HandleAsync(caller.SellerId, request.InvoiceId, token);
        var id = PaymentId.New();
        var asked = new
        {
            caller.SellerId,
            request.Reference,
            PaymentId = id,
            request.InvoiceId,
            Means = Account.NameOf(request.Means),
            request.Amount,
            At = clock.GetUtcNow(),
        };
        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        if (await connection.ExecuteAsync(TakeReferenceOnce, asked, transaction) == 0)
        {
            var same = await connection.QuerySingleAsync<RecordedPayment>(TheSame, asked, transaction);
            return same.SameContent ? (same.InCoins(), false) : PaymentsFaults.OtherContent.At("reference", request.Reference);
        }

        var book = await books.OpenAsync(transaction, caller.SellerId, [request.InvoiceId], token);
        if (book.Of(request.InvoiceId) is not { } invoice)
        {
            return PaymentsFaults.NoInvoice.At("invoiceId", request.InvoiceId) with { RetryAfter = 1 };
        }

        if (Amounts.Check(request.Amount, invoice.Currency) is { } badAmount)
        {
            return badAmount;
        }

        var account = Account.TakenBySeller(request.Means);
        book.Receive(
            new Payment
            {
                PaymentId = id,
                InvoiceId = request.InvoiceId,
                CustomerId = await CustomerOfAsync(transaction, caller.SellerId, request.InvoiceId),
                Means = request.Means,
                Provider = account == Account.Bank ? "bank" : "till",
                Account = account,
                Currency = invoice.Currency,
                Amount = Book.Coins(request.Amount, invoice.Currency),
                Reference = request.Reference,
                ReceivedAt = book.At,
            }
        );
        var took = book.Allocate(id, request.InvoiceId);
        await KeepPaymentPolicy.ForgiveAsync(transaction, book, id, request.InvoiceId, took);
        await books.CloseAsync(transaction, book, token);
        await books.CommitAsync(transaction, token);
        LogRecorded(id, request.InvoiceId);
        return (RecordedPayment.Of(book.Of(id)), true);
    }

    private static async Task<CustomerId?> CustomerOfAsync(NpgsqlTransaction transaction, SellerId seller, InvoiceId invoice)
    {
        var whose = new { SellerId = seller, InvoiceId = invoice };
        return await transaction.Connection!.QuerySingleAsync<string?>(WhoseInvoice, whose, transaction) is { } customer
            ? CustomerId.Of(customer)
            : null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Payment {PaymentId} was booked on invoice {InvoiceId}")]
    private partial void LogRecorded(PaymentId paymentId, InvoiceId invoiceId);
}

/// <summary>A payment as its answer tells it.</summary>
public sealed record RecordedPayment
{
    /// <summary>The payment.</summary>
    public PaymentId PaymentId { get; init; }

    /// <summary>The invoice it was meant for.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>How it was paid.</summary>
    public string Means { get; init; } = "";

    /// <summary>Who took it.</summary>
    public string Provider { get; init; } = "";

    /// <summary>Currency of the amounts.</summary>
    public Currency Currency { get; init; }

    /// <summary>How much was received.</summary>
    public decimal Amount { get; init; }

    /// <summary>What makes it idempotent.</summary>
    public string? Reference { get; init; }

    /// <summary>When it was booked.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>How much of it invoices have taken.</summary>
    public decimal Allocated { get; init; }

    /// <summary>How much no invoice has taken.</summary>
    public decimal Unallocated { get; init; }

    /// <summary>Whether a repeated request says the same as the first.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool SameContent { get; init; }

    /// <summary>The answer for a payment in an open book.</summary>
    public static RecordedPayment Of(Payment payment) =>
        new RecordedPayment
        {
            PaymentId = payment.PaymentId,
            InvoiceId = payment.InvoiceId,
            Means = Account.NameOf(payment.Means),
            Provider = payment.Provider,
            Currency = payment.Currency,
            Amount = payment.Amount,
            Reference = payment.Reference,
            ReceivedAt = payment.ReceivedAt,
            Allocated = payment.Allocated,
            Unallocated = payment.Unallocated,
        }.InCoins();

    /// <summary>The same with its currency's decimals; tables hold four.</summary>
    public RecordedPayment InCoins() =>
        this with
        {
            Amount = Book.Coins(Amount, Currency),
            Allocated = Book.Coins(Allocated, Currency),
            Unallocated = Book.Coins(Unallocated, Currency),
        };
}
