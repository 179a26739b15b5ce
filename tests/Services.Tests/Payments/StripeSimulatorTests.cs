using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.Payments.Providers.Stripe;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Simulators.Stripe.Control;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>The simulated Stripe itself: its notices, its page, what it keeps.</summary>
public sealed class StripeSimulatorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_notice_is_sent_signed_anew_until_it_is_taken()
    {
        await using var stripe = await SimulatedStripe.StartAsync();
        stripe.Answers.Enqueue(500);
        stripe.Answers.Enqueue(404);
        await stripe.PayAsync(await stripe.BegunAsync(SimulatedStripe.Checkout(18.90m)), "card");

        await ArrivedAsync(stripe, 1);
        Assert.Equal(3, stripe.Heard.Count);
        Assert.Single(stripe.Heard.Select(each => each.Id).Distinct());
        Assert.All(stripe.Heard, each => Assert.IsType<CheckoutPaid>(Assert.Single(stripe.Read(each))));
    }

    [Fact]
    public async Task Notices_come_twice_late_or_never_on_request()
    {
        await using var stripe = await SimulatedStripe.StartAsync();
        await stripe.AskForAsync(
            new
            {
                kind = "duplicate",
                seconds = 0.1,
                times = 1,
            }
        );
        await stripe.PayAsync(await stripe.BegunAsync(SimulatedStripe.Checkout(1m)), "card");
        await ArrivedAsync(stripe, 2);
        Assert.Single(stripe.Heard.Select(each => each.Id).Distinct());

        await stripe.AskForAsync(new { kind = "lost-notice", times = 1 });
        await stripe.PayAsync(await stripe.BegunAsync(SimulatedStripe.Checkout(2m)), "card");
        var notices = await stripe.Control.GetAsync("/control/notices", Token).JsonAsync(200);
        Assert.Equal((1, 0), (notices.GetProperty("lost").GetInt32(), notices.GetProperty("waiting").GetInt32()));
        (await stripe.Control.PostAsync("/control/notices/resend", null, Token)).EnsureSuccessStatusCode();
        await ArrivedAsync(stripe, 3);

        await stripe.AskForAsync(
            new
            {
                kind = "slow",
                on = "notice",
                seconds = 1,
                times = 1,
            }
        );
        await stripe.PayAsync(await stripe.BegunAsync(SimulatedStripe.Checkout(3m)), "card");
        await stripe.PayAsync(await stripe.BegunAsync(SimulatedStripe.Checkout(4m)), "card");
        await ArrivedAsync(stripe, 5);
        Assert.Equal([4m, 3m], stripe.Heard.Skip(3).Select(each => Assert.IsType<CheckoutPaid>(stripe.Read(each)[0]).Amount));
    }

    [Fact]
    public async Task An_account_hears_of_what_it_has_asked_for()
    {
        await using var stripe = await SimulatedStripe.StartAsync();
        await stripe.RegisterAsync(["*"]);
        await stripe.PayAsync(await stripe.BegunAsync(SimulatedStripe.Checkout(18.90m)), "card");

        await ArrivedAsync(stripe, 3);
        Assert.Equal(
            ["charge.succeeded", "checkout.session.completed", "payment_intent.succeeded"],
            stripe.Heard.Select(each => each.Type).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_session_that_nobody_pays_ends_by_itself()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var stripe = await SimulatedStripe.StartAsync(clock);
        var checkout = await stripe.BegunAsync(SimulatedStripe.Checkout(18.90m));
        clock.Advance(TimeSpan.FromMinutes(41));

        var told = Assert.IsType<CheckoutEnded>(await stripe.ToldAsync(fact => fact is CheckoutEnded));
        Assert.Equal((CheckoutState.Expired, $"ended:{checkout.Session}"), (told.State, told.FactId));
        Assert.Equal(CheckoutState.Expired, (await stripe.Provider.AskAsync(stripe.Account, checkout, Token)).State);
    }

    [Fact]
    public async Task A_person_pays_on_the_page_by_card_after_one_was_declined_and_comes_back_to_the_shop()
    {
        await using var stripe = await SimulatedStripe.StartAsync();
        var checkout = SimulatedStripe.Checkout(18.90m);
        var address = (await stripe.Provider.StartAsync(stripe.Account, checkout, Token)).Address;
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });

        var declined = await PostAsync(browser, address, ("means", "card"), ("number", "4000 0000 0000 0002"));
        Assert.Equal(HttpStatusCode.OK, declined.StatusCode);
        Assert.Contains("id=\"declined\"", await declined.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        var asked = await PostAsync(browser, address, ("means", "card"), ("number", "4000 0027 6000 3184"));
        Assert.Contains("id=\"bank-yes\"", await asked.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        var refused = await PostAsync(browser, address, ("means", "card"), ("number", "4000002760003184"), ("bank", "no"));
        Assert.Contains("id=\"declined\"", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        var paid = await PostAsync(browser, address, ("means", "card"), ("number", "4000002760003184"), ("bank", "yes"));

        Assert.Equal((HttpStatusCode.Redirect, checkout.ReturnTo), (paid.StatusCode, paid.Headers.Location!));
        // A second click pays nothing.
        var again = await PostAsync(browser, address, ("means", "card"), ("number", "4242 4242 4242 4242"));
        Assert.Contains("id=\"over\"", await again.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Single((await stripe.BooksAsync()).GetProperty("payments").EnumerateArray());
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(new Uri(address, "/c/pay/cs_test_none"), Token)).StatusCode);
    }

    [Fact]
    public async Task A_key_stands_for_one_content_and_errors_have_Stripe_s_form()
    {
        await using var stripe = await SimulatedStripe.StartAsync();
        var checkout = await stripe.BegunAsync(SimulatedStripe.Checkout(18.90m));
        var changed = await Assert.ThrowsAsync<HttpRequestException>(() =>
            stripe.Provider.StartAsync(stripe.Account, checkout with { Amount = 19m }, Token)
        );
        Assert.Contains("idempotency_error", changed.Message, StringComparison.Ordinal);

        using var unknown = new FormUrlEncodedContent([new("mode", "payment"), new("payment_metod_types[0]", "card")]);
        Assert.Equal("parameter_unknown", await ErrorAsync(stripe, SimulatedStripe.Key, unknown, HttpStatusCode.BadRequest));
        using var empty = new FormUrlEncodedContent([]);
        Assert.Equal("parameter_missing", await ErrorAsync(stripe, SimulatedStripe.Key, empty, HttpStatusCode.BadRequest));
        using var live = new FormUrlEncodedContent([]);
        Assert.Null(await ErrorAsync(stripe, "sk_live_of_the_shop", live, HttpStatusCode.Unauthorized));
    }

    [Theory]
    [InlineData("""{"kind":"thunder"}""")]
    [InlineData("""{"kind":"slow","rate":2}""")]
    [InlineData("""{"kind":"slow","on":"moon"}""")]
    public async Task What_is_no_fault_is_refused(string fault)
    {
        await using var stripe = await SimulatedStripe.StartAsync();
        using var content = new StringContent(fault, System.Text.Encoding.UTF8, "application/json");
        var answered = await stripe.Control.PostAsync("/control/faults", content, Token);
        Assert.Equal(HttpStatusCode.BadRequest, answered.StatusCode);
        Assert.Empty((await stripe.Control.GetFromJsonAsync<Fault[]>("/control/faults", Token))!);
    }

    [Fact]
    public async Task A_kill_loses_nothing_that_was_answered()
    {
        var folder = Directory.CreateTempSubdirectory("retail-stripe-").FullName;
        var address = new Uri($"http://127.0.0.1:{Infrastructure.FreePort()}");
        using var control = new HttpClient { BaseAddress = address };
        using var provider = new StripeProvider(new StripeOptions { ApiAddress = address }, TimeProvider.System);
        var account = provider
            .Account(
                SellerId.Of("s1"),
                "test",
                new Dictionary<string, string> { ["accountId"] = SimulatedStripe.AccountId },
                new Dictionary<string, string> { ["secretKey"] = SimulatedStripe.Key }
            )
            .Value;
        var paid = new List<Checkout>();
        var open = SimulatedStripe.Checkout(7m);
        CheckoutStarted before;
        using (await StartAsync(control, folder))
        {
            var registered = new { secretKey = SimulatedStripe.Key };
            (await control.PutAsJsonAsync($"/control/accounts/{SimulatedStripe.AccountId}", registered, Token)).EnsureSuccessStatusCode();
            for (var i = 0; i < 10; i++)
            {
                var checkout = SimulatedStripe.Checkout(10m + i);
                paid.Add(checkout with { Session = (await provider.StartAsync(account, checkout, Token)).Session });
                var pay = new { checkoutId = checkout.CheckoutId };
                (await control.PostAsJsonAsync("/control/pay", pay, Token)).EnsureSuccessStatusCode();
            }

            before = await provider.StartAsync(account, open, Token);
            // Disposing kills the process.
        }

        // A line that the crash has torn is no line.
        await File.AppendAllTextAsync(Path.Combine(folder, "journal.jsonl"), "{\"sessions\":[{\"id\"", Token);
        using (await StartAsync(control, folder))
        {
            foreach (var checkout in paid)
            {
                var seen = await provider.AskAsync(account, checkout, Token);
                Assert.Equal(checkout.Amount, Assert.IsType<CheckoutPaid>(Assert.Single(seen.Facts)).Amount);
            }

            // The keys are kept, too.
            Assert.Equal(before, await provider.StartAsync(account, open, Token));
            var books = await control.GetAsync($"/control/books?account={SimulatedStripe.AccountId}", Token).JsonAsync(200);
            Assert.Equal(10, books[0].GetProperty("payments").GetArrayLength());
        }

        Directory.Delete(folder, recursive: true);
    }

    private static Task ArrivedAsync(SimulatedStripe stripe, int notices) =>
        Eventually.EqualAsync(
            notices,
            async () => (await stripe.Control.GetAsync("/control/notices", Token).JsonAsync(200)).GetProperty("delivered").GetInt32(),
            "notices that were taken"
        );

    private static async Task<HttpResponseMessage> PostAsync(HttpClient browser, Uri address, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(each => KeyValuePair.Create(each.Name, each.Value)));
        return await browser.PostAsync(address, form, Token);
    }

    private static async Task<string?> ErrorAsync(SimulatedStripe stripe, string key, HttpContent content, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/checkout/sessions");
        request.Content = content;
        request.Headers.Authorization = new("Bearer", key);
        using var response = await stripe.Control.SendAsync(request, Token);
        Assert.Equal(status, response.StatusCode);
        var error = (await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Token)).GetProperty("error");
        Assert.Equal("invalid_request_error", error.Text("type"));
        return error.Text("code");
    }

    private static async Task<ChildProcess> StartAsync(HttpClient control, string folder)
    {
        var process = await ChildProcess.StartAsync(
            Path.Combine(folder, "log"),
            null,
            new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = control.BaseAddress!.GetLeftPart(UriPartial.Authority),
                ["Stripe__Data"] = folder,
                ["Stripe__Seed"] = 1.ToString(CultureInfo.InvariantCulture),
            },
            "dotnet",
            Path.Combine(AppContext.BaseDirectory, "RetailInvoicing.Simulators.dll"),
            "stripe"
        );
        await Eventually.TrueAsync(async () => (await control.GetAsync("/health", Token)).IsSuccessStatusCode, "the simulator is ready");
        return process;
    }
}
