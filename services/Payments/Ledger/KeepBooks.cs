using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Ledger;

/// <summary>
/// Opens pages of a seller's books under their rows' locks and writes them down whole. Locks are taken in one order, so that nobody waits
/// in a circle: invoices by id, then payments by id, then the seller's outbox.
/// </summary>
public sealed class KeepBooks(Outbox outbox, TimeProvider clock)
{
    private const string HearOf = """
        insert into balance (seller_id, invoice_id) select @seller, each from unnest(@invoices) as each order by each on conflict do nothing
        """;
    private const string LockInvoices = """
        select 1 from balance where seller_id = @seller and invoice_id = any(@invoices) order by invoice_id for update
        """;

    // A statement of its own: it sees what was committed while the lock was waited for.
    private const string ReadInvoices = """
        select b.invoice_id, i.invoice_id is not null, coalesce(i.currency, 'EUR'), coalesce(i.total_with_vat, 0), b.asked, b.paid,
               b.refunded, b.in_flight, b.version, b.settlements, b.settled
        from balance b left join invoice i using (seller_id, invoice_id)
        where b.seller_id = @seller and b.invoice_id = any(@invoices)
        """;
    private const string LockPayments = """
        select p.payment_id, p.invoice_id, p.customer_id, p.means, p.provider, p.account, p.currency, p.amount, p.reference, p.received_at,
               b.allocated, b.unallocated, b.refunded, b.non_sale, b.version
        from payment_balance b join payment p using (seller_id, payment_id)
        where b.seller_id = @seller and b.payment_id = any(@payments)
        order by b.payment_id for update of b
        """;
    private const string WriteBalances = """
        update balance b
        set asked = n.asked, paid = n.paid, refunded = n.refunded, version = n.version, settlements = n.settlements, settled = n.settled
        from unnest(@invoices, @asked, @paid, @refunded, @versions, @settlements, @settled)
            as n (invoice_id, asked, paid, refunded, version, settlements, settled)
        where b.seller_id = @seller and b.invoice_id = n.invoice_id
        """;
    private const string WritePayment = """
        insert into payment (seller_id, payment_id, invoice_id, customer_id, means, provider, account, currency, amount, reference, received_at)
        values (@seller, @payment, @invoice, @customer, @means, @provider, @account, @currency, @amount, @reference, @at)
        """;
    private const string WritePaymentBalance = """
        insert into payment_balance as b (seller_id, payment_id, amount, allocated, unallocated, refunded, non_sale, version)
        values (@seller, @payment, @amount, @allocated, @unallocated, @refunded, @nonsale, @version)
        on conflict (seller_id, payment_id) do update
        set allocated = excluded.allocated, unallocated = excluded.unallocated, refunded = excluded.refunded, version = excluded.version
        """;
    private const string WriteAllocations = """
        insert into allocation (seller_id, allocation_id, payment_id, invoice_id, amount, balance_version, allocated_at)
        select @seller, n.allocation_id, n.payment_id, n.invoice_id, n.amount, n.version, @at
        from unnest(@ids, @payments, @invoices, @amounts, @versions) as n (allocation_id, payment_id, invoice_id, amount, version)
        """;
    private const string WriteSettlements = """
        insert into settlement (seller_id, invoice_id, settlement, paid_at)
        select @seller, n.invoice_id, n.settlement, @at from unnest(@invoices, @settlements) as n (invoice_id, settlement)
        """;
    private const string WriteEntries = """
        insert into journal_entry (seller_id, entry_id, kind, invoice_id, payment_id, occurred_at)
        select @seller, n.entry_id, n.kind, n.invoice_id, n.payment_id, n.at
        from unnest(@ids, @kinds, @invoices, @payments, @at) with ordinality as n (entry_id, kind, invoice_id, payment_id, at, nth)
        order by n.nth
        """;
    private const string WriteLines = """
        insert into journal_line (seller_id, entry_id, line, account, currency, amount)
        select @seller, n.entry_id, n.line, n.account, n.currency, n.amount
        from unnest(@ids, @lines, @accounts, @currencies, @amounts) as n (entry_id, line, account, currency, amount)
        """;

