using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Payments;

/// <summary>What customers paid too much, and the credit that corrective invoices gave them, as far as no invoice has taken it.</summary>
public sealed class ListUnallocated(NpgsqlDataSource database)
{
    private const string LeftOver = """
        select p.payment_id as id, p.invoice_id, p.customer_id, p.means, p.provider, p.currency, p.amount, b.unallocated, p.reference,
               p.received_at
        from payment_balance b join payment p using (seller_id, payment_id)
        where b.seller_id = @SellerId and b.unallocated > 0 and (@After::uuid is null or b.payment_id > @After)
        order by b.payment_id limit @Limit + 1
        """;

    /// <summary>A page of it, oldest first.</summary>
    public async Task<Outcome<Page>> HandleAsync(Caller caller, string? cursor, int? limit, CancellationToken token)
    {
        if (Cursor.Limit(limit).Refused(out var badLimit))
        {
            return badLimit;
        }

        Guid? after = null;
        if (cursor is not null)
        {
            if (!Guid.TryParse(Cursor.Read(cursor), out var last))
            {
                return Cursor.Unreadable();
            }

            after = last;
        }

        var most = limit ?? 100;
        await using var connection = await database.OpenConnectionAsync(token);
        var rows = (
            await connection.QueryAsync<Item>(
                LeftOver,
                new
                {
                    caller.SellerId,
                    After = after,
                    Limit = most,
                }
            )
        ).Select(row => row with { Amount = Book.Coins(row.Amount, row.Currency), Unallocated = Book.Coins(row.Unallocated, row.Currency) }).ToArray();
        return new Page
        {
            Items = rows.Length > most ? rows[..most] : rows,
            Cursor = rows.Length > most ? Cursor.Of(rows[most - 1].Id.ToString()) : null,
        };
    }

    /// <summary>A page.</summary>
    public sealed record Page
    {
        /// <summary>What is left over.</summary>
        public required IReadOnlyList<Item> Items { get; init; }

        /// <summary>Where the next page starts; absent on the last.</summary>
        public string? Cursor { get; init; }
    }

    /// <summary>A payment or credit of which something is left.</summary>
    public sealed record Item
    {
        /// <summary>The payment or credit.</summary>
        public PaymentId Id { get; init; }

        /// <summary>The invoice it was meant for, or the corrective invoice that the credit comes from.</summary>
        public InvoiceId? InvoiceId { get; init; }

        /// <summary>Whose it is, where the seller knows the customer.</summary>
        public CustomerId? CustomerId { get; init; }

        /// <summary>How it was paid; credit for what a corrective invoice gave.</summary>
        public string Means { get; init; } = "";

        /// <summary>Who took it.</summary>
        public string Provider { get; init; } = "";

        /// <summary>Currency of the amounts.</summary>
        public Currency Currency { get; init; }

        /// <summary>How much it was.</summary>
        public decimal Amount { get; init; }

        /// <summary>How much of it is left.</summary>
        public decimal Unallocated { get; init; }

        /// <summary>Its reference; of a credit the corrective invoice's number.</summary>
        public string? Reference { get; init; }

        /// <summary>When it was received.</summary>
        public DateTimeOffset ReceivedAt { get; init; }
    }
}
