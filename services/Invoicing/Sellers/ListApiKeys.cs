using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>A key as it was given and perhaps taken back; never the key itself.</summary>
public sealed record ListedKey
{
    /// <summary>Its name.</summary>
    public required KeyId KeyId { get; init; }

    /// <summary>What it is for.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>When it was given.</summary>
    public required DateTimeOffset GivenAt { get; init; }

    /// <summary>Since when it opens nothing; absent while it does.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}

/// <summary>A seller's keys, the latest first.</summary>
public sealed record ListedKeys(IReadOnlyList<ListedKey> Keys);

/// <summary>Which keys a seller's programs have, so that one that is not known any more can be taken back.</summary>
public sealed class ListApiKeys(NpgsqlDataSource database)
{
    private const string All = """
        select k.key_id, k.scopes, k.given_at, r.revoked_at
        from api_key k
        left join revoked_key r on r.key_id = k.key_id
        where k.seller_id = @SellerId
        order by k.given_at desc, k.key_id
        """;

    /// <summary>The list.</summary>
    public async Task<ListedKeys> ListAsync(SellerId sellerId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(All, new { SellerId = sellerId }, cancellationToken: cancellationToken)
        );
        return new ListedKeys([
            .. rows.Select(row => new ListedKey
            {
                KeyId = row.KeyId,
                Scopes = row.Scopes,
                GivenAt = row.GivenAt,
                RevokedAt = row.RevokedAt,
            }),
        ]);
    }

    private sealed record Row
    {
        public KeyId KeyId { get; init; }

        public string[] Scopes { get; init; } = [];

        public DateTimeOffset GivenAt { get; init; }

        public DateTimeOffset? RevokedAt { get; init; }
    }
}
