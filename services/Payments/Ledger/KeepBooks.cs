using System.Diagnostics;
using Dapper;
using Npgsql;
using NpgsqlTypes;
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
               b.allocated, b.unallocated, b.refunded, b.non_sale, b.version, b.seller_id, p.provider_reference, b.reversed, b.overdrawn
        from payment_balance b join payment p using (seller_id, payment_id)
        where (b.seller_id, b.payment_id) in (select * from unnest(@sellers, @payments))
        order by b.seller_id, b.payment_id for update of b
        """;
    private const string WriteBalances = """
        update balance b
        set asked = n.asked, paid = n.paid, refunded = n.refunded, in_flight = n.in_flight, version = n.version,
            settlements = n.settlements, settled = n.settled
        from unnest(@sellers, @invoices, @asked, @paid, @refunded, @inflight, @versions, @settlements, @settled)
            as n (seller_id, invoice_id, asked, paid, refunded, in_flight, version, settlements, settled)
        where b.seller_id = n.seller_id and b.invoice_id = n.invoice_id
        """;

    // Whoever heard of it meanwhile was first: the key refuses it, and everything is read and tried again.
    private const string WriteNewBalances = """
        insert into balance (seller_id, invoice_id, asked, paid, refunded, in_flight, version, settlements, settled)
        select * from unnest(@sellers, @invoices, @asked, @paid, @refunded, @inflight, @versions, @settlements, @settled)
            as told (seller_id, invoice_id)
        order by told.seller_id, told.invoice_id
        """;
    private const string WritePayments = """
        insert into payment (seller_id, payment_id, invoice_id, customer_id, means, provider, account, currency, amount, reference,
                             received_at, provider_reference)
        select * from unnest(@sellers, @payments, @invoices, @customers, @means, @providers, @accounts, @currencies, @amounts, @references,
                             @at, @theirs)
        """;
    private const string WritePaymentBalances = """
        insert into payment_balance as b (seller_id, payment_id, amount, allocated, unallocated, refunded, reversed, overdrawn, non_sale,
                                          version)
        select * from unnest(@sellers, @payments, @amounts, @allocated, @unallocated, @refunded, @reversed, @overdrawn, @nonsale, @versions)
        on conflict (seller_id, payment_id) do update
        set allocated = excluded.allocated, unallocated = excluded.unallocated, refunded = excluded.refunded, reversed = excluded.reversed,
            overdrawn = excluded.overdrawn, version = excluded.version
        """;
    private const string WriteAllocations = """
        insert into allocation (seller_id, allocation_id, payment_id, invoice_id, amount, balance_version, allocated_at)
        select * from unnest(@sellers, @ids, @payments, @invoices, @amounts, @versions, @at)
        """;
    private const string WriteSettlements = """
        insert into settlement (seller_id, invoice_id, settlement, paid_at)
        select * from unnest(@sellers, @invoices, @settlements, @at)
        """;
    private const string WriteEntries = """
        insert into journal_entry (seller_id, entry_id, kind, invoice_id, payment_id, occurred_at)
        select n.seller_id, n.entry_id, n.kind, n.invoice_id, n.payment_id, n.at
        from unnest(@sellers, @ids, @kinds, @invoices, @payments, @at)
            with ordinality as n (seller_id, entry_id, kind, invoice_id, payment_id, at, nth)
        order by n.nth
        """;
    private const string WriteLines = """
        insert into journal_line (seller_id, entry_id, line, account, currency, amount)
        select * from unnest(@sellers, @ids, @lines, @accounts, @currencies, @amounts)
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
        var now = Book.Kept(clock.GetUtcNow());
        var books = wanted.Select(each => each.Seller).Distinct().ToDictionary(seller => seller, seller => new Book(seller, now));
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
        Add(batch, Of(books, book => book.Received), Payments);
        Add(batch, Of(books, book => book.Payments), PaymentBalances);
        var balances = Of(books, book => book.Invoices);
        Add(batch, balances.FindAll(each => each.Row.IsNew), rows => Balances(WriteNewBalances, rows));
        Add(batch, balances.FindAll(each => !each.Row.IsNew), rows => Balances(WriteBalances, rows));
        Add(batch, Of(books, book => book.Allocations), Allocations);
        Add(batch, Of(books, book => book.Settlements), Settlements);
        var entries = Of(books, book => book.Entries.Select(entry => (Id: Guid.CreateVersion7(), Entry: entry)));
        Add(batch, entries, Entries);
        Add(batch, entries, Lines);
        outbox.Add(batch, told);
        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Commits what was closed.</summary>
    public Task CommitAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        outbox.CommitAsync(transaction, cancellationToken);

    private static List<(Book Book, T Row)> Of<T>(IEnumerable<Book> books, Func<Book, IEnumerable<T>> rows) =>
        [.. books.SelectMany(book => rows(book).Select(row => (book, row)))];

    private static void Add<T>(NpgsqlBatch batch, List<(Book Book, T Row)> rows, Func<List<(Book Book, T Row)>, NpgsqlBatchCommand> write)
    {
        if (rows.Count > 0)
        {
            var command = write(rows);
            if (!command.Parameters.Contains("sellers"))
            {
                command.Parameters.Add(new("sellers", rows.Select(each => each.Book.Seller.Value).ToArray()));
            }

            batch.BatchCommands.Add(command);
        }
    }

    private static NpgsqlBatchCommand Payments(List<(Book Book, Payment Row)> rows) =>
        new(WritePayments)
        {
            Parameters =
            {
                new("payments", rows.Select(each => each.Row.PaymentId.Value).ToArray()),
                new("invoices", rows.Select(each => each.Row.InvoiceId?.Value).ToArray()),
                new("customers", NpgsqlDbType.Array | NpgsqlDbType.Text)
                {
                    Value = rows.Select(each => each.Row.CustomerId?.Value).ToArray(),
                },
                new("means", rows.Select(each => Account.NameOf(each.Row.Means)).ToArray()),
                new("providers", rows.Select(each => each.Row.Provider).ToArray()),
                new("accounts", rows.Select(each => each.Row.Account).ToArray()),
                new("currencies", rows.Select(each => each.Row.Currency.Code).ToArray()),
                new("amounts", rows.Select(each => each.Row.Amount).ToArray()),
                new("references", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = rows.Select(each => each.Row.Reference).ToArray() },
                new("at", rows.Select(each => each.Row.ReceivedAt.ToUniversalTime()).ToArray()),
                new("theirs", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = rows.Select(each => each.Row.ProviderReference).ToArray() },
            },
        };

    private static NpgsqlBatchCommand PaymentBalances(List<(Book Book, Payment Row)> rows) =>
        new(WritePaymentBalances)
        {
            Parameters =
            {
                new("payments", rows.Select(each => each.Row.PaymentId.Value).ToArray()),
                new("amounts", rows.Select(each => each.Row.Amount).ToArray()),
                new("allocated", rows.Select(each => each.Row.Allocated).ToArray()),
                new("unallocated", rows.Select(each => each.Row.Unallocated).ToArray()),
                new("refunded", rows.Select(each => each.Row.Refunded).ToArray()),
                new("reversed", rows.Select(each => each.Row.Reversed).ToArray()),
                new("overdrawn", rows.Select(each => each.Row.Overdrawn).ToArray()),
                new("nonsale", rows.Select(each => each.Row.NonSale).ToArray()),
                new("versions", rows.Select(each => each.Row.Version).ToArray()),
            },
        };

    private static NpgsqlBatchCommand Balances(string write, List<(Book Book, InvoiceBalance Row)> rows) =>
        new(write)
        {
            Parameters =
            {
                new("invoices", rows.Select(each => each.Row.InvoiceId.Value).ToArray()),
                new("asked", rows.Select(each => each.Row.Asked).ToArray()),
                new("paid", rows.Select(each => each.Row.Paid).ToArray()),
                new("refunded", rows.Select(each => each.Row.Refunded).ToArray()),
                new("inflight", rows.Select(each => each.Row.InFlight).ToArray()),
                new("versions", rows.Select(each => each.Row.Version).ToArray()),
                new("settlements", rows.Select(each => each.Row.Settlements).ToArray()),
                new("settled", rows.Select(each => each.Row.Settled).ToArray()),
            },
        };

    private static NpgsqlBatchCommand Allocations(List<(Book Book, Allocation Row)> rows) =>
        new(WriteAllocations)
        {
            Parameters =
            {
                new("at", rows.Select(each => each.Book.At).ToArray()),
                new("ids", rows.Select(_ => Guid.CreateVersion7()).ToArray()),
                new("payments", rows.Select(each => each.Row.PaymentId.Value).ToArray()),
                new("invoices", rows.Select(each => each.Row.InvoiceId.Value).ToArray()),
                new("amounts", rows.Select(each => each.Row.Amount).ToArray()),
                new("versions", rows.Select(each => each.Row.BalanceVersion).ToArray()),
            },
        };

    private static NpgsqlBatchCommand Settlements(List<(Book Book, InvoiceBalance Row)> rows) =>
        new(WriteSettlements)
        {
            Parameters =
            {
                new("at", rows.Select(each => each.Book.At).ToArray()),
                new("invoices", rows.Select(each => each.Row.InvoiceId.Value).ToArray()),
                new("settlements", rows.Select(each => each.Row.Settlements).ToArray()),
            },
        };

    private static NpgsqlBatchCommand Entries(List<(Book Book, (Guid Id, JournalEntry Entry) Row)> rows) =>
        new(WriteEntries)
        {
            Parameters =
            {
                new("ids", rows.Select(each => each.Row.Id).ToArray()),
                new("kinds", rows.Select(each => each.Row.Entry.Kind).ToArray()),
                new("invoices", rows.Select(each => each.Row.Entry.InvoiceId?.Value).ToArray()),
                new("payments", rows.Select(each => each.Row.Entry.PaymentId?.Value).ToArray()),
                new("at", rows.Select(each => each.Row.Entry.OccurredAt.ToUniversalTime()).ToArray()),
            },
        };

    private static NpgsqlBatchCommand Lines(List<(Book Book, (Guid Id, JournalEntry Entry) Row)> entries)
    {
        var rows = entries
            .SelectMany(each =>
                each.Row.Entry.Lines.Select(
                    (line, i) => (each.Book, each.Row.Id, Nth: (short)(i + 1), line.Account, each.Row.Entry.Currency.Code, line.Amount)
                )
            )
            .ToList();
        return new(WriteLines)
        {
            Parameters =
            {
                new("sellers", rows.Select(line => line.Book.Seller.Value).ToArray()),
                new("ids", rows.Select(line => line.Id).ToArray()),
                new("lines", rows.Select(line => line.Nth).ToArray()),
                new("accounts", rows.Select(line => line.Account).ToArray()),
                new("currencies", rows.Select(line => line.Code).ToArray()),
                new("amounts", rows.Select(line => line.Amount).ToArray()),
            },
        };
    }
}
