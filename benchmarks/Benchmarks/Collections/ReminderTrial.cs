using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Npgsql;
using RetailInvoicing.Collections.Acts;
using RetailInvoicing.Collections.Disputes;
using RetailInvoicing.Collections.Dunning;
using RetailInvoicing.Collections.Policies;
using RetailInvoicing.Collections.Promises;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Delivery;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Contracts.Grpc.Delivery;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Benchmarks.Collections;

/// <summary>How long a trial is.</summary>
internal sealed record ReminderLength(int Invoices, DateTimeOffset From, DateTimeOffset To);

/// <summary>What a trial came to.</summary>
internal sealed record ReminderResult(
    Violations Found,
    int Invoices,
    int Steps,
    int Messages,
    int Consolidated,
    int Runs,
    int Kills,
    int EventsTwice,
    TimeSpan Took
);

/// <summary>
/// Collections under simulated time on a real database: the run is called each simulated minute for a while, each hour, or not for up to a
/// week; the process is killed in the middle of runs and of taking events; events come twice and out of order; Payments and Delivery are
/// away at times and answers get lost. Payments and Delivery are fakes that keep books, and every message is held against the truth.
/// </summary>
internal sealed class ReminderTrial : IAsyncDisposable
{
    private const double KilledRuns = 0.02;
    private const double KilledTellings = 0.01;
    private const double LostCalls = 0.01;

    // The last step, its catching up and what may hold it up.
    private const int LongestAfterDue = 90;

    private static readonly KeyId Key = KeyId.New();

    private readonly ReminderWorld _world;
    private readonly ReminderChecks _checks;
    private readonly SimulatedClock _clock;
    private readonly BooksOfPayments _payments;
    private readonly BooksOfDelivery _delivery;
    private readonly Random _random;
    private readonly string _database;
    private readonly DateTimeOffset _to;
    private readonly PriorityQueue<Notice, DateTimeOffset> _comingBack = new();
    private readonly Dictionary<(InvoiceId, string), Guid> _standing = [];
    private readonly HashSet<EventId> _taken = [];
    private IReadOnlyList<RemindedInvoice> _active = [];
    private DateOnly _activeOn;
    private CollectionsInside _inside;
    private int _next;
    private int _runs;
    private int _kills;
    private int _twice;
    private bool _isDisturbed;
    private bool _isQuiet;

    private ReminderTrial(int seed, ReminderLength length, string database)
    {
        _random = new Random(seed);
        _world = new ReminderWorld(seed, length.Invoices, length.From, length.To);
        _clock = new SimulatedClock(length.From);
        _checks = new ReminderChecks(_world, () => _clock.Now);
        (_database, _to) = (database, length.To);
        _payments = new BooksOfPayments(BalanceOf) { OnAsked = () => MayBeAway("payments") };
        _delivery = new BooksOfDelivery(Sent, () => _clock.Now)
        {
            OnAsked = () => MayBeAway("delivery"),
            OnAnswer = () => MayBeAway("answer"),
        };
        _inside = null!;
    }

    /// <summary>Runs one on a migrated database of its own, by its login.</summary>
    public static async Task<ReminderResult> RunAsync(
        int seed,
        ReminderLength length,
        string database,
        bool migrate,
        CancellationToken cancellation
    )
    {
        await using var trial = new ReminderTrial(seed, length, database);
        return await trial.RunAsync(migrate, cancellation);
    }

    private async Task<ReminderResult> RunAsync(bool migrate, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        _isQuiet = true;
        _inside = await OpenAsync(migrate, cancellation);
        await SetUpAsync(cancellation);
        _isQuiet = false;
        while (_clock.Now < _to)
        {
            var end = _clock.Now + Span(out var step);
            while (_clock.Now < end && _clock.Now < _to)
            {
                _clock.Now += step;
                await HappenAsync(cancellation);
                await OneRunAsync(cancellation);
                if (step > TimeSpan.FromHours(12))
                {
                    // Back after a long sleep: an hour later it is looked at once more what it left.
                    _clock.Now += TimeSpan.FromMinutes(65);
                    await HappenAsync(cancellation);
                    await OneRunAsync(cancellation);
                }
            }
        }

        _isQuiet = true;
        for (var i = 0; i < 3; i++)
        {
            _clock.Now += TimeSpan.FromMinutes(65);
            await HappenAsync(cancellation);
            await OneRunAsync(cancellation);
        }

        await CompareAsync(cancellation);
        return new ReminderResult(
            _checks.Found,
            _world.Invoices.Count,
            _checks.Steps,
            _delivery.Sent,
            _checks.Consolidated,
            _runs,
            _kills,
            _twice,
            Stopwatch.GetElapsedTime(began)
        );
    }

