using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;

namespace RetailInvoicing.Benchmarks.Collections;

/// <summary>A customer of one of the sellers, whose clock may be another's.</summary>
internal sealed record RemindedCustomer(
    int Index,
    PolicyRule Policy,
    OwnZone Zone,
    Address Address,
    string? Email,
    string? Phone,
    bool Bounces
)
{
    public string Key => $"c{Index}";
}

/// <summary>An invoice's truth: what is due, under way, held, promised and disputed at any instant. The service knows it by events alone.</summary>
internal sealed class RemindedInvoice
{
    public required RemindedCustomer Customer { get; init; }

    public required InvoiceId Id { get; init; }

    public required string Number { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateOnly IssueDate { get; init; }

    public required DateOnly DueDate { get; init; }

    public required decimal Total { get; init; }

    /// <summary>What is due from when on, the earliest first.</summary>
    public List<(DateTimeOffset At, decimal Due)> Dues { get; } = [];

    /// <summary>When something of it was under way.</summary>
    public List<(DateTimeOffset From, DateTimeOffset To)> Flights { get; } = [];

    /// <summary>Holds that the service took, by when.</summary>
    public List<(DateTimeOffset From, DateTimeOffset? To)> Holds { get; } = [];

    /// <summary>Promises that the service took: from when, and the last day.</summary>
    public List<(DateTimeOffset From, DateOnly Day)> Promises { get; } = [];

    /// <summary>Disputes that the service took.</summary>
    public List<(DateTimeOffset From, DateTimeOffset? To, decimal Amount)> Disputes { get; } = [];

    /// <summary>Events of it that the service has not taken yet.</summary>
    public int Untold { get; set; }

    /// <summary>Steps that went and did not come back, with the channels that they went by.</summary>
    public Dictionary<string, List<string>> Went { get; } = new(StringComparer.Ordinal);

    /// <summary>Steps that are with a message which came back.</summary>
    public HashSet<string> CameBack { get; } = new(StringComparer.Ordinal);

    public decimal DueAt(DateTimeOffset instant) => Dues.LastOrDefault(each => each.At <= instant).Due;

    public bool IsInFlight(DateTimeOffset instant) => Flights.Any(each => each.From <= instant && instant < each.To);

    public bool IsHeld(DateTimeOffset instant) => Holds.Any(each => each.From <= instant && (each.To is null || instant < each.To));

    public bool IsPromised(DateTimeOffset instant) => Promises.Any(each => each.From <= instant && Customer.Zone.Day(instant) <= each.Day);

    public decimal DisputedAt(DateTimeOffset instant) =>
        Math.Min(
            DueAt(instant),
            Disputes.Where(each => each.From <= instant && (each.To is null || instant < each.To)).Sum(each => each.Amount)
        );
}

/// <summary>Something that happens at an instant: an event that is told, or somebody's act.</summary>
internal sealed record Happening(DateTimeOffset At, RemindedInvoice Invoice)
{
    /// <summary>The event; none for an act.</summary>
    public IEvent? Told { get; init; }

    /// <summary>hold, release, promise, dispute or resolve.</summary>
    public string? Act { get; init; }

    /// <summary>Days that the act is for.</summary>
    public int Days { get; init; }

    /// <summary>How much of it, where it is not all.</summary>
    public decimal? Amount { get; init; }
}

/// <summary>Customers, invoices and what happens to them over the trial's days; the same for the same seed.</summary>
internal sealed class ReminderWorld
{
    private readonly Random _random;
    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset _to;
    private readonly List<Happening> _happenings = [];

    public ReminderWorld(int seed, int invoices, DateTimeOffset from, DateTimeOffset to)
    {
        (_random, _from, _to) = (new Random(seed), from, to);
        Customers = [.. Enumerable.Range(0, Math.Max(30, invoices / 8)).Select(Customer)];
        Invoices = [.. Enumerable.Range(0, invoices).Select(Invoice)];
        // Told in the order of their instants, but for those of one invoice, whose instants are shuffled already.
        Happenings = [.. _happenings.OrderBy(each => each.At)];
    }

    public IReadOnlyList<RemindedCustomer> Customers { get; }

    public IReadOnlyList<RemindedInvoice> Invoices { get; }

    public IReadOnlyList<Happening> Happenings { get; }

    private RemindedCustomer Customer(int index)
    {
        var policy = PolicyRule.All[index % PolicyRule.All.Length];
        // A fifth lives where another seller is.
        var zone = Chance(0.2) ? PolicyRule.All[_random.Next(PolicyRule.All.Length)].Zone : policy.Zone;
        var address =
            zone == OwnZone.NewYork
                ? new Address
                {
                    City = "New York",
                    Region = "NY",
                    PostalCode = "10001",
                    Country = "US",
                }
            : zone == OwnZone.Canary ? new Address { City = "Las Palmas", PostalCode = "35001" }
            : new Address { City = "Madrid", PostalCode = "28013" };
        return new RemindedCustomer(
            index,
            policy,
            zone,
            address,
            Chance(0.95) ? $"c{index}@example.com" : null,
            Chance(0.7) ? $"+346{index:00000000}" : null,
            Chance(0.05)
        );
    }

