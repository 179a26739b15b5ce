using System.Net.Http.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class KeepProviderTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task An_account_is_shown_without_its_secrets_which_lie_in_the_database_sealed()
    {
        var fake = new FakeProvider("fake");
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", FakeProvider.Settings(fake));
        using var http = host.As("s1");

        var kept = await http.KeepAsync(fake, place: 2);
        Assert.Equal(("fake", "acct-fake", "test"), (kept.Text("provider"), kept.Text("accountId"), kept.Text("environment")));
        Assert.Equal("https://payments.example.com/v1/providers/fake/webhook?account=acct-fake", kept.Text("webhookUrl"));
        Assert.True(kept.GetProperty("hasSecrets").GetBoolean());
        Assert.Equal(["card", "bizum"], kept.GetProperty("means").EnumerateArray().Select(each => each.GetString()));
        var listed = await http.GetAsync("/v1/providers").JsonAsync(200);
        Assert.Equal(kept.GetRawText(), Assert.Single(listed.GetProperty("providers").EnumerateArray()).GetRawText());
        Assert.DoesNotContain(FakeProvider.Secrets["key"], listed.GetRawText(), StringComparison.Ordinal);
        var stored = await host.QueryAsync<byte[]>("select secrets from provider_account");
        Assert.DoesNotContain(FakeProvider.Secrets["key"], System.Text.Encoding.Latin1.GetString(stored), StringComparison.Ordinal);
        using var stranger = host.As("s2");
        Assert.Empty((await stranger.GetAsync("/v1/providers").JsonAsync(200)).GetProperty("providers").EnumerateArray());
    }

    [Fact]
    public async Task Secrets_that_are_not_given_stay_and_those_that_are_hidden_too()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, fake);
        var (host, http) = shop;
        var invoice = await shop.InvoiceAsync(60m);
        var settings = new { account = fake.AccountId };

        Task<HttpResponseMessage> PutAsync(object body) => http.PutAsJsonAsync("/v1/providers/fake", body);

        await PutAsync(
                new
                {
                    environment = "test",
                    settings,
                    means = new[] { "card" },
                }
            )
            .JsonAsync(200);
        await PutAsync(
                new
                {
                    environment = "test",
                    settings,
                    secrets = new { key = "…" },
                }
            )
            .JsonAsync(200);
        // What is signed with the first secret is believed still.
        var checkout = await host.StartAsync("s1", "k", invoice);
        await host.TellAsync(fake, fake.Pay(checkout));
        await host.CheckoutIsAsync(checkout, "paid");

        await PutAsync(
                new
                {
                    environment = "test",
                    settings,
                    secrets = new { key = "another" },
                }
            )
            .JsonAsync(200);
        using var old = fake.Notice(fake.Pay(checkout)).Request();
        await host.Http.SendAsync(old).RefusedAsync(401, "PAY-FAKE-01");
    }

    [Fact]
    public async Task What_cannot_be_an_account_is_refused_with_a_code()
    {
        var fake = new FakeProvider("fake");
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments", FakeProvider.Settings(fake));
        using var http = host.As("s1");
        Task<HttpResponseMessage> PutAsync(object body, string provider = "fake") => http.PutAsJsonAsync($"/v1/providers/{provider}", body);
        var (settings, secrets) = (new { account = "a" }, FakeProvider.Secrets);

        await PutAsync(new { environment = "test" }, "paypal").RefusedAsync(404, "PAY-PROVIDER-01");
        await PutAsync(
                new
                {
                    environment = "staging",
                    settings,
                    secrets,
                }
            )
            .RefusedAsync(422, "PAY-PROVIDER-02");
        await PutAsync(new { environment = "test", means = new[] { "cash" } }).RefusedAsync(422, "PAY-PROVIDER-03");
        await PutAsync(new { environment = "test", means = Array.Empty<string>() }).RefusedAsync(422, "PAY-PROVIDER-03");
        await PutAsync(new { environment = "test", place = 0 }).RefusedAsync(422, "PAY-PROVIDER-04");
        foreach (var account in new[] { new string('x', 5000), "x\0", null })
        {
            await PutAsync(new { environment = "test", settings = new { account } }).RefusedAsync(422, "PAY-PROVIDER-05");
        }

        await PutAsync(new { environment = "test", secrets }).RefusedAsync(422, "PAY-FAKE-03");
        await PutAsync(new { environment = "test", color = 1 }).RefusedAsync(422, "BODY-02");
        await http.DeleteAsync("/v1/providers/fake").RefusedAsync(404, "PAY-PROVIDER-07");
        await http.KeepAsync(fake);
        using var stranger = host.As("s2");
        await stranger
            .PutAsJsonAsync(
                "/v1/providers/fake",
                new
                {
                    environment = "test",
                    settings = new { account = fake.AccountId },
                    secrets,
                }
            )
            .RefusedAsync(409, "PAY-PROVIDER-08");
        using var reader = host.As("s1", "invoices:read");
        await reader.GetAsync("/v1/providers").RefusedAsync(403, "AUTH-03");
    }

    [Fact]
    public async Task Without_the_operators_key_nothing_is_kept_and_the_service_runs()
    {
        var fake = new FakeProvider("fake");
        var settings = FakeProvider.Settings(fake);
        await using var host = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            settings with
            {
                Configuration = new Dictionary<string, string?>(settings.Configuration) { ["Keys:ProviderKey"] = null },
            }
        );
        using var http = host.As("s1");

        await http.PutAsJsonAsync(
                "/v1/providers/fake",
                new
                {
                    environment = "test",
                    settings = new { account = "a" },
                    secrets = FakeProvider.Secrets,
                }
            )
            .RefusedAsync(503, "PAY-PROVIDER-06");
        Assert.Empty((await http.GetAsync("/v1/providers").JsonAsync(200)).GetProperty("providers").EnumerateArray());
    }

    [Fact]
    public async Task An_account_out_of_use_begins_nothing_and_ends_what_is_under_way_before_it_can_be_changed()
    {
        var fake = new FakeProvider("fake");
        await using var shop = await FakeShop.StartAsync(infrastructure, fake);
        var (host, http) = shop;
        var invoice = await shop.InvoiceAsync(60m);
        var checkout = await host.StartAsync("s1", "k", invoice);

        Assert.Equal(204, (int)(await http.DeleteAsync("/v1/providers/fake")).StatusCode);
        var refused = await host.TryStartAsync("s1", "k2", PaymentMeans.Card, invoice);
        Assert.Equal("PAY-CHECKOUT-01", refused.Fault!.Code.Code);
        var other = new
        {
            environment = "test",
            settings = new { account = "acct-other" },
            secrets = FakeProvider.Secrets,
        };
        await http.PutAsJsonAsync("/v1/providers/fake", other).RefusedAsync(409, "PAY-PROVIDER-09");
        await host.TellAsync(fake, fake.Pay(checkout));
        await host.CheckoutIsAsync(checkout, "paid");

        Assert.Equal("acct-other", (await http.PutAsJsonAsync("/v1/providers/fake", other).JsonAsync(200)).Text("accountId"));
        Assert.Equal("paid 60.00, refunded 0.00, due 0.00", await http.StandAsync(invoice));
    }
}
