using System.Diagnostics;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Ledger;

/// <summary>
/// Opens pages of a seller's books under their rows' locks and writes them down whole. Locks are taken in one order, so that nobody waits
/// in a circle: invoices by id, then payments by id, then what hangs on a payment such as its refunds, then the seller's outbox.
/// </summary>
public sealed class KeepBooks(Outbox outbox, TimeProvider clock)
{
    private const string HearOf = """
        insert into balance (seller_id, invoice_id)
        select * from unnest(@sellers, @invoices) as told (seller_id, invoice_id) order by told.seller_id, told.invoice_id
        on conflict do nothing
        """;
    private const string LockInvoices = """
        select 1 from balance where (seller_id, invoice_id) in (select * from unnest(@sellers, @invoices))
        order by seller_id, invoice_id for update
        """;

    // A statement of its own: it sees what was committed while the lock was waited for.
    private const string ReadInvoices = """
        select b.seller_id, b.invoice_id, i.invoice_id is not null, coalesce(i.currency, 'EUR'), coalesce(i.total_with_vat, 0), b.asked,
               b.paid, b.refunded, b.in_flight, b.version, b.settlements, b.settled
        from balance b left join invoice i using (seller_id, invoice_id)
        where (b.seller_id, b.invoice_id) in (select * from unnest(@sellers, @invoices))
        """;
    private const string LockPayments = """
        select p.payment_id, p.invoice_id, p.customer_id, p.means, p.provider, p.account, p.currency, p.amount, p.reference, p.received_at,
               b.allocated, b.unallocated, b.refunded, b.non_sale, b.version, b.seller_id, p.provider_reference, b.reversed, b.overdrawn,
               case when p.provider = 'credit' then array(
                   select t.invoice_id from credit_target t
                   where t.seller_id = b.seller_id and t.payment_id = b.payment_id
                   order by t.invoice_id) end
        from payment_balance b join payment p using (seller_id, payment_id)
        where (b.seller_id, b.payment_id) in (select * from unnest(@sellers, @payments))
        order by b.seller_id, b.payment_id for update of b
        """;

    private const string TakenBy = """
        select payment_id, invoice_id, sum(amount) as amount from allocation
        where seller_id = @SellerId and payment_id = @PaymentId
        group by payment_id, invoice_id having sum(amount) > 0
        order by max(allocated_at), invoice_id
        """;
    private const string OnceTakenBy = """
        select invoice_id from allocation
        where seller_id = @SellerId and payment_id = @PaymentId
        group by invoice_id order by min(allocated_at), invoice_id
        """;
    private const string CreditWaiting = """
        select t.payment_id from credit_target t join payment_balance b using (seller_id, payment_id)
        where t.seller_id = @SellerId and t.invoice_id = @InvoiceId and b.unallocated > 0 and t.payment_id <> @Except
        order by t.payment_id
        """;

    // Gives back the locks that were taken after it.
    private const string BeforeLocks = "before_locks";