    private RemindedInvoice Invoice(int index)
    {
        var customer = Customers[_random.Next(Customers.Count)];
        var issuedAt = At(_from, (_to - _from).TotalDays * _random.NextDouble() * 0.97);
        var issued = customer.Policy.Zone.Day(issuedAt);
        var invoice = new RemindedInvoice
        {
            Customer = customer,
            Id = InvoiceId.Of(RandomId()),
            Number = $"F-{index}",
            IssuedAt = issuedAt,
            IssueDate = issued,
            DueDate = issued.AddDays(Chance(0.5) ? 30 : 15),
            Total = 10m + decimal.Round((decimal)(_random.NextDouble() * 990), 2, MidpointRounding.AwayFromZero),
        };
        invoice.Dues.Add((issuedAt, invoice.Total));
        Tell(invoice, issuedAt, Issued(invoice));
        var due = customer.Policy.Zone.Earliest(invoice.DueDate, new TimeOnly(12, 0));
        switch (_random.Next(100))
        {
            case < 35:
                Pay(invoice, Later(invoice, At(due, -20 * _random.NextDouble())), 0m);
                break;
            case < 65:
                Pay(invoice, At(due, 40 * _random.NextDouble()), 0m);
                break;
            case < 75:
                var rest = decimal.Round(invoice.Total / 3, 2, MidpointRounding.AwayFromZero);
                var first = Later(invoice, At(due, -5 + 20 * _random.NextDouble()));
                Pay(invoice, first, rest);
                Pay(invoice, At(first, 1 + 40 * _random.NextDouble()), 0m);
                break;
            case < 83:
                var paid = Later(invoice, At(due, -3));
                Pay(invoice, paid, 0m);
                var reversed = At(paid, 5 + 10 * _random.NextDouble());
                Balance(invoice, reversed, invoice.Total);
                Pay(invoice, At(reversed, 5 + 20 * _random.NextDouble()), 0m);
                break;
            case < 87:
                var cancelled = Later(invoice, At(due, -10 + 30 * _random.NextDouble()));
                invoice.Dues.Add((cancelled, 0m));
                Tell(
                    invoice,
                    cancelled,
                    new InvoiceCancelled
                    {
                        EventId = EventId.New(),
                        SellerId = SellerId.Of(customer.Policy.SellerId),
                        InvoiceId = invoice.Id,
                        Number = invoice.Number,
                        CancelledAt = cancelled,
                    }
                );
                break;
        }

        if (Chance(0.08))
        {
            // Begun and come to nothing.
            var begun = Later(invoice, At(due, 25 * _random.NextDouble()));
            invoice.Flights.Add((begun, At(begun, 0.1 + 5 * _random.NextDouble())));
        }

        Acts(invoice, due);
        return invoice;
    }

    private void Acts(RemindedInvoice invoice, DateTimeOffset due)
    {
        if (Chance(0.10))
        {
            Act(invoice, At(due, -2 + 22 * _random.NextDouble()), "promise", 2 + _random.Next(9));
        }

        if (Chance(0.08))
        {
            var raised = At(due, -5 + 20 * _random.NextDouble());
            decimal? part = Chance(0.5) ? decimal.Round(invoice.Total / 4, 2, MidpointRounding.AwayFromZero) : null;
            Act(invoice, raised, "dispute", 0, part);
            Act(invoice, At(raised, 3 + 27 * _random.NextDouble()), "resolve", 0);
        }

        if (Chance(0.06))
        {
            var held = At(due, -5 + 15 * _random.NextDouble());
            Act(invoice, held, "hold", 0);
            Act(invoice, At(held, 2 + 18 * _random.NextDouble()), "release", 0);
        }
    }

    private void Act(RemindedInvoice invoice, DateTimeOffset at, string act, int days, decimal? amount = null) =>
        _happenings.Add(
            new Happening(Later(invoice, at), invoice)
            {
                Act = act,
                Days = days,
                Amount = amount,
            }
        );

    private void Pay(RemindedInvoice invoice, DateTimeOffset at, decimal left)
    {
        if (Chance(0.3))
        {
            var begun = At(at, -0.05 - 4 * _random.NextDouble());
            invoice.Flights.Add((Later(invoice, begun), at));
        }

        Balance(invoice, at, left);
        if (left == 0m)
        {
            Tell(
                invoice,
                at,
                new InvoicePaid
                {
                    EventId = EventId.New(),
                    SellerId = SellerId.Of(invoice.Customer.Policy.SellerId),
                    InvoiceId = invoice.Id,
                    Currency = Currency.Eur,
                    TotalWithVat = invoice.Total,
                    PaidAt = at,
                }
            );
        }
    }

