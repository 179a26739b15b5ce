using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.Payments.Providers.Stripe;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Simulators.Stripe;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>Checkouts and refunds by Stripe's API, and what its notices and its answers say of them: the same.</summary>
public sealed class StripeCheckoutTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_checkout_begins_once_however_often_it_is_asked_for_and_its_amount_is_ours()
    {
        await using var stripe = await SimulatedStripe.StartAsync();
        var checkout = SimulatedStripe.Checkout(18.90m);

        var first = await stripe.Provider.StartAsync(stripe.Account, checkout, Token);
        var second = await stripe.Provider.StartAsync(stripe.Account, checkout, Token);

        Assert.Equal(first, second);
        Assert.StartsWith("cs_test_", first.Session, StringComparison.Ordinal);
        Assert.Null(first.Fields);
        Assert.Equal("1", (await stripe.BooksAsync()).GetProperty("sessions").GetProperty("open").ToString());
        var page = await stripe.Control.GetStringAsync(first.Address, Token);
        Assert.Contains("18,90\u00a0€", page, StringComparison.Ordinal);
        Assert.Contains(checkout.Description, page, StringComparison.Ordinal);
        Assert.Contains("Esto es un simulador", page, StringComparison.Ordinal);
        var seen = await stripe.Provider.AskAsync(stripe.Account, checkout with { Session = first.Session }, Token);
        Assert.Equal(CheckoutState.Open, seen.State);
        Assert.Empty(seen.Facts);
    }

    [Theory]
    [InlineData(PaymentMeans.Card, "card", PaymentMeans.Card, "0.53")]
    [InlineData(PaymentMeans.Card, "wallet", PaymentMeans.Wallet, "0.53")]
    [InlineData(PaymentMeans.Wallet, "wallet", PaymentMeans.Wallet, "0.53")]
    [InlineData(PaymentMeans.DirectDebit, "sepa_debit", PaymentMeans.DirectDebit, "0.35")]
    public async Task What_was_paid_is_told_the_same_by_a_notice_and_by_an_answer(
        PaymentMeans asked,
        string paidWith,
        PaymentMeans means,
        string fee
    )
    {
        await using var stripe = await SimulatedStripe.StartAsync();
        var checkout = await stripe.BegunAsync(SimulatedStripe.Checkout(18.90m, asked));
        await stripe.PayAsync(checkout, paidWith);

        var told = Assert.IsType<CheckoutPaid>(await stripe.ToldAsync(fact => fact is CheckoutPaid));
        var seen = await stripe.Provider.AskAsync(stripe.Account, checkout, Token);

        Assert.Equal(CheckoutState.Paid, seen.State);
        var answered = Assert.IsType<CheckoutPaid>(Assert.Single(seen.Facts));
        Assert.Equal(
            (told.FactId, told.Reference, told.Amount, told.Currency, told.Checkout),
            (answered.FactId, answered.Reference, answered.Amount, answered.Currency, answered.Checkout)
        );
        Assert.Equal((18.90m, (Guid?)checkout.CheckoutId), (answered.Amount, answered.Checkout.CheckoutId));
        Assert.Equal(((PaymentMeans?)means, (decimal?)decimal.Parse(fee, CultureInfo.InvariantCulture)), (answered.Means, answered.Fee));
    }

    [Fact]
    public async Task A_debit_that_comes_to_nothing_ends_the_checkout_and_one_under_way_does_not()
    {
        await using var stripe = await SimulatedStripe.StartAsync(("Stripe:DebitSeconds", "2"));
        var checkout = await stripe.BegunAsync(SimulatedStripe.Checkout(18.90m, PaymentMeans.DirectDebit));
        await stripe.PayAsync(checkout, "sepa_debit", iban: "ES9121000418450200051332");
        Assert.Equal(CheckoutState.Open, (await stripe.Provider.AskAsync(stripe.Account, checkout, Token)).State);

        var told = Assert.IsType<CheckoutEnded>(await stripe.ToldAsync(fact => fact is CheckoutEnded));
        var seen = await stripe.Provider.AskAsync(stripe.Account, checkout, Token);

        var answered = Assert.IsType<CheckoutEnded>(Assert.Single(seen.Facts));
        Assert.Equal((CheckoutState.Failed, CheckoutState.Failed, told.FactId), (seen.State, told.State, answered.FactId));
        Assert.Equal("insufficient_funds", answered.Reason);
    }

    [Fact]
    public async Task A_declined_card_ends_nothing_and_another_one_pays()
    {
        await using var stripe = await SimulatedStripe.StartAsync();
        var checkout = await stripe.BegunAsync(SimulatedStripe.Checkout(18.90m));
        Assert.Equal("declined", (await stripe.PayAsync(checkout, "card", "4000000000000002")).Text("status"));
        Assert.Equal(CheckoutState.Open, (await stripe.Provider.AskAsync(stripe.Account, checkout, Token)).State);

        await stripe.PayAsync(checkout, "card");
        Assert.Equal(CheckoutState.Paid, (await stripe.Provider.AskAsync(stripe.Account, checkout, Token)).State);
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_asked_for_again_and_finds_the_same_session()
    {
        await using var stripe = await SimulatedStripe.StartAsync();
        var checkout = SimulatedStripe.Checkout(18.90m);
        await stripe.AskForAsync(new { kind = "lost-answer", times = 1 });

        await Assert.ThrowsAsync<HttpRequestException>(() => stripe.Provider.StartAsync(stripe.Account, checkout, Token));
        Assert.Equal(CheckoutState.Open, (await stripe.Provider.AskAsync(stripe.Account, checkout, Token)).State);
        await stripe.PayAsync(checkout, "card");

        Assert.Equal(CheckoutState.Paid, (await stripe.Provider.AskAsync(stripe.Account, checkout, Token)).State);
        var books = await stripe.BooksAsync();
        Assert.Equal(1, books.GetProperty("sessions").EnumerateObject().Sum(each => each.Value.GetInt32()));
        Assert.Single(books.GetProperty("payments").EnumerateArray());
    }

    [Fact]
    public async Task A_checkout_that_is_ended_cannot_be_paid_and_one_that_was_paid_stays_paid()
    {
        await using var stripe = await SimulatedStripe.StartAsync();
        var given = await stripe.BegunAsync(SimulatedStripe.Checkout(18.90m));
        var ended = await stripe.Provider.EndAsync(stripe.Account, given, Token);
        Assert.Equal(CheckoutState.Expired, ended.State);
        Assert.Equal(
            Assert.Single(ended.Facts).FactId,
            (await stripe.ToldAsync(fact => fact is CheckoutEnded { State: CheckoutState.Expired })).FactId
        );
        await stripe.PayAsync(given, "card", status: 409);
        Assert.Equal(CheckoutState.Expired, (await stripe.Provider.EndAsync(stripe.Account, given, Token)).State);

        var paid = await stripe.BegunAsync(SimulatedStripe.Checkout(18.90m));
        await stripe.PayAsync(paid, "card");
        Assert.Equal(CheckoutState.Paid, (await stripe.Provider.EndAsync(stripe.Account, paid, Token)).State);

        // One of which nobody knows whether it began.
        var unknown = SimulatedStripe.Checkout(18.90m);
        Assert.Equal(CheckoutState.Expired, (await stripe.Provider.EndAsync(stripe.Account, unknown, Token)).State);
    }

    [Fact]
    public async Task What_Stripe_refuses_never_begins_and_its_checkout_has_failed()
    {
        await using var stripe = await SimulatedStripe.StartAsync();
        var small = SimulatedStripe.Checkout(0.10m);
        var refusal = await Assert.ThrowsAsync<StripeRefusal>(() => stripe.Provider.StartAsync(stripe.Account, small, Token));
        Assert.Equal(((HttpStatusCode?)HttpStatusCode.BadRequest, "amount_too_small"), (refusal.StatusCode, refusal.Code));

        var seen = await stripe.Provider.AskAsync(stripe.Account, small, Token);
        var ended = Assert.IsType<CheckoutEnded>(Assert.Single(seen.Facts));
        Assert.Equal((CheckoutState.Failed, "amount_too_small", $"ended:{small.CheckoutId}"), (seen.State, ended.Reason, ended.FactId));

        var foreign = SimulatedStripe.Checkout(1890m, PaymentMeans.DirectDebit, "JPY");
        await Assert.ThrowsAsync<StripeRefusal>(() => stripe.Provider.StartAsync(stripe.Account, foreign, Token));
        var odd = SimulatedStripe.Checkout(5.124m, currency: "KWD");
        await Assert.ThrowsAsync<StripeRefusal>(() => stripe.Provider.StartAsync(stripe.Account, odd, Token));
        // It would have had to begin an hour ago.
        var old = SimulatedStripe.Checkout(18.90m) with
        {
            StartedAt = TimeProvider.System.GetUtcNow().AddHours(-1),
        };
        Assert.Equal(
            CheckoutState.Expired,
            (await stripe.Provider.AskAsync(stripe.Account, old with { ExpiresAt = old.StartedAt.AddMinutes(30) }, Token)).State
        );
    }

    [Fact]
    public async Task A_Stripe_that_is_away_or_slow_throws_and_nothing_that_is_thrown_holds_a_key()
    {
        await using var stripe = await SimulatedStripe.StartAsync();
        var checkout = SimulatedStripe.Checkout(18.90m);
        object[] faults = [Fault("down"), Fault("down", 503), Fault("down", 429), Fault("slow")];
        foreach (var fault in faults)
        {
            await stripe.AskForAsync(fault);
            var thrown = await Assert.ThrowsAsync<HttpRequestException>(() => stripe.Impatient.StartAsync(stripe.Account, checkout, Token));
            Assert.DoesNotContain(SimulatedStripe.Key, thrown.ToString(), StringComparison.Ordinal);
        }

        // A key that opens another account finds nothing of this one.
        var begun = await stripe.BegunAsync(checkout);
        var other = stripe.Account with { Secrets = new Dictionary<string, string> { ["secretKey"] = "sk_test_of_another" } };
        var refused = await Assert.ThrowsAsync<StripeRefusal>(() => stripe.Provider.AskAsync(other, begun, Token));
        Assert.Equal("resource_missing", refused.Code);
        Assert.DoesNotContain("sk_test", refused.ToString(), StringComparison.Ordinal);

        static object Fault(string kind, int? code = null) =>
            new
            {
                kind,
                code,
                seconds = 30,
                times = 1,
            };
    }

    [Fact]
    public async Task Money_is_given_back_once_whether_the_answer_was_lost_or_the_key_forgotten()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var stripe = await SimulatedStripe.StartAsync(clock);
        var order = await stripe.PaidAsync(18.90m, 5m);
        await stripe.AskForAsync(new { kind = "lost-answer", times = 1 });

        await Assert.ThrowsAsync<HttpRequestException>(() => stripe.Provider.RefundAsync(stripe.Account, order, Token));
        // Asked before, and nobody has counted it: the key says that it was given.
        var again = await stripe.Provider.RefundAsync(stripe.Account, order, Token);
        clock.Advance(TimeSpan.FromHours(25));
        var late = await stripe.Provider.RefundAsync(stripe.Account, order with { AskedBefore = 2 }, Token);

        Assert.Equal((RefundState.Given, again), (again.State, late));
        var refund = Assert.Single((await stripe.BooksAsync()).GetProperty("refunds").EnumerateArray());
        Assert.Equal(
            (order.RefundId.ToString(), "5.00", again.Reference),
            (refund.Text("refundId"), refund.Text("amount"), refund.Text("id"))
        );
        var told = Assert.IsType<RefundEnded>(await stripe.ToldAsync(fact => fact is RefundEnded));
        Assert.Equal(($"refund:{again.Reference}", (Guid?)order.RefundId), (told.FactId, told.RefundId));
    }

    [Fact]
    public async Task A_refund_that_is_not_given_fails_with_its_reason_and_more_than_was_paid_is_never_given()
    {
        await using var stripe = await SimulatedStripe.StartAsync();
        var order = await stripe.PaidAsync(18.90m, 5m);
        await stripe.AskForAsync(new { kind = "refund-failure", times = 1 });
        Assert.Equal(RefundState.Asked, (await stripe.Provider.RefundAsync(stripe.Account, order, Token)).State);
        var told = Assert.IsType<RefundEnded>(await stripe.ToldAsync(fact => fact is RefundEnded));
        Assert.Equal((RefundState.Failed, "expired_or_canceled_card"), (told.State, told.Reason));
        var seen = await stripe.Provider.RefundAsync(stripe.Account, order with { AskedBefore = 1 }, Token);
        Assert.Equal(new RefundSeen(RefundState.Failed, told.Reference, "expired_or_canceled_card"), seen);

        var whole = order with { RefundId = Guid.CreateVersion7(), Amount = 18.90m };
        Assert.Equal(RefundState.Given, (await stripe.Provider.RefundAsync(stripe.Account, whole, Token)).State);
        var more = order with { RefundId = Guid.CreateVersion7(), Amount = 0.01m };
        Assert.Equal(
            new RefundSeen(RefundState.Failed, null, "charge_already_refunded"),
            await stripe.Provider.RefundAsync(stripe.Account, more, Token)
        );
    }

    [Fact]
    public async Task What_became_of_a_payment_afterwards_is_in_the_answer_too()
    {
        await using var stripe = await SimulatedStripe.StartAsync();
        var checkout = await stripe.BegunAsync(SimulatedStripe.Checkout(18.90m));
        await stripe.PayAsync(checkout, "card", "4000000000000259");
        var taken = await stripe.ToldAsync(fact => fact is TakenBack);
        var dispute = taken.FactId["taken:".Length..];
        (await stripe.Control.PostAsJsonAsync($"/control/disputes/{dispute}/close", new { won = true }, Token)).EnsureSuccessStatusCode();
        var again = await stripe.ToldAsync(fact => fact is GivenAgain);
        var byHand = new { checkoutId = checkout.CheckoutId, amount = 100 };
        (await stripe.Control.PostAsJsonAsync("/control/refunds", byHand, Token)).EnsureSuccessStatusCode();
        var given = await stripe.ToldAsync(fact => fact is RefundEnded { RefundId: null });

        var seen = await stripe.Provider.AskAsync(stripe.Account, checkout, Token);

        Assert.IsType<CheckoutPaid>(seen.Facts[0]);
        Assert.Equal(
            new[] { taken.FactId, again.FactId, given.FactId }.Order(StringComparer.Ordinal),
            seen.Facts.Skip(1).Select(each => each.FactId).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_payout_is_told_with_what_arrives_and_asked_for_what_Stripe_kept()
    {
        await using var stripe = await SimulatedStripe.StartAsync();
        await stripe.PaidAsync(18.90m, 5m);
        await stripe.PaidAsync(100m, 5m);
        var payout = new { account = SimulatedStripe.AccountId, arrivesOn = "2026-11-25" };
        (await stripe.Control.PostAsJsonAsync("/control/payouts", payout, Token)).EnsureSuccessStatusCode();

        var told = Assert.IsType<PaidOut>(await stripe.ToldAsync(fact => fact is PaidOut));
        var asked = await stripe.Provider.AskPayoutAsync(stripe.Account, told.Reference, Token);

        Assert.Equal((116.62m, 0m, (DateOnly?)new DateOnly(2026, 11, 25)), (told.Amount, told.Fees, told.ArrivesOn));
        Assert.Equal(told with { Fees = 2.28m, At = asked!.At }, asked);
    }
}

/// <summary>A simulated Stripe in this process, with an account, its provider, and somebody who hears its notices.</summary>
internal sealed class SimulatedStripe : IAsyncDisposable
{
    public const string AccountId = "acct_shop";
    public const string Key = "sk_test_of_the_shop";
    public const string Signing = "whsec_of_the_shop";

    private readonly string _folder = Directory.CreateTempSubdirectory("retail-stripe-").FullName;
    private readonly WebApplication _app;
    private readonly WebApplication _hook;

    private SimulatedStripe((string Name, string Value)[] settings, TimeProvider clock)
    {
        var (port, hook) = (Infrastructure.FreePort(), Infrastructure.FreePort());
        var address = new Uri($"http://127.0.0.1:{port}");
        HookAddress = $"http://127.0.0.1:{hook}/hook?account={AccountId}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["urls"] = address.GetLeftPart(UriPartial.Authority),
                ["Stripe:Data"] = _folder,
                ["Stripe:DebitSeconds"] = "0",
                ["Stripe:RefundSeconds"] = "0",
                ["Stripe:RetrySeconds"] = "0.1",
            }
        );
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(each => each.Name, each => (string?)each.Value));
        builder.Services.AddSingleton(clock);
        _app = Simulator.Build(builder);

        var hearing = WebApplication.CreateSlimBuilder();
        hearing.Logging.ClearProviders();
        _hook = hearing.Build();
        _hook.Urls.Add($"http://127.0.0.1:{hook}");
        _hook.MapPost(
            "/hook",
            async (HttpRequest request) =>
            {
                using var body = new MemoryStream();
                await request.Body.CopyToAsync(body);
                Heard.Enqueue(new(body.ToArray(), request.Headers["Stripe-Signature"].ToString()));
                return Results.StatusCode(Answers.TryDequeue(out var status) ? status : StatusCodes.Status200OK);
            }
        );

        Control = new HttpClient { BaseAddress = address };
        Provider = new StripeProvider(new StripeOptions { ApiAddress = address }, clock);
        Impatient = new StripeProvider(new StripeOptions { ApiAddress = address, Patience = TimeSpan.FromSeconds(1) }, clock);
        Account = Provider
            .Account(
                SellerId.Of("s1"),
                "test",
                new Dictionary<string, string> { ["accountId"] = AccountId },
                new Dictionary<string, string> { ["secretKey"] = Key, ["webhookSecret"] = Signing }
            )
            .Value;
    }

    /// <summary>A notice as it came.</summary>
    public sealed record Notice(byte[] Body, string Signature)
    {
        public DateTimeOffset SignedAt =>
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(Signature.Split(',')[0]["t=".Length..], CultureInfo.InvariantCulture));

        public string Id => JsonDocument.Parse(Body).RootElement.Text("id")!;

        public string Type => JsonDocument.Parse(Body).RootElement.Text("type")!;
    }

    public ConcurrentQueue<Notice> Heard { get; } = new();

    /// <summary>What whoever hears answers next; 200 where nothing is said.</summary>
    public ConcurrentQueue<int> Answers { get; } = new();

    public string HookAddress { get; }

    public HttpClient Control { get; }

    public StripeProvider Provider { get; }

    /// <summary>The same, waiting for a second only.</summary>
    public StripeProvider Impatient { get; }

    public ProviderAccount Account { get; }

    public static Task<SimulatedStripe> StartAsync(params (string Name, string Value)[] settings) =>
        StartAsync(TimeProvider.System, settings);

    public static async Task<SimulatedStripe> StartAsync(TimeProvider clock, params (string Name, string Value)[] settings)
    {
        var stripe = new SimulatedStripe(settings, clock);
        await stripe._app.StartAsync(TestContext.Current.CancellationToken);
        await stripe._hook.StartAsync(TestContext.Current.CancellationToken);
        await stripe.RegisterAsync(null);
        return stripe;
    }

    public static Checkout Checkout(decimal amount, PaymentMeans means = PaymentMeans.Card, string currency = "EUR")
    {
        var now = TimeProvider.System.GetUtcNow();
        return new Checkout
        {
            SellerId = SellerId.Of("s1"),
            CheckoutId = Guid.CreateVersion7(),
            Provider = "stripe",
            Means = means,
            Order = "1234ABCDEFGH",
            Amount = amount,
            Currency = Currency.Of(currency),
            Parts = [new CheckoutPart(InvoiceId.New(), amount)],
            Description = "F-S01-2026-000123",
            Language = "es",
            ReturnTo = new Uri("https://facturas.example.com/pay/TOKEN/back?checkout=1"),
            NotifyAt = new Uri("https://payments.example.com/v1/providers/stripe/webhook"),
            StartedAt = now,
            ExpiresAt = now.AddMinutes(30),
        };
    }

    /// <summary>Registers the account; events where others than a checkout's are wanted.</summary>
    public async Task RegisterAsync(string[]? events, Uri? hook = null) =>
        (
            await Control.PutAsJsonAsync(
                $"/control/accounts/{AccountId}",
                new
                {
                    secretKey = Key,
                    webhookUrl = hook?.AbsoluteUri ?? HookAddress,
                    webhookSecret = Signing,
                    events,
                },
                TestContext.Current.CancellationToken
            )
        ).EnsureSuccessStatusCode();

    public async Task<Checkout> BegunAsync(Checkout checkout) =>
        checkout with
        {
            Session = (await Provider.StartAsync(Account, checkout, TestContext.Current.CancellationToken)).Session,
        };

    public Task<JsonElement> PayAsync(Checkout checkout, string means, string? card = null, string? iban = null, int status = 200) =>
        Control
            .PostAsJsonAsync(
                "/control/pay",
                new
                {
                    checkoutId = checkout.CheckoutId,
                    means,
                    card,
                    iban,
                }
            )
            .JsonAsync(status);

    /// <summary>A payment, and the order to give a part of it back.</summary>
    public async Task<RefundOrder> PaidAsync(decimal amount, decimal back)
    {
        var checkout = await BegunAsync(Checkout(amount));
        var payment = (await PayAsync(checkout, "card")).Text("payment")!;
        return new RefundOrder
        {
            RefundId = Guid.CreateVersion7(),
            Checkout = checkout,
            Payment = payment,
            Amount = back,
            Currency = checkout.Currency,
            AskedBefore = 0,
        };
    }

    public async Task AskForAsync(object fault) =>
        (await Control.PostAsJsonAsync("/control/faults", fault, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    /// <summary>What the account's books hold.</summary>
    public async Task<JsonElement> BooksAsync() => (await Control.GetAsync($"/control/books?account={AccountId}").JsonAsync(200))[0];

    /// <summary>The facts of a notice, as the product reads it when it comes.</summary>
    public IReadOnlyList<ProviderFact> Read(Notice notice) =>
        Provider
            .Read(
                Account,
                new ProviderRequest
                {
                    Body = notice.Body,
                    Headers = new Dictionary<string, string> { ["stripe-signature"] = notice.Signature },
                    Query = new Dictionary<string, string> { ["account"] = AccountId },
                },
                notice.SignedAt
            )
            .Value.Facts;

    /// <summary>The first fact of that kind that a notice tells, once one does.</summary>
    public async Task<ProviderFact> ToldAsync(Func<ProviderFact, bool> which)
    {
        ProviderFact? told = null;
        await Eventually.TrueAsync(
            () => Task.FromResult((told = Heard.SelectMany(Read).FirstOrDefault(which)) is not null),
            $"a notice tells it; heard: {string.Join(", ", Heard.Select(each => Encoding.UTF8.GetString(each.Body)))}"
        );
        return told!;
    }

    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        Provider.Dispose();
        Impatient.Dispose();
        await _app.DisposeAsync();
        await _hook.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
