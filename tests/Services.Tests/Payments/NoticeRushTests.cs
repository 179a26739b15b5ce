using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class NoticeRushTests(Infrastructure infrastructure)
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(250);

    [Fact]
    public void Booking_waits_while_more_come_than_are_booked_and_no_longer_than_its_patience()
    {
        var clock = new FakeTimeProvider();
        var rush = new NoticeRush(perSecond: 200, patience: TimeSpan.FromSeconds(2), clock);

        // 200 a second are no rush.
        for (var i = 0; i < 8; i++)
        {
            rush.Add(50);
            Assert.False(rush.HoldsUp());
            clock.Advance(Window);
        }

        rush.Add(51);
        clock.Advance(Window);
        Assert.True(rush.HoldsUp());
        // A second of it, told in pieces.
        for (var i = 0; i < 4; i++)
        {
            rush.Add(40);
            rush.Add(40);
            clock.Advance(Window);
            Assert.True(rush.HoldsUp());
        }

        // Fewer come.
        rush.Add(50);
        clock.Advance(Window);
        Assert.False(rush.HoldsUp());

        // Again more, for longer than can be waited: two seconds after it began, however many still come.
        for (var i = 1; i <= 12; i++)
        {
            rush.Add(100);
            clock.Advance(Window);
            Assert.Equal(i < 8, rush.HoldsUp());
        }

        // Nothing for a while: the next rush has the whole patience.
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(rush.HoldsUp());
        rush.Add(1_000);
        clock.Advance(Window);
        Assert.True(rush.HoldsUp());
        // Nobody looked for long, and nobody came: that is a pause, not a rush of hours.
        clock.Advance(TimeSpan.FromHours(1));
        Assert.False(rush.HoldsUp());
    }

    [Fact]
    public async Task What_is_told_in_a_rush_is_kept_and_answered_and_booked_at_the_first_pause()
    {
        var clock = new FakeTimeProvider();
        var fake = new FakeProvider("fake");
        var settings = FakeProvider.Settings(fake);
        await using var host = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            settings with
            {
                Services = services =>
                {
                    settings.Services!(services);
                    services.AddSingleton(new NoticeRush(perSecond: 0, patience: TimeSpan.FromHours(1), clock));
                },
            }
        );
        using var http = host.As("s1");
        await http.KeepAsync(fake);
        var invoices = new List<InvoiceId>();
        var notices = new List<FakeNotice>();
        for (var i = 0; i < 6; i++)
        {
            invoices.Add((await host.HearAsync(Shop.Invoice("s1", 10m + i))).InvoiceId);
            notices.Add(fake.Notice(fake.Pay(await host.StartAsync("s1", $"k{i}", invoices[^1]))));
        }

        await host.TellAsync(notices[0]);
        await host.NothingWaitsAsync();
        clock.Advance(Window);
        foreach (var notice in notices[1..])
        {
            await host.TellAsync(notice);
        }

        Assert.Equal("paid 10.00, refunded 0.00, due 0.00", await http.StandAsync(invoices[0]));
        Assert.Equal(5L, await host.QueryAsync<long>("select count(*) from provider_notice where state = 'waiting'"));

        clock.Advance(TimeSpan.FromSeconds(1));
        await host.NothingWaitsAsync();
        foreach (var invoice in invoices)
        {
            Assert.EndsWith("refunded 0.00, due 0.00", await http.StandAsync(invoice));
        }
    }
}
