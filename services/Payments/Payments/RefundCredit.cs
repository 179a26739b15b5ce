using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Payments;

/// <summary>
/// Where the seller chose so, what is left of a corrective invoice's credit goes back the way the money came: as far as a provider took it
/// for a corrected invoice, that provider is asked to give it back, once, and the credit takes its place on the invoice. What came by a
/// till or the bank stays the customer's credit.
/// </summary>
public sealed class RefundCredit(KeepBooks books)
{
    private const string ToGiveBack = """
        select c.seller_id, c.invoice_id
        from unnest(@Sellers, @Invoices) as c (seller_id, invoice_id) join payment_policy p using (seller_id)
        where p.credit = 'refund' and not exists (
            select from cancelled_invoice x where x.seller_id = c.seller_id and x.invoice_id = c.invoice_id)
        """;

    // Allocations to an invoice are made under its lock, which is held: this is all there is.
    private const string TakenThroughProviders = """
        select a.seller_id, a.payment_id, a.invoice_id, p.provider, sum(a.amount) as amount
        from allocation a join payment p using (seller_id, payment_id)
        where (a.seller_id, a.invoice_id) in (select * from unnest(@Sellers, @Invoices)) and p.provider <> all(@Others)
        group by a.seller_id, a.payment_id, a.invoice_id, p.provider, p.received_at having sum(a.amount) > 0
        order by p.received_at desc, a.payment_id desc, a.invoice_id
        """;

    // The corrective invoice's number is what the seller would give as the reference itself: then it is the same refund.
    private const string OrderOnce = """
        insert into refund (seller_id, payment_id, reference, refund_id, amount, refunded_at, state, provider, invoice_id, next_look_at)
        values (@SellerId, @PaymentId, @Reference, @RefundId, @Amount, @At, 'asked', @Provider, @InvoiceId, @At)
        on conflict do nothing
        """;

    /// <summary>Credit of a corrective invoice of which something is left, in an open book.</summary>
    public sealed record Left
    {
        /// <summary>The book, which holds the credit and the corrected invoices.</summary>
        public required Book Book { get; init; }

        /// <summary>The credit.</summary>
        public required PaymentId Credit { get; init; }

        /// <summary>The corrected invoices.</summary>
        public required IReadOnlyList<InvoiceId> Invoices { get; init; }

        /// <summary>The trace of the corrective invoice.</summary>
        public string? TraceParent { get; init; }

        /// <summary>The corrective invoice.</summary>
        public InvoiceId Corrective => Book.Of(Credit).InvoiceId!.Value;
    }

    /// <summary>
    /// Orders the refunds of those whose sellers chose so, under the locks of their invoices and before the books are closed; what is to be
    /// told of it.
    /// </summary>
    public async Task<IReadOnlyList<ToldEvent>> HandleAsync(
        NpgsqlTransaction transaction,
        IReadOnlyDictionary<SellerId, Book> open,
        IReadOnlyList<Left> left,
        CancellationToken token
    )
    {
        var chosen = await ChosenAsync(transaction, left);
        if (chosen.Count == 0)
        {
            return [];
        }

        var taken = await TakenAsync(transaction, chosen);
        await books.HoldAsync(transaction, open, [.. taken.Select(each => (each.SellerId, each.PaymentId)).Distinct()], token);
        var told = new List<ToldEvent>();
        foreach (var credit in chosen)
        {
            var before = credit.Book.Told.Count;
            await GiveBackAsync(transaction, credit, taken);
            credit.Book.Settle();
            told.AddRange(credit.Book.Told.Skip(before).Select(one => new ToldEvent(one, credit.TraceParent)));
        }

        return told;
    }

    private static async Task<IReadOnlyList<Left>> ChosenAsync(NpgsqlTransaction transaction, IReadOnlyList<Left> left)
    {
        // One that corrects an invoice that has not come yet waits for it.
        var ready = left.Where(each => each.Invoices.All(invoice => each.Book.Of(invoice) is not null)).ToList();
        if (ready.Count == 0)
        {
            return [];
        }

        var chosen = await transaction.Connection!.QueryAsync<(string, Guid)>(
            ToGiveBack,
            new
            {
                Sellers = ready.Select(each => each.Book.Seller.Value).ToArray(),
                Invoices = ready.Select(each => each.Corrective.Value).ToArray(),
            },
            transaction
        );
        var ids = chosen.ToHashSet();
        return ready.FindAll(each => ids.Contains((each.Book.Seller.Value, each.Corrective.Value)));
    }

    private static async Task<IReadOnlyList<Row>> TakenAsync(NpgsqlTransaction transaction, IReadOnlyList<Left> chosen)
    {
        var corrected = chosen.SelectMany(each => each.Invoices.Select(invoice => (each.Book.Seller, invoice))).Distinct().ToArray();
        var taken = await transaction.Connection!.QueryAsync<Row>(
            TakenThroughProviders,
            new
            {
                Sellers = corrected.Select(each => each.Seller.Value).ToArray(),
                Invoices = corrected.Select(each => each.invoice.Value).ToArray(),
                Others = Payment.WithoutProvider.ToArray(),
            },
            transaction
        );
        return [.. taken];
    }

    private static async Task GiveBackAsync(NpgsqlTransaction transaction, Left left, IReadOnlyList<Row> taken)
    {
        var (book, credit) = (left.Book, left.Book.Of(left.Credit));
        var rest = credit.Unallocated;
        var reference = credit.Reference ?? left.Corrective.ToString();
        var ordered = new HashSet<PaymentId>();
        foreach (var each in taken.Where(each => each.SellerId == book.Seller && left.Invoices.Contains(each.InvoiceId)))
        {
            // What another credit of this transaction gave back is not there any more.
            var has = each.Amount + book.Allocations.Where(one => IsOf(one, each)).Sum(one => one.Amount);
            var amount = Math.Min(rest, has);
            if (amount <= 0m || book.Of(each.InvoiceId)!.Currency != credit.Currency)
            {
                continue;
            }

            var order = new
            {
                each.SellerId,
                each.PaymentId,
                // One for each payment; where it had paid several of the invoices, the others' are told apart.
                Reference = ordered.Contains(each.PaymentId) ? $"{reference}/{each.InvoiceId}" : reference,
                RefundId = Guid.CreateVersion7(),
                Amount = amount,
                book.At,
                each.Provider,
                each.InvoiceId,
            };
            if (await transaction.Connection!.ExecuteAsync(OrderOnce, order, transaction) == 0)
            {
                continue;
            }

            ordered.Add(each.PaymentId);
            book.OrderRefund(each.PaymentId, amount, [each.TakenAs(has)]);
            book.Allocate(left.Credit, each.InvoiceId);
            rest -= amount;
        }
    }

    private static bool IsOf(Allocation one, Row each) => one.PaymentId == each.PaymentId && one.InvoiceId == each.InvoiceId;

    /// <summary>What a corrected invoice has of a provider's payment.</summary>
    private sealed record Row
    {
        public SellerId SellerId { get; init; }

        public PaymentId PaymentId { get; init; }

        public InvoiceId InvoiceId { get; init; }

        public string Provider { get; init; } = "";

        public decimal Amount { get; init; }

        public Allocation TakenAs(decimal amount) =>
            new()
            {
                PaymentId = PaymentId,
                InvoiceId = InvoiceId,
                Amount = amount,
            };
    }
}