    /// <summary>For how long the run is called how often: some hours each minute, some days each hour, or once after up to a week.</summary>
    private TimeSpan Span(out TimeSpan step)
    {
        switch (_random.Next(10))
        {
            case < 3:
                step = TimeSpan.FromMinutes(1);
                return TimeSpan.FromMinutes(30 + _random.Next(180));
            case < 8:
                step = TimeSpan.FromHours(1);
                return TimeSpan.FromHours(24 + _random.Next(96));
            default:
                step = TimeSpan.FromMinutes(13 * 60 + _random.Next(6 * 24 * 60));
                return step;
        }
    }

    private async Task OneRunAsync(CancellationToken cancellation)
    {
        _runs++;
        _isDisturbed = false;
        if (!_isQuiet && _random.NextDouble() < KilledRuns)
        {
            await KillAmidAsync(token => _inside.RunAsync(token), cancellation);
            return;
        }

        await _inside.RunAsync(cancellation);
        if (!_isDisturbed)
        {
            _checks.Ran(Active());
        }
    }

    /// <summary>Invoices that a step may be due of: looked for anew each day.</summary>
    private IReadOnlyList<RemindedInvoice> Active()
    {
        var today = DateOnly.FromDateTime(_clock.Now.UtcDateTime);
        if (today != _activeOn)
        {
            _activeOn = today;
            _active =
            [
                .. _world.Invoices.Where(invoice =>
                    invoice.IssueDate <= today.AddDays(1) && invoice.DueDate.AddDays(LongestAfterDue) >= today
                ),
            ];
        }

        return _active;
    }

    /// <summary>Something is begun and the process killed in the middle of it: its connections are cut, and a new one begins.</summary>
    private async Task KillAmidAsync(Func<CancellationToken, Task> begun, CancellationToken cancellation)
    {
        _isDisturbed = true;
        _kills++;
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        killed.CancelAfter(TimeSpan.FromMilliseconds(1 + _random.Next(25)));
        try
        {
            await begun(killed.Token);
        }
        catch (Exception) when (killed.IsCancellationRequested)
        {
            // That is what a kill looks like from within.
        }

        cancellation.ThrowIfCancellationRequested();
        _inside.Stop();
        await ExecuteAsync(
            """
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
            """,
            cancellation
        );
        await _inside.DisposeAsync();
        _inside = await OpenAsync(false, cancellation);
    }

    private Task<CollectionsInside> OpenAsync(bool migrate, CancellationToken cancellation) =>
        CollectionsInside.OpenAsync(_database, _clock, _payments, _delivery, migrate, cancellation);

    private async Task SetUpAsync(CancellationToken cancellation)
    {
        foreach (var rule in PolicyRule.All)
        {
            await ExecuteAsync(
                $"""
                insert into collections.seller (seller_id, version, name, time_zone, language)
                values ('{rule.SellerId}', 1, '{rule.SellerId}', '{rule.Zone.Iana}', 'es')
                """,
                cancellation
            );
            var kept = await _inside.Of<KeepPolicy>().RunAsync(CallerOf(rule), "standard", rule.Body(), cancellation);
            if (kept.Refused(out var fault))
            {
                throw new InvalidOperationException($"the policy of {rule.SellerId} is refused: {fault.In(null)}");
            }
        }
    }

