using System.Net;
using System.Net.Http.Json;
using System.Text;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>Whoever puts an account with Stripe proves that it is theirs by a key that opens it.</summary>
public sealed class ProviderProofTests(Infrastructure infrastructure)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_that_opens_the_account_proves_it_and_any_other_key_does_not()
    {
        await using var shop = await SimulatedShop.StartAsync(infrastructure);
        var http = shop.Http;
        // A key that opens nothing, one that opens another account, and one of the other environment that Stripe does not take.
        await Put(http, SimulatedShop.StripeAccount(key: "sk_test_of_somebody_else")).RefusedAsync(422, "PAY-PROVIDER-12");
        await Put(http, SimulatedShop.StripeAccount(account: "acct_somebody")).RefusedAsync(422, "PAY-PROVIDER-12");
        await Put(http, SimulatedShop.StripeAccount(key: "sk_live_of_the_shop", environment: "live")).RefusedAsync(422, "PAY-PROVIDER-11");
        Assert.Equal(0L, await shop.Host.QueryAsync<long>("select count(*) from provider_account"));

        var kept = await shop.KeepStripeAsync();

        Assert.Equal(SimulatedStripe.AccountId, kept.GetProperty("accountId").GetString());
        Assert.Equal(SimulatedStripe.AccountId, await shop.Host.QueryAsync<string>("select account_id from provider_account"));
    }

    [Fact]
    public async Task While_Stripe_does_not_answer_nothing_new_is_kept_and_what_was_proven_can_be_changed()
    {
        await using var shop = await SimulatedShop.StartAsync(infrastructure);
        await shop.Stripe.AskForAsync(new { kind = "down" });
        using (var away = await Put(shop.Http, SimulatedShop.StripeAccount()))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
            Assert.Equal(5, away.Headers.RetryAfter?.Delta?.TotalSeconds);
            Assert.Contains("PAY-PROVIDER-13", await away.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }

        Assert.Equal(0L, await shop.Host.QueryAsync<long>("select count(*) from provider_account"));
        await shop.Stripe.Control.DeleteAsync("/control/faults", Token);
        await shop.KeepStripeAsync();
        await shop.Stripe.AskForAsync(new { kind = "down" });

        var moved = await Put(shop.Http, SimulatedShop.StripeAccount(place: 3)).JsonAsync(200);
        Assert.Equal(3, moved.GetProperty("place").GetInt32());
    }

    [Fact]
    public async Task An_account_that_another_seller_has_is_refused_and_a_notice_of_a_foreign_account_too()
    {
        await using var shop = await SimulatedShop.StartAsync(infrastructure);
        await shop.KeepStripeAsync();
        using var other = shop.Host.As("s2");
        await Put(other, SimulatedShop.StripeAccount()).RefusedAsync(409, "PAY-PROVIDER-08");
        Assert.Equal(["s1"], await shop.Host.ListAsync<string>("select seller_id from provider_account"));

        // Signed with another account's secret, or for an account that nobody has here.
        const string body = """{"id":"evt_1","object":"event","type":"payout.paid","created":1,"livemode":false,"data":{"object":{}}}""";
        await Tell(shop, SimulatedStripe.AccountId, body).RefusedAsync(401, "PAY-STRIPE-01");
        await Tell(shop, "acct_nobody", body).RefusedAsync(401, "PAY-NOTICE-01");
        Assert.Equal(0L, await shop.Host.QueryAsync<long>("select count(*) from provider_notice"));
    }

    private static Task<HttpResponseMessage> Put(HttpClient http, object account) =>
        http.PutAsJsonAsync("/v1/providers/stripe", account, Token);

    private static async Task<HttpResponseMessage> Tell(SimulatedShop shop, string account, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/providers/stripe/webhook?account={account}");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("Stripe-Signature", $"t={TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()},v1={new string('0', 64)}");
        return await shop.Host.Http.SendAsync(request, Token);
    }
}
