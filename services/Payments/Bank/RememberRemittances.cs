using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Payments.Payments;

namespace RetailInvoicing.Payments.Bank;

/// <summary>
/// What a transfer may name is kept of each invoice that leaves something due, in the transaction that opens it: its reference, its number,
/// whose it is and how that customer is called.
/// </summary>
public static class RememberRemittances
{
    private const string Keep = """
        with told as (
            select * from unnest(@Sellers, @Invoices, @References, @Numbers, @Customers)
                as t (seller_id, invoice_id, payment_reference, number_key, customer_id)
        )
        insert into remittance (seller_id, invoice_id, payment_reference, number_key, customer_id)
        select seller_id, invoice_id, payment_reference, number_key, customer_id from told order by seller_id, invoice_id
        on conflict do nothing
        """;
    private const string KeepNames = """
        insert into payer_name (seller_id, customer_id, name_key, learned, learned_at)
        select distinct seller_id, customer_id, name_key, false, now()
        from unnest(@Sellers, @Customers, @Names) as t (seller_id, customer_id, name_key)
        order by seller_id, customer_id, name_key
        on conflict do nothing
        """;
    private const string KeepWords = """
        insert into payer_word (seller_id, word, customer_id)
        select distinct seller_id, word, customer_id from unnest(@Sellers, @Words, @Customers) as t (seller_id, word, customer_id)
        order by seller_id, word, customer_id
        on conflict do nothing
        """;

    /// <summary>Keeps it of those of the invoices that leave something due.</summary>
    public static async Task InAsync(
        NpgsqlTransaction transaction,
        IEnumerable<InvoiceIssued> invoices,
        CancellationToken cancellationToken
    )
    {
        var due = invoices.Where(LeavesSomethingDue).ToList();
        if (due.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(Keep)
                {
                    Parameters =
                    {
                        new("Sellers", due.Select(each => each.SellerId.Value).ToArray()),
                        new("Invoices", due.Select(each => each.InvoiceId.Value).ToArray()),
                        new("References", due.Select(each => each.PaymentReference).ToArray()),
                        new("Numbers", due.Select(each => Clues.NumberKey(each.Number)).ToArray()),
                        new("Customers", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = due.Select(CustomerOf).ToArray() },
                    },
                },
            },
        };
        var named = due.Select(each =>
                (Seller: each.SellerId.Value, Customer: CustomerOf(each), Words: PayerName.TokensOf(each.Buyer?.Name))
            )
            .Where(each => each.Customer is not null && each.Words.Count > 0)
            .ToList();
        if (named.Count > 0)
        {
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(KeepNames)
                {
                    Parameters =
                    {
                        new("Sellers", named.Select(each => each.Seller).ToArray()),
                        new("Customers", named.Select(each => each.Customer!).ToArray()),
                        new("Names", named.Select(each => string.Join(' ', each.Words)).ToArray()),
                    },
                }
            );
            var words = named.SelectMany(each => each.Words.Select(word => (each.Seller, Word: word, Customer: each.Customer!))).ToList();
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(KeepWords)
                {
                    Parameters =
                    {
                        new("Sellers", words.Select(each => each.Seller).ToArray()),
                        new("Words", words.Select(each => each.Word).ToArray()),
                        new("Customers", words.Select(each => each.Customer).ToArray()),
                    },
                }
            );
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static bool LeavesSomethingDue(InvoiceIssued invoice) =>
        Opening.Asked(invoice) - (Opening.BringsPayments(invoice) ? invoice.Totals.PaidAmount : 0m) > 0m;

    private static string? CustomerOf(InvoiceIssued invoice) => (invoice.Contact?.CustomerId ?? invoice.Buyer?.CustomerId)?.Value;
}
