using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>How large a run is.</summary>
internal sealed record TruthSize
{
    /// <summary>Invoices that are paid, some by several attempts.</summary>
    public required int Payments { get; init; }

    /// <summary>How often something is killed meanwhile.</summary>
    public required int Kills { get; init; }

    /// <summary>What sales, payers, victims and times of death follow from.</summary>
    public required int Seed { get; init; }

    /// <summary>Payers at once.</summary>
    public int Payers { get; init; } = 32;
}

/// <summary>
/// Payers pay invoices by every way at once, by pages, bank, till and mandate, while notices are lost, doubled and late and Payments,
/// database and broker are killed; the seller gives some back, banks take some back. Then what everybody took is compared with the books.
/// </summary>
internal sealed class TruthRun
{
    /// <summary>A sweep that is over soon: the product's own pauses are for hours. Environment variables of the system.</summary>
    public static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["RateLimits__RequestsPerSecond"] = "1000000",
        ["Payments__Checkouts__Waits"] = "00:00:04;00:00:08;00:00:15;00:00:30;00:01:00;00:02:00;00:05:00",
        ["Payments__Checkouts__WaitWhileAway"] = "00:00:10",
        ["Payments__Checkouts__NoticeWaits"] = "00:00:01;00:00:02;00:00:05;00:00:10;00:00:20",
        ["Payments__Checkouts__Lease"] = "00:00:20",
        ["Payments__Checkouts__AskWithin"] = "00:00:10",
        ["Payments__Checkouts__RefundWithin"] = "00:00:15",
        ["Payments__Checkouts__Rest"] = "00:00:03",
    };

    private readonly IReadOnlyList<TruthShop> _shops;
    private readonly TruthSize _size;
    private readonly Action<string> _say;
    private readonly TruthPlan _plan;
    private readonly TruthWork _work;
    private readonly EnduranceProgress _progress;
    private readonly EnduranceKiller _killer;
    private readonly PayersSeen _seen = new();
    private readonly ConcurrentDictionary<int, Guid> _invoices = new();
    private readonly Dictionary<TruthSeller, PatientDoor> _payments;
    private readonly Dictionary<TruthSeller, PatientDoor> _invoicing;
    private readonly Dictionary<TruthSeller, TruthBank> _banks;
    private readonly TruthRefunds _refunds;
    private readonly Browser _browser = new();

    private TruthRun(IReadOnlyList<TruthShop> shops, TruthSize size, Action<string> say)
    {
        (_shops, _size, _say) = (shops, size, say);
        _plan = new TruthPlan(size.Seed);
        _work = new TruthWork(size.Payments);
        _progress = new EnduranceProgress(size.Payments);
        _payments = shops.ToDictionary(shop => shop.Seller, shop => new PatientDoor(shop.Target, "payments", _progress));
        _invoicing = shops.ToDictionary(shop => shop.Seller, shop => new PatientDoor(shop.Target, "invoicing", _progress));
        _banks = shops
            .Where(shop => shop.StripeAccount is not null)
            .ToDictionary(
                shop => shop.Seller,
                shop => new TruthBank(shop, _payments[shop.Seller], size.Seed + (int)shop.Seller, _progress)
            );
        _refunds = new TruthRefunds(seller => _payments[seller], _progress);
        _killer = new EnduranceKiller(
            Target,
            _work.Allow,
            _progress,
            new EndurancePlan(size.Kills, size.Payments, size.Seed, ["payments", "postgres", "messaging"]),
            say
        );
    }

    private EnduranceTarget Target => _shops[0].Target;

    /// <summary>Opens the run's sellers on a system, and runs it.</summary>
    public static async Task<EnduranceReport> OfAsync(
        Func<RunningSystem> system,
        TruthSize size,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        var shops = new List<TruthShop>();
        foreach (var seller in Enum.GetValues<TruthSeller>())
        {
            var name = $"truth{seller.ToString().ToLowerInvariant()}";
            shops.Add(await TruthShop.OpenAsync(system, seller, name, (int)seller + 1, null, cancellation));
        }

        return await new TruthRun(shops, size, say).RunAsync(cancellation);
    }

    private async Task<EnduranceReport> RunAsync(CancellationToken cancellation)
    {
        var before = await new Broker(Target.System().Messaging!).QueuesAsync(cancellation);
        await using var heard = new TruthHeard(Target, [.. _shops.Select(shop => shop.Id)]);
        await heard.StartAsync(cancellation);
        var faults = new TruthFaults(Target);
        await faults.BeginAsync(_size.Seed, cancellation);
        await PayAsync(cancellation);
        var paying = _progress.Elapsed;
        var had = await faults.EndAsync(cancellation);
        _say(Text($"everybody has paid after {paying.TotalSeconds:0} s; waiting until everything is known"));
        var drain = new TruthDrain(_shops, heard, _say);
        var isQuiet = await drain.RunAsync(cancellation);
        await CloseDisputesAsync(all: true, cancellation);
        var (disputes, again) = await TellLostAsync(drain, cancellation);
        await PayOutAsync(drain, cancellation);
        isQuiet &= await drain.RunAsync(cancellation);
        var drained = _progress.Elapsed - paying;
        _say("reading every book");
        var (truths, counts) = await CheckAsync(before, heard, drain, cancellation);
        truths.Add(new EnduranceTruth("times that everything was known in the end", 1, isQuiet ? 1 : 0));
        return new EnduranceReport
        {
            Truths = truths,
            Kills = _killer.Done,
            Result = Result(truths, counts, had, disputes, again, paying, drained, heard),
        };
    }

    /// <summary>Payers, bank, clerks and killer at once; whoever cannot go on ends it.</summary>
    private async Task PayAsync(CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var paying = Task.WhenAll([
            GuardedAsync(_killer.RunAsync(end.Token)),
            .. Enumerable.Range(0, _size.Payers).Select(_ => GuardedAsync(RunPayersAsync(end.Token))),
        ]);
        var watching = WatchAsync(paying, end.Token);
        await Task.WhenAll([
            paying,
            watching,
            GuardedAsync(_refunds.RunAsync(paying, end.Token)),
            .. _banks.Values.Select(bank => GuardedAsync(bank.RunAsync(paying, end.Token))),
        ]);

        async Task GuardedAsync(Task part)
        {
            try
            {
                await part;
            }
            catch
            {
                await end.CancelAsync();
                throw;
            }
        }
    }

    private async Task RunPayersAsync(CancellationToken cancellation)
    {
        while (await _work.TakeAsync(cancellation) is { } number)
        {
            _progress.Ask();
            await PayOneAsync(_plan.Of(number), cancellation);
            _progress.Rest();
            _progress.Settle(number);
        }
    }

    private async Task PayOneAsync(PlannedPayment plan, CancellationToken cancellation)
    {
        var sold = await _invoicing[plan.Seller].PostAsync("/v1/sales", plan.Sale(TimeProvider.System.GetUtcNow()), cancellation);
        if (!sold.IsDone)
        {
            throw new CommandFailed($"{plan.SaleId} was refused: {(int)sold.Status} {sold.Body}");
        }

        var invoice = sold.Json.GetProperty("invoiceId").GetString()!;
        _invoices[plan.Number] = Guid.Parse(invoice);
        switch (plan.Way)
        {
            case PayWay.Till:
                return;
            case PayWay.Transfer:
            case PayWay.DirectDebit:
                var owed = new OwedByBank(plan, invoice, sold.Json.GetProperty("paymentReference").GetString()!, plan.Open);
                var bank = _banks[plan.Seller];
                (plan.Way == PayWay.Transfer ? (Action<OwedByBank>)bank.Transfer : bank.Debit)(owed);
                break;
            case PayWay.Sandbox:
                await PayerOf(plan).PayInSandboxAsync(plan, invoice, cancellation);
                break;
            default:
                await PayerOf(plan).PayAsync(plan, invoice, cancellation);
                break;
        }

        if (plan.Refunds.Count > 0)
        {
            _refunds.Want(plan, invoice);
        }
    }

    private Payer PayerOf(PlannedPayment plan) =>
        new(_shops.First(shop => shop.Seller == plan.Seller), _browser, _payments[plan.Seller], _seen, _progress);

    /// <summary>Says how far it is, and ends some disputes as banks do.</summary>
    private async Task WatchAsync(Task paying, CancellationToken cancellation)
    {
        var last = 0;
        for (var looks = 1; !paying.IsCompleted && !cancellation.IsCancellationRequested; looks++)
        {
            await Task.WhenAny(paying, Task.Delay(TimeSpan.FromSeconds(10), cancellation));
            var now = _progress.Settled;
            _say(Text($"{now:N0} of {_size.Payments:N0} payments, {(now - last) / 10.0:0} a second; {_killer.Done.Count} kills"));
            last = now;
            if (looks % 3 != 0)
            {
                continue;
            }

            try
            {
                await CloseDisputesAsync(all: false, cancellation);
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or JsonException)
            {
                _progress.Note($"a dispute was not closed: {exception.GetType().Name}");
            }
        }
    }

    /// <summary>A third of the disputes is won, a third lost, a third is never ended.</summary>
    private async Task CloseDisputesAsync(bool all, CancellationToken cancellation)
    {
        using var stripe = Connections.Http(Target.System().Http("stripe"), null);
        foreach (var shop in _shops.Where(each => each.StripeAccount is not null))
        {
            foreach (
                var dispute in (await ProviderBooks.ReadAsync(shop, cancellation)).Disputes.Where(each => each.Status == "needs_response")
            )
            {
                var fate = dispute.Id[^1] % 3;
                if (fate < 2 && (all || dispute.Id[^2] % 4 == 0))
                {
                    using var closed = await stripe.PostAsJsonAsync(
                        $"/control/disputes/{dispute.Id}/close",
                        new { won = fate == 0 },
                        cancellation
                    );
                    closed.EnsureSuccessStatusCode();
                }
            }
        }
    }

    /// <summary>
    /// Disputes cannot be asked for, and Stripe tells them until they are heard: what was lost is sent again when everything else is known.
    /// Gives back how many disputes nobody had heard of until then, and how many notices came so late.
    /// </summary>
    private async Task<(long Disputes, int Again)> TellLostAsync(TruthDrain drain, CancellationToken cancellation)
    {
        await drain.RunAsync(cancellation);
        var known = await drain.CountAsync(
            "payments",
            "select count(*) from provider_fact where seller_id = any(@sellers) and effect = 'taken-back'",
            cancellation
        );
        var disputes = 0;
        foreach (var shop in _shops.Where(each => each.StripeAccount is not null))
        {
            disputes += (await ProviderBooks.ReadAsync(shop, cancellation)).Disputes.Count;
        }

        using var stripe = Connections.Http(Target.System().Http("stripe"), null);
        using var sent = await stripe.PostAsync("/control/notices/resend", null, cancellation);
        var again = (await sent.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("sent").GetInt32();
        await drain.RunAsync(cancellation);
        return (disputes - known, again);
    }

    /// <summary>What lies at Stripe goes to the bank, which tells of it when the notice is heard.</summary>
    private async Task PayOutAsync(TruthDrain drain, CancellationToken cancellation)
    {
        using var stripe = Connections.Http(Target.System().Http("stripe"), null);
        foreach (var shop in _shops.Where(each => each.StripeAccount is not null))
        {
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            using var made = await stripe.PostAsJsonAsync(
                "/control/payouts",
                new
                {
                    account = shop.StripeAccount,
                    currency = "eur",
                    arrivesOn = today,
                },
                cancellation
            );
            made.EnsureSuccessStatusCode();
            await drain.RunAsync(cancellation);
            foreach (var payout in (await ProviderBooks.ReadAsync(shop, cancellation)).Payouts)
            {
                await _banks[shop.Seller].PayOutAsync(payout.Id, payout.Amount, today, cancellation);
            }
        }
    }

    private async Task<(List<EnduranceTruth> Truths, TruthCounts Counts)> CheckAsync(
        IReadOnlyList<QueueDepth> before,
        TruthHeard heard,
        TruthDrain drain,
        CancellationToken cancellation
    )
    {
        var truths = new List<EnduranceTruth>();
        var counts = new TruthCounts();
        var plans = Enumerable.Range(0, _size.Payments).Select(_plan.Of).ToLookup(plan => plan.Seller);
        foreach (var shop in _shops)
        {
            var records = await TruthRecords.ReadAsync(shop.Target, cancellation);
            var books = shop.StripeAccount is null ? null : await ProviderBooks.ReadAsync(shop, cancellation);
            var own = plans[shop.Seller].ToList();
            var refunds = _refunds.Ordered.Where(each => _plan.Of(each.Invoice).Seller == shop.Seller).ToList();
            var checks = new TruthChecks(
                shop,
                records,
                books,
                _banks.TryGetValue(shop.Seller, out var bank) ? bank.Facts : [],
                own,
                _invoices,
                refunds,
                _seen,
                heard
            );
            truths.AddRange(checks.Check());
            counts.Payments += checks.Taken;
            counts.DoubleRefunds += checks.DoubleRefunds;
            counts.UnknownOutcomes += checks.UnknownOutcomes;
            counts.Refunds += records.OfRefunds.Count;
            counts.FailedRefunds += records.OfRefunds.Count(each => each.State == "failed");
            counts.Disputes += books?.Disputes.Count ?? 0;
            truths.AddRange(await new TruthAnswers(shop, _payments[shop.Seller], records).CheckAsync(cancellation));
        }

        truths.Add(new EnduranceTruth("double clicks that led to two pages", 0, _seen.OtherPlaces));
        truths.Add(
            new EnduranceTruth(
                "files of direct debits that were other files when asked for again",
                0,
                _banks.Values.Sum(each => each.OtherFiles)
            )
        );
        await AddQueuesAsync(truths, before, cancellation);
        foreach (
            var (what, sql) in new[]
            {
                (
                    "notices that are not applied",
                    "select count(*) from provider_notice where seller_id = any(@sellers) and state <> 'applied'"
                ),
                ("events in payments' outbox", "select count(*) from outbox"),
                (
                    "ledger entries that do not sum to zero",
                    "select count(*) from (select from journal_line where seller_id = any(@sellers) group by seller_id, entry_id, currency having sum(amount) <> 0) lopsided"
                ),
                (
                    "places missing in the sequence of payments' events",
                    "select coalesce(sum(last - events), 0)::bigint from (select s.last, (select count(*) from event e where e.seller_id = s.seller_id) as events from event_sequence s where s.seller_id = any(@sellers)) each"
                ),
            }
        )
        {
            truths.Add(new EnduranceTruth(what, 0, await drain.CountAsync("payments", sql, cancellation)));
        }

        return (truths, counts);
    }

    private async Task AddQueuesAsync(List<EnduranceTruth> truths, IReadOnlyList<QueueDepth> before, CancellationToken cancellation)
    {
        var lay = before.ToDictionary(queue => queue.Queue, queue => queue.Messages);
        var more = (await new Broker(Target.System().Messaging!).QueuesAsync(cancellation))
            .Select(queue => (queue.Queue, Messages: (long)queue.Messages - lay.GetValueOrDefault(queue.Queue)))
            .Where(queue => queue.Messages > 0)
            .ToArray();
        truths.Add(
            new EnduranceTruth("messages left in any queue, dead letters with them", 0, more.Sum(queue => queue.Messages))
            {
                Examples = [.. more.Select(queue => $"{queue.Queue} {queue.Messages}")],
            }
        );
    }

    private BenchmarkResult Result(
        List<EnduranceTruth> truths,
        TruthCounts counts,
        IReadOnlyDictionary<string, double> had,
        long disputes,
        int again,
        TimeSpan paying,
        TimeSpan drained,
        TruthHeard heard
    )
    {
        var kills = _killer.Done;
        var raw = new Dictionary<string, double>
        {
            ["invoices"] = _size.Payments,
            ["payments"] = counts.Payments,
            ["seed"] = _size.Seed,
            ["payers"] = _size.Payers,
            ["untrue"] = truths.Count(truth => !truth.Holds),
            ["doubleRefunds"] = counts.DoubleRefunds,
            ["unknownOutcomes"] = counts.UnknownOutcomes,
            ["refunds"] = counts.Refunds,
            ["refundsFailed"] = counts.FailedRefunds,
            ["disputes"] = counts.Disputes,
            ["disputesHeardOnlyWhenToldAgain"] = disputes,
            ["noticesToldAgainAtTheEnd"] = again,
            ["statements"] = _banks.Values.Sum(bank => bank.Files),
            ["bankLines"] = _banks.Values.Sum(bank => bank.Facts.Count),
            ["bankLinesToldTwice"] = _banks.Values.Sum(bank => bank.ToldTwice),
            ["statementsOutOfOrder"] = _banks.Values.Sum(bank => bank.OutOfOrder),
            ["statementsWithoutAnAnswer"] = _banks.Values.Sum(bank => bank.LostAnswers),
            ["paidMessages"] = heard.Messages,
            ["paidDeliveries"] = heard.Deliveries,
            ["payingS"] = paying.TotalSeconds,
            ["knowingAfterwardsS"] = drained.TotalSeconds,
            ["rate"] = _size.Payments / paying.TotalSeconds,
            ["kills"] = kills.Count,
            ["recoveryMedianS"] = EnduranceReport.Seconds([.. kills.Select(kill => kill.Recovery)], 0.5),
            ["recoveryMaxS"] = EnduranceReport.Seconds([.. kills.Select(kill => kill.Recovery)], 1),
        };
        foreach (var way in Enumerable.Range(0, _size.Payments).Select(_plan.Of).GroupBy(plan => plan.Way))
        {
            raw[$"by: {way.Key}"] = way.Count();
        }

        foreach (var (what, times) in had)
        {
            raw[$"fault: {what}"] = times;
        }

        foreach (var victim in kills.GroupBy(kill => kill.Victim))
        {
            raw[$"killed: {victim.Key}"] = victim.Count();
        }

        foreach (var (what, times) in _progress.Notes)
        {
            raw[$"no answer: {what}"] = times;
        }

        return new BenchmarkResult(new Dictionary<string, double>(), raw);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Sums over the sellers.</summary>
    private sealed class TruthCounts
    {
        public long Payments { get; set; }

        public long DoubleRefunds { get; set; }

        public long UnknownOutcomes { get; set; }

        public long Refunds { get; set; }

        public long FailedRefunds { get; set; }

        public long Disputes { get; set; }
    }
}
