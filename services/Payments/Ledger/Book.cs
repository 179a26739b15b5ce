using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Payments.Payments;
using EventId = RetailInvoicing.Contracts.EventId;

namespace RetailInvoicing.Payments.Ledger;

/// <summary>
/// The pages of a seller's books that one use case has open: each movement changes a balance, a payment and the journal together, and is
/// told. Nothing here is stored; <see cref="KeepBooks"/> opens it under the rows' locks and writes it down whole.
/// </summary>
public sealed partial class Book(SellerId seller, DateTimeOffset at)
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
        var from = _payments[payment];
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
                ReceivedAt = amount > 0m && !from.IsCredit && !from.IsWrittenOff ? from.ReceivedAt : null,
                CorrectiveInvoiceId = from.GivenFor.Contains(after.InvoiceId) ? from.InvoiceId : null,
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
