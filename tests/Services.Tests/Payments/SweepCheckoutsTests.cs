using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class SweepCheckoutsTests(Infrastructure infrastructure)
{
    private const string Soon = "00:00:00.3";

    [Fact]
    public async Task A_payment_whose_notice_was_lost_is_found_by_asking()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, Soon, fake);
        var (host, http) = shop;
        var invoice = await shop.InvoiceAsync(60m);
        var checkout = await host.StartAsync("s1", "k", invoice);

        var paid = fake.Pay(checkout);
        await host.CheckoutIsAsync(checkout, "paid");
        // The notice comes after all, twice.
        var notice = fake.Notice(paid);
        await host.TellAsync(notice);
        await host.TellAsync(notice);
        await host.NothingWaitsAsync();

        Assert.Equal("paid 60.00, refunded 0.00, due 0.00", await http.StandAsync(invoice));
        Assert.Equal(1L, await host.QueryAsync<long>("select count(*) from payment where provider = 'fake'"));
        await host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task One_that_nobody_pays_is_ended_at_its_end_and_what_it_paid_for_is_in_flight_no_more()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, Soon, fake);
        var (host, http) = shop;
        var invoice = await shop.InvoiceAsync(60m);
        var checkout = await host.StartAsync("s1", "k", invoice);
        await Eventually.TrueAsync(() => Task.FromResult(!fake.Questions.IsEmpty), "it is asked about");
        Assert.StartsWith("open ", await host.CheckoutAsync(checkout));

        await PassAsync(host, checkout);
        await host.CheckoutIsAsync(checkout, "expired");

        Assert.Equal("0.00", await http.InFlightAsync(invoice));
        Assert.Equal("paid 0.00, refunded 0.00, due 60.00", await http.StandAsync(invoice));
        // Whoever paid all the same is not lost.
        await host.TellAsync(fake, fake.Pay(checkout));
        await host.CheckoutIsAsync(checkout, "paid");
        Assert.Equal("paid 60.00, refunded 0.00, due 0.00", await http.StandAsync(invoice));
        await host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task While_the_provider_is_away_it_stays_open_with_a_reason_and_a_next_time_to_ask()
    {
        var (fake, complaints) = (new FakeProvider("fake"), new Complaints());
        var settings = FakeProvider.Settings(Soon, fake);
        await using var host = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            settings with
            {
                Services = services =>
                {
                    settings.Services!(services);
                    services.AddSingleton<ILoggerProvider>(complaints);
                },
            }
        );
        using var http = host.As("s1");
        await http.KeepAsync(fake);
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 60m))).InvoiceId;
        var checkout = await host.StartAsync("s1", "k", invoice);

        fake.IsDown = true;
        fake.Pay(checkout);
        await Eventually.TrueAsync(
            async () => (await host.CheckoutAsync(checkout)).Contains("does not answer", StringComparison.Ordinal),
            "it says why it is open"
        );
        Assert.Equal(
            0L,
            await host.QueryAsync<long>(
                "select count(*) from checkout where state = 'open' and (next_look_at is null or coalesce(reason, '') = '')"
            )
        );
        // After days somebody is told, and it goes on.
        await host.QueryAsync<int>(
            "with old as (update checkout set started_at = started_at - interval '4 days' returning 1) select count(*)::int from old"
        );
        await Eventually.TrueAsync(
            () => Task.FromResult(complaints.Of("SweepCheckouts").Any(each => each.Contains("not known since", StringComparison.Ordinal))),
            "somebody is told"
        );

        fake.IsDown = false;
        await host.CheckoutIsAsync(checkout, "paid");
        Assert.Equal("paid 60.00, refunded 0.00, due 0.00", await http.StandAsync(invoice));
        await host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task Who_was_declined_and_paid_on_the_same_page_is_found_though_the_notice_was_lost()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, Soon, fake);
        var (host, http) = shop;
        var invoice = await shop.InvoiceAsync(60m);
        var (paidAfterAll, notPaid) = (await host.StartAsync("s1", "k1", invoice), await host.StartAsync("s1", "k2", invoice));
        fake.Decline(paidAfterAll);
        fake.Decline(notPaid);
        await host.CheckoutIsAsync(paidAfterAll, "failed");
        await host.CheckoutIsAsync(notPaid, "failed");

        fake.Pay(paidAfterAll);
        await PassAsync(host, paidAfterAll);
        await PassAsync(host, notPaid);
        await host.CheckoutIsAsync(paidAfterAll, "paid");
        await Eventually.EqualAsync(
            0L,
            () => host.QueryAsync<long>("select count(*) from checkout where next_look_at is not null"),
            "checkouts that are asked about still"
        );

        Assert.Equal("failed card_declined", await host.CheckoutAsync(notPaid));
        Assert.Equal("paid 60.00, refunded 0.00, due 0.00", await http.StandAsync(invoice));
        await host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task However_many_instances_there_are_one_of_them_asks()
    {
        var fake = new FakeProvider("fake") { Thinks = TimeSpan.FromMilliseconds(100) };
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", FakeProvider.Settings(fake));
        await using var second = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            FakeProvider.Settings(fake) with
            {
                Beside = host,
            }
        );
        using var http = host.As("s1");
        await http.KeepAsync(fake);
        var checkouts = new List<Guid>();
        for (var i = 0; i < 12; i++)
        {
            var invoice = (await host.HearAsync(Shop.Invoice("s1", 10m))).InvoiceId;
            checkouts.Add(await host.StartAsync("s1", $"k{i}", invoice));
            fake.Pay(checkouts[^1]);
        }

        await host.QueryAsync<int>("with due as (update checkout set next_look_at = now() returning 1) select count(*)::int from due");
        foreach (var checkout in checkouts)
        {
            await host.CheckoutIsAsync(checkout, "paid");
        }

        Assert.Equal(checkouts.Order(), fake.Questions.Order());
        Assert.Equal(12L, await host.QueryAsync<long>("select count(*) from payment where provider = 'fake'"));
        await host.FlightsAgreeAsync();
    }

    /// <summary>Its end has come.</summary>
    private static Task PassAsync(ServiceHost host, Guid checkout) =>
        host.QueryAsync<int>(
            """
            with passed as (
                update checkout set expires_at = now() - interval '1 hour', next_look_at = now() - interval '1 second'
                where checkout_id = @checkout returning 1
            )
            select count(*)::int from passed
            """,
            new { checkout }
        );
}
