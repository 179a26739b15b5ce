using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

public sealed class PaymentPagesTests(Infrastructure infrastructure)
{
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
}
