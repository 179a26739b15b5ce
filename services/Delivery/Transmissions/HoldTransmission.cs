using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Delivery;
using RetailInvoicing.Delivery.Channels;
using RetailInvoicing.ServiceDefaults;
using EventId = RetailInvoicing.Contracts.EventId;

namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>
/// One sender at a time holds a transmission, and only its holder may hand it over and record how that ended; so of several instances
/// exactly one sends, and what a dead one was handing over is known as a possible duplicate.
/// </summary>
public sealed class HoldTransmission(NpgsqlDataSource database, Outbox outbox, DeliveryOptions options, TimeProvider clock)
{
    private const string IsAnythingDue = """
        select exists (
            select from transmission where status = 'queued' and due_at <= @Now and (handed_over_at is null or @GraceIsOver)
        )
        """;

    private const string TakeNext = """
        with next as (
            select seller_id, transmission_id, handed_over_at is not null as lost from transmission
            where status = 'queued' and due_at <= @Now and (handed_over_at is null or @GraceIsOver)
            order by urgency, due_at limit 1
            for update skip locked
        ), closed as (
            update attempt a set ended_at = @Now, outcome = 'unknown', detail = 'its sender ended before it recorded the outcome'
            from next n
            where n.lost and a.seller_id = n.seller_id and a.transmission_id = n.transmission_id and a.ended_at is null
        )
        update transmission t
        set hold = @Hold, due_at = @Until, handed_over_at = null, possible_duplicate = possible_duplicate or n.lost
        from next n left join transmission_content c on c.seller_id = n.seller_id and c.transmission_id = n.transmission_id
        where t.seller_id = n.seller_id and t.transmission_id = n.transmission_id
        returning t.seller_id, t.transmission_id, t.invoice_id, t.purpose, t.recipient, t.put_off, t.trace_parent, t.created_at, t.hold,
            c.body, n.lost as found_handed_over
        """;

    private const string BeginHandOver = """
        with held as (
            update transmission set handed_over_at = @Now, due_at = @Until, attempts = attempts + 1
            where seller_id = @SellerId and transmission_id = @TransmissionId and hold = @Hold and status = 'queued' and due_at > @Now
            returning seller_id, transmission_id, attempts
        )
        insert into attempt (seller_id, transmission_id, number, started_at)
        select seller_id, transmission_id, attempts, @Now from held
        returning number
        """;

    private const string End = """
        update transmission
        set status = @Status, ended_at = @Now, handed_over_at = null, last_error = @Detail
        where seller_id = @SellerId and transmission_id = @TransmissionId and hold = @Hold and status = 'queued'
        """;

    private const string EndAttempt = """
        update attempt set ended_at = @Now, outcome = @Outcome, detail = @Detail
        where seller_id = @SellerId and transmission_id = @TransmissionId and number = @Number and ended_at is null
        """;

    private const string Forget = """
        delete from transmission_content where seller_id = @SellerId and transmission_id = @TransmissionId
        """;

    private const string EndedByMe = """
        select status = @Status from transmission
        where seller_id = @SellerId and transmission_id = @TransmissionId and hold = @Hold
        """;

    private const string SuspectDuplicate = """
        update transmission set possible_duplicate = true where seller_id = @SellerId and transmission_id = @TransmissionId
        """;

    private const string LetGo = """
        update transmission
        set hold = null, handed_over_at = null, due_at = @DueAt, put_off = put_off + 1, last_error = @Detail,
            possible_duplicate = possible_duplicate or @Unknown
        where seller_id = @SellerId and transmission_id = @TransmissionId and hold = @Hold and status = 'queued'
        """;

    /// <summary>Whether there is anything to do.</summary>
    public async Task<bool> IsAnythingDueAsync(bool graceIsOver, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(IsAnythingDue, new { Now = clock.GetUtcNow(), GraceIsOver = graceIsOver });
    }

