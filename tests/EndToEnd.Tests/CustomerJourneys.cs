using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RetailInvoicing.EndToEnd.Tests.TheSystem;
using RetailInvoicing.Retail.Demo;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>What a shop's customers do at the portal, each way on a desk and on a telephone, in a real browser.</summary>
public sealed class CustomerJourneys(SharedSystem shared)
{
    public static TheoryData<string> Screens => ["desk", "phone"];

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_customer_follows_the_mailed_link_and_is_in(string screen)
    {
        await using var visit = await Visit.OpenAsync(shared, screen);
        var sale = await visit.SellAsync("S-1");
        await visit.SignInAsync();

        await visit.Page.GotoAsync($"{visit.Portal}/invoices");

        Assert.Contains(sale.Number, await visit.TextAsync(), StringComparison.Ordinal);
        Assert.Contains("Te queda por pagar 64,90 €", await visit.TextAsync(), StringComparison.Ordinal);
        await visit.KeepAsync("customer-invoices");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task From_the_link_on_an_invoice_a_customer_proves_the_address_and_stands_before_that_invoice(string screen)
    {
        await using var visit = await Visit.OpenAsync(shared, screen);
        var sale = await visit.SellAsync("S-1");

        await visit.Page.GotoAsync($"{visit.Portal}/invoices/{sale.Id}");
        await visit.Page.FillAsync("input[name=email]", visit.Email);
        await visit.Page.ClickAsync("form[action='/sign-in'] button[type=submit]");
        await visit.FollowMailAsync();

        await visit.Page.WaitForURLAsync($"**/invoices/{sale.Id}");
        Assert.Contains(sale.Number, await visit.Page.InnerTextAsync("h1"), StringComparison.Ordinal);
        await visit.KeepAsync("customer-invoice");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_customer_finds_an_invoice_by_a_product_on_it(string screen)
    {
        await using var visit = await Visit.OpenAsync(shared, screen);
        var lamp = await visit.SellAsync("S-1");
        var other = await visit.TicketAsync("S-2", "12.10");
        await visit.SignInAsync();

        await visit.Page.GotoAsync($"{visit.Portal}/invoices");
        Assert.Contains(other.Number, await visit.TextAsync(), StringComparison.Ordinal);
        await visit.Page.FillAsync("input[name=q]", "lampara");
        await visit.Page.PressAsync("input[name=q]", "Enter");
        await visit.Page.WaitForURLAsync("**/invoices?q=lampara*");

        Assert.Contains(lamp.Number, await visit.TextAsync(), StringComparison.Ordinal);
        Assert.Contains("Lámpara de mesa de latón", await visit.TextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(other.Number, await visit.TextAsync(), StringComparison.Ordinal);
        await visit.KeepAsync("customer-found");
        await visit.Page.GotoAsync($"{visit.Portal}/spending");
        Assert.Contains("77,00 €", await visit.TextAsync(), StringComparison.Ordinal);
        await visit.KeepAsync("customer-spending");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_customer_pays_an_invoice_by_card(string screen)
    {
        await using var visit = await Visit.OpenAsync(shared, screen);
        var sale = await visit.SellAsync("S-1");
        await visit.SignInAsync();

        await visit.Page.GotoAsync($"{visit.Portal}/invoices/{sale.Id}");
        await visit.Page.ClickAsync(".head a.filled");
        await visit.Page.ClickAsync("button[name=means][value=card]");
        await visit.Page.ClickAsync("#pay-card");

        await visit.Page.WaitForURLAsync(url => url.StartsWith(visit.Portal, StringComparison.Ordinal));
        await visit.PaidAsync(sale);
        await visit.Page.GotoAsync($"{visit.Portal}/invoices/{sale.Id}");
        Assert.Contains("Pagada", await visit.TextAsync(), StringComparison.Ordinal);
        // Whoever goes back is not charged again.
        await visit.Page.GotoAsync($"{visit.Portal}/invoices/{sale.Id}/pay");
        Assert.Equal(0, await visit.Page.Locator("button[name=means]").CountAsync());
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_customer_pays_all_that_is_open_at_once(string screen)
    {
        await using var visit = await Visit.OpenAsync(shared, screen);
        var (one, two) = (await visit.SellAsync("S-1"), await visit.SellAsync("S-2"));
        await visit.SignInAsync();

        await visit.Page.GotoAsync($"{visit.Portal}/invoices");
        await visit.Page.ClickAsync("text=Pagar las 2 facturas");
        await visit.Page.ClickAsync("section[aria-labelledby=all-title] button[name=means][value=card]");
        Assert.Contains("129,80", await visit.TextAsync("body"), StringComparison.Ordinal);
        await visit.Page.ClickAsync("#pay-card");

        await visit.Page.WaitForURLAsync(url => url.StartsWith(visit.Portal, StringComparison.Ordinal));
        await visit.PaidAsync(one);
        await visit.PaidAsync(two);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_customer_takes_all_invoices_away_as_one_ZIP(string screen)
    {
        await using var visit = await Visit.OpenAsync(shared, screen);
        var sale = await visit.SellAsync("S-1");
        await visit.SignInAsync();

        await visit.Page.GotoAsync($"{visit.Portal}/invoices");
        await using var zip = await visit.ZipAsync("a[href='/invoices/zip']");

        Assert.Contains(
            zip.Entries,
            entry =>
                entry.FullName.Contains(sale.Number, StringComparison.Ordinal) && entry.FullName.EndsWith(".pdf", StringComparison.Ordinal)
        );
        Assert.Contains(zip.Entries, entry => entry.FullName.EndsWith(".xml", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_customer_claims_a_full_invoice_with_the_ticket_in_the_hand(string screen)
    {
        await using var visit = await Visit.OpenAsync(shared, screen);
        await visit.SellAsync("S-1");
        var ticket = await visit.TicketAsync("S-2", "12.10", mailed: false);
        await visit.SignInAsync();

        await visit.Page.GotoAsync($"{visit.Portal}/claim");
        await visit.TypeTicketAsync(0, ticket);
        await visit.KeepAsync("customer-claim");
        await visit.Page.ClickAsync("button[value=look]");
        await visit.Page.WaitForSelectorAsync("button[value=issue]");
        await visit.KeepAsync("customer-claim-buyer");
        Assert.Equal("12345678Z", await visit.Page.InputValueAsync("#nif"));
        await visit.Page.ClickAsync("button[value=issue]");

        await visit.Page.WaitForURLAsync("**/invoices/*");
        Assert.Contains($"Sustituye a {ticket.Number}", await visit.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_customer_claims_one_full_invoice_for_several_tickets(string screen)
    {
        await using var visit = await Visit.OpenAsync(shared, screen);
        await visit.SellAsync("S-1");
        var one = await visit.TicketAsync("S-2", "12.10", mailed: false);
        var two = await visit.TicketAsync("S-3", "24.20", mailed: false);
        await visit.SignInAsync();

        await visit.Page.GotoAsync($"{visit.Portal}/claim");
        // What a scanner reads is the address in the tax QR.
        await visit.Page.FillAsync("#number0", one.Qr);
        await visit.Page.ClickAsync("button[value=more]");
        await visit.Page.FillAsync("#number1", two.Qr);
        await visit.Page.ClickAsync("button[value=look]");
        await visit.Page.ClickAsync("button[value=issue]");

        await visit.Page.WaitForURLAsync("**/invoices/*");
        var text = await visit.TextAsync();
        Assert.Contains($"Sustituye a {one.Number}", text, StringComparison.Ordinal);
        Assert.Contains($"Sustituye a {two.Number}", text, StringComparison.Ordinal);
        Assert.Contains("36,30 €", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_customer_disputes_a_line(string screen)
    {
        await using var visit = await Visit.OpenAsync(shared, screen);
        var sale = await visit.SellAsync("S-1");
        await visit.OwedAsync(sale);
        await visit.SignInAsync();

        await visit.Page.GotoAsync($"{visit.Portal}/invoices/{sale.Id}");
        await visit.Page.ClickAsync($"a[href='/invoices/{sale.Id}/dispute']");
        await visit.Page.SelectOptionAsync("#line", new SelectOptionValue { Index = 1 });
        await visit.Page.FillAsync("#reason", "Llegó rota.");
        await visit.Page.ClickAsync("main form button.filled");

        await visit.Page.WaitForURLAsync("**/dispute?sent=yes");
        Assert.Contains("La tienda ya lo sabe", await visit.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_customer_promises_a_day(string screen)
    {
        await using var visit = await Visit.OpenAsync(shared, screen);
        var sale = await visit.SellAsync("S-1");
        await visit.OwedAsync(sale);
        await visit.SignInAsync();

        await visit.Page.GotoAsync($"{visit.Portal}/invoices/{sale.Id}");
        await visit.Page.ClickAsync($"a[href='/invoices/{sale.Id}/promise']");
        var last = await visit.Page.GetAttributeAsync("#date", "max");
        await visit.Page.FillAsync("#date", last!);
        await visit.Page.ClickAsync("main form button.filled");

        await visit.Page.WaitForURLAsync("**/promise?made=yes");
        Assert.Contains("Apuntado", await visit.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_customer_puts_its_own_name_right_and_gets_the_corrective_invoice(string screen)
    {
        await using var visit = await Visit.OpenAsync(shared, screen);
        var sale = await visit.SellAsync("S-1");
        await visit.SignInAsync();

        await visit.Page.GotoAsync($"{visit.Portal}/invoices/{sale.Id}");
        await visit.Page.ClickAsync($"a[href='/invoices/{sale.Id}/buyer']");
        await visit.Page.FillAsync("#name", "Eva Ríos Sanz");
        await visit.Page.ClickAsync("main form button.filled");

        await visit.Page.WaitForURLAsync(url =>
            url.Contains("/invoices/", StringComparison.Ordinal) && !url.Contains(sale.Id, StringComparison.Ordinal)
        );
        var text = await visit.TextAsync();
        Assert.Contains($"Rectifica a {sale.Number}", text, StringComparison.Ordinal);
        Assert.Contains("Eva Ríos Sanz", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_customer_takes_its_consent_to_offers_back(string screen)
    {
        await using var visit = await Visit.OpenAsync(shared, screen);
        await visit.SellAsync("S-1");
        await visit.SignInAsync();

        await visit.Page.GotoAsync($"{visit.Portal}/me");
        await visit.Page.ClickAsync("form[action='/me/consent'] button");
        await visit.Page.WaitForURLAsync("**/me?done=yes");
        Assert.Contains("Quieres ofertas", await visit.TextAsync(), StringComparison.Ordinal);
        await visit.KeepAsync("customer-me");
        await visit.Page.ClickAsync("form[action='/me/consent'] button");

        await visit.Page.WaitForURLAsync("**/me?done=no");
        Assert.Contains("Sin ofertas", await visit.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_customer_takes_its_data_away_and_is_forgotten_but_for_what_the_law_keeps(string screen)
    {
        await using var visit = await Visit.OpenAsync(shared, screen);
        var ticket = await visit.TicketAsync("S-1", "12.10");
        await visit.SignInAsync();

        await visit.Page.GotoAsync($"{visit.Portal}/me");
        await using (var zip = await visit.ZipAsync("a[href='/me/export']"))
        {
            Assert.Contains(zip.Entries, entry => entry.FullName == "me.json");
            Assert.Contains(zip.Entries, entry => entry.FullName.Contains(ticket.Number, StringComparison.Ordinal));
        }

        await visit.Page.ClickAsync("a[href='/me/erase']");
        await visit.KeepAsync("customer-erase");
        await visit.Page.CheckAsync("input[name=sure]");
        await visit.Page.ClickAsync("main form button.filled");
        Assert.Contains("Borrado", await visit.TextAsync(), StringComparison.Ordinal);
        await visit.Page.GotoAsync($"{visit.Portal}/invoices");
        Assert.Contains("/sign-in", visit.Page.Url, StringComparison.Ordinal);
        var kept = await visit.Shop.GetAsync("invoicing", $"/v1/invoices/{ticket.Id}");
        Assert.Equal(ticket.Number, kept.GetProperty("number").GetString());
        Assert.DoesNotContain(visit.Email, kept.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Without_script_a_customer_searches_pays_and_claims(string screen)
    {
        await using var visit = await Visit.OpenAsync(shared, screen, script: false);
        var sale = await visit.SellAsync("S-1");
        var ticket = await visit.TicketAsync("S-2", "12.10", mailed: false);
        await visit.SignInAsync();

        await visit.Page.GotoAsync($"{visit.Portal}/invoices?q=64,90");
        Assert.Contains(sale.Number, await visit.TextAsync(), StringComparison.Ordinal);
        await visit.Page.ClickAsync($"a[href='/invoices/{sale.Id}']");
        await visit.Page.ClickAsync(".head a.filled");
        await visit.Page.ClickAsync("button[name=means][value=card]");
        await visit.Page.ClickAsync("#pay-card");
        await visit.PaidAsync(sale);
        await visit.Page.GotoAsync($"{visit.Portal}/claim");
        await visit.TypeTicketAsync(0, ticket);
        await visit.Page.ClickAsync("button[value=look]");
        await visit.Page.ClickAsync("button[value=issue]");
        await visit.Page.WaitForURLAsync("**/invoices/*");
        Assert.Contains($"Sustituye a {ticket.Number}", await visit.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task With_the_keyboard_alone_a_customer_pays_and_claims(string screen)
    {
        await using var visit = await Visit.OpenAsync(shared, screen);
        var sale = await visit.SellAsync("S-1");
        var ticket = await visit.TicketAsync("S-2", "12.10", mailed: false);
        await visit.SignInAsync();

        await visit.Page.GotoAsync($"{visit.Portal}/invoices/{sale.Id}");
        await visit.TabToAsync(".head a.filled");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForURLAsync("**/pay");
        await visit.TabToAsync("button[name=means][value=card]");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForSelectorAsync("#pay-card");
        await visit.TabToAsync("#pay-card");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForURLAsync(new Regex("/pay/(back|done)", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await visit.PaidAsync(sale);

        await visit.Page.GotoAsync($"{visit.Portal}/claim");
        await visit.TabToAsync("#number0");
        await visit.Page.Keyboard.TypeAsync(ticket.Qr);
        await visit.TabToAsync("button[value=look]");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForSelectorAsync("button[value=issue]");
        await visit.TabToAsync("button[value=issue]");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForURLAsync("**/invoices/*");
        Assert.Contains($"Sustituye a {ticket.Number}", await visit.TextAsync(), StringComparison.Ordinal);
    }

    /// <summary>Something sold: an invoice, or a ticket with what is printed on it.</summary>
    private sealed record Sale(string Id, string Number, string TaxId, string Date, string Total, string Qr);

    /// <summary>A customer of a shop of its own, before a screen.</summary>
    private sealed class Visit : IAsyncDisposable
    {
        private readonly StartedSystem _system;
        private readonly IPlaywright _playwright;
        private readonly IBrowser _browser;
        private readonly string _screen;

        private Visit(StartedSystem system, Shop shop, IPlaywright playwright, IBrowser browser, IPage page, string screen)
        {
            (_system, Shop, _playwright, _browser, Page, _screen) = (system, shop, playwright, browser, page, screen);
        }

        public Shop Shop { get; }

        public IPage Page { get; }

        public string Portal => _system.Now.Http("portal").ToString().TrimEnd('/');

        public string Email => $"eva-{Shop.Id}@example.com";

        public static async Task<Visit> OpenAsync(SharedSystem shared, string screen, bool script = true)
        {
            var system = await Chromium.SystemAsync(shared);
            var shop = await Shop.OpenAsync(system, "journeys");
            using var payments = shop.Http("payments");
            await SeedProviders.StripeAsync(
                payments,
                system.Now.Http("stripe"),
                $"acct_{shop.Id.Replace('-', 'x')}",
                TestContext.Current.CancellationToken
            );
            var playwright = await Playwright.CreateAsync();
            var browser = await Chromium.LaunchAsync(playwright);
            var page =
                screen == "phone"
                    ? await Chromium.OpenAsync(browser, 390, 844, script)
                    : await Chromium.OpenAsync(browser, 1280, 800, script);
            return new Visit(system, shop, playwright, browser, page, screen);
        }

        /// <summary>Sells a lamp on account, and waits until it can be paid.</summary>
        public async Task<Sale> SellAsync(string saleId)
        {
            var (_, invoice) = await Shop.PostAsync("invoicing", "/v1/sales", Sold.One(Email, TimeProvider.System.GetUtcNow(), saleId));
            var sale = Of(invoice);
            await Wait.UntilAsync(
                "the balance is open",
                Wait.Generous,
                async () => Shop.Amount(await Shop.GetAsync("payments", $"/v1/invoices/{sale.Id}/balance"), "amountDue") == 64.90m
            );
            return sale;
        }

        /// <summary>Sells something over the counter, paid at once.</summary>
        public async Task<Sale> TicketAsync(string saleId, string price, bool mailed = true)
        {
            var (status, invoice) = await Shop.PostAsync(
                "invoicing",
                "/v1/sales",
                new
                {
                    saleId,
                    storeId = "S01",
                    occurredAt = TimeProvider.System.GetUtcNow(),
                    currency = "EUR",
                    lines = new[]
                    {
                        new
                        {
                            sku = "22423",
                            name = "Soporte para tartas",
                            quantity = "1",
                            unitPrice = price,
                            vat = new { category = "S", rate = "21" },
                        },
                    },
                    payments = new[] { new { means = "card", amount = price } },
                    buyer = mailed ? new { email = Email } : null,
                }
            );
            Assert.True((int)status == 201, invoice.GetRawText());
            return Of(invoice);
        }

        /// <summary>Waits until Collections knows what is owed.</summary>
        public Task OwedAsync(Sale sale) =>
            Wait.UntilAsync(
                "the receivable is open",
                Wait.Generous,
                async () =>
                    Shop.ItemsOf(await Shop.GetAsync("collections", "/v1/receivables?limit=200"))
                        .EnumerateArray()
                        .Any(each => each.GetProperty("invoiceId").GetString() == sale.Id)
            );

        public Task PaidAsync(Sale sale) =>
            Wait.EqualAsync(
                "nothing is due",
                Wait.Generous,
                0m,
                async () => Shop.Amount(await Shop.GetAsync("payments", $"/v1/invoices/{sale.Id}/balance"), "amountDue")
            );

        public Task SignInAsync() => Chromium.SignInAsync(Page, _system, Portal, Email);

        /// <summary>Opens the link that was mailed, and confirms.</summary>
        public async Task FollowMailAsync()
        {
            var mail = await Wait.ForAsync(
                "the sign-in mail",
                Wait.Generous,
                async () => (await new Inbox(_system).ToAsync(Email)).FirstOrDefault(each => each.Link($"{Portal}/sign-in/") is not null)
            );
            await Page.GotoAsync(mail.Link($"{Portal}/sign-in/")!);
            await Page.ClickAsync("form[action^='/sign-in/'] button[type=submit]");
        }

        public async Task TypeTicketAsync(int row, Sale ticket)
        {
            await Page.FillAsync("#taxid", ticket.TaxId);
            await Page.FillAsync($"#number{row}", ticket.Number);
            await Page.FillAsync($"#date{row}", ticket.Date);
            await Page.FillAsync($"#total{row}", ticket.Total.Replace('.', ','));
        }

        public async Task<string> TextAsync(string where = "main") => (await Page.InnerTextAsync(where)).Replace('\u00a0', ' ');

        /// <summary>Takes a ZIP away.</summary>
        public async Task<ZipArchive> ZipAsync(string link)
        {
            var download = await Page.RunAndWaitForDownloadAsync(() => Page.ClickAsync(link));
            var kept = new MemoryStream();
            await using var content = await download.CreateReadStreamAsync();
            await content.CopyToAsync(kept, TestContext.Current.CancellationToken);
            kept.Position = 0;
            return new ZipArchive(kept);
        }

        /// <summary>Goes from one thing to the next as the Tab key does, until it is there.</summary>
        public async Task TabToAsync(string wanted)
        {
            for (var pressed = 0; pressed < 100; pressed++)
            {
                await Page.Keyboard.PressAsync("Tab");
                if (await Page.EvaluateAsync<bool>("wanted => document.activeElement?.matches(wanted) ?? false", wanted))
                {
                    return;
                }
            }

            Assert.Fail($"the Tab key never comes to {wanted}");
        }

        /// <summary>Keeps how it looks, in the light and in the dark.</summary>
        public async Task KeepAsync(string name)
        {
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
                await Page.ScreenshotAsync(
                    new PageScreenshotOptions
                    {
                        Path = Repository.Artifact($"{name}-{_screen}-{(scheme == ColorScheme.Light ? "light" : "dark")}.png"),
                        FullPage = true,
                    }
                );
            }

            await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        }

        public async ValueTask DisposeAsync()
        {
            await _browser.DisposeAsync();
            _playwright.Dispose();
        }

        private static Sale Of(JsonElement invoice) =>
            new(
                invoice.GetProperty("invoiceId").GetString()!,
                invoice.GetProperty("number").GetString()!,
                invoice.GetProperty("seller").GetProperty("taxId").GetString()!,
                invoice.GetProperty("issueDate").GetString()!,
                invoice.GetProperty("totals").GetProperty("totalWithVat").GetString()!,
                invoice.GetProperty("fiscal").GetProperty("qrUrl").GetString()!
            );
    }
}
