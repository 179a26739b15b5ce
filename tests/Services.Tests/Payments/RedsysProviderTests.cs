using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.Payments.Providers.Redsys;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Simulators.Redsys;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>Checkouts as Payments would begin them.</summary>
internal static class RedsysCheckout
{
    public static Checkout Of(
        string order,
        decimal amount,
        PaymentMeans means = PaymentMeans.Card,
        string language = "es",
        Uri? notifyAt = null,
        string description = "Factura F-1"
    )
    {
        var id = Guid.CreateVersion7();
        return new Checkout
        {
            SellerId = SellerId.Of("s1"),
            CheckoutId = id,
            Provider = "redsys",
            Means = means,
            Order = order,
            Amount = amount,
            Currency = Currency.Eur,
            Parts = [new CheckoutPart(InvoiceId.New(), amount)],
            Description = description,
            Language = language,
            ReturnTo = new Uri($"https://pagos.example.com/pay/token/back?checkout={id}"),
            NotifyAt = notifyAt ?? new Uri("https://api.example.com/v1/providers/redsys/webhook"),
            StartedAt = RedsysSample.Now,
            ExpiresAt = RedsysSample.Now.AddMinutes(30),
        };
    }
}

/// <summary>A simulated Redsys in this process, a merchant's server that hears it, and the product's provider between them.</summary>
internal sealed class PlayedRedsys : IAsyncDisposable
{
    private readonly TemporaryFolder? _own;
    private readonly WebApplication _redsys;
    private readonly WebApplication _merchant;
    private readonly Channel<ProviderRequest> _heard = Channel.CreateUnbounded<ProviderRequest>();
    private int _orders;

