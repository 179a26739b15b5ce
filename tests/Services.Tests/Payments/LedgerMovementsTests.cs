using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class LedgerMovementsTests(Infrastructure infrastructure)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_moves_every_entry_sums_to_zero_and_no_coin_is_lost_or_there_twice(int seed)
    {
        for (var game = 0; game < 50; game++)
        {
            var random = new Random(1000 * seed + game);
            var asked = Enumerable.Range(0, 4).ToDictionary(_ => InvoiceId.New(), _ => random.Next(1, 20000) / 100m);
            var book = new Book(SellerId.Of("s"), Shop.At);
            foreach (var (invoice, total) in asked)
            {
                book.HoldNew(invoice);
                book.Open(invoice, InvoiceKind.Full, Currency.Eur, total, total);
            }

            var play = new LedgerPlay(1000 * seed + game, asked);
            for (var step = 0; step < 120; step++)
            {
                play.Move(book, payment => TakenBy(book, payment));
                play.Agree(book);
            }

            book.Settle();
            Assert.All(book.Entries, entry => Assert.Equal(0m, entry.Lines.Sum(line => line.Amount)));
            var journal = book.Entries.SelectMany(entry => entry.Lines).GroupBy(line => line.Account);
            play.Agree(book, journal.ToDictionary(account => account.Key, account => account.Sum(line => line.Amount)));
            Assert.All(book.Allocations.GroupBy(each => (each.InvoiceId, each.BalanceVersion)), version => Assert.Single(version));
            foreach (var invoice in play.Invoices)
            {
                var lines = book.Entries.Where(entry => entry.InvoiceId == invoice).SelectMany(entry => entry.Lines);
                Assert.Equal(book.Of(invoice)!.AmountDue, lines.Where(line => line.Account == Account.Receivable).Sum(line => line.Amount));
            }
        }
    }

    [Theory]
    [InlineData(20261123)]
    [InlineData(20261124)]
    [InlineData(20261125)]
    public async Task Whatever_moves_every_row_agrees_with_its_journal(int seed)
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        var random = new Random(seed);
        var asked = new Dictionary<InvoiceId, decimal>();
        for (var i = 0; i < 4; i++)
        {
            var total = random.Next(1, 20000) / 100m;
            asked[(await host.HearAsync(Shop.Invoice("s1", total))).InvoiceId] = total;
        }

        var play = new LedgerPlay(seed, asked);
        for (var step = 0; step < 60; step++)
        {
            await host.BookAsync("s1", play.Invoices, play.Payments, (book, taken) => play.Move(book, taken));
            await host.BookAsync("s1", play.Invoices, play.Payments, (book, _) => play.Agree(book));
        }

        var journal = (
            await host.ListAsync<(string Account, decimal Balance)>("select account, sum(amount) from journal_line group by account")
        ).ToDictionary(row => row.Account, row => row.Balance);
        await host.BookAsync("s1", play.Invoices, play.Payments, (book, _) => play.Agree(book, journal));
        await host.BooksAgreeAsync();
        using var http = host.As("s1");
        var trial = await http.GetAsync("/v1/ledger/trial-balance").JsonAsync(200);
        Assert.Equal("0.00", trial.GetProperty("sums").Text("EUR"));
        foreach (var invoice in play.Invoices)
        {
            var stored = await host.QueryAsync<decimal>("select in_flight from balance where invoice_id = @Id", new { Id = invoice.Value });
            Assert.Equal(stored.Coins(), (await http.BalanceAsync(invoice)).Text("inFlight"));
        }
    }

    [Theory]
    [InlineData("order,fail,reverse")]
    [InlineData("order,reverse,fail")]
    public void A_failed_refund_and_a_dispute_come_to_the_same_whichever_is_heard_of_first(string story)
    {
        var (book, invoice, payment) = Paid(100m);

        Tell(book, story, payment, 100m, invoice);

        Assert.Equal(100m, book.Of(invoice)!.AmountDue);
        Assert.Equal((0m, 0m, 0m, 100m, 0m), Stand(book.Of(payment)));
        Assert.Equal(0m, Sum(book, Account.Losses));
        Assert.Equal(0m, Sum(book, Account.TakenBy("stripe")));
    }

    [Fact]
    public void A_dispute_over_money_that_was_given_back_is_the_sellers_loss_until_it_is_won()
    {
        var (book, invoice, payment) = Paid(100m);

        Tell(book, "order,give,reverse", payment, 60m, invoice);
        Assert.Equal((0m, 0m, 60m, 40m, 20m), Stand(book.Of(payment)));
        book.Reverse(payment, 40m, "fraudulent", TakenBy(book, payment));
        // 160 have left of the 100 that came.
        Assert.Equal((0m, 0m, 60m, 40m, 60m), Stand(book.Of(payment)));
        Assert.Equal(60m, Sum(book, Account.Losses));
        Assert.Equal(-60m, Sum(book, Account.TakenBy("stripe")));
        Assert.Equal(100m, book.Of(invoice)!.AmountDue);

        book.UndoReversal(payment, 100m);
        book.Allocate(payment, invoice);
        Assert.Equal((40m, 0m, 60m, 0m, 0m), Stand(book.Of(payment)));
        Assert.Equal(0m, Sum(book, Account.Losses));
        Assert.Equal(60m, book.Of(invoice)!.AmountDue);
        Assert.Equal([60m, 40m], book.Told.OfType<PaymentReversed>().Select(each => each.Amount));
        Assert.Equal(invoice, Assert.Single(book.Told.OfType<PaymentRefunded>()).InvoiceId);
    }

    [Fact]
    public void A_refund_that_was_given_and_came_back_pays_the_invoice_again()
    {
        var (book, invoice, payment) = Paid(100m);

        Tell(book, "order,give,return", payment, 100m, invoice);

        Assert.Equal(0m, book.Of(invoice)!.AmountDue);
        Assert.Equal((100m, 0m, 0m, 0m, 0m), Stand(book.Of(payment)));
        Assert.Equal(100m, Sum(book, Account.TakenBy("stripe")));
    }

    [Fact]
    public void A_payout_leaves_the_provider_with_its_fees_and_reaches_the_bank_later()
    {
        var (book, _, _) = Paid(100m);

        book.PayOut("stripe", Currency.Eur, 98.25m, 1.75m);
        Assert.Equal(0m, Sum(book, Account.TakenBy("stripe")));
        Assert.Equal((1.75m, 98.25m, 0m), (Sum(book, Account.Fees), Sum(book, Account.PayoutsInTransit), Sum(book, Account.Bank)));
        book.ArrivePayout(Currency.Eur, 98.25m);
        Assert.Equal((1.75m, 0m, 98.25m), (Sum(book, Account.Fees), Sum(book, Account.PayoutsInTransit), Sum(book, Account.Bank)));
        // Refunds of a day without payments: the provider collects from the bank.
        book.PayOut("stripe", Currency.Eur, -10m, 0.25m);
        Assert.Equal((9.75m, -10m), (Sum(book, Account.TakenBy("stripe")), Sum(book, Account.PayoutsInTransit)));
    }

    [Fact]
    public void What_the_seller_does_without_settles_the_invoice_and_is_nobodys_money()
    {
        var (book, invoice, _) = Paid(100m, 120m);
        var received = book.Told.OfType<PaymentReceived>().Count();
        var lost = PaymentId.New();

        book.WriteOff(lost, invoice, 20m, Account.WriteOffs);
        book.Settle();
        Assert.Equal((0m, 20m), (book.Of(invoice)!.AmountDue, Sum(book, Account.WriteOffs)));
        Assert.Equal((0m, true), (book.Of(lost).Refundable, book.Of(lost).IsWrittenOff));
        Assert.Equal(invoice, Assert.Single(book.Told.OfType<InvoicePaid>()).InvoiceId);
        Assert.Equal(received, book.Told.OfType<PaymentReceived>().Count());

        book.Release(lost, invoice, 20m);
        Assert.Equal((20m, 0m, 0m), (book.Of(invoice)!.AmountDue, Sum(book, Account.WriteOffs), book.Of(lost).Unallocated));
    }

    [Fact]
    public void What_is_in_flight_counts_up_the_version_and_never_falls_below_nothing()
    {
        var (book, invoice, _) = Paid(40m, 100m);
        var before = book.Of(invoice)!;
        var entries = book.Entries.Count;

        book.Start(invoice, 60m);
        Assert.Equal((60m, 60m, before.Version + 1), Flight(book.Of(invoice)!));
        book.End(invoice, 20m);
        Assert.Equal((40m, 60m, before.Version + 2), Flight(book.Of(invoice)!));
        book.End(invoice, 60m);
        Assert.Equal((0m, 60m, before.Version + 3), Flight(book.Of(invoice)!));
        Assert.Equal(entries, book.Entries.Count);

        static (decimal, decimal, long) Flight(InvoiceBalance balance) => (balance.InFlight, balance.AmountDue, balance.Version);
    }

    [Fact]
    public async Task What_is_in_flight_is_stored_and_shown()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        using var http = host.As("s1");
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;

        await host.BookAsync("s1", [invoice], [], (book, _) => book.Start(invoice, 100m));
        Assert.Equal("100.00", (await http.BalanceAsync(invoice)).Text("inFlight"));
        await host.BookAsync("s1", [invoice], [], (book, _) => book.End(invoice, 100m));
        Assert.Equal("0.00", (await http.BalanceAsync(invoice)).Text("inFlight"));
        Assert.Equal("paid 0.00, refunded 0.00, due 100.00", await http.StandAsync(invoice));
    }

    [Fact]
    public async Task Not_even_a_mistake_of_ours_gives_back_or_takes_back_more_than_was_received()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", ProviderMoney.Unasked);
        var payment = await host.ReceiveAsync("s1", "stripe", 100m);
        Action<Book>[] mistakes =
        [
            book => book.OrderRefund(payment, 100.01m, []),
            book => book.Refund(payment, 100.01m, "R", []),
            book => book.FailRefund(payment, 0.01m),
            book => book.UndoReversal(payment, 0.01m),
        ];

        foreach (var mistake in mistakes)
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() =>
                host.BookAsync("s1", [], [payment], (book, _) => mistake(book))
            );
            Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
        }

        Assert.Equal(100m, await host.QueryAsync<decimal>("select sum(unallocated) from payment_balance"));
        await host.BooksAgreeAsync();
    }

    private static (Book Book, InvoiceId Invoice, PaymentId Payment) Paid(decimal amount, decimal? total = null)
    {
        var (invoice, payment) = (InvoiceId.New(), PaymentId.New());
        var book = new Book(SellerId.Of("s"), Shop.At);
        book.HoldNew(invoice);
        book.Open(invoice, InvoiceKind.Full, Currency.Eur, total ?? amount, total ?? amount);
        book.Receive(ProviderMoney.Of(payment, "stripe", amount, Shop.At, invoice));
        book.Allocate(payment, invoice);
        return (book, invoice, payment);
    }

    private static void Tell(Book book, string story, PaymentId payment, decimal amount, InvoiceId invoice)
    {
        InvoiceId? touched = null;
        foreach (var what in story.Split(','))
        {
            switch (what)
            {
                case "order":
                    touched = book.OrderRefund(payment, amount, TakenBy(book, payment));
                    break;
                case "give":
                    book.GiveRefund(payment, amount, "R", touched);
                    break;
                case "fail":
                    book.FailRefund(payment, amount);
                    book.Allocate(payment, invoice);
                    break;
                case "return":
                    book.ReturnRefund(payment, amount);
                    book.Allocate(payment, invoice);
                    break;
                default:
                    book.Reverse(payment, amount, "fraudulent", TakenBy(book, payment));
                    break;
            }
        }
    }

    private static IReadOnlyList<Allocation> TakenBy(Book book, PaymentId payment) =>
        [
            .. book
                .Allocations.Where(each => each.PaymentId == payment)
                .GroupBy(each => each.InvoiceId)
                .Select(each => each.First() with { Amount = each.Sum(one => one.Amount) })
                .Where(each => each.Amount > 0m),
        ];

    private static (decimal, decimal, decimal, decimal, decimal) Stand(Payment payment) =>
        (payment.Allocated, payment.Unallocated, payment.Refunded, payment.Reversed, payment.Overdrawn);

    private static decimal Sum(Book book, string account) =>
        book.Entries.SelectMany(entry => entry.Lines).Where(line => line.Account == account).Sum(line => line.Amount);
}
