using System.Globalization;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>A payment as whoever took it knows it: a provider's books, the bank's files, the till, the sandbox's payer.</summary>
internal sealed record TakenPayment(string What, int Invoice, decimal Amount, decimal Left, KeptPayment? Kept);

/// <summary>
/// Compares what Payments has of a seller with what others know, in whose sums no code of Payments has a part: invoice by invoice, payment
/// by payment, refund by refund, account by account.
/// </summary>
internal sealed class TruthChecks
{
    private readonly TruthShop _shop;
    private readonly TruthRecords _records;
    private readonly ProviderBooks? _books;
    private readonly IReadOnlyList<BankFact> _bank;
    private readonly IReadOnlyList<PlannedPayment> _plans;
    private readonly IReadOnlyDictionary<int, Guid> _invoices;
    private readonly IReadOnlyList<OrderedRefund> _refunds;
    private readonly PayersSeen _seen;
    private readonly TruthHeard _heard;
    private readonly List<TakenPayment> _taken = [];
    private readonly HashSet<int> _disputed = [];
    private readonly EnduranceFaults _strange = new();

    public TruthChecks(
        TruthShop shop,
        TruthRecords records,
        ProviderBooks? books,
        IReadOnlyList<BankFact> bank,
        IReadOnlyList<PlannedPayment> plans,
        IReadOnlyDictionary<int, Guid> invoices,
        IReadOnlyCollection<OrderedRefund> refunds,
        PayersSeen seen,
        TruthHeard heard
    )
    {
        (_shop, _records, _books, _bank, _plans, _invoices) = (shop, records, books, bank, plans, invoices);
        (_seen, _heard) = (seen, heard);
        _refunds = [.. refunds.DistinctBy(each => each.RefundId)];
        Gather();
    }

    /// <summary>Refunds that a provider gave twice.</summary>
    public long DoubleRefunds { get; private set; }

    /// <summary>Outcomes that nobody knows although they are older than the last look that was due.</summary>
    public long UnknownOutcomes { get; private set; }

    /// <summary>Payments that were compared.</summary>
    public int Taken => _taken.Count;

    /// <summary>Checks everything.</summary>
    public IEnumerable<EnduranceTruth> Check()
    {
        yield return Payments();
        yield return Nobodys();
        foreach (var truth in Balances().Concat(Refunds()).Concat(Outcomes()).Concat(Bank()).Concat(Ledger()).Concat(Settled()))
        {
            yield return truth;
        }
    }

    /// <summary>Everything that was taken, by whoever took it, with the row that should be it.</summary>
    private void Gather()
    {
        var byReference = _records.OfPayments.ToLookup(each => (each.Provider, each.ProviderReference));
        var byId = _records.OfPayments.ToDictionary(each => each.Id);
        var byInvoice = _records.OfPayments.Where(each => each.InvoiceId is not null).ToLookup(each => each.InvoiceId!.Value);
        var disputes = (_books?.Disputes ?? []).Select(each => each.Payment).ToHashSet(StringComparer.Ordinal);
        foreach (var each in _books?.Payments ?? [])
        {
            var pages = each.Provider == "stripe" ? _seen.Sessions : _seen.Orders;
            var rows = byReference[(each.Provider, each.Id)].ToList();
            _strange.When(rows.Count > 1, () => $"{each.Provider} {each.Id} is in the ledger {rows.Count} times");
            if (pages.TryGetValue(each.Page, out var invoice))
            {
                _taken.Add(new TakenPayment($"{each.Provider} {each.Id}", invoice, each.Amount, each.Left, rows.FirstOrDefault()));
                if (disputes.Contains(each.Id))
                {
                    _disputed.Add(invoice);
                }
            }
            else
            {
                _strange.When(true, () => $"{each.Provider} {each.Id} was paid on a page that no payer of the run stood before");
            }
        }

        GatherBank(byId);
        foreach (var plan in _plans)
        {
            var rows = byInvoice[_invoices[plan.Number]].ToList();
            var atTill = rows.Where(each => each.Provider == "till").ToList();
            foreach (var paid in plan.AtTill)
            {
                var row = atTill.Find(each =>
                    each.Amount == paid.Amount && each.Account == $"till:{paid.Means.ToString().ToLowerInvariant()}"
                );
                atTill.Remove(row!);
                _taken.Add(new TakenPayment($"{paid.Means} with {plan.SaleId}", plan.Number, paid.Amount, paid.Amount, row));
            }

            if (plan.Way == PayWay.Sandbox)
            {
                var row = rows.Find(each => each.Provider == "sandbox");
                _taken.Add(new TakenPayment($"the sandbox for {plan.SaleId}", plan.Number, plan.Open, plan.Open, row));
            }
        }
    }

