using System.Net.Http.Json;
using Microsoft.Playwright;
using RetailInvoicing.EndToEnd.Tests.TheSystem;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>Customers and the shop's staff at the portal, in a real browser.</summary>
public sealed class PortalJourney(SharedSystem shared)
{
    [Fact]
    public async Task A_customer_signs_in_by_the_mailed_link_opens_an_invoice_takes_its_PDF_and_pays_it()
    {
        var system = await Chromium.SystemAsync(shared);
        var shop = await Shop.OpenAsync(system, "portal");
        var email = $"eva-{shop.Id}@example.com";
        var (_, invoice) = await shop.PostAsync("invoicing", "/v1/sales", Sold.One(email, TimeProvider.System.GetUtcNow().AddHours(-1)));
        var (id, number) = (invoice.GetProperty("invoiceId").GetString()!, invoice.GetProperty("number").GetString()!);
        await Wait.UntilAsync(
            "the balance is open",
            Wait.Generous,
            async () => Shop.Amount(await shop.GetAsync("payments", $"/v1/invoices/{id}/balance"), "amountDue") == 64.90m
        );
        var portal = system.Now.Http("portal").ToString().TrimEnd('/');

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await Chromium.OpenAsync(browser, 390, 844);
        await Chromium.SignInAsync(page, system, portal, email);

        // The invoice, and its PDF.
        await page.GotoAsync($"{portal}/invoices");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Repository.Artifact("portal-invoices.png"), FullPage = true });
        await page.ClickAsync($"a[href$='/invoices/{id}']");
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
        var system = await Chromium.SystemAsync(shared);
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

        await shop.PostAsync("invoicing", "/v1/sales", Sold.One($"cliente-{shop.Id}@example.com", TimeProvider.System.GetUtcNow()));
        var portal = system.Now.Http("portal").ToString().TrimEnd('/');
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await Chromium.OpenAsync(browser, 1280, 800);
        await Chromium.SignInAsync(page, system, portal, email);

        // Sales and receivables arrive as events: the page is loaded until both are there.
        await Wait.EqualAsync(
            "the office shows the sale and what is owed",
            Wait.Generous,
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
}
