using System.Text.Json;
using Dapper;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using EventId = RetailInvoicing.Contracts.EventId;

namespace RetailInvoicing.Delivery.Webhooks;

/// <summary>A delivery that a sender holds, with all that the call needs.</summary>
public sealed record HeldDelivery
{
    public SellerId SellerId { get; init; }
    public string WebhookId { get; init; } = "";
    public EventId EventId { get; init; }
    public string Name { get; init; } = "";
    public byte[] Body { get; init; } = [];
    public string? TraceParent { get; init; }
    public string Url { get; init; } = "";
    public byte[] Secret { get; init; } = [];
    public byte[]? OldSecret { get; init; }

    /// <summary>Attempts, this one among them.</summary>
    public int Attempts { get; init; }
    public DateTimeOffset FirstAttemptAt { get; init; }
    public Guid Hold { get; init; }
}

/// <summary>
/// One sender at a time holds a delivery, few of an endpoint's are held at once, and those of an endpoint that fails or rests are no
/// hindrance to any other. A sender that died leaves its deliveries when their hold ends: a webhook is told at least once.
/// </summary>
public sealed class HoldDeliveries(NpgsqlDataSource database, WebhookOptions options, TimeProvider clock)
{
    // From webhook to webhook by the index, so that ten thousand deliveries of one are one step. Those that fare well come first; those
    // that have all the calls they may have stand in nobody's way.
    private const string LockReady = """
        with recursive waiting as (
            (
                select seller_id, webhook_id from webhook_delivery
                where status = 'pending' order by seller_id, webhook_id limit 1
            )
            union all
            select next.seller_id, next.webhook_id from waiting
            cross join lateral (
                select d.seller_id, d.webhook_id from webhook_delivery d
                where d.status = 'pending' and (d.seller_id, d.webhook_id) > (waiting.seller_id, waiting.webhook_id)
                order by d.seller_id, d.webhook_id limit 1
            ) next
        )
        select w.seller_id, w.webhook_id, may.room
        from waiting join webhook w using (seller_id, webhook_id)
        cross join lateral (select case when w.failures >= @Ill or w.is_slow then 1 else @PerEndpoint end as room) may
        where w.is_enabled and (w.paused_until is null or w.paused_until <= @Now)
            and exists (
                select from webhook_delivery d
                where d.seller_id = w.seller_id and d.webhook_id = w.webhook_id and d.status = 'pending' and d.due_at <= @Now
            )
            and may.room > (
                select count(*) from webhook_delivery h
                where h.seller_id = w.seller_id and h.webhook_id = w.webhook_id and h.hold is not null and h.due_at > @Now
            )
        order by w.failures, random() limit @Most
        for no key update of w skip locked
        """;

    // A second statement: it sees what whoever had the lock before has taken.
    private const string Take = """
        with ready as (
            select * from unnest(@sellers, @webhooks, @rooms) as r (seller_id, webhook_id, room)
        ), next as (
            select d.seller_id, d.event_id, d.webhook_id from ready r
            cross join lateral (
                select d.seller_id, d.event_id, d.webhook_id from webhook_delivery d
                where d.seller_id = r.seller_id and d.webhook_id = r.webhook_id and d.status = 'pending' and d.due_at <= @now
                order by d.due_at
                limit greatest(
                    0,
                    r.room - (
                        select count(*) from webhook_delivery h
                        where h.seller_id = r.seller_id and h.webhook_id = r.webhook_id and h.hold is not null and h.due_at > @now
                    )
                )
            ) d
            limit @most
        )
        update webhook_delivery d
        set hold = @hold, due_at = @until, attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, @now)
        from next n
        join webhook_event e on e.seller_id = n.seller_id and e.event_id = n.event_id
        join webhook w on w.seller_id = n.seller_id and w.webhook_id = n.webhook_id
        where d.seller_id = n.seller_id and d.event_id = n.event_id and d.webhook_id = n.webhook_id
            and d.status = 'pending' and d.due_at <= @now
        returning d.seller_id, d.webhook_id, d.event_id, d.name, e.body, e.trace_parent, w.url, w.secret,
            case when w.old_secret_until > @now then w.old_secret end as old_secret, d.attempts, d.first_attempt_at, d.hold
        """;

