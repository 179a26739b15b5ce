using System.Net.Http.Json;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>Redsys has no key that makes a refund happen once: what never left is asked for again, what did is looked for first.</summary>
public sealed class RedsysRefundsTests(Infrastructure infrastructure)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refund_that_never_left_is_asked_for_as_if_for_the_first_time()
    {
        await using var shop = await SimulatedShop.StartAsync(infrastructure);
        await shop.KeepRedsysAsync();
        var (invoice, checkout, payment) = await shop.PaidAsync(20m);

        // Nobody listens there: no request can have arrived, however often it was looked at.
        await shop.StopRedsysAsync();
        await shop.Http.RefundAsync(payment, "5.00", "R-1").JsonAsync(201);
        await Eventually.TrueAsync(
            () => shop.Host.QueryAsync<bool>("select looks >= 2 and asks = 0 from refund"),
            "it was looked at more than once, and never left"
        );
        Assert.Contains("does not answer", await shop.Host.QueryAsync<string>("select reason from refund"), StringComparison.Ordinal);

        // Back, and with its books closed to the terminal: nothing could be looked for.
        await shop.StartRedsysAsync();
        (await shop.Redsys.PutAsJsonAsync("/control/settings", new { queryIsOpen = false }, Token)).EnsureSuccessStatusCode();
        await GivenAsync(shop);

        Assert.Equal(1, await shop.Host.QueryAsync<int>("select asks from refund"));
        Assert.Equal("5.00", await GivenByRedsysAsync(shop, checkout));
        Assert.Equal("paid 20.00, refunded 5.00, due 5.00", await shop.Http.StandAsync(invoice));
        await shop.Host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task A_refund_whose_answer_was_lost_is_found_and_not_asked_for_again()
    {
        await using var shop = await SimulatedShop.StartAsync(infrastructure);
        await shop.KeepRedsysAsync();
        var (invoice, checkout, payment) = await shop.PaidAsync(20m);
        await FaultAsync(shop, "lost-answer");

        await shop.Http.RefundAsync(payment, "5.00", "R-1").JsonAsync(201);
        await GivenAsync(shop);

        Assert.Equal(2, await shop.Host.QueryAsync<int>("select asks from refund"));
        Assert.Equal("5.00", await GivenByRedsysAsync(shop, checkout));
        Assert.Equal("paid 20.00, refunded 5.00, due 5.00", await shop.Http.StandAsync(invoice));
        await shop.Host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task A_refund_that_may_have_left_and_did_not_arrive_is_looked_for_and_then_given_once()
    {
        await using var shop = await SimulatedShop.StartAsync(infrastructure);
        await shop.KeepRedsysAsync();
        var (_, checkout, payment) = await shop.PaidAsync(20m);
        await FaultAsync(shop, "down");

        await shop.Http.RefundAsync(payment, "5.00", "R-1").JsonAsync(201);
        await GivenAsync(shop);

        Assert.Equal("5.00", await GivenByRedsysAsync(shop, checkout));
        await shop.Host.FlightsAgreeAsync();
    }

    private static async Task FaultAsync(SimulatedShop shop, string kind) =>
        (
            await shop.Redsys.PostAsJsonAsync(
                "/control/faults",
                new
                {
                    kind,
                    on = "refund",
                    times = 1,
                },
                Token
            )
        ).EnsureSuccessStatusCode();

    private static Task GivenAsync(SimulatedShop shop) =>
        Eventually.EqualAsync("given", () => shop.Host.QueryAsync<string>("select state from refund"), "what became of the refund");

    private static async Task<string?> GivenByRedsysAsync(SimulatedShop shop, Guid checkout)
    {
        var order = await shop.Host.QueryAsync<string>("select order_code from checkout where checkout_id = @checkout", new { checkout });
        var book = await shop.Redsys.GetAsync($"/control/books?order={order}", Token).JsonAsync(200);
        return book.GetProperty("list")[0].Text("given");
    }
}
