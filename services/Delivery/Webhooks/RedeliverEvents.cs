using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>
/// What a webhook was told, or should have been, it is told again: one event, or those of a time, or those that were given up. The event
/// keeps its id, and has three days again.
/// </summary>
public sealed class RedeliverEvents(NpgsqlDataSource database, WakeWebhooks wake, TimeProvider clock)
{
    // Each is some kilobytes to be sent.
    private const int Most = 50_000;

    private const string IsEnabled = "select is_enabled from webhook where seller_id = @SellerId and webhook_id = @WebhookId";

    // One that is pending is tried at once, and one that is on its way is left alone.
    private const string QueueOne = """
        update webhook_delivery
        set status = 'pending', due_at = @Now, ended_at = null, hold = null,
            attempts = case when status = 'pending' then attempts else 0 end,
            first_attempt_at = case when status = 'pending' then first_attempt_at end,
            redeliveries = redeliveries + case when status = 'pending' then 0 else 1 end
        where seller_id = @SellerId and event_id = @DeliveryId and webhook_id = @WebhookId and (hold is null or due_at <= @Now)
        """;

    private const string IsThere = """
        select exists (
            select from webhook_delivery where seller_id = @SellerId and event_id = @DeliveryId and webhook_id = @WebhookId
        )
        """;

    // The oldest first.
    private const string QueueMany = """
        with again as (
            select seller_id, event_id, webhook_id from webhook_delivery
            where seller_id = @SellerId and webhook_id = @WebhookId and status <> 'pending'
                and (@Status::text is null or status = @Status)
                and (@From::timestamptz is null or created_at >= @From)
                and (@To::timestamptz is null or created_at <= @To)
            order by created_at, event_id limit @Most
            for update
        )
        update webhook_delivery d
        set status = 'pending', due_at = @Now, ended_at = null, hold = null, attempts = 0, first_attempt_at = null,
            redeliveries = redeliveries + 1
        from again a
        where d.seller_id = a.seller_id and d.event_id = a.event_id and d.webhook_id = a.webhook_id
        """;

    /// <summary>Queues them; tells how many, and whether there are more.</summary>
    public async Task<Outcome<Redelivery>> RunAsync(
        SellerId seller,
        string webhookId,
        RedeliveryRequest request,
        CancellationToken cancellationToken
    )
    {
        var isMany = request.From is not null || request.To is not null || request.Status is not null;
        if (isMany == request.DeliveryId is not null || request.Status is not (null or "delivered" or "failed"))
        {
            return DeliveryFaults.RedeliveryOfWhat.With();
        }

        if (!Webhook.IsId(webhookId))
        {
            return DeliveryFaults.NoWebhook.With(webhookId);
        }

        var facts = new
        {
            SellerId = seller,
            WebhookId = webhookId,
            DeliveryId = request.DeliveryId?.Value,
            request.Status,
            From = request.From?.UtcDateTime,
            To = request.To?.UtcDateTime,
            Now = clock.GetUtcNow(),
            Most,
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        switch (await connection.QuerySingleOrDefaultAsync<bool?>(IsEnabled, facts))
        {
            case null:
                return DeliveryFaults.NoWebhook.With(webhookId);
            case false:
                return DeliveryFaults.WebhookDisabled.With(webhookId);
        }

        var queued = await connection.ExecuteAsync(isMany ? QueueMany : QueueOne, facts);
        if (!isMany && queued == 0 && !await connection.ExecuteScalarAsync<bool>(IsThere, facts))
        {
            return DeliveryFaults.NoWebhookDelivery.With(request.DeliveryId);
        }

        wake.Wake();
        return new Redelivery { Queued = queued, More = queued == Most };
    }
}
