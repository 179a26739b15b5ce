using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.WriteOffs;

/// <summary>What a seller chose about collecting.</summary>
public sealed record CollectionsSettings
{
    /// <summary>
    /// Up to this much of an invoice, in its currency and with what was given up of it before, a write-off is approved as it is asked;
    /// above, a second person decides.
    /// </summary>
    public required decimal WriteOffWithoutApprovalUpTo { get; init; }
}

/// <summary>The seller decides from which amount on giving up takes two people; where it never did, always.</summary>
public sealed class KeepSettings(NpgsqlDataSource database, TimeProvider clock)
{
    private const decimal Most = 1_000m;

    private const string Kept = """
        select write_off_without_approval_up_to from collections_setting where seller_id = @seller
        """;
    private const string Keep = """
        insert into collections_setting (seller_id, write_off_without_approval_up_to, changed_at) values (@seller, @limit, @now)
        on conflict (seller_id) do update
        set write_off_without_approval_up_to = excluded.write_off_without_approval_up_to, changed_at = excluded.changed_at
        """;

    /// <summary>The settings that hold.</summary>
    public async Task<CollectionsSettings> ReadAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var limit = await connection.ExecuteScalarAsync<decimal?>(Kept, new { seller = seller.Value });
        return new CollectionsSettings { WriteOffWithoutApprovalUpTo = Money.Of(limit ?? 0m, Currency.Eur).Amount };
    }

    /// <summary>Keeps them in place of those before, with who did.</summary>
    public async Task<Outcome<CollectionsSettings>> RunAsync(
        Actor actor,
        Outcome<CollectionsSettings> request,
        CancellationToken cancellationToken
    )
    {
        using var span = Telemetry.Source.StartActivity("KeepSettings");
        if (request.Refused(out var unreadable))
        {
            return unreadable;
        }

        var limit = request.Value.WriteOffWithoutApprovalUpTo;
        if (limit is < 0m or > Most || limit != Money.Of(limit, Currency.Eur).Amount)
        {
            return CollectionsFaults.BadWriteOffLimit.At("writeOffWithoutApprovalUpTo", Money.Of(Most, Currency.Eur).Amount);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        await connection.ExecuteAsync(
            Keep,
            new
            {
                seller = actor.SellerId.Value,
                limit,
                now,
            },
            transaction
        );
        var act = new Act
        {
            By = actor,
            At = now,
            Kind = "settings-kept",
            Body = request.Value,
        };
        await KeepAct.AddAsync(transaction, act, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return await ReadAsync(actor.SellerId, cancellationToken);
    }
}
