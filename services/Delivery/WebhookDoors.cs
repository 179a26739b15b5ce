using System.Globalization;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.Delivery.Webhooks;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery;

/// <summary>How webhooks are asked for over HTTP, and what they are made of.</summary>
internal static class WebhookDoors
{
    /// <summary>Who keeps, hears for, and sends to sellers' webhooks.</summary>
    internal static void AddWebhooks(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(WebhookOptions.From(builder.Configuration));
        builder.Services.AddSingleton<PublicHttp>();
        builder.Services.AddSingleton<WebhookSeal>();
        builder.Services.AddSingleton<WakeWebhooks>();
        builder.Services.AddSingleton<KeepWebhook>();
        builder.Services.AddSingleton<EnableWebhook>();
        builder.Services.AddSingleton<RemoveWebhook>();
        builder.Services.AddSingleton<ListWebhooks>();
        builder.Services.AddSingleton<ListDeliveries>();
        builder.Services.AddSingleton<RedeliverEvents>();
        builder.Services.AddSingleton<HoldDeliveries>();
        builder.Services.AddHostedService<HearForWebhooks>();
        builder.Services.AddHostedService<SendWebhooks>();
        builder.Services.AddHostedService<NoticeDisabledWebhooks>();
        builder.Services.AddHostedService<SweepDeliveries>();
    }

    internal static async Task<IResult> Put(
        string webhookId,
        Body<WebhookRequest> body,
        Caller caller,
        KeepWebhook keep,
        CancellationToken cancellationToken
    ) =>
        body.Content.Refused(out var fault)
            ? fault.ToResult()
            : (await keep.RunAsync(caller.SellerId, webhookId, body.Content.Value, cancellationToken)).ToResult(kept =>
                kept.IsNew
                    ? (IResult)TypedResults.Created($"/v1/webhooks/{kept.Webhook.WebhookId}", kept.Webhook)
                    : TypedResults.Ok(kept.Webhook)
            );

    internal static async Task<IResult> List(Caller caller, ListWebhooks list, CancellationToken cancellationToken) =>
        TypedResults.Ok(await list.RunAsync(caller.SellerId, cancellationToken));

    internal static async Task<IResult> Get(string webhookId, Caller caller, ListWebhooks list, CancellationToken cancellationToken) =>
        (await list.GetAsync(caller.SellerId, webhookId, cancellationToken)).ToResult(TypedResults.Ok);

    internal static async Task<IResult> Delete(
        string webhookId,
        Caller caller,
        RemoveWebhook remove,
        CancellationToken cancellationToken
    ) => (await remove.RunAsync(caller.SellerId, webhookId, cancellationToken)).ToResult(_ => TypedResults.NoContent());

    internal static async Task<IResult> Enable(
        string webhookId,
        Caller caller,
        EnableWebhook enable,
        CancellationToken cancellationToken
    ) => (await enable.RunAsync(caller.SellerId, webhookId, cancellationToken)).ToResult(TypedResults.Ok);

    internal static async Task<IResult> Deliveries(
        string webhookId,
        string? status,
        string? cursor,
        string? limit,
        Caller caller,
        ListDeliveries list,
        CancellationToken cancellationToken
    )
    {
        int? most = null;
        if (limit is not null)
        {
            if (!int.TryParse(limit, CultureInfo.InvariantCulture, out var number))
            {
                return DoorFaults.BadParameter.With("limit", limit).ToResult();
            }

            most = number;
        }

        return (await list.RunAsync(caller.SellerId, webhookId, status, cursor, most, cancellationToken)).ToResult(TypedResults.Ok);
    }

    internal static async Task<IResult> Redeliver(
        string webhookId,
        Body<RedeliveryRequest> body,
        Caller caller,
        RedeliverEvents redeliver,
        CancellationToken cancellationToken
    ) =>
        body.Content.Refused(out var fault)
            ? fault.ToResult()
            : (await redeliver.RunAsync(caller.SellerId, webhookId, body.Content.Value, cancellationToken)).ToResult(queued =>
                TypedResults.Accepted((string?)null, queued)
            );
}
