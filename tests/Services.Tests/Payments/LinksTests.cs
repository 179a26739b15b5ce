using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Payments;
using RetailInvoicing.Payments.Links;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Payments;

/// <summary>What payment links open, and until when.</summary>
public sealed class LinksTests(Infrastructure infrastructure)
{
    private static readonly DateTimeOffset Made = DateTimeOffset.Parse("2026-11-23T10:15:30.123456Z", CultureInfo.InvariantCulture);

    [Fact]
    public void A_link_says_what_it_is_for_and_when_it_was_made_and_a_changed_one_nothing()
    {
        var (key, end) = (new byte[32], DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        foreach (
            var link in new[]
            {
                new PaymentLink(SellerId.Of("s1"), InvoiceId.New(), end) { MadeAt = Made },
                new PaymentLink(SellerId.Of("Ñandú-7"), null, end) { MadeAt = Made, CustomerKey = Guid.CreateVersion7() },
                new PaymentLink(SellerId.Of("s1"), null, end) { MadeAt = Made, AskedId = Guid.CreateVersion7() },
                new PaymentLink(SellerId.Of("s1"), InvoiceId.New(), end),
            }
        )
        {
            var token = link.Sign(key);
            Assert.Matches("^[A-Za-z0-9_-]+$", token);
            Assert.Equal(link, PaymentLink.Read(token, key));
            Assert.Null(PaymentLink.Read(token, [.. Enumerable.Repeat((byte)1, 32)]));
            for (var i = 0; i < token.Length; i++)
            {
                var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
                Assert.Null(PaymentLink.Read(changed, key));
                Assert.Null(PaymentLink.Read(token[..i], key));
            }
        }
    }

    [Fact]
    public void What_is_paid_together_is_in_one_currency_and_not_under_way_alone()
    {
        var items = new[]
        {
            Item("USD", isFree: false),
            Item("EUR", isFree: true),
            Item("USD", isFree: true),
            Item("EUR", isFree: false),
            Item("EUR", isFree: true),
        };

        Assert.Equal([items[1], items[4]], OpenItem.Together(items, null));
        // The one that is shown is there even if it is under way, so that its payer can go on.
        Assert.Equal([items[3], items[1], items[4]], OpenItem.Together(items, items[3].InvoiceId));
        Assert.Equal([items[0], items[2]], OpenItem.Together(items, items[0].InvoiceId));
        Assert.Empty(OpenItem.Together(items, InvoiceId.New()));
        Assert.Empty(OpenItem.Together([], null));
        var many = Enumerable.Range(0, 300).Select(_ => Item("EUR", isFree: true)).ToArray();
        Assert.Equal(OpenItem.MostTogether, OpenItem.Together(many, null).Count);
    }

    [Fact]
    public void A_pages_key_finds_its_checkout_for_the_same_amounts_alone()
    {
        var (one, two) = (InvoiceId.New(), InvoiceId.New());
        var digest = OpenItem.DigestOf([(one, 18.9m), (two, 1m)]);
        Assert.Equal(digest, OpenItem.DigestOf([(two, 1.0000m), (one, 18.90m)]));
        Assert.NotEqual(digest, OpenItem.DigestOf([(one, 18.9m)]));
        Assert.NotEqual(digest, OpenItem.DigestOf([(one, 18.91m), (two, 1m)]));
        Assert.Equal("abc0", StartPaying.PageKeyOf($"abc0-{digest}"));
        Assert.Null(StartPaying.PageKeyOf(null));
        Assert.Null(StartPaying.PageKeyOf("another channel's"));
    }

    [Fact]
    public async Task The_links_of_an_invoice_are_revoked_as_far_as_they_were_made_and_no_others()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        using var channel = host.Channel();
        var pages = new PaymentPages.PaymentPagesClient(channel);
        await host.HearAsync(Shop.Registered("s1"));
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 121m))).InvoiceId;
        var other = (await host.HearAsync(Shop.Invoice("s1", 50m))).InvoiceId;
        var (before, others) = (await LinkToAsync(http, invoice), await LinkToAsync(http, other));
        var untimed = Untimed(host, "s1", invoice);
        Assert.Equal("121.00", (await OpenAsync(host, pages, before)).AmountDue);
        Assert.Equal("121.00", (await OpenAsync(host, pages, untimed)).AmountDue);

        await host.As("s2").DeleteAsync($"/v1/invoices/{invoice}/payment-links").RefusedAsync(404, "PAY-INVOICE-01");
        await http.DeleteAsync("/v1/invoices/x/payment-links").RefusedAsync(404, "PAY-INVOICE-01");
        Assert.Equal("121.00", (await OpenAsync(host, pages, before)).AmountDue);

        var revoked = await http.DeleteAsync($"/v1/invoices/{invoice}/payment-links").JsonAsync(200);
        var again = await http.DeleteAsync($"/v1/invoices/{invoice}/payment-links").JsonAsync(200);
        Assert.True(again.GetProperty("revokedBefore").GetDateTimeOffset() >= revoked.GetProperty("revokedBefore").GetDateTimeOffset());
        foreach (var dead in new[] { before, untimed })
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await OpenAsync(host, pages, dead));
            Assert.Equal((StatusCode.FailedPrecondition, "PAY-LINK-04"), (refused.StatusCode, refused.Trailers.GetValue("fault-code")));
        }

        // Nor does it pay.
        var payment = new SandboxPayment
        {
            SellerId = "s1",
            InvoiceId = invoice.ToString(),
            Key = "k1",
            Means = "card",
            Token = before,
        };
        Assert.Equal(
            "PAY-LINK-04",
            await CodeAsync(async () => await pages.PayInSandboxAsync(payment, host.CallAs("portal", OnBehalfOf.System)))
        );
        Assert.Equal("50.00", (await OpenAsync(host, pages, others)).AmountDue);
        Assert.Equal("121.00", (await OpenAsync(host, pages, await LinkToAsync(http, invoice))).AmountDue);
    }

    [Fact]
    public async Task A_link_to_everything_open_of_a_customer_opens_what_is_open_when_it_is_opened()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        using var channel = host.Channel();
        var pages = new PaymentPages.PaymentPagesClient(channel);
        await host.HearAsync(Shop.Registered("s1"));
        var one = await host.HearAsync(Shop.Invoice("s1", 121m));
        var foreign = await host.HearAsync(Shop.Invoice("s2", 7m));
        var nobodys = await host.HearAsync(Shop.Invoice("s1", 9m, email: null));

        var token = await TokenAsync(http.PostAsync("/v1/customers/17850/payment-links", null));
        // The till's own name for a customer may be a tax number: no link carries it.
        var bytes = Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token));
        Assert.DoesNotContain("17850", bytes, StringComparison.Ordinal);
        var two = await host.HearAsync(Shop.Invoice("s1", 50m));
        var page = await OpenAsync(host, pages, token);
        Assert.True(page.AllOpen);
        Assert.Equal(("", "", "171.00", "EUR", "Ñandú"), (page.InvoiceId, page.Number, page.AmountDue, page.Currency, page.SellerName));
        Assert.Equal([one.Number, two.Number], page.AlsoOpen.Select(each => each.Number));
        Assert.Contains("EUR171.00", page.Transfer.EpcPayload, StringComparison.Ordinal);
        Assert.DoesNotContain(page.AlsoOpen, each => each.Number == foreign.Number || each.Number == nobodys.Number);
        Assert.False(page.Sandbox);

        await http.PayAsync(one.InvoiceId, "121.00", "R1").JsonAsync(201);
        Assert.Equal("50.00", (await OpenAsync(host, pages, token)).AmountDue);
        await http.PayAsync(two.InvoiceId, "50.00", "R2").JsonAsync(201);
        var done = await OpenAsync(host, pages, token);
        Assert.Equal(("0.00", 0), (done.AmountDue, done.AlsoOpen.Count));

        await http.PostAsync("/v1/customers/nobody/payment-links", null).RefusedAsync(404, "PAY-LINK-05");
        await http.PostAsync("/v1/customers/%20/payment-links", null).RefusedAsync(404, "PAY-LINK-05");
        await http.PostAsync($"/v1/customers/{new string('a', 500)}/payment-links", null).RefusedAsync(404, "PAY-LINK-05");
        await host.As("s3").PostAsync("/v1/customers/17850/payment-links", null).RefusedAsync(404, "PAY-LINK-05");
    }

    [Fact]
    public async Task Revoking_a_customers_links_revokes_those_to_its_invoices_too()
    {
        await using var host = await ServiceHost.StartAsync<OpenBalance>(infrastructure, "payments");
        using var http = host.As("s1");
        using var channel = host.Channel();
        var pages = new PaymentPages.PaymentPagesClient(channel);
        await host.HearAsync(Shop.Registered("s1"));
        var invoice = (await host.HearAsync(Shop.Invoice("s1", 121m))).InvoiceId;
        var nobodys = (await host.HearAsync(Shop.Invoice("s1", 50m, email: null))).InvoiceId;
        var all = await TokenAsync(http.PostAsync("/v1/customers/17850/payment-links", null));
        var (one, others) = (await LinkToAsync(http, invoice), await LinkToAsync(http, nobodys));

        await http.DeleteAsync("/v1/customers/nobody/payment-links").RefusedAsync(404, "PAY-LINK-05");
        await http.DeleteAsync("/v1/customers/17850/payment-links").JsonAsync(200);
        foreach (var dead in new[] { all, one })
        {
            Assert.Equal("PAY-LINK-04", await CodeAsync(async () => await OpenAsync(host, pages, dead)));
        }

        Assert.Equal("50.00", (await OpenAsync(host, pages, others)).AmountDue);
        var fresh = await TokenAsync(http.PostAsync("/v1/customers/17850/payment-links", null));
        Assert.Equal("121.00", (await OpenAsync(host, pages, fresh)).AmountDue);
        Assert.Equal("121.00", (await OpenAsync(host, pages, await LinkToAsync(http, invoice))).AmountDue);

        // Revoking an invoice's links leaves the one to everything open as it is.
        await http.DeleteAsync($"/v1/invoices/{invoice}/payment-links").JsonAsync(200);
        Assert.Equal("121.00", (await OpenAsync(host, pages, fresh)).AmountDue);
    }

    private static OpenItem Item(string currency, bool isFree) =>
        new()
        {
            InvoiceId = InvoiceId.New(),
            Currency = Currency.Of(currency),
            AmountDue = 1m,
            IsFree = isFree,
        };

    /// <summary>A link as they were made before links said when they were made.</summary>
    private static string Untimed(ServiceHost host, string seller, InvoiceId invoice)
    {
        var secret = host.Services.GetRequiredService<IConfiguration>()["Keys:ApiKeySecret"]!;
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "payments/payment-link/1"u8.ToArray());
        return new PaymentLink(SellerId.Of(seller), invoice, TimeProvider.System.GetUtcNow().AddDays(30)).Sign(key);
    }

    private static Task<string> LinkToAsync(HttpClient http, InvoiceId invoice) =>
        TokenAsync(http.PostAsync($"/v1/invoices/{invoice}/payment-links", null));

    private static async Task<string> TokenAsync(Task<HttpResponseMessage> made) => (await made.JsonAsync(201)).Text("url")!.Split('/')[^1];

    private static async Task<PaymentPage> OpenAsync(ServiceHost host, PaymentPages.PaymentPagesClient pages, string token) =>
        await pages.OpenLinkAsync(new LinkToken { Token = token }, host.CallAs("portal", OnBehalfOf.System));

    private static async Task<string?> CodeAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<RpcException>(call)).Trailers.GetValue("fault-code");
}
