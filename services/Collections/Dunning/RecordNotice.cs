using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Interest;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Contracts.Grpc.Delivery;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>What became of a notice that was taken in hand: it went, waits, goes another way or is over. Nothing is asked of anybody here.</summary>
public sealed partial class RecordNotice(TimeProvider clock, ILogger<RecordNotice> log)
{
    private const string Issue = """
        update notice set issued_at = @at, attempts = attempts + 1, waits_because = null, transmission_id = @transmission,
            template = coalesce(@template, template), tone = coalesce(@tone, tone)
        where notice_id = @NoticeId
        """;
    private const string Postpone = """
        update notice set next_attempt_at = @again, attempts = attempts + 1, waits_because = @because where notice_id = @NoticeId
        """;
    private const string GiveUp = """
        update notice set failed_at = @now, waits_because = @because where notice_id = @NoticeId
        """;

    // A run goes on while something is due: what is put off is due later than now.
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Records it in the transaction that holds the notice; what is told of it. Receivables whose customers are to be looked at again are
    /// added for the caller, who has all of a batch looked at with <see cref="LookAgain" /> before it commits.
    /// </summary>
    public async Task<IReadOnlyList<IEvent>> RunAsync(
        NpgsqlTransaction transaction,
        PlannedNotice notice,
        ComposedNotice made,
        DeliveryAnswer? sending,
        Wait? wait,
        List<(SellerId Seller, InvoiceId Invoice)> again,
        CancellationToken cancellationToken
    )
    {
        var (connection, now) = (transaction.Connection!, clock.GetUtcNow());
        await KeepSteps.ConcludeAsync(transaction, made.Draft.Over, now, cancellationToken);
        if (sending?.Queued is { } queued)
        {
            return await IssueAsync(transaction, notice, made, sending, queued, again, now, cancellationToken);
        }

        if (made.Draft.Over.Count > 0)
        {
            // A later step has taken an earlier one's place; where it cannot be in this notice it is looked at on its own.
            await KeepSteps.ConcludeAsync(transaction, Kept(notice, made.Draft.Lines), now, cancellationToken);
            again.AddRange(made.Draft.Over.Select(step => (step.SellerId, step.InvoiceId)));
        }

        if (sending?.NoWay is { } because)
        {
            await connection.ExecuteAsync(
                new CommandDefinition(
                    GiveUp,
                    new
                    {
                        notice.NoticeId,
                        because,
                        now,
                    },
                    transaction,
                    cancellationToken: cancellationToken
                )
            );
            var others = await KeepSteps.TakeAnotherWayAsync(
                transaction,
                notice.NoticeId,
                notice.Channel,
                StepReason.CameBack,
                now,
                cancellationToken
            );
            again.AddRange(others);
            return [];
        }

        if (wait is null)
        {
            // Everything that it was to say is over, or another policy says something else, or it was taken back.
            await connection.ExecuteAsync(
                new CommandDefinition(
                    GiveUp,
                    new
                    {
                        notice.NoticeId,
                        because = "over",
                        now,
                    },
                    transaction,
                    cancellationToken: cancellationToken
                )
            );
            var left = await KeepSteps.DetachAsync(transaction, notice.NoticeId, now, cancellationToken);
            again.AddRange(left);
            return [];
        }

        await connection.ExecuteAsync(
            new CommandDefinition(
                Postpone,
                new
                {
                    notice.NoticeId,
                    again = now + (wait.Pause > Least ? wait.Pause : Least),
                    because = wait.Because,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        return [];
    }

    private async Task<IReadOnlyList<IEvent>> IssueAsync(
        NpgsqlTransaction transaction,
        PlannedNotice notice,
        ComposedNotice made,
        DeliveryAnswer sending,
        Queued queued,
        List<(SellerId Seller, InvoiceId Invoice)> again,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var at = sending.QueuedAt ?? now;
        await KeepSteps.ConcludeAsync(transaction, Kept(notice, made.Draft.Lines), now, cancellationToken);
        (InvoiceId Invoice, string Step)[] carried =
            queued.Carried.Count > 0
                ?
                [
                    .. queued
                        .Carried.Where(each => Guid.TryParse(each.InvoiceId, out _))
                        .Select(each => (InvoiceId.Of(Guid.Parse(each.InvoiceId)), each.Step)),
                ]
                : [.. made.Lines.Select(line => (line.Line.Item.InvoiceId, line.Line.Step.Step))];
        var steps = await KeepSteps.MarkSentAsync(transaction, notice.SellerId, notice.NoticeId, carried, at, cancellationToken);
        var words = made.Draft.Lines.Count > 0 ? made.Draft.Words : null;
        await transaction.Connection!.ExecuteAsync(
            new CommandDefinition(
                Issue,
                new
                {
                    notice.NoticeId,
                    at,
                    transmission = queued.TransmissionId,
                    template = words?.Template,
                    tone = words?.Tone,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        // What the customer was told is claimed, with the figure of the day on which it was asked for.
        var told = carried.Select(each => each.Invoice).ToHashSet();
        NewClaim[] claims = [.. sending.Claims.Where(claim => told.Contains(claim.InvoiceId))];
        await MakeClaims.KeepAsync(transaction, null, null, claims, now, cancellationToken);

        // Their next steps, and what was left out of it.
        again.AddRange(made.Invoices.Concat(carried.Select(each => each.Invoice)).Select(invoice => (notice.SellerId, invoice)));
        LogReminded(steps.Count, notice.Channel, notice.SellerId);
        return
        [
            .. steps
                .Where(step => step.First)
                .Select(step => new DunningNoticeIssued
                {
                    EventId = EventId.New(),
                    SellerId = notice.SellerId,
                    InvoiceId = step.Invoice,
                    NoticeId = notice.NoticeId,
                    Step = step.Step,
                    Channel = notice.Channel,
                    IssuedAt = at,
                }),
        ];
    }

    private static IReadOnlyCollection<KeptStep> Kept(PlannedNotice notice, IReadOnlyList<NoticeLine> lines) =>
        [
            .. lines.Select(line => new KeptStep(
                notice.SellerId,
                line.Item.InvoiceId,
                line.Policy,
                line.Step,
                StepState.Planned,
                line.DueAt,
                notice.NoticeId,
                null
            )),
        ];

    [LoggerMessage(Level = LogLevel.Information, Message = "Asked a customer of seller {Seller} for {Count} invoices by {Channel}")]
    private partial void LogReminded(int count, string channel, SellerId seller);
}