    /// <summary>Everything that has happened up to now is told: events together and in any order, acts one after the other.</summary>
    private async Task HappenAsync(CancellationToken cancellation)
    {
        var (events, acts) = (new List<Happening>(), new List<Happening>());
        for (; _next < _world.Happenings.Count && _world.Happenings[_next].At <= _clock.Now; _next++)
        {
            (_world.Happenings[_next].Told is null ? acts : events).Add(_world.Happenings[_next]);
        }

        while (events.Count > 0)
        {
            var told = events.ToArray();
            _random.Shuffle(told);
            if (!_isQuiet && _random.NextDouble() < KilledTellings)
            {
                await KillAmidAsync(token => Task.WhenAll(told.Select(each => TellAsync(each, token))), cancellation);
                // The broker has no word of any of them and delivers all again.
                continue;
            }

            await Task.WhenAll(told.Select(each => TellAsync(each, cancellation)));
            foreach (var each in told)
            {
                each.Invoice.Untold--;
                _twice += _taken.Add(each.Told!.EventId) ? 0 : 1;
            }

            events.Clear();
        }

        while (_comingBack.TryPeek(out _, out var at) && at <= _clock.Now)
        {
            await ComeBackAsync(_comingBack.Dequeue(), cancellation);
        }

        foreach (var act in acts)
        {
            await ActAsync(act, cancellation);
        }
    }

    private Task TellAsync(Happening happening, CancellationToken cancellation)
    {
        var keep = _inside.Of<KeepFact>();
        var invoice = happening.Invoice.Id;
        return happening.Told switch
        {
            InvoiceIssued issued => keep.KeepAsync(OpenReceivable.Queue, issued, invoice, each => each.With(issued), cancellation),
            PaymentAllocated allocated => keep.KeepAsync(
                ApplyAllocation.Queue,
                allocated,
                invoice,
                each => each.With(allocated),
                cancellation
            ),
            InvoicePaid paid => keep.KeepAsync(SettleReceivable.Queue, paid, invoice, each => each.With(paid), cancellation),
            InvoiceCancelled cancelled => keep.KeepAsync(
                CloseReceivable.Queue,
                cancelled,
                invoice,
                each => each.With(cancelled),
                cancellation
            ),
            _ => throw new InvalidOperationException($"nobody hears {happening.Told}"),
        };
    }

    /// <summary>What the service takes is true from now on; what it refuses, such as a promise of what is paid, is not.</summary>
    private async Task ActAsync(Happening act, CancellationToken cancellation)
    {
        var (invoice, now) = (act.Invoice, _clock.Now);
        var actor = Actor.Of(CallerOf(invoice.Customer.Policy));
        var id = invoice.Id.ToString();
        switch (act.Act)
        {
            case "promise":
                var day = invoice.Customer.Zone.Day(now).AddDays(act.Days);
                var promise = await _inside.Of<MakePromise>().RunAsync(actor, id, new PromiseRequest { Date = day }, cancellation);
                if (promise.Fault is null)
                {
                    invoice.Promises.Add((now, day));
                }

                break;
            case "dispute":
                var dispute = await _inside
                    .Of<RaiseDispute>()
                    .RunAsync(actor, id, new DisputeRequest { Amount = act.Amount, Reason = "No es lo pedido" }, cancellation);
                if (dispute.Fault is null)
                {
                    _standing[(invoice.Id, "dispute")] = dispute.Value.DisputeId;
                    invoice.Disputes.Add((now, null, dispute.Value.Amount));
                }

                break;
            case "resolve" when _standing.Remove((invoice.Id, "dispute"), out var disputed):
                var resolved = await _inside
                    .Of<ResolveDispute>()
                    .RunAsync(
                        actor,
                        id,
                        disputed.ToString(),
                        new DisputeResolution { Outcome = "rejected", Why = "Era lo pedido" },
                        cancellation
                    );
                if (resolved.Fault is null)
                {
                    invoice.Disputes[^1] = invoice.Disputes[^1] with { To = now };
                }

                break;
            case "hold":
                var hold = await _inside.Of<HoldReceivable>().RunAsync(actor, id, new HoldRequest { Reason = "Se mira" }, cancellation);
                if (hold.Fault is null)
                {
                    _standing[(invoice.Id, "hold")] = hold.Value.HoldId;
                    invoice.Holds.Add((now, null));
                }

                break;
            case "release" when _standing.Remove((invoice.Id, "hold"), out var held):
                var released = await _inside
                    .Of<ReleaseHold>()
                    .RunAsync(actor, new HoldOf(held.ToString(), id, null), "Visto", cancellation);
                if (released.Fault is null)
                {
                    invoice.Holds[^1] = invoice.Holds[^1] with { To = now };
                }

                break;
        }
    }

