using System.Diagnostics.Metrics;
using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Interest;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>
/// Each planned notice is sent once, and only of what Payments says at that moment is due and nothing is on its way of, within the
/// customer's hours and below the cap. The notice's row and the customer's stay locked while Delivery is asked: a second instance passes
/// them by, and after a crash whoever comes next asks again under the same notice id, of which Delivery sends one and says what it told of.
/// </summary>
public sealed partial class SendReminders(
    NpgsqlDataSource database,
    Outbox outbox,
    AskBalances askBalances,
    AskDelivery askDelivery,
    RecordNotice recordNotice,
    TimeProvider clock,
    ILogger<SendReminders> log
)
{
    private const int AtOnce = 20;

    // While one batch waits for Payments, Delivery or the database the other goes on; what one holds the other passes by.
    private const int BatchesAtOnce = 2;

    // The customer's row with the notice's: so nobody else sends to that customer meanwhile, and what somebody else has in hand is passed by.
    private const string LockPlanned = """
        select n.seller_id, n.notice_id, n.customer_key, n.channel, n.recipient, n.attempts
        from notice n
        join dunning_customer c on c.seller_id = n.seller_id and c.customer_key = n.customer_key
        where n.issued_at is null and n.failed_at is null and n.next_attempt_at <= @now
        order by n.next_attempt_at
        limit @atOnce
        for update of n, c skip locked
        """;

    // What was read of a batch is true for so long; where Delivery takes its time, what is left of it is read anew.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private static readonly Counter<long> Issued = Telemetry.Meter.CreateCounter<long>("collections.reminders.issued");

    /// <summary>Sends all that are due to be sent now; how many notices went.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("SendReminders");
        return (await Task.WhenAll(Enumerable.Range(0, BatchesAtOnce).Select(_ => SendAsync(cancellationToken)))).Sum();
    }

    private async Task<int> SendAsync(CancellationToken cancellationToken)
    {
        var sent = 0;
        while (await SendBatchAsync(cancellationToken) is { Looked: > 0 } batch)
        {
            sent += batch.Sent;
        }

        return sent;
    }

    private async Task<(int Looked, int Sent)> SendBatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var planned = (
            await connection.QueryAsync<PlannedNotice>(
                new CommandDefinition(LockPlanned, new { now, atOnce = AtOnce }, transaction, cancellationToken: cancellationToken)
            )
        ).AsList();
        if (planned.Count == 0)
        {
            return (0, 0);
        }

        var read = clock.GetTimestamp();
        var batch = new ReminderBatch(await LoadNotices.OfAsync(transaction, planned, clock.GetUtcNow(), cancellationToken));
        foreach (var seller in planned.GroupBy(notice => notice.SellerId).OrderBy(seller => seller.Key.Value, StringComparer.Ordinal))
        {
            if (IsStale(batch, read))
            {
                break;
            }

            await SendOfSellerAsync(transaction, seller.Key, [.. seller], batch, cancellationToken);
        }

        await LookAgain.SoonAsync(transaction, [.. batch.Again.Distinct()], clock.GetUtcNow(), cancellationToken);
        await outbox.AppendAsync(transaction, batch.Told, cancellationToken);
        await outbox.CommitAsync(transaction, cancellationToken);
        Issued.Add(batch.Told.Count);
        return (planned.Count, batch.Sent);
    }

    /// <summary>Payments is asked once for all of them; that Delivery is about to be asked is kept before it is, and until it is answered.</summary>
    private async Task SendOfSellerAsync(
        NpgsqlTransaction transaction,
        SellerId seller,
        IReadOnlyList<PlannedNotice> planned,
        ReminderBatch batch,
        CancellationToken cancellationToken
    )
    {
        var drafts = planned.Select(notice => (Notice: notice, Draft: DraftOf(batch.Facts, notice))).ToArray();
        var payments = await askBalances.RunAsync(seller, drafts, cancellationToken);
        var answered = clock.GetTimestamp();
        var asking = ToAsk(drafts, payments, batch);
        var claims = await ClaimsAsync(transaction, asking, batch.Facts, cancellationToken);
        await KeepAsked.AskingAsync(
            database,
            seller,
            [.. asking.Select(each => (each.Notice.NoticeId, claims[each.Notice.NoticeId]))],
            clock.GetUtcNow(),
            cancellationToken
        );
        // Of those that are not asked for after all nothing is open, but what was open before.
        var settled = claims.Keys.ToHashSet();
        settled.ExceptWith(planned.Where(batch.Facts.IsUnanswered).Select(notice => notice.NoticeId));
        foreach (var (notice, draft) in drafts)
        {
            if (IsStale(batch, answered))
            {
                break;
            }

            var made = ComposedNotice.Of(notice, draft, payments, batch.Facts.MessagesTo(notice), clock.GetUtcNow());
            var sending = default(DeliveryAnswer);
            var wait = batch.WaitOf(made);
            var isToNobody = batch.Facts.IsToNobody(notice);
            if (!isToNobody && batch.IsToBeAsked(made))
            {
                if (!claims.TryGetValue(notice.NoticeId, out var claimed))
                {
                    // Its time came just now, or one before it did not go after all: the next look has it asked for.
                    continue;
                }

                sending = await askDelivery.RunAsync(notice, made, claimed, cancellationToken);
                batch.Answered(notice, sending, clock.GetUtcNow());
            }
            else if (batch.Facts.IsUnanswered(notice) && batch.DeliveryWaits is null)
            {
                // It is not to go now and may have gone: nothing of it is decided, and it is in nobody's way, once Delivery says which.
                sending = await askDelivery.WithdrawAsync(notice, batch.Facts.ClaimsAsked(notice), cancellationToken);
                batch.Answered(notice, sending, null);
            }

            if (sending is not null)
            {
                Settle(settled, notice, sending, batch);
                wait = sending.Wait;
            }
            else if (batch.Facts.IsUnanswered(notice))
            {
                wait = batch.DeliveryWaits;
            }

            if (isToNobody && (sending is null ? !batch.Facts.IsUnanswered(notice) : sending.IsWithdrawn))
            {
                (sending, wait) = (new DeliveryAnswer(null, StepReason.CameBack, null, []), null);
            }

            var news = await recordNotice.RunAsync(transaction, notice, made, sending, wait, batch.Again, cancellationToken);
            batch.Record(news, sending?.Queued is not null);
        }

        await KeepAsked.AnsweredAsync(transaction, seller, settled, cancellationToken);
    }

    /// <summary>Whether it is known what became of the asking: a refusal says nothing of one before that was not answered.</summary>
    private static void Settle(HashSet<NoticeId> settled, PlannedNotice notice, DeliveryAnswer answer, ReminderBatch batch)
    {
        if (!answer.IsOpen || (answer.IsRefusal && !batch.Facts.IsUnanswered(notice)))
        {
            settled.Add(notice.NoticeId);
        }
        else
        {
            settled.Remove(notice.NoticeId);
        }
    }

    /// <summary>Those that go as far as is known, each counted for the next one to its customer: kept as asked for are no more than go.</summary>
    private List<(ComposedNotice Made, PlannedNotice Notice)> ToAsk(
        IReadOnlyList<(PlannedNotice Notice, NoticeDraft Draft)> drafts,
        PaymentsAnswer payments,
        ReminderBatch batch
    )
    {
        var (asking, now) = (new List<(ComposedNotice Made, PlannedNotice Notice)>(), clock.GetUtcNow());
        foreach (var (notice, draft) in drafts.Where(each => !batch.Facts.IsToNobody(each.Notice)))
        {
            var before = asking.Where(each => each.Notice.CustomerKey == notice.CustomerKey).Select(_ => now);
            var made = ComposedNotice.Of(notice, draft, payments, [.. batch.Facts.MessagesTo(notice), .. before], now);
            if (batch.IsToBeAsked(made))
            {
                asking.Add((made, notice));
            }
        }

        return asking;
    }

    private bool IsStale(ReminderBatch batch, long since) => batch.MayBeLeft && clock.GetElapsedTime(since) > Fresh;

    /// <summary>A notice of which nothing can be said stops no other.</summary>
    private NoticeDraft DraftOf(NoticeFacts facts, PlannedNotice notice)
    {
        var now = clock.GetUtcNow();
        try
        {
            return facts.DraftOf(notice, now);
        }
        catch (Exception surprise)
        {
            LogUndecided(surprise, notice.SellerId, notice.NoticeId);
            return facts.Undecided(notice, now);
        }
    }

    /// <summary>
    /// What is claimed of businesses beside the invoices, by the steps that say so; written when the notice has gone. What was claimed in one
    /// that may have gone is the same again, with the figure of that day.
    /// </summary>
    private async Task<IReadOnlyDictionary<NoticeId, IReadOnlyList<NewClaim>>> ClaimsAsync(
        NpgsqlTransaction transaction,
        IReadOnlyCollection<(ComposedNotice Made, PlannedNotice Notice)> asking,
        NoticeFacts facts,
        CancellationToken cancellationToken
    )
    {
        OpenItem[] claimed =
        [
            .. asking
                .SelectMany(each =>
                    each.Made.Lines.Select(line => line.Line)
                        .Where(line => line.Step.Claim && line.Item.Business)
                        .Where(line => facts.ClaimsAsked(each.Notice).All(claim => claim.InvoiceId != line.Item.InvoiceId))
                        .Select(line => line.Item)
                )
                .DistinctBy(item => item.InvoiceId),
        ];
        var made =
            claimed.Length == 0
                ? []
                : await MakeClaims.OfItemsAsync(transaction.Connection!, transaction, claimed, clock.GetUtcNow(), cancellationToken);
        var byInvoice = made.ToLookup(claim => claim.InvoiceId);
        return asking.ToDictionary(
            each => each.Notice.NoticeId,
            each =>
                (IReadOnlyList<NewClaim>)
                    [
                        .. facts.ClaimsAsked(each.Notice),
                        .. each.Made.Lines.Where(line => line.Line.Step.Claim).SelectMany(line => byInvoice[line.Line.Item.InvoiceId]),
                    ]
        );
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What notice {NoticeId} of seller {Seller} says could not be decided")]
    private partial void LogUndecided(Exception exception, SellerId seller, NoticeId noticeId);
}