    private void GatherBank(Dictionary<Guid, KeptPayment> byId)
    {
        var lines = _records.OfLines.Where(each => each is { IsCredit: true, Reference: not null }).ToLookup(each => each.Reference!);
        var back = _bank
            .Where(each => each.Kind is BankFactKind.TransferTakenBack or BankFactKind.Returned)
            .ToDictionary(each => each.Name, each => each.Amount, StringComparer.Ordinal);
        var given = _refunds.ToLookup(each => each.PaymentId);
        foreach (var fact in _bank)
        {
            Guid? id = fact.Kind switch
            {
                BankFactKind.Transfer => lines[fact.Name].Select(each => each.PaymentId).FirstOrDefault(),
                BankFactKind.Collected => _records.OfDebits.TryGetValue(fact.Name, out var debit) ? debit : null,
                _ => null,
            };
            if (fact.Kind is BankFactKind.Transfer or BankFactKind.Collected)
            {
                var row = id is { } found ? byId.GetValueOrDefault(found) : null;
                var left = fact.Amount - back.GetValueOrDefault(fact.Name) - (row is null ? 0m : given[row.Id].Sum(each => each.Amount));
                _taken.Add(new TakenPayment($"{fact.Kind} {fact.Name}", fact.Invoice!.Value, fact.Amount, left, row));
            }
        }
    }

    private EnduranceTruth Payments()
    {
        foreach (var each in _taken)
        {
            _strange.When(each.Kept is null, () => $"{Named(each.Invoice)}: {each.What} of {each.Amount} is not in the ledger");
            if (each.Kept is { } kept)
            {
                _strange.When(
                    kept.Amount != each.Amount,
                    () => $"{Named(each.Invoice)}: {each.What} took {each.Amount}, the ledger {kept.Amount}"
                );
                _strange.When(
                    kept.Left != each.Left,
                    () =>
                        $"{Named(each.Invoice)}: of {each.What} {each.Left} is left; the ledger has {kept.Allocated} allocated, {kept.Unallocated} unallocated, {kept.Refunded} refunded, {kept.Reversed} reversed, {kept.Overdrawn} overdrawn"
                );
            }
        }

        return EnduranceTruth.None($"payments of {_shop.Id} that differ from what took them ({_taken.Count:N0} compared)", _strange);
    }

    private EnduranceTruth Nobodys()
    {
        var faults = new EnduranceFaults();
        var known = new HashSet<Guid>();
        foreach (var id in _taken.Select(each => each.Kept?.Id).OfType<Guid>())
        {
            faults.When(!known.Add(id), () => $"payment {id} stands for two that were taken");
        }

        foreach (var each in _records.OfPayments.Where(each => !known.Contains(each.Id)))
        {
            faults.When(
                true,
                () =>
                    $"payment {each.Id} by {each.Provider} ({each.ProviderReference ?? each.Reference}) of {each.Amount} was taken by nobody"
            );
        }

        return EnduranceTruth.None($"payments in the ledger of {_shop.Id} that nobody took", faults);
    }

