using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>
/// What facts of a provider do to a seller's open book. Each has its effect or is put off, because what it follows upon is not known yet;
/// so they may come in any order. Nothing here is stored: <see cref="ConcludeCheckout"/> opens the book and writes down what came of it.
/// </summary>
public sealed partial class Conclusion(Book book, ProviderAccount account)
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
    private readonly Dictionary<string, KeptPayout> _payouts = new(StringComparer.Ordinal);
    private readonly List<KeptPayout> _failedPayouts = [];
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

    /// <summary>Payouts that the provider has again.</summary>
    public IReadOnlyList<KeptPayout> FailedPayouts => _failedPayouts;

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

    /// <summary>Puts a payout on the table that is told to have failed.</summary>
    public void Hold(KeptPayout payout) => _payouts[payout.Reference] = payout;

    /// <summary>The order in which facts are taken where several are known at once: what others follow upon comes first.</summary>
    public static int Rank(ProviderFact fact) =>
        fact switch
        {
            CheckoutPaid => 0,
            CheckoutEnded => 1,
            RefundEnded => 2,
            TakenBack => 3,
            GivenAgain => 4,
            PaidOut => 5,
            _ => 6,
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
            case PayoutFailed failed:
                FailPayout(failed);
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

    private KeptCheckout? Find(CheckoutReference reference)
    {
        Guid? id =
            reference.CheckoutId is { } ours ? ours
            : reference.Order is { } order && _orders.TryGetValue(order, out var found) ? found
            : null;
        return id is { } named ? _checkouts.GetValueOrDefault(named) : null;
    }

    private void Change(KeptCheckout checkout)
    {
        _checkouts[checkout.CheckoutId] = checkout;
        _changed.Add(checkout.CheckoutId);
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
