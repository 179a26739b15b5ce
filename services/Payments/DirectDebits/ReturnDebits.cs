using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Bank;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>
/// The bank took a collected debit back, or never got the money: what it had settled is open again. Whether the return or the collection is
/// heard of first makes no difference, and the same return again changes nothing. A mandate that is of no use any more is suspended.
/// </summary>
public sealed partial class ReturnDebits(KeepBooks books, TimeProvider clock, ILogger<ReturnDebits> log) : IReturnedDebits
{
    // Gives back the locks that were taken after it.
    private const string BeforeLocks = "before_return";

    private const string DebitOf = """
        select d.invoice_id, d.mandate_id, d.iban, d.amount, d.state, d.payment_id, i.customer_id, s.time_zone
        from debit d join invoice i using (seller_id, invoice_id) left join seller s on s.seller_id = d.seller_id
        where d.seller_id = @SellerId and d.end_to_end_id = @EndToEndId
        """;
    private const string Return = """
        update debit
        set state = 'returned', payment_id = @PaymentId, returned_on = @BookedOn, reason = @ReasonCode, waits_for = null, next_check_on = null
        where seller_id = @SellerId and end_to_end_id = @EndToEndId
        """;

    // An account that the customer has left since says nothing of the one in its place.
    private const string Suspend = """
        update mandate set state = 'suspended', reason = @ReasonCode, changed_at = @At
        where seller_id = @SellerId and mandate_id = @MandateId and state = 'active' and (iban = @Iban or not @IsOfAccount)
        """;

    /// <inheritdoc />
    public async Task<bool> ReturnAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        ReturnedDebit returned,
        CancellationToken cancellationToken
    )
    {
        using var activity = Telemetry.Source.StartActivity("ReturnDebits");
        while (true)
        {
            if (await FindAsync(transaction, seller, returned) is not { } debit || !IsOf(debit, returned))
            {
                return false;
            }

            if (debit.State == Debit.IsReturned)
            {
                return true;
            }

            await transaction.SaveAsync(BeforeLocks, cancellationToken);
            Book book;
            IReadOnlyList<Allocation> taken = [];
            if (debit.PaymentId is { } booked)
            {
                (book, taken) = await books.OpenAtPaymentAsync(transaction, seller, booked, [debit.InvoiceId], cancellationToken);
            }
            else
            {
                book = await books.OpenAsync(transaction, seller, [debit.InvoiceId], cancellationToken);
            }

            // Debits change under their invoices' locks only. One that was collected, cancelled or returned meanwhile is begun with anew.
            if ((await FindAsync(transaction, seller, returned))?.State != debit.State)
            {
                await transaction.RollbackAsync(BeforeLocks, cancellationToken);
                continue;
            }

            await transaction.ReleaseAsync(BeforeLocks, cancellationToken);
            await ReturnAsync(transaction, book, debit, taken, returned, cancellationToken);
            return true;
        }
    }

    private async Task ReturnAsync(
        NpgsqlTransaction transaction,
        Book book,
        Row debit,
        IReadOnlyList<Allocation> taken,
        ReturnedDebit returned,
        CancellationToken token
    )
    {
        if (debit.PaymentId is not { } payment)
        {
            // It came before it went, whatever the bank told first.
            var receivedAt = SellerDay.Begin(returned.BookedOn, debit.TimeZone);
            var money = CollectDebits.MoneyOf(returned.EndToEndId, debit.InvoiceId, debit.CustomerId, debit.Amount, receivedAt);
            payment = money.PaymentId;
            if (debit.State == Debit.IsSubmitted)
            {
                book.End(debit.InvoiceId, debit.Amount);
            }

            book.Receive(money);
            var amount = book.Allocate(payment, debit.InvoiceId);
            taken =
                amount > 0m
                    ?
                    [
                        new Allocation
                        {
                            PaymentId = payment,
                            InvoiceId = debit.InvoiceId,
                            Amount = amount,
                        },
                    ]
                    : [];
        }

        // What the bank took beyond the debit is its fee, and none of the customer's.
        var back = Book.Coins(Math.Min(returned.Amount, debit.Amount), Currency.Eur);
        book.Reverse(payment, back, returned.ReasonCode, taken);
        await books.TakeWaitingCreditAsync(transaction, book, payment, token);
        var now = new
        {
            SellerId = book.Seller,
            returned.EndToEndId,
            PaymentId = payment,
            returned.BookedOn,
            returned.ReasonCode,
            debit.MandateId,
            debit.Iban,
            IsOfAccount = ReturnReason.IsOfAccount(returned.ReasonCode),
            At = clock.GetUtcNow(),
        };
        await transaction.Connection!.ExecuteAsync(Return, now, transaction);
        if (ReturnReason.Suspends(returned.ReasonCode))
        {
            await transaction.Connection!.ExecuteAsync(Suspend, now, transaction);
        }

        await books.CloseAsync(transaction, book, token);
        LogReturned(returned.EndToEndId, book.Seller, returned.ReasonCode);
    }

    private static Task<Row?> FindAsync(NpgsqlTransaction transaction, SellerId seller, ReturnedDebit returned) =>
        transaction.Connection!.QuerySingleOrDefaultAsync<Row>(DebitOf, new { SellerId = seller, returned.EndToEndId }, transaction);

    /// <summary>A debit that was cancelled was never sent: somebody has to look at what came back under its name.</summary>
    private static bool IsOf(Row debit, ReturnedDebit returned) =>
        debit.State != Debit.IsCancelled
        && returned.Currency == Currency.Eur
        && returned.Amount > 0m
        && (returned.MandateId is null || Bare(returned.MandateId) == Bare(debit.MandateId));

    /// <summary>Banks do not keep a reference's spaces, nor its capitals.</summary>
    private static string Bare(string mandate) => mandate.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    [LoggerMessage(Level = LogLevel.Information, Message = "Direct debit {EndToEndId} of {SellerId} was returned: {Reason}")]
    private partial void LogReturned(string endToEndId, SellerId sellerId, string? reason);

    private sealed record Row
    {
        public InvoiceId InvoiceId { get; init; }

        public string MandateId { get; init; } = "";

        public string Iban { get; init; } = "";

        public decimal Amount { get; init; }

        public string State { get; init; } = "";

        public PaymentId? PaymentId { get; init; }

        public string? CustomerId { get; init; }

        public string? TimeZone { get; init; }
    }
}
