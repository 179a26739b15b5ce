using System.Globalization;
using System.Net.Http.Json;
using Microsoft.Playwright;
using RetailInvoicing.EndToEnd.Tests.TheSystem;
using RetailInvoicing.Retail.Demo;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>Customers and the shop's staff at the portal, in a real browser.</summary>
public sealed class PortalJourney(SharedSystem shared)
{
    private const string Chromium = "/usr/bin/chromium";

    [Fact]
    public async Task A_customer_signs_in_by_the_mailed_link_opens_an_invoice_takes_its_PDF_and_pays_it()
    {
        var system = await SystemAsync();
        var shop = await Shop.OpenAsync(system, "portal");
        var email = $"eva-{shop.Id}@example.com";
        var (_, invoice) = await shop.PostAsync("invoicing", "/v1/sales", Sale(email, TimeProvider.System.GetUtcNow().AddHours(-1)));
        var (id, number) = (invoice.GetProperty("invoiceId").GetString()!, invoice.GetProperty("number").GetString()!);
        await Wait.UntilAsync(
            "the balance is open",
            TimeSpan.FromSeconds(30),
            async () => Shop.Amount(await shop.GetAsync("payments", $"/v1/invoices/{id}/balance"), "amountDue") == 64.90m
        );
        var portal = system.Now.Http("portal").ToString().TrimEnd('/');

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var page = await OpenAsync(browser, 390, 844);
        await SignInAsync(page, system, portal, email);

        // The invoice, and its PDF.
        await page.GotoAsync($"{portal}/invoices");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Repository.Artifact("portal-invoices.png"), FullPage = true });
        await page.ClickAsync($"a[href*='/invoices/{id}']");
        await page.WaitForURLAsync($"**/invoices/{id}");
        Assert.Contains(number, await page.InnerTextAsync("h1"), StringComparison.Ordinal);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Repository.Artifact("portal-invoice.png"), FullPage = true });
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync($"a[href*='/invoices/{id}/pdf']"));
        await using (var pdf = await download.CreateReadStreamAsync())
        {
            var start = new byte[5];
            await pdf.ReadExactlyAsync(start, TestContext.Current.CancellationToken);
            Assert.Equal("%PDF-"u8.ToArray(), start);
        }

        // Paid, once and for all.
        await page.ClickAsync($"a[href*='/invoices/{id}/pay']");
        await page.WaitForURLAsync($"**/invoices/{id}/pay");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Repository.Artifact("portal-pay.png"), FullPage = true });
        await page.ClickAsync("button[name=means][value=card]");
        await page.WaitForURLAsync($"**/invoices/{id}/pay/done");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Repository.Artifact("portal-paid.png"), FullPage = true });
        Assert.Equal(0m, Shop.Amount(await shop.GetAsync("payments", $"/v1/invoices/{id}/balance"), "amountDue"));
        await page.GotoAsync($"{portal}/invoices/{id}");
        Assert.Equal(0, await page.Locator($"a[href*='/invoices/{id}/pay']").CountAsync());
    }

    [Fact]
    public async Task The_shops_staff_sign_in_by_the_mailed_link_and_see_what_was_sold_today_and_what_is_owed()
    {
        var system = await SystemAsync();
        var shop = await Shop.OpenAsync(system, "office");
        var email = $"caja-{shop.Id}@example.com";
        using (var admin = system.Admin())
        {
            using var added = await admin.PutAsJsonAsync(
                $"/v1/sellers/{shop.Id}/staff/{email}",
                new { role = "owner" },
                TestContext.Current.CancellationToken
            );
            Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        await shop.PostAsync("invoicing", "/v1/sales", Sale($"cliente-{shop.Id}@example.com", TimeProvider.System.GetUtcNow()));
        var portal = system.Now.Http("portal").ToString().TrimEnd('/');
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var page = await OpenAsync(browser, 1280, 800);
        await SignInAsync(page, system, portal, email);

        // Sales and receivables arrive as events: the page is loaded until both are there.
        await Wait.EqualAsync(
            "the office shows the sale and what is owed",
            TimeSpan.FromSeconds(30),
            true,
            async () =>
            {
                await page.GotoAsync($"{portal}/office");
                var text = await page.InnerTextAsync("main");
                return text.Replace('\u00a0', ' ').Split("64,90 €").Length > 2;
            }
        );
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Repository.Artifact("office.png"), FullPage = true });
    }

    [Theory]
    [InlineData("card", "#pay-card", "stripe")]
    [InlineData("bizum", "button[name=decision][value=pay]", "redsys")]
    public async Task Whoever_has_the_link_pays_on_the_pages_of_a_provider_without_script(string means, string press, string provider)
    {
        var system = await SystemAsync();
        var token = TestContext.Current.CancellationToken;
        var shop = await Shop.OpenAsync(system, "payers");
        using (var payments = shop.Http("payments"))
        {
            await SeedProviders.StripeAsync(payments, system.Now.Http("stripe"), $"acct_{shop.Id.Replace('-', 'x')}", token);
            await SeedProviders.RedsysAsync(
                payments,
                system.Now.Http("redsys"),
                Random.Shared.Next(100_000_000, 999_999_999).ToString(CultureInfo.InvariantCulture),
                token
            );
        }

        var (_, invoice) = await shop.PostAsync(
            "invoicing",
            "/v1/sales",
            Sale($"ana-{shop.Id}@example.com", TimeProvider.System.GetUtcNow())
        );
        var id = invoice.GetProperty("invoiceId").GetString()!;
        var (_, link) = await shop.PostAsync("payments", $"/v1/invoices/{id}/payment-links", new { });

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var context = await browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                Locale = "es-ES",
                ViewportSize = new ViewportSize { Width = 390, Height = 844 },
                JavaScriptEnabled = false,
            }
        );
        context.SetDefaultTimeout(30_000);
        var page = await context.NewPageAsync();
        var requests = 0;
        page.Request += (_, request) => requests += request.IsNavigationRequest ? 1 : 0;

        await page.GotoAsync(link.GetProperty("url").GetString()!);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Repository.Artifact($"pay-{means}-1-choose.png"), FullPage = true });
        requests = 0;
        await page.ClickAsync($"button[name=means][value={means}]");
        if (provider == "redsys")
        {
            // Redsys is posted to, by a button: there is no script that presses it.
            await page.ScreenshotAsync(
                new PageScreenshotOptions { Path = Repository.Artifact($"pay-{means}-2-onward.png"), FullPage = true }
            );
            await page.ClickAsync("form.means button[type=submit]");
        }

        await page.WaitForURLAsync(url => url.StartsWith(system.Now.Http(provider).ToString(), StringComparison.Ordinal));
        Assert.True(requests <= 3, $"{requests} requests to the provider's page");
        await page.ScreenshotAsync(
            new PageScreenshotOptions { Path = Repository.Artifact($"pay-{means}-3-provider.png"), FullPage = true }
        );
        await page.ClickAsync(press);
        await page.WaitForURLAsync(url => url.Contains("/back?checkout=", StringComparison.Ordinal));
        await Wait.EqualAsync(
            "nothing is due, and nothing under way",
            TimeSpan.FromSeconds(30),
            (0m, 0m),
            async () =>
            {
                var balance = await shop.GetAsync("payments", $"/v1/invoices/{id}/balance");
                return (Shop.Amount(balance, "amountDue"), Shop.Amount(balance, "inFlight"));
            }
        );
        await page.ReloadAsync();
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Repository.Artifact($"pay-{means}-4-paid.png"), FullPage = true });
        Assert.Contains("64,90", (await page.InnerTextAsync("main")).Replace('\u00a0', ' '), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("button[name=means]").CountAsync());
        var sums = (await shop.GetAsync("payments", "/v1/ledger/trial-balance")).GetProperty("sums");
        Assert.All(sums.EnumerateObject(), each => Assert.Equal(0m, Shop.Amount(sums, each.Name)));
    }

    private async Task<StartedSystem> SystemAsync()
    {
        Assert.SkipUnless(File.Exists(Chromium), "there is no chromium; ./test installs it");
        return await shared.Started;
    }

    private static Task<IBrowser> LaunchAsync(IPlaywright playwright) =>
        playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Chromium,
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ],
            }
        );

    private static async Task<IPage> OpenAsync(IBrowser browser, int width, int height)
    {
        var context = await browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                Locale = "es-ES",
                ViewportSize = new ViewportSize { Width = width, Height = height },
                AcceptDownloads = true,
            }
        );
        context.SetDefaultTimeout(30_000);
        return await context.NewPageAsync();
    }

    /// <summary>The link comes by mail and opens in the browser that asked for it.</summary>
    private static async Task SignInAsync(IPage page, StartedSystem system, string portal, string email)
    {
        await page.GotoAsync($"{portal}/sign-in");
        await page.FillAsync("input[name=email]", email);
        await page.ClickAsync("form[action='/sign-in'] button[type=submit]");
        var mail = await Wait.ForAsync(
            "the sign-in mail",
            TimeSpan.FromSeconds(30),
            async () => (await new Inbox(system).ToAsync(email)).FirstOrDefault(mail => mail.Link($"{portal}/sign-in/") is not null)
        );
        await page.GotoAsync(mail.Link($"{portal}/sign-in/")!);
        await page.ClickAsync("form[action^='/sign-in/'] button[type=submit]");
        await page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
    }

    private static object Sale(string email, DateTimeOffset occurredAt) =>
        new
        {
            saleId = "PORTAL-1",
            storeId = "S01",
            occurredAt,
            currency = "EUR",
            lines = new[]
            {
                new
                {
                    sku = "71053",
                    name = "Lámpara de mesa de latón",
                    quantity = "1",
                    unitPrice = "64.90",
                    vat = new { category = "S", rate = "21" },
                },
            },
            buyer = new
            {
                customerId = "K-2",
                name = "Eva Ríos Santos",
                taxId = "12345678Z",
                email,
                address = new
                {
                    line1 = "Calle del Pez 1",
                    postalCode = "28004",
                    city = "Madrid",
                    country = "ES",
                },
            },
        };
}