    private void Sent(Notice notice)
    {
        _checks.Sent(notice);
        var customer = _checks.Of(notice.Items[0].InvoiceId).Customer;
        if (customer.Bounces && notice.Channel is "" or "email")
        {
            _comingBack.Enqueue(notice, _clock.Now.AddMinutes(20 + _random.Next(30 * 60)));
        }
    }

    private async Task ComeBackAsync(Notice notice, CancellationToken cancellation)
    {
        await _inside
            .Of<HearFailure>()
            .KeepAsync(
                new TransmissionFailed
                {
                    EventId = EventId.New(),
                    SellerId = SellerId.Of(notice.SellerId),
                    TransmissionId = TransmissionId.Of(Guid.Parse(notice.NoticeId)),
                    InvoiceId = InvoiceId.Of(Guid.Parse(notice.InvoiceId)),
                    Purpose = "reminder",
                    Channel = "email",
                    Recipient = notice.Email,
                    Reason = "550 no such mailbox",
                    FailedAt = _clock.Now,
                },
                cancellation
            );
        _checks.CameBack(notice);
    }

    private Balance? BalanceOf(string id)
    {
        var (invoice, now) = (_checks.Of(id), _clock.Now);
        var due = invoice.DueAt(now);
        return invoice.IssuedAt > now
            ? null
            : new Balance
            {
                InvoiceId = id,
                Currency = "EUR",
                TotalWithVat = Text(invoice.Total),
                Paid = Text(invoice.Total - due),
                Refunded = "0.00",
                InFlight = invoice.IsInFlight(now) ? Text(due) : "0.00",
                AmountDue = Text(due),
            };
    }

    private void MayBeAway(string who)
    {
        if (!_isQuiet && _random.NextDouble() < LostCalls)
        {
            _isDisturbed = true;
            throw new RpcException(new Status(StatusCode.Unavailable, $"{who} is away"));
        }
    }

    /// <summary>
    /// The service's own books say what Delivery's say: every message that it knows of went, every one that went it knows of, each step of
    /// these was told once, and what is due is the same.
    /// </summary>
    private async Task CompareAsync(CancellationToken cancellation)
    {
        await using var connection = await _inside.Of<NpgsqlDataSource>().OpenConnectionAsync(cancellation);
        var known = new HashSet<string>(StringComparer.Ordinal);
        await using (var issued = new NpgsqlCommand("select notice_id from notice where issued_at is not null", connection))
        await using (var notices = await issued.ExecuteReaderAsync(cancellation))
        {
            while (await notices.ReadAsync(cancellation))
            {
                known.Add(notices.GetGuid(0).ToString());
            }
        }

        foreach (var sent in _delivery.All.Where(sent => !known.Contains(sent.TransmissionId)))
        {
            _checks.Found.Add("books", $"message {sent.TransmissionId} went and is not known here");
        }

        foreach (var phantom in known.Except(_delivery.All.Select(sent => sent.TransmissionId)))
        {
            _checks.Found.Add("books", $"message {phantom} is known here and never went");
        }

        var steps = _delivery
            .All.Where(sent => known.Contains(sent.TransmissionId))
            .SelectMany(sent => sent.Carried)
            .Select(carried => (carried.InvoiceId, carried.Step))
            .Distinct()
            .Count();
        await using (
            var told = new NpgsqlCommand("select count(*)::int from event where name = 'collections.dunning-notice-issued.v1'", connection)
        )
        {
            var counted = (int)(await told.ExecuteScalarAsync(cancellation))!;
            if (counted != steps)
            {
                _checks.Found.Add("books", $"{counted} steps told, {steps} sent");
            }
        }

        await using var due = new NpgsqlCommand("select invoice_id, amount_due from receivable", connection);
        await using var reader = await due.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var invoice = _checks.Of(reader.GetGuid(0).ToString());
            if (invoice.Untold == 0 && reader.GetDecimal(1) != invoice.DueAt(_clock.Now))
            {
                _checks.Found.Add(
                    ReminderChecks.Amount,
                    $"{invoice.Number}: the receivable says {reader.GetDecimal(1)}, not {invoice.DueAt(_clock.Now)}"
                );
            }
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(_database) { Pooling = false, ApplicationName = "trial" }.ConnectionString
        );
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static Caller CallerOf(PolicyRule rule) => new(SellerId.Of(rule.SellerId), Key);

    private static string Text(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        if (_inside is not null)
        {
            await _inside.DisposeAsync();
        }
    }
}
