using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Payments.Payments;
using EventId = RetailInvoicing.Contracts.EventId;

namespace RetailInvoicing.Payments.Ledger;

/// <summary>
/// The pages of a seller's books that one use case has open: each movement changes a balance, a payment and the journal together, and is
/// told. Nothing here is stored; <see cref="KeepBooks"/> opens it under the rows' locks and writes it down whole.
/// </summary>
public sealed class Book(SellerId seller, DateTimeOffset at)
{
    private readonly Dictionary<InvoiceId, InvoiceBalance> _invoices = [];
    private readonly Dictionary<PaymentId, Payment> _payments = [];
    private readonly List<Payment> _received = [];
    private readonly List<Allocation> _allocations = [];
    private readonly List<InvoiceBalance> _settlements = [];
    private readonly List<JournalEntry> _entries = [];
    private readonly List<IEvent> _told = [];

    /// <summary>Whose books they are.</summary>
    public SellerId Seller => seller;

    /// <summary>When the movements happen.</summary>
    public DateTimeOffset At => at;

    /// <summary>Payments and credits that were not there before.</summary>
    public IReadOnlyList<Payment> Received => _received;

    /// <summary>What went to invoices, or was undone.</summary>
    public IReadOnlyList<Allocation> Allocations => _allocations;

    /// <summary>Invoices that nothing is open of any more.</summary>
    public IReadOnlyList<InvoiceBalance> Settlements => _settlements;

    /// <summary>The journal's entries, each balanced.</summary>
    public IReadOnlyList<JournalEntry> Entries => _entries;

    /// <summary>What is to be told, in this order.</summary>
    public IReadOnlyList<IEvent> Told => _told;

    /// <summary>Balances as they are now.</summary>
    public IReadOnlyCollection<InvoiceBalance> Invoices => _invoices.Values;

    /// <summary>Payments as they are now.</summary>
    public IReadOnlyCollection<Payment> Payments => _payments.Values;

    /// <summary>Puts a stored balance on the table.</summary>
    public void Hold(InvoiceBalance invoice) => _invoices[invoice.InvoiceId] = invoice;

    /// <summary>Puts a balance on the table of which nothing is stored; one that is there already stays.</summary>
    public void HoldNew(InvoiceId invoice) => _invoices.TryAdd(invoice, new InvoiceBalance { InvoiceId = invoice, IsNew = true });

    /// <summary>Puts a stored payment on the table.</summary>
    public void Hold(Payment payment) => _payments[payment.PaymentId] = payment;

    /// <summary>An invoice's balance, where the invoice has been heard of.</summary>
    public InvoiceBalance? Of(InvoiceId invoice) => _invoices.TryGetValue(invoice, out var held) && held.Opened ? held : null;

    /// <summary>A payment on the table.</summary>
    public Payment Of(PaymentId payment) => _payments[payment];

    /// <summary>Whether a payment is on the table.</summary>
    public bool Holds(PaymentId payment) => _payments.ContainsKey(payment);

    /// <summary>An invoice was issued: what it asks for is owed. An exchange asks for nothing and is never told as paid.</summary>
    public InvoiceBalance Open(InvoiceId invoice, InvoiceKind kind, Currency currency, decimal totalWithVat, decimal asked)
    {
        var opened = _invoices[invoice] with
        {
            Opened = true,
            Currency = currency,
            TotalWithVat = totalWithVat,
            Asked = asked,
            Settled = kind == InvoiceKind.Exchange,
            Version = _invoices[invoice].Version + 1,
        };
        _invoices[invoice] = opened;
        Enter("invoice-issued", currency, invoice, null, (Account.Receivable, asked), (Account.SalesClearing, -asked));
        return opened;
    }

    /// <summary>Money was received; until an invoice takes it, it is the customer's.</summary>
    public void Receive(Payment payment)
    {
        var received = payment with { Unallocated = payment.Amount - payment.NonSale, Version = 1 };
        _payments[payment.PaymentId] = received;
        _received.Add(received);
        Enter(
            "payment-received",
            payment.Currency,
            payment.InvoiceId,
            payment.PaymentId,
            (payment.Account, payment.Amount),
            (Account.Unallocated, -received.Unallocated),
            (Account.NonSaleItems, -payment.NonSale)
        );
        _told.Add(
            new PaymentReceived
            {
                EventId = EventId.New(),
                SellerId = seller,
                PaymentId = payment.PaymentId,
                InvoiceId = payment.InvoiceId,
                Means = payment.Means,
                Provider = payment.Provider,
                Currency = payment.Currency,
                Amount = Coins(payment.Amount, payment.Currency),
                Reference = payment.Reference,
                ReceivedAt = payment.ReceivedAt,
            }
        );
    }

