using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RetailInvoicing.EndToEnd.Tests.TheSystem;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>What the pages look like, kept under docs/screenshots: scripts/screenshots asks for it, and no test run does.</summary>
public sealed partial class Screenshots(SharedSystem shared, ITestOutputHelper log)
{
    private const int Quality = 55;
    private const int Tallest = 2600;

    private static readonly string[] Main =
    [
        "/invoices",
        "/invoices/{invoiceId}",
        "/invoices/{invoiceId}/pay",
        "/office",
        "/office/invoices",
        "/office/collecting",
    ];

    [Fact(Explicit = true)]
    public async Task Every_page_on_a_desk_and_on_a_telephone()
    {
        var system = await Chromium.SystemAsync(shared);
        await using var people = await SoundPages.People.OpenAsync(system, "ribera");
        await ReplayAsync(system, people.Full.Shop);
        var routes = (await Route.OfAsync(system, "portal")).Where(route => route.Method == "GET").ToList();
        var pages = await people.FindAsync(routes, []);
        var place = Directory.CreateDirectory(Path.Combine(Repository.Root, "docs", "screenshots", "pages"));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var kept = 0;
        foreach (var (language, scheme) in new[] { ("es", ColorScheme.Light), ("es", ColorScheme.Dark), ("en", ColorScheme.Light) })
        {
            foreach (var person in pages.GroupBy(page => page.By))
            {
                var page = await SoundPages.OpenAsync(browser, system, person.Key, language);
                await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
                var whole = language == "es" && scheme == ColorScheme.Light;
                foreach (var each in person.Where(each => whole || Main.Contains(each.Name)))
                {
                    foreach (var (width, height, screen) in new[] { (1280, 800, "desk"), (390, 844, "phone") })
                    {
                        await page.SetViewportSizeAsync(width, height);
                        await page.GotoAsync(system.Now.Http("portal").ToString().TrimEnd('/') + each.Path);
                        var tall = await page.EvaluateAsync<int>("document.documentElement.scrollHeight");
                        await page.ScreenshotAsync(
                            new PageScreenshotOptions
                            {
                                Path = Path.Combine(
                                    place.FullName,
                                    $"{Plain().Replace(each.Name, "-").Trim('-')}.{screen}{Suffix(language, scheme)}.jpg"
                                ),
                                Type = ScreenshotType.Jpeg,
                                Quality = Quality,
                                FullPage = true,
                                Clip = new Clip { Width = width, Height = Math.Min(tall, Tallest) },
                            }
                        );
                        kept++;
                    }
                }

                await page.Context.CloseAsync();
            }
        }

        log.WriteLine($"{kept} pictures of {pages.Count} pages, {place.EnumerateFiles().Sum(file => file.Length) / 1024:N0} KB");
    }

    /// <summary>Two days of a real shop's sales, where its file is here.</summary>
    private static async Task ReplayAsync(StartedSystem system, Shop shop)
    {
        var done = await RetailCommand.RunAsync(
            system,
            "replay",
            Repository.ShopFile(),
            "--from",
            "2010-12-01",
            "--to",
            "2010-12-02",
            "--seller",
            shop.Id,
            "--json"
        );
        Assert.True(done.ExitCode == 0, $"{done.ExitCode}: {done.Errors}");
    }

    private static string Suffix(string language, ColorScheme scheme) =>
        (language == "es" ? "" : $".{language}") + (scheme == ColorScheme.Dark ? ".dark" : "");

    [GeneratedRegex("[^A-Za-z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Plain();
}
