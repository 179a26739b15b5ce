using Microsoft.Playwright;
using Npgsql;
using RetailInvoicing.EndToEnd.Tests.TheSystem;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>What whoever operates the system does in the browser, on a desk and on a telephone.</summary>
public sealed class OperationsJourneys(SharedSystem shared)
{
    private const string Letters = "/operations/dead-letters/payments/payments-open-balance_error";

    public static TheoryData<string> Screens => ["desk", "phone"];

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_poisoned_message_ends_in_an_error_queue_and_the_operator_mends_its_cause_and_sends_it_back(string screen)
    {
        var system = await Chromium.SystemAsync(shared);
        var shop = await Shop.OpenAsync(system, "poison");
        await ExecuteAsync(
            system,
            $"""
            create or replace function payments.poison() returns trigger language plpgsql as $$ begin raise exception 'poisoned by a test'; end $$;
            create or replace trigger poison before insert on payments.balance for each row when (new.seller_id = '{shop.Id}')
                execute function payments.poison();
            """
        );
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var (width, height) = screen == "phone" ? (390, 844) : (1280, 800);
        var page = await Chromium.OpenAsync(browser, width, height, script: false);
        var portal = system.Now.Http("portal").ToString().TrimEnd('/');
        string invoice;
        try
        {
            var sale = Sold.One($"cliente-{shop.Id}@example.com", TimeProvider.System.GetUtcNow().AddHours(-1));
            invoice = (await shop.PostAsync("invoicing", "/v1/sales", sale)).Body.GetProperty("invoiceId").GetString()!;
            await Chromium.SignInAsync(page, system, portal, SharedSystem.OperatorAt(screen));
            await Wait.UntilAsync(
                "the page tells of the dead letter",
                Wait.Generous,
                async () =>
                {
                    await page.GotoAsync($"{portal}/operations");
                    return (await page.InnerTextAsync("main")).Contains("payments-open-balance_error", StringComparison.Ordinal);
                }
            );
            await Chromium.KeepAsync(page, "operations");
            await page.SetViewportSizeAsync(width, height);
            await page.ClickAsync("a:has-text('payments-open-balance_error')");
            await page.WaitForURLAsync($"**{Letters}");
            Assert.Contains("poisoned by a test", await page.InnerTextAsync("main"), StringComparison.Ordinal);
            await page.ClickAsync("summary");
            Assert.Contains(invoice, await page.InnerTextAsync("pre.message"), StringComparison.Ordinal);
        }
        finally
        {
            await ExecuteAsync(system, "drop trigger if exists poison on payments.balance");
        }

        await page.ClickAsync("form:has([name=message]) button");
        await page.WaitForURLAsync("**replayed=1");
        Assert.Contains("Devuelto: 1 mensaje", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Contains("Aquí no queda ningún mensaje", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        await Wait.EqualAsync(
            "the balance is open",
            Wait.Generous,
            64.90m,
            async () => Shop.Amount(await shop.GetAsync("payments", $"/v1/invoices/{invoice}/balance"), "amountDue")
        );
        // Nothing is wider than the screen.
        await page.GotoAsync($"{portal}/operations");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
    }

    private static async Task ExecuteAsync(StartedSystem system, string sql)
    {
        var postgres = system.Now.Postgres!;
        var login = new NpgsqlConnectionStringBuilder
        {
            Host = postgres.Host,
            Port = postgres.Port,
            Username = postgres.Username,
            Password = postgres.Password,
            Database = "paymentsdb",
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
