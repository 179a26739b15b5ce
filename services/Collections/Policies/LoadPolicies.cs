using System.Collections.Concurrent;
using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Policies;

/// <summary>Reads which policies of sellers are in force. A version never changes, so each is made out once a process.</summary>
public static class LoadPolicies
{
    private const string InForce = """
        select seller_id, policy_id, version from dunning_policy
        where seller_id = any(@sellers) and activated_at is not null and retired_at is null
        """;
    private const string Body = """
        select body from dunning_policy where seller_id = @seller and policy_id = @policy and version = @version
        """;

    // Versions of a process's databases: a test may have several of one name.
    private static readonly ConcurrentDictionary<(string Database, string Seller, string Policy, int Version), Policy> Known = new();

    /// <summary>The policies in force, by seller; a seller that has none is not in it.</summary>
    public static async Task<ILookup<SellerId, Policy>> InForceAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        IEnumerable<SellerId> sellers,
        CancellationToken cancellationToken
    )
    {
        var rows = await connection.QueryAsync<(string Seller, string Policy, int Version)>(
            new CommandDefinition(
                InForce,
                new { sellers = sellers.Select(seller => seller.Value).Distinct().ToArray() },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        var policies = new List<(SellerId Seller, Policy Policy)>();
        foreach (var (seller, policy, version) in rows)
        {
            var key = ($"{connection.Host}:{connection.Port}/{connection.Database}", seller, policy, version);
            if (!Known.TryGetValue(key, out var known))
            {
                var body = await connection.QuerySingleAsync<string>(
                    new CommandDefinition(
                        Body,
                        new
                        {
                            seller,
                            policy,
                            version,
                        },
                        transaction,
                        cancellationToken: cancellationToken
                    )
                );
                known = Policy.Of(policy, version, JsonSerializer.Deserialize<PolicyBody>(body, Wire.Tolerant)!);
                Known.TryAdd(key, known);
            }

            policies.Add((SellerId.Of(seller), known));
        }

        return policies.ToLookup(each => each.Seller, each => each.Policy);
    }
}
