using System.Text;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class HearProviderTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task A_forged_late_or_foreign_notice_changes_nothing_and_is_there_to_be_seen()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, fake);
        var (host, http) = shop;
        var invoice = await shop.InvoiceAsync(60m);
        var checkout = await host.StartAsync("s1", "k", invoice);
        var notice = fake.Notice(fake.Pay(checkout));

        await RefusedAsync(host, notice.Request(key: "wrong"), 401, "PAY-FAKE-01");
        await RefusedAsync(host, notice.Request(at: TimeProvider.System.GetUtcNow().AddMinutes(-6)), 401, "PAY-FAKE-02");
        await RefusedAsync(host, notice.Request(account: "acct-of-nobody"), 401, "PAY-NOTICE-01");
        await RefusedAsync(host, (fake.Notice() with { Body = "no json"u8.ToArray() }).Request(), 400, "PAY-NOTICE-02");
        await RefusedAsync(host, (fake.Notice() with { Body = new byte[HearProvider.MostBytes + 1] }).Request(), 413, "BODY-03");
        using var unsigned = new HttpRequestMessage(HttpMethod.Post, "/v1/providers/fake/webhook?account=acct-fake%00");
        await host.Http.SendAsync(unsigned).RefusedAsync(401, "PAY-NOTICE-01");
        using var nobody = new HttpRequestMessage(HttpMethod.Post, "/v1/providers/paypal/webhook");
        await host.Http.SendAsync(nobody).RefusedAsync(404, "PAY-PROVIDER-01");

        Assert.Equal(0L, await host.QueryAsync<long>("select count(*) from provider_notice"));
        Assert.Equal("paid 0.00, refunded 0.00, due 60.00", await http.StandAsync(invoice));
        var seen = (await http.GetAsync("/v1/refused-notices").JsonAsync(200)).GetProperty("notices").EnumerateArray().ToList();
        Assert.Equal(["PAY-NOTICE-02", "PAY-FAKE-02", "PAY-FAKE-01"], seen.Select(each => each.Text("code")));
        Assert.Equal(Encoding.UTF8.GetString(notice.Body), seen[^1].Text("bodyStart"));
        using var stranger = host.As("s2");
        Assert.Empty((await stranger.GetAsync("/v1/refused-notices").JsonAsync(200)).GetProperty("notices").EnumerateArray());
        // Of a flood few are kept.
        for (var i = 0; i < HearProvider.MostRefusedPerMinute + 20; i++)
        {
            await RefusedAsync(host, notice.Request(key: "wrong"), 401, "PAY-FAKE-01");
        }

        Assert.Equal((long)HearProvider.MostRefusedPerMinute, await host.QueryAsync<long>("select count(*) from refused_notice"));
    }

    [Fact]
    public async Task A_notice_counts_once_however_often_it_comes_and_its_facts_once_in_whatever_notice()
    {
        var fake = new FakeProvider("fake");
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", FakeProvider.Settings(fake));
        await using var second = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            FakeProvider.Settings(fake) with
            {
                Beside = host,
            }
        );
        await using var received = await host.ListenAsync(PaymentReceived.Exchange);
        using var http = host.As("s1");
        await http.KeepAsync(fake);
        var notices = new List<FakeNotice>();
        var invoices = new List<InvoiceId>();
        for (var i = 0; i < 20; i++)
        {
            invoices.Add((await host.HearAsync(Shop.Invoice("s1", 10m + i))).InvoiceId);
            var paid = fake.Pay(await host.StartAsync("s1", $"k{i}", invoices[^1]));
            var notice = fake.Notice(paid);
            notices.AddRange([notice, notice, fake.Notice(paid)]);
        }

        await Task.WhenAll(notices.Select((notice, i) => (i % 2 == 0 ? host : second).TellAsync(notice)));
        await host.NothingWaitsAsync();

        foreach (var invoice in invoices)
        {
            Assert.EndsWith("refunded 0.00, due 0.00", await http.StandAsync(invoice));
        }

        Assert.Equal(40L, await host.QueryAsync<long>("select count(*) from provider_notice"));
        Assert.Equal(20L, await host.QueryAsync<long>("select count(*) from payment where provider = 'fake'"));
        Assert.Equal(20, (await received.AtLeastAsync<PaymentReceived>(20)).Count);
        await host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task Facts_may_come_in_any_order()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, fake);
        var (host, http) = shop;
        await using var reversed = await host.ListenAsync(PaymentReversed.Exchange);
        await using var refunded = await host.ListenAsync(PaymentRefunded.Exchange);
        var invoice = await shop.InvoiceAsync(100m);
        var checkout = await host.StartAsync("s1", "k", invoice);
        var paid = fake.Pay(checkout);

        // The dispute is won, then taken back, then a refund of the provider's own pages, then declined, then paid.
        await host.TellAsync(fake, FakeProvider.GiveAgain(checkout, 30m));
        await host.TellAsync(fake, FakeProvider.TakeBack(checkout, 30m));
        await host.TellAsync(fake, FakeProvider.RefundOf(checkout, "re_1", 20m));
        await Eventually.EqualAsync(
            3L,
            () => host.QueryAsync<long>("select count(*) from provider_notice where state = 'waiting' and attempts > 0 and reason <> ''"),
            "notices that wait, each with a reason"
        );
        await host.TellAsync(fake, paid);
        await host.NothingWaitsAsync();

        Assert.Equal("paid 130.00, refunded 50.00, due 20.00", await http.StandAsync(invoice));
        Assert.Equal(30m, Assert.Single(await reversed.AtLeastAsync<PaymentReversed>(1)).Amount);
        Assert.Equal((20m, (InvoiceId?)invoice), Single(await refunded.AtLeastAsync<PaymentRefunded>(1)));
        Assert.Equal(80m, await host.QueryAsync<decimal>("select sum(amount) from journal_line where account = 'provider:fake'"));
        Assert.Equal("given re_1", await host.QueryAsync<string>("select state || ' ' || provider_reference from refund"));
        await host.FlightsAgreeAsync();

        static (decimal, InvoiceId?) Single(IReadOnlyList<PaymentRefunded> told) => (told.Single().Amount, told.Single().InvoiceId);
    }

    [Fact]
    public async Task What_cannot_be_booked_yet_holds_up_no_other_and_what_is_nobodys_ends()
    {
        var fake = new FakeProvider("fake");
        var settings = FakeProvider.Settings(fake);
        await using var host = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            settings with
            {
                Configuration = new Dictionary<string, string?>(settings.Configuration)
                {
                    ["Payments:Checkouts:NoticesGivenUpAfter"] = "00:00:02",
                },
            }
        );
        using var http = host.As("s1");
        await http.KeepAsync(fake);
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 100m))).InvoiceId;
        var checkout = await host.StartAsync("s1", "k", invoice);

        // The seller takes other payments by the same account, and those are none of ours.
        await host.TellAsync(fake, FakeProvider.RefundOf(Guid.CreateVersion7(), "re_foreign", 5m));
        var lost = fake.Pay(checkout) with
        {
            FactId = "paid:of-nobody",
            Checkout = new CheckoutReference(Guid.CreateVersion7(), null),
            Reference = "pi_nobody",
        };
        await host.TellAsync(fake, lost);
        await host.TellAsync(fake, fake.Pay(checkout));
        await host.CheckoutIsAsync(checkout, "paid");
        await Eventually.EqualAsync(
            "applied failed applied",
            () => host.QueryAsync<string>("select string_agg(state, ' ' order by position) from provider_notice"),
            "what became of the notices"
        );

        Assert.Equal(100m, await host.QueryAsync<decimal>("select sum(amount) from payment where provider = 'fake'"));
        await host.FlightsAgreeAsync();
    }

    [Fact]
    public async Task A_payout_is_booked_once_with_what_the_provider_kept()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, fake);
        var (host, http) = shop;
        var invoice = await shop.InvoiceAsync(100m);
        var checkout = await host.StartAsync("s1", "k", invoice);
        var payout = new PaidOut
        {
            FactId = "payout:po_1",
            At = TimeProvider.System.GetUtcNow(),
            Reference = "po_1",
            Amount = 98.25m,
            Currency = Currency.Eur,
            Fees = 1.75m,
            ArrivesOn = new DateOnly(2026, 11, 26),
            Statement = "FAKE PAYOUT 1",
        };

        await host.TellAsync(fake, payout, fake.Pay(checkout));
        await host.TellAsync(fake, payout with { FactId = "payout:po_1:again" });
        await host.NothingWaitsAsync();

        Assert.Equal(
            ["fees 1.7500", "payouts-in-transit 98.2500"],
            await host.ListAsync<string>(
                """
                select account || ' ' || sum(amount) from journal_line
                where account in ('provider:fake', 'fees', 'payouts-in-transit') group by account having sum(amount) <> 0 order by account
                """
            )
        );
        Assert.Equal("98.2500 announced", await host.QueryAsync<string>("select amount || ' ' || state from payout"));
        await host.FlightsAgreeAsync();
    }

    private static async Task RefusedAsync(ServiceHost host, HttpRequestMessage request, int status, string code)
    {
        using (request)
        {
            await host.Http.SendAsync(request).RefusedAsync(status, code);
        }
    }
}
