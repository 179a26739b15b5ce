using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Reporting.Takings;
using RetailInvoicing.Services.Tests.Payments;

namespace RetailInvoicing.Services.Tests.Reporting;

public sealed class TakingsTests
{
    private const string Zone = "Europe/Madrid";

    private static readonly DateOnly Day = new(2026, 11, 23);

    [Fact]
    public void Any_order_repetition_and_restart_ends_in_equal_sums_which_are_those_of_the_ledger()
    {
        for (var run = 0; run < 1000; run++)
        {
            var random = new Random(run);
            var (book, told) = Play(run, random);

            var first = Remember.All(told, random);
            var second = Remember.All(told, random);

            Assert.Equal(first, second);
            var accounts = book.Entries.SelectMany(entry => entry.Lines).GroupBy(line => line.Account);
            var ledger = accounts.ToDictionary(account => account.Key, account => account.Sum(line => line.Amount));
            decimal Stands(params string[] names) =>
                ledger.Where(account => names.Any(name => account.Key.StartsWith(name, StringComparison.Ordinal))).Sum(each => each.Value);
            decimal Sum(params string[] kinds) => first.Where(sum => kinds.Contains(sum.Key.Kind)).Sum(sum => sum.Value.Amount);

            Assert.Equal(Stands(Account.Receivable), Sum(SumKind.Owed));
            Assert.Equal(Stands(Account.Receivable), Sum(SumKind.Issued, SumKind.Cancelled, SumKind.Allocated));
            Assert.Equal(-Stands(Account.SalesClearing), Sum(SumKind.Issued, SumKind.Cancelled));
            Assert.Equal(Stands(Account.Fees), Sum(SumKind.Fee));
            // Money is somewhere, or somebody kept it.
            Assert.Equal(
                Stands("till:", "bank", "provider:", Account.PayoutsInTransit, Account.Refunds)
                    - Stands(Account.RefundsUnderWay)
                    + Stands(Account.Fees),
                Sum(SumKind.Received, SumKind.Refunded, SumKind.Reversed, SumKind.Regained)
            );
            Assert.Equal(
                Stands(Account.Differences, Account.WriteOffs),
                -first.Where(sum => sum.Key is { Kind: SumKind.Allocated, Means: "difference" or "write-off" }).Sum(sum => sum.Value.Amount)
            );
            Assert.Equal(
                book.Invoices.Count(invoice => invoice.AmountDue > 0m),
                first.Where(sum => sum.Key.Kind == SumKind.Owed).Sum(sum => sum.Value.Count)
            );
        }
    }

    [Fact]
    public void What_is_paid_with_the_sale_is_never_owed_whichever_is_heard_first()
    {
        var invoice = Shop.Invoice("s", 121m, [Shop.Paid(PaymentMeans.Card, 100m), Shop.Paid(PaymentMeans.Cash, 21m)]);
        var allocated = new[] { Allocated(invoice, 100m, 1), Allocated(invoice, 21m, 2) };
        var remember = new Remember();

        remember.Keep([invoice]);
        var issued = remember.Sums();
        remember.Keep(allocated);

        Assert.Equal(issued, remember.Sums());
        Assert.DoesNotContain(issued, sum => sum.Key.Kind == SumKind.Owed);
        Assert.Equal(-121m, Assert.Single(issued, sum => sum.Key.Kind == SumKind.Allocated).Value.Amount);

        // What is given back of it is owed again from then on, and so is what a till took less than the invoice says.
        remember.Keep([Allocated(invoice, -30m, 3, Shop.At.AddDays(2), "refund")]);
        var owed = Assert.Single(remember.Sums(), sum => sum.Key.Kind == SumKind.Owed);
        Assert.Equal((Day.AddDays(2), 30m, 1L), (owed.Key.Day, owed.Value.Amount, owed.Value.Count));
    }