    private IEnumerable<EnduranceTruth> Balances()
    {
        var (faults, flying, receipts) = (new EnduranceFaults(), new EnduranceFaults(), new EnduranceFaults());
        var taken = _taken.ToLookup(each => each.Invoice);
        var toInvoice = _records
            .OfAllocations.GroupBy(each => each.Invoice)
            .ToDictionary(each => each.Key, each => each.Sum(one => one.Amount));
        foreach (var plan in _plans)
        {
            if (!_records.OfInvoices.TryGetValue(_invoices[plan.Number], out var kept))
            {
                faults.When(true, () => $"{Named(plan.Number)} has no balance");
                continue;
            }

            var payments = taken[plan.Number].ToList();
            var left = payments.Sum(each => Math.Max(0m, each.Left));
            var unallocated = payments.Sum(each => each.Kept?.Unallocated ?? 0m);
            // Which of two payments an invoice took depends on which was heard of first; where nothing went back, or there is one, it does not.
            var isCertain =
                payments.Count <= 1
                || payments.Sum(each => each.Amount) <= plan.Total
                || payments.TrueForAll(each => each.Left == each.Amount);
            var due = Math.Max(0m, plan.Total - left);
            faults.When(
                kept.Asked != plan.Total
                    || (isCertain && kept.Due != due)
                    || kept.Due - unallocated != plan.Total - left
                    || kept.Due < due
                    || kept.Due != plan.Total - toInvoice.GetValueOrDefault(kept.Id),
                () =>
                    $"{Named(plan.Number)} of {plan.Total}, of which {left} is there by {string.Join(" and ", payments.Select(each => each.What))}: {kept.Due} is due of {kept.Asked}, {unallocated} unallocated"
            );
            flying.When(
                kept.InFlight != kept.OpenCheckouts || (kept.InFlight != 0m && !_seen.Left.ContainsKey(plan.Number)),
                () =>
                    $"{Named(plan.Number)} has {kept.InFlight} in flight, its open checkouts are of {kept.OpenCheckouts}, and a payer {(_seen.Left.ContainsKey(plan.Number) ? "left" : "did not leave")} a page of it"
            );
            receipts.When(
                kept.Settlements != kept.SettlementRows,
                () => $"{Named(plan.Number)} was settled {kept.Settlements} times, and {kept.SettlementRows} are told"
            );
        }

        yield return new EnduranceTruth($"invoices of {_shop.Id}", _plans.Count, _records.OfInvoices.Count);
        yield return EnduranceTruth.None($"invoices of {_shop.Id} whose balance is another than what was taken comes to", faults);
        yield return EnduranceTruth.None($"invoices of {_shop.Id} with something in flight that no payer left", flying);
        yield return EnduranceTruth.None($"invoices of {_shop.Id} whose settlements are not all told", receipts);
    }

