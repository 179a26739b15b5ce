using Dapper;
using MassTransit;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Payments;

/// <summary>
/// An invoice that should never have been asks for nothing: what was paid on it is the customer's again, and the credit that it gave is
/// withdrawn from the invoices that took it.
/// </summary>
public sealed class CancelBalance(Inbox inbox, KeepBooks books) : IConsumer<InvoiceCancelled>
{
    /// <summary>Its queue, and its name in the inbox.</summary>
    public const string Queue = "payments-cancel-invoice";

    private const string Remember = """
        insert into cancelled_invoice (seller_id, invoice_id, cancelled_at) values (@SellerId, @InvoiceId, @CancelledAt) on conflict do nothing
        """;
    private const string Cancelled = """
        select seller_id, invoice_id from cancelled_invoice where (seller_id, invoice_id) in (select * from unnest(@sellers, @ids))
        """;

    // Money on the invoice, and the credit that it gave wherever that went.
    private const string Taken = """
        select a.payment_id, a.invoice_id, sum(a.amount) as amount
        from allocation a join payment p using (seller_id, payment_id)
        where a.seller_id = @SellerId and (a.invoice_id = @InvoiceId or (p.invoice_id = @InvoiceId and p.provider = 'credit'))
        group by a.payment_id, a.invoice_id
        order by max(a.allocated_at), a.invoice_id
        """;
    private const string Granted = """
        select payment_id from payment where seller_id = @SellerId and invoice_id = @InvoiceId and provider = 'credit'
        """;

    /// <inheritdoc />
    public Task Consume(ConsumeContext<InvoiceCancelled> context)
    {
        var (told, token) = (context.Message, context.CancellationToken);
        using var activity = Telemetry.Source.StartActivity("CancelBalance");
        return inbox.OnceAsync(
            Queue,
            told.EventId,
            async transaction =>
            {
                await transaction.Connection!.ExecuteAsync(
                    Remember,
                    new
                    {
                        told.SellerId,
                        told.InvoiceId,
                        told.CancelledAt,
                    },
                    transaction
                );
                await CancelAsync(transaction, [(told.SellerId, told.InvoiceId)], token);
            },
            token
        );
    }

    /// <summary>Cancels the balances of those that are cancelled and have been heard of; for others there is nothing to do yet.</summary>
    public async Task CancelAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<(SellerId Seller, InvoiceId Invoice)> invoices,
        CancellationToken token
    )
    {
        var cancelled = await transaction.Connection!.QueryAsync<(string Seller, Guid Invoice)>(
            Cancelled,
            new
            {
                sellers = invoices.Select(each => each.Seller.Value).ToArray(),
                ids = invoices.Select(each => each.Invoice.Value).ToArray(),
            },
            transaction
        );
        foreach (var (seller, invoice) in cancelled.ToList())
        {
            await CancelAsync(transaction, SellerId.Of(seller), InvoiceId.Of(invoice), token);
        }
    }

    private async Task CancelAsync(NpgsqlTransaction transaction, SellerId seller, InvoiceId invoice, CancellationToken token)
    {
        var named = new { SellerId = seller, InvoiceId = invoice };
        var connection = transaction.Connection!;
        // Payments on an invoice are booked under its lock, so that what is found after it is all there is.
        var first = await books.OpenAsync(transaction, seller, [invoice], token);
        if (first.Of(invoice) is not { Asked: not 0m })
        {
            return;
        }

        var taken = (await connection.QueryAsync<Allocation>(Taken, named, transaction)).ToList();
        var granted = (await connection.QueryAsync<PaymentId>(Granted, named, transaction)).ToList();
        var book = await books.OpenAsync(transaction, seller, [invoice, .. taken.Select(each => each.InvoiceId)], token);
        await books.HoldAsync(transaction, book, [.. taken.Select(each => each.PaymentId), .. granted], token);
        foreach (var allocation in taken.Where(each => each.Amount > 0m))
        {
            book.Release(allocation.PaymentId, allocation.InvoiceId, allocation.Amount);
        }

        foreach (var credit in granted)
        {
            book.Withdraw(credit, invoice);
        }

        book.Cancel(invoice);
        await books.CloseAsync(transaction, book, token);
    }
}
