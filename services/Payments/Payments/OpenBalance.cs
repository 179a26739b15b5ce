using Dapper;
using MassTransit;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Payments.Bank;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Payments;

/// <summary>
/// An issued invoice opens what it leaves due, books what was paid with its sale, and takes the credit that is waiting for it; a corrective
/// invoice that reduces gives that credit, to the invoices it corrects first; what is left of it waits, or goes back the way the money
/// came, as the seller chose.
/// </summary>
public sealed class OpenBalance : IConsumer<InvoiceIssued>
{
    /// <summary>Its queue, and its name in the inbox.</summary>
    public const string Queue = "payments-open-balance";

    // The same invoice under another event asks once.
    private const string OpenOnce = """
        with told as (
            select * from unnest(@sellers, @ids, @numbers, @kinds, @currencies, @totals, @asked, @issued, @due, @references, @customers, @at,
                @emails, @stores) as t (seller_id, invoice_id, number, kind, currency, total_with_vat, asked, issue_date, due_date,
                payment_reference, customer_id, issued_at, email, store_id)
        ), opened as (
            insert into invoice (seller_id, invoice_id, number, kind, currency, total_with_vat, asked, issue_date, due_date,
                                 payment_reference, customer_id, issued_at, store_id)
            select seller_id, invoice_id, number, kind, currency, total_with_vat, asked, issue_date, due_date, payment_reference,
                customer_id, issued_at, store_id
            from told order by seller_id, invoice_id
            on conflict do nothing
            returning seller_id, invoice_id
        ), contacts as (
            insert into contact (seller_id, invoice_id, email)
            select seller_id, invoice_id, email from told join opened using (seller_id, invoice_id) where email is not null
            on conflict do nothing
        )
        select seller_id, invoice_id from opened
        """;
    private const string CreditWaiting = """
        select t.seller_id, t.invoice_id, t.payment_id
        from credit_target t join payment_balance b using (seller_id, payment_id)
        where (t.seller_id, t.invoice_id) in (select * from unnest(@sellers, @ids)) and b.unallocated > 0
        order by t.payment_id
        """;
    private const string AimCredit = """
        insert into credit_target (seller_id, invoice_id, payment_id) select * from unnest(@sellers, @ids, @payments)
        """;

    private readonly InboxLine<InvoiceIssued> _line;
    private readonly KeepBooks _books;
    private readonly CancelBalance _cancel;
    private readonly RefundCredit _refund;

    /// <summary>Opens the line that invoices wait in.</summary>
    public OpenBalance(Inbox inbox, KeepBooks books, CancelBalance cancel, RefundCredit refund) =>
        (_line, _books, _cancel, _refund) = (
            inbox.Line<InvoiceIssued>(nameof(OpenBalance), OpenAsync, apart: TimeSpan.FromMilliseconds(80)),
            books,
            cancel,
            refund
        );

    /// <inheritdoc />
    public Task Consume(ConsumeContext<InvoiceIssued> context) =>
        _line.TakeAsync(Queue, context.Message.EventId, context.Message, context.CancellationToken);

    private async Task OpenAsync(NpgsqlTransaction transaction, IReadOnlyList<Heard<InvoiceIssued>> heard, CancellationToken token)
    {
        var touched = heard.SelectMany(each => Corrected(each.Fact).Prepend(each.Fact.InvoiceId).Select(id => (each.Fact.SellerId, id)));
        var books = await _books.OpenNewAsync(transaction, touched, token);
        // Under the locks of their balances, and each opens in its turn.
        var opened = await KeepInvoicesAsync(transaction, heard);
        if (opened.Count == 0)
        {
            return;
        }

        await RememberRemittances.InAsync(transaction, opened.Select(each => each.Fact), token);

        var credits = await HoldWaitingCreditAsync(transaction, books, opened, token);
        var (aimed, told) = (new List<Aim>(), new List<ToldEvent>());
        foreach (var each in opened)
        {
            var (invoice, book) = (each.Fact, books[each.Fact.SellerId]);
            var before = book.Told.Count;
            Open(book, invoice, credits, aimed);
            // Each as if it came alone: what it settles is told before the next one is opened.
            book.Settle();
            told.AddRange(book.Told.Skip(before).Select(one => new ToldEvent(one, each.TraceParent)));
        }

        told.AddRange(await _refund.HandleAsync(transaction, books, LeftOver(books, opened, aimed), token));
        await AimAsync(transaction, aimed);
        await _books.CloseAsync(transaction, [.. books.Values], told, token);
        // The cancellation may have been told first.
        await _cancel.CancelAsync(transaction, [.. opened.Select(each => (each.Fact.SellerId, each.Fact.InvoiceId))], token);
    }

