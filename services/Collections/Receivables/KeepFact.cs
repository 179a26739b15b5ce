using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>
/// A fact told of an invoice is kept once, and what the customer owes follows from it in the same breath. Facts wait in one line whoever
/// tells them, so that what an invoice is, what was paid on it and that it is paid are one row's one change where they come together.
/// </summary>
public sealed class KeepFact
{
    // Whole at once: what is told of an invoice first finds nothing there.
    private const string KeepNew = """
        insert into receivable
            (seller_id, invoice_id, number, customer_id, customer_name, email, language, currency, total_with_vat, issued_due, due_date,
             payment_reference, cancelled_at, balance_version, balance_due, balance_at, paid_at, amount_due, opened_at, settled_at)
        select * from unnest(@sellers, @ids, @numbers, @customers, @names, @emails, @languages, @currencies, @totals, @issuedDue, @dueDates,
             @references, @cancelled, @versions, @balances, @balancesAt, @paid, @due, @opened, @settled) as told (seller_id, invoice_id)
        order by told.seller_id, told.invoice_id
        on conflict do nothing
        returning seller_id, invoice_id
        """;
    private const string LockKnown = """
        select * from receivable where (seller_id, invoice_id) in (select * from unnest(@sellers, @ids))
        order by seller_id, invoice_id for update
        """;
    private const string KeepKnown = """
        update receivable set
            number = told.number, customer_id = told.customer_id, customer_name = told.customer_name, email = told.email,
            language = told.language, currency = told.currency, total_with_vat = told.total_with_vat, issued_due = told.issued_due,
            due_date = told.due_date, payment_reference = told.payment_reference, cancelled_at = told.cancelled_at,
            balance_version = told.balance_version, balance_due = told.balance_due, balance_at = told.balance_at, paid_at = told.paid_at,
            amount_due = told.amount_due, opened_at = told.opened_at, settled_at = told.settled_at
        from unnest(@sellers, @ids, @numbers, @customers, @names, @emails, @languages, @currencies, @totals, @issuedDue, @dueDates,
            @references, @cancelled, @versions, @balances, @balancesAt, @paid, @due, @opened, @settled) as told
            (seller_id, invoice_id, number, customer_id, customer_name, email, language, currency, total_with_vat, issued_due, due_date,
             payment_reference, cancelled_at, balance_version, balance_due, balance_at, paid_at, amount_due, opened_at, settled_at)
        where receivable.seller_id = told.seller_id and receivable.invoice_id = told.invoice_id
        """;
    private const string WakeDunning = $"select pg_notify('{Dunning.RunDunning.Channel}', '')";

    private readonly InboxLine<Addition> _line;
    private readonly Outbox _outbox;
    private readonly TimeProvider _clock;

    /// <summary>Opens the line that facts wait in.</summary>
    public KeepFact(Inbox inbox, Outbox outbox, TimeProvider clock) =>
        (_line, _outbox, _clock) = (
            inbox.Line<Addition>(nameof(KeepFact), KeepAsync, apart: TimeSpan.FromMilliseconds(250)),
            outbox,
            clock
        );

    /// <summary>Keeps what the event adds to the invoice's facts, unless this consumer has had the event.</summary>
    public Task KeepAsync(
        string consumer,
        IEvent told,
        InvoiceId invoice,
        Func<Receivable, Receivable> add,
        CancellationToken cancellationToken
    ) => _line.TakeAsync(consumer, told.EventId, new Addition(told.SellerId, invoice, add), cancellationToken);

