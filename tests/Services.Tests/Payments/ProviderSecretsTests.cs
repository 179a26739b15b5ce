using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>Secrets lie sealed in the database, and no log of any level holds one.</summary>
public sealed class ProviderSecretsTests(Infrastructure infrastructure)
{
    private const string SellersAccount = "ES9121000418450200051332";
    private const string DebtorsAccount = "ES7921000813610123456789";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_log_of_a_whole_checkout_and_of_the_accounts_upkeep_holds_a_secret_a_token_or_an_account_number()
    {
        var lines = new EveryLine();
        await using var shop = await SimulatedShop.StartAsync(
            infrastructure,
            services => services.AddSingleton<ILoggerProvider>(lines),
            EveryLine.Trace
        );
        var http = shop.Http;

        // Upkeep: put, put with a wrong key, put again, shown, a forged notice.
        await shop.KeepStripeAsync();
        await shop.KeepRedsysAsync();
        const string wrongKey = "sk_test_of_nobody_at_all_0123";
        await http.PutAsJsonAsync("/v1/providers/stripe", SimulatedShop.StripeAccount(key: wrongKey), Token)
            .RefusedAsync(422, "PAY-PROVIDER-12");
        await http.PutAsJsonAsync("/v1/providers/stripe", SimulatedShop.StripeAccount(), Token).JsonAsync(200);
        await http.GetAsync("/v1/providers", Token).JsonAsync(200);
        using (var forged = new StringContent("""{"id":"evt_1","object":"event"}""", Encoding.UTF8, "application/json"))
        {
            forged.Headers.Add("Stripe-Signature", "t=1,v1=00");
            await shop
                .Host.Http.PostAsync($"/v1/providers/stripe/webhook?account={SimulatedStripe.AccountId}", forged, Token)
                .RefusedAsync(401, "PAY-STRIPE-01");
        }

        // A checkout by link at each provider, with answers lost and the provider away meanwhile; then a refund of each.
        var one = (await shop.Host.HearAsync(Shop.Invoice(SimulatedShop.Seller, 20m))).InvoiceId;
        var two = (await shop.Host.HearAsync(Shop.Invoice(SimulatedShop.Seller, 30m))).InvoiceId;
        await shop.Stripe.AskForAsync(new { kind = "lost-answer", times = 1 });
        var tokens = new List<string>();
        foreach (var (invoice, means) in new[] { (one, "wallet"), (two, "bizum") })
        {
            var link = await http.PostAsync($"/v1/invoices/{invoice}/payment-links", null, Token).JsonAsync(201);
            tokens.Add(link.Text("url")!.Split('/')[^1]);
            await PayAsync(shop, invoice, means, tokens[^1]);
        }

        foreach (var payment in await shop.Host.ListAsync<Guid>("select payment_id from checkout where payment_id is not null"))
        {
            await http.RefundAsync(payment.ToString(), "5.00", "R-1").JsonAsync(201);
        }

        await Eventually.EqualAsync(
            2L,
            () => shop.Host.QueryAsync<long>("select count(*) from refund where state = 'given'"),
            "refunds that were given"
        );

        // Account numbers: a mandate, a file for the bank, a statement of it.
        await http.SettingsAsync(iban: SellersAccount).JsonAsync(200);
        await http.MandateAsync("M-1", iban: DebtorsAccount).JsonAsync(201);
        var three = (await shop.Host.HearAsync(Shop.Invoice(SimulatedShop.Seller, 40m))).InvoiceId;
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(30));
        await http.CollectAsync(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), invoices: [three]).FileAsync(201);
        using (var statement = new ByteArrayContent(Encoding.UTF8.GetBytes(CamtFiles.Of("camt.053", 8))))
        {
            statement.Headers.ContentType = new MediaTypeHeaderValue("application/xml");
            await http.PostAsync("/v1/bank-statements", statement, Token).JsonAsync(200);
        }

        await http.DeleteAsync("/v1/providers/redsys", Token);

        Assert.Contains(lines.All, each => each.StartsWith("Debug", StringComparison.Ordinal));
        string[] secrets =
        [
            SimulatedStripe.Key,
            wrongKey,
            SimulatedStripe.Signing,
            SimulatedShop.RedsysKey,
            SellersAccount,
            DebtorsAccount,
            "ES91 2100 0418 4502 0005 1332",
            "ES79 2100 0813 6101 2345 6789",
            .. tokens,
        ];
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(lines.All, each => each.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }

        // And none lies open in the database, in whatever table.
        foreach (var secret in new[] { SimulatedStripe.Key, SimulatedStripe.Signing, SimulatedShop.RedsysKey })
        {
            Assert.Equal(0L, await HoldingAsync(shop.Host, secret));
        }
    }

    /// <summary>Rows of any table that hold a text, also as bytes.</summary>
    private static async Task<long> HoldingAsync(ServiceHost host, string text)
    {
        var found = 0L;
        foreach (var table in await host.ListAsync<string>("select tablename::text from pg_tables where schemaname = 'payments'"))
        {
            found += await host.QueryAsync<long>(
                $"select count(*) from payments.\"{table}\" t where position(@text in t::text) > 0 or position(@bytes in t::text) > 0",
                new { text, bytes = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)) }
            );
        }

        return found;
    }

    private static async Task PayAsync(SimulatedShop shop, InvoiceId invoice, string means, string token)
    {
        using var channel = shop.Host.Channel();
        var pages = new PaymentPages.PaymentPagesClient(channel);
        var system = shop.Host.CallAs("portal", OnBehalfOf.System);
        var page = await pages.OpenLinkAsync(new LinkToken { Token = token }, system, cancellationToken: Token);
        var press = new CheckoutRequest
        {
            SellerId = SimulatedShop.Seller,
            Key = page.Key,
            Means = means,
            Language = "es",
            InvoiceIds = { invoice.ToString() },
            Token = token,
        };
        CheckoutReply? begun = null;
        await Eventually.TrueAsync(
            async () => (begun = await pages.StartCheckoutAsync(press, system, cancellationToken: Token)).Address.Length > 0,
            "the payer is sent to a provider"
        );
        await shop.PayAsync(Guid.Parse(begun!.CheckoutId));
    }
}
