using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>A seller gets a key with scopes; it is shown once, and only its name is kept.</summary>
public sealed class GiveApiKey(NpgsqlDataSource database, ApiKeys keys, TimeProvider clock)
{
    private const string Keep = """
        insert into api_key (seller_id, key_id, scopes, given_at)
        select seller_id, @KeyId, @Scopes, @now from seller where seller_id = @SellerId
        """;

    /// <summary>Gives a key.</summary>
    public async Task<Outcome<GivenKey>> GiveAsync(SellerId sellerId, KeyRequest request, CancellationToken cancellationToken)
    {
        var scopes = request.Scopes.Where(scope => scope is not null).Distinct(StringComparer.Ordinal).ToArray();
        if (
            request.Scopes.Count == 0
            || scopes.Length != request.Scopes.Count
            || scopes.FirstOrDefault(s => !Scopes.All.Contains(s)) is not null
        )
        {
            return InvoicingFaults.BadScope.At("scopes", scopes.FirstOrDefault(s => !Scopes.All.Contains(s)) ?? "[]");
        }

        var keyId = KeyId.New();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var kept = await connection.ExecuteAsync(
            Keep,
            new
            {
                SellerId = sellerId,
                KeyId = keyId,
                Scopes = scopes,
                now = clock.GetUtcNow(),
            }
        );
        return kept == 0 ? InvoicingFaults.NoSeller.With() : new GivenKey { KeyId = keyId, ApiKey = keys.Sign(sellerId, keyId, scopes) };
    }
}

/// <summary>What a new key may do.</summary>
public sealed record KeyRequest
{
    /// <summary>Scopes, such as sales:write.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }
}

/// <summary>A key, shown once.</summary>
public sealed record GivenKey
{
    /// <summary>Its name, by which it is revoked.</summary>
    public required KeyId KeyId { get; init; }

    /// <summary>The key itself.</summary>
    public required string ApiKey { get; init; }
}
