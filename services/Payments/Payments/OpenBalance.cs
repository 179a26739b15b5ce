using Dapper;
using MassTransit;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Payments;

/// <summary>
/// An issued invoice opens what it leaves due, books what was paid with its sale, and takes the credit that is waiting for it; a corrective
/// invoice that reduces gives that credit, to the invoices it corrects first.
/// </summary>
public sealed class OpenBalance(Inbox inbox, KeepBooks books, CancelBalance cancel) : IConsumer<InvoiceIssued>
{
    private const string OpenOnce = """
        insert into invoice (seller_id, invoice_id, number, kind, currency, total_with_vat, asked, issue_date, due_date, payment_reference,
                             customer_id, issued_at)
        values (@SellerId, @InvoiceId, @Number, @Kind, @Currency, @TotalWithVat, @Asked, @IssueDate, @DueDate, @PaymentReference,
                @CustomerId, @IssuedAt)
        on conflict do nothing
        """;
    private const string RememberContact = """
        insert into contact (seller_id, invoice_id, email) values (@SellerId, @InvoiceId, @Email) on conflict do nothing
        """;
    private const string CreditWaiting = """
        select t.payment_id from credit_target t join payment_balance b using (seller_id, payment_id)
        where t.seller_id = @SellerId and t.invoice_id = @InvoiceId and b.unallocated > 0
        order by t.payment_id
        """;
    private const string AimCredit = """
        insert into credit_target (seller_id, invoice_id, payment_id) values (@SellerId, @InvoiceId, @PaymentId)
        """;

    /// <inheritdoc />
    public Task Consume(ConsumeContext<InvoiceIssued> context)
    {
        var (invoice, token) = (context.Message, context.CancellationToken);
        using var activity = Telemetry.Source.StartActivity("OpenBalance");
        return inbox.OnceAsync("payments-open-balance", invoice.EventId, transaction => OpenAsync(transaction, invoice, token), token);
    }

    private async Task OpenAsync(NpgsqlTransaction transaction, InvoiceIssued invoice, CancellationToken token)
    {
        var (seller, asked) = (invoice.SellerId, Opening.Asked(invoice));
        var customer = invoice.Contact?.CustomerId ?? invoice.Buyer?.CustomerId;
        var opened = await transaction.Connection!.ExecuteAsync(
            OpenOnce,
            new
            {
                invoice.InvoiceId,
                SellerId = seller,
                invoice.Number,
                Kind = invoice.Kind.ToString().ToLowerInvariant(),
                invoice.Currency,
                invoice.Totals.TotalWithVat,
                Asked = asked,
                invoice.IssueDate,
                invoice.DueDate,
                invoice.PaymentReference,
                CustomerId = customer,
                invoice.IssuedAt,
            },
            transaction
        );
        if (opened == 0)
        {
            // The same invoice under another event: it asks once.
            return;
        }

        if ((invoice.Contact?.Email ?? invoice.Buyer?.Email) is { Length: > 0 } email)
        {
            await transaction.Connection!.ExecuteAsync(
                RememberContact,
                new
                {
                    SellerId = seller,
                    invoice.InvoiceId,
                    Email = email.Trim().ToLowerInvariant(),
                },
                transaction
            );
        }

        var corrected = invoice
            .Corrects.Where(each => each.InvoiceId is not null)
            .Select(each => each.InvoiceId!.Value)
            .Distinct()
            .ToArray();
        var book = await books.OpenAsync(transaction, seller, [invoice.InvoiceId, .. corrected], token);
        book.Open(invoice.InvoiceId, invoice.Kind, invoice.Currency, invoice.Totals.TotalWithVat, asked);
        if (Opening.BringsPayments(invoice))
        {
            TakePayments(book, invoice, customer);
        }

        var due = book.Of(invoice.InvoiceId)!.AmountDue;
        if (due > 0m)
        {
            await TakeWaitingCreditAsync(transaction, book, invoice.InvoiceId, token);
        }
        else if (due < 0m)
        {
            await GrantCreditAsync(transaction, book, invoice, customer, corrected);
        }

        await books.CloseAsync(transaction, book, token);
        // The cancellation may have been told first.
        await cancel.CancelAsync(transaction, seller, invoice.InvoiceId, token);
    }

    private static void TakePayments(Book book, InvoiceIssued invoice, CustomerId? customer)
    {
        var parts = Opening.ForInvoice([.. invoice.Payments.Select(each => each.Amount)], invoice.Totals.PaidAmount);
        foreach (var (taken, part) in invoice.Payments.Zip(parts).Where(each => each.First.Amount != 0m))
        {
            var payment = new Payment
            {
                PaymentId = PaymentId.New(),
                InvoiceId = invoice.InvoiceId,
                CustomerId = customer,
                Means = taken.Means,
                Provider = "till",
                Account = Account.TakenBySeller(taken.Means),
                Currency = invoice.Currency,
                Amount = taken.Amount,
                NonSale = taken.Amount - part,
                Reference = taken.Reference,
                ReceivedAt = invoice.IssuedAt,
            };
            book.Receive(payment);
            book.Allocate(payment.PaymentId, invoice.InvoiceId, part);
        }
    }

    private async Task TakeWaitingCreditAsync(NpgsqlTransaction transaction, Book book, InvoiceId invoice, CancellationToken token)
    {
        var waiting = await transaction.Connection!.QueryAsync<PaymentId>(
            CreditWaiting,
            new { SellerId = book.Seller, InvoiceId = invoice },
            transaction
        );
        foreach (var credit in await books.HoldAsync(transaction, book, [.. waiting], token))
        {
            book.Allocate(credit.PaymentId, invoice);
        }
    }

    private static async Task GrantCreditAsync(
        NpgsqlTransaction transaction,
        Book book,
        InvoiceIssued invoice,
        CustomerId? customer,
        InvoiceId[] corrected
    )
    {
        var credit = book.Grant(
            new Payment
            {
                PaymentId = PaymentId.New(),
                InvoiceId = invoice.InvoiceId,
                CustomerId = customer,
                Means = PaymentMeans.Credit,
                Provider = Payment.CreditProvider,
                Account = Account.Receivable,
                Currency = invoice.Currency,
                Amount = 0m,
                Reference = invoice.Number,
                ReceivedAt = invoice.IssuedAt,
            }
        );
        foreach (var target in corrected)
        {
            await transaction.Connection!.ExecuteAsync(
                AimCredit,
                new
                {
                    SellerId = book.Seller,
                    InvoiceId = target,
                    credit.PaymentId,
                },
                transaction
            );
            // One that has not arrived yet finds the credit when it does.
            book.Allocate(credit.PaymentId, target);
        }
    }
}
