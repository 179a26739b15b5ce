using Grpc.Core;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>One press of the pay page's button, with the first provider up, down, and back again.</summary>
public sealed class ProvidersTakeOverTests(Infrastructure infrastructure)
{
    private static readonly OnBehalfOf Customer = OnBehalfOf.Customer(Shop.Email);

    [Fact]
    public async Task While_Stripe_is_down_the_same_press_ends_at_Redsys_and_every_other_press_with_it()
    {
        await using var shop = await SimulatedShop.StartAsync(infrastructure);
        await shop.KeepStripeAsync();
        await shop.KeepRedsysAsync();
        var invoice = (await shop.Host.HearAsync(Shop.Invoice(SimulatedShop.Seller, 121m))).InvoiceId;
        using var channel = shop.Host.Channel();
        var pages = new PaymentPages.PaymentPagesClient(channel);
        var wanted = new OpenPage { InvoiceId = invoice.ToString() };
        var page = await pages.OpenAsync(wanted, As(shop));
        await shop.Stripe.AskForAsync(new { kind = "down" });

        // A double click, and another.
        var clicks = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PressAsync(page.Key)));
        // Back, and again: by then Stripe is left alone, or up again, and the payer is sent where it was sent before.
        var back = await PressAsync((await pages.OpenAsync(wanted, As(shop))).Key);
        await shop.Stripe.Control.DeleteAsync("/control/faults", TestContext.Current.CancellationToken);
        var later = await PressAsync(page.Key);

        var begun = Assert.Single(clicks.Append(back).Append(later).Select(each => each.CheckoutId).Distinct());
        Assert.All(
            clicks.Append(back).Append(later),
            each =>
            {
                Assert.Equal(new Uri(shop.Redsys.BaseAddress!, "/sis/realizarPago").AbsoluteUri, each.Address);
                Assert.Equal(3, each.Fields.Count);
            }
        );

        await shop.PayAsync(Guid.Parse(begun));
        // What was begun at Stripe in vain is ended there, and only then in flight no more.
        await Eventually.EqualAsync("0.00", () => shop.Http.InFlightAsync(invoice), "in flight");
        Assert.Equal("paid 121.00, refunded 0.00, due 0.00", await shop.Http.StandAsync(invoice));
        Assert.Equal(
            ["redsys paid", "stripe expired"],
            await shop.Host.ListAsync<string>("select provider || ' ' || state from checkout order by 1")
        );
        Assert.Empty((await shop.Stripe.BooksAsync()).GetProperty("payments").EnumerateArray());
        await shop.Host.FlightsAgreeAsync();

        async Task<CheckoutReply> PressAsync(string key) =>
            await pages.StartCheckoutAsync(
                new CheckoutRequest
                {
                    SellerId = SimulatedShop.Seller,
                    Key = key,
                    Means = "card",
                    Language = "es",
                    InvoiceIds = { invoice.ToString() },
                },
                As(shop)
            );
    }

    [Fact]
    public async Task A_session_whose_answer_was_lost_is_recovered_with_its_id()
    {
        await using var shop = await SimulatedShop.StartAsync(infrastructure);
        await shop.KeepStripeAsync();
        var invoice = (await shop.Host.HearAsync(Shop.Invoice(SimulatedShop.Seller, 50m))).InvoiceId;
        // Done at Stripe each time, and never heard of here.
        await shop.Stripe.AskForAsync(new { kind = "lost-answer", times = 1 });
        await shop.Stripe.AskForAsync(new { kind = "lost-notice" });
        var begun = await shop.Host.TryStartAsync(SimulatedShop.Seller, "k", PaymentMeans.Card, invoice);
        if (!begun.Refused(out _))
        {
            // Asking was faster than giving up: what there is is the one page.
            Assert.Contains("cs_test_", begun.Value.Address?.AbsoluteUri, StringComparison.Ordinal);
        }

        var checkout = await shop.Host.QueryAsync<Guid>("select checkout_id from checkout");

        // Asking finds it, whether or not it was paid, and keeps what Stripe calls it.
        await Eventually.TrueAsync(
            async () =>
                await shop.Host.QueryAsync<string?>("select session from checkout") is { } session
                && session.StartsWith("cs_test_", StringComparison.Ordinal),
            "the session is known"
        );
        Assert.Equal("open", await shop.Host.QueryAsync<string>("select state from checkout"));
        await shop.PayAsync(checkout);

        Assert.Equal(1, (await shop.Stripe.BooksAsync()).GetProperty("payments").GetArrayLength());
        Assert.Equal("paid 50.00, refunded 0.00, due 0.00", await shop.Http.StandAsync(invoice));
        await shop.Host.FlightsAgreeAsync();
    }

    private static Metadata As(SimulatedShop shop) => shop.Host.CallAs("portal", Customer);
}
