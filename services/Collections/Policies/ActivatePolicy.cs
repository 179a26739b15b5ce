using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Policies;

/// <summary>The newest version of a policy is in force from now on, the one before no more; everything open of the seller is looked at again.</summary>
public sealed class ActivatePolicy(NpgsqlDataSource database, TimeProvider clock)
{
    private const string RetireOthers = """
        update dunning_policy set retired_at = @now
        where seller_id = @seller and policy_id = @policy and activated_at is not null and retired_at is null and version <> @version
        """;

    // A version that was in force before is so again.
    private const string PutInForce = """
        update dunning_policy set activated_at = @now, retired_at = null
        where seller_id = @seller and policy_id = @policy and version = @version and (activated_at is null or retired_at is not null)
        """;

    /// <summary>Activates the newest version; again it changes nothing.</summary>
    public async Task<Outcome<KeptPolicy>> RunAsync(Caller caller, string policyId, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("ActivatePolicy");
        if (!PolicyChecks.IsId(policyId))
        {
            return CollectionsFaults.NoPolicy.With(policyId);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(KeepPolicy.WaitForMyTurn, new { seller = caller.SellerId.Value }, transaction);
        if (!await NewestAsync(transaction, caller.SellerId, policyId, cancellationToken))
        {
            return CollectionsFaults.NoPolicy.With(policyId);
        }

        var after = await ListPolicies.ReadAsync(connection, transaction, caller.SellerId, policyId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return after[0];
    }

    /// <summary>In the caller's transaction; false where there is no such policy.</summary>
    internal async Task<bool> NewestAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        string policyId,
        CancellationToken cancellationToken
    )
    {
        var connection = transaction.Connection!;
        var versions = await ListPolicies.ReadAsync(connection, transaction, seller, policyId, cancellationToken);
        if (versions.Count == 0)
        {
            return false;
        }

        var of = new
        {
            seller = seller.Value,
            policy = policyId,
            version = versions[0].Version,
            now = clock.GetUtcNow(),
        };
        await connection.ExecuteAsync(RetireOthers, of, transaction);
        if (await connection.ExecuteAsync(PutInForce, of, transaction) > 0)
        {
            await Dunning.LookAgain.AllOfAsync(transaction, seller, of.now, cancellationToken);
        }

        return true;
    }
}
