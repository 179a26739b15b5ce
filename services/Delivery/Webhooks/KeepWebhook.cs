using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>
/// A seller says where one of its servers is to be told of what. A new secret signs from now on, and the one before for a day beside it;
/// another address is enabled, whatever was held against the one before.
/// </summary>
public sealed class KeepWebhook(
    NpgsqlDataSource database,
    PublicHttp http,
    WebhookSeal seal,
    WakeWebhooks wake,
    WebhookOptions options,
    TimeProvider clock
)
{
    // A seller's webhooks are put one at a time, so that they can be counted.
    private const string OneAtATime = "select pg_advisory_xact_lock(hashtextextended(@SellerId, 72659))";

    private const string Known = """
        select url, secret from webhook where seller_id = @SellerId and webhook_id = @WebhookId for no key update
        """;

    private const string Count = "select count(*) from webhook where seller_id = @SellerId";

    private const string Add = """
        insert into webhook (seller_id, webhook_id, url, events, secret, created_at, changed_at)
        values (@SellerId, @WebhookId, @Url, @Events, @Secret, @Now, @Now)
        """;

    private const string Change = """
        update webhook set url = @Url, events = @Events, changed_at = @Now where seller_id = @SellerId and webhook_id = @WebhookId
        """;

    private const string ChangeSecret = """
        update webhook set old_secret = secret, old_secret_until = @Until, secret = @Secret
        where seller_id = @SellerId and webhook_id = @WebhookId
        """;

    /// <summary>Keeps it; tells whether it is new.</summary>
    public async Task<Outcome<(bool IsNew, Webhook Webhook)>> RunAsync(
        SellerId seller,
        string webhookId,
        WebhookRequest request,
        CancellationToken cancellationToken
    )
    {
        if (!Webhook.IsId(webhookId))
        {
            return DeliveryFaults.BadWebhookId.With(webhookId);
        }

        var wanted = EventsOf(request);
        if (wanted.Refused(out var fault))
        {
            return fault;
        }

        byte[]? given = null;
        if (request.Secret is { } text && (given = WebhookSecret.Read(text)) is null)
        {
            return DeliveryFaults.BadSecret.At("secret");
        }

        if (!seal.IsThere)
        {
            return DeliveryFaults.NoWebhookSeal.With();
        }

        if (await http.RefuseAsync(request.Url, cancellationToken) is { } refused)
        {
            return refused;
        }

        var kept = await KeepAsync(seller, webhookId, request.Url, wanted.Value, given, cancellationToken);
        if (kept.Fault is null)
        {
            await wake.ChangedAsync(cancellationToken);
        }

        return kept;
    }

    private async Task<Outcome<(bool IsNew, Webhook Webhook)>> KeepAsync(
        SellerId seller,
        string webhookId,
        string url,
        string[] events,
        byte[]? given,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var of = new { SellerId = seller, WebhookId = webhookId };
        await connection.ExecuteAsync(OneAtATime, of, transaction);
        var known = await connection.QuerySingleOrDefaultAsync<Row>(Known, of, transaction);
        byte[]? made = null;
        if (known is null)
        {
            if (await connection.ExecuteScalarAsync<int>(Count, of, transaction) >= options.MostPerSeller)
            {
                return DeliveryFaults.TooManyWebhooks.With(options.MostPerSeller);
            }

            made = given is null ? WebhookSecret.Make() : null;
            await connection.ExecuteAsync(
                Add,
                new
                {
                    SellerId = seller,
                    WebhookId = webhookId,
                    Url = url,
                    Events = events,
                    Secret = seal.Close(seller, webhookId, given ?? made!),
                    Now = now,
                },
                transaction
            );
        }
        else
        {
            await connection.ExecuteAsync(
                Change,
                new
                {
                    SellerId = seller,
                    WebhookId = webhookId,
                    Url = url,
                    Events = events,
                    Now = now,
                },
                transaction
            );
            if (given is not null && seal.Open(seller, webhookId, known.Secret)?.AsSpan().SequenceEqual(given) != true)
            {
                await connection.ExecuteAsync(
                    ChangeSecret,
                    new
                    {
                        SellerId = seller,
                        WebhookId = webhookId,
                        Until = now + options.OldSecretFor,
                        Secret = seal.Close(seller, webhookId, given),
                    },
                    transaction
                );
            }

            if (known.Url != url)
            {
                await connection.ExecuteAsync(EnableWebhook.ForgiveAndEnable, of, transaction);
            }
        }

        var kept = await ListWebhooks.GetAsync(connection, transaction, seller, webhookId);
        await transaction.CommitAsync(cancellationToken);
        return (known is null, kept! with { Secret = made is null ? null : WebhookSecret.Text(made) });
    }

    private static Outcome<string[]> EventsOf(WebhookRequest request)
    {
        if (request.Events.Count == 0)
        {
            return DeliveryFaults.NoSuchEvent.At("events", "");
        }

        for (var i = 0; i < request.Events.Count; i++)
        {
            if (!WebhookEvents.IsWanted(request.Events[i]))
            {
                var shown = request.Events[i] ?? "null";
                return DeliveryFaults.NoSuchEvent.At($"events[{i}]", shown.Length > 100 ? shown[..100] : shown);
            }
        }

        return request.Events.Select(each => each!).Distinct(StringComparer.Ordinal).ToArray();
    }

    private sealed record Row
    {
        public string Url { get; init; } = "";
        public byte[] Secret { get; init; } = [];
    }
}