    /// <summary>
    /// A corrective invoice that reduces gives its customer a credit: the invoice itself has nothing open then. It is no money, so
    /// nothing was received.
    /// </summary>
    public Payment Grant(Payment credit)
    {
        var corrective = _invoices[credit.InvoiceId!.Value];
        var granted = credit with { Amount = -corrective.AmountDue, Unallocated = -corrective.AmountDue, Version = 1 };
        _payments[credit.PaymentId] = granted;
        _received.Add(granted);
        Move(
            "credit-granted",
            corrective,
            credit.PaymentId,
            corrective with
            {
                Paid = corrective.Paid - granted.Amount,
            },
            -granted.Amount,
            cause: "credit"
        );
        return granted;
    }

    /// <summary>An invoice takes what it still asks for out of a payment or credit; gives back how much that is.</summary>
    public decimal Allocate(PaymentId from, InvoiceId to)
    {
        var payment = _payments[from];
        return Of(to) is not { } invoice || invoice.Currency != payment.Currency || payment.Unallocated <= 0m || invoice.AmountDue <= 0m
            ? 0m
            : Allocate(from, to, Math.Min(payment.Unallocated, invoice.AmountDue));
    }

    /// <summary>An invoice takes that much out of a payment or credit; a till that gave money back allocates a negative amount.</summary>
    public decimal Allocate(PaymentId from, InvoiceId to, decimal amount)
    {
        var (payment, invoice) = (_payments[from], _invoices[to]);
        if (amount != 0m)
        {
            _payments[from] = payment with
            {
                Allocated = payment.Allocated + amount,
                Unallocated = payment.Unallocated - amount,
                Version = payment.Version + 1,
            };
            Move(
                "payment-allocated",
                invoice,
                from,
                invoice with
                {
                    Paid = invoice.Paid + amount,
                },
                amount,
                cause: payment.IsCredit ? "credit" : null
            );
        }

        return amount;
    }

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
    }

    /// <summary>A provider sent money to the seller's bank and kept its fees.</summary>
    public void PayOut(string provider, Currency currency, decimal amount, decimal fees) =>
        Enter(
            "paid-out",
            currency,
            null,
            null,
            (Account.Fees, fees),
            (Account.PayoutsInTransit, amount),
            (Account.TakenBy(provider), -(amount + fees))
        );

    /// <summary>What a provider sent is on the bank's account.</summary>
    public void ArrivePayout(Currency currency, decimal amount) =>
        Enter("payout-arrived", currency, null, null, (Account.Bank, amount), (Account.PayoutsInTransit, -amount));

    /// <summary>
    /// The seller does without what an invoice still asks for: a difference within its tolerance, or a debt that it gives up on. No money
    /// came, so nothing was received.
    /// </summary>
    public void WriteOff(PaymentId id, InvoiceId invoice, decimal amount, string account)
    {
        var (before, isDifference) = (_invoices[invoice], account == Account.Differences);
        var lost = new Payment
        {
            PaymentId = id,
            InvoiceId = invoice,
            Means = PaymentMeans.Credit,
            Provider = isDifference ? Payment.DifferenceProvider : Payment.WriteOffProvider,
            Account = account,
            Currency = before.Currency,
            Amount = amount,
            ReceivedAt = at,
            Allocated = amount,
            Version = 1,
        };
        _payments[id] = lost;
        _received.Add(lost);
        var kind = isDifference ? "difference-written-off" : "written-off";
        var cause = isDifference ? "difference" : "write-off";
        Move(kind, before, id, before with { Paid = before.Paid + amount }, amount, account, cause);
    }

    /// <summary>Somebody is at a provider to pay that much of an invoice: it is in flight until its outcome is known.</summary>
    public void Start(InvoiceId invoice, decimal amount)
    {
        var before = _invoices[invoice];
        _invoices[invoice] = before with { InFlight = before.InFlight + amount, Version = before.Version + 1 };
    }

    /// <summary>The outcome is known, whatever it is: that much of an invoice is in flight no more.</summary>
    public void End(InvoiceId invoice, decimal amount)
    {
        var before = _invoices[invoice];
        _invoices[invoice] = before with { InFlight = Math.Max(0m, before.InFlight - amount), Version = before.Version + 1 };
    }

    /// <summary>What an invoice had taken of a payment is the customer's again; a write-off is undone, and nobody's money.</summary>
    public void Release(PaymentId from, InvoiceId by, decimal amount)
    {
        var (payment, invoice) = (_payments[from], _invoices[by]);
        var after = invoice with { Paid = invoice.Paid - amount };
        var released = payment with { Allocated = payment.Allocated - amount, Version = payment.Version + 1 };
        if (payment.IsWrittenOff)
        {
            _payments[from] = released with { Reversed = released.Reversed + amount };
            Move("write-off-undone", invoice, from, after, -amount, payment.Account, "write-off-undone");
            return;
        }

        _payments[from] = released with { Unallocated = released.Unallocated + amount };
        Move("allocation-undone", invoice, from, after, -amount, cause: "undone");
    }

    /// <summary>What is left of the credit that a corrective invoice gave is no longer there; what was given back of it in money stays given.</summary>
    public void Withdraw(PaymentId credit, InvoiceId corrective)
    {
        var (granted, invoice) = (_payments[credit], _invoices[corrective]);
        var left = granted.Unallocated;
        _payments[credit] = granted with { Unallocated = 0m, Refunded = granted.Refunded + left, Version = granted.Version + 1 };
        Move("credit-withdrawn", invoice, credit, invoice with { Paid = invoice.Paid + left }, left, cause: "credit");
    }

    /// <summary>An invoice that should never have been asks for nothing, and is not told as paid.</summary>
    public void Cancel(InvoiceId invoice)
    {
        var before = _invoices[invoice];
        var after = before with { Asked = 0m, Version = before.Version + 1 };
        _invoices[invoice] = after with { Settled = after.AmountDue == 0m };
        Enter(
            "invoice-cancelled",
            before.Currency,
            invoice,
            null,
            (Account.Receivable, -before.Asked),
            (Account.SalesClearing, before.Asked)
        );
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

    /// <summary>Last: invoices that nothing is open of any more are settled, each once; those open again wait for the next time.</summary>
    public void Settle()
    {
        foreach (var invoice in _invoices.Values.Where(held => held.Opened && held.Settled != (held.AmountDue == 0m)).ToArray())
        {
            var settled = invoice.AmountDue == 0m;
            var now = invoice with { Settled = settled, Settlements = invoice.Settlements + (settled ? 1 : 0) };
            _invoices[invoice.InvoiceId] = now;
            if (settled)
            {
                _settlements.Add(now);
                _told.Add(
                    new InvoicePaid
                    {
                        EventId = EventId.New(),
                        SellerId = seller,
                        InvoiceId = now.InvoiceId,
                        Currency = now.Currency,
                        TotalWithVat = Coins(now.TotalWithVat, now.Currency),
                        PaidAt = at,
                    }
                );
            }
        }
    }

    /// <summary>An instant as tables keep it, to the microsecond: a repeated request gets the same answer to the letter.</summary>
    public static DateTimeOffset Kept(DateTimeOffset instant) => instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerMicrosecond));

    /// <summary>An amount with its currency's decimals.</summary>
    public static decimal Coins(decimal amount, Currency currency) => Money.Of(amount, currency).Amount;

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

    private void Move(
        string kind,
        InvoiceBalance before,
        PaymentId payment,
        InvoiceBalance after,
        decimal amount,
        string against = Account.Unallocated,
        string? cause = null
    )
    {
        after = after with { Version = before.Version + 1 };
        _invoices[after.InvoiceId] = after;
        Enter(kind, after.Currency, after.InvoiceId, payment, (against, amount), (Account.Receivable, -amount));
        _allocations.Add(
            new Allocation
            {
                PaymentId = payment,
                InvoiceId = after.InvoiceId,
                Amount = amount,
                BalanceVersion = after.Version,
            }
        );
        _told.Add(
            new PaymentAllocated
            {
                EventId = EventId.New(),
                SellerId = seller,
                InvoiceId = after.InvoiceId,
                PaymentId = payment,
                Currency = after.Currency,
                Amount = Coins(amount, after.Currency),
                AmountDue = Coins(after.AmountDue, after.Currency),
                BalanceVersion = after.Version,
                AllocatedAt = at,
                Cause = cause,
            }
        );
    }

    private void Enter(
        string kind,
        Currency currency,
        InvoiceId? invoice,
        PaymentId? payment,
        params (string Account, decimal Amount)[] lines
    )
    {
        var real = lines.Where(line => line.Amount != 0m).Select(line => new JournalLine(line.Account, line.Amount)).ToArray();
        if (real.Length > 0)
        {
            _entries.Add(
                new JournalEntry
                {
                    Kind = kind,
                    InvoiceId = invoice,
                    PaymentId = payment,
                    OccurredAt = at,
                    Currency = currency,
                    Lines = real,
                }
            );
        }
    }
}
