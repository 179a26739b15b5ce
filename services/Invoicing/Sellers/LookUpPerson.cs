using Dapper;
using Npgsql;
using RetailInvoicing.Invoicing.Sales;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>Tells who an e-mail address is: a customer of which sellers, staff of which sellers; capitals make no difference.</summary>
public sealed class LookUpPerson(NpgsqlDataSource database)
{
    private const string Customer = """
        select distinct on (c.seller_id) c.seller_id, s.told::json ->> 'name' as seller_name, c.language
        from invoice_contact c join seller s using (seller_id)
        where lower(c.email) = lower(@email) order by c.seller_id, c.invoice_id desc
        """;
    private const string Staff = """
        select f.seller_id, s.told::json ->> 'name' as seller_name, f.role, f.stores
        from staff f join seller s using (seller_id) where f.email = lower(@email) order by f.seller_id
        """;

    /// <summary>Looks an address up.</summary>
    public async Task<Person> LookUpAsync(string email, CancellationToken cancellationToken)
    {
        if (!SaleRules.IsEmail(email))
        {
            return new Person([], []);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return new Person(
            [.. await connection.QueryAsync<CustomerOf>(Customer, new { email })],
            [.. await connection.QueryAsync<StaffOf>(Staff, new { email })]
        );
    }

    /// <summary>Who an address is.</summary>
    public sealed record Person(IReadOnlyList<CustomerOf> CustomerOf, IReadOnlyList<StaffOf> StaffOf);

    /// <summary>A customer of a seller.</summary>
    public sealed record CustomerOf
    {
        public required string SellerId { get; init; }

        public required string SellerName { get; init; }

        public string? Language { get; init; }
    }

    /// <summary>Staff of a seller.</summary>
    public sealed record StaffOf
    {
        public required string SellerId { get; init; }

        public required string SellerName { get; init; }

        public required string Role { get; init; }

        public required string[] Stores { get; init; }
    }
}
