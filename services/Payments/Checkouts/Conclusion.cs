using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>
/// What facts of a provider do to a seller's open book. Each has its effect or is put off, because what it follows upon is not known yet;
/// so they may come in any order. Nothing here is stored: <see cref="ConcludeCheckout"/> opens the book and writes down what came of it.
/// </summary>
public sealed class Conclusion(Book book, ProviderAccount account)
{
    private const string Asked = "asked";
    private const string Given = "given";
    private const string Failed = "failed";

    // A page that was opened just before a checkout's end stays open for so long.
    private static readonly TimeSpan PagesOutlive = TimeSpan.FromMinutes(45);

    private readonly Dictionary<Guid, KeptCheckout> _checkouts = [];
    private readonly Dictionary<string, Guid> _orders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PaymentId> _payments = new(StringComparer.Ordinal);
    private readonly List<Allocation> _allocated = [];
    private readonly List<KeptRefund> _refunds = [];
    private readonly Dictionary<Guid, DateTimeOffset> _failedAt = [];
    private readonly HashSet<string> _newPayouts = new(StringComparer.Ordinal);
    private readonly HashSet<Guid> _changed = [];
    private readonly HashSet<Guid> _changedRefunds = [];
    private readonly List<AppliedFact> _applied = [];
    private readonly List<PutOffFact> _putOff = [];
    private readonly List<LeftOver> _leftOver = [];
    private readonly List<TakenPart> _taken = [];
    private readonly List<string> _odd = [];
    private readonly HashSet<PaymentId> _givenBack = [];

    /// <summary>The book that it is written into.</summary>
    public Book Book => book;

    /// <summary>Facts that have had their effect now.</summary>
    public IReadOnlyList<AppliedFact> Applied => _applied;

    /// <summary>Facts that have not, and why.</summary>
    public IReadOnlyList<PutOffFact> PutOff => _putOff;

    /// <summary>Checkouts whose outcome is known now, or known better.</summary>
    public IReadOnlyList<KeptCheckout> Checkouts => [.. _changed.Select(id => _checkouts[id])];

    /// <summary>Refunds that are further than they were, and those that nobody here had ordered.</summary>
    public IReadOnlyList<KeptRefund> Refunds => [.. _refunds.Where(each => _changedRefunds.Contains(each.RefundId))];

    /// <summary>Payments of which no invoice took everything.</summary>
    public IReadOnlyList<LeftOver> LeftOver => _leftOver;

    /// <summary>What invoices took of new payments.</summary>
    public IReadOnlyList<TakenPart> TakenParts => _taken;

    /// <summary>What somebody should look at, in words.</summary>
    public IReadOnlyList<string> Odd => _odd;

    /// <summary>Payments of which something was given back without an order of ours.</summary>
    public IReadOnlyCollection<PaymentId> GivenBackElsewhere => _givenBack;

    /// <summary>Puts a stored checkout on the table.</summary>
    public void Hold(KeptCheckout checkout)
    {
        _checkouts[checkout.CheckoutId] = checkout;
        _orders[checkout.OrderCode] = checkout.CheckoutId;
    }

    /// <summary>Puts a payment on the table by what the provider knows it by; the book holds it.</summary>
    public void Hold(string reference, PaymentId payment) => _payments.TryAdd(reference, payment);

    /// <summary>Puts what an invoice has of a payment on the table, or once had.</summary>
    public void Hold(Allocation allocation) => _allocated.Add(allocation);

    /// <summary>Puts a stored refund on the table.</summary>
    public void Hold(KeptRefund refund) => _refunds.Add(refund);

    /// <summary>When the provider said that a refund was not given.</summary>
    public void HoldFailure(Guid refund, DateTimeOffset at) => _failedAt[refund] = at;

    /// <summary>A payout that was not known before.</summary>
    public void HoldPayout(string reference) => _newPayouts.Add(reference);

    /// <summary>The order in which facts are taken where several are known at once: what others follow upon comes first.</summary>
    public static int Rank(ProviderFact fact) =>
        fact switch
        {
            CheckoutPaid => 0,
            CheckoutEnded => 1,
            RefundEnded => 2,
            TakenBack => 3,
            GivenAgain => 4,
            _ => 5,
        };