    [Fact]
    public void A_credit_is_no_money_until_it_is_given_back_and_then_it_is()
    {
        var original = Shop.Invoice("s", 100m);
        var corrective = Shop.Invoice("s", -30m, corrects: original.InvoiceId);
        var credit = PaymentId.New();
        IEvent[] told =
        [
            original,
            corrective,
            Allocated(corrective, -30m, 1, cause: "credit") with
            {
                PaymentId = credit,
            },
            Allocated(original, 20m, 1, cause: "credit") with
            {
                PaymentId = credit,
            },
            // Ten of it are given back by the seller.
            new PaymentRefunded
            {
                EventId = EventId.New(),
                SellerId = original.SellerId,
                PaymentId = credit,
                Currency = Currency.Eur,
                Amount = 10m,
                RefundedAt = Shop.At,
            },
        ];

        for (var seed = 0; seed < 50; seed++)
        {
            var sums = Remember.All(told, new Random(seed));
            Assert.Equal(80m, sums.Where(sum => sum.Key.Kind == SumKind.Owed).Sum(sum => sum.Value.Amount));
            Assert.Equal(70m, sums.Where(sum => sum.Key.Kind == SumKind.Issued).Sum(sum => sum.Value.Amount));
            Assert.Equal(10m, sums.Where(sum => sum.Key is { Kind: SumKind.Allocated, Means: Debt.Credit }).Sum(sum => sum.Value.Amount));
            Assert.Equal((-10m, "credit"), Single(sums, SumKind.Refunded, sum => (sum.Value.Amount, sum.Key.Means)));
            Assert.DoesNotContain(sums, sum => sum.Key.Kind is SumKind.Received or SumKind.Came);
        }
    }

    [Fact]
    public void A_coin_belongs_to_the_last_notice_or_call_before_it_and_to_none_after_thirty_days()
    {
        var invoice = Shop.Invoice("s", 100m);
        IEvent[] told =
        [
            invoice,
            Notice(invoice, "reminder-1", Shop.At.AddDays(31)),
            new ActRecorded
            {
                EventId = EventId.New(),
                SellerId = invoice.SellerId,
                InvoiceId = invoice.InvoiceId,
                Kind = "call",
                RecordedAt = Shop.At.AddDays(35),
            },
            Allocated(invoice, 5m, 1, Shop.At.AddDays(30)),
            Allocated(invoice, 10m, 2, Shop.At.AddDays(33)),
            Allocated(invoice, 20m, 3, Shop.At.AddDays(44)),
            Allocated(invoice, 30m, 4, Shop.At.AddDays(65)),
            Allocated(invoice, 35m, 5, Shop.At.AddDays(66)),
        ];

        for (var seed = 0; seed < 50; seed++)
        {
            var sums = Remember.All(told, new Random(seed));
            Assert.Equal((10m, "email", "reminder-1", 1L), Answer(sums, SumKind.Within7));
            Assert.Equal((20m, "call", "", 1L), Answer(sums, SumKind.Within14));
            Assert.Equal((30m, "call", "", 0L), Answer(sums, SumKind.Within30));
            // What was open when each was made: 95 and 85.
            Assert.Equal(
                ["call 85", "email 95"],
                sums.Where(sum => sum.Key.Kind == SumKind.Touch)
                    .Select(sum => $"{sum.Key.Means} {sum.Value.Amount:0}")
                    .Order(StringComparer.Ordinal)
            );
            Assert.Equal(100m, sums.Where(sum => sum.Key.Kind == SumKind.Came).Sum(sum => sum.Value.Amount));
        }

        static (decimal, string, string, long) Answer(IReadOnlyDictionary<SumKey, SumFigure> sums, string kind) =>
            Single(sums, kind, sum => (sum.Value.Amount, sum.Key.Means, sum.Key.Provider, sum.Value.Count));
    }

    [Fact]
    public void Half_past_midnight_belongs_to_the_day_that_has_begun_in_the_sellers_zone()
    {
        var night = new DateTimeOffset(2026, 11, 22, 23, 30, 0, TimeSpan.Zero);
        var received = new PaymentReceived
        {
            EventId = EventId.New(),
            SellerId = SellerId.Of("s"),
            PaymentId = PaymentId.New(),
            Means = PaymentMeans.DirectDebit,
            Currency = Currency.Eur,
            Amount = 5m,
            ReceivedAt = night,
        };

        Assert.Equal(Day, Assert.Single(TakingFact.Of(received, Zone)).Day);
        Assert.Equal(Day.AddDays(-1), Assert.Single(TakingFact.Of(received, "Atlantic/Canary")).Day);
        Assert.Equal("direct-debit", Assert.Single(TakingFact.Of(received, Zone)).Means);
        // Clocks that go back have their midnight once, and days of 23 and 25 hours begin and end where they do.
        Assert.Equal(TimeSpan.FromHours(25), SellerClock.EndOf(new(2026, 10, 25), Zone) - SellerClock.StartOf(new(2026, 10, 25), Zone));
        Assert.Equal(TimeSpan.FromHours(23), SellerClock.EndOf(new(2026, 3, 29), Zone) - SellerClock.StartOf(new(2026, 3, 29), Zone));
        Assert.Equal("Europe/Madrid", SellerClock.ZoneOf("Nowhere/Land"));
    }

