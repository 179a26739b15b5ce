using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Payments;

namespace RetailInvoicing.Payments.Links;

/// <summary>The key that stands for a customer in links, made when it is first wanted and the same ever after.</summary>
public sealed class KeepCustomerKey(NpgsqlDataSource database)
{
    private const string MakeOnce = """
        insert into customer_key (seller_id, customer_id, customer_key)
        select @SellerId, @CustomerId, @Key
        where exists (select from invoice where seller_id = @SellerId and customer_id = @CustomerId)
        on conflict do nothing
        """;

    // A statement of its own: it sees what somebody else made at the same time.
    private const string KeyOf = "select customer_key from customer_key where seller_id = @SellerId and customer_id = @CustomerId";

    /// <summary>The key; none where no invoice of the seller names such a customer.</summary>
    public async Task<Guid?> HandleAsync(SellerId seller, CustomerId customer, CancellationToken token)
    {
        // What cannot be a name is nobody's.
        if (Amounts.Check(customer.Value) is not null)
        {
            return null;
        }

        var named = new
        {
            SellerId = seller,
            CustomerId = customer,
            Key = Guid.CreateVersion7(),
        };
        await using var connection = await database.OpenConnectionAsync(token);
        await connection.ExecuteAsync(new CommandDefinition(MakeOnce, named, cancellationToken: token));
        return await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(KeyOf, named, cancellationToken: token));
    }
}
