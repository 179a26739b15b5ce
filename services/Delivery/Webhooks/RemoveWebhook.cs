using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>A server of a seller is told nothing more; what waited for it is gone with it.</summary>
public sealed class RemoveWebhook(NpgsqlDataSource database)
{
    // It waits for whoever queues for it at that moment, so that nothing stays behind.
    private const string Remove = "delete from webhook where seller_id = @SellerId and webhook_id = @WebhookId";
    private const string RemoveDeliveries = "delete from webhook_delivery where seller_id = @SellerId and webhook_id = @WebhookId";

    private const int LongestSeconds = 120;

    /// <summary>Removes it.</summary>
    public async Task<Outcome<bool>> RunAsync(SellerId seller, string webhookId, CancellationToken cancellationToken)
    {
        if (!Webhook.IsId(webhookId))
        {
            return DeliveryFaults.NoWebhook.With(webhookId);
        }

        var of = new { SellerId = seller, WebhookId = webhookId };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.ExecuteAsync(Remove, of, transaction) == 0)
        {
            return DeliveryFaults.NoWebhook.With(webhookId);
        }

        await connection.ExecuteAsync(RemoveDeliveries, of, transaction, LongestSeconds);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
