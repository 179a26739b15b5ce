using System.Collections.Concurrent;
using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Payments.Providers;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class PaymentPagesTests(Infrastructure infrastructure)
{
    private const string ProviderKey = "key-of-the-tests-that-seals-accounts-0123456789";
    private static readonly OnBehalfOf Customer = OnBehalfOf.Customer(Shop.Email.ToUpperInvariant());

    [Fact]
    public async Task A_double_click_pays_once_and_paying_again_takes_nothing()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        await using var paid = await host.ListenAsync(InvoicePaid.Exchange);
        using var http = host.As("s1");
        await host.HearAsync(Shop.Registered("s1"));
        var invoice = await host.HearAsync(Shop.Invoice("s1", 121m));
        using var channel = host.Channel();
        var pages = new PaymentPages.PaymentPagesClient(channel);

        var page = await pages.OpenAsync(new OpenPage { InvoiceId = invoice.InvoiceId.ToString() }, host.CallAs("portal", Customer));
        Assert.True(page.Sandbox);
        Assert.Equal((invoice.Number, "121.00", "2026-12-23", "Ñandú"), (page.Number, page.AmountDue, page.DueDate, page.SellerName));
        Assert.Contains("EUR121.00", page.Transfer.EpcPayload, StringComparison.Ordinal);
        var clicks = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PayAsync(page.Key, null)));
        Assert.Single(clicks.Select(each => each.PaymentId).Distinct());
        Assert.All(clicks, each => Assert.Equal(("received", "121.00", "EUR"), (each.Status, each.Amount, each.Currency)));

        var again = await pages.OpenAsync(new OpenPage { InvoiceId = invoice.InvoiceId.ToString() }, host.CallAs("portal", Customer));
        Assert.Equal("0.00", again.AmountDue);
        Assert.NotEqual(page.Key, again.Key);
        Assert.False(again.Transfer.HasEpcPayload);
        var second = await PayAsync(again.Key, null);
        Assert.Equal(("already-paid", clicks[0].PaymentId), (second.Status, second.PaymentId));
        Assert.Single(await paid.AtLeastAsync<InvoicePaid>(1));
        var ledger = await http.GetAsync("/v1/ledger?account=provider:sandbox").JsonAsync(200);
        Assert.Equal("121.00", Assert.Single(ledger.GetProperty("lines").EnumerateArray()).Text("amount"));
        await host.BooksAgreeAsync();

        async Task<PaymentResult> PayAsync(string key, string? token)
        {
            var payment = new SandboxPayment
            {
                SellerId = "s1",
                InvoiceId = invoice.InvoiceId.ToString(),
                Key = key,
                Means = "bizum",
            };
            if (token is not null)
            {
                payment.Token = token;
            }

            return await pages.PayInSandboxAsync(payment, host.CallAs("portal", Customer));
        }
    }

    [Fact]
    public async Task Outside_development_the_sandbox_neither_shows_nor_takes_anything()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            new HostSettings { Environment = "Production" }
        );
        using var http = host.As("s1");
        await host.HearAsync(Shop.Registered("s1"));
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 121m))).InvoiceId;
        using var channel = host.Channel();
        var pages = new PaymentPages.PaymentPagesClient(channel);

        var page = await pages.OpenAsync(new OpenPage { InvoiceId = invoice.ToString() }, host.CallAs("portal", Customer));
        Assert.False(page.Sandbox);
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await pages.PayInSandboxAsync(Card(invoice), host.CallAs("portal", Customer))
        );
        Assert.Equal((StatusCode.PermissionDenied, "PAY-SANDBOX-01"), (refused.StatusCode, refused.Trailers.GetValue("fault-code")));
        Assert.Equal("paid 0.00, refunded 0.00, due 121.00", await http.StandAsync(invoice));
    }

    [Fact]
    public async Task A_link_opens_and_pays_its_own_invoice_until_its_end_and_a_forged_one_nothing()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-11-23T10:00:00Z", CultureInfo.InvariantCulture));
        await using var host = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            new HostSettings
            {
                Services = services =>
                    services.Replace(
                        ServiceDescriptor.Singleton(provider => new RetailInvoicing.Payments.Links.SignPaymentLinks(
                            provider.GetRequiredService<Microsoft.Extensions.Configuration.IConfiguration>(),
                            provider.GetRequiredService<PublicAddress>(),
                            clock
                        ))
                    ),
            }
        );
        using var http = host.As("s1");
        await host.HearAsync(Shop.Registered("s1"));
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 121m, email: null))).InvoiceId;
        var other = (await host.HearAsync(Shop.Invoice("s1", 50m, email: null))).InvoiceId;
        using var channel = host.Channel();
        var pages = new PaymentPages.PaymentPagesClient(channel);
        var system = host.CallAs("portal", OnBehalfOf.System);

        var link = await http.PostAsync($"/v1/invoices/{invoice}/payment-links", null).JsonAsync(201);
        Assert.StartsWith("https://facturas.example.com/pay/", link.Text("url"), StringComparison.Ordinal);
        Assert.Equal(clock.GetUtcNow().AddDays(60), link.GetProperty("expiresAt").GetDateTimeOffset());
        var token = link.Text("url")!.Split('/')[^1];
        Assert.Equal("121.00", (await pages.OpenLinkAsync(new LinkToken { Token = token }, system)).AmountDue);

        // Another last character, whichever the token ends with: the last one can be any of the alphabet.
        var forged = token[..^1] + (token[^1] == 'x' ? 'y' : 'x');
        Assert.Equal("PAY-LINK-01", await CodeAsync(async () => await pages.OpenLinkAsync(new LinkToken { Token = forged }, system)));
        Assert.Equal("PAY-RPC-02", await CodeAsync(async () => await pages.PayInSandboxAsync(Card(other, token), system)));
        Assert.Equal("PAY-RPC-02", await CodeAsync(async () => await pages.PayInSandboxAsync(Card(invoice), system)));
        var paid = await pages.PayInSandboxAsync(Card(invoice, token), system);
        Assert.Equal(("received", "121.00"), (paid.Status, paid.Amount));

        clock.Advance(TimeSpan.FromDays(60));
        var ended = await Assert.ThrowsAsync<RpcException>(async () => await pages.OpenLinkAsync(new LinkToken { Token = token }, system));
        Assert.Equal(StatusCode.FailedPrecondition, ended.StatusCode);
        Assert.Equal("PAY-LINK-02", await CodeAsync(async () => await pages.PayInSandboxAsync(Card(other, token), system)));
        Assert.Equal("paid 0.00, refunded 0.00, due 50.00", await http.StandAsync(other));
    }

    [Fact]
    public async Task A_customer_opens_and_pays_only_what_was_sent_to_that_address()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        await host.HearAsync(Shop.Registered("s1"));
        var mine = (await host.HearAsync(Shop.Invoice("s1", 121m))).InvoiceId;
        var theirs = (await host.HearAsync(Shop.Invoice("s1", 50m, email: "other@example.com"))).InvoiceId;
        var nobodys = (await host.HearAsync(Shop.Invoice("s1", 50m, email: null))).InvoiceId;
        using var channel = host.Channel();
        var (pages, balances) = (new PaymentPages.PaymentPagesClient(channel), new Balances.BalancesClient(channel));
        var customer = host.CallAs("portal", Customer);

        foreach (var foreign in new[] { theirs, nobodys, InvoiceId.New() })
        {
            var open = await Assert.ThrowsAsync<RpcException>(async () =>
                await pages.OpenAsync(new OpenPage { InvoiceId = foreign.ToString() }, customer)
            );
            Assert.Equal(StatusCode.NotFound, open.StatusCode);
            Assert.Equal("PAY-INVOICE-01", await CodeAsync(async () => await pages.PayInSandboxAsync(Card(foreign), customer)));
        }

        var asked = new GetBalances { InvoiceIds = { mine.ToString(), theirs.ToString(), nobodys.ToString() } };
        Assert.Equal([mine.ToString()], (await balances.GetAsync(asked, customer)).Balances.Select(each => each.InvoiceId));
        Assert.Equal(3, (await balances.GetAsync(asked, host.CallAs("collections", OnBehalfOf.Seller(SellerId.Of("s1"))))).Balances.Count);
        Assert.Empty((await balances.GetAsync(asked, host.CallAs("collections", OnBehalfOf.Seller(SellerId.Of("s2"))))).Balances);
        Assert.Equal("PAY-RPC-02", await CodeAsync(async () => await balances.GetAsync(asked, host.CallAs("portal", OnBehalfOf.System))));
        var stranger = await Assert.ThrowsAsync<RpcException>(async () => await balances.GetAsync(asked));
        Assert.Equal(StatusCode.Unauthenticated, stranger.StatusCode);
    }

    [Fact]
    public async Task Instructions_need_nothing_but_the_registered_seller_and_the_newest_registration_holds()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var channel = host.Channel();
        var pages = new PaymentPages.PaymentPagesClient(channel);
        var behalf = host.CallAs("delivery", OnBehalfOf.Seller(SellerId.Of("s1")));
        var request = new GetInstructions
        {
            SellerId = "s1",
            InvoiceId = InvoiceId.New().ToString(),
            Currency = "EUR",
            AmountDue = "12.10",
            PaymentReference = "RF18539007547034",
        };

        var early = await Assert.ThrowsAsync<RpcException>(async () => await pages.InstructionsAsync(request, behalf));
        Assert.Equal(StatusCode.Unavailable, early.StatusCode);
        await host.HearAsync(Shop.Registered("s1", version: 2));
        await host.HearAsync(Shop.Registered("s1", version: 1));
        var reply = await pages.InstructionsAsync(request, behalf);

        Assert.Equal("Comercios Ñandú 2, S.L.", reply.Beneficiary);
        Assert.Equal("ES9121000418450200051332", reply.Iban);
        Assert.Equal(
            "BCD\n002\n1\nSCT\nCAIXESBBXXX\nComercios Ñandú 2, S.L.\nES9121000418450200051332\nEUR12.10\n\nRF18539007547034",
            reply.EpcPayload
        );
        Assert.StartsWith("https://facturas.example.com/pay/", reply.PayUrl, StringComparison.Ordinal);
        Assert.True(DateTimeOffset.Parse(reply.ExpiresAt, CultureInfo.InvariantCulture) > DateTimeOffset.UnixEpoch);
        Assert.Equal("PAY-RPC-02", await CodeAsync(async () => await pages.InstructionsAsync(new(request) { SellerId = "s2" }, behalf)));
        foreach (
            var bad in new[]
            {
                new GetInstructions(request) { InvoiceId = "x" },
                new GetInstructions(request) { Currency = "euro" },
                new GetInstructions(request) { AmountDue = "a lot" },
            }
        )
        {
            Assert.Equal("PAY-RPC-01", await CodeAsync(async () => await pages.InstructionsAsync(bad, behalf)));
        }
    }

    [Fact]
    public async Task The_page_offers_what_providers_take_and_what_else_is_open_to_whom_it_was_sent()
    {
        var provider = new StandIn();
        await using var host = await HostAsync(provider);
        using var http = host.As("s1");
        var one = await host.HearAsync(Shop.Invoice("s1", 121m));
        var two = await host.HearAsync(Shop.Invoice("s1", 50m));
        await host.HearAsync(Shop.Invoice("s1", 9m, email: "other@example.com"));
        await host.HearAsync(Shop.Invoice("s1", 5m, currency: "USD"));
        await host.HearAsync(Shop.Invoice("s2", 7m));
        using var channel = host.Channel();
        var pages = new PaymentPages.PaymentPagesClient(channel);

        var page = await pages.OpenAsync(new OpenPage { InvoiceId = one.InvoiceId.ToString() }, host.CallAs("portal", Customer));
        Assert.Equal(["bizum", "card"], page.Options.Select(option => option.Means).Order(StringComparer.Ordinal));
        Assert.False(page.Sandbox);
        var also = Assert.Single(page.AlsoOpen);
        Assert.Equal((two.Number, "50.00", "2026-12-23", "0.00"), (also.Number, also.AmountDue, also.DueDate, also.InFlight));
        Assert.False(page.HasInFlightSince);

        // Who holds a link to one invoice sees no other.
        var token = (await http.PostAsync($"/v1/invoices/{one.InvoiceId}/payment-links", null).JsonAsync(201)).Text("url")!.Split('/')[^1];
        var linked = await pages.OpenLinkAsync(new LinkToken { Token = token }, host.CallAs("portal", OnBehalfOf.System));
        Assert.Equal((one.Number, 0), (linked.Number, linked.AlsoOpen.Count));
    }

    [Fact]
    public async Task Going_back_finds_the_same_checkout_and_the_page_says_that_it_is_under_way()
    {
        var provider = new StandIn();
        await using var host = await HostAsync(provider);
        using var http = host.As("s1");
        var one = await host.HearAsync(Shop.Invoice("s1", 121m));
        using var channel = host.Channel();
        var pages = new PaymentPages.PaymentPagesClient(channel);
        var wanted = new OpenPage { InvoiceId = one.InvoiceId.ToString() };

        var page = await pages.OpenAsync(wanted, host.CallAs("portal", Customer));
        var clicks = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => StartAsync(page.Key)));
        var begun = Assert.Single(clicks.Select(each => each.CheckoutId).Distinct());
        Assert.All(clicks, each => Assert.Equal($"https://stand-in.example/{begun}", each.Address));
        var back = await pages.OpenAsync(wanted, host.CallAs("portal", Customer));
        Assert.Equal((page.Key, "121.00", "121.00", true), (back.Key, back.AmountDue, back.InFlight, back.HasInFlightSince));
        Assert.Equal(begun, (await StartAsync(back.Key)).CheckoutId);
        var returned = Assert.Single(provider.Started.Values.Select(each => each.ReturnTo.AbsoluteUri).Distinct());
        Assert.Equal($"https://facturas.example.com/invoices/{one.InvoiceId}/pay/back?checkout={begun}", returned);

        provider.Paid[Guid.Parse(begun)] = true;
        var look = new CheckoutLook { SellerId = "s1", CheckoutId = begun };
        var seen = await pages.SeeCheckoutAsync(look, host.CallAs("portal", Customer));
        Assert.Equal(("paid", "121.00", "EUR"), (seen.State, seen.Amount, seen.Currency));
        Assert.Equal(one.InvoiceId.ToString(), Assert.Single(seen.InvoiceIds));
        var paid = await pages.OpenAsync(wanted, host.CallAs("portal", Customer));
        Assert.Equal(("0.00", "0.00", false), (paid.AmountDue, paid.InFlight, paid.HasInFlightSince));
        Assert.NotEqual(page.Key, paid.Key);
        Assert.True((await StartAsync(paid.Key)).AlreadyPaid);
        Assert.Equal("paid 121.00, refunded 0.00, due 0.00", await http.StandAsync(one.InvoiceId));
        await host.BooksAgreeAsync();

        async Task<CheckoutReply> StartAsync(string key) =>
            await pages.StartCheckoutAsync(Begin(key, null, one.InvoiceId), host.CallAs("portal", Customer));
    }

    [Fact]
    public async Task A_payer_begins_checkouts_for_what_the_link_or_the_address_is_for_and_for_nothing_else()
    {
        var provider = new StandIn();
        await using var host = await HostAsync(provider);
        using var http = host.As("s1");
        var one = (await host.HearAsync(Shop.Invoice("s1", 121m))).InvoiceId;
        var two = (await host.HearAsync(Shop.Invoice("s1", 50m))).InvoiceId;
        var theirs = (await host.HearAsync(Shop.Invoice("s1", 9m, email: "other@example.com"))).InvoiceId;
        using var channel = host.Channel();
        var pages = new PaymentPages.PaymentPagesClient(channel);
        var (system, customer) = (host.CallAs("portal", OnBehalfOf.System), host.CallAs("portal", Customer));
        var token = (await http.PostAsync($"/v1/invoices/{one}/payment-links", null).JsonAsync(201)).Text("url")!.Split('/')[^1];

        foreach (
            var (refused, code) in new (CheckoutRequest Request, string Code)[]
            {
                (Begin("k1", token, two), "PAY-RPC-02"),
                (Begin("k2", token, one, two), "PAY-RPC-02"),
                (Begin("k3", token[..^1] + (token[^1] == 'x' ? 'y' : 'x'), one), "PAY-LINK-01"),
                (new(Begin("k4", token, one)) { SellerId = "s2" }, "PAY-RPC-02"),
                (Begin("k5", null, one), "PAY-RPC-02"),
                (Begin("not-a-pages", token, one), "PAY-RPC-01"),
                (Begin("", token, one), "PAY-RPC-01"),
                (Begin(new string('k', 65), token, one), "PAY-RPC-01"),
                (new(Begin("k6", token, one)) { Means = "gold" }, "PAY-RPC-01"),
                (new(Begin("k7", token, one)) { SellerId = "s\01" }, "PAY-RPC-01"),
                (Begin("k8", token), "PAY-RPC-01"),
            }
        )
        {
            Assert.Equal(code, await CodeAsync(async () => await pages.StartCheckoutAsync(refused, system)));
        }

        foreach (
            var (refused, code) in new (CheckoutRequest Request, string Code)[]
            {
                (Begin("k9", null, theirs), "PAY-INVOICE-01"),
                (Begin("k10", null, one, theirs), "PAY-INVOICE-01"),
                (Begin("k11", null, InvoiceId.New()), "PAY-INVOICE-01"),
                (new(Begin("k12", null)) { AllOpen = true }, "PAY-RPC-01"),
            }
        )
        {
            Assert.Equal(code, await CodeAsync(async () => await pages.StartCheckoutAsync(refused, customer)));
        }

        Assert.Empty(provider.Started);

        // A link to one invoice pays one, whatever is asked for; the customer pays all.
        var single = await pages.StartCheckoutAsync(new(Begin("k13", token, one)) { AllOpen = true }, system);
        var look = new CheckoutLook
        {
            SellerId = "s1",
            CheckoutId = single.CheckoutId,
            Token = token,
        };
        Assert.Equal(("open", "121.00"), await StandAsync(look, system));
        Assert.Equal(
            $"https://facturas.example.com/pay/{token}/back?checkout={single.CheckoutId}",
            provider.Started[Guid.Parse(single.CheckoutId)].ReturnTo.AbsoluteUri
        );
        var all = await pages.StartCheckoutAsync(new(Begin("k14", null, two)) { AllOpen = true, Means = "bizum" }, customer);
        Assert.NotEqual(single.CheckoutId, all.CheckoutId);

        // And each sees what is theirs to pay.
        var another = new CheckoutLook { SellerId = "s1", CheckoutId = all.CheckoutId };
        Assert.Equal("open", (await StandAsync(another, customer)).State);
        Assert.Equal("PAY-RPC-02", await CodeAsync(async () => await StandAsync(new(another) { Token = token }, system)));
        Assert.Equal("PAY-RPC-02", await CodeAsync(async () => await StandAsync(another, system)));
        Assert.Equal(
            "PAY-RPC-02",
            await CodeAsync(async () => await StandAsync(new(another) { CheckoutId = Guid.CreateVersion7().ToString() }, customer))
        );
        Assert.Equal("PAY-RPC-01", await CodeAsync(async () => await StandAsync(new(another) { CheckoutId = "x" }, customer)));
        var stranger = host.CallAs("portal", OnBehalfOf.Customer("other@example.com"));
        Assert.Equal("PAY-INVOICE-01", await CodeAsync(async () => await StandAsync(another, stranger)));

        async Task<(string State, string Amount)> StandAsync(CheckoutLook what, Metadata headers)
        {
            var seen = await pages.SeeCheckoutAsync(what, headers);
            return (seen.State, seen.Amount);
        }
    }

    [Fact]
    public async Task A_reminders_link_pays_what_it_asks_for_and_leaves_the_rest_open()
    {
        var provider = new StandIn();
        await using var host = await HostAsync(provider);
        using var http = host.As("s1");
        var whole = await host.HearAsync(Shop.Invoice("s1", 121m));
        // Of 50 there are 20 disputed; the third is not due yet and not asked for.
        var part = await host.HearAsync(Shop.Invoice("s1", 50m));
        var other = await host.HearAsync(Shop.Invoice("s1", 9m));
        using var channel = host.Channel();
        var pages = new PaymentPages.PaymentPagesClient(channel);
        var (system, seller) = (host.CallAs("portal", OnBehalfOf.System), host.CallAs("delivery", OnBehalfOf.Seller(SellerId.Of("s1"))));
        var customer = host.CallAs("portal", OnBehalfOf.Customer(Shop.Email, SellerId.Of("s1")));
        var asked = Asked((whole.InvoiceId, "121.00"), (part.InvoiceId, "30.00"));

        var token = Token(await pages.AskedLinkAsync(asked, seller));
        var page = await OpenAsync(token);
        Assert.Equal(("151.00", true, true), (page.AmountDue, page.AllOpen, page.Asked));
        Assert.Equal(
            [(whole.Number, "121.00"), (part.Number, "30.00")],
            page.AlsoOpen.Select(each => (each.Number, each.AmountDue)).OrderByDescending(each => each.AmountDue == "121.00")
        );
        Assert.Equal(
            "PAY-RPC-02",
            await CodeAsync(async () => await pages.StartCheckoutAsync(Begin("k1", token, other.InvoiceId), system))
        );

        var begun = await pages.StartCheckoutAsync(new(Begin("k2", token)) { AllOpen = true }, system);
        Assert.Equal(151m, provider.Started[Guid.Parse(begun.CheckoutId)].Amount);
        provider.Paid[Guid.Parse(begun.CheckoutId)] = true;
        var look = new CheckoutLook
        {
            SellerId = "s1",
            CheckoutId = begun.CheckoutId,
            Token = token,
        };
        Assert.Equal("paid", (await pages.SeeCheckoutAsync(look, system)).State);
        Assert.Equal("paid 121.00, refunded 0.00, due 0.00", await http.StandAsync(whole.InvoiceId));
        Assert.Equal("paid 30.00, refunded 0.00, due 20.00", await http.StandAsync(part.InvoiceId));
        Assert.Equal("paid 0.00, refunded 0.00, due 9.00", await http.StandAsync(other.InvoiceId));
        await host.BooksAgreeAsync();
        // Opened again, and made again for the same asking, it asks for nothing more.
        Assert.Equal(("0.00", 0), ((await OpenAsync(token)).AmountDue, (await OpenAsync(token)).AlsoOpen.Count));
        Assert.Equal("0.00", (await OpenAsync(Token(await pages.AskedLinkAsync(asked, seller)))).AmountDue);

        // A later message that asks for what the first left out, in the same words, means that.
        var later = Asked((whole.InvoiceId, "121.00"), (part.InvoiceId, "30.00"));
        later.MessageId = "m2";
        Assert.Equal("20.00", (await OpenAsync(Token(await pages.AskedLinkAsync(later, seller)))).AmountDue);

        // All of one invoice is that invoice's own link.
        var only = await OpenAsync(Token(await pages.AskedLinkAsync(Asked((other.InvoiceId, "9.00")), seller)));
        Assert.Equal((other.InvoiceId.ToString(), "9.00", false), (only.InvoiceId, only.AmountDue, only.AllOpen));

        // Who revokes an invoice's links, or its customer's, means those that ask for it among others.
        await http.DeleteAsync($"/v1/invoices/{part.InvoiceId}/payment-links").JsonAsync(200);
        Assert.Equal("PAY-LINK-04", await CodeAsync(async () => await OpenAsync(token)));

        foreach (
            var (bad, code) in new (GetAskedLink, string)[]
            {
                (Asked(), "PAY-RPC-01"),
                (Asked((whole.InvoiceId, "0.00")), "PAY-RPC-01"),
                (Asked((whole.InvoiceId, "1.00"), (whole.InvoiceId, "2.00")), "PAY-RPC-01"),
                (Asked((InvoiceId.New(), "1.00")), "PAY-INVOICE-01"),
                (new(asked) { SellerId = "s2" }, "PAY-RPC-02"),
            }
        )
        {
            Assert.Equal(code, await CodeAsync(async () => await pages.AskedLinkAsync(bad, seller)));
        }

        Assert.Equal("PAY-RPC-02", await CodeAsync(async () => await pages.AskedLinkAsync(asked, customer)));

        async Task<PaymentPage> OpenAsync(string opened) => await pages.OpenLinkAsync(new LinkToken { Token = opened }, system);

        static string Token(CustomerLinkReply link) => link.PayUrl[(link.PayUrl.LastIndexOf('/') + 1)..];

        static GetAskedLink Asked(params (InvoiceId Invoice, string Amount)[] invoices) =>
            new()
            {
                SellerId = "s1",
                MessageId = "m1",
                Invoices = { invoices.Select(each => new AskedInvoice { InvoiceId = each.Invoice.ToString(), Amount = each.Amount }) },
            };
    }

    private async Task<ServiceHost> HostAsync(StandIn provider)
    {
        var host = await ServiceHost.StartAsync<OpenBalance>(
            infrastructure,
            "payments",
            new HostSettings
            {
                Configuration = new Dictionary<string, string?> { ["Keys:ProviderKey"] = ProviderKey },
                Services = services => services.AddSingleton<IPaymentProvider>(provider),
            }
        );
        await host.HearAsync(Shop.Registered("s1"));
        var kept = await host
            .Services.GetRequiredService<KeepProvider>()
            .HandleAsync(SellerId.Of("s1"), provider.Name, new KeepProvider.Request { Environment = "test" }, CancellationToken.None);
        Assert.Null(kept.Fault);
        return host;
    }

    private static CheckoutRequest Begin(string key, string? token, params InvoiceId[] invoices)
    {
        var request = new CheckoutRequest
        {
            SellerId = "s1",
            Key = key,
            Means = "card",
            Language = "es",
            InvoiceIds = { invoices.Select(invoice => invoice.ToString()) },
        };
        if (token is not null)
        {
            request.Token = token;
        }

        return request;
    }

    private static SandboxPayment Card(InvoiceId invoice, string? token = null)
    {
        var payment = new SandboxPayment
        {
            SellerId = "s1",
            InvoiceId = invoice.ToString(),
            Key = $"key-{invoice}",
            Means = "card",
        };
        if (token is not null)
        {
            payment.Token = token;
        }

        return payment;
    }

    private static async Task<string?> CodeAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<RpcException>(call)).Trailers.GetValue("fault-code");

    /// <summary>A provider that begins every checkout and says that it is paid when the test does.</summary>
    private sealed class StandIn : IPaymentProvider
    {
        public ConcurrentDictionary<Guid, Checkout> Started { get; } = new();

        public ConcurrentDictionary<Guid, bool> Paid { get; } = new();

        public string Name => "stand-in";

        public IReadOnlyList<PaymentMeans> Means { get; } = [PaymentMeans.Card, PaymentMeans.Bizum];

        public Outcome<ProviderAccount> Account(
            SellerId seller,
            string environment,
            IReadOnlyDictionary<string, string> settings,
            IReadOnlyDictionary<string, string> secrets
        ) =>
            new ProviderAccount
            {
                SellerId = seller,
                Provider = Name,
                AccountId = $"account-of-{seller}",
                Environment = environment,
                Settings = settings,
                Secrets = secrets,
            };

        public Task<CheckoutStarted> StartAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken)
        {
            Started[checkout.CheckoutId] = checkout;
            return Task.FromResult(new CheckoutStarted(new Uri($"https://stand-in.example/{checkout.CheckoutId}"), null, null));
        }

        public Task<CheckoutSeen> AskAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken) =>
            Task.FromResult(Seen(checkout));

        public Task<CheckoutSeen> EndAsync(ProviderAccount account, Checkout checkout, CancellationToken cancellationToken) =>
            Task.FromResult(Seen(checkout));

        public Task<RefundSeen> RefundAsync(ProviderAccount account, RefundOrder refund, CancellationToken cancellationToken) =>
            throw new NotSupportedException("nobody gives anything back here");

        public string? AddressedTo(ProviderRequest request) => null;

        public Outcome<ProviderNotice> Read(ProviderAccount account, ProviderRequest request, DateTimeOffset now) =>
            throw new NotSupportedException("it tells nothing by itself");

        private CheckoutSeen Seen(Checkout checkout) =>
            Paid.ContainsKey(checkout.CheckoutId)
                ? new CheckoutSeen
                {
                    State = CheckoutState.Paid,
                    Facts =
                    [
                        new CheckoutPaid
                        {
                            FactId = $"paid:{checkout.CheckoutId}",
                            At = checkout.StartedAt,
                            Checkout = new CheckoutReference(checkout.CheckoutId, checkout.Order),
                            Reference = $"p-{checkout.CheckoutId}",
                            Amount = checkout.Amount,
                            Currency = checkout.Currency,
                        },
                    ],
                }
                : new CheckoutSeen { State = CheckoutState.Open, Facts = [] };
    }
}
