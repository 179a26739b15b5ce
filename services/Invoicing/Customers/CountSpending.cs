using Dapper;
using Npgsql;

namespace RetailInvoicing.Invoicing.Customers;

/// <summary>What a customer spent at a seller in a month.</summary>
public sealed record SpentMonth
{
    /// <summary>Such as 2026-11.</summary>
    public required string Month { get; init; }

    /// <summary>Each currency counts apart.</summary>
    public required string Currency { get; init; }

    /// <summary>Whose invoices they are.</summary>
    public required string SellerId { get; init; }

    /// <summary>With VAT, net of returns.</summary>
    public required decimal Total { get; init; }

    /// <summary>How many.</summary>
    public required int Invoices { get; init; }
}

/// <summary>
/// A customer sees what it spent, month by month: returns are taken off, cancelled invoices left out, and a ticket counts once where a full
/// invoice of the customer's has replaced it.
/// </summary>
public sealed class CountSpending(NpgsqlDataSource database)
{
    private const string ByMonth = """
        select to_char(i.operation_date, 'YYYY-MM') as month, i.currency::text as currency, i.seller_id,
            sum(i.total_with_vat - case when i.kind = 'Corrective' then coalesce((
                select sum(part.value::numeric)
                from (select i.body::jsonb #> array['correction', 'correctedAmounts'] as amounts) corrected,
                    jsonb_each_text(case when jsonb_typeof(corrected.amounts) = 'object' then corrected.amounts end) part), 0)
                else 0 end) as total,
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
                new CommandDefinition(
                    ByMonth,
                    new
                    {
                        email,
                        from,
                        to,
                    },
                    cancellationToken: cancellationToken
                )
            ),
        ];
    }
}
