using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>A webhook that was disabled is told again of what happens from now on; nothing is held against it any more.</summary>
public sealed class EnableWebhook(NpgsqlDataSource database, WakeWebhooks wake)
{
    internal const string ForgiveAndEnable = """
        update webhook
        set is_enabled = true, disabled_at = null, disabled_reason = null, notice_due = false, failures = 0, failing_since = null,
            paused_until = null, last_error = null, is_slow = false
        where seller_id = @SellerId and webhook_id = @WebhookId
        """;

    /// <summary>Enables it.</summary>
    public async Task<Outcome<Webhook>> RunAsync(SellerId seller, string webhookId, CancellationToken cancellationToken)
    {
        if (!Webhook.IsId(webhookId))
        {
            return DeliveryFaults.NoWebhook.With(webhookId);
        }

        Webhook? enabled;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await connection.ExecuteAsync(ForgiveAndEnable, new { SellerId = seller, WebhookId = webhookId });
            enabled = await ListWebhooks.GetAsync(connection, null, seller, webhookId);
        }

        if (enabled is null)
        {
            return DeliveryFaults.NoWebhook.With(webhookId);
        }

        await wake.ChangedAsync(cancellationToken);
        return enabled;
    }
}
