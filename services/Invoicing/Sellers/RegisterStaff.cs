using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>Someone works for the seller in a role, in all shops or some; enrolling the same again changes nothing.</summary>
public sealed class RegisterStaff(NpgsqlDataSource database, RegisterSeller sellers, Outbox outbox)
{
    private const string Enrol = """
        insert into staff as s (seller_id, email, role, stores) values (@SellerId, @email, @role, @stores)
        on conflict (seller_id, email) do update set role = excluded.role, stores = excluded.stores
        where s.role <> excluded.role or s.stores <> excluded.stores
        """;

    /// <summary>Enrols; shows the member as enrolled.</summary>
    public async Task<Outcome<StaffMember>> RegisterAsync(
        SellerId sellerId,
        string email,
        StaffRequest request,
        CancellationToken cancellationToken
    )
    {
        var address = email.Trim().ToLowerInvariant();
        if (!SaleRules.IsEmail(address))
        {
            return InvoicingFaults.SellerField.At("email", "email", "name@example.com");
        }

        if (request.Stores.FirstOrDefault(store => !SaleRules.IsStore(store.Value)) is { Value: not null })
        {
            return InvoicingFaults.BadStore.At("stores");
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await RegisterSeller.LockAsync(sellerId, transaction) is not var (body, version))
        {
            return InvoicingFaults.NoSeller.With();
        }

        var member = new StaffMember
        {
            Email = address,
            Role = request.Role,
            Stores = request.Stores,
        };
        var changed = await connection.ExecuteAsync(
            Enrol,
            new
            {
                SellerId = sellerId,
                email = address,
                role = request.Role.ToString(),
                stores = request.Stores.Select(store => store.Value).ToArray(),
            },
            transaction
        );
        if (changed > 0)
        {
            await sellers.TellAsync(sellerId, body, version + 1, transaction, cancellationToken);
        }

        await outbox.CommitAsync(transaction, cancellationToken);
        return member;
    }
}

/// <summary>What a member of staff may do, and where.</summary>
public sealed record StaffRequest
{
    /// <summary>The role.</summary>
    public required StaffRole Role { get; init; }

    /// <summary>The shops it is limited to; empty means all.</summary>
    public IReadOnlyList<StoreId> Stores { get; init; } = [];
}