    /// <summary>Takes a fact.</summary>
    public void Apply(ProviderFact fact)
    {
        switch (fact)
        {
            case CheckoutPaid paid:
                Take(paid);
                break;
            case CheckoutEnded ended:
                End(ended);
                break;
            case RefundEnded refund:
                GiveBack(refund);
                break;
            case TakenBack taken:
                TakeBack(taken);
                break;
            case GivenAgain again:
                GiveAgain(again);
                break;
            case PaidOut paidOut:
                PayOut(paidOut);
                break;
            default:
                throw new InvalidOperationException($"{fact.GetType().Name} is no fact that is known here");
        }
    }

    /// <summary>
    /// The payment is booked as the provider took it, whenever it did. Each invoice gets its part, as far as it still asks for it; what is
    /// over is the customer's.
    /// </summary>
    private void Take(CheckoutPaid paid)
    {
        if (Find(paid.Checkout) is not { } checkout)
        {
            Wait(paid, "its checkout is not known here");
            return;
        }

        if (_payments.TryGetValue(paid.Reference, out var known))
        {
            Done(paid, "known", checkout.CheckoutId, known);
            return;
        }

        if (paid.Amount <= 0m)
        {
            Wait(paid, "it says that nothing was taken");
            return;
        }

        var payment = PaymentId.New();
        book.Receive(
            new Payment
            {
                PaymentId = payment,
                InvoiceId = checkout.Parts is [var only] ? only.InvoiceId : null,
                CustomerId = checkout.CustomerId is { } customer ? CustomerId.Of(customer) : null,
                Means = paid.Means ?? Account.MeansOf(checkout.Means),
                Provider = account.Provider,
                ProviderReference = paid.Reference,
                Account = Account.TakenBy(account.Provider),
                Currency = paid.Currency,
                Amount = Book.Coins(paid.Amount, paid.Currency),
                Reference = checkout.OrderCode,
                ReceivedAt = paid.At < book.At ? Book.Kept(paid.At) : book.At,
            }
        );
        foreach (var part in checkout.Parts)
        {
            if (checkout.IsOpen)
            {
                book.End(part.InvoiceId, part.Amount);
            }

            if (book.Of(part.InvoiceId) is { } invoice && invoice.Currency == paid.Currency)
            {
                var amount = Math.Max(0m, Math.Min(part.Amount, Math.Min(invoice.AmountDue, book.Of(payment).Unallocated)));
                book.Allocate(payment, part.InvoiceId, amount);
                _taken.Add(new TakenPart(payment, part.InvoiceId, amount));
            }
        }

        _payments[paid.Reference] = payment;
        var isAsAsked = paid.Amount == checkout.Amount && paid.Currency == checkout.Currency;
        if (!isAsAsked)
        {
            _odd.Add(
                $"checkout {checkout.CheckoutId} asked {account.Provider} for {Money.Of(checkout.Amount, checkout.Currency)}, and "
                    + $"{Money.Of(paid.Amount, paid.Currency)} was taken"
            );
        }

        if (book.Of(payment).Unallocated is > 0m and var left)
        {
            _leftOver.Add(new LeftOver(checkout.CheckoutId, payment, Money.Of(left, paid.Currency)));
        }

        Done(
            paid,
            checkout.IsOpen ? "paid"
                : checkout.Standing == CheckoutState.Paid ? "paid-again"
                : "paid-late",
            checkout.CheckoutId,
            payment
        );
        Change(
            checkout with
            {
                State = KeptCheckout.NameOf(CheckoutState.Paid),
                Reference = checkout.Reference ?? paid.Reference,
                PaymentId = checkout.PaymentId ?? payment,
                Reason = isAsAsked ? null : "another-amount",
                EndedAt = checkout.Standing == CheckoutState.Paid ? checkout.EndedAt : book.At,
                NextLookAt = null,
            }
        );
    }