    private const string Remember = """
        history = (case when jsonb_array_length(history) >= 30 then history - 0 else history end) || @Attempt::jsonb
        """;

    private const string IsMine = """
        seller_id = @SellerId and event_id = @EventId and webhook_id = @WebhookId and hold = @Hold and status = 'pending'
        """;

    private const string Delivered = $"""
        update webhook
        set failures = 0, failing_since = null, paused_until = null, last_error = null, is_slow = @IsSlow
        where seller_id = @SellerId and webhook_id = @WebhookId and is_enabled and (failures > 0 or is_slow <> @IsSlow);
        update webhook_delivery set status = 'delivered', ended_at = @Now, hold = null, {Remember} where {IsMine}
        """;

    private const string LockHealth = """
        select url, failures, failing_since, paused_until from webhook
        where seller_id = @SellerId and webhook_id = @WebhookId for no key update
        """;

    private const string Failed = $"""
        update webhook_delivery
        set status = case when @DueAt::timestamptz is null then 'failed' else 'pending' end,
            ended_at = case when @DueAt::timestamptz is null then @Now::timestamptz end,
            due_at = coalesce(@DueAt::timestamptz, due_at), hold = null, {Remember}
        where {IsMine}
        """;

    private const string KeepHealth = """
        update webhook set failures = @Failures, failing_since = @FailingSince, paused_until = @PausedUntil, last_error = @Error
        where seller_id = @SellerId and webhook_id = @WebhookId
        """;

    private const string Disable = """
        update webhook set is_enabled = false, disabled_at = @Now, disabled_reason = @Disabled, notice_due = true
        where seller_id = @SellerId and webhook_id = @WebhookId and is_enabled;
        update webhook_delivery set status = 'failed', ended_at = @Now, hold = null
        where seller_id = @SellerId and webhook_id = @WebhookId and status = 'pending'
        """;

    private const string LetGo = $"""
        update webhook_delivery
        set hold = null, due_at = @Now, attempts = attempts - 1, first_attempt_at = case when attempts > 1 then first_attempt_at end
        where {IsMine}
        """;

