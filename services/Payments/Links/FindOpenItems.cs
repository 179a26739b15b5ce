using Dapper;
using Npgsql;

namespace RetailInvoicing.Payments.Links;

/// <summary>What a payer has open with a seller, as far as the payer's right goes; what is due first comes first.</summary>
public sealed class FindOpenItems(NpgsqlDataSource database)
{
    private const string OpenOf = """
        select i.invoice_id, i.number, i.currency, i.total_with_vat, b.amount_due - coalesce(a.left_out, 0) as amount_due,
               coalesce(a.left_out, 0) as left_out, b.in_flight, i.due_date, i.payment_reference,
               b.in_flight = 0 or exists (
                   select from checkout_part p join checkout k using (seller_id, checkout_id)
                   where p.seller_id = i.seller_id and p.invoice_id = i.invoice_id and k.state = 'open' and exists (
                       select from checkout_part o
                       where o.seller_id = p.seller_id and o.checkout_id = p.checkout_id and o.invoice_id <> p.invoice_id)) as is_free
        from invoice i join balance b using (seller_id, invoice_id)
            left join link_item a on a.seller_id = i.seller_id and a.link_id = @Asked and a.invoice_id = i.invoice_id
        where i.seller_id = @Seller and b.amount_due > coalesce(a.left_out, 0)
          and (@Asked::uuid is null or a.invoice_id is not null)
          and (@Invoice::uuid is null or i.invoice_id = @Invoice)
          and (@Customer::text is null or i.customer_id = @Customer)
          and (@Email::text is null or exists (
              select from contact c where c.seller_id = i.seller_id and c.invoice_id = i.invoice_id and c.email = @Email))
        order by i.due_date nulls last, i.issue_date, i.invoice_id
        limit 500
        """;

    /// <summary>Finds it.</summary>
    public async Task<IReadOnlyList<OpenItem>> HandleAsync(Payer payer, CancellationToken token)
    {
        await using var connection = await database.OpenConnectionAsync(token);
        var open = await connection.QueryAsync<OpenItem>(
            new CommandDefinition(
                OpenOf,
                new
                {
                    Seller = payer.SellerId.Value,
                    Invoice = payer.InvoiceId?.Value,
                    Customer = payer.CustomerId?.Value,
                    Asked = payer.AskedId,
                    payer.Email,
                },
                cancellationToken: token
            )
        );
        return [.. open];
    }
}