    /// <summary>Takes the most urgent due transmission, if there is one that nobody else takes.</summary>
    public async Task<HeldMessage?> TakeAsync(bool graceIsOver, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<HeldMessage>(
            TakeNext,
            new
            {
                Now = now,
                Until = now + options.Hold,
                GraceIsOver = graceIsOver,
                Hold = Guid.CreateVersion7(),
            }
        );
    }

    /// <summary>Records that the channel is about to get it; the attempt's number, or nothing where the hold has run out.</summary>
    public async Task<int?> BeginAsync(HeldMessage held, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<int?>(
            BeginHandOver,
            new
            {
                held.SellerId,
                held.TransmissionId,
                held.Hold,
                Now = now,
                Until = now + options.Hold,
            }
        );
    }

    /// <summary>
    /// Records that it is sent or given up, with the event, in one transaction; may be asked again where the answer was lost. False where
    /// another sender holds it meanwhile.
    /// </summary>
    public async Task<bool> EndAsync(HeldMessage held, int? attempt, HandOver end, EventId eventId, CancellationToken cancellationToken)
    {
        var sent = end.End == HandOverEnd.Accepted;
        var facts = new
        {
            held.SellerId,
            held.TransmissionId,
            held.Hold,
            Status = sent ? "sent" : "failed",
            Now = clock.GetUtcNow(),
            end.Detail,
            Outcome = sent ? "accepted" : "refused",
            Number = attempt ?? 0,
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.ExecuteAsync(End, facts, transaction) == 0)
        {
            if (await connection.QuerySingleOrDefaultAsync<bool?>(EndedByMe, facts, transaction) == true)
            {
                return true;
            }

            await connection.ExecuteAsync(SuspectDuplicate, facts, transaction);
            await transaction.CommitAsync(cancellationToken);
            return false;
        }

        await connection.ExecuteAsync(EndAttempt, facts, transaction);
        await connection.ExecuteAsync(Forget, facts, transaction);
        if (Told(held, end, eventId, facts.Now) is { } told)
        {
            await outbox.AppendAsync(transaction, told, cancellationToken);
        }

        await outbox.CommitAsync(transaction, cancellationToken);
        return true;
    }

    /// <summary>Lets it go until later.</summary>
    public async Task LetGoAsync(HeldMessage held, int? attempt, HandOver end, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var facts = new
        {
            held.SellerId,
            held.TransmissionId,
            held.Hold,
            Now = now,
            DueAt = now + Backoff.After(held.PutOff + 1, options.RetryBase, options.RetryCap, Random.Shared.NextDouble()),
            end.Detail,
            Unknown = end.End == HandOverEnd.Unknown,
            Outcome = end.End == HandOverEnd.Unknown ? "unknown" : "deferred",
            Number = attempt ?? 0,
        };
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.ExecuteAsync(LetGo, facts, transaction) > 0)
        {
            await connection.ExecuteAsync(EndAttempt, facts, transaction);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private static IEvent? Told(HeldMessage held, HandOver end, EventId eventId, DateTimeOffset now) =>
        (held.Purpose, end.End, held.InvoiceId) switch
        {
            (Purpose.SignIn, _, _) => null,
            (_, HandOverEnd.Accepted, { } invoice) => new InvoiceTransmitted
            {
                EventId = eventId,
                SellerId = held.SellerId,
                InvoiceId = invoice,
                TransmissionId = held.TransmissionId,
                Channel = "email",
                Purpose = held.Purpose,
                Recipient = held.Recipient,
                TransmittedAt = now,
            },
            (_, HandOverEnd.Accepted, null) => null,
            _ => new TransmissionFailed
            {
                EventId = eventId,
                SellerId = held.SellerId,
                InvoiceId = held.InvoiceId,
                TransmissionId = held.TransmissionId,
                Channel = "email",
                Purpose = held.Purpose,
                Recipient = held.Recipient,
                Reason = end.Detail ?? "",
                FailedAt = now,
            },
        };
}
