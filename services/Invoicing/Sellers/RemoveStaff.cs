using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>Someone does not work for the seller any more; all services hear so. Removing who is not there changes nothing.</summary>
public sealed class RemoveStaff(NpgsqlDataSource database, RegisterSeller sellers, Outbox outbox)
{
    private const string Leave = "delete from staff where seller_id = @SellerId and email = @email";

    /// <summary>Removes; the refusal where there is no such seller.</summary>
    public async Task<Fault?> RemoveAsync(SellerId sellerId, string email, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await RegisterSeller.LockAsync(sellerId, transaction) is not var (body, version))
        {
            return InvoicingFaults.NoSeller.With();
        }

        var left = await connection.ExecuteAsync(Leave, new { SellerId = sellerId, email = email.Trim().ToLowerInvariant() }, transaction);
        if (left > 0)
        {
            await sellers.TellAsync(sellerId, body, version + 1, transaction, cancellationToken);
        }

        await outbox.CommitAsync(transaction, cancellationToken);
        return null;
    }
}
