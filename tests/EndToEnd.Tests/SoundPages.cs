using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using RetailInvoicing.EndToEnd.Tests.TheSystem;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>
/// Every page that leads on from the first one, as it comes to a person who is signed in: valid HTML, nothing that axe finds in either theme,
/// nothing that the browser complains of, and no heavier than a telephone in a shop bears.
/// </summary>
public sealed partial class SoundPages(SharedSystem shared, ITestOutputHelper log)
{
    private const int HeaviestPage = 100 * 1024;

    [Fact]
    public async Task Every_page_of_a_customer_is_valid_accessible_in_both_themes_and_light()
    {
        var system = await Chromium.SystemAsync(shared);
        var shop = await Shop.OpenAsync(system, "sound");
        var email = $"rosa-{shop.Id}@example.com";
        var now = TimeProvider.System.GetUtcNow();
        for (var i = 1; i <= 3; i++)
        {
            await shop.PostAsync("invoicing", "/v1/sales", Sold.One(email, now.AddHours(-i), $"SOUND-{i}"));
        }

        await InspectAsync(system, email, ["/", "/invoices", "/sign-in", "/robots-that-are-not-there"], HeaviestPage);
    }

    [Fact]
    public async Task Every_page_of_the_office_is_valid_and_accessible_in_both_themes()
    {
        var system = await Chromium.SystemAsync(shared);
        var shop = await Shop.OpenAsync(system, "soundoffice");
        var email = $"jefa-{shop.Id}@example.com";
        using (var admin = system.Admin())
        {
            using var added = await admin.PutAsJsonAsync(
                $"/v1/sellers/{shop.Id}/staff/{email}",
                new { role = "owner" },
                TestContext.Current.CancellationToken
            );
            Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        var now = TimeProvider.System.GetUtcNow();
        for (var i = 1; i <= 3; i++)
        {
            await shop.PostAsync("invoicing", "/v1/sales", Sold.One($"cliente-{shop.Id}@example.com", now.AddHours(-i), $"SOUND-{i}"));
        }

        await InspectAsync(system, email, ["/office"], heaviest: int.MaxValue);
    }

    private async Task InspectAsync(StartedSystem system, string email, string[] first, int heaviest)
    {
        var portal = system.Now.Http("portal").ToString().TrimEnd('/');
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await Chromium.OpenAsync(browser, 1280, 800);
        var found = new List<string>();
        page.Console += (_, message) =>
        {
            // That a page which is not there is answered with 404 is the browser's remark on the page itself.
            if (message.Type == "error" && !message.Text.Contains("status of 404", StringComparison.Ordinal))
            {
                found.Add($"{PatternOf(page.Url)}: the browser says: {message.Text}");
            }
        };
        page.PageError += (_, error) => found.Add($"{PatternOf(page.Url)}: {error}");
        await Chromium.SignInAsync(page, system, portal, email);

        var (waiting, seen) = (new Queue<string>(first), new HashSet<string>(StringComparer.Ordinal));
        var pages = new Dictionary<string, string>(StringComparer.Ordinal);
        while (waiting.TryDequeue(out var path))
        {
            if (!seen.Add(PatternOf(path)))
            {
                continue;
            }

            var answer = await page.APIRequest.GetAsync(portal + path);
            if (!answer.Headers.GetValueOrDefault("content-type", "").StartsWith("text/html", StringComparison.Ordinal))
            {
                continue;
            }

            var html = await answer.TextAsync();
            Note(answer.Status >= 500, $"answered with {answer.Status}");
            pages[PatternOf(path)] = html;
            foreach (var (scheme, width, height) in new[] { (ColorScheme.Light, 1280, 800), (ColorScheme.Dark, 390, 844) })
            {
                await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
                await page.SetViewportSizeAsync(width, height);
                await page.GotoAsync(portal + path);
                var axe = await page.RunAxe();
                foreach (var violation in axe.Violations)
                {
                    var where = string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html.Trim()));
                    found.Add($"{PatternOf(path)} ({scheme}): axe {violation.Id}: {violation.Help}: {where}");
                }

                var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
                Note(overflow > 0, $"{overflow} pixels wider than {width}");
            }

            var bytes = await page.EvaluateAsync<int>(
                "performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource')).reduce((sum, e) => sum + (e.decodedBodySize || 0), 0)"
            );
            Note(bytes > heaviest, $"{bytes:N0} bytes with everything");
            foreach (var next in await page.EvaluateAsync<string[]>("[...document.querySelectorAll('a[href]')].map(a => a.href)"))
            {
                if (next.StartsWith(portal + "/", StringComparison.Ordinal) && !next.Contains("/language/", StringComparison.Ordinal))
                {
                    waiting.Enqueue(next[portal.Length..].Split('#')[0]);
                }
            }

            void Note(bool isSo, string what)
            {
                if (isSo)
                {
                    found.Add($"{PatternOf(path)}: {what}");
                }
            }
        }

        log.WriteLine($"{pages.Count} pages: {string.Join(", ", pages.Keys.Order(StringComparer.Ordinal))}");
        found.AddRange(await ValidHtml.FindAsync(pages, TestContext.Current.CancellationToken));
        Assert.True(pages.Count > first.Length, "nothing led on from the first page");
        Assert.True(found.Count == 0, string.Join('\n', found.Distinct()));
    }

    /// <summary>The address without what tells one row from another: pages of one kind are looked at once.</summary>
    private static string PatternOf(string address)
    {
        var (path, query) = (address.Split('?')[0], address.Split('?').ElementAtOrDefault(1) ?? "");
        path = path.StartsWith("http", StringComparison.Ordinal) ? new Uri(path).AbsolutePath : path;
        var keys = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=')[0]).Order(StringComparer.Ordinal);
        return string.Join('?', new[] { Id().Replace(path, "{}"), string.Join('&', keys) }.Where(part => part.Length > 0));
    }

    [GeneratedRegex("(?<=/)([0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-Za-z_-]{20,}|[0-9]+)(?=/|$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();
}
