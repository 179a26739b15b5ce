using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using RetailInvoicing.EndToEnd.Tests.TheSystem;
using RetailInvoicing.Retail.Demo;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>Whoever has a link to pay, in a real browser without script: at the pages of the providers, and at a bank.</summary>
public sealed class PayJourney(SharedSystem shared)
{
    [Theory]
    [InlineData("card", "#pay-card", "stripe")]
    [InlineData("bizum", "button[name=decision][value=pay]", "redsys")]
    public async Task Whoever_has_the_link_pays_on_the_pages_of_a_provider_without_script(string means, string press, string provider)
    {
        var (system, shop) = await OpenShopAsync();
        var id = await SellAsync(shop, "SALE-1");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await Chromium.OpenAsync(browser, 390, 844, script: false);

        await page.GotoAsync(await LinkAsync(shop, id));
        await Chromium.KeepAsync(page, $"pay-{means}-1-choose");
        await page.ClickAsync($"button[name=means][value={means}]");
        if (provider == "redsys")
        {
            // Redsys is posted to, by a button: there is no script that presses it.
            await Chromium.KeepAsync(page, $"pay-{means}-2-onward");
            await page.ClickAsync("form.means button[type=submit]");
        }

        await page.WaitForURLAsync(url => url.StartsWith(system.Now.Http(provider).ToString(), StringComparison.Ordinal));
        await Chromium.KeepAsync(page, $"pay-{means}-3-provider");
        await page.ClickAsync(press);
        await page.WaitForURLAsync(url => url.Contains("/back?checkout=", StringComparison.Ordinal));
        await PaidAsync(shop, id);
        await page.ReloadAsync();
        await Chromium.KeepAsync(page, $"pay-{means}-4-paid");
        Assert.Contains("64,90", (await page.InnerTextAsync("main")).Replace('\u00a0', ' '), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("button[name=means]").CountAsync());
        await BooksSumToZeroAsync(shop);
    }

    [Theory]
    [InlineData("card", "stripe", "GET portal, POST portal, GET stripe")]
    [InlineData("wallet", "stripe", "GET portal, POST portal, GET stripe")]
    [InlineData("bizum", "redsys", "GET portal, POST portal, POST redsys")]
    [InlineData("transfer", "bank", "GET portal, GET bank")]
    public async Task From_the_link_to_where_one_pays_the_portal_is_asked_less_than_three_times_without_script(
        string means,
        string provider,
        string expected
    )
    {
        var (system, shop) = await OpenShopAsync();
        var id = await SellAsync(shop, "SALE-1");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await Chromium.OpenAsync(browser, 390, 844, script: false);
        var link = await LinkAsync(shop, id);
        List<string> asked = [];
        // Styles and pictures are none of them: they keep nobody waiting, and the browser has them after the first page.
        page.Request += (_, request) =>
        {
            if (request.IsNavigationRequest)
            {
                asked.Add($"{request.Method} {NameOf(system, request.Url)}");
            }
        };

        await page.GotoAsync(link);
        await page.ClickAsync(means == "transfer" ? "#test-bank" : $"button[name=means][value={means}]");
        if (provider == "redsys")
        {
            await page.ClickAsync("form.means button[type=submit]");
        }

        await page.WaitForURLAsync(url => url.StartsWith(system.Now.Http(provider).ToString(), StringComparison.Ordinal));

        Assert.Equal(expected, string.Join(", ", asked));
        Assert.True(asked.Count(each => each.EndsWith(" portal", StringComparison.Ordinal)) < 3);
    }