    /// <summary>Takes what is due, so many at most.</summary>
    public async Task<IReadOnlyList<HeldDelivery>> TakeAsync(int most, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ready = (
            await connection.QueryAsync<Ready>(
                LockReady,
                new
                {
                    Now = now,
                    Most = most,
                    options.PerEndpoint,
                    WebhookHealth.Ill,
                },
                transaction
            )
        ).AsList();
        if (ready.Count == 0)
        {
            return [];
        }

        await using var take = new NpgsqlCommand(Take, connection, transaction)
        {
            Parameters =
            {
                new NpgsqlParameter("sellers", NpgsqlDbType.Array | NpgsqlDbType.Text)
                {
                    Value = ready.Select(each => each.SellerId.Value).ToArray(),
                },
                new NpgsqlParameter("webhooks", NpgsqlDbType.Array | NpgsqlDbType.Text)
                {
                    Value = ready.Select(each => each.WebhookId).ToArray(),
                },
                new NpgsqlParameter("rooms", NpgsqlDbType.Array | NpgsqlDbType.Integer)
                {
                    Value = ready.Select(each => each.Room).ToArray(),
                },
                new NpgsqlParameter("now", NpgsqlDbType.TimestampTz) { Value = now.UtcDateTime },
                new NpgsqlParameter("until", NpgsqlDbType.TimestampTz) { Value = (now + options.Hold).UtcDateTime },
                new NpgsqlParameter("hold", NpgsqlDbType.Uuid) { Value = Guid.CreateVersion7() },
                new NpgsqlParameter("most", NpgsqlDbType.Integer) { Value = most },
            },
        };
        var held = new List<HeldDelivery>();
        await using (var reader = await take.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                held.Add(
                    new HeldDelivery
                    {
                        SellerId = SellerId.Of(reader.GetString(0)),
                        WebhookId = reader.GetString(1),
                        EventId = EventId.Of(reader.GetGuid(2)),
                        Name = reader.GetString(3),
                        Body = await reader.GetFieldValueAsync<byte[]>(4, cancellationToken),
                        TraceParent = await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetString(5),
                        Url = reader.GetString(6),
                        Secret = await reader.GetFieldValueAsync<byte[]>(7, cancellationToken),
                        OldSecret = await reader.IsDBNullAsync(8, cancellationToken)
                            ? null
                            : await reader.GetFieldValueAsync<byte[]>(8, cancellationToken),
                        Attempts = reader.GetInt32(9),
                        FirstAttemptAt = await reader.GetFieldValueAsync<DateTimeOffset>(10, cancellationToken),
                        Hold = reader.GetGuid(11),
                    }
                );
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return held;
    }

    /// <summary>Records that the server took it.</summary>
    public async Task DeliveredAsync(HeldDelivery held, WebhookAttempt attempt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            Delivered,
            new
            {
                held.SellerId,
                held.EventId,
                held.WebhookId,
                held.Hold,
                Now = clock.GetUtcNow(),
                IsSlow = attempt.Milliseconds >= options.SlowFrom.TotalMilliseconds,
                Attempt = JsonSerializer.Serialize(attempt, Wire.Tolerant),
            },
            transaction
        );
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Records that the server did not take it, and what follows: when it is tried again, or that it is given up; that the endpoint rests,
    /// or is disabled and what waits for it given up.
    /// </summary>
    public async Task<WebhookHealth?> FailedAsync(
        HeldDelivery held,
        WebhookAttempt attempt,
        TimeSpan? retryAfter,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The endpoint first, as whoever takes does.
        var of = new { held.SellerId, held.WebhookId };
        if (await connection.QuerySingleOrDefaultAsync<Health>(LockHealth, of, transaction) is not { } before)
        {
            return null;
        }

        // Whose address was changed during the call has no part in how the old one fared.
        var isMoved = before.Url != held.Url;
        var due =
            attempt.IsGone() && !isMoved
                ? null
                : WebhookHealth.NextAttempt(held.Attempts, held.FirstAttemptAt, now, Random.Shared.NextDouble(), retryAfter, options);
        var facts = new
        {
            held.SellerId,
            held.EventId,
            held.WebhookId,
            held.Hold,
            Now = now,
            DueAt = due?.UtcDateTime,
            Attempt = JsonSerializer.Serialize(attempt, Wire.Tolerant),
        };
        if (await connection.ExecuteAsync(Failed, facts, transaction) == 0)
        {
            // Another sender holds it meanwhile, or the webhook was disabled.
            return null;
        }

        if (isMoved)
        {
            await transaction.CommitAsync(cancellationToken);
            return null;
        }

        var after = new WebhookHealth
        {
            Failures = before.Failures,
            FailingSince = before.FailingSince,
            PausedUntil = before.PausedUntil,
        }.AfterFailure(held.Attempts == 1 ? held.FirstAttemptAt : attempt.At, now, attempt.IsGone(), retryAfter, options);
        await connection.ExecuteAsync(
            KeepHealth,
            new
            {
                held.SellerId,
                held.WebhookId,
                after.Failures,
                FailingSince = after.FailingSince?.UtcDateTime,
                PausedUntil = after.PausedUntil?.UtcDateTime,
                Error = attempt.Said(),
            },
            transaction
        );
        if (after.Disabled is { } why)
        {
            await connection.ExecuteAsync(
                Disable,
                new
                {
                    held.SellerId,
                    held.WebhookId,
                    Now = now,
                    Disabled = why,
                },
                transaction
            );
        }

        await transaction.CommitAsync(cancellationToken);
        return after;
    }

    /// <summary>Lets it go: the call was broken off by us, and is no attempt.</summary>
    public async Task LetGoAsync(HeldDelivery held, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            LetGo,
            new
            {
                held.SellerId,
                held.EventId,
                held.WebhookId,
                held.Hold,
                Now = clock.GetUtcNow(),
            }
        );
    }

    private sealed record Ready
    {
        public SellerId SellerId { get; init; }
        public string WebhookId { get; init; } = "";
        public int Room { get; init; }
    }

    private sealed record Health
    {
        public string Url { get; init; } = "";
        public int Failures { get; init; }
        public DateTimeOffset? FailingSince { get; init; }
        public DateTimeOffset? PausedUntil { get; init; }
    }
}