    /// <summary>Opens a seller's books at these invoices; whoever else wants one of them waits until the transaction ends.</summary>
    public async Task<Book> OpenAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        IEnumerable<InvoiceId> invoices,
        CancellationToken cancellationToken
    )
    {
        var wanted = invoices.Select(invoice => (seller, invoice)).Distinct().ToArray();
        var books = await OpenAsync(transaction, wanted, [HearOf, LockInvoices, ReadInvoices], cancellationToken);
        return books.GetValueOrDefault(seller) ?? new Book(seller, Book.Kept(clock.GetUtcNow()));
    }

    /// <summary>
    /// Opens the books of several sellers at invoices that hardly anybody has heard of yet: nobody waits for those, and of two that hear of
    /// one at the same time the second is refused when it writes, and begins again.
    /// </summary>
    public async Task<IReadOnlyDictionary<SellerId, Book>> OpenNewAsync(
        NpgsqlTransaction transaction,
        IEnumerable<(SellerId Seller, InvoiceId Invoice)> invoices,
        CancellationToken cancellationToken
    )
    {
        var wanted = invoices.Distinct().ToArray();
        var books = await OpenAsync(transaction, wanted, [LockInvoices, ReadInvoices], cancellationToken);
        foreach (var (seller, invoice) in wanted)
        {
            books[seller].HoldNew(invoice);
        }

        return books;
    }

    private async Task<Dictionary<SellerId, Book>> OpenAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<(SellerId Seller, InvoiceId Invoice)> wanted,
        IReadOnlyList<string> statements,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(statement)
                {
                    Parameters =
                    {
                        new("sellers", wanted.Select(each => each.Seller.Value).ToArray()),
                        new("invoices", wanted.Select(each => each.Invoice.Value).ToArray()),
                    },
                }
            );
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        // Once the locks are had: whoever waited for another's movement is later than it, by the balance's version and by its instant.
        var now = Book.Kept(clock.GetUtcNow());
        var books = wanted.Select(each => each.Seller).Distinct().ToDictionary(seller => seller, seller => new Book(seller, now));
        while (await reader.ReadAsync(cancellationToken))
        {
            books[SellerId.Of(reader.GetString(0))]
                .Hold(
                    new InvoiceBalance
                    {
                        InvoiceId = new(reader.GetGuid(1)),
                        Opened = reader.GetBoolean(2),
                        Currency = Currency.Of(reader.GetString(3)),
                        TotalWithVat = reader.GetDecimal(4),
                        Asked = reader.GetDecimal(5),
                        Paid = reader.GetDecimal(6),
                        Refunded = reader.GetDecimal(7),
                        InFlight = reader.GetDecimal(8),
                        Version = reader.GetInt64(9),
                        Settlements = reader.GetInt32(10),
                        Settled = reader.GetBoolean(11),
                    }
                );
        }

        return books;
    }

    /// <summary>Adds payments to an open book, after its invoices; those that are not there are left out.</summary>
    public async Task<IReadOnlyList<Payment>> HoldAsync(
        NpgsqlTransaction transaction,
        Book book,
        IReadOnlyCollection<PaymentId> payments,
        CancellationToken cancellationToken
    )
    {
        var held = await HoldAsync(
            transaction,
            new Dictionary<SellerId, Book> { [book.Seller] = book },
            [.. payments.Select(payment => (book.Seller, payment))],
            cancellationToken
        );
        return [.. held.Select(each => each.Payment)];
    }

    /// <summary>The same for the books of several sellers.</summary>
    public async Task<IReadOnlyList<(SellerId Seller, Payment Payment)>> HoldAsync(
        NpgsqlTransaction transaction,
        IReadOnlyDictionary<SellerId, Book> books,
        IReadOnlyCollection<(SellerId Seller, PaymentId Payment)> payments,
        CancellationToken cancellationToken
    )
    {
        var held = new List<(SellerId, Payment)>();
        if (payments.Count == 0)
        {
            return held;
        }

        await using var command = new NpgsqlCommand(LockPayments, transaction.Connection, transaction)
        {
            Parameters =
            {
                new("sellers", payments.Select(each => each.Seller.Value).ToArray()),
                new("payments", payments.Select(each => each.Payment.Value).ToArray()),
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var payment = new Payment
            {
                PaymentId = new(reader.GetGuid(0)),
                InvoiceId = await reader.IsDBNullAsync(1, cancellationToken) ? null : new InvoiceId(reader.GetGuid(1)),
                CustomerId = await reader.IsDBNullAsync(2, cancellationToken) ? null : new CustomerId(reader.GetString(2)),
                Means = Account.MeansOf(reader.GetString(3)),
                Provider = reader.GetString(4),
                Account = reader.GetString(5),
                Currency = Currency.Of(reader.GetString(6)),
                Amount = reader.GetDecimal(7),
                Reference = await reader.IsDBNullAsync(8, cancellationToken) ? null : reader.GetString(8),
                ReceivedAt = await reader.GetFieldValueAsync<DateTimeOffset>(9, cancellationToken),
                Allocated = reader.GetDecimal(10),
                Unallocated = reader.GetDecimal(11),
                Refunded = reader.GetDecimal(12),
                NonSale = reader.GetDecimal(13),
                Version = reader.GetInt64(14),
                ProviderReference = await reader.IsDBNullAsync(16, cancellationToken) ? null : reader.GetString(16),
                Reversed = reader.GetDecimal(17),
                Overdrawn = reader.GetDecimal(18),
                GivenFor = await reader.IsDBNullAsync(19, cancellationToken)
                    ? []
                    : [.. (await reader.GetFieldValueAsync<Guid[]>(19, cancellationToken)).Select(InvoiceId.Of)],
            };
            var seller = SellerId.Of(reader.GetString(15));
            held.Add((seller, payment));
            books[seller].Hold(payment);
        }

        return held;
    }

    /// <summary>What invoices have of a payment, the first that took some first.</summary>
    public async Task<IReadOnlyList<Allocation>> TakenByAsync(NpgsqlTransaction transaction, SellerId seller, PaymentId payment)
    {
        var whose = new { SellerId = seller, PaymentId = payment };
        return [.. await transaction.Connection!.QueryAsync<Allocation>(TakenBy, whose, transaction)];
    }

    /// <summary>
    /// Invoices that have or once had some of a payment, the first first: where money goes that comes again, as far as they still ask.
    /// </summary>
    public async Task<IReadOnlyList<InvoiceId>> OnceTakenByAsync(NpgsqlTransaction transaction, SellerId seller, PaymentId payment)
    {
        var whose = new { SellerId = seller, PaymentId = payment };
        return [.. await transaction.Connection!.QueryAsync<InvoiceId>(OnceTakenBy, whose, transaction)];
    }

    /// <summary>
    /// Opens a seller's books at a payment and at every invoice that has some of it: what they have stands until the transaction ends.
    /// Where there is no such payment, the book does not hold it.
    /// </summary>
    public async Task<(Book Book, IReadOnlyList<Allocation> Taken)> OpenAtPaymentAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        PaymentId payment,
        IEnumerable<InvoiceId> alsoInvoices,
        CancellationToken cancellationToken
    )
    {
        var also = alsoInvoices.ToArray();
        await transaction.SaveAsync(BeforeLocks, cancellationToken);
        while (true)
        {
            // Invoices are locked before payments, so whose they are is read first and checked under the locks.
            var expected = await TakenByAsync(transaction, seller, payment);
            HashSet<InvoiceId> invoices = [.. expected.Select(each => each.InvoiceId), .. also];
            var book = await OpenAsync(transaction, seller, invoices, cancellationToken);
            await HoldAsync(transaction, book, [payment], cancellationToken);
            var taken = await TakenByAsync(transaction, seller, payment);
            if (taken.All(each => invoices.Contains(each.InvoiceId)))
            {
                await transaction.ReleaseAsync(BeforeLocks, cancellationToken);
                return (book, taken);
            }

            await transaction.RollbackAsync(BeforeLocks, cancellationToken);
        }
    }

    /// <summary>
    /// Where invoices of an open book ask for something again, credit that was given for them and is waiting takes its place; all but one,
    /// which is what is being given back.
    /// </summary>
    public async Task TakeWaitingCreditAsync(
        NpgsqlTransaction transaction,
        Book book,
        PaymentId except,
        CancellationToken cancellationToken
    )
    {
        foreach (var invoice in book.Invoices.Where(each => each.AmountDue > 0m).Select(each => each.InvoiceId).ToArray())
        {
            var asked = new
            {
                SellerId = book.Seller,
                InvoiceId = invoice,
                Except = except,
            };
            var waiting = (await transaction.Connection!.QueryAsync<PaymentId>(CreditWaiting, asked, transaction)).ToArray();
            // What is on the table already, meant for two of these invoices, is newer than its row.
            await HoldAsync(transaction, book, [.. waiting.Where(each => !book.Holds(each))], cancellationToken);
            foreach (var credit in waiting)
            {
                book.Allocate(credit, invoice);
            }
        }
    }

    /// <summary>Settles, writes everything down and tells it: the last thing in a transaction.</summary>
    public Task CloseAsync(NpgsqlTransaction transaction, Book book, CancellationToken cancellationToken)
    {
        book.Settle();
        return CloseAsync(transaction, [book], [.. book.Told.Select(told => new ToldEvent(told, Activity.Current?.Id))], cancellationToken);
    }

    /// <summary>The same for several settled books, whose events are told in this order and each in its own trace.</summary>
    public async Task CloseAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<Book> books,
        IReadOnlyList<ToldEvent> told,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        WriteBooks.Add(batch, books);
        outbox.Add(batch, told);
        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Commits what was closed.</summary>
    public Task CommitAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        outbox.CommitAsync(transaction, cancellationToken);
}
