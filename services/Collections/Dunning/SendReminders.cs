using System.Diagnostics.Metrics;
using Dapper;
using Grpc.Core;
using Npgsql;
using RetailInvoicing.Collections.Interest;
using RetailInvoicing.Collections.Policies;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Contracts.Grpc.Payments;
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
    Balances.BalancesClient balances,
    Messages.MessagesClient messages,
    ServiceCredentials credentials,
    TimeProvider clock,
    ILogger<SendReminders> log
)
{
    private const int AtOnce = 20;

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
    private const string StepsOf = """
        select notice_id, invoice_id from dunning_step where notice_id = any(@notices) and state = 'planned' order by invoice_id
        """;
    private const string Issue = """
        update notice set issued_at = @now, attempts = attempts + 1, waits_because = null, transmission_id = @transmission,
            template = @template, tone = @tone
        where notice_id = @NoticeId
        """;
    private const string Postpone = """
        update notice set next_attempt_at = @again, attempts = attempts + 1, waits_because = @because where notice_id = @NoticeId
        """;
    private const string GiveUp = """
        update notice set failed_at = @now, waits_because = @because where notice_id = @NoticeId
        """;

    // By these the message can never go that way; every other refusal is for someone to mend.
    private static readonly string[] NoWay = ["DEL-SEND-02", "DEL-NOTICE-01", "DEL-NOTICE-02"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Counter<long> Issued = Telemetry.Meter.CreateCounter<long>("collections.reminders.issued");

    /// <summary>Sends all that are due to be sent now; how many notices went.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var span = Telemetry.Source.StartActivity("SendReminders");
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
            await connection.QueryAsync<Planned>(
                new CommandDefinition(
                    LockPlanned,
                    new { now = clock.GetUtcNow(), atOnce = AtOnce },
                    transaction,
                    cancellationToken: cancellationToken
                )
            )
        ).AsList();
        var (told, sent, deliveryWaits) = (new List<IEvent>(), 0, default(Wait));
        if (planned.Count > 0)
        {
            var facts = await FactsAsync(transaction, planned, cancellationToken);
            foreach (var seller in planned.GroupBy(notice => notice.SellerId).OrderBy(seller => seller.Key.Value, StringComparer.Ordinal))
            {
                var drafts = seller.Select(notice => (Notice: notice, Draft: facts.DraftOf(notice, clock.GetUtcNow()))).ToArray();
                var payments = await AskPaymentsAsync(seller.Key, drafts, cancellationToken);
                foreach (var (notice, draft) in drafts)
                {
                    var made = Compose(notice, draft, payments, facts.MessagesTo(notice));
                    var outcome = made.Wait is null && made.Lines.Count > 0 ? deliveryWaits : made.Wait;
                    var sending = default(Sending);
                    if (outcome is null && made.Lines.Count > 0)
                    {
                        var claims = await ClaimsAsync(transaction, made, cancellationToken);
                        sending = await AskDeliveryAsync(notice, made, claims, cancellationToken);
                        outcome = sending.Wait;
                        // Whoever is away is not asked once more for each of the others.
                        deliveryWaits = outcome is { Away: true } ? outcome : null;
                    }

                    var news = await RecordAsync(transaction, notice, made, sending, outcome, cancellationToken);
                    if (sending?.Queued is not null)
                    {
                        sent++;
                        facts.Sent(notice, clock.GetUtcNow());
                    }

                    told.AddRange(news);
                }
            }
        }

        await outbox.AppendAsync(transaction, told, cancellationToken);
        await outbox.CommitAsync(transaction, cancellationToken);
        Issued.Add(told.Count);
        return (planned.Count, sent);
    }

    /// <summary>Everything that bears on these notices, read after their customers were locked.</summary>
    private async Task<Facts> FactsAsync(NpgsqlTransaction transaction, IReadOnlyList<Planned> notices, CancellationToken cancellationToken)
    {
        var (connection, now) = (transaction.Connection!, clock.GetUtcNow());
        var sellers = notices.ToDictionary(notice => notice.NoticeId.Value, notice => notice.SellerId);
        var carried = (
            await connection.QueryAsync<(Guid Notice, Guid Invoice)>(
                new CommandDefinition(StepsOf, new { notices = sellers.Keys.ToArray() }, transaction, cancellationToken: cancellationToken)
            )
        ).ToArray();
        (SellerId Seller, InvoiceId Invoice)[] invoices =
        [
            .. carried.Select(each => (sellers[each.Notice], InvoiceId.Of(each.Invoice))).Distinct(),
        ];
        return new Facts(
            carried.ToLookup(each => NoticeId.Of(each.Notice), each => InvoiceId.Of(each.Invoice)),
            (await LoadOpenItems.OfReceivablesAsync(connection, transaction, invoices, now, cancellationToken)).ToDictionary(item =>
                item.InvoiceId
            ),
            (await LoadSteps.OfInvoicesAsync(connection, transaction, invoices, cancellationToken)).ToDictionary(
                known => known.Key.Invoice,
                known => known.Value
            ),
            await LoadPolicies.InForceAsync(connection, transaction, sellers.Values, cancellationToken),
            await LoadSteps.MessagesAsync(
                connection,
                transaction,
                [.. notices.Select(notice => (notice.SellerId, notice.CustomerKey)).Distinct()],
                underWayToo: false,
                now,
                cancellationToken
            )
        );
    }

    /// <summary>What of the draft goes by Payments' word, or why all of it waits.</summary>
    private Made Compose(Planned notice, NoticeDraft draft, Payments payments, IReadOnlyList<DateTimeOffset> messages)
    {
        var now = clock.GetUtcNow();
        var (lines, waits) = (new List<AskedLine>(), new List<Wait>());
        foreach (var line in draft.Lines)
        {
            var balance = payments.Balances.GetValueOrDefault(line.Item.InvoiceId.ToString());
            if ((payments.Wait ?? Reminder.WaitsFor(balance, notice.Attempts)) is { } wait)
            {
                waits.Add(wait);
            }
            else if (Reminder.AskedOf(balance!, line.Item.DisputedAmount) is > 0m and var amount)
            {
                lines.Add(new AskedLine(line, amount));
            }
            else
            {
                waits.Add(new Wait(StepReason.Disputed, TimeSpan.FromHours(1), false));
            }
        }

        if (lines.Count > 0)
        {
            var kept = draft with { Lines = [.. lines.Select(each => each.Line)] };
            var (at, because) = kept.GoesAt(notice.Channel, messages, now);
            return because is null
                ? new Made(kept, lines, null, draft.Invoices)
                : new Made(kept, [], new Wait(because, at - now, false), draft.Invoices);
        }

        waits.AddRange(draft.Blocked.Select(each => new Wait(each.Reason, each.Until - now, false)));
        return new Made(draft, [], waits.MinBy(wait => wait.Pause), draft.Invoices);
    }

    /// <summary>What is claimed of businesses beside the invoices, by the steps that say so; written when the notice has gone.</summary>
    private async Task<IReadOnlyList<NewClaim>> ClaimsAsync(NpgsqlTransaction transaction, Made made, CancellationToken cancellationToken)
    {
        OpenItem[] claimed = [.. made.Lines.Where(line => line.Line.Step.Claim && line.Line.Item.Business).Select(line => line.Line.Item)];
        return claimed.Length == 0
            ? []
            : await MakeClaims.OfAsync(transaction.Connection!, transaction, claimed, clock.GetUtcNow(), cancellationToken);
    }

    private async Task<IReadOnlyList<IEvent>> RecordAsync(
        NpgsqlTransaction transaction,
        Planned notice,
        Made made,
        Sending? sending,
        Wait? wait,
        CancellationToken cancellationToken
    )
    {
        var (connection, now) = (transaction.Connection!, clock.GetUtcNow());
        await KeepSteps.ConcludeAsync(transaction, made.Draft.Over, now, cancellationToken);
        if (sending?.Queued is { } queued)
        {
            return await IssueAsync(transaction, notice, made, sending, queued, now, cancellationToken);
        }

        if (made.Draft.Over.Count > 0)
        {
            // A later step has taken an earlier one's place; where it cannot be in this notice it is looked at on its own.
            await KeepSteps.ConcludeAsync(transaction, Kept(notice, made.Draft.Lines), now, cancellationToken);
            await LookAgain.SoonAsync(
                transaction,
                [.. made.Draft.Over.Select(step => (step.SellerId, step.InvoiceId)).Distinct()],
                now,
                cancellationToken
            );
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
            await LookAgain.SoonAsync(transaction, others, now, cancellationToken);
            return [];
        }

        if (wait is null)
        {
            // Everything that it was to say is over, or another policy says something else.
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
            await LookAgain.SoonAsync(transaction, left, now, cancellationToken);
            return [];
        }

        await connection.ExecuteAsync(
            new CommandDefinition(
                Postpone,
                new
                {
                    notice.NoticeId,
                    again = now + wait.Pause,
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
        Planned notice,
        Made made,
        Sending sending,
        Queued queued,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
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
        var steps = await KeepSteps.MarkSentAsync(transaction, notice.SellerId, notice.NoticeId, carried, now, cancellationToken);
        await transaction.Connection!.ExecuteAsync(
            new CommandDefinition(
                Issue,
                new
                {
                    notice.NoticeId,
                    now,
                    transmission = queued.TransmissionId,
                    template = made.Draft.Words.Template,
                    tone = made.Draft.Words.Tone,
                },
                transaction,
                cancellationToken: cancellationToken
            )
        );
        if (sending.Claims.Count > 0)
        {
            await MakeClaims.KeepAsync(transaction, sending.Claims, now, cancellationToken);
        }

        // Their next steps, and what was left out of it.
        await LookAgain.SoonAsync(
            transaction,
            [.. made.Invoices.Concat(carried.Select(each => each.Invoice)).Distinct().Select(invoice => (notice.SellerId, invoice))],
            now,
            cancellationToken
        );
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
                    IssuedAt = now,
                }),
        ];
    }

    private static IReadOnlyCollection<KeptStep> Kept(Planned notice, IReadOnlyList<NoticeLine> lines) =>
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

    private async Task<Payments> AskPaymentsAsync(
        SellerId seller,
        IReadOnlyCollection<(Planned Notice, NoticeDraft Draft)> drafts,
        CancellationToken cancellationToken
    )
    {
        var ask = new GetBalances();
        ask.InvoiceIds.Add(drafts.SelectMany(each => each.Draft.Lines).Select(line => line.Item.InvoiceId.ToString()).Distinct());
        if (ask.InvoiceIds.Count == 0)
        {
            return new Payments([], null);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var reply = await balances.GetAsync(
                ask,
                credentials.For("payments", OnBehalfOf.Seller(seller)),
                cancellationToken: patience.Token
            );
            return new Payments(reply.Balances.ToDictionary(balance => balance.InvoiceId), null);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new Payments([], Later("Payments", exception, drafts.Max(each => each.Notice.Attempts)));
        }
    }

    private async Task<Sending> AskDeliveryAsync(
        Planned notice,
        Made made,
        IReadOnlyList<NewClaim> claims,
        CancellationToken cancellationToken
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var queued = await messages.SendNoticeAsync(
                NoticeRequest.Of(
                    notice.NoticeId,
                    notice.Channel,
                    notice.Recipient,
                    made.Draft.Words,
                    made.Lines,
                    claims.ToLookup(claim => claim.InvoiceId, claim => claim.Amount)
                ),
                credentials.For("delivery", OnBehalfOf.Seller(notice.SellerId)),
                cancellationToken: patience.Token
            );
            return new Sending(queued, null, null, claims);
        }
        catch (RpcException exception)
            when (!cancellationToken.IsCancellationRequested
                && exception.Trailers.GetValue("fault-code") is { } code
                && NoWay.Contains(code)
            )
        {
            LogNoWay(notice.Channel, code);
            return new Sending(null, code, null, []);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new Sending(null, null, Later("Delivery", exception, notice.Attempts), []);
        }
    }

    private Wait Later(string service, RpcException exception, int attempts)
    {
        LogWaiting(service, exception.Status.ToString());
        return Reminder.After(service, exception.StatusCode.ToString(), Resilience.IsPassing(exception), attempts);
    }

    private sealed record Planned
    {
        public SellerId SellerId { get; init; }

        public NoticeId NoticeId { get; init; }

        public string CustomerKey { get; init; } = "";

        public string Channel { get; init; } = "";

        public string Recipient { get; init; } = "";

        public int Attempts { get; init; }
    }

    /// <summary>A draft after Payments was asked: its lines, or why it waits; neither where all of it is over.</summary>
    private sealed record Made(NoticeDraft Draft, IReadOnlyList<AskedLine> Lines, Wait? Wait, IReadOnlyCollection<InvoiceId> Invoices);

    /// <summary>What Payments answered, or why it did not.</summary>
    private sealed record Payments(Dictionary<string, Balance> Balances, Wait? Wait);

    /// <summary>What Delivery answered: that it has it, that it can never go that way, or neither yet.</summary>
    private sealed record Sending(Queued? Queued, string? NoWay, Wait? Wait, IReadOnlyList<NewClaim> Claims);

    /// <summary>What was read for a batch, and what was sent in it.</summary>
    private sealed class Facts(
        ILookup<NoticeId, InvoiceId> carried,
        IReadOnlyDictionary<InvoiceId, OpenItem> items,
        IReadOnlyDictionary<InvoiceId, IReadOnlyDictionary<string, StepStanding>> known,
        ILookup<SellerId, Policy> policies,
        ILookup<(SellerId Seller, string CustomerKey), DateTimeOffset> messages
    )
    {
        private readonly List<(SellerId Seller, string CustomerKey, DateTimeOffset At)> _sent = [];

        public NoticeDraft DraftOf(Planned notice, DateTimeOffset now) =>
            NoticeDraft.Of(notice.Channel, [.. carried[notice.NoticeId]], items, known, [.. policies[notice.SellerId]], now);

        public IReadOnlyList<DateTimeOffset> MessagesTo(Planned notice) =>
            [
                .. messages[(notice.SellerId, notice.CustomerKey)],
                .. _sent.Where(each => each.Seller == notice.SellerId && each.CustomerKey == notice.CustomerKey).Select(each => each.At),
            ];

        public void Sent(Planned notice, DateTimeOffset at) => _sent.Add((notice.SellerId, notice.CustomerKey, at));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Asked a customer of seller {Seller} for {Count} invoices by {Channel}")]
    private partial void LogReminded(int count, string channel, SellerId seller);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reminders wait for {Service}: {Reason}")]
    private partial void LogWaiting(string service, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "A notice cannot go by {Channel} ({Code}); the next channel is tried")]
    private partial void LogNoWay(string channel, string code);
}
