using Dapper;
using Npgsql;
using RetailInvoicing.Collections.Interest;
using RetailInvoicing.Collections.Policies;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Dunning;

/// <summary>Everything that bears on some planned notices, and what was sent of them meanwhile.</summary>
public sealed class NoticeFacts(
    ILookup<NoticeId, InvoiceId> carried,
    IReadOnlyDictionary<InvoiceId, OpenItem> items,
    IReadOnlyDictionary<InvoiceId, IReadOnlyDictionary<string, StepStanding>> known,
    ILookup<SellerId, Policy> policies,
    ILookup<(SellerId Seller, string CustomerKey), (NoticeId Notice, DateTimeOffset At)> messages,
    IReadOnlyDictionary<NoticeId, IReadOnlyList<NewClaim>> unanswered,
    ILookup<SellerId, (string Channel, string Address)> closed
)
{
    // Nothing where it is known that it did not go.
    private readonly Dictionary<NoticeId, (SellerId Seller, string CustomerKey, DateTimeOffset? At)> _meanwhile = [];

    /// <summary>What a notice would say now.</summary>
    public NoticeDraft DraftOf(PlannedNotice notice, DateTimeOffset now) =>
        NoticeDraft.Of(notice.Channel, [.. carried[notice.NoticeId]], items, known, [.. policies[notice.SellerId]], now);

    /// <summary>What stands for it where nothing can be said of it: it waits for somebody to mend it.</summary>
    public NoticeDraft Undecided(PlannedNotice notice, DateTimeOffset now)
    {
        InvoiceId[] invoices = [.. carried[notice.NoticeId]];
        return new NoticeDraft
        {
            Invoices = invoices,
            Lines = [],
            Over = [],
            Blocked = [.. invoices.Select(invoice => (invoice, "BUG-01", now + Reminder.ForSomeoneToMend))],
        };
    }

    /// <summary>Whether Delivery was asked for it before and has not answered: it may have gone.</summary>
    public bool IsUnanswered(PlannedNotice notice) => unanswered.ContainsKey(notice.NoticeId);

    /// <summary>Whether a message to its address came back since it was planned.</summary>
    public bool IsToNobody(PlannedNotice notice) => Due.IsClosed(notice.Channel, notice.Recipient, closed[notice.SellerId].ToHashSet());

    /// <summary>What was claimed in it when Delivery was asked for it before; nothing where it was not.</summary>
    public IReadOnlyList<NewClaim> ClaimsAsked(PlannedNotice notice) => unanswered.GetValueOrDefault(notice.NoticeId) ?? [];

    /// <summary>When its customer had other messages, those of just now with them.</summary>
    public IReadOnlyList<DateTimeOffset> MessagesTo(PlannedNotice notice) =>
        [
            .. messages[(notice.SellerId, notice.CustomerKey)]
                .Where(each => each.Notice != notice.NoticeId && !_meanwhile.ContainsKey(each.Notice))
                .Select(each => each.At),
            .. _meanwhile
                .Where(each => each.Key != notice.NoticeId)
                .Select(each => each.Value)
                .Where(each => each.Seller == notice.SellerId && each.CustomerKey == notice.CustomerKey)
                .Select(each => each.At)
                .OfType<DateTimeOffset>(),
        ];

    /// <summary>It has gone, or may have, and counts for the next one to that customer from then on; where that is nothing it has not.</summary>
    public void Sent(PlannedNotice notice, DateTimeOffset? at) => _meanwhile[notice.NoticeId] = (notice.SellerId, notice.CustomerKey, at);
}

/// <summary>Planned notices are read with all that bears on them, in a few statements for all of them.</summary>
public static class LoadNotices
{
    // Each invoice once: after a change of policy a notice may carry the old policy's step of it beside the new one's.
    private const string StepsOf = """
        select distinct notice_id, invoice_id from dunning_step where notice_id = any(@notices) and state = 'planned' order by invoice_id
        """;

    /// <summary>Read after their customers were locked.</summary>
    public static async Task<NoticeFacts> OfAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<PlannedNotice> notices,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var connection = transaction.Connection!;
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
        return new NoticeFacts(
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
            ),
            await KeepAsked.UnansweredAsync(transaction, notices, cancellationToken),
            await LoadSteps.ClosedAsync(
                connection,
                transaction,
                [.. notices.Select(notice => (notice.SellerId, notice.Recipient.Trim()))],
                cancellationToken
            )
        );
    }
}