    private void End(CheckoutEnded ended)
    {
        if (Find(ended.Checkout) is not { } checkout)
        {
            Wait(ended, "its checkout is not known here");
            return;
        }

        if (!checkout.IsOpen || ended.State is not (CheckoutState.Failed or CheckoutState.Cancelled or CheckoutState.Expired))
        {
            Done(ended, "nothing", checkout.CheckoutId);
            return;
        }

        foreach (var part in checkout.Parts)
        {
            book.End(part.InvoiceId, part.Amount);
        }

        // Who was declined, or came late, may still be on the provider's page and pay there, and the notice of that may be lost: it is
        // asked about once more.
        var last = checkout.ExpiresAt + PagesOutlive;
        Done(ended, KeptCheckout.NameOf(ended.State), checkout.CheckoutId);
        Change(
            checkout with
            {
                State = KeptCheckout.NameOf(ended.State),
                Reason = ended.Reason,
                EndedAt = book.At,
                NextLookAt = last > book.At ? last : null,
            }
        );
    }

    private void GiveBack(RefundEnded told)
    {
        if (!_payments.TryGetValue(told.Payment, out var payment))
        {
            Wait(told, "its payment is not known here", isForeign: true);
            return;
        }

        if (told.Currency != book.Of(payment).Currency)
        {
            Wait(told, "its payment is in another currency");
            return;
        }

        var ours = Find(payment, told);
        if (ours is not null && ours.Amount != told.Amount)
        {
            _odd.Add(
                $"refund {ours.RefundId} is of {Money.Of(ours.Amount, told.Currency)}, and {account.Provider} says "
                    + $"{Money.Of(told.Amount, told.Currency)}"
            );
        }

        switch (ours?.State, told.State)
        {
            case (null, RefundState.Given):
                GiveBackElsewhere(told, payment);
                break;
            case (Asked, RefundState.Given):
                book.GiveRefund(payment, ours!.Amount, ours.Reference, ours.InvoiceId);
                Change(ours, told, Given, null);
                Done(told, "refund-given", payment: payment, refund: ours.RefundId);
                break;
            case (Asked, RefundState.Failed):
                book.FailRefund(payment, ours!.Amount);
                AllocateAgain(payment);
                Change(ours, told, Failed, told.Reason ?? "the provider will not give it");
                Done(told, "refund-failed", payment: payment, refund: ours.RefundId);
                break;
            case (Given, RefundState.Failed):
                // It did not reach the customer, and came back to the provider.
                book.ReturnRefund(payment, ours!.Amount);
                AllocateAgain(payment);
                Change(ours, told, Failed, told.Reason ?? "it came back to the provider");
                _odd.Add($"refund {ours.RefundId} had been given by {account.Provider} and came back: {told.Reason}");
                Done(told, "refund-failed", payment: payment, refund: ours.RefundId);
                break;
            case (Failed, RefundState.Given) when IsNews(ours!, told):
                GiveBackAfterAll(ours!, told, payment);
                break;
            case (null, RefundState.Failed):
                // Until it is told that it was given; where it never was, there is nothing to book.
                Wait(told, "nobody has said yet that it was given", isForeign: true);
                break;
            default:
                Done(told, "known", payment: payment, refund: ours?.RefundId);
                break;
        }
    }

    /// <summary>Somebody gave money back in the provider's own pages.</summary>
    private void GiveBackElsewhere(RefundEnded told, PaymentId payment)
    {
        // One of ours may be under way for which the provider's answer was lost: it will say which is which when it is asked.
        if (
            told.RefundId is null
            && _refunds.Exists(each =>
                each.PaymentId == payment && each.State == Asked && each.ProviderReference is null && each.Amount == told.Amount
            )
        )
        {
            Wait(told, "one of ours of that amount is under way");
            return;
        }

        if (!IsLeft(told, told.Amount, payment))
        {
            return;
        }

        var touched = book.OrderRefund(payment, told.Amount, Taken(payment));
        var refund = new KeptRefund
        {
            PaymentId = payment,
            // Theirs, so that none of the seller's own references is taken.
            Reference = $"{account.Provider}:{told.Reference}",
            RefundId = told.RefundId ?? Guid.CreateVersion7(),
            Amount = Book.Coins(told.Amount, told.Currency),
            State = Given,
            ProviderReference = told.Reference,
            InvoiceId = touched,
            IsNew = true,
        };
        book.GiveRefund(payment, told.Amount, refund.Reference, touched);
        _refunds.Add(refund);
        _changedRefunds.Add(refund.RefundId);
        _givenBack.Add(payment);
        Done(told, "refund-elsewhere", payment: payment, refund: refund.RefundId);
    }

