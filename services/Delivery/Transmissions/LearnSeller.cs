using System.Data;
using System.Data.Common;
using System.Text.Json;
using Dapper;
using MassTransit;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>A seller's mails and documents look and speak as the seller last said.</summary>
public sealed class LearnSeller(Inbox inbox, Neighbours neighbours) : IConsumer<SellerRegistered>
{
    private const string KeepLatest = """
        insert into seller as s (seller_id, version, body) values (@SellerId, @Version, @Body)
        on conflict (seller_id) do update set version = excluded.version, body = excluded.body where s.version < excluded.version
        """;

    /// <summary>Keeps it unless a later version is kept already.</summary>
    public async Task Consume(ConsumeContext<SellerRegistered> context)
    {
        await inbox.OnceAsync(
            "delivery-learn-seller",
            context.Message.EventId,
            transaction => KeepAsync(transaction.Connection!, transaction, context.Message),
            context.CancellationToken
        );
        neighbours.Forget(context.Message.SellerId);
    }

    internal static Task KeepAsync(DbConnection connection, IDbTransaction? transaction, SellerRegistered told) =>
        connection.ExecuteAsync(
            KeepLatest,
            // As the base record: who works there is no business of Delivery.
            new
            {
                told.SellerId,
                told.Version,
                Body = JsonSerializer.Serialize<SellerBody>(told, Wire.Tolerant),
            },
            transaction
        );
}
