using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>
/// What is due is taken by one sender, the most urgent first, of mails no more than their hosts take a minute; what a dead sender was
/// handing over is found as a possible duplicate.
/// </summary>
public sealed class TakeTransmissions(
    [FromKeyedServices(Postgres.Point)] NpgsqlDataSource point,
    DeliveryOptions options,
    TimeProvider clock
)
{
    // A host that rests or has had its mails of this minute is passed over.
    private const string HostTakesMore = """
        not exists (
            select from mail_host h
            where h.host = t.host and (h.rest_until > @Now or (@PerMinute > 0 and h.minute = @Minute and h.taken >= @PerMinute))
        )
        """;

    private const string IsAnythingDue = $"""
        select exists (
            select from transmission t
            where t.status = 'queued' and (t.channel = 'email') = @Mails and t.due_at <= @Now
                and (t.handed_over_at is null or @GraceIsOver) and {HostTakesMore}
        )
        """;

    // Whoever takes mails under a limit sees what all others have taken.
    private const string WaitForMyTurn = "select pg_advisory_xact_lock(72661)";

    // Of a gateway's messages no seller takes all the places.
    private const string TakeDue = $"""
        with due as (
            select t.seller_id, t.transmission_id, t.host, t.urgency, t.due_at, t.handed_over_at is not null as lost
            from transmission t
            where t.status = 'queued' and (t.channel = 'email') = @Mails and t.due_at <= @Now
                and (t.handed_over_at is null or @GraceIsOver) and not t.seller_id = any(@Busy) and {HostTakesMore}
            order by t.urgency, t.due_at limit @Most
            for update of t skip locked
        ), ranked as (
            select d.*, row_number() over (partition by case when @Mails then d.host else d.seller_id end order by d.urgency, d.due_at) as place
            from due d
        ), next as (
            select r.* from ranked r left join mail_host h on h.host = r.host and h.minute = @Minute
            where (@Mails and (@PerMinute = 0 or r.place + coalesce(h.taken, 0) <= @PerMinute))
                or (not @Mails and r.place <= @PerSeller)
        ), counted as (
            insert into mail_host as h (host, minute, taken)
            select host, @Minute, count(*) from next where @Mails and @PerMinute > 0 group by host order by host
            on conflict (host) do update
            set taken = case when h.minute = excluded.minute then h.taken + excluded.taken else excluded.taken end, minute = excluded.minute
        ), closed as (
            update attempt a set ended_at = @Now, outcome = 'unknown', detail = 'its sender ended before it recorded the outcome'
            from next n
            where n.lost and a.seller_id = n.seller_id and a.transmission_id = n.transmission_id and a.ended_at is null
        )
        update transmission t
        set hold = @Hold, due_at = @Until, handed_over_at = null, possible_duplicate = possible_duplicate or n.lost
        from next n
        left join transmission_content c on c.seller_id = n.seller_id and c.transmission_id = n.transmission_id
        where t.seller_id = n.seller_id and t.transmission_id = n.transmission_id
        returning t.seller_id, t.transmission_id, t.invoice_id, t.purpose, t.channel, t.recipient, t.urgency, t.put_off, t.trace_parent,
            t.created_at, t.hold, c.body, n.lost as found_handed_over,
            case when t.attempts > 0 then (
                select count(*) from attempt a
                where a.seller_id = t.seller_id and a.transmission_id = t.transmission_id
                    and (a.outcome = 'unknown' or a.ended_at is null)
            ) else 0 end as unknown,
            (
                select u.reason from unreachable_address u
                where u.seller_id = t.seller_id and u.channel = t.channel and u.address = lower(t.recipient)
            ) as unreachable
        """;

    /// <summary>Whether there is anything to do for mails, or for gateways.</summary>
    public async Task<bool> IsAnythingDueAsync(bool mails, bool graceIsOver, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await point.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(
            IsAnythingDue,
            new
            {
                Mails = mails,
                PerMinute = options.HostsPerMinute,
                Minute = MinuteOf(now),
                Now = now,
                GraceIsOver = graceIsOver,
            }
        );
    }

    /// <summary>How many of a seller's short messages are handed to its gateway at the same time: one that hangs holds up no other's.</summary>
    public int MostOfASeller { get; } = Math.Max(1, options.GatewaysAtOnce / 4);

    /// <summary>Takes the most urgent due mails, at most so many, of those that nobody else takes.</summary>
    public Task<IReadOnlyList<HeldMessage>> TakeMailsAsync(int most, bool graceIsOver, CancellationToken cancellationToken) =>
        TakeAsync(mails: true, most, [], graceIsOver, cancellationToken);

    /// <summary>Takes the most urgent due messages for gateways, none of the sellers that are busy.</summary>
    public Task<IReadOnlyList<HeldMessage>> TakeShortAsync(
        int most,
        IReadOnlyCollection<SellerId> busy,
        bool graceIsOver,
        CancellationToken cancellationToken
    ) => TakeAsync(mails: false, most, [.. busy.Select(seller => seller.Value)], graceIsOver, cancellationToken);

    private async Task<IReadOnlyList<HeldMessage>> TakeAsync(
        bool mails,
        int most,
        string[] busy,
        bool graceIsOver,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        await using var connection = await point.OpenConnectionAsync(cancellationToken);
        await using var transaction =
            mails && options.HostsPerMinute > 0 ? await connection.BeginTransactionAsync(cancellationToken) : null;
        if (transaction is not null)
        {
            await connection.ExecuteAsync(WaitForMyTurn, transaction: transaction);
        }

        var taken = await connection.QueryAsync<HeldMessage>(
            TakeDue,
            new
            {
                Mails = mails,
                Most = most,
                PerMinute = options.HostsPerMinute,
                PerSeller = MostOfASeller,
                Busy = busy,
                Minute = MinuteOf(now),
                Now = now,
                // Mails in hand are held longer while they are written; one for a gateway is not.
                Until = now + (mails ? options.HoldToWrite : options.Hold),
                GraceIsOver = graceIsOver,
                Hold = Guid.CreateVersion7(),
            },
            transaction
        );
        if (transaction is not null)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return [.. taken.OrderBy(held => held.Urgency).ThenBy(held => held.CreatedAt)];
    }

    private static DateTimeOffset MinuteOf(DateTimeOffset now) => new(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
}
