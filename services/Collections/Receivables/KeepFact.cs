using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>A fact told of an invoice is kept once, and what the customer owes follows from it in the same breath.</summary>
public sealed class KeepFact(Inbox inbox, Outbox outbox, TimeProvider clock)
{
    private const string LockReceivable = """
        insert into receivable (seller_id, invoice_id) values (@seller, @invoice) on conflict do nothing;
        select * from receivable where seller_id = @seller and invoice_id = @invoice for update
        """;
    private const string Keep = """
        update receivable set
            number = @Number, customer_id = @CustomerId, customer_name = @CustomerName, email = @Email, language = @Language,
            currency = @Currency, total_with_vat = @TotalWithVat, issued_due = @IssuedDue, due_date = @DueDate,
            payment_reference = @PaymentReference, cancelled_at = @CancelledAt,
            balance_version = @BalanceVersion, balance_due = @BalanceDue, balance_at = @BalanceAt, paid_at = @PaidAt,
            amount_due = @AmountDue, opened_at = @OpenedAt, settled_at = @SettledAt
        where seller_id = @SellerId and invoice_id = @InvoiceId
        """;
    private const string WakeDunning = $"select pg_notify('{Dunning.RunDunning.Channel}', '')";

    /// <summary>Keeps what the event adds to the invoice's facts, unless this consumer has had the event.</summary>
    public Task KeepAsync(
        string consumer,
        IEvent told,
        InvoiceId invoice,
        Func<Receivable, Receivable> add,
        CancellationToken cancellationToken
    ) =>
        inbox.OnceAsync(
            consumer,
            told.EventId,
            async transaction =>
            {
                using var span = Telemetry.Source.StartActivity("KeepFact");
                var before = await LockAsync(transaction, told.SellerId, invoice);
                var now = clock.GetUtcNow();
                var after = add(before).Following(now);
                if (after == before)
                {
                    return;
                }

                await transaction.Connection!.ExecuteAsync(Keep, after, transaction);
                if (MayBeOverdue(after, now))
                {
                    await transaction.Connection!.ExecuteAsync(WakeDunning, transaction: transaction);
                }

                if (before.SettledAt is null && after.SettledAt is { } settled)
                {
                    await outbox.AppendAsync(
                        transaction,
                        new ReceivableSettled
                        {
                            EventId = EventId.New(),
                            SellerId = after.SellerId,
                            InvoiceId = after.InvoiceId,
                            SettledAt = settled,
                        },
                        cancellationToken
                    );
                }
            },
            cancellationToken
        );

    private static async Task<Receivable> LockAsync(NpgsqlTransaction transaction, SellerId seller, InvoiceId invoice) =>
        await transaction.Connection!.QuerySingleAsync<Receivable>(
            LockReceivable,
            new { seller = seller.Value, invoice = invoice.Value },
            transaction
        );

    /// <summary>No place on earth is more than a day ahead of Greenwich, so nothing else can be overdue already.</summary>
    private static bool MayBeOverdue(Receivable receivable, DateTimeOffset now) =>
        receivable is { OpenedAt: not null, SettledAt: null, DueDate: { } due } && due <= DateOnly.FromDateTime(now.UtcDateTime);
}
