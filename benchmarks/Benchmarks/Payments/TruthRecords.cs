using Npgsql;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>What Payments' tables hold of an invoice.</summary>
internal sealed record KeptInvoice(
    Guid Id,
    decimal Asked,
    decimal Paid,
    decimal Refunded,
    decimal InFlight,
    decimal Due,
    int Settlements,
    long SettlementRows,
    decimal OpenCheckouts
);

/// <summary>What they hold of a payment.</summary>
internal sealed record KeptPayment(
    Guid Id,
    string Provider,
    string? ProviderReference,
    string? Reference,
    string Account,
    decimal Amount,
    decimal Allocated,
    decimal Unallocated,
    decimal Refunded,
    decimal Reversed,
    decimal Overdrawn,
    Guid? InvoiceId
)
{
    /// <summary>What is left of it.</summary>
    public decimal Left => Allocated + Unallocated - Overdrawn;
}

/// <summary>What they hold of a refund.</summary>
internal sealed record KeptRefundRow(
    Guid PaymentId,
    Guid RefundId,
    string Reference,
    decimal Amount,
    string State,
    string? Provider,
    string? Reason
);

/// <summary>What they hold of a line of the bank.</summary>
internal sealed record KeptLine(string? Reference, bool IsCredit, string State, string? MatchedAs, Guid? PaymentId, decimal Amount);

/// <summary>Everything that Payments' tables hold of a seller, read with a login that may only read.</summary>
internal sealed class TruthRecords
{
    private const string Invoices = """
        select i.invoice_id, b.asked, b.paid, b.refunded, b.in_flight, b.amount_due, b.settlements,
               (select count(*) from settlement s where s.seller_id = i.seller_id and s.invoice_id = i.invoice_id),
               coalesce((select sum(p.amount) from checkout_part p join checkout c using (seller_id, checkout_id)
                   where p.seller_id = i.seller_id and p.invoice_id = i.invoice_id and c.state = 'open'), 0)
        from invoice i join balance b using (seller_id, invoice_id) where i.seller_id = @seller
        """;
    private const string Payments = """
        select p.payment_id, p.provider, p.provider_reference, p.reference, p.account, p.amount, b.allocated, b.unallocated, b.refunded,
               b.reversed, b.overdrawn, p.invoice_id
        from payment p join payment_balance b using (seller_id, payment_id) where p.seller_id = @seller
        """;
    private const string Refunds =
        "select payment_id, refund_id, reference, amount, state, provider, reason from refund where seller_id = @seller";
    private const string Lines =
        "select bank_reference, is_credit, state, matched_as, payment_id, amount from bank_entry where seller_id = @seller";
    private const string Allocations = """
        select payment_id, invoice_id, sum(amount) from allocation where seller_id = @seller group by payment_id, invoice_id
        having sum(amount) <> 0
        """;
    private const string Accounts = "select account, sum(amount) from journal_line where seller_id = @seller group by account";
    private const string OpenCheckouts = """
        select provider, coalesce(session, order_code), order_code, next_look_at <= now() - interval '30 seconds'
        from checkout where seller_id = @seller and state = 'open'
        """;
    private const string Debits = "select end_to_end_id, payment_id from debit where seller_id = @seller and payment_id is not null";

    /// <summary>Invoices with their balances.</summary>
    public required IReadOnlyDictionary<Guid, KeptInvoice> OfInvoices { get; init; }

    /// <summary>Payments with what became of them.</summary>
    public required IReadOnlyList<KeptPayment> OfPayments { get; init; }

    /// <summary>Refunds.</summary>
    public required IReadOnlyList<KeptRefundRow> OfRefunds { get; init; }

    /// <summary>The bank's lines.</summary>
    public required IReadOnlyList<KeptLine> OfLines { get; init; }

    /// <summary>What of which payment went to which invoice.</summary>
    public required IReadOnlyList<(Guid Payment, Guid Invoice, decimal Amount)> OfAllocations { get; init; }

    /// <summary>The accounts of the ledger.</summary>
    public required IReadOnlyDictionary<string, decimal> OfAccounts { get; init; }

    /// <summary>Checkouts without an outcome: session, order, and whether a look at it is overdue.</summary>
    public required IReadOnlyList<(string Provider, string Session, string Order, bool IsOverdue)> Open { get; init; }

    /// <summary>Payments by the end to end id of the debit that brought them.</summary>
    public required IReadOnlyDictionary<string, Guid> OfDebits { get; init; }

    /// <summary>Reads them.</summary>
    public static async Task<TruthRecords> ReadAsync(EnduranceTarget target, CancellationToken cancellation)
    {
        await using var connection = await target.DatabaseAsync("payments", cancellation);
        // Tables that filled a minute ago: without statistics a join of thousands is planned as one of a few.
        await using (var analyze = new NpgsqlCommand("analyze", connection))
        {
            await analyze.ExecuteNonQueryAsync(cancellation);
        }

        var invoices = await RowsAsync(
            Invoices,
            row => new KeptInvoice(
                row.GetGuid(0),
                row.GetDecimal(1),
                row.GetDecimal(2),
                row.GetDecimal(3),
                row.GetDecimal(4),
                row.GetDecimal(5),
                row.GetInt32(6),
                row.GetInt64(7),
                row.GetDecimal(8)
            )
        );
        return new TruthRecords
        {
            OfInvoices = invoices.ToDictionary(each => each.Id),
            OfPayments = await RowsAsync(
                Payments,
                row => new KeptPayment(
                    row.GetGuid(0),
                    row.GetString(1),
                    Text(row, 2),
                    Text(row, 3),
                    row.GetString(4),
                    row.GetDecimal(5),
                    row.GetDecimal(6),
                    row.GetDecimal(7),
                    row.GetDecimal(8),
                    row.GetDecimal(9),
                    row.GetDecimal(10),
                    row.IsDBNull(11) ? null : row.GetGuid(11)
                )
            ),
            OfRefunds = await RowsAsync(
                Refunds,
                row => new KeptRefundRow(
                    row.GetGuid(0),
                    row.GetGuid(1),
                    row.GetString(2),
                    row.GetDecimal(3),
                    row.GetString(4),
                    Text(row, 5),
                    Text(row, 6)
                )
            ),
            OfLines = await RowsAsync(
                Lines,
                row => new KeptLine(
                    Text(row, 0),
                    row.GetBoolean(1),
                    row.GetString(2),
                    Text(row, 3),
                    row.IsDBNull(4) ? null : row.GetGuid(4),
                    row.GetDecimal(5)
                )
            ),
            OfAllocations = await RowsAsync(Allocations, row => (row.GetGuid(0), row.GetGuid(1), row.GetDecimal(2))),
            OfAccounts = (await RowsAsync(Accounts, row => (Name: row.GetString(0), Sum: row.GetDecimal(1)))).ToDictionary(
                each => each.Name,
                each => each.Sum,
                StringComparer.Ordinal
            ),
            Open = await RowsAsync(OpenCheckouts, row => (row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3))),
            OfDebits = (await RowsAsync(Debits, row => (Name: row.GetString(0), Payment: row.GetGuid(1)))).ToDictionary(
                each => each.Name,
                each => each.Payment,
                StringComparer.Ordinal
            ),
        };

        async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new("seller", target.SellerId) } };
            await using var row = await command.ExecuteReaderAsync(cancellation);
            var rows = new List<T>();
            while (await row.ReadAsync(cancellation))
            {
                rows.Add(read(row));
            }

            return rows;
        }
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
