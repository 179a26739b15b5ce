using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Payments.Payments;

namespace RetailInvoicing.Payments.Ledger;

/// <summary>What moved in open books as rows: receipts, balances, allocations, settlements and the journal.</summary>
internal static class WriteBooks
{
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

    /// <summary>Adds all that moved to a batch, in the order in which rows refer to each other.</summary>
    public static void Add(NpgsqlBatch batch, IReadOnlyCollection<Book> books)
    {
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
    }

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
