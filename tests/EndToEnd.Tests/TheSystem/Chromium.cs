using Microsoft.Playwright;

namespace RetailInvoicing.EndToEnd.Tests.TheSystem;

/// <summary>The browser of those who try the pages.</summary>
internal static class Chromium
{
    private const string Program = "/usr/bin/chromium";

    /// <summary>The shared system, where there is a browser to look at it with.</summary>
    public static async Task<StartedSystem> SystemAsync(SharedSystem shared)
    {
        Assert.SkipUnless(File.Exists(Program), "there is no chromium; ./test installs it");
        return await shared.Started;
    }

    /// <summary>Starts it.</summary>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) =>
        playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Program,
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

    /// <summary>A window of a size, of somebody who reads Spanish.</summary>
    public static async Task<IPage> OpenAsync(IBrowser browser, int width, int height, bool script = true)
    {
        var context = await browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                Locale = "es-ES",
                ViewportSize = new ViewportSize { Width = width, Height = height },
                AcceptDownloads = true,
                JavaScriptEnabled = script,
            }
        );
        context.SetDefaultTimeout((float)Wait.Generous.TotalMilliseconds);
        return await context.NewPageAsync();
    }

    /// <summary>Keeps how a page looks, on a telephone and on a desk.</summary>
    public static async Task KeepAsync(IPage page, string name)
    {
        foreach (var (width, height, where) in new[] { (1280, 800, "desk"), (390, 844, "phone") })
        {
            await page.SetViewportSizeAsync(width, height);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Repository.Artifact($"{name}-{where}.png"), FullPage = true });
        }
    }

    /// <summary>The link comes by mail and opens in the browser that asked for it.</summary>
    public static async Task SignInAsync(IPage page, StartedSystem system, string portal, string email)
    {
        await page.GotoAsync($"{portal}/sign-in");
        await page.FillAsync("input[name=email]", email);
        await page.ClickAsync("form[action='/sign-in'] button[type=submit]");
        await page.WaitForURLAsync("**/sign-in/sent");
        var mail = await Wait.ForAsync(
            "the sign-in mail",
            Wait.Generous,
            async () => (await new Inbox(system).ToAsync(email)).FirstOrDefault(mail => mail.Link($"{portal}/sign-in/") is not null)
        );
        await page.GotoAsync(mail.Link($"{portal}/sign-in/")!);
        await page.ClickAsync("form[action^='/sign-in/'] button[type=submit]");
        await page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
    }
}
