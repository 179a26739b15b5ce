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
        var planned = (
            await connection.QueryAsync<PlannedNotice>(
                new CommandDefinition(
                    LockPlanned,
                    new { now = clock.GetUtcNow(), atOnce = AtOnce },
                    transaction,
                    cancellationToken: cancellationToken
                )
            )
        ).AsList();
        var (told, sent, deliveryWaits) = (new List<IEvent>(), 0, default(Wait));
        var (again, recorded) = (new List<(SellerId Seller, InvoiceId Invoice)>(), 0);
        if (planned.Count > 0)
        {
            var read = clock.GetTimestamp();
            var facts = await LoadNotices.OfAsync(transaction, planned, clock.GetUtcNow(), cancellationToken);
            foreach (var seller in planned.GroupBy(notice => notice.SellerId).OrderBy(seller => seller.Key.Value, StringComparer.Ordinal))
            {
                if (IsStale(read))
                {
                    break;
                }

                var drafts = seller.Select(notice => (Notice: notice, Draft: DraftOf(facts, notice))).ToArray();
                var payments = await askBalances.RunAsync(seller.Key, drafts, cancellationToken);
                var answered = clock.GetTimestamp();
                foreach (var (notice, draft) in drafts)
                {
                    if (IsStale(answered))
                    {
                        break;
                    }

                    var made = ComposedNotice.Of(notice, draft, payments, facts.MessagesTo(notice), clock.GetUtcNow());
                    var outcome = made.Wait is null && made.Lines.Count > 0 ? deliveryWaits : made.Wait;
                    var sending = default(DeliveryAnswer);
                    if (outcome is null && made.Lines.Count > 0)
                    {
                        var claims = await ClaimsAsync(transaction, made, cancellationToken);
                        sending = await askDelivery.RunAsync(notice, made, claims, cancellationToken);
                        outcome = sending.Wait;
                        // Whoever is away is not asked once more for each of the others.
                        deliveryWaits = outcome is { Away: true } ? outcome : null;
                    }

                    var news = await recordNotice.RunAsync(transaction, notice, made, sending, outcome, again, cancellationToken);
                    recorded++;
                    if (sending?.Queued is not null)
                    {
                        sent++;
                        facts.Sent(notice, clock.GetUtcNow());
                    }

                    told.AddRange(news);
                }
            }
        }

        await LookAgain.SoonAsync(transaction, [.. again.Distinct()], clock.GetUtcNow(), cancellationToken);
        await outbox.AppendAsync(transaction, told, cancellationToken);
        await outbox.CommitAsync(transaction, cancellationToken);
        Issued.Add(told.Count);
        return (planned.Count, sent);

        // One notice at least is done with each time; where Delivery is away the others only hear that they wait.
        bool IsStale(long since) => recorded > 0 && deliveryWaits is null && clock.GetElapsedTime(since) > Fresh;
    }

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

    /// <summary>What is claimed of businesses beside the invoices, by the steps that say so; written when the notice has gone.</summary>
    private async Task<IReadOnlyList<NewClaim>> ClaimsAsync(
        NpgsqlTransaction transaction,
        ComposedNotice made,
        CancellationToken cancellationToken
    )
    {
        OpenItem[] claimed = [.. made.Lines.Where(line => line.Line.Step.Claim && line.Line.Item.Business).Select(line => line.Line.Item)];
        return claimed.Length == 0
            ? []
            : await MakeClaims.OfAsync(transaction.Connection!, transaction, claimed, clock.GetUtcNow(), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What notice {NoticeId} of seller {Seller} says could not be decided")]
    private partial void LogUndecided(Exception exception, SellerId seller, NoticeId noticeId);
}
