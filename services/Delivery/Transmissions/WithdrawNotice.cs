using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>
/// Collections takes back a notice of whose asking it heard no answer: what was queued has gone or goes and is told of, and what was not is
/// never queued, not even where the asking is still under way.
/// </summary>
public sealed class WithdrawNotice(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Whoever queues a notice and whoever withdraws it are one after the other.</summary>
    internal const string OneAtATime = "select pg_advisory_xact_lock(hashtextextended(@Seller || ' ' || @Key, 0))";

    private const string Keep = $"""
        {OneAtATime};
        insert into withdrawn_notice (seller_id, notice_id, withdrawn_at)
        select @Seller, @Key, @Now
        where not exists (select from transmission where seller_id = @Seller and purpose = 'reminder' and occasion = @Key)
        on conflict (seller_id, notice_id) do nothing
        """;

    /// <summary>The message that was queued before; nothing where none was, and none will be.</summary>
    public async Task<QueuedNotice?> RunAsync(SellerId seller, string noticeId, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Source.StartActivity("WithdrawNotice");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                Keep,
                new
                {
                    Seller = seller.Value,
                    Key = noticeId,
                    Now = clock.GetUtcNow(),
                },
                cancellationToken: cancellationToken
            )
        );
        return await LoadNotice.OfAsync(connection, seller, noticeId, cancellationToken);
    }
}