    private void Balance(RemindedInvoice invoice, DateTimeOffset at, decimal due)
    {
        var before = invoice.Dues[^1].Due;
        invoice.Dues.Add((at, due));
        Tell(
            invoice,
            at,
            new PaymentAllocated
            {
                EventId = EventId.New(),
                SellerId = SellerId.Of(invoice.Customer.Policy.SellerId),
                InvoiceId = invoice.Id,
                PaymentId = PaymentId.New(),
                Currency = Currency.Eur,
                Amount = before - due,
                AmountDue = due,
                BalanceVersion = invoice.Dues.Count,
                AllocatedAt = at,
            }
        );
    }

    /// <summary>Told after a while, one in twenty after days, one in five twice: so they are out of order too.</summary>
    private void Tell(RemindedInvoice invoice, DateTimeOffset at, IEvent told)
    {
        for (var times = Chance(0.2) ? 2 : 1; times > 0; times--)
        {
            invoice.Untold++;
            var late = Chance(0.05) ? 2 * _random.NextDouble() : 0.1 * _random.NextDouble();
            _happenings.Add(new Happening(At(at, late), invoice) { Told = told });
        }
    }

    private static InvoiceIssued Issued(RemindedInvoice invoice)
    {
        var customer = invoice.Customer;
        var vat = new InvoiceVatBody { Category = "S", Rate = 21m };
        var taxable = decimal.Round(invoice.Total / 1.21m, 2, MidpointRounding.AwayFromZero);
        return new InvoiceIssued
        {
            EventId = EventId.New(),
            SellerId = SellerId.Of(customer.Policy.SellerId),
            InvoiceId = invoice.Id,
            Kind = InvoiceKind.Full,
            TypeCode = "380",
            Status = InvoiceStatus.Issued,
            Number = invoice.Number,
            Series = "F",
            IssueDate = invoice.IssueDate,
            OperationDate = invoice.IssueDate,
            DueDate = invoice.DueDate,
            IssuedAt = invoice.IssuedAt,
            SaleIds = [SaleId.Of($"sale-{invoice.Number}")],
            StoreId = StoreId.Of("S01"),
            TillId = "T1",
            Currency = Currency.Eur,
            Seller = new InvoiceParty { Name = customer.Policy.SellerId },
            Buyer = new InvoiceParty
            {
                Name = customer.Key,
                CustomerId = CustomerId.Of(customer.Key),
                Email = customer.Email,
                Phone = customer.Phone,
                Address = customer.Address,
                Business = customer.Index % 2 == 0,
            },
            Lines =
            [
                new InvoiceLineBody
                {
                    LineId = "1",
                    Name = "Portavelas",
                    Quantity = 1m,
                    Unit = "C62",
                    UnitPrice = invoice.Total,
                    NetPrice = taxable,
                    LineNetAmount = taxable,
                    LineGrossAmount = invoice.Total,
                    Vat = vat,
                },
            ],
            VatBreakdown =
            [
                new VatBreakdownBody
                {
                    Category = "S",
                    Rate = 21m,
                    TaxableAmount = taxable,
                    VatAmount = invoice.Total - taxable,
                },
            ],
            Totals = new InvoiceTotals
            {
                LineTotal = taxable,
                AllowanceTotal = 0m,
                ChargeTotal = 0m,
                TotalWithoutVat = taxable,
                VatTotal = invoice.Total - taxable,
                TotalWithVat = invoice.Total,
                PaidAmount = 0m,
                RoundingAmount = 0m,
                AmountDue = invoice.Total,
            },
            PaymentReference = $"RF{invoice.Number}",
            Fiscal = new FiscalBody
            {
                Regime = "none",
                Environment = SellerEnvironment.Test,
                RecordType = "F1",
                Submission = FiscalSubmission.NotRequired,
            },
        };
    }

    /// <summary>Nothing happens to an invoice before it is there.</summary>
    private static DateTimeOffset Later(RemindedInvoice invoice, DateTimeOffset at) =>
        at > invoice.Dues[^1].At ? at : invoice.Dues[^1].At.AddMinutes(7);

    /// <summary>Whole seconds, so that an instant in a database is the same instant.</summary>
    private static DateTimeOffset At(DateTimeOffset from, double days) =>
        DateTimeOffset.FromUnixTimeSeconds(from.ToUnixTimeSeconds() + (long)(days * 86_400));

    private bool Chance(double share) => _random.NextDouble() < share;

    private Guid RandomId()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