    private static T Single<T>(IReadOnlyDictionary<SumKey, SumFigure> sums, string kind, Func<KeyValuePair<SumKey, SumFigure>, T> of) =>
        of(Assert.Single(sums, sum => sum.Key.Kind == kind));

    /// <summary>A seller's books after some random movements, and everything that was told of them.</summary>
    private static (Book Book, IReadOnlyList<IEvent> Told) Play(int seed, Random random)
    {
        var invoices = Enumerable.Range(0, 3).Select(_ => Shop.Invoice("s", random.Next(1, 20000) / 100m)).ToArray();
        var book = new Book(SellerId.Of("s"), Shop.At);
        foreach (var invoice in invoices)
        {
            book.HoldNew(invoice.InvoiceId);
            book.Open(invoice.InvoiceId, invoice.Kind, invoice.Currency, invoice.Totals.TotalWithVat, Opening.Asked(invoice));
        }

        var play = new LedgerPlay(seed, invoices.ToDictionary(each => each.InvoiceId, each => each.Totals.TotalWithVat));
        for (var step = 0; step < 40; step++)
        {
            play.Move(book, payment => TakenBy(book, payment));
        }

        return (book, [.. invoices, .. book.Told]);
    }

    private static IReadOnlyList<Allocation> TakenBy(Book book, PaymentId payment) =>
        [
            .. book
                .Allocations.Where(each => each.PaymentId == payment)
                .GroupBy(each => each.InvoiceId)
                .Select(each => new Allocation
                {
                    PaymentId = payment,
                    InvoiceId = each.Key,
                    Amount = each.Sum(one => one.Amount),
                })
                .Where(each => each.Amount > 0m),
        ];

    private static PaymentAllocated Allocated(
        InvoiceIssued invoice,
        decimal amount,
        long version,
        DateTimeOffset? at = null,
        string? cause = null
    ) =>
        new()
        {
            EventId = EventId.New(),
            SellerId = invoice.SellerId,
            InvoiceId = invoice.InvoiceId,
            PaymentId = PaymentId.New(),
            Currency = invoice.Currency,
            Amount = amount,
            AmountDue = 0m,
            BalanceVersion = version,
            AllocatedAt = at ?? Shop.At,
            Cause = cause,
        };

    private static DunningNoticeIssued Notice(InvoiceIssued invoice, string step, DateTimeOffset at) =>
        new()
        {
            EventId = EventId.New(),
            SellerId = invoice.SellerId,
            InvoiceId = invoice.InvoiceId,
            NoticeId = NoticeId.New(),
            Step = step,
            Channel = "email",
            IssuedAt = at,
        };

    /// <summary>The projection without its database: facts that are kept once, and sums that change by differences.</summary>
    private sealed class Remember
    {
        private readonly Dictionary<Guid, List<TakingFact>> _facts = [];
        private TakingSums _sums = new();

        /// <summary>Each event, some twice, in any order, in batches of any size; now and then it starts anew from what it kept.</summary>
        public static IReadOnlyDictionary<SumKey, SumFigure> All(IReadOnlyList<IEvent> told, Random random)
        {
            var all = told.Concat(told.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(all);
            var remember = new Remember();
            for (var i = 0; i < all.Length; )
            {
                var size = random.Next(1, 8);
                remember.Keep(all.Skip(i).Take(size));
                i += size;
                if (random.Next(10) == 0)
                {
                    remember.StartAnew();
                }
            }

            return remember.Sums();
        }

        public void Keep(IEnumerable<IEvent> batch)
        {
            foreach (var subject in batch.SelectMany(told => TakingFact.Of(told, Zone)).GroupBy(fact => fact.Subject))
            {
                var had = _facts.GetValueOrDefault(subject.Key, []);
                List<TakingFact> now = [.. had.Concat(subject).DistinctBy(fact => fact.EventId)];
                _sums.AddChange(TakingSums.Of(had), TakingSums.Of(now));
                _facts[subject.Key] = now;
            }
        }

        public IReadOnlyDictionary<SumKey, SumFigure> Sums() => _sums.All.ToDictionary();

        private void StartAnew()
        {
            var kept = new TakingSums();
            foreach (var (key, figure) in _sums.All)
            {
                kept.Add(key, figure.Amount, figure.Count);
            }

            _sums = kept;
        }
    }
}