    /// <summary>Whether so much of a payment can have been given back; what a dispute took of it before that was told is the seller's loss.</summary>
    private bool IsLeft(RefundEnded told, decimal amount, PaymentId payment)
    {
        var lack = amount - LeftOf(payment);
        if (lack > book.Of(payment).Reversed)
        {
            Wait(told, "there is less left of its payment");
            return false;
        }

        if (lack > 0m)
        {
            book.LoseReversed(payment, lack);
        }

        return true;
    }

    /// <summary>A refund of which the provider first said that it would not give it.</summary>
    private void GiveBackAfterAll(KeptRefund ours, RefundEnded told, PaymentId payment)
    {
        if (!IsLeft(told, ours.Amount, payment))
        {
            return;
        }

        var touched = book.OrderRefund(payment, ours.Amount, Taken(payment));
        book.GiveRefund(payment, ours.Amount, ours.Reference, touched);
        Change(ours with { InvoiceId = touched }, told, Given, null);
        _givenBack.Add(payment);
        _odd.Add($"refund {ours.RefundId} was given by {account.Provider} after it had said that it would not");
        Done(told, "refund-given", payment: payment, refund: ours.RefundId);
    }

    private void TakeBack(TakenBack taken)
    {
        if (!_payments.TryGetValue(taken.Payment, out var payment))
        {
            Wait(taken, "its payment is not known here", isForeign: true);
            return;
        }

        if (taken.Currency != book.Of(payment).Currency || taken.Amount <= 0m)
        {
            Wait(taken, "its amount or currency is none of its payment");
            return;
        }

        var before = book.Of(payment).Overdrawn;
        book.Reverse(payment, taken.Amount, taken.Reason, Taken(payment));
        if (book.Of(payment).Overdrawn > before)
        {
            _odd.Add($"{account.Provider} took {Money.Of(taken.Amount, taken.Currency)} of {payment} back, more than is left of it");
        }

        Done(taken, "taken-back", payment: payment);
    }

    private void GiveAgain(GivenAgain again)
    {
        if (!_payments.TryGetValue(again.Payment, out var payment))
        {
            Wait(again, "its payment is not known here", isForeign: true);
            return;
        }

        var held = book.Of(payment);
        if (again.Currency != held.Currency || again.Amount <= 0m)
        {
            Wait(again, "its amount or currency is none of its payment");
            return;
        }

        if (held.Reversed + held.Overdrawn < again.Amount)
        {
            Wait(again, "nobody has said yet that so much was taken back");
            return;
        }

        book.UndoReversal(payment, again.Amount);
        AllocateAgain(payment);
        Done(again, "given-again", payment: payment);
    }

    private void PayOut(PaidOut paidOut)
    {
        if (!_newPayouts.Remove(paidOut.Reference))
        {
            Done(paidOut, "known");
            return;
        }

        book.PayOut(
            account.Provider,
            paidOut.Currency,
            Book.Coins(paidOut.Amount, paidOut.Currency),
            Book.Coins(paidOut.Fees, paidOut.Currency)
        );
        Done(paidOut, "paid-out");
    }

    private KeptCheckout? Find(CheckoutReference reference)
    {
        Guid? id =
            reference.CheckoutId is { } ours ? ours
            : reference.Order is { } order && _orders.TryGetValue(order, out var found) ? found
            : null;
        return id is { } named ? _checkouts.GetValueOrDefault(named) : null;
    }

    private KeptRefund? Find(PaymentId payment, RefundEnded told) =>
        (told.RefundId is { } ours ? _refunds.Find(each => each.PaymentId == payment && each.RefundId == ours) : null)
        ?? _refunds.Find(each => each.PaymentId == payment && each.ProviderReference == told.Reference);

    /// <summary>Later by the provider's clock than that it would not be given: an older notice that comes late changes nothing.</summary>
    private bool IsNews(KeptRefund ours, RefundEnded told) => !_failedAt.TryGetValue(ours.RefundId, out var failed) || told.At > failed;

