using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;
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
            (seller_id, invoice_id, number, customer_id, customer_name, email, phone, language, business, store_id, place, currency,
             total_with_vat, issued_due, due_date, issue_date, issued_at, payment_reference, cancelled_at, balance_version, balance_due,
             balance_at, balance_cause, balance_received_at, balance_corrective_invoice_id, paid_at, amount_due, opened_at, settled_at)
        select * from unnest(@sellers, @ids, @numbers, @customers, @names, @emails, @phones, @languages, @businesses, @stores, @places,
             @currencies, @totals, @issuedDue, @dueDates, @issueDates, @issuedAt, @references, @cancelled, @versions, @balances,
             @balancesAt, @causes, @received, @correctives, @paid, @due, @opened, @settled) as told (seller_id, invoice_id)
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
            phone = told.phone, language = told.language, business = told.business, store_id = told.store_id, place = told.place,
            currency = told.currency, total_with_vat = told.total_with_vat, issued_due = told.issued_due, due_date = told.due_date,
            issue_date = told.issue_date, issued_at = told.issued_at, payment_reference = told.payment_reference,
            cancelled_at = told.cancelled_at, balance_version = told.balance_version, balance_due = told.balance_due,
            balance_at = told.balance_at, balance_cause = told.balance_cause, balance_received_at = told.balance_received_at,
            balance_corrective_invoice_id = told.balance_corrective_invoice_id, paid_at = told.paid_at, amount_due = told.amount_due,
            opened_at = told.opened_at, settled_at = told.settled_at
        from unnest(@sellers, @ids, @numbers, @customers, @names, @emails, @phones, @languages, @businesses, @stores, @places,
            @currencies, @totals, @issuedDue, @dueDates, @issueDates, @issuedAt, @references, @cancelled, @versions, @balances,
            @balancesAt, @causes, @received, @correctives, @paid, @due, @opened, @settled) as told
            (seller_id, invoice_id, number, customer_id, customer_name, email, phone, language, business, store_id, place, currency,
             total_with_vat, issued_due, due_date, issue_date, issued_at, payment_reference, cancelled_at, balance_version, balance_due,
             balance_at, balance_cause, balance_received_at, balance_corrective_invoice_id, paid_at, amount_due, opened_at, settled_at)
        where receivable.seller_id = told.seller_id and receivable.invoice_id = told.invoice_id
        """;
    private const string KeepChanges = """
        insert into receivable_change (seller_id, invoice_id, version, at, amount_due, cause, received_at, corrective_invoice_id)
        select * from unnest(@sellers, @ids, @versions, @at, @due, @causes, @received, @correctives) as told (seller_id, invoice_id, version)
        order by told.seller_id, told.invoice_id, told.version
        on conflict do nothing
        """;
    private const string KeepLines = """
        insert into receivable_line (seller_id, invoice_id, line_id, name, gross_amount)
        select * from unnest(@sellers, @ids, @lines, @names, @amounts)
        on conflict do nothing
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
    ) => _line.TakeAsync(consumer, told.EventId, new Addition(told.SellerId, invoice, add, told), cancellationToken);

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
            var followed = known.Select(before => Following.Of(before, added[Key(before)], now)).ToList();
            var changed = followed.FindAll(each => each.After != each.Before);
            if (changed.Count > 0)
            {
                await connection.ExecuteAsync(KeepKnown, Rows(changed), transaction);
            }

            // What is told late changes nothing now, and something of what was.
            kept.AddRange(followed);
        }

        await KeepHistoryAsync(transaction, kept);
        await Promises.JudgeAgain.MarkAsync(transaction, [.. kept.SelectMany(Allocated)], cancellationToken);
        await TellDunningAndHabitsAsync(transaction, kept, now, cancellationToken);
        if (kept.Exists(each => MayBeOverdue(each.After, now)))
        {
            await connection.ExecuteAsync(WakeDunning, transaction: transaction);
        }

        await _outbox.AppendAsync(transaction, [.. kept.SelectMany(each => each.Told)], cancellationToken);
    }

    /// <summary>What came, where it may have been promised: nobody promises what was paid in the sale.</summary>
    private static IEnumerable<(SellerId, InvoiceId, DateTimeOffset)> Allocated(Following following) =>
        following.After.OpenedAt is null
            ? []
            : following.Allocated.Select(change => (following.After.SellerId, following.After.InvoiceId, change.CountsAt));

    /// <summary>Where nothing was ever open, nothing is written: a sale that was paid at the till costs no more than its row.</summary>
    private static async Task KeepHistoryAsync(NpgsqlTransaction transaction, IReadOnlyList<Following> kept)
    {
        var changes = kept.SelectMany(each => each.Displaced.Select(change => (each.After, Change: change))).ToArray();
        if (changes.Length > 0)
        {
            await transaction.Connection!.ExecuteAsync(
                KeepChanges,
                new
                {
                    sellers = changes.Select(each => each.After.SellerId.Value).ToArray(),
                    ids = changes.Select(each => each.After.InvoiceId.Value).ToArray(),
                    versions = changes.Select(each => each.Change.Version).ToArray(),
                    at = changes.Select(each => each.Change.At.ToUniversalTime()).ToArray(),
                    due = changes.Select(each => each.Change.AmountDue).ToArray(),
                    causes = changes.Select(each => each.Change.Cause).ToArray(),
                    received = changes.Select(each => each.Change.ReceivedAt?.ToUniversalTime()).ToArray(),
                    correctives = changes.Select(each => each.Change.CorrectiveInvoiceId?.Value).ToArray(),
                },
                transaction
            );
        }

        var lines = kept.SelectMany(each => each.Lines.Select(line => (each.After, Line: line))).ToArray();
        if (lines.Length > 0)
        {
            await transaction.Connection!.ExecuteAsync(
                KeepLines,
                new
                {
                    sellers = lines.Select(each => each.After.SellerId.Value).ToArray(),
                    ids = lines.Select(each => each.After.InvoiceId.Value).ToArray(),
                    lines = lines.Select(each => each.Line.LineId).ToArray(),
                    names = lines.Select(each => each.Line.Name).ToArray(),
                    amounts = lines.Select(each => each.Line.LineGrossAmount).ToArray(),
                },
                transaction
            );
        }
    }

    private static async Task TellDunningAndHabitsAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<Following> kept,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var moved = kept.Where(each => each.After.OpenedAt is not null && each.After != each.Before).Select(each => each.After).ToArray();
        if (moved.Length == 0)
        {
            return;
        }

        // Whoever may be overdue is woken for below; the others are looked at with the next minute.
        await Dunning.LookAgain.SoonAsync(
            transaction,
            [.. moved.Select(each => (each.SellerId, each.InvoiceId))],
            now,
            cancellationToken,
            wake: false
        );
        var settled = moved.Where(IsExplained).ToArray();
        if (settled.Length > 0)
        {
            await Habits.LearnSettlement.LearnAsync(transaction, settled, cancellationToken);
        }
    }

    /// <summary>
    /// Whether it is known by what it was settled. Of one that was told as paid while its last allocation is still on its way nobody can
    /// say yet whether money came or the seller gave it up.
    /// </summary>
    private static bool IsExplained(Receivable receivable) =>
        receivable is { SettledAt: not null } and ({ CancelledAt: not null } or { BalanceVersion: > 0, BalanceDue: <= 0m });

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
            phones = Of(each => each.Phone),
            languages = Of(each => each.Language),
            businesses = Of(each => each.Business),
            stores = Of(each => each.StoreId?.Value),
            places = Of(each => each.Place),
            currencies = Of(each => each.Currency.Code),
            totals = Of(each => each.TotalWithVat),
            issuedDue = Of(each => each.IssuedDue),
            dueDates = Of(each => each.DueDate),
            issueDates = Of(each => each.IssueDate),
            issuedAt = Of(each => each.IssuedAt?.ToUniversalTime()),
            references = Of(each => each.PaymentReference),
            cancelled = Of(each => each.CancelledAt?.ToUniversalTime()),
            versions = Of(each => each.BalanceVersion),
            balances = Of(each => each.BalanceDue),
            balancesAt = Of(each => each.BalanceAt?.ToUniversalTime()),
            causes = Of(each => each.BalanceCause),
            received = Of(each => each.BalanceReceivedAt?.ToUniversalTime()),
            correctives = Of(each => each.BalanceCorrectiveInvoiceId?.Value),
            paid = Of(each => each.PaidAt?.ToUniversalTime()),
            due = Of(each => each.AmountDue),
            opened = Of(each => each.OpenedAt?.ToUniversalTime()),
            settled = Of(each => each.SettledAt?.ToUniversalTime()),
        };
    }

    /// <summary>No place on earth is more than a day ahead of Greenwich, so nothing else can be overdue already.</summary>
    private static bool MayBeOverdue(Receivable receivable, DateTimeOffset now) =>
        receivable is { OpenedAt: not null, SettledAt: null, DueDate: { } due } && due <= DateOnly.FromDateTime(now.UtcDateTime);

    private sealed record Addition(SellerId Seller, InvoiceId Invoice, Func<Receivable, Receivable> Add, IEvent Event);

    /// <summary>What becomes of a receivable, fact by fact, and what is told and kept of it on the way.</summary>
    private sealed record Following(Receivable Before, Receivable After, IReadOnlyList<ToldEvent> Told)
    {
        /// <summary>Balances that do not stand in the receivable any more, or never did because a later one was told first.</summary>
        public IReadOnlyList<ReceivableChange> Displaced { get; init; } = [];

        /// <summary>What was told of its balance.</summary>
        public IReadOnlyList<ReceivableChange> Allocated { get; init; } = [];

        /// <summary>The invoice's lines, where it left something to pay.</summary>
        public IReadOnlyList<InvoiceLineBody> Lines { get; init; } = [];

        public static Following Of(Receivable before, IReadOnlyList<Heard<Addition>> facts, DateTimeOffset now)
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

            return new(before, known, told)
            {
                Displaced = WasNeverOpen(known) ? [] : DisplacedBy(before, known, facts),
                Allocated = [.. facts.Select(fact => fact.Fact.Event).OfType<PaymentAllocated>().Select(ReceivableChange.Of)],
                Lines = known.Number is not null && before.Number is null && known.IssuedDue > 0m ? LinesOf(facts) : [],
            };
        }

        private static bool WasNeverOpen(Receivable receivable) => receivable is { Number: not null, OpenedAt: null };

        private static ReceivableChange[] DisplacedBy(Receivable before, Receivable after, IReadOnlyList<Heard<Addition>> facts) =>
            [
                .. facts
                    .Select(fact => fact.Fact.Event)
                    .OfType<PaymentAllocated>()
                    .Select(ReceivableChange.Of)
                    .Concat(before.LatestChange is { } latest ? [latest] : [])
                    .Where(change => change.Version != after.BalanceVersion)
                    .DistinctBy(change => change.Version),
            ];

        private static IReadOnlyList<InvoiceLineBody> LinesOf(IReadOnlyList<Heard<Addition>> facts) =>
            facts.Select(fact => fact.Fact.Event).OfType<InvoiceIssued>().FirstOrDefault()?.Lines ?? [];
    }
}