    /// <summary>Keeps what the invoices ask for; those that were not there before, in the order they came.</summary>
    private static async Task<IReadOnlyList<Heard<InvoiceIssued>>> KeepInvoicesAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<Heard<InvoiceIssued>> heard
    )
    {
        var each = heard.DistinctBy(one => (one.Fact.SellerId, one.Fact.InvoiceId)).ToList();
        var invoices = each.ConvertAll(one => one.Fact);
        var opened = await transaction.Connection!.QueryAsync<(string, Guid)>(
            OpenOnce,
            new
            {
                sellers = invoices.Select(invoice => invoice.SellerId.Value).ToArray(),
                ids = invoices.Select(invoice => invoice.InvoiceId.Value).ToArray(),
                numbers = invoices.Select(invoice => invoice.Number).ToArray(),
                kinds = invoices.Select(invoice => invoice.Kind.ToString().ToLowerInvariant()).ToArray(),
                currencies = invoices.Select(invoice => invoice.Currency.Code).ToArray(),
                totals = invoices.Select(invoice => invoice.Totals.TotalWithVat).ToArray(),
                asked = invoices.Select(Opening.Asked).ToArray(),
                issued = invoices.Select(invoice => invoice.IssueDate).ToArray(),
                due = invoices.Select(invoice => invoice.DueDate).ToArray(),
                references = invoices.Select(invoice => invoice.PaymentReference).ToArray(),
                customers = invoices.Select(invoice => CustomerOf(invoice)?.Value).ToArray(),
                at = invoices.Select(invoice => invoice.IssuedAt.ToUniversalTime()).ToArray(),
                emails = invoices.Select(EmailOf).ToArray(),
                stores = invoices.Select(invoice => invoice.StoreId.Value).ToArray(),
            },
            transaction
        );
        var isNew = opened.ToHashSet();
        return each.FindAll(one => isNew.Contains((one.Fact.SellerId.Value, one.Fact.InvoiceId.Value)));
    }

    /// <summary>Credit that was given for these invoices before they came; under the invoices' locks, so that it is all there is.</summary>
    private async Task<Dictionary<(SellerId, InvoiceId), List<PaymentId>>> HoldWaitingCreditAsync(
        NpgsqlTransaction transaction,
        IReadOnlyDictionary<SellerId, Book> books,
        IReadOnlyList<Heard<InvoiceIssued>> opened,
        CancellationToken token
    )
    {
        var waiting = (
            await transaction.Connection!.QueryAsync<Aim>(
                CreditWaiting,
                new
                {
                    sellers = opened.Select(each => each.Fact.SellerId.Value).ToArray(),
                    ids = opened.Select(each => each.Fact.InvoiceId.Value).ToArray(),
                },
                transaction
            )
        ).ToList();
        await _books.HoldAsync(transaction, books, [.. waiting.Select(aim => (aim.SellerId, aim.PaymentId)).Distinct()], token);
        return waiting
            .GroupBy(aim => (aim.SellerId, aim.InvoiceId))
            .ToDictionary(invoice => invoice.Key, invoice => invoice.Select(aim => aim.PaymentId).ToList());
    }

    private static void Open(Book book, InvoiceIssued invoice, Dictionary<(SellerId, InvoiceId), List<PaymentId>> credits, List<Aim> aimed)
    {
        book.Open(invoice.InvoiceId, invoice.Kind, invoice.Currency, invoice.Totals.TotalWithVat, Opening.Asked(invoice));
        if (Opening.BringsPayments(invoice))
        {
            TakePayments(book, invoice);
        }

        var due = book.Of(invoice.InvoiceId)!.AmountDue;
        if (due > 0m)
        {
            foreach (var credit in credits.GetValueOrDefault((book.Seller, invoice.InvoiceId), []))
            {
                book.Allocate(credit, invoice.InvoiceId);
            }
        }
        else if (due < 0m)
        {
            GrantCredit(book, invoice, credits, aimed);
        }
    }

    private static void TakePayments(Book book, InvoiceIssued invoice)
    {
        var parts = Opening.ForInvoice([.. invoice.Payments.Select(each => each.Amount)], invoice.Totals.PaidAmount);
        foreach (var (taken, part) in invoice.Payments.Zip(parts).Where(each => each.First.Amount != 0m))
        {
            var payment = new Payment
            {
                PaymentId = PaymentId.New(),
                InvoiceId = invoice.InvoiceId,
                CustomerId = CustomerOf(invoice),
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

    private static void GrantCredit(
        Book book,
        InvoiceIssued invoice,
        Dictionary<(SellerId, InvoiceId), List<PaymentId>> credits,
        List<Aim> aimed
    )
    {
        var credit = book.Grant(
            new Payment
            {
                PaymentId = PaymentId.New(),
                InvoiceId = invoice.InvoiceId,
                CustomerId = CustomerOf(invoice),
                Means = PaymentMeans.Credit,
                Provider = Payment.CreditProvider,
                Account = Account.Receivable,
                Currency = invoice.Currency,
                Amount = 0m,
                Reference = invoice.Number,
                ReceivedAt = invoice.IssuedAt,
                GivenFor = [.. Corrected(invoice)],
            }
        );
        foreach (var target in Corrected(invoice))
        {
            // One that has not arrived yet finds the credit when it does, be it right behind.
            aimed.Add(
                new Aim
                {
                    SellerId = book.Seller,
                    InvoiceId = target,
                    PaymentId = credit.PaymentId,
                }
            );
            if (!credits.TryGetValue((book.Seller, target), out var waiting))
            {
                credits[(book.Seller, target)] = waiting = [];
            }

            waiting.Add(credit.PaymentId);
            book.Allocate(credit.PaymentId, target);
        }
    }

    /// <summary>The credits of which something is left when all have opened.</summary>
    private static List<RefundCredit.Left> LeftOver(
        IReadOnlyDictionary<SellerId, Book> books,
        IReadOnlyList<Heard<InvoiceIssued>> opened,
        List<Aim> aimed
    )
    {
        if (aimed.Count == 0)
        {
            return [];
        }

        var traces = opened.ToDictionary(each => (each.Fact.SellerId, each.Fact.InvoiceId), each => each.TraceParent);
        return
        [
            .. aimed
                .GroupBy(aim => (aim.SellerId, aim.PaymentId))
                .Select(credit => new RefundCredit.Left
                {
                    Book = books[credit.Key.SellerId],
                    Credit = credit.Key.PaymentId,
                    Invoices = [.. credit.Select(aim => aim.InvoiceId)],
                    TraceParent = traces[(credit.Key.SellerId, books[credit.Key.SellerId].Of(credit.Key.PaymentId).InvoiceId!.Value)],
                })
                .Where(left => left.Book.Of(left.Credit).Unallocated > 0m),
        ];
    }

    private static async Task AimAsync(NpgsqlTransaction transaction, List<Aim> aimed)
    {
        if (aimed.Count > 0)
        {
            await transaction.Connection!.ExecuteAsync(
                AimCredit,
                new
                {
                    sellers = aimed.Select(aim => aim.SellerId.Value).ToArray(),
                    ids = aimed.Select(aim => aim.InvoiceId.Value).ToArray(),
                    payments = aimed.Select(aim => aim.PaymentId.Value).ToArray(),
                },
                transaction
            );
        }
    }

    private static IEnumerable<InvoiceId> Corrected(InvoiceIssued invoice) =>
        invoice.Corrects.Where(each => each.InvoiceId is not null).Select(each => each.InvoiceId!.Value).Distinct();

    private static CustomerId? CustomerOf(InvoiceIssued invoice) => invoice.Contact?.CustomerId ?? invoice.Buyer?.CustomerId;

    private static string? EmailOf(InvoiceIssued invoice) =>
        (invoice.Contact?.Email ?? invoice.Buyer?.Email) is { Length: > 0 } email ? email.Trim().ToLowerInvariant() : null;

    /// <summary>A credit and an invoice that it was given for.</summary>
    private sealed record Aim
    {
        public SellerId SellerId { get; init; }

        public InvoiceId InvoiceId { get; init; }

        public PaymentId PaymentId { get; init; }
    }
}
