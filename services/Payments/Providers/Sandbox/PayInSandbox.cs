using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers.Sandbox;

/// <summary>
/// Plays a card, Bizum or wallet payment of whatever is due, in development and for sellers without a provider only: asked, received,
/// allocated and settled in one transaction. A double click pays once; once paid, nothing more is taken.
/// </summary>
public sealed partial class PayInSandbox(
    NpgsqlDataSource database,
    KeepBooks books,
    OpenProviders accounts,
    IHostEnvironment environment,
    TimeProvider clock,
    ILogger<PayInSandbox> log
)
{
    private const string Provider = "sandbox";
    private const string TakeKeyOnce = """
        insert into payment_intent (seller_id, channel, key, payment_id, invoice_id, means, asked_at)
        values (@SellerId, 'sandbox', @Key, @PaymentId, @InvoiceId, @Means, @At)
        on conflict do nothing
        """;
    private const string TheSame = """
        select p.payment_id, p.invoice_id, p.amount, p.currency
        from payment_intent i join payment p using (seller_id, payment_id)
        where i.seller_id = @SellerId and i.channel = 'sandbox' and i.key = @Key
        """;
    private const string LastPayment = """
        select p.payment_id, a.invoice_id, a.amount, p.currency
        from allocation a join payment p using (seller_id, payment_id)
        where a.seller_id = @SellerId and a.invoice_id = @InvoiceId and a.amount > 0
        order by a.balance_version desc limit 1
        """;
    private const string WhoseInvoice = "select customer_id from invoice where seller_id = @SellerId and invoice_id = @InvoiceId";

    /// <summary>What came of it: received, or already-paid with the payment that did it.</summary>
    public sealed record Result
    {
        /// <summary>The payment; absent where the invoice never asked for any.</summary>
        public PaymentId? PaymentId { get; init; }

        /// <summary>The invoice.</summary>
        public InvoiceId InvoiceId { get; init; }

        /// <summary>How much was paid.</summary>
        public decimal Amount { get; init; }

        /// <summary>Its currency.</summary>
        public Currency Currency { get; init; }

        /// <summary>Whether the invoice had been paid before.</summary>
        public bool AlreadyPaid { get; init; }
    }

    /// <summary>
    /// Whether it is there for a seller: in development, and while no account with a provider is in use, which would be the way to pay then.
    /// </summary>
    public async Task<bool> IsOfferedAsync(SellerId seller, CancellationToken token) =>
        environment.IsDevelopment() && (await accounts.EnabledAsync(seller, token)).Count == 0;

    /// <summary>Pays what is due.</summary>
    public async Task<Outcome<Result>> HandleAsync(SellerId seller, InvoiceId invoice, string key, string means, CancellationToken token)
    {
        using var activity = Telemetry.Source.StartActivity("PayInSandbox");
        if (!await IsOfferedAsync(seller, token))
        {
            return PaymentsFaults.NoSandbox.With();
        }

        if (means is not ("card" or "bizum" or "wallet"))
        {
            return PaymentsFaults.SandboxMeans.With();
        }

        if (Amounts.Check(key) is not null)
        {
            return PaymentsFaults.Unreadable.With("key");
        }

        var id = PaymentId.New();
        var asked = new
        {
            SellerId = seller,
            InvoiceId = invoice,
            PaymentId = id,
            Key = key,
            Means = means,
            At = clock.GetUtcNow(),
        };
        await using var connection = await database.OpenConnectionAsync(token);
        await using var transaction = await connection.BeginTransactionAsync(token);
        if (await connection.ExecuteAsync(TakeKeyOnce, asked, transaction) == 0)
        {
            var same = await connection.QuerySingleAsync<Result>(TheSame, asked, transaction);
            return same.InvoiceId == invoice ? same : PaymentsFaults.OtherContent.With(key);
        }

        var book = await books.OpenAsync(transaction, seller, [invoice], token);
        if (book.Of(invoice) is not { } open)
        {
            return PaymentsFaults.NoInvoice.With(invoice);
        }

        if (open.AmountDue <= 0m)
        {
            var last = await connection.QuerySingleOrDefaultAsync<Result>(LastPayment, asked, transaction);
            return (last ?? new Result { InvoiceId = invoice, Currency = open.Currency }) with { AlreadyPaid = true };
        }

        var customer = await connection.QuerySingleAsync<string?>(WhoseInvoice, asked, transaction);
        book.Receive(
            new Payment
            {
                PaymentId = id,
                InvoiceId = invoice,
                CustomerId = customer is null ? null : CustomerId.Of(customer),
                Means = Account.MeansOf(means),
                Provider = Provider,
                Account = Account.TakenBy(Provider),
                Currency = open.Currency,
                Amount = Book.Coins(open.AmountDue, open.Currency),
                Reference = key,
                ReceivedAt = book.At,
            }
        );
        book.Allocate(id, invoice);
        await books.CloseAsync(transaction, book, token);
        await books.CommitAsync(transaction, token);
        LogPaid(invoice, id);
        return new Result
        {
            PaymentId = id,
            InvoiceId = invoice,
            Amount = open.AmountDue,
            Currency = open.Currency,
        };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Invoice {InvoiceId} was paid in the sandbox by {PaymentId}")]
    private partial void LogPaid(InvoiceId invoiceId, PaymentId paymentId);
}
