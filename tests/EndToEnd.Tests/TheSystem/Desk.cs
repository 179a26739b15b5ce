using System.Net.Http.Json;
using Microsoft.Playwright;

namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>A member of staff at a browser, in an office of a shop of its own.</summary>
internal sealed class Desk(StartedSystem system, Shop shop, string email, IPlaywright playwright, IBrowser browser, IPage page)
    : IAsyncDisposable
{
    public StartedSystem System { get; } = system;

    public Shop Shop { get; } = shop;

    public string Email { get; } = email;

    public IPage Page { get; } = page;

    public string Portal { get; } = system.Now.Http("portal").ToString().TrimEnd('/');

    public static async Task<Desk> OpenAsync(SharedSystem shared, string screen, string role, bool script = false)
    {
        var system = await Chromium.SystemAsync(shared);
        var shop = await Shop.OpenAsync(system, "money");
        var email = $"{role}-{shop.Id}@example.com";
        using (var admin = system.Admin())
        {
            using var added = await admin.PutAsJsonAsync(
                $"/v1/sellers/{shop.Id}/staff/{email}",
                new { role },
                TestContext.Current.CancellationToken
            );
            Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        var playwright = await Playwright.CreateAsync();
        var browser = await Chromium.LaunchAsync(playwright);
        var (width, height) = screen == "phone" ? (390, 844) : (1280, 800);
        // Without script, where it is not about one: all of it is plain forms.
        var page = await Chromium.OpenAsync(browser, width, height, script);
        var desk = new Desk(system, shop, email, playwright, browser, page);
        await Chromium.SignInAsync(page, system, desk.Portal, email);
        return desk;
    }

    public async Task<(string Id, string Number)> SellAsync()
    {
        var sale = Sold.One($"cliente-{Shop.Id}@example.com", TimeProvider.System.GetUtcNow().AddHours(-1));
        var (_, invoice) = await Shop.PostAsync("invoicing", "/v1/sales", sale);
        return (invoice.GetProperty("invoiceId").GetString()!, invoice.GetProperty("number").GetString()!);
    }

    /// <summary>A ticket of the same lamp, paid in cash, to nobody.</summary>
    public async Task<(string Id, string Number)> SellTicketAsync(string saleId = "TICKET-1")
    {
        var (_, invoice) = await Shop.PostAsync(
            "invoicing",
            "/v1/sales",
            new
            {
                saleId,
                storeId = "S01",
                occurredAt = TimeProvider.System.GetUtcNow().AddMinutes(-5),
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
                payments = new[] { new { means = "cash", amount = "64.90" } },
            }
        );
        return (invoice.GetProperty("invoiceId").GetString()!, invoice.GetProperty("number").GetString()!);
    }

    /// <summary>What is owed arrives as an event: the page is loaded until it says so.</summary>
    public Task UntilSaidAsync(string path, string said) =>
        Wait.UntilAsync(
            $"{path} says {said}",
            Wait.Generous,
            async () =>
            {
                await Page.GotoAsync($"{Portal}{path}");
                return (await TextAsync()).Contains(said, StringComparison.Ordinal);
            }
        );

    public async Task<string> TextAsync() => (await Page.InnerTextAsync("main")).Replace('\u00a0', ' ');

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