    /// <summary>Opens the books at these invoices; whoever else wants one of them waits until the transaction ends.</summary>
    public async Task<Book> OpenAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        IEnumerable<InvoiceId> invoices,
        CancellationToken cancellationToken
    )
    {
        var book = new Book(seller, Book.Kept(clock.GetUtcNow()));
        var ids = invoices.Select(each => each.Value).Distinct().ToArray();
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var statement in new[] { HearOf, LockInvoices, ReadInvoices })
        {
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(statement) { Parameters = { new("seller", seller.Value), new("invoices", ids) } }
            );
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            book.Hold(
                new InvoiceBalance
                {
                    InvoiceId = new(reader.GetGuid(0)),
                    Opened = reader.GetBoolean(1),
                    Currency = Currency.Of(reader.GetString(2)),
                    TotalWithVat = reader.GetDecimal(3),
                    Asked = reader.GetDecimal(4),
                    Paid = reader.GetDecimal(5),
                    Refunded = reader.GetDecimal(6),
                    InFlight = reader.GetDecimal(7),
                    Version = reader.GetInt64(8),
                    Settlements = reader.GetInt32(9),
                    Settled = reader.GetBoolean(10),
                }
            );
        }

        return book;
    }

    /// <summary>Adds payments to an open book, after its invoices; those that are not there are left out.</summary>
    public async Task<IReadOnlyList<Payment>> HoldAsync(
        NpgsqlTransaction transaction,
        Book book,
        IReadOnlyCollection<PaymentId> payments,
        CancellationToken cancellationToken
    )
    {
        var held = new List<Payment>();
        if (payments.Count == 0)
        {
            return held;
        }

        await using var command = new NpgsqlCommand(LockPayments, transaction.Connection, transaction)
        {
            Parameters = { new("seller", book.Seller.Value), new("payments", payments.Select(each => each.Value).ToArray()) },
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
            };
            held.Add(payment);
            book.Hold(payment);
        }

        return held;
    }

    /// <summary>Settles, writes everything down and tells it: the last thing in a transaction.</summary>
    public async Task CloseAsync(NpgsqlTransaction transaction, Book book, CancellationToken cancellationToken)
    {
        book.Settle();
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var payment in book.Received)
        {
            batch.BatchCommands.Add(Payment(book, payment));
        }

        foreach (var payment in book.Payments)
        {
            batch.BatchCommands.Add(PaymentBalance(book, payment));
        }

        Add(batch, book.Invoices, Balances(book));
        Add(batch, book.Allocations, Allocations(book));
        Add(batch, book.Settlements, Settlements(book));
        var entries = book.Entries.Select(entry => (Id: Guid.CreateVersion7(), Entry: entry)).ToArray();
        Add(batch, entries, Entries(book, entries));
        Add(batch, entries, Lines(book, entries));
        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await outbox.AppendAsync(transaction, book.Told, cancellationToken);
    }

    private static void Add<T>(NpgsqlBatch batch, IReadOnlyCollection<T> rows, NpgsqlBatchCommand write)
    {
        if (rows.Count > 0)
        {
            batch.BatchCommands.Add(write);
        }
    }

    private static NpgsqlBatchCommand Payment(Book book, Payment payment) =>
        new(WritePayment)
        {
            Parameters =
            {
                new("seller", book.Seller.Value),
                new("payment", payment.PaymentId.Value),
                new("invoice", NpgsqlDbType.Uuid) { Value = (object?)payment.InvoiceId?.Value ?? DBNull.Value },
                new("customer", NpgsqlDbType.Text) { Value = (object?)payment.CustomerId?.Value ?? DBNull.Value },
                new("means", Account.NameOf(payment.Means)),
                new("provider", payment.Provider),
                new("account", payment.Account),
                new("currency", payment.Currency.Code),
                new("amount", payment.Amount),
                new("reference", NpgsqlDbType.Text) { Value = (object?)payment.Reference ?? DBNull.Value },
                new("at", payment.ReceivedAt.ToUniversalTime()),
            },
        };

    private static NpgsqlBatchCommand PaymentBalance(Book book, Payment payment) =>
        new(WritePaymentBalance)
        {
            Parameters =
            {
                new("seller", book.Seller.Value),
                new("payment", payment.PaymentId.Value),
                new("amount", payment.Amount),
                new("allocated", payment.Allocated),
                new("unallocated", payment.Unallocated),
                new("refunded", payment.Refunded),
                new("nonsale", payment.NonSale),
                new("version", payment.Version),
            },
        };

    private static NpgsqlBatchCommand Balances(Book book) =>
        new(WriteBalances)
        {
            Parameters =
            {
                new("seller", book.Seller.Value),
                new("invoices", book.Invoices.Select(each => each.InvoiceId.Value).ToArray()),
                new("asked", book.Invoices.Select(each => each.Asked).ToArray()),
                new("paid", book.Invoices.Select(each => each.Paid).ToArray()),
                new("refunded", book.Invoices.Select(each => each.Refunded).ToArray()),
                new("versions", book.Invoices.Select(each => each.Version).ToArray()),
                new("settlements", book.Invoices.Select(each => each.Settlements).ToArray()),
                new("settled", book.Invoices.Select(each => each.Settled).ToArray()),
            },
        };

    private static NpgsqlBatchCommand Allocations(Book book) =>
        new(WriteAllocations)
        {
            Parameters =
            {
                new("seller", book.Seller.Value),
                new("at", book.At),
                new("ids", book.Allocations.Select(_ => Guid.CreateVersion7()).ToArray()),
                new("payments", book.Allocations.Select(each => each.PaymentId.Value).ToArray()),
                new("invoices", book.Allocations.Select(each => each.InvoiceId.Value).ToArray()),
                new("amounts", book.Allocations.Select(each => each.Amount).ToArray()),
                new("versions", book.Allocations.Select(each => each.BalanceVersion).ToArray()),
            },
        };

    private static NpgsqlBatchCommand Settlements(Book book) =>
        new(WriteSettlements)
        {
            Parameters =
            {
                new("seller", book.Seller.Value),
                new("at", book.At),
                new("invoices", book.Settlements.Select(each => each.InvoiceId.Value).ToArray()),
                new("settlements", book.Settlements.Select(each => each.Settlements).ToArray()),
            },
        };

    private static NpgsqlBatchCommand Entries(Book book, IReadOnlyList<(Guid Id, JournalEntry Entry)> entries) =>
        new(WriteEntries)
        {
            Parameters =
            {
                new("seller", book.Seller.Value),
                new("ids", entries.Select(each => each.Id).ToArray()),
                new("kinds", entries.Select(each => each.Entry.Kind).ToArray()),
                new("invoices", entries.Select(each => each.Entry.InvoiceId?.Value).ToArray()),
                new("payments", entries.Select(each => each.Entry.PaymentId?.Value).ToArray()),
                new("at", entries.Select(each => each.Entry.OccurredAt.ToUniversalTime()).ToArray()),
            },
        };

    private static NpgsqlBatchCommand Lines(Book book, IReadOnlyList<(Guid Id, JournalEntry Entry)> entries)
    {
        var lines = entries
            .SelectMany(each =>
                each.Entry.Lines.Select((line, i) => (each.Id, Nth: (short)(i + 1), line.Account, each.Entry.Currency.Code, line.Amount))
            )
            .ToArray();
        return new(WriteLines)
        {
            Parameters =
            {
                new("seller", book.Seller.Value),
                new("ids", lines.Select(line => line.Id).ToArray()),
                new("lines", lines.Select(line => line.Nth).ToArray()),
                new("accounts", lines.Select(line => line.Account).ToArray()),
                new("currencies", lines.Select(line => line.Code).ToArray()),
                new("amounts", lines.Select(line => line.Amount).ToArray()),
            },
        };
    }
}