    private decimal LeftOf(PaymentId payment) => book.Of(payment).Allocated + book.Of(payment).Unallocated;

    /// <summary>What invoices have of a payment, the first that took some first.</summary>
    private List<Allocation> Taken(PaymentId payment) =>
        [
            .. _allocated
                .Concat(book.Allocations)
                .Where(each => each.PaymentId == payment)
                .GroupBy(each => each.InvoiceId)
                .Select(each => new Allocation
                {
                    PaymentId = payment,
                    InvoiceId = each.Key,
                    Amount = each.Sum(one => one.Amount),
                })
                .Where(each => each.Amount > 0m),
        ];

    /// <summary>Money that is there again goes where it was, as far as those invoices still ask for it.</summary>
    private void AllocateAgain(PaymentId payment)
    {
        var once = _allocated.Concat(book.Allocations).Where(each => each.PaymentId == payment).Select(each => each.InvoiceId);
        foreach (var invoice in once.Distinct().ToArray())
        {
            book.Allocate(payment, invoice);
        }
    }

    private void Change(KeptCheckout checkout)
    {
        _checkouts[checkout.CheckoutId] = checkout;
        _changed.Add(checkout.CheckoutId);
    }

    private void Change(KeptRefund before, RefundEnded told, string state, string? reason)
    {
        var at = _refunds.FindIndex(each => each.RefundId == before.RefundId);
        _refunds[at] = before with { State = state, ProviderReference = told.Reference, Reason = reason };
        _changedRefunds.Add(before.RefundId);
        if (state == Failed)
        {
            _failedAt[before.RefundId] = told.At;
        }
    }

    private void Done(ProviderFact fact, string effect, Guid? checkout = null, PaymentId? payment = null, Guid? refund = null) =>
        _applied.Add(
            new AppliedFact
            {
                FactId = fact.FactId,
                At = fact.At,
                Effect = effect,
                CheckoutId = checkout,
                PaymentId = payment,
                RefundId = refund,
            }
        );

    private void Wait(ProviderFact fact, string reason, bool isForeign = false) =>
        _putOff.Add(new PutOffFact(fact.FactId, reason, isForeign));
}

/// <summary>A fact that has had its effect.</summary>
public sealed record AppliedFact
{
    /// <summary>What it is known by with the account.</summary>
    public required string FactId { get; init; }

    /// <summary>When it happened, by the provider's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What came of it.</summary>
    public required string Effect { get; init; }

    /// <summary>The checkout that it is about.</summary>
    public Guid? CheckoutId { get; init; }

    /// <summary>The payment that it is about.</summary>
    public PaymentId? PaymentId { get; init; }

    /// <summary>The refund that it is about.</summary>
    public Guid? RefundId { get; init; }
}

/// <summary>
/// A fact that has to wait, and why. It may be foreign: of a payment that the seller took by that account, but not through us.
/// </summary>
public readonly record struct PutOffFact(string FactId, string Reason, bool IsForeign);

/// <summary>What an invoice took of a new payment.</summary>
public readonly record struct TakenPart(PaymentId PaymentId, InvoiceId InvoiceId, decimal Amount);

/// <summary>What no invoice took of a payment: it was paid twice, or too much was taken.</summary>
public readonly record struct LeftOver(Guid CheckoutId, PaymentId PaymentId, Money Amount);

/// <summary>Money given back through a provider, as its row holds it.</summary>
public sealed record KeptRefund
{
    /// <summary>The payment it is given back from.</summary>
    public PaymentId PaymentId { get; init; }

    /// <summary>What makes it idempotent.</summary>
    public string Reference { get; init; } = "";

    /// <summary>Its id, the idempotency key.</summary>
    public Guid RefundId { get; init; }

    /// <summary>How much, positive.</summary>
    public decimal Amount { get; init; }

    /// <summary>asked, given or failed.</summary>
    public string State { get; init; } = "";

    /// <summary>The provider's id of it.</summary>
    public string? ProviderReference { get; init; }

    /// <summary>The invoice that lost most recently what is given back.</summary>
    public InvoiceId? InvoiceId { get; init; }

    /// <summary>Why it was not given.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether nobody here had ordered it.</summary>
    public bool IsNew { get; init; }
}
