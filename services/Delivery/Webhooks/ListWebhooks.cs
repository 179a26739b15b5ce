using System.Data;
using System.Data.Common;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>A seller sees its webhooks, how each fares, and why one is disabled; never their secrets.</summary>
public sealed class ListWebhooks(NpgsqlDataSource database)
{
    private const string Columns = """
        webhook_id, url, events, is_enabled, old_secret_until, failing_since, last_error, paused_until, disabled_at, disabled_reason,
        created_at, changed_at
        """;

    private const string All = $"select {Columns} from webhook where seller_id = @SellerId order by webhook_id";

    private const string One = $"select {Columns} from webhook where seller_id = @SellerId and webhook_id = @WebhookId";

    /// <summary>All of them; a seller has few.</summary>
    public async Task<WebhookList> RunAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(All, new { SellerId = seller });
        return new WebhookList { Webhooks = [.. rows.Select(row => row.Shown())] };
    }

    /// <summary>One of them.</summary>
    public async Task<Outcome<Webhook>> GetAsync(SellerId seller, string webhookId, CancellationToken cancellationToken)
    {
        if (!Webhook.IsId(webhookId))
        {
            return DeliveryFaults.NoWebhook.With(webhookId);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await GetAsync(connection, null, seller, webhookId) is { } webhook ? webhook : DeliveryFaults.NoWebhook.With(webhookId);
    }

    internal static async Task<Webhook?> GetAsync(DbConnection connection, IDbTransaction? transaction, SellerId seller, string webhookId)
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>(One, new { SellerId = seller, WebhookId = webhookId }, transaction);
        return row?.Shown();
    }

    private sealed record Row
    {
        public string WebhookId { get; init; } = "";
        public string Url { get; init; } = "";
        public string[] Events { get; init; } = [];
        public bool IsEnabled { get; init; }
        public DateTimeOffset? OldSecretUntil { get; init; }
        public DateTimeOffset? FailingSince { get; init; }
        public string? LastError { get; init; }
        public DateTimeOffset? PausedUntil { get; init; }
        public DateTimeOffset? DisabledAt { get; init; }
        public string? DisabledReason { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset ChangedAt { get; init; }

        public Webhook Shown() =>
            new()
            {
                WebhookId = WebhookId,
                Url = Url,
                Events = Events,
                Enabled = IsEnabled,
                OldSecretUntil = OldSecretUntil,
                FailingSince = FailingSince,
                LastError = LastError,
                PausedUntil = PausedUntil,
                DisabledAt = DisabledAt,
                DisabledReason = DisabledReason,
                CreatedAt = CreatedAt,
                ChangedAt = ChangedAt,
            };
    }
}
