using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class GiveRefundsTests(Infrastructure infrastructure)
{
    private const string Soon = "00:00:00.3";

    [Fact]
    public async Task A_refund_is_given_once_though_the_answer_is_lost_and_a_notice_tells_it_too()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, Soon, fake);
        var (host, http) = shop;
        await using var refunded = await host.ListenAsync(PaymentRefunded.Exchange);
        var (invoice, checkout, payment) = await shop.PaidAsync(100m);
        fake.Loses = 1;

        var asked = await http.RefundAsync(payment, "30.00", "R-1").JsonAsync(201);
        Assert.Equal("asked", asked.Text("state"));
        await StateIsAsync(host, "given");
        var given = Assert.Single(fake.Given);
        await host.TellAsync(fake, FakeProvider.RefundOf(checkout, FakeProvider.ReferenceOf(given.RefundId), 30m, refund: given.RefundId));
        await host.NothingWaitsAsync();

        Assert.Equal([0, 1], fake.RefundCalls.Select(each => each.AskedBefore).Take(2));
        Assert.Equal((FakeProvider.PaymentOf(checkout), 30.00m, checkout), (given.Payment, given.Amount, given.Checkout.CheckoutId));
        Assert.Equal("given", (await http.RefundAsync(payment, "30.00", "R-1").JsonAsync(200)).Text("state"));
        Assert.Equal("paid 100.00, refunded 30.00, due 30.00", await http.StandAsync(invoice));
        Assert.Equal(((string?)"R-1", 30m), Single(await refunded.AtLeastAsync<PaymentRefunded>(1)));
        Assert.Equal(70m, await host.QueryAsync<decimal>("select sum(amount) from journal_line where account = 'provider:fake'"));
        await host.FlightsAgreeAsync();

        static (string?, decimal) Single(IReadOnlyList<PaymentRefunded> told) => (told.Single().Reference, told.Single().Amount);
    }

    [Fact]
    public async Task One_that_the_provider_will_not_give_goes_back_to_the_invoice()
    {
        var fake = new FakeProvider("fake") { Refunds = RefundState.Failed };
        await using var shop = await FakeShop.StartAsync(infrastructure, Soon, fake);
        var (host, http) = shop;
        var (invoice, _, payment) = await shop.PaidAsync(100m);

        await http.RefundAsync(payment, "100.00", "R-1").JsonAsync(201);
        await StateIsAsync(host, "failed");

        var failed = await http.RefundAsync(payment, "100.00", "R-1").JsonAsync(200);
        Assert.Equal(("failed", "insufficient_funds"), (failed.Text("state"), failed.Text("reason")));
        Assert.Equal("paid 200.00, refunded 100.00, due 0.00", await http.StandAsync(invoice));
        Assert.Equal(100m, await host.QueryAsync<decimal>("select sum(amount) from journal_line where account = 'provider:fake'"));
        Assert.Equal(0m, await host.QueryAsync<decimal>("select sum(amount) from journal_line where account = 'refunds-under-way'"));
        // Then it can be given anew.
        fake.Refunds = RefundState.Given;
        await http.RefundAsync(payment, "100.00", "R-2").JsonAsync(201);
        await Eventually.EqualAsync(
            1L,
            () => host.QueryAsync<long>("select count(*) from refund where state = 'given'"),
            "refunds that were given"
        );
        await host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task While_the_provider_does_not_say_it_is_under_way_with_a_reason_and_nobody_else_can_have_the_money()
    {
        var fake = new FakeProvider("fake") { Refunds = RefundState.Asked };
        await using var shop = await FakeShop.StartAsync(infrastructure, Soon, fake);
        var (host, http) = shop;
        var (_, checkout, payment) = await shop.PaidAsync(100m);

        await http.RefundAsync(payment, "60.00", "R-1").JsonAsync(201);
        await Eventually.TrueAsync(
            async () => await host.QueryAsync<string?>("select reason from refund where state = 'asked' and looks > 1") is { Length: > 0 },
            "it says why it is under way"
        );
        await http.RefundAsync(payment, "40.01", "R-2").RefusedAsync(422, "PAY-REFUND-01");

        // A notice says what came of it.
        var refund = fake.RefundCalls.First().RefundId;
        await host.TellAsync(fake, FakeProvider.RefundOf(checkout, "re_1", 60m, refund: refund));
        await StateIsAsync(host, "given");
        await host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task One_that_was_given_and_came_back_is_the_customers_again()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, Soon, fake);
        var (host, http) = shop;
        var (invoice, checkout, payment) = await shop.PaidAsync(100m);
        await http.RefundAsync(payment, "30.00", "R-1").JsonAsync(201);
        await StateIsAsync(host, "given");
        var reference = FakeProvider.ReferenceOf(fake.Given.Single().RefundId);

        await host.TellAsync(fake, FakeProvider.RefundOf(checkout, reference, 30m, RefundState.Failed));
        await StateIsAsync(host, "failed");

        Assert.Equal("paid 130.00, refunded 30.00, due 0.00", await http.StandAsync(invoice));
        Assert.Equal(100m, await host.QueryAsync<decimal>("select sum(amount) from journal_line where account = 'provider:fake'"));
        await host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task Refunds_at_once_and_asked_by_several_instances_never_give_more_than_was_received()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, Soon, fake);
        var (host, http) = shop;
        await using var second = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            FakeProvider.Settings(Soon, fake) with
            {
                Beside = host,
            }
        );
        var (_, _, payment) = await shop.PaidAsync(100m);
        fake.Loses = 3;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => http.RefundAsync(payment, "9.00", $"R-{i}")));
        Assert.Equal(11, answers.Count(each => (int)each.StatusCode == 201));
        await Eventually.EqualAsync(
            11L,
            () => host.QueryAsync<long>("select count(*) from refund where state = 'given'"),
            "refunds that were given"
        );

        Assert.Equal(99m, fake.Given.Sum(each => each.Amount));
        Assert.Equal(1m, await host.QueryAsync<decimal>("select sum(amount) from journal_line where account = 'provider:fake'"));
        await host.FlightsAgreeAsync();
    }

    private static Task StateIsAsync(ServiceHost host, string state) =>
        Eventually.EqualAsync(state, () => host.QueryAsync<string>("select state from refund"), "what became of the refund");
}
