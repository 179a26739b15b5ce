using Dapper;
using Npgsql;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Policies;

/// <summary>A policy is taken away: it is in force no more, its drafts are gone from the lists, and what was sent by it stays readable.</summary>
public sealed class RemovePolicy(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Retire = """
        update dunning_policy set retired_at = @now
        where seller_id = @seller and policy_id = @policy and activated_at is not null and retired_at is null
        """;
    private const string Remove = """
        insert into dunning_policy_removed (seller_id, policy_id, version, removed_by, removed_at)
        values (@seller, @policy, @version, @key, @now)
        """;

    /// <summary>Takes it away; what of it waits to be sent waits for another policy.</summary>
    public async Task<Outcome<bool>> RunAsync(Caller caller, string policyId, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("RemovePolicy");
        if (!PolicyChecks.IsId(policyId))
        {
            return CollectionsFaults.NoPolicy.With(policyId);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(KeepPolicy.WaitForMyTurn, new { seller = caller.SellerId.Value }, transaction);
        var versions = await ListPolicies.ReadAsync(connection, transaction, caller.SellerId, policyId, cancellationToken);
        if (versions.Count == 0)
        {
            return CollectionsFaults.NoPolicy.With(policyId);
        }

        var of = new
        {
            seller = caller.SellerId.Value,
            policy = policyId,
            version = versions[0].Version,
            key = caller.KeyId.Value,
            now = clock.GetUtcNow(),
        };
        await connection.ExecuteAsync(Retire, of, transaction);
        await connection.ExecuteAsync(Remove, of, transaction);
        await Dunning.LookAgain.AllOfAsync(transaction, caller.SellerId, of.now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