    [Fact]
    public async Task A_transfer_is_read_from_the_QR_made_at_the_simulated_bank_and_pays_the_invoice()
    {
        var (system, shop) = await OpenShopAsync();
        var (id, email) = (await SellAsync(shop, "SALE-1"), EmailOf(shop));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await Chromium.OpenAsync(browser, 390, 844, script: false);

        var link = await LinkAsync(shop, id);
        await page.GotoAsync(link);
        await Chromium.KeepAsync(page, "pay-transfer-1-instructions");
        var read = Assert.Single(SeenQr.OnScreen(await page.Locator(".pay .qr img").ScreenshotAsync())).Split('\n');
        Assert.Equal(("BCD", "SCT", shop.Iban, "EUR64.90"), (read[0], read[3], read[6], read[7]));

        // The link carries what the QR does.
        var bank = new Uri((await page.GetAttributeAsync("#test-bank", "href"))!);
        var filled = bank
            .Query.TrimStart('?')
            .Split('&')
            .Select(each => each.Split('='))
            .ToDictionary(each => each[0], each => Uri.UnescapeDataString(each[1]));
        Assert.Equal((read[5], read[6], read[7], read[9]), (filled["name"], filled["iban"], $"EUR{filled["amount"]}", filled["reference"]));
        Assert.Equal(link, filled["back"]);

        await page.ClickAsync("#test-bank");
        await page.WaitForURLAsync(url => url.StartsWith(system.Now.Http("bank").ToString(), StringComparison.Ordinal));
        await Chromium.KeepAsync(page, "pay-transfer-2-bank");
        Assert.Contains("aquí no se mueve dinero", await page.InnerTextAsync(".sim"), StringComparison.Ordinal);
        await page.FillAsync("input[name=payer]", "Eva Ríos Santos");
        await page.ClickAsync("#transfer");
        await page.WaitForSelectorAsync("#standing.done");
        await Chromium.KeepAsync(page, "pay-transfer-3-made");
        Assert.Contains("sabe qué paga", await page.InnerTextAsync("#standing"), StringComparison.Ordinal);
        await PaidAsync(shop, id);
        await page.ClickAsync("#back");
        await page.WaitForURLAsync(link);
        await Chromium.KeepAsync(page, "pay-transfer-4-paid");
        Assert.Contains("Ya está pagada", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        await BooksSumToZeroAsync(shop);

        // The customer's own page says so too, and how.
        var portal = system.Now.Http("portal").ToString().TrimEnd('/');
        await Chromium.SignInAsync(page, system, portal, email);
        await page.GotoAsync($"{portal}/invoices/{id}");
        await Chromium.KeepAsync(page, "pay-transfer-5-invoice");
        var said = await page.InnerTextAsync("main");
        Assert.Contains("Pagada", said, StringComparison.Ordinal);
        Assert.Contains("Transferencia", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_QR_of_the_PDF_pasted_at_the_simulated_bank_pays_the_invoice()
    {
        var (system, shop) = await OpenShopAsync();
        var id = await SellAsync(shop, "SALE-1");
        byte[] pdf;
        using (var delivery = shop.Http("delivery"))
        {
            pdf = await delivery.GetByteArrayAsync($"/v1/invoices/{id}/pdf", TestContext.Current.CancellationToken);
        }

        var codes = await SeenQr.OnPaperAsync(pdf);
        Assert.Equal(2, codes.Count);
        var payload = Assert.Single(codes, each => each.StartsWith("BCD\n", StringComparison.Ordinal));

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await Chromium.OpenAsync(browser, 390, 844, script: false);
        await page.GotoAsync(await LinkAsync(shop, id));
        Assert.Equal(Assert.Single(SeenQr.OnScreen(await page.Locator(".pay .qr img").ScreenshotAsync())), payload);

        await page.GotoAsync(system.Now.Http("bank").ToString());
        await Chromium.KeepAsync(page, "bank-1-front");
        await page.FillAsync("textarea[name=epc]", payload);
        await page.ClickAsync("#scan");
        Assert.Contains("64,90", await page.InnerTextAsync(".total"), StringComparison.Ordinal);
        await page.ClickAsync("#transfer");
        await page.WaitForSelectorAsync("#standing.done");
        await PaidAsync(shop, id);
        await page.GotoAsync(system.Now.Http("bank").ToString());
        await Chromium.KeepAsync(page, "bank-2-movements");
    }

    [Theory]
    [InlineData("card")]
    [InlineData("transfer")]
    public async Task Everything_that_is_open_of_a_customer_is_paid_at_once(string means)
    {
        var (system, shop) = await OpenShopAsync();
        string[] ids = [await SellAsync(shop, "SALE-1"), await SellAsync(shop, "SALE-2"), await SellAsync(shop, "SALE-3")];
        var (_, made) = await shop.PostAsync("payments", "/v1/customers/K-2/payment-links", new { });
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await Chromium.OpenAsync(browser, 390, 844, script: false);

        await page.GotoAsync(made.GetProperty("url").GetString()!);
        await Chromium.KeepAsync(page, $"pay-all-{means}-1-choose");
        Assert.Contains("194,70", await page.InnerTextAsync(".total"), StringComparison.Ordinal);
        if (means == "transfer")
        {
            await page.ClickAsync("#test-bank");
            Assert.Contains("194,70", await page.InnerTextAsync(".total"), StringComparison.Ordinal);
            await Chromium.KeepAsync(page, $"pay-all-{means}-2-bank");
            await page.ClickAsync("#transfer");
            await page.WaitForSelectorAsync("#standing.done");
            await page.ClickAsync("#back");
        }
        else
        {
            await page.ClickAsync($"button[name=means][value={means}]");
            await page.WaitForURLAsync(url => url.StartsWith(system.Now.Http("stripe").ToString(), StringComparison.Ordinal));
            await Chromium.KeepAsync(page, $"pay-all-{means}-2-provider");
            await page.ClickAsync("#pay-card");
            await page.WaitForURLAsync(url => url.Contains("/back?checkout=", StringComparison.Ordinal));
        }

        foreach (var id in ids)
        {
            await PaidAsync(shop, id);
        }

        await page.ReloadAsync();
        await Chromium.KeepAsync(page, $"pay-all-{means}-3-paid");
        Assert.Equal(0, await page.Locator("button[name=means], #test-bank").CountAsync());
        Assert.Single((await shop.GetAsync("payments", $"/v1/invoices/{ids[0]}/balance")).GetProperty("payments").EnumerateArray());
        await BooksSumToZeroAsync(shop);
    }

    [Fact]
    public async Task The_demo_sellers_bank_tells_it_of_transfers_from_the_first_start()
    {
        var system = await Chromium.SystemAsync(shared);
        var token = TestContext.Current.CancellationToken;
        using var bank = Connections.Http(system.Now.Http("bank"), null);
        using var answer = await bank.PostAsJsonAsync(
            "/control/transfers",
            new
            {
                iban = DemoShop.Seller.Iban,
                name = DemoShop.Seller.Name,
                amount = "0.01",
                reference = "prueba",
            },
            token
        );
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(token));
        await Wait.UntilAsync(
            "the demo seller has taken it",
            Wait.Generous,
            async () =>
                (await bank.GetFromJsonAsync<JsonElement>($"/control/books?iban={DemoShop.Seller.Iban}", token))
                    .GetProperty("movements")
                    .EnumerateArray()
                    .Any(each => each.GetProperty("answer").ValueKind == JsonValueKind.String)
        );
    }

    /// <summary>A shop with accounts at everybody who is simulated.</summary>
    private async Task<(StartedSystem System, Shop Shop)> OpenShopAsync()
    {
        var system = await Chromium.SystemAsync(shared);
        var token = TestContext.Current.CancellationToken;
        var shop = await Shop.OpenAsync(system, "payers");
        using var payments = shop.Http("payments");
        await SeedProviders.StripeAsync(payments, system.Now.Http("stripe"), $"acct_{shop.Id.Replace('-', 'x')}", token);
        await SeedProviders.RedsysAsync(
            payments,
            system.Now.Http("redsys"),
            Random.Shared.Next(100_000_000, 999_999_999).ToString(CultureInfo.InvariantCulture),
            token
        );
        using var bank = Connections.Http(system.Now.Http("bank"), null);
        await SeedBank.ConnectAsync(bank, shop.Iban, DemoShop.Seller.Name, system.Now.Http("payments"), shop.Key, token);
        return (system, shop);
    }

    private static string EmailOf(Shop shop) => $"ana-{shop.Id}@example.com";

    /// <summary>Sells on account, and waits until Payments knows what is owed.</summary>
    private static async Task<string> SellAsync(Shop shop, string saleId)
    {
        var (_, invoice) = await shop.PostAsync("invoicing", "/v1/sales", Sold.One(EmailOf(shop), TimeProvider.System.GetUtcNow(), saleId));
        var id = invoice.GetProperty("invoiceId").GetString()!;
        await Wait.UntilAsync(
            "the balance is open",
            Wait.Generous,
            async () => Shop.Amount(await shop.GetAsync("payments", $"/v1/invoices/{id}/balance"), "amountDue") == 64.90m
        );
        return id;
    }

    private static async Task<string> LinkAsync(Shop shop, string id) =>
        (await shop.PostAsync("payments", $"/v1/invoices/{id}/payment-links", new { })).Body.GetProperty("url").GetString()!;

    private static Task PaidAsync(Shop shop, string id) =>
        Wait.EqualAsync(
            "nothing is due, and nothing under way",
            Wait.Generous,
            (0m, 0m),
            async () =>
            {
                var balance = await shop.GetAsync("payments", $"/v1/invoices/{id}/balance");
                return (Shop.Amount(balance, "amountDue"), Shop.Amount(balance, "inFlight"));
            }
        );

    private static async Task BooksSumToZeroAsync(Shop shop)
    {
        var sums = (await shop.GetAsync("payments", "/v1/ledger/trial-balance")).GetProperty("sums");
        Assert.All(sums.EnumerateObject(), each => Assert.Equal(0m, Shop.Amount(sums, each.Name)));
    }

    private static string NameOf(StartedSystem system, string url) =>
        system.Now.Services.FirstOrDefault(each => url.StartsWith(each.Value.Http, StringComparison.Ordinal)).Key ?? url;
}