    private PlayedRedsys(string? books, ProviderAccount account)
    {
        _own = books is null ? new TemporaryFolder("retail-redsys-") : null;
        Account = account;
        var (redsys, merchant) = (Infrastructure.FreePort(), Infrastructure.FreePort());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["urls"] = $"http://127.0.0.1:{redsys}", ["Redsys:Data"] = books ?? _own!.Path }
        );
        builder.Services.AddSingleton<TimeProvider>(Clock);
        _redsys = Simulator.Build(builder);

        var server = WebApplication.CreateSlimBuilder();
        server.Logging.ClearProviders();
        server.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, merchant));
        _merchant = server.Build();
        _merchant.Run(http => TakeAsync(http));

        NotifyAt = new Uri($"http://127.0.0.1:{merchant}/v1/providers/redsys/webhook");
        Control = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{redsys}") };
        Provider = new RedsysProvider(
            new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { ["Redsys:TestAddress"] = $"http://127.0.0.1:{redsys}" })
                .Build(),
            Clock
        );
    }

    public FakeTimeProvider Clock { get; } = new(RedsysSample.Now);

    public RedsysProvider Provider { get; }

    public ProviderAccount Account { get; }

    public HttpClient Control { get; }

    public Uri NotifyAt { get; }

    public static async Task<PlayedRedsys> StartAsync(string signature = RedsysSignature.Sha512, string? books = null)
    {
        var played = new PlayedRedsys(books, RedsysSample.AccountOf(signature));
        await played._redsys.StartAsync(TestContext.Current.CancellationToken);
        await played._merchant.StartAsync(TestContext.Current.CancellationToken);
        return played;
    }

    /// <summary>A checkout of an order that nobody has used.</summary>
    public Checkout Checkout(decimal amount = 18.90m, PaymentMeans means = PaymentMeans.Card) =>
        RedsysCheckout.Of($"2611TEST{Interlocked.Increment(ref _orders):0000}", amount, means, notifyAt: NotifyAt);

    /// <summary>Begins a checkout and does what a payer would, without a browser.</summary>
    public async Task<JsonElement> PayAsync(Checkout checkout, string outcome = "paid", int status = 200)
    {
        var started = await Provider.StartAsync(Account, checkout, TestContext.Current.CancellationToken);
        return await PostAsync("/control/pay", new { form = started.Fields, outcome }, status);
    }

    public async Task<JsonElement> PostAsync(string path, object body, int status = 200)
    {
        using var answer = await Control.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode} instead of {status}: {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    public async Task SetAsync(object settings) =>
        (await Control.PutAsJsonAsync("/control/settings", settings, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    /// <summary>What the simulator's own books say of an order.</summary>
    public async Task<JsonElement> BookAsync(string order) =>
        (await Control.GetFromJsonAsync<JsonElement>($"/control/books?order={order}", TestContext.Current.CancellationToken)).GetProperty(
            "list"
        )[0];

    /// <summary>The next notice, as it came.</summary>
    public async Task<ProviderRequest> HearAsync() => await _heard.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>The next notice, read.</summary>
    public async Task<ProviderNotice> HearNoticeAsync() => Provider.Read(Account, await HearAsync(), Clock.GetUtcNow()).Value;

    public bool HasHeardMore => _heard.Reader.TryPeek(out _);

    public Task<CheckoutSeen> AskAsync(Checkout checkout) => Provider.AskAsync(Account, checkout, TestContext.Current.CancellationToken);

    public Task<CheckoutSeen> EndAsync(Checkout checkout) => Provider.EndAsync(Account, checkout, TestContext.Current.CancellationToken);

    public RefundOrder Refund(Checkout checkout, decimal amount) =>
        new()
        {
            RefundId = Guid.CreateVersion7(Clock.GetUtcNow()),
            Checkout = checkout,
            Payment = checkout.Order,
            Amount = amount,
            Currency = checkout.Currency,
            AskedBefore = 0,
        };

    public Task<RefundSeen> GiveAsync(RefundOrder refund) => Provider.RefundAsync(Account, refund, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        Provider.Dispose();
        await _redsys.DisposeAsync();
        await _merchant.DisposeAsync();
        _own?.Dispose();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        await _heard.Writer.WriteAsync(
            new ProviderRequest
            {
                Body = body.ToArray(),
                Headers = new Dictionary<string, string>(),
                Query = new Dictionary<string, string>(),
            },
            http.RequestAborted
        );
        http.Response.StatusCode = StatusCodes.Status200OK;
    }
}

public sealed class RedsysProviderTests
{
    [Fact]
    public void An_account_is_known_by_merchant_and_terminal_however_they_are_written_and_never_shows_its_key()
    {
        var account = RedsysSample
            .Provider.Account(
                SellerId.Of("s1"),
                "live",
                new Dictionary<string, string> { ["merchantCode"] = "54517297", ["terminal"] = "001" },
                new Dictionary<string, string> { ["key"] = RedsysSignatureTests.Key }
            )
            .Value;

        Assert.Equal("054517297-1", account.AccountId);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["merchantCode"] = "054517297",
                ["terminal"] = "1",
                ["signature"] = RedsysSignature.Sha512,
                ["currency"] = "EUR",
            },
            account.Settings
        );
        Assert.DoesNotContain(RedsysSignatureTests.Key, $"{account}", StringComparison.Ordinal);
    }

    [Fact]
    public void An_account_that_cannot_work_is_refused_with_all_that_is_wrong()
    {
        var refused = RedsysSample.Provider.Account(
            SellerId.Of("s1"),
            "production",
            new Dictionary<string, string>
            {
                ["merchantCode"] = "x",
                ["terminal"] = "0",
                ["signature"] = "HMAC_SHA1",
                ["currency"] = "XXX",
                ["colour"] = "red",
            },
            new Dictionary<string, string> { ["key"] = "short", ["pin"] = "1234" }
        );

        Assert.Equal(
            [
                "PAY-REDSYS-09 settings.colour",
                "PAY-REDSYS-09 secrets.pin",
                "PAY-REDSYS-12 environment",
                "PAY-REDSYS-06 settings.merchantCode",
                "PAY-REDSYS-07 settings.terminal",
                "PAY-REDSYS-10 settings.signature",
                "PAY-REDSYS-11 settings.currency",
                "PAY-REDSYS-08 secrets.key",
            ],
            refused.Fault!.Parts.Select(each => $"{each.Code.Code} {each.Path}")
        );
    }

    [Theory]
    [InlineData(RedsysSignature.Sha256, PaymentMeans.Card, "es", "C", "001")]
    [InlineData(RedsysSignature.Sha512, PaymentMeans.Bizum, "en", "z", "002")]
    [InlineData(RedsysSignature.Sha512, PaymentMeans.Card, "ca", "C", "003")]
    [InlineData(RedsysSignature.Sha512, PaymentMeans.Card, "gl", "C", "012")]
    [InlineData(RedsysSignature.Sha512, PaymentMeans.Card, "eu", "C", "013")]
    [InlineData(RedsysSignature.Sha512, PaymentMeans.Card, "de", "C", "001")]
    public async Task The_form_names_what_we_ask_and_is_the_same_each_time(
        string version,
        PaymentMeans means,
        string language,
        string method,
        string code
    )
    {
        var account = RedsysSample.AccountOf(version);
        var checkout = RedsysCheckout.Of(RedsysSample.Order, 1234.50m, means, language, description: $"{new string('ñ', 123)}😀 y más");

        var started = await RedsysSample.Provider.StartAsync(account, checkout, TestContext.Current.CancellationToken);
        var again = await RedsysSample.Provider.StartAsync(account, checkout, TestContext.Current.CancellationToken);

        Assert.Equal(started.Fields!, again.Fields!);
        Assert.Null(started.Session);
        Assert.Equal("https://sis-t.redsys.es:25443/sis/realizarPago", started.Address.AbsoluteUri);
        var (message, error) = SentMessage.Open(
            started.Fields!["Ds_SignatureVersion"],
            started.Fields["Ds_MerchantParameters"],
            started.Fields["Ds_Signature"],
            (_, _) => RedsysSignatureTests.Key
        );
        Assert.Null(error);
        Assert.Equal(version, message!.Version);
        Assert.Equal(
            ("999008881", "1", RedsysSample.Order, "0", 123450L, "978", method, code),
            (
                message.Merchant,
                message.Terminal,
                message.Order,
                message.Type,
                message.Amount,
                message.Currency,
                message["PAYMETHODS"],
                message["CONSUMERLANGUAGE"]
            )
        );
        Assert.Equal(checkout.NotifyAt.AbsoluteUri, message["MERCHANTURL"]);
        Assert.Equal(checkout.ReturnTo.AbsoluteUri, message["URLOK"]);
        Assert.Equal(checkout.ReturnTo.AbsoluteUri, message["URLKO"]);
        Assert.Equal($"{new string('ñ', 123)}…", message["PRODUCTDESCRIPTION"]);
    }

    [Fact]
    public async Task What_a_terminal_cannot_take_is_not_asked_of_it()
    {
        var dollars = RedsysCheckout.Of(RedsysSample.Order, 10m) with { Currency = Currency.Of("USD") };
        await Assert.ThrowsAsync<NotSupportedException>(() => StartAsync(dollars));
        await Assert.ThrowsAsync<NotSupportedException>(() => StartAsync(RedsysCheckout.Of(RedsysSample.Order, 10m, PaymentMeans.Wallet)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => StartAsync(RedsysCheckout.Of(RedsysSample.Order, 10.001m)));
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(RedsysCheckout.Of("ABCD", 10m)));

        static async Task StartAsync(Checkout checkout) =>
            await RedsysSample.Provider.StartAsync(RedsysSample.Account, checkout, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(RedsysSignature.Sha256, PaymentMeans.Card)]
    [InlineData(RedsysSignature.Sha512, PaymentMeans.Bizum)]
    public async Task A_payment_is_told_by_the_notice_by_the_address_of_the_return_and_by_the_books_as_one_fact(
        string version,
        PaymentMeans means
    )
    {
        await using var redsys = await PlayedRedsys.StartAsync(version);
        var checkout = redsys.Checkout(18.90m, means);
        Assert.Equal(CheckoutState.Open, (await redsys.AskAsync(checkout)).State);

        var answer = await redsys.PayAsync(checkout);

        var paid = Assert.IsType<CheckoutPaid>(Assert.Single((await redsys.HearNoticeAsync()).Facts));
        Assert.Equal(
            ($"paid:{checkout.Order}", checkout.Order, (PaymentMeans?)means, 18.90m, Currency.Eur),
            (paid.FactId, paid.Reference, paid.Means, paid.Amount, paid.Currency)
        );

        var back = new Uri(answer.Text("returnTo")!);
        Assert.StartsWith(checkout.ReturnTo.AbsoluteUri, back.AbsoluteUri, StringComparison.Ordinal);
        var query = back
            .Query.TrimStart('?')
            .Split('&')
            .Select(each => each.Split('=', 2))
            .ToDictionary(each => each[0], each => Uri.UnescapeDataString(each[1]));
        var returned = redsys.Provider.Read(redsys.Account, RedsysSample.Posted("") with { Query = query }, redsys.Clock.GetUtcNow()).Value;
        Assert.Equal(paid.FactId, Assert.Single(returned.Facts).FactId);

        var seen = await redsys.AskAsync(checkout);
        Assert.Equal(CheckoutState.Paid, seen.State);
        var asked = Assert.IsType<CheckoutPaid>(Assert.Single(seen.Facts));
        Assert.Equal((paid.FactId, paid.Reference, paid.Amount), (asked.FactId, asked.Reference, asked.Amount));
        Assert.Equal(checkout.CheckoutId, asked.Checkout.CheckoutId);
        Assert.Equal(CheckoutState.Paid, (await redsys.EndAsync(checkout)).State);
    }

    [Theory]
    [InlineData("declined", CheckoutState.Failed, "0190")]
    [InlineData("cancelled", CheckoutState.Cancelled, "9915")]
    public async Task A_payment_that_came_to_nothing_is_told_the_same_way(string outcome, CheckoutState state, string code)
    {
        await using var redsys = await PlayedRedsys.StartAsync();
        var checkout = redsys.Checkout();

        await redsys.PayAsync(checkout, outcome);

        var ended = Assert.IsType<CheckoutEnded>(Assert.Single((await redsys.HearNoticeAsync()).Facts));
        Assert.Equal((state, $"ended:{checkout.Order}:{code}"), (ended.State, ended.FactId));
        var seen = await redsys.AskAsync(checkout);
        Assert.Equal(state, seen.State);
        Assert.Equal(ended.FactId, Assert.Single(seen.Facts).FactId);
        Assert.Equal(state, (await redsys.EndAsync(checkout)).State);
    }

    [Fact]
    public async Task Declined_and_paid_on_the_same_page_is_paid()
    {
        await using var redsys = await PlayedRedsys.StartAsync();
        var checkout = redsys.Checkout();

        await redsys.PayAsync(checkout, "declined-then-paid");

        var facts = new[] { await redsys.HearNoticeAsync(), await redsys.HearNoticeAsync() }.SelectMany(each => each.Facts).ToList();
        Assert.Single(facts.OfType<CheckoutEnded>());
        Assert.Single(facts.OfType<CheckoutPaid>());
        Assert.Equal(CheckoutState.Paid, (await redsys.AskAsync(checkout)).State);
    }

    [Fact]
    public async Task A_form_that_is_sent_again_after_it_was_paid_takes_nothing_and_its_notice_tells_nothing()
    {
        await using var redsys = await PlayedRedsys.StartAsync();
        var checkout = redsys.Checkout();
        await redsys.PayAsync(checkout);
        Assert.Single((await redsys.HearNoticeAsync()).Facts);

        Assert.Equal("SIS0051", (await redsys.PayAsync(checkout, status: 422)).Text("error"));

        Assert.Empty((await redsys.HearNoticeAsync()).Facts);
        Assert.Equal(CheckoutState.Paid, (await redsys.AskAsync(checkout)).State);
        Assert.Equal("18.90", (await redsys.BookAsync(checkout.Order)).Text("taken"));
    }

    [Fact]
    public async Task An_order_that_Redsys_does_not_know_expires_at_once_and_one_that_was_begun_after_its_page_has_given_up()
    {
        await using var redsys = await PlayedRedsys.StartAsync();
        var never = redsys.Checkout();
        var ended = await redsys.EndAsync(never);
        Assert.Equal(CheckoutState.Expired, ended.State);
        Assert.Equal(CheckoutState.Expired, Assert.IsType<CheckoutEnded>(Assert.Single(ended.Facts)).State);

        var begun = redsys.Checkout();
        await redsys.PayAsync(begun, "abandoned");
        Assert.Equal(CheckoutState.Open, (await redsys.AskAsync(begun)).State);
        Assert.Equal(CheckoutState.Open, (await redsys.EndAsync(begun)).State);
        redsys.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(CheckoutState.Expired, (await redsys.EndAsync(begun)).State);

        // Paid after all: it counts, by the notice and by the books.
        await redsys.PostAsync("/control/pay", new { order = begun.Order });
        Assert.IsType<CheckoutPaid>(Assert.Single((await redsys.HearNoticeAsync()).Facts));
        Assert.Equal(CheckoutState.Paid, (await redsys.EndAsync(begun)).State);
    }

    [Fact]
    public async Task Where_the_query_is_closed_a_checkout_stays_open_until_its_end_and_says_why_nobody_knew_better()
    {
        await using var redsys = await PlayedRedsys.StartAsync();
        await redsys.SetAsync(new { queryIsOpen = false });
        var checkout = redsys.Checkout();
        await redsys.PayAsync(checkout);

        Assert.Equal(CheckoutState.Open, (await redsys.AskAsync(checkout)).State);
        Assert.Equal(CheckoutState.Open, (await redsys.EndAsync(checkout)).State);
        redsys.Clock.Advance(TimeSpan.FromMinutes(61));
        var ended = Assert.IsType<CheckoutEnded>(Assert.Single((await redsys.EndAsync(checkout)).Facts));
        Assert.Equal((CheckoutState.Expired, "XML0041"), (ended.State, ended.Reason));
    }

    [Fact]
    public async Task A_refund_is_given_in_parts_and_never_beyond_what_was_paid()
    {
        await using var redsys = await PlayedRedsys.StartAsync(RedsysSignature.Sha256);
        var checkout = redsys.Checkout(20.00m);
        await redsys.PayAsync(checkout);

        var first = await redsys.GiveAsync(redsys.Refund(checkout, 5.00m));
        var second = await redsys.GiveAsync(redsys.Refund(checkout, 15.00m));
        var third = await redsys.GiveAsync(redsys.Refund(checkout, 0.01m));

        Assert.Equal((RefundState.Given, (string?)null), (first.State, first.Reason));
        Assert.Equal(RefundState.Given, second.State);
        Assert.StartsWith($"{checkout.Order}-", first.Reference, StringComparison.Ordinal);
        Assert.NotEqual(first.Reference, second.Reference);
        Assert.Equal((RefundState.Failed, "SIS0057"), (third.State, third.Reason));
        Assert.Equal("20.00", (await redsys.BookAsync(checkout.Order)).Text("given"));
    }

    [Fact]
    public async Task A_refund_whose_answer_was_lost_is_found_in_the_books_and_not_given_again()
    {
        await using var redsys = await PlayedRedsys.StartAsync();
        var checkout = redsys.Checkout();
        await redsys.PayAsync(checkout);
        // One of the same amount from before is not taken for it.
        await redsys.GiveAsync(redsys.Refund(checkout, 5.00m));
        redsys.Clock.Advance(TimeSpan.FromMinutes(10));
        var refund = redsys.Refund(checkout, 5.00m);

        await redsys.PostAsync(
            "/control/faults",
            new
            {
                kind = "lost-answer",
                on = "refund",
                times = 1,
            }
        );
        await Assert.ThrowsAsync<HttpRequestException>(() => redsys.GiveAsync(refund));
        var found = await redsys.GiveAsync(refund with { AskedBefore = 1 });

        Assert.Equal(RefundState.Given, found.State);
        var refunds = (await redsys.BookAsync(checkout.Order)).GetProperty("refunds").EnumerateArray().ToList();
        Assert.Equal(2, refunds.Count);
        Assert.Equal($"{checkout.Order}-{refunds[1].Text("authorisationCode")}", found.Reference);
        Assert.Equal(RedsysOrder.MarkOf(refund.RefundId), refunds[1].Text("data"));
    }

    [Fact]
    public async Task A_refund_that_never_arrived_is_given_when_it_is_asked_for_again()
    {
        await using var redsys = await PlayedRedsys.StartAsync();
        var checkout = redsys.Checkout();
        await redsys.PayAsync(checkout);
        await redsys.GiveAsync(redsys.Refund(checkout, 5.00m));
        redsys.Clock.Advance(TimeSpan.FromMinutes(10));
        var refund = redsys.Refund(checkout, 5.00m);

        await redsys.PostAsync(
            "/control/faults",
            new
            {
                kind = "down",
                on = "refund",
                times = 1,
            }
        );
        await Assert.ThrowsAsync<HttpRequestException>(() => redsys.GiveAsync(refund));
        Assert.Equal(RefundState.Given, (await redsys.GiveAsync(refund with { AskedBefore = 1 })).State);
        Assert.Equal(RefundState.Given, (await redsys.GiveAsync(refund with { AskedBefore = 2 })).State);

        Assert.Equal("10.00", (await redsys.BookAsync(checkout.Order)).Text("given"));
    }

    [Fact]
    public async Task A_refund_of_which_nobody_knows_stays_asked_with_the_reason_and_is_not_asked_for_again()
    {
        await using var redsys = await PlayedRedsys.StartAsync();
        var checkout = redsys.Checkout();
        await redsys.PayAsync(checkout);
        await redsys.SetAsync(new { queryIsOpen = false });

        var seen = await redsys.GiveAsync(redsys.Refund(checkout, 5.00m) with { AskedBefore = 1 });

        Assert.Equal((RefundState.Asked, "XML0041"), (seen.State, seen.Reason));
        Assert.Equal("0.00", (await redsys.BookAsync(checkout.Order)).Text("given"));
    }

    [Theory]
    [InlineData("0190", RefundState.Failed)]
    [InlineData("0950", RefundState.Failed)]
    [InlineData("SIS0054", RefundState.Failed)]
    [InlineData("9912", RefundState.Asked)]
    [InlineData("SIS0295", RefundState.Asked)]
    public async Task A_refund_that_is_refused_fails_and_one_that_only_met_a_bad_moment_is_asked_for_again(string code, RefundState state)
    {
        await using var redsys = await PlayedRedsys.StartAsync();
        var checkout = redsys.Checkout();
        await redsys.PayAsync(checkout);
        await redsys.PostAsync(
            "/control/faults",
            new
            {
                kind = "refund-failure",
                code,
                times = 1,
            }
        );
        var refund = redsys.Refund(checkout, 5.00m);

        var seen = await redsys.GiveAsync(refund);

        Assert.Equal((state, code), (seen.State, seen.Reason));
        if (state == RefundState.Asked)
        {
            Assert.Equal(RefundState.Given, (await redsys.GiveAsync(refund with { AskedBefore = 1 })).State);
            Assert.Equal("5.00", (await redsys.BookAsync(checkout.Order)).Text("given"));
        }
    }

    [Fact]
    public async Task Whoever_has_another_key_is_refused_and_what_is_not_answered_throws()
    {
        await using var redsys = await PlayedRedsys.StartAsync();
        var checkout = redsys.Checkout();
        await redsys.PayAsync(checkout);
        var other = RedsysSample.AccountOf(key: "Mk9m98IfEblmPfrpsawt7BmxObt98Jev");

        var refused = await redsys.Provider.RefundAsync(other, redsys.Refund(checkout, 1m), TestContext.Current.CancellationToken);
        Assert.Equal((RefundState.Failed, "SIS0042"), (refused.State, refused.Reason));
        await redsys.PostAsync(
            "/control/faults",
            new
            {
                kind = "down",
                on = "query",
                times = 1,
            }
        );
        await Assert.ThrowsAsync<HttpRequestException>(() => redsys.AskAsync(checkout));
    }

    [Fact]
    public async Task A_refund_in_the_portal_is_told_without_an_id_of_ours()
    {
        await using var redsys = await PlayedRedsys.StartAsync();
        var checkout = redsys.Checkout();
        await redsys.PayAsync(checkout);
        await redsys.HearNoticeAsync();

        await redsys.PostAsync("/control/refund", new { order = checkout.Order, amount = "3.40" });

        var refund = Assert.IsType<RefundEnded>(Assert.Single((await redsys.HearNoticeAsync()).Facts));
        Assert.Equal(
            ((Guid?)null, checkout.Order, RefundState.Given, 3.40m),
            (refund.RefundId, refund.Payment, refund.State, refund.Amount)
        );
        Assert.Equal(CheckoutState.Paid, (await redsys.AskAsync(checkout)).State);
    }

    [Fact]
    public async Task Notices_come_twice_late_forged_or_not_at_all_when_they_are_asked_to()
    {
        await using var redsys = await PlayedRedsys.StartAsync();

        await redsys.PostAsync("/control/faults", new { kind = "forged", times = 1 });
        await redsys.PayAsync(redsys.Checkout());
        var both = new[] { await redsys.HearAsync(), await redsys.HearAsync() }
            .Select(each => redsys.Provider.Read(redsys.Account, each, redsys.Clock.GetUtcNow()))
            .ToList();
        Assert.Equal("PAY-REDSYS-02", Assert.Single(both, each => each.Fault is not null).Fault!.Code.Code);
        Assert.Single(Assert.Single(both, each => each.Fault is null).Value.Facts);

        await redsys.PostAsync("/control/faults", new { kind = "lost-notification", times = 1 });
        await redsys.PostAsync(
            "/control/faults",
            new
            {
                kind = "duplicate",
                times = 1,
                seconds = 0,
            }
        );
        var lost = redsys.Checkout();
        await redsys.PayAsync(lost);
        var twice = redsys.Checkout();
        await redsys.PayAsync(twice);
        var (first, second) = (await redsys.HearAsync(), await redsys.HearAsync());
        Assert.False(first.Body.Span.SequenceEqual(second.Body.Span));
        var ids = new[] { first, second }.Select(each =>
            redsys.Provider.Read(redsys.Account, each, redsys.Clock.GetUtcNow()).Value.EventId
        );
        Assert.StartsWith(twice.Order, Assert.Single(ids.Distinct()), StringComparison.Ordinal);
        Assert.False(redsys.HasHeardMore);

        await redsys.PostAsync("/control/notify", new { order = lost.Order });
        Assert.StartsWith(lost.Order, (await redsys.HearNoticeAsync()).EventId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_pays_on_the_page_without_a_script_in_two_requests()
    {
        await using var redsys = await PlayedRedsys.StartAsync();
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var checkout = redsys.Checkout(18.90m, PaymentMeans.Bizum);
        var started = await redsys.Provider.StartAsync(redsys.Account, checkout, TestContext.Current.CancellationToken);

        using var sent = new FormUrlEncodedContent(started.Fields!);
        using var page = await browser.PostAsync(started.Address, sent, TestContext.Current.CancellationToken);
        var html = await new HtmlParser().ParseDocumentAsync(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains("18,90\u00a0€", html.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("esto no es Redsys", html.Body.TextContent, StringComparison.Ordinal);
        Assert.Empty(html.QuerySelectorAll("script"));
        var button = html.QuerySelector("fieldset button[value=pay]")!;
        var action = new Uri(started.Address, button.Closest("form")!.GetAttribute("action"));
        using var decision = new FormUrlEncodedContent([new("means", "bizum"), new("decision", "pay")]);
        using var back = await browser.PostAsync(action, decision, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Redirect, back.StatusCode);
        Assert.StartsWith(checkout.ReturnTo.AbsoluteUri, back.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(PaymentMeans.Bizum, ((CheckoutPaid)Assert.Single((await redsys.HearNoticeAsync()).Facts)).Means);

        // The back button and the same button again pay nothing more.
        using var repeated = new FormUrlEncodedContent([new("means", "bizum"), new("decision", "pay")]);
        using var twice = await browser.PostAsync(action, repeated, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, twice.StatusCode);
        Assert.Equal("18.90", (await redsys.BookAsync(checkout.Order)).Text("taken"));
        Assert.False(redsys.HasHeardMore);
    }

    [Theory]
    [InlineData("Ds_SignatureVersion", "HMAC_SHA1_V1", "SIS0429")]
    [InlineData("Ds_MerchantParameters", "%%%", "SIS0430")]
    [InlineData("Ds_MerchantParameters", "W10", "SIS0431")]
    [InlineData("Ds_Signature", "AAAA", "SIS0042")]
    public async Task The_simulator_refuses_a_form_that_is_not_signed_as_it_says(string name, string value, string code)
    {
        await using var redsys = await PlayedRedsys.StartAsync();
        var started = await redsys.Provider.StartAsync(redsys.Account, redsys.Checkout(), TestContext.Current.CancellationToken);

        var form = new Dictionary<string, string>(started.Fields!) { [name] = value };

        Assert.Equal(code, (await redsys.PostAsync("/control/pay", new { form }, 422)).Text("error"));
    }

    [Fact]
    public async Task A_simulator_that_starts_again_on_its_books_has_all_it_has_told()
    {
        using var books = new TemporaryFolder("retail-redsys-");
        Checkout checkout;
        string taken;
        await using (var redsys = await PlayedRedsys.StartAsync(books: books.Path))
        {
            checkout = redsys.Checkout();
            await redsys.PayAsync(checkout);
            await redsys.GiveAsync(redsys.Refund(checkout, 5.00m));
            await redsys.SetAsync(new { parametersInUrls = false });
            taken = (await redsys.BookAsync(checkout.Order)).GetRawText();
        }

        // What a crash has torn was told to nobody.
        await File.AppendAllTextAsync(
            Path.Combine(books.Path, "journal.jsonl"),
            "{\"operation\":{\"num",
            TestContext.Current.CancellationToken
        );
        await using (var redsys = await PlayedRedsys.StartAsync(books: books.Path))
        {
            Assert.Equal(taken, (await redsys.BookAsync(checkout.Order)).GetRawText());
            Assert.Equal(CheckoutState.Paid, (await redsys.AskAsync(checkout)).State);
            var settings = await redsys.Control.GetFromJsonAsync<JsonElement>("/control/settings", TestContext.Current.CancellationToken);
            Assert.False(settings.GetProperty("parametersInUrls").GetBoolean());
        }
    }

    [Fact]
    public async Task The_simulator_s_books_sum_what_was_taken_and_given_in_whole_coins()
    {
        await using var redsys = await PlayedRedsys.StartAsync();
        foreach (var amount in new[] { 0.10m, 0.20m, 99.99m })
        {
            var checkout = redsys.Checkout(amount);
            await redsys.PayAsync(checkout);
            await redsys.GiveAsync(redsys.Refund(checkout, 0.10m));
        }

        await redsys.PayAsync(redsys.Checkout(), "declined");
        var books = await redsys.Control.GetFromJsonAsync<JsonElement>("/control/books", TestContext.Current.CancellationToken);

        Assert.Equal((4, 3), (books.GetProperty("orders").GetInt32(), books.GetProperty("paid").GetInt32()));
        var totals = Assert.Single(books.GetProperty("totals").EnumerateArray());
        Assert.Equal(("100.29", "0.30"), (totals.Text("taken"), totals.Text("given")));
        Assert.Equal(100.29m, decimal.Parse(totals.Text("taken")!, CultureInfo.InvariantCulture));
    }
}