    private IEnumerable<EnduranceTruth> Refunds()
    {
        var (doubled, faults) = (new EnduranceFaults(), new EnduranceFaults());
        var rows = _records.OfRefunds.ToDictionary(each => each.RefundId.ToString("N"), StringComparer.Ordinal);
        var given = (_books?.Payments ?? [])
            .SelectMany(payment => payment.Given.Select(each => (Payment: payment, each.Refund, each.Amount)))
            .ToList();
        foreach (var same in given.Where(each => each.Refund.Length > 0).GroupBy(each => each.Refund, StringComparer.Ordinal))
        {
            doubled.When(same.Count() > 1, () => $"{same.First().Payment.Provider} gave refund {same.Key} {same.Count()} times");
        }

        foreach (var payment in _books?.Payments ?? [])
        {
            doubled.When(
                payment.Given.Sum(each => each.Amount) > payment.Amount,
                () => $"{payment.Provider} gave more of {payment.Id} than it took"
            );
        }

        foreach (var each in given)
        {
            faults.When(
                !rows.TryGetValue(each.Refund, out var row) || row.State != "given" || row.Amount != each.Amount,
                () =>
                    $"{each.Payment.Provider} gave {each.Amount} of {each.Payment.Id} as refund {each.Refund}; the ledger has {(row is null ? "none" : $"{row.Amount} {row.State}: {row.Reason}")}"
            );
        }

        var theirs = given.Select(each => each.Refund).ToHashSet(StringComparer.Ordinal);
        foreach (var row in _records.OfRefunds.Where(each => each.Provider is not null))
        {
            faults.When(
                row.State == "given" && !theirs.Contains(row.RefundId.ToString("N")),
                () => $"refund {row.RefundId} ({row.Reference}) is given by the ledger, and {row.Provider} has not given it"
            );
        }

        foreach (var ordered in _refunds)
        {
            faults.When(
                !rows.TryGetValue(ordered.RefundId.ToString("N"), out var row)
                    || row.Amount != ordered.Amount
                    || row.Reference != ordered.Reference,
                () =>
                    $"refund {ordered.Reference} of {ordered.Amount} was answered, and is {row?.Amount.ToString(CultureInfo.InvariantCulture) ?? "nowhere"}"
            );
        }

        foreach (var same in _refunds.GroupBy(each => each.Reference, StringComparer.Ordinal).Where(each => each.Count() > 1))
        {
            doubled.When(true, () => $"refund {same.Key} was answered under {same.Count()} ids");
        }

        faults.When(
            _records.OfRefunds.Count != _refunds.Count,
            () => $"{_refunds.Count} refunds were ordered, {_records.OfRefunds.Count} are kept"
        );
        DoubleRefunds = doubled.Count;
        yield return EnduranceTruth.None($"double refunds of {_shop.Id}", doubled);
        yield return EnduranceTruth.None(
            $"refunds of {_shop.Id} that differ from the providers' books ({_refunds.Count:N0} ordered, {given.Count:N0} given)",
            faults
        );
    }

    private IEnumerable<EnduranceTruth> Outcomes()
    {
        var faults = new EnduranceFaults();
        var paid = (_books?.Payments ?? []).Select(each => each.Page).ToHashSet(StringComparer.Ordinal);
        foreach (var (provider, session, order, isOverdue) in _records.Open)
        {
            faults.When(isOverdue, () => $"a checkout with {provider} ({session}) is open, and nobody looks at it");
            faults.When(
                paid.Contains(session) || paid.Contains(order),
                () => $"a checkout with {provider} ({session}) is open here and paid there"
            );
        }

        foreach (var row in _records.OfRefunds.Where(each => each.State == "asked"))
        {
            faults.When(true, () => $"what became of refund {row.RefundId} by {row.Provider} is not known: {row.Reason}");
        }

        UnknownOutcomes = faults.Count;
        yield return EnduranceTruth.None($"outcomes at {_shop.Id}'s providers that are not known", faults);
    }

    private IEnumerable<EnduranceTruth> Bank()
    {
        var faults = new EnduranceFaults();
        var transfers = _bank.Where(each => each.Kind == BankFactKind.Transfer).Select(each => each.Name).ToHashSet(StringComparer.Ordinal);
        foreach (
            var same in _records
                .OfLines.Where(each => each.Reference is not null && transfers.Contains(each.Reference))
                .GroupBy(each => (each.Reference, each.IsCredit))
        )
        {
            faults.When(same.Count() != 1, () => $"the bank's line {same.Key.Reference} is kept {same.Count()} times");
        }

        foreach (var line in _records.OfLines.Where(each => !each.IsCredit && each.State != "matched"))
        {
            faults.When(true, () => $"{line.Amount} that the bank took under {line.Reference} is {line.State}");
        }

        yield return EnduranceTruth.None($"lines of {_shop.Id}'s bank that do not count once", faults);
    }