    private async Task KeepAsync(NpgsqlTransaction transaction, IReadOnlyList<Heard<Addition>> heard, CancellationToken cancellationToken)
    {
        var (connection, now) = (transaction.Connection!, _clock.GetUtcNow());
        var added = heard
            .GroupBy(each => (each.Fact.Seller.Value, each.Fact.Invoice.Value))
            .ToDictionary(receivable => receivable.Key, receivable => receivable.ToArray());
        var kept = added
            .Values.Select(facts => new Receivable { SellerId = facts[0].Fact.Seller, InvoiceId = facts[0].Fact.Invoice })
            .Select(before => Following.Of(before, added[Key(before)], now))
            .ToList();
        var isNew = (await connection.QueryAsync<(string, Guid)>(KeepNew, Rows(kept), transaction)).ToHashSet();
        if (isNew.Count < kept.Count)
        {
            var others = kept.Where(each => !isNew.Contains(Key(each.After))).Select(each => Key(each.After)).ToArray();
            var known = await connection.QueryAsync<Receivable>(
                LockKnown,
                new { sellers = others.Select(key => key.Item1).ToArray(), ids = others.Select(key => key.Item2).ToArray() },
                transaction
            );
            kept.RemoveAll(each => !isNew.Contains(Key(each.After)));
            var changed = known
                .Select(before => Following.Of(before, added[Key(before)], now))
                .Where(each => each.After != each.Before)
                .ToList();
            if (changed.Count > 0)
            {
                await connection.ExecuteAsync(KeepKnown, Rows(changed), transaction);
                kept.AddRange(changed);
            }
        }

        if (kept.Exists(each => MayBeOverdue(each.After, now)))
        {
            await connection.ExecuteAsync(WakeDunning, transaction: transaction);
        }

        await _outbox.AppendAsync(transaction, [.. kept.SelectMany(each => each.Told)], cancellationToken);
    }

    private static (string, Guid) Key(Receivable receivable) => (receivable.SellerId.Value, receivable.InvoiceId.Value);

    private static object Rows(IReadOnlyList<Following> kept)
    {
        T[] Of<T>(Func<Receivable, T> value) => [.. kept.Select(each => value(each.After))];
        return new
        {
            sellers = Of(each => each.SellerId.Value),
            ids = Of(each => each.InvoiceId.Value),
            numbers = Of(each => each.Number),
            customers = Of(each => each.CustomerId?.Value),
            names = Of(each => each.CustomerName),
            emails = Of(each => each.Email),
            languages = Of(each => each.Language),
            currencies = Of(each => each.Currency.Code),
            totals = Of(each => each.TotalWithVat),
            issuedDue = Of(each => each.IssuedDue),
            dueDates = Of(each => each.DueDate),
            references = Of(each => each.PaymentReference),
            cancelled = Of(each => each.CancelledAt?.ToUniversalTime()),
            versions = Of(each => each.BalanceVersion),
            balances = Of(each => each.BalanceDue),
            balancesAt = Of(each => each.BalanceAt?.ToUniversalTime()),
            paid = Of(each => each.PaidAt?.ToUniversalTime()),
            due = Of(each => each.AmountDue),
            opened = Of(each => each.OpenedAt?.ToUniversalTime()),
            settled = Of(each => each.SettledAt?.ToUniversalTime()),
        };
    }

    /// <summary>No place on earth is more than a day ahead of Greenwich, so nothing else can be overdue already.</summary>
    private static bool MayBeOverdue(Receivable receivable, DateTimeOffset now) =>
        receivable is { OpenedAt: not null, SettledAt: null, DueDate: { } due } && due <= DateOnly.FromDateTime(now.UtcDateTime);

    private sealed record Addition(SellerId Seller, InvoiceId Invoice, Func<Receivable, Receivable> Add);

    /// <summary>What becomes of a receivable, fact by fact, and what is told of it on the way.</summary>
    private sealed record Following(Receivable Before, Receivable After, IReadOnlyList<ToldEvent> Told)
    {
        public static Following Of(Receivable before, IEnumerable<Heard<Addition>> facts, DateTimeOffset now)
        {
            var (known, told) = (before, new List<ToldEvent>());
            foreach (var fact in facts)
            {
                var after = fact.Fact.Add(known).Following(now);
                if (known.SettledAt is null && after.SettledAt is { } settled)
                {
                    var settling = new ReceivableSettled
                    {
                        EventId = EventId.New(),
                        SellerId = after.SellerId,
                        InvoiceId = after.InvoiceId,
                        SettledAt = settled,
                    };
                    told.Add(new ToldEvent(settling, fact.TraceParent));
                }

                known = after;
            }

            return new(before, known, told);
        }
    }
}
