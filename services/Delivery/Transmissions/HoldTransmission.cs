using Dapper;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Delivery;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.Delivery.Reports;
using RetailInvoicing.ServiceDefaults;
using EventId = RetailInvoicing.Contracts.EventId;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>
/// One sender at a time holds a transmission, and only its holder may hand it over and record how that ended; so of several instances
/// exactly one sends, and what a dead one was handing over is known as a possible duplicate.
/// </summary>
public sealed class HoldTransmission(
    NpgsqlDataSource database,
    [FromKeyedServices(Postgres.Point)] NpgsqlDataSource point,
    Outbox outbox,
    RerouteInvoices reroute,
    ApplyReports reports,
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

    private const string Renew = """
        update transmission set due_at = @until
        where (seller_id, transmission_id) in (select * from unnest(@sellers, @ids)) and hold = any(@holds)
            and status = 'queued' and due_at > @now
        """;

    private const string Release = """
        update transmission set hold = null, due_at = @now
        where (seller_id, transmission_id) in (select * from unnest(@sellers, @ids)) and hold = any(@holds)
            and status = 'queued' and handed_over_at is null
        """;

    // Asked again after an answer that was lost, it finds what it began. A host that has come to rest meanwhile gets it later.
    private const string Begin = """
        with held as (
            update transmission
            set handed_over_at = @now, due_at = @until, attempts = attempts + case when handed_over_at is null then 1 else 0 end
            where seller_id = @seller and transmission_id = @id and hold = @hold and status = 'queued' and due_at > @now
                and (
                    handed_over_at is not null
                    or not exists (select from mail_host h where h.host = transmission.host and h.rest_until > @now)
                )
            returning seller_id, transmission_id, attempts
        ), begun as (
            insert into attempt (seller_id, transmission_id, number, started_at)
            select seller_id, transmission_id, attempts, @now from held
            on conflict do nothing
        )
        select attempts from held
        """;

    // What a report said of it before its acceptance was recorded counts from now on.
    private const string End = """
        with ended as (
            update transmission
            set status = @status, ended_at = @now, handed_over_at = null, last_error = @detail
            where seller_id = @seller and transmission_id = @id and hold = @hold and status = 'queued'
            returning seller_id, transmission_id, host
        ), closed as (
            update attempt a set ended_at = @now, outcome = @outcome, detail = @detail from ended
            where a.seller_id = @seller and a.transmission_id = @id and a.number = @number and a.ended_at is null
        ), forgotten as (
            delete from transmission_content c using ended
            where c.seller_id = @seller and c.transmission_id = @id
        ), calmed as (
            update mail_host h set failures = 0, rest_until = null from ended
            where h.host = ended.host and h.failures > 0 and @outcome = 'accepted'
        )
        select count(*)::int from ended
        """;

    private const string EndedByMe = """
        select (status = 'failed') = (@status = 'failed') from transmission
        where seller_id = @seller and transmission_id = @id and hold = @hold and status <> 'queued'
        """;

    private const string SuspectDuplicate = """
        update transmission set possible_duplicate = true where seller_id = @seller and transmission_id = @id
        """;

    private const string LetGo = """
        with gone as (
            update transmission
            set hold = null, handed_over_at = null, due_at = @due, put_off = put_off + 1, last_error = @detail,
                possible_duplicate = possible_duplicate or @outcome = 'unknown'
            where seller_id = @seller and transmission_id = @id and hold = @hold and status = 'queued'
            returning 1
        )
        update attempt set ended_at = @now, outcome = @outcome, detail = @detail
        where exists (select from gone) and seller_id = @seller and transmission_id = @id and number = @number and ended_at is null
        """;

    // The hosts' rests double; what waits for one waits until its end.
    private const string CountFailure = """
        insert into mail_host as h (host, failures)
        select host, 1 from transmission where seller_id = @seller and transmission_id = @id
        on conflict (host) do update set failures = h.failures + 1
        returning h.host, h.failures
        """;

    private const string Rest = """
        with rests as (
            update mail_host set rest_until = @until where host = @host
        )
        update transmission set due_at = @until where status = 'queued' and host = @host and hold is null and due_at < @until
        """;

    /// <summary>Whether there is anything to do for mails, or for gateways.</summary>
    public async Task<bool> IsAnythingDueAsync(bool mails, bool graceIsOver, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
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
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
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

    /// <summary>Holds them longer, those whose hold has not run out.</summary>
    public Task RenewAsync(IReadOnlyCollection<HeldMessage> held, CancellationToken cancellationToken) =>
        OfAllAsync(Renew, held, cancellationToken);

    /// <summary>Lets go what was not begun: it is due at once, for anyone.</summary>
    public Task ReleaseAsync(IReadOnlyCollection<HeldMessage> held, CancellationToken cancellationToken) =>
        OfAllAsync(Release, held, cancellationToken);

    /// <summary>
    /// In one transaction: records how a hand-over ended, and that the next one begins. May be asked again where the answer was lost.
    /// </summary>
    public async Task<Step> StepAsync(Ending? ending, HeldMessage? next, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await point.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (ending is not null)
        {
            batch.BatchCommands.Add(EndOf(ending, now));
            // After the end, in a statement of its own: the end may have waited for whoever recorded a report.
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(ApplyReports.IsReported)
                {
                    Parameters = { new("seller", ending.Held.SellerId.Value), new("id", ending.Held.TransmissionId.Value) },
                }
            );
        }

        if (next is not null)
        {
            batch.BatchCommands.Add(BeginOf(next, now));
        }

        var (ended, reported, attempt) = (false, false, (int?)null);
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            if (ending is not null)
            {
                await reader.ReadAsync(cancellationToken);
                ended = reader.GetInt32(0) > 0;
                await reader.NextResultAsync(cancellationToken);
                await reader.ReadAsync(cancellationToken);
                reported = reader.GetBoolean(0);
                await reader.NextResultAsync(cancellationToken);
            }

            if (next is not null && await reader.ReadAsync(cancellationToken))
            {
                attempt = reader.GetInt32(0);
            }
        }

        if (ending is null || !ended)
        {
            var isMine = ending is null || await WasEndedByMeAsync(transaction, ending, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new Step(isMine, attempt);
        }

        await TellAsync(transaction, ending, ending.IsAccepted && reported, now, cancellationToken);
        return new Step(true, attempt);
    }

    /// <summary>What an end leads to, and the commit: the event, the next channel of what was given up, a report that came before.</summary>
    private async Task TellAsync(
        NpgsqlTransaction transaction,
        Ending ending,
        bool isReported,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (!ending.IsAccepted)
        {
            await reroute.QueueAsync(transaction, [new(ending.Held.SellerId, ending.Held.TransmissionId)], cancellationToken);
        }

        ToldEvent[] told = Told(ending, now) is { } fact ? [new ToldEvent(fact, ending.Held.TraceParent)] : [];
        if (isReported)
        {
            await outbox.AppendAsync(transaction, told, cancellationToken);
            await reports.RunAsync(transaction, ending.Held.SellerId, ending.Held.TransmissionId, cancellationToken);
            await outbox.CommitAsync(transaction, cancellationToken);
            return;
        }

        await using var last = new NpgsqlBatch(transaction.Connection, transaction);
        outbox.Add(last, told);
        await outbox.CommitAsync(last, cancellationToken);
    }

    /// <summary>Lets it go until later; a mail host that puts off again and again gets a rest.</summary>
    public async Task LetGoAsync(HeldMessage held, int? attempt, HandOver end, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var cap = attempt is null ? options.RetryCap : options.PutOffCap;
        var due = now + Backoff.After(held.PutOff + 1, options.RetryBase, cap, Random.Shared.NextDouble());
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            LetGo,
            new
            {
                seller = held.SellerId.Value,
                id = held.TransmissionId.Value,
                hold = held.Hold,
                now,
                due,
                detail = end.Detail,
                outcome = end.End == HandOverEnd.Unknown ? "unknown" : "deferred",
                number = attempt ?? 0,
            },
            transaction
        );
        if (attempt is not null && end.IsOfHost && held.Channel == ChannelNames.Email)
        {
            var (host, failures) = await connection.QuerySingleAsync<(string, int)>(
                CountFailure,
                new { seller = held.SellerId.Value, id = held.TransmissionId.Value },
                transaction
            );
            if (failures >= options.HostFailures)
            {
                var rest = Backoff.After(
                    failures - options.HostFailures + 1,
                    options.HostRestBase,
                    options.HostRestCap,
                    Random.Shared.NextDouble()
                );
                await connection.ExecuteAsync(Rest, new { host, until = now + rest }, transaction);
            }
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Whether this very hold recorded the same end before: the answer to it was lost. Another's end makes it a possible duplicate.</summary>
    private static async Task<bool> WasEndedByMeAsync(NpgsqlTransaction transaction, Ending ending, CancellationToken cancellationToken)
    {
        var facts = new
        {
            seller = ending.Held.SellerId.Value,
            id = ending.Held.TransmissionId.Value,
            hold = ending.Held.Hold,
            status = ending.Status,
        };
        var connection = transaction.Connection!;
        if (
            await connection.QuerySingleOrDefaultAsync<bool?>(
                new CommandDefinition(EndedByMe, facts, transaction, cancellationToken: cancellationToken)
            ) == true
        )
        {
            return true;
        }

        if (ending.Attempt is not null)
        {
            await connection.ExecuteAsync(
                new CommandDefinition(SuspectDuplicate, facts, transaction, cancellationToken: cancellationToken)
            );
        }

        return false;
    }

    private static NpgsqlBatchCommand EndOf(Ending ending, DateTimeOffset now) =>
        new(End)
        {
            Parameters =
            {
                new("seller", ending.Held.SellerId.Value),
                new("id", ending.Held.TransmissionId.Value),
                new("hold", ending.Held.Hold),
                new("now", now),
                new("status", ending.Status),
                new(
                    "outcome",
                    ending.IsAccepted ? "accepted"
                        : ending.HandOver.End == HandOverEnd.Unknown ? "unknown"
                        : "refused"
                ),
                new("detail", NpgsqlDbType.Text) { Value = (object?)ending.HandOver.Detail ?? DBNull.Value },
                new("number", ending.Attempt ?? 0),
            },
        };

    private NpgsqlBatchCommand BeginOf(HeldMessage next, DateTimeOffset now) =>
        new(Begin)
        {
            Parameters =
            {
                new("seller", next.SellerId.Value),
                new("id", next.TransmissionId.Value),
                new("hold", next.Hold),
                new("now", now),
                new("until", now + options.Hold),
            },
        };

    private static DateTimeOffset MinuteOf(DateTimeOffset now) => new(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);

    private async Task OfAllAsync(string what, IReadOnlyCollection<HeldMessage> held, CancellationToken cancellationToken)
    {
        if (held.Count == 0)
        {
            return;
        }

        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                what,
                new
                {
                    sellers = held.Select(each => each.SellerId.Value).ToArray(),
                    ids = held.Select(each => each.TransmissionId.Value).ToArray(),
                    holds = held.Select(each => each.Hold).Distinct().ToArray(),
                    now,
                    until = now + options.HoldToWrite,
                },
                cancellationToken: cancellationToken
            )
        );
    }

    private static IEvent? Told(Ending ending, DateTimeOffset now) =>
        (ending.Held.Purpose, ending.IsAccepted, ending.Held.InvoiceId) switch
        {
            (Purpose.SignIn or Purpose.Notice, _, _) => null,
            (_, true, { } invoice) => new InvoiceTransmitted
            {
                EventId = ending.EventId,
                SellerId = ending.Held.SellerId,
                InvoiceId = invoice,
                TransmissionId = ending.Held.TransmissionId,
                Channel = ending.Held.Channel,
                Purpose = ending.Held.Purpose,
                Recipient = ending.Held.Recipient,
                TransmittedAt = now,
            },
            (_, true, null) => null,
            _ => new TransmissionFailed
            {
                EventId = ending.EventId,
                SellerId = ending.Held.SellerId,
                InvoiceId = ending.Held.InvoiceId,
                TransmissionId = ending.Held.TransmissionId,
                Channel = ending.Held.Channel,
                Purpose = ending.Held.Purpose,
                Recipient = ending.Held.Recipient,
                Reason = ending.HandOver.Detail ?? "",
                FailedAt = now,
            },
        };
}

/// <summary>What a step recorded: whether the ended one was still its sender's, and the begun one's attempt, none where its hold had run out.</summary>
public readonly record struct Step(bool IsMine, int? Attempt);

/// <summary>A hand-over that is over for good, accepted or given up, and the event that will say so, the same each time it is recorded.</summary>
public sealed record Ending(HeldMessage Held, int? Attempt, HandOver HandOver, EventId EventId)
{
    /// <summary>Whether the channel has it.</summary>
    public bool IsAccepted => HandOver.End == HandOverEnd.Accepted;

    /// <summary>sent or failed.</summary>
    public string Status => IsAccepted ? "sent" : "failed";
}
