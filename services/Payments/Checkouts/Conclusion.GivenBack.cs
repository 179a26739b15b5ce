using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;

namespace RetailInvoicing.Payments.Checkouts;

/// <summary>What is told of money that was given back, taken back and given again.</summary>
public sealed partial class Conclusion
{
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
}
