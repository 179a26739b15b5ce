using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>
/// Moves a seller's books at random, every movement there is, and counts beside them in a simpler way what must come of it.
/// </summary>
internal sealed class LedgerPlay(int seed, IReadOnlyDictionary<InvoiceId, decimal> asked)
{
    private static readonly string[] Providers = ["stripe", "redsys"];

    private readonly Random _random = new(seed);
    private readonly IReadOnlyDictionary<InvoiceId, decimal> _asked = asked;
    private readonly List<Money> _received = [];
    private readonly List<(PaymentId Id, string Account)> _writtenOff = [];
    private readonly Dictionary<InvoiceId, decimal> _inFlight = asked.ToDictionary(each => each.Key, _ => 0m);
    private readonly Dictionary<string, decimal> _paidOut = Providers.ToDictionary(each => each, _ => 0m);
    private decimal _fees;
    private decimal _inTransit;
    private decimal _arrived;
    private decimal _charged;
    private decimal _left;

    /// <summary>The invoices that are played with.</summary>
    public IReadOnlyList<InvoiceId> Invoices { get; } = [.. asked.Keys];

    /// <summary>Everything that was received or written off so far.</summary>
    public IReadOnlyList<PaymentId> Payments => [.. _received.Select(each => each.Id), .. _writtenOff.Select(each => each.Id)];

    /// <summary>One movement; nothing where it would have nothing to move.</summary>
    public void Move(Book book, Func<PaymentId, IReadOnlyList<Allocation>> taken)
    {
        switch (_random.Next(17))
        {
            case 0 or 1:
                Receive(book);
                break;
            case 2 when Any(_received) is { } money:
                book.Allocate(money.Id, Any(Invoices));
                break;
            case 3 when Any(_received.FindAll(each => each.IsProviders && book.Of(each.Id).Refundable > 0m)) is { } money:
                money.UnderWay.Add(Part(book.Of(money.Id).Refundable));
                book.OrderRefund(money.Id, money.UnderWay[^1], taken(money.Id));
                break;
            case 4 when Any(_received.FindAll(each => each.UnderWay.Count > 0)) is { } money:
                money.Given.Add(Take(money.UnderWay));
                book.GiveRefund(money.Id, money.Given[^1], "R");
                break;
            case 5 when Any(_received.FindAll(each => each.UnderWay.Count > 0)) is { } money:
                book.FailRefund(money.Id, Take(money.UnderWay));
                AllocateAgain(book, money);
                break;
            case 6 when Any(_received.FindAll(each => each.IsProviders && each.Given.Count > 0)) is { } money:
                book.ReturnRefund(money.Id, Take(money.Given));
                AllocateAgain(book, money);
                break;
            case 7 when Any(_received.FindAll(each => each.IsProviders && each.Amount > each.TakenBack)) is { } money:
                var back = Part(money.Amount - money.TakenBack);
                money.TakenBack += back;
                book.Reverse(money.Id, back, "fraudulent", taken(money.Id));
                break;
            case 8 when Any(_received.FindAll(each => each.TakenBack > 0m)) is { } money:
                var again = Part(money.TakenBack);
                money.TakenBack -= again;
                book.UndoReversal(money.Id, again);
                AllocateAgain(book, money);
                break;
            case 9 when Owing(book) is { } invoice:
                var account = _random.Next(2) == 0 ? Account.Differences : Account.WriteOffs;
                _writtenOff.Add((PaymentId.New(), account));
                book.WriteOff(_writtenOff[^1].Id, invoice, Part(book.Of(invoice)!.AmountDue), account);
                break;
            case 15 when _received.Find(each => !each.IsProviders && each.Given.Sum() > each.Left) is { } money:
                var leaves = Part(money.Given.Sum() - money.Left);
                (money.Left, _left) = (money.Left + leaves, _left + leaves);
                book.LeaveBank(money.Id, Currency.Eur, leaves);
                break;
            case 16:
                var charge = _random.Next(1, 200) / 100m;
                _charged += charge;
                book.ChargeByBank(Currency.Eur, charge);
                break;
            case 10 when Any(_received.FindAll(each => !each.IsProviders && book.Of(each.Id).Refundable > 0m)) is { } money:
                money.Given.Add(Part(book.Of(money.Id).Refundable));
                book.Refund(money.Id, money.Given[^1], "R", taken(money.Id));
                break;
            case 11:
                Fly(book, Any(Invoices));
                break;
            case 12:
                PayOut(book);
                break;
            case 13 when Payments.Where(each => taken(each).Count > 0).ToList() is { Count: > 0 } some:
                var from = some[_random.Next(some.Count)];
                var has = Any(taken(from))!;
                book.Release(from, has.InvoiceId, Part(has.Amount));
                break;
            default:
                book.Settle();
                break;
        }
    }

    /// <summary>The balances and payments of a book that holds all of them are what was counted, and pass no limit.</summary>
    public void Agree(Book book)
    {
        foreach (var money in _received)
        {
            var payment = book.Of(money.Id);
            Assert.Equal(payment.Amount, payment.Allocated + payment.Unallocated + payment.Refunded + payment.Reversed);
            Assert.Equal(money.UnderWay.Sum() + money.Given.Sum(), payment.Refunded);
            Assert.Equal(money.TakenBack, payment.Reversed + payment.Overdrawn);
            Assert.True(payment is { Allocated: >= 0m, Unallocated: >= 0m, Reversed: >= 0m, Overdrawn: >= 0m });
            Assert.True(payment.Refunded + payment.Reversed <= payment.Amount);
            // What is lost is lost because nothing is left.
            Assert.True(payment.Overdrawn == 0m || payment.Allocated + payment.Unallocated == 0m);
        }

        foreach (var (id, _) in _writtenOff)
        {
            var lost = book.Of(id);
            Assert.Equal((lost.Amount, 0m, 0m, 0m), (lost.Allocated + lost.Reversed, lost.Unallocated, lost.Refunded, lost.Refundable));
        }

        foreach (var invoice in Invoices)
        {
            var balance = book.Of(invoice)!;
            Assert.InRange(balance.AmountDue, 0m, _asked[invoice]);
            Assert.Equal(_inFlight[invoice], balance.InFlight);
        }

        Assert.Equal(book.Payments.Sum(each => each.Allocated), book.Invoices.Sum(each => each.Paid - each.Refunded));
    }

