using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>Reads receivables with all their changes; whoever asks what was due on a day reads it here.</summary>
public static class LoadHistories
{
    private const string Receivables =
        "select * from receivable where (seller_id, invoice_id) in (select * from unnest(@sellers::text[], @invoices::uuid[]))";
    private const string Changes = """
        select seller_id, invoice_id, version, at, amount_due, cause, received_at, corrective_invoice_id from receivable_change
        where (seller_id, invoice_id) in (select * from unnest(@sellers::text[], @invoices::uuid[]))
        """;

    /// <summary>The histories of these invoices; those that nobody told of are left out.</summary>
    public static async Task<IReadOnlyList<ReceivableHistory>> OfAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IReadOnlyCollection<(SellerId Seller, InvoiceId Invoice)> invoices,
        CancellationToken cancellationToken
    )
    {
        var receivables = await connection.QueryAsync<Receivable>(Asked(Receivables, transaction, invoices, cancellationToken));
        return await OfAsync(connection, transaction, receivables.AsList(), cancellationToken);
    }

    /// <summary>The histories of receivables that were read already.</summary>
    public static async Task<IReadOnlyList<ReceivableHistory>> OfAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IReadOnlyCollection<Receivable> receivables,
        CancellationToken cancellationToken
    )
    {
        if (receivables.Count == 0)
        {
            return [];
        }

        var invoices = receivables.Select(each => (each.SellerId, each.InvoiceId)).ToArray();
        var rows = await connection.QueryAsync<Row>(Asked(Changes, transaction, invoices, cancellationToken));
        var changes = rows.ToLookup(row => (row.SellerId, row.InvoiceId));
        return
        [
            .. receivables.Select(each => ReceivableHistory.Of(each, changes[(each.SellerId, each.InvoiceId)].Select(row => row.Change()))),
        ];
    }

    private static CommandDefinition Asked(
        string sql,
        NpgsqlTransaction? transaction,
        IReadOnlyCollection<(SellerId Seller, InvoiceId Invoice)> invoices,
        CancellationToken cancellationToken
    ) =>
        new(
            sql,
            new
            {
                sellers = invoices.Select(each => each.Seller.Value).ToArray(),
                invoices = invoices.Select(each => each.Invoice.Value).ToArray(),
            },
            transaction,
            cancellationToken: cancellationToken
        );

    private sealed record Row
    {
        public SellerId SellerId { get; init; }

        public InvoiceId InvoiceId { get; init; }

        public long Version { get; init; }

        public DateTimeOffset At { get; init; }

        public decimal AmountDue { get; init; }

        public string? Cause { get; init; }

        public DateTimeOffset? ReceivedAt { get; init; }

        public InvoiceId? CorrectiveInvoiceId { get; init; }

        public ReceivableChange Change() =>
            new()
            {
                Version = Version,
                At = At,
                AmountDue = AmountDue,
                Cause = Cause,
                ReceivedAt = ReceivedAt,
                CorrectiveInvoiceId = CorrectiveInvoiceId,
            };
    }
}
