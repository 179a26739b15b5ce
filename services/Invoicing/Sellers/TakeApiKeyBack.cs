using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>A key opens nothing any more: here at once, elsewhere as soon as the event arrives.</summary>
public sealed class TakeApiKeyBack(NpgsqlDataSource database, Outbox outbox, RevokedKeys revoked, TimeProvider clock)
{
    private const string IsGiven = "select exists (select from api_key where seller_id = @SellerId and key_id = @KeyId)";
    private const string Revoke = """
        insert into revoked_key (seller_id, key_id, revoked_at) values (@SellerId, @KeyId, @now) on conflict do nothing
        """;

    /// <summary>Revokes; the refusal where the seller has no such key.</summary>
    public async Task<Fault?> TakeBackAsync(SellerId sellerId, KeyId keyId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var key = new
        {
            SellerId = sellerId,
            KeyId = keyId,
            now,
        };
        if (!await connection.QuerySingleAsync<bool>(IsGiven, key, transaction))
        {
            return InvoicingFaults.NoSuchKey.With();
        }

        if (await connection.ExecuteAsync(Revoke, key, transaction) > 0)
        {
            await outbox.AppendAsync(
                transaction,
                new ApiKeyRevoked
                {
                    EventId = EventId.New(),
                    SellerId = sellerId,
                    KeyId = keyId,
                    RevokedAt = now,
                },
                cancellationToken
            );
        }

        await outbox.CommitAsync(transaction, cancellationToken);
        revoked.Add(keyId);
        return null;
    }
}
