using Dapper;
using Npgsql;

namespace RetailInvoicing.Invoicing.Customers;

/// <summary>What a customer spent at a seller in a month.</summary>
public sealed record SpentMonth(string Month, string Currency, string SellerId, decimal Total, int Invoices);

/// <summary>
/// A customer sees what it spent, month by month: returns are taken off, cancelled invoices left out, and a ticket counts once where a full
/// invoice of the customer's has replaced it.
/// </summary>
public sealed class CountSpending(NpgsqlDataSource database)
{
    private const string ByMonth = """
        select to_char(i.operation_date, 'YYYY-MM') as month, i.currency::text as currency, i.seller_id,
            sum(i.total_with_vat - case when i.kind = 'Corrective' then coalesce((
                select sum(part.value::numeric) from jsonb_each_text(i.body::jsonb #> array['correction', 'correctedAmounts']) part
                where part.value is not null), 0) else 0 end) as total,
            count(*)::int as invoices
        from invoice_contact c join invoice i using (seller_id, invoice_id)
        where lower(c.email) = lower(@email) and i.operation_date between @from and @to
            and not exists (select from cancellation x where x.seller_id = i.seller_id and x.invoice_id = i.invoice_id)
            and not exists (
                select from exchange e join invoice_contact f on f.seller_id = e.seller_id and f.invoice_id = e.exchange_invoice_id
                where e.seller_id = i.seller_id and e.ticket_invoice_id = i.invoice_id and e.freed_at is null
                    and lower(f.email) = lower(@email))
        group by 1, 2, 3 order by 1, 2, 3
        """;

    /// <summary>Each month that something was bought in.</summary>
    public async Task<IReadOnlyList<SpentMonth>> CountAsync(string email, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return
        [
            .. await connection.QueryAsync<SpentMonth>(
                new CommandDefinition(ByMonth, new { email, from, to }, cancellationToken: cancellationToken)
            ),
        ];
    }
}
