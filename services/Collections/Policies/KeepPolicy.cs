using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Policies;

/// <summary>
/// A seller puts a policy: a new version, in force at once where that is said and a draft where it is not. The same again is the same
/// version.
/// </summary>
public sealed class KeepPolicy(NpgsqlDataSource database, ActivatePolicy activate, TimeProvider clock)
{
    private const int MostPolicies = 100;

    // One at a time of a seller, so that versions count up.
    internal const string WaitForMyTurn = "select pg_advisory_xact_lock(hashtextextended('dunning-policy ' || @seller, 0))";

    private const string CountPolicies = """
        select count(distinct policy_id)::int from dunning_policy p
        where seller_id = @seller and policy_id <> @policy
          and not exists (
              select from dunning_policy_removed r
              where r.seller_id = p.seller_id and r.policy_id = p.policy_id
                and r.version = (select max(version) from dunning_policy l where l.seller_id = p.seller_id and l.policy_id = p.policy_id)
          )
        """;
    private const string KeepVersion = """
        insert into dunning_policy (seller_id, policy_id, version, body, made_by, made_at)
        select @seller, @policy, coalesce(max(version), 0) + 1, @body::jsonb, @key, @now
        from dunning_policy where seller_id = @seller and policy_id = @policy
        """;

    /// <summary>Keeps it; the second value tells whether the version is new.</summary>
    public async Task<Outcome<(KeptPolicy Policy, bool IsNew)>> RunAsync(
        Caller caller,
        string policyId,
        Outcome<PolicyBody> request,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("KeepPolicy");
        if (request.Refused(out var unreadable))
        {
            return unreadable;
        }

        if (!PolicyChecks.IsId(policyId))
        {
            return CollectionsFaults.PolicyId.At("policyId");
        }

        if (PolicyChecks.Of(request.Value) is { Count: > 0 } faults)
        {
            return Fault.Of(faults);
        }

        var body = request.Value with { Name = request.Value.Name.Trim(), Active = false };
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var seller = caller.SellerId.Value;
        await connection.ExecuteAsync(WaitForMyTurn, new { seller }, transaction);
        var before = await ListPolicies.ReadAsync(connection, transaction, caller.SellerId, policyId, cancellationToken);
        var kept = JsonSerializer.Serialize(body, Wire.Tolerant);
        var isNew = before.Count == 0 || JsonSerializer.Serialize(before[0].Policy with { Active = false }, Wire.Tolerant) != kept;
        if (isNew)
        {
            if (await connection.ExecuteScalarAsync<int>(CountPolicies, new { seller, policy = policyId }, transaction) >= MostPolicies)
            {
                return CollectionsFaults.TooManyPolicies.With(MostPolicies);
            }

            await connection.ExecuteAsync(
                KeepVersion,
                new
                {
                    seller,
                    policy = policyId,
                    body = kept,
                    key = caller.KeyId.Value,
                    now,
                },
                transaction
            );
        }

        if (request.Value.Active)
        {
            await activate.NewestAsync(transaction, caller.SellerId, policyId, cancellationToken);
        }

        var after = await ListPolicies.ReadAsync(connection, transaction, caller.SellerId, policyId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (after[0], isNew);
    }
}
