using Dapper;
using MassTransit;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Remittances;

/// <summary>Who transfers are paid to, and in which zone its days begin, as the seller was registered last.</summary>
public sealed class LearnSeller(Inbox inbox) : IConsumer<SellerRegistered>
{
    private const string KeepNewest = """
        insert into seller as s (seller_id, version, name, trade_name, iban, bic, time_zone, language)
        values (@SellerId, @Version, @Name, @TradeName, @Iban, @Bic, @TimeZone, @Language)
        on conflict (seller_id) do update
        set version = excluded.version, name = excluded.name, trade_name = excluded.trade_name, iban = excluded.iban, bic = excluded.bic,
            time_zone = excluded.time_zone, language = excluded.language
        where s.version < excluded.version
        """;

    /// <inheritdoc />
    public Task Consume(ConsumeContext<SellerRegistered> context)
    {
        var seller = context.Message;
        using var activity = Telemetry.Source.StartActivity("LearnSeller");
        return inbox.OnceAsync(
            "payments-learn-seller",
            seller.EventId,
            transaction =>
                transaction.Connection!.ExecuteAsync(
                    KeepNewest,
                    new
                    {
                        seller.SellerId,
                        seller.Version,
                        seller.Name,
                        seller.TradeName,
                        seller.Iban,
                        seller.Bic,
                        seller.TimeZone,
                        seller.Language,
                    },
                    transaction
                ),
            context.CancellationToken
        );
    }
}