    /// <summary>What each account must stand at: from sales, providers' books and bank files alone.</summary>
    private IEnumerable<EnduranceTruth> Ledger()
    {
        var byBank = _taken
            .Select(each => each.Kept)
            .OfType<KeptPayment>()
            .Where(each => each.Provider == "bank")
            .Select(each => each.Id)
            .ToHashSet();
        var wanted = new Dictionary<string, decimal>(StringComparer.Ordinal)
        {
            ["sales-clearing"] = -_plans.Sum(each => each.Total),
            ["provider:stripe"] = OfProvider("stripe") - (_books?.Payouts.Sum(each => each.Amount + each.Fees) ?? 0m),
            ["provider:redsys"] = OfProvider("redsys"),
            ["provider:sandbox"] = _plans.Where(each => each.Way == PayWay.Sandbox).Sum(each => each.Open),
            ["bank"] = _bank.Sum(each => each.Kind is BankFactKind.TransferTakenBack or BankFactKind.Returned ? -each.Amount : each.Amount),
            ["fees"] = _books?.Payouts.Sum(each => each.Fees) ?? 0m,
            ["refunds"] = -_refunds.Where(each => byBank.Contains(each.PaymentId)).Sum(each => each.Amount),
            ["losses"] = _taken.Sum(each => Math.Max(0m, -each.Left)),
            ["refunds-under-way"] = 0m,
            ["payouts-in-transit"] = 0m,
        };
        foreach (var means in _plans.SelectMany(each => each.AtTill).GroupBy(each => each.Means))
        {
            wanted[$"till:{means.Key.ToString().ToLowerInvariant()}"] = means.Sum(each => each.Amount);
        }

        var faults = new EnduranceFaults();
        foreach (
            var account in wanted.Keys.Union(_records.OfAccounts.Keys).Except(["receivable", "unallocated"]).Order(StringComparer.Ordinal)
        )
        {
            var (should, stands) = (wanted.GetValueOrDefault(account), _records.OfAccounts.GetValueOrDefault(account));
            faults.When(should != stands, () => $"{account} stands at {stands}, and what others know comes to {should}");
        }

        var owed = _records.OfAccounts.GetValueOrDefault("receivable") + _records.OfAccounts.GetValueOrDefault("unallocated");
        var open = _plans.Sum(each => each.Total) - _taken.Sum(each => Math.Max(0m, each.Left));
        faults.When(owed != open, () => $"receivable less unallocated stands at {owed}, and what others know comes to {open}");
        yield return EnduranceTruth.None($"accounts of {_shop.Id} that stand elsewhere than what others know comes to", faults);
        yield return new EnduranceTruth(
            $"hundredths of a cent that the trial balance of {_shop.Id} is off",
            0,
            (long)(_records.OfAccounts.Values.Sum() * 10_000m)
        );
    }

    private decimal OfProvider(string name) => (_books?.Payments ?? []).Where(each => each.Provider == name).Sum(each => each.Left);

    private IEnumerable<EnduranceTruth> Settled()
    {
        var faults = new EnduranceFaults();
        var taken = _taken.ToLookup(each => each.Invoice);
        foreach (var plan in _plans)
        {
            var id = _invoices[plan.Number];
            if (!_records.OfInvoices.TryGetValue(id, out var kept))
            {
                continue;
            }

            var (heard, payments) = (_heard.MessagesOf(id), taken[plan.Number].ToList());
            faults.When(
                heard != kept.Settlements,
                () => $"{Named(plan.Number)} was settled {kept.Settlements} times, and told as paid by {heard} messages"
            );
            if (payments.TrueForAll(each => each.Left == each.Amount))
            {
                // Nothing went back: it was settled once or never.
                var once = payments.Sum(each => each.Amount) >= plan.Total ? 1 : 0;
                faults.When(
                    HasGivenBack(plan) ? heard < once : heard != once,
                    () => $"{Named(plan.Number)} is to be told as paid {once} times, and {heard} messages were heard"
                );
            }
        }

        yield return EnduranceTruth.None($"invoices of {_shop.Id} that were not told as paid by one message for each time", faults);
    }

    /// <summary>A refund that failed in the end opened its invoice meanwhile; a won dispute too.</summary>
    private bool HasGivenBack(PlannedPayment plan) => plan.Refunds.Count > 0 || _disputed.Contains(plan.Number);

    private string Named(int number) => string.Create(CultureInfo.InvariantCulture, $"PAY-{number:0000000} ({_invoices[number]})");
}
