using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;
using EventId = RetailInvoicing.Contracts.EventId;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>A seller sees what was delivered to a webhook, what waits and what was given up, with each attempt and answer.</summary>
public sealed class ListDeliveries(NpgsqlDataSource database)
{
    private const string IsThere = "select exists (select from webhook where seller_id = @SellerId and webhook_id = @WebhookId)";

    private const string NewestFirst = """
        select event_id, name, status, created_at, ended_at, redeliveries, history::text as history,
            case when status = 'pending' then due_at end as due_at
        from webhook_delivery
        where seller_id = @SellerId and webhook_id = @WebhookId
            and (@Status::text is null or status = @Status)
            and (@BeforeAt::timestamptz is null or (created_at, event_id) < (@BeforeAt, @BeforeId))
        order by created_at desc, event_id desc
        limit @Limit
        """;

    /// <summary>One page.</summary>
    public async Task<Outcome<WebhookDeliveryPage>> RunAsync(
        SellerId seller,
        string webhookId,
        string? status,
        string? cursor,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        if (status is not (null or "pending" or "delivered" or "failed"))
        {
            return DoorFaults.BadParameter.With("status", status);
        }

        if (limit is < 1 or > 200)
        {
            return DoorFaults.BadParameter.With("limit", limit);
        }

        (DateTimeOffset At, Guid Id)? before = null;
        if (cursor is not null && (before = Read(cursor)) is null)
        {
            return DoorFaults.BadParameter.With("cursor", cursor);
        }

        if (!Webhook.IsId(webhookId))
        {
            return DeliveryFaults.NoWebhook.With(webhookId);
        }

        var most = limit ?? 50;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!await connection.ExecuteScalarAsync<bool>(IsThere, new { SellerId = seller, WebhookId = webhookId }))
        {
            return DeliveryFaults.NoWebhook.With(webhookId);
        }

        var found = (
            await connection.QueryAsync<Row>(
                NewestFirst,
                new
                {
                    SellerId = seller,
                    WebhookId = webhookId,
                    Status = status,
                    BeforeAt = before?.At.UtcDateTime,
                    BeforeId = before?.Id,
                    Limit = most + 1,
                }
            )
        ).AsList();
        var shown = found.Take(most).ToList();
        return new WebhookDeliveryPage
        {
            Deliveries = [.. shown.Select(row => row.Shown())],
            NextCursor = found.Count > most ? Write(shown[^1]) : null,
        };
    }

    private static string Write(Row last) =>
        Base64Url.EncodeToString(
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.CreatedAt.UtcTicks}/{last.EventId.Value:N}"))
        );

    private static (DateTimeOffset, Guid)? Read(string cursor)
    {
        if (cursor.Length > 200 || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)).Split('/');
        return
            parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && Guid.TryParseExact(parts[1], "N", out var id)
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), id)
            : null;
    }

    private sealed record Row
    {
        public EventId EventId { get; init; }
        public string Name { get; init; } = "";
        public string Status { get; init; } = "";
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? DueAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public int Redeliveries { get; init; }
        public string History { get; init; } = "[]";

        public WebhookDelivery Shown() =>
            new()
            {
                DeliveryId = EventId,
                Event = Name,
                Status = Status,
                CreatedAt = CreatedAt,
                NextAttemptAt = DueAt,
                EndedAt = EndedAt,
                Redeliveries = Redeliveries,
                Attempts = JsonSerializer.Deserialize<IReadOnlyList<WebhookAttempt>>(History, Wire.Tolerant)!,
            };
    }
}
