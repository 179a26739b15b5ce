using Dapper;
using MassTransit;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>A seller's zone decides when its customers are overdue, its language how those are addressed who named none.</summary>
public sealed class LearnSeller(Inbox inbox, TimeProvider clock) : IConsumer<SellerRegistered>
{
    /// <summary>Its queue, and its name in the inbox.</summary>
    public const string Queue = "collections-learn-seller";

    private const string Learn = """
        insert into seller as known (seller_id, version, name, time_zone, language)
        values (@SellerId, @Version, @Name, @TimeZone, @Language)
        on conflict (seller_id) do update
        set version = excluded.version, name = excluded.name, time_zone = excluded.time_zone, language = excluded.language
        where known.version < excluded.version
        """;
    private const string ZoneOf = "select time_zone from seller where seller_id = @SellerId";

    private const string WakeDunning = $"select pg_notify('{Dunning.RunDunning.Channel}', '')";

    /// <summary>Takes the event; one whose zone this machine does not know goes to the queue's errors, where someone sees it.</summary>
    public Task Consume(ConsumeContext<SellerRegistered> context)
    {
        var seller = context.Message;
        _ = TimeZoneInfo.FindSystemTimeZoneById(seller.TimeZone);
        return inbox.OnceAsync(
            Queue,
            seller.EventId,
            async transaction =>
            {
                var told = new
                {
                    seller.SellerId,
                    seller.Version,
                    seller.Name,
                    seller.TimeZone,
                    seller.Language,
                };
                var zone = await transaction.Connection!.ExecuteScalarAsync<string?>(ZoneOf, told, transaction);
                if (await transaction.Connection!.ExecuteAsync(Learn, told, transaction) > 0 && zone != seller.TimeZone)
                {
                    // Whoever is to be looked at at an hour of the old zone is looked at now.
                    await Dunning.LookAgain.AllOfAsync(transaction, seller.SellerId, clock.GetUtcNow(), context.CancellationToken);
                }

                await transaction.Connection!.ExecuteAsync(WakeDunning, transaction: transaction);
            },
            context.CancellationToken
        );
    }
}
