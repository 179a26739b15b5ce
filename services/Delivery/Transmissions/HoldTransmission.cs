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

    private const string Ended = """
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
        """;
    private const string End = $"{Ended} select count(*)::int from ended";

    // These fail where it is not its sender's any more, or where a report came before its acceptance was recorded.
    private const string EndOrFail = $"{Ended} select 1 / count(*) from ended";
    private const string UnreportedOrFail = $"select 1 / (case when ({ApplyReports.IsReported}) then 0 else 1 end)";

    private const string EndedByMe = """
        select (status = 'failed') = (@status = 'failed') from transmission
        where seller_id = @seller and transmission_id = @id and hold = @hold and status <> 'queued'
        """;

    private const string SuspectDuplicate = """
        update transmission set possible_duplicate = true where seller_id = @seller and transmission_id = @id
        """;

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
        if (ending is { IsAccepted: true })
        {
            try
            {
                return await StepAtOnceAsync(ending, next, cancellationToken);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DivisionByZero)
            {
                // Nothing of it stands: it is one of the rare ones.
            }
        }

        var now = clock.GetUtcNow();
        await using var connection = await point.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (ending is not null)
        {
            batch.BatchCommands.Add(EndOf(End, ending, now));
            batch.BatchCommands.Add(ReportOf(ApplyReports.IsReported, ending));
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

    /// <summary>As nearly every step is: an acceptance of which nothing was reported yet, in one round trip with its event and the commit.</summary>
    private async Task<Step> StepAtOnceAsync(Ending ending, HeldMessage? next, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await point.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(EndOf(EndOrFail, ending, now));
        batch.BatchCommands.Add(ReportOf(UnreportedOrFail, ending));
        if (next is not null)
        {
            batch.BatchCommands.Add(BeginOf(next, now));
        }

        outbox.Add(batch, Told(ending, now) is { } fact ? [new ToldEvent(fact, ending.Held.TraceParent)] : []);
        var attempt = await outbox.CommitAsync(
            batch,
            async reader =>
            {
                await reader.NextResultAsync(cancellationToken);
                await reader.NextResultAsync(cancellationToken);
                return next is not null && await reader.ReadAsync(cancellationToken) ? reader.GetInt32(0) : (int?)null;
            },
            cancellationToken
        );
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

    // After the end, in a statement of its own: the end may have waited for whoever recorded a report.
    private static NpgsqlBatchCommand ReportOf(string question, Ending ending) =>
        new(question) { Parameters = { new("seller", ending.Held.SellerId.Value), new("id", ending.Held.TransmissionId.Value) } };

    private static NpgsqlBatchCommand EndOf(string end, Ending ending, DateTimeOffset now) =>
        new(end)
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
