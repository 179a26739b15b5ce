using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Payments.Payments;
using EventId = RetailInvoicing.Contracts.EventId;

namespace RetailInvoicing.Payments.Ledger;

/// <summary>Money that leaves a payment again, because we give it back or because it is taken from us, and money that comes again.</summary>
public sealed partial class Book
{
    /// <summary>
    /// Money was given back: out of what no invoice has taken first, then out of the invoices that took it, the last one first; what they
    /// lose is open again.
    /// </summary>
    public void Refund(PaymentId from, decimal amount, string reference, IReadOnlyList<Allocation> taken)
    {
        var touched = GiveUp(from, amount, taken, "refund");
        var refunded = _payments[from];
        _payments[from] = refunded with
        {
            Unallocated = refunded.Unallocated - amount,
            Refunded = refunded.Refunded + amount,
            Version = refunded.Version + 1,
        };
        Enter("payment-refunded", refunded.Currency, touched, from, (Account.Unallocated, amount), (Account.Refunds, -amount));
        Tell(refunded, amount, reference, touched);
    }

    /// <summary>
    /// A provider is asked to give money back, out of the same places as <see cref="Refund"/>: from now on nobody else can have it. It is
    /// told when it was given. The result is the invoice that lost some of it, the last one that had taken any.
    /// </summary>
    public InvoiceId? OrderRefund(PaymentId from, decimal amount, IReadOnlyList<Allocation> taken)
    {
        var touched = GiveUp(from, amount, taken, "refund");
        var ordered = _payments[from];
        _payments[from] = ordered with
        {
            Unallocated = ordered.Unallocated - amount,
            Refunded = ordered.Refunded + amount,
            Version = ordered.Version + 1,
        };
        Enter("refund-ordered", ordered.Currency, touched, from, (Account.Unallocated, amount), (Account.RefundsUnderWay, -amount));
        return touched;
    }

    /// <summary>The provider gave back what it was asked for: it is there no more.</summary>
    public void GiveRefund(PaymentId from, decimal amount, string reference, InvoiceId? touched = null)
    {
        var given = _payments[from];
        _payments[from] = given with { Version = given.Version + 1 };
        Enter("refund-given", given.Currency, touched, from, (Account.RefundsUnderWay, amount), (given.Account, -amount));
        Tell(given, amount, reference, touched);
    }

    /// <summary>The provider will not give back what it was asked for: it is the customer's, until an invoice takes it again.</summary>
    public void FailRefund(PaymentId from, decimal amount)
    {
        var payment = _payments[from];
        Regain("refund-failed", payment with { Refunded = payment.Refunded - amount }, amount, Account.RefundsUnderWay);
    }

    /// <summary>What a provider had given back never reached the customer and is the provider's again: the customer has it still.</summary>
    public void ReturnRefund(PaymentId from, decimal amount)
    {
        var payment = _payments[from];
        Regain("refund-returned", payment with { Refunded = payment.Refunded - amount }, amount, payment.Account);
        TellMoved("refund-returned", payment.Currency, amount, provider: payment.Provider, payment: from);
    }

    /// <summary>
    /// Money was taken back from us, by a dispute or a returned debit: what invoices lose is open again, as with <see cref="Refund"/>. What
    /// is not left of the payment, because it was given back or is under way to it, is the seller's loss.
    /// </summary>
    public void Reverse(PaymentId from, decimal amount, string? reason, IReadOnlyList<Allocation> taken)
    {
        var left = Math.Min(amount, Math.Max(0m, _payments[from].Allocated + _payments[from].Unallocated));
        var lost = amount - left;
        var touched = GiveUp(from, left, taken, "reversal");
        var reversed = _payments[from];
        _payments[from] = reversed with
        {
            Unallocated = reversed.Unallocated - left,
            Reversed = reversed.Reversed + left,
            Overdrawn = reversed.Overdrawn + lost,
            Version = reversed.Version + 1,
        };
        Enter(
            "payment-reversed",
            reversed.Currency,
            touched,
            from,
            (Account.Unallocated, left),
            (Account.Losses, lost),
            (reversed.Account, -amount)
        );
        _told.Add(
            new PaymentReversed
            {
                EventId = EventId.New(),
                SellerId = seller,
                PaymentId = from,
                InvoiceId = touched,
                Currency = reversed.Currency,
                Amount = Coins(amount, reversed.Currency),
                Reason = reason,
                ReversedAt = at,
            }
        );
    }

    /// <summary>A dispute was won: what had been taken back is ours again, and the customer's until an invoice takes it.</summary>
    public void UndoReversal(PaymentId from, decimal amount)
    {
        var payment = _payments[from];
        Regain("reversal-undone", payment with { Reversed = payment.Reversed - amount }, amount, payment.Account);
        TellMoved("reversal-undone", payment.Currency, amount, provider: payment.Provider, payment: from);
    }

    /// <summary>What was taken back had been given back before, as is told only now: that much of it is the seller's loss.</summary>
    public void LoseReversed(PaymentId from, decimal amount)
    {
        var payment = _payments[from];
        _payments[from] = payment with
        {
            Reversed = payment.Reversed - amount,
            Overdrawn = payment.Overdrawn + amount,
            Unallocated = payment.Unallocated + amount,
            Version = payment.Version + 1,
        };
        Enter("reversal-lost", payment.Currency, null, from, (Account.Losses, amount), (Account.Unallocated, -amount));
    }

    /// <summary>
    /// As much of an amount as is not unallocated leaves the invoices that took it, the last one first. The result is the first that lost
    /// some.
    /// </summary>
    private InvoiceId? GiveUp(PaymentId from, decimal amount, IReadOnlyList<Allocation> taken, string cause)
    {
        var rest = Math.Max(0m, amount - _payments[from].Unallocated);
        InvoiceId? touched = null;
        foreach (var allocation in taken.Reverse())
        {
            var back = Math.Min(rest, allocation.Amount);
            if (back <= 0m)
            {
                continue;
            }

            var (payment, invoice) = (_payments[from], _invoices[allocation.InvoiceId]);
            _payments[from] = payment with { Allocated = payment.Allocated - back, Unallocated = payment.Unallocated + back };
            Move("allocation-undone", invoice, from, invoice with { Refunded = invoice.Refunded + back }, -back, cause: cause);
            touched ??= allocation.InvoiceId;
            rest -= back;
        }

        return touched;
    }

    /// <summary>
    /// Money that had left a payment is there again. What was taken back from us beyond what was left of the payment then is made up for
    /// first: so it does not matter which of the two is heard of first.
    /// </summary>
    private void Regain(string kind, Payment payment, decimal amount, string account)
    {
        var loss = Math.Min(payment.Overdrawn, amount);
        _payments[payment.PaymentId] = payment with
        {
            Unallocated = payment.Unallocated + amount - loss,
            Reversed = payment.Reversed + loss,
            Overdrawn = payment.Overdrawn - loss,
            Version = payment.Version + 1,
        };
        Enter(
            kind,
            payment.Currency,
            null,
            payment.PaymentId,
            (account, amount),
            (Account.Unallocated, loss - amount),
            (Account.Losses, -loss)
        );
    }

    private void Tell(Payment payment, decimal amount, string reference, InvoiceId? touched) =>
        _told.Add(
            new PaymentRefunded
            {
                EventId = EventId.New(),
                SellerId = seller,
                PaymentId = payment.PaymentId,
                InvoiceId = touched,
                Currency = payment.Currency,
                Amount = Coins(amount, payment.Currency),
                Reference = reference,
                RefundedAt = at,
            }
        );
}
