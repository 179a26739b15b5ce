using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>Never more is given back than was received, whoever refunds at the same time and by whatever way.</summary>
public sealed class RefundLimitTests(Infrastructure infrastructure)
{
    private const int AtOnce = 32;

    [Fact]
    public async Task Thirty_two_refunds_at_once_of_a_transfer_give_back_what_there_is_and_no_more()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;
        var payment = (await http.PayAsync(invoice, "100.00", "T-1").JsonAsync(201)).Text("paymentId")!;

        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => http.RefundAsync(payment, "7.00", $"R-{i}")));

        Assert.Equal(14, answers.Count(each => (int)each.StatusCode == 201));
        Assert.Equal(18, answers.Count(each => (int)each.StatusCode == 422));
        Assert.Equal(98m, await host.QueryAsync<decimal>("select sum(amount) from refund"));
        Assert.Equal("paid 100.00, refunded 98.00, due 98.00", await http.StandAsync(invoice));
        await http.RefundAsync(payment, "2.01", "R-last").RefusedAsync(422, "PAY-REFUND-01");
        await http.RefundAsync(payment, "2.00", "R-last").JsonAsync(201);
        await host.BooksAgreeAsync();
    }

    [Fact]
    public async Task Thirty_two_refunds_at_once_by_Stripe_give_back_what_there_is_and_no_more()
    {
        await using var shop = await SimulatedShop.StartAsync(infrastructure);
        await shop.KeepStripeAsync();
        var (invoice, _, payment) = await shop.PaidAsync(100m);
        // Some of the answers are lost after the money was given.
        await shop.Stripe.AskForAsync(new { kind = "lost-answer", times = 5 });

        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => shop.Http.RefundAsync(payment, "7.00", $"R-{i}")));

        Assert.Equal(14, answers.Count(each => (int)each.StatusCode == 201));
        await Eventually.EqualAsync(
            14L,
            () => shop.Host.QueryAsync<long>("select count(*) from refund where state = 'given'"),
            "refunds that were given"
        );
        var books = await shop.Stripe.BooksAsync();
        Assert.Equal("98.00", Assert.Single(books.GetProperty("payments").EnumerateArray()).Text("refunded"));
        Assert.Equal(14, books.GetProperty("refunds").GetArrayLength());
        Assert.Equal("paid 100.00, refunded 98.00, due 98.00", await shop.Http.StandAsync(invoice));
        Assert.Equal((2m, 0m), (await shop.Host.StandsAsync("provider:stripe"), await shop.Host.StandsAsync("refunds-under-way")));
        await shop.Host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task Refunds_by_the_door_and_in_the_providers_own_pages_at_once_never_come_to_more_than_was_received()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, "00:00:00.3", fake);
        var (host, http) = shop;
        var (_, checkout, payment) = await shop.PaidAsync(100m);

        var doors = Enumerable.Range(0, AtOnce).Select(i => http.RefundAsync(payment, "7.00", $"R-{i}"));
        var pages = Enumerable
            .Range(0, AtOnce)
            .Select(i => host.TellAsync(fake, FakeProvider.RefundOf(checkout, $"re_page_{i}", 6m, RefundState.Given)));
        await Task.WhenAll([.. doors.Select(each => (Task)each), .. pages]);
        await Eventually.TrueAsync(
            async () =>
                await host.QueryAsync<long>("select count(*) from refund where state = 'asked'") == 0
                && await host.QueryAsync<long>("select count(*) from provider_notice where state = 'waiting' and attempts = 0") == 0,
            "everything was looked at"
        );

        var given = await host.QueryAsync<decimal>("select sum(amount) from refund where state = 'given'");
        Assert.InRange(given, 94m, 100m);
        Assert.Equal(100m - given, await host.StandsAsync("provider:fake"));
        // What cannot have been given waits for somebody to look at it, and moves nothing.
        Assert.NotEqual(0L, await host.QueryAsync<long>("select count(*) from provider_notice where state = 'waiting'"));
        await host.FlightsAgreeAsync();
    }
}