    /// <summary>What each account of the journal must stand at.</summary>
    public void Agree(Book book, IReadOnlyDictionary<string, decimal> journal)
    {
        var (tills, providers) = (_received.FindAll(each => !each.IsProviders), _received.FindAll(each => each.IsProviders));
        Stands(Account.SalesClearing, -_asked.Values.Sum());
        Stands(Account.Receivable, book.Invoices.Sum(each => each.AmountDue));
        Stands(Account.Unallocated, -book.Payments.Sum(each => each.Unallocated));
        Stands("till:card", tills.Sum(each => each.Amount));
        Stands(Account.Refunds, _left - tills.Sum(each => each.Given.Sum()));
        Stands(Account.RefundsUnderWay, -providers.Sum(each => each.UnderWay.Sum()));
        Stands(Account.Losses, book.Payments.Sum(each => each.Overdrawn));
        Stands(Account.Fees, _fees + _charged);
        Stands(Account.PayoutsInTransit, _inTransit);
        Stands(Account.Bank, _arrived - _charged - _left);
        foreach (var provider in Providers)
        {
            var theirs = providers.FindAll(each => each.Provider == provider);
            Stands(Account.TakenBy(provider), theirs.Sum(each => each.Amount - each.Given.Sum() - each.TakenBack) - _paidOut[provider]);
        }

        foreach (var account in new[] { Account.Differences, Account.WriteOffs })
        {
            Stands(account, _writtenOff.FindAll(each => each.Account == account).Sum(each => book.Of(each.Id).Allocated));
        }

        Assert.Equal(0m, journal.Values.Sum());

        void Stands(string account, decimal expected) =>
            Assert.Equal((account, expected), (account, journal.GetValueOrDefault(account, 0m)));
    }

    private void Receive(Book book)
    {
        var place = _random.Next(Providers.Length + 1);
        var provider = place < Providers.Length ? Providers[place] : "till";
        var money = new Money(PaymentId.New(), provider, _random.Next(1, 20000) / 100m);
        _received.Add(money);
        book.Receive(ProviderMoney.Of(money.Id, provider, money.Amount, book.At));
        // One payment for several invoices, or for none yet.
        foreach (var invoice in Invoices.Where(_ => _random.Next(3) == 0))
        {
            book.Allocate(money.Id, invoice);
        }
    }

    private void AllocateAgain(Book book, Money money)
    {
        foreach (var invoice in Invoices)
        {
            book.Allocate(money.Id, invoice);
        }
    }

    private void Fly(Book book, InvoiceId invoice)
    {
        if (_inFlight[invoice] > 0m && _random.Next(2) == 0)
        {
            var landed = Part(_inFlight[invoice]);
            _inFlight[invoice] -= landed;
            book.End(invoice, landed);
        }
        else
        {
            var started = _random.Next(1, 10000) / 100m;
            _inFlight[invoice] += started;
            book.Start(invoice, started);
        }
    }

    private void PayOut(Book book)
    {
        if (_inTransit > 0m && _random.Next(2) == 0)
        {
            var arrived = Part(_inTransit);
            (_inTransit, _arrived) = (_inTransit - arrived, _arrived + arrived);
            book.ArrivePayout(Currency.Eur, arrived);
            return;
        }

        var provider = Providers[_random.Next(Providers.Length)];
        if (_inTransit > 0m && _random.Next(4) == 0)
        {
            var failed = Part(_inTransit);
            (_inTransit, _paidOut[provider]) = (_inTransit - failed, _paidOut[provider] - failed);
            book.FailPayout(provider, Currency.Eur, failed);
            return;
        }

        var (amount, fees) = (_random.Next(1, 9000) / 100m, _random.Next(0, 300) / 100m);
        (_inTransit, _fees) = (_inTransit + amount, _fees + fees);
        _paidOut[provider] += amount + fees;
        book.PayOut(provider, Currency.Eur, amount, fees);
    }

    private InvoiceId? Owing(Book book)
    {
        var owing = Invoices.Where(each => book.Of(each)!.AmountDue > 0m).ToList();
        return owing.Count > 0 ? owing[_random.Next(owing.Count)] : null;
    }

    private T? Any<T>(IReadOnlyList<T> of) => of.Count > 0 ? of[_random.Next(of.Count)] : default;

    /// <summary>All of it one time in three, else some cents.</summary>
    private decimal Part(decimal whole) => _random.Next(3) == 0 ? whole : _random.Next(1, (int)(whole * 100m) + 1) / 100m;

    private decimal Take(List<decimal> from)
    {
        var place = _random.Next(from.Count);
        var amount = from[place];
        from.RemoveAt(place);
        return amount;
    }

    /// <summary>What was received, what is on its way back or gone back, and what was taken back from us.</summary>
    private sealed record Money(PaymentId Id, string Provider, decimal Amount)
    {
        public bool IsProviders => Provider != "till";

        public List<decimal> UnderWay { get; } = [];

        public List<decimal> Given { get; } = [];

        public decimal TakenBack { get; set; }

        /// <summary>What of that the bank's lines have shown leaving.</summary>
        public decimal Left { get; set; }
    }
}
