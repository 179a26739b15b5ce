using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Policies;

/// <summary>What policies a seller has: of each the version in force, else the newest; one with the draft that is newer; or all its versions.</summary>
public sealed class ListPolicies(NpgsqlDataSource database)
{
    private const string All = """
        select p.policy_id, p.version, p.body, p.made_at, p.activated_at, p.retired_at
        from dunning_policy p
        where p.seller_id = @seller and (@policy::text is null or p.policy_id = @policy)
          and not exists (
              select from dunning_policy_removed r
              where r.seller_id = p.seller_id and r.policy_id = p.policy_id
                and r.version = (select max(version) from dunning_policy l where l.seller_id = p.seller_id and l.policy_id = p.policy_id)
          )
        order by p.policy_id, p.version desc
        """;

    /// <summary>The seller's policies, by id.</summary>
    public async Task<KeptPolicies> RunAsync(SellerId seller, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("ListPolicies");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var versions = await ReadAsync(connection, null, seller, null, cancellationToken);
        return new KeptPolicies([.. versions.GroupBy(version => version.PolicyId, StringComparer.Ordinal).Select(InForceOrNewest)]);
    }

    /// <summary>One policy: the version in force, else the newest.</summary>
    public async Task<Outcome<KeptPolicy>> OneAsync(SellerId seller, string policyId, CancellationToken cancellationToken)
    {
        var versions = await VersionsAsync(seller, policyId, cancellationToken);
        return versions.Refused(out var refused) ? refused : InForceOrNewest(versions.Value.Items);
    }

    /// <summary>All versions of one, the newest first.</summary>
    public async Task<Outcome<KeptPolicies>> VersionsAsync(SellerId seller, string policyId, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("ListPolicies");
        if (!PolicyChecks.IsId(policyId))
        {
            return CollectionsFaults.NoPolicy.With(policyId);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var versions = await ReadAsync(connection, null, seller, policyId, cancellationToken);
        return versions.Count == 0 ? CollectionsFaults.NoPolicy.With(policyId) : new KeptPolicies(versions);
    }

    /// <summary>Every version of one policy, or of all of a seller's, the newest first; none of those that were removed.</summary>
    internal static async Task<IReadOnlyList<KeptPolicy>> ReadAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        SellerId seller,
        string? policyId,
        CancellationToken cancellationToken
    )
    {
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(All, new { seller = seller.Value, policy = policyId }, transaction, cancellationToken: cancellationToken)
        );
        return [.. rows.Select(row => row.Policy())];
    }

    private static KeptPolicy InForceOrNewest(IEnumerable<KeptPolicy> versions) =>
        versions.OrderByDescending(version => version.Status == PolicyStatus.Active).ThenByDescending(version => version.Version).First();

    private sealed record Row
    {
        public string PolicyId { get; init; } = "";

        public int Version { get; init; }

        public string Body { get; init; } = "";

        public DateTimeOffset MadeAt { get; init; }

        public DateTimeOffset? ActivatedAt { get; init; }

        public DateTimeOffset? RetiredAt { get; init; }

        public KeptPolicy Policy()
        {
            var status =
                ActivatedAt is null ? PolicyStatus.Draft
                : RetiredAt is null ? PolicyStatus.Active
                : PolicyStatus.Retired;
            return new KeptPolicy
            {
                PolicyId = PolicyId,
                Version = Version,
                Status = status,
                MadeAt = MadeAt,
                ActivatedAt = ActivatedAt,
                RetiredAt = RetiredAt,
                Policy = JsonSerializer.Deserialize<PolicyBody>(Body, Wire.Tolerant)! with { Active = status == PolicyStatus.Active },
            };
        }
    }
}
