using System.Diagnostics;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using RetailInvoicing.EndToEnd.Tests.TheSystem;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>
/// Every page that the portal's own endpoint table tells of, as it comes to whom it is for: valid HTML in both languages, nothing that axe
/// finds in either theme, nothing that the browser complains of, nothing wider than a telephone, and a customer's no heavier than 100 KB.
/// </summary>
public sealed partial class SoundPages(SharedSystem shared, ITestOutputHelper log)
{
    private const int HeaviestPage = 100 * 1024;

    /// <summary>What only leads on, and what is no page of ours.</summary>
    private static readonly string[] LeadsOn = ["/", "/language/{code}"];

    /// <summary>What a frame shows has no script, so that nothing can be run in it; it is a page of its own where it matters.</summary>
    private static readonly AxeRunOptions OfThePage = new() { Iframes = false };

    /// <summary>Nothing of one page takes longer.</summary>
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(20);

    private static readonly Look[] Quickly = [new("es", ColorScheme.Light, 1280, 800), new("en", ColorScheme.Dark, 390, 844)];

    private static readonly Look[] Every =
    [
        .. from language in new[] { "es", "en", "ca", "eu", "gl" }
        from scheme in new[] { ColorScheme.Light, ColorScheme.Dark }
        from screen in new (int Width, int Height)[] { (1280, 800), (390, 844) }
        select new Look(language, scheme, screen.Width, screen.Height),
    ];

    [Fact]
    [Trait("Category", "Long")]
    public Task Every_page_is_valid_accessible_light_and_fits_a_telephone() => InspectAsync(Quickly);

    [Fact]
    [Trait("Category", "Long")]
    public Task Every_page_is_so_in_every_language_theme_and_width() => InspectAsync(Every);

    private async Task InspectAsync(IReadOnlyList<Look> looks)
    {
        var system = await Chromium.SystemAsync(shared);
        var began = Stopwatch.GetTimestamp();
        await using var people = await People.OpenAsync(system);
        var found = new List<string>();
        log.WriteLine($"the shop is there after {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
        var routes = (await Route.OfAsync(system, "portal")).Where(route => route.Method == "GET").ToList();
        var pages = await people.FindAsync(routes, found);
        log.WriteLine($"{pages.Count} pages are found after {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var html = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (person, theirs) in pages.GroupBy(page => page.By).Select(group => (group.Key, group.ToList())))
        {
            foreach (var language in looks.GroupBy(look => look.Language))
            {
                await LookAsync(browser, system, person, theirs, language.Key, [.. language], html, found);
            }
        }

        log.WriteLine(
            $"looked at after {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s: {string.Join(", ", pages.Select(page => page.Path))}"
        );
        found.AddRange(await ValidHtml.FindAsync(html, TestContext.Current.CancellationToken));
        log.WriteLine($"{html.Count} pages are read by the standard after {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
        Assert.True(found.Count == 0, $"{found.Distinct().Count()}:\n{string.Join('\n', found.Distinct().Take(120))}");
    }

    private static async Task LookAsync(
        IBrowser browser,
        StartedSystem system,
        Visit? person,
        IReadOnlyList<Found> pages,
        string language,
        IReadOnlyList<Look> looks,
        Dictionary<string, string> html,
        List<string> found
    )
    {
        var portal = system.Now.Http("portal").ToString().TrimEnd('/');
        var page = await OpenAsync(browser, system, person, language);
        var at = "";
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !message.Text.Contains("status of 4", StringComparison.Ordinal))
            {
                found.Add($"{at}: the browser says: {message.Text}");
            }
        };
        page.PageError += (_, error) => found.Add($"{at}: {error}");
        page.RequestFailed += (_, request) =>
        {
            // What listens is let go when one goes on.
            if (!request.Url.Contains("/live", StringComparison.Ordinal))
            {
                found.Add($"{at}: {request.Url} failed: {request.Failure}");
            }
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400 && !response.Request.IsNavigationRequest)
            {
                found.Add($"{at}: {response.Url} answers {response.Status}");
            }
        };

        foreach (var each in pages)
        {
            at = $"{each.Name} ({language})";
            await page.SetViewportSizeAsync(looks[0].Width, looks[0].Height);
            await page.EmulateMediaAsync(Media(looks[0]));
            var answer = await page.GotoAsync(portal + each.Path);
            html[at] = await answer!.TextAsync();
            if (answer.Status != each.Status)
            {
                found.Add($"{at}: {answer.Status}, not {each.Status}");
            }

            if (!html[at].Contains($"lang=\"{(each.IsOffice && language is not "en" ? "" : language)}", StringComparison.Ordinal))
            {
                found.Add($"{at}: is not said to be in its language");
            }

            foreach (var look in looks)
            {
                await page.EmulateMediaAsync(Media(look));
                await page.SetViewportSizeAsync(look.Width, look.Height);
                foreach (var violation in (await page.RunAxe(OfThePage).WaitAsync(AtMost)).Violations)
                {
                    var where = string.Join(" | ", violation.Nodes.Take(3).Select(node => Short(node.Html)));
                    found.Add($"{at} ({look.Scheme}, {look.Width}): axe {violation.Id}: {violation.Help}: {where}");
                }
            }

            await page.SetViewportSizeAsync(390, 844);
            var wider = await page.EvaluateAsync<string>(Wider);
            if (wider.Length > 0)
            {
                found.Add($"{at}: wider than a telephone: {wider}");
            }

            if (!each.IsOffice)
            {
                var bytes = await page.EvaluateAsync<int>(Weight);
                if (bytes > HeaviestPage)
                {
                    found.Add($"{at}: {bytes:N0} bytes with everything");
                }
            }
        }

        await page.Context.CloseAsync();
    }

    /// <summary>A window of somebody who is signed in already, in a language.</summary>
    internal static async Task<IPage> OpenAsync(IBrowser browser, StartedSystem system, Visit? person, string language)
    {
        var portal = system.Now.Http("portal").ToString().TrimEnd('/');
        var page = await Chromium.OpenAsync(browser, 1280, 800);
        var cookies = person?.Cookies.GetAllCookies().Where(cookie => cookie.Name != "retail-language") ?? [];
        await page.Context.AddCookiesAsync(
            cookies
                .Select(cookie => new Microsoft.Playwright.Cookie
                {
                    Name = cookie.Name,
                    Value = cookie.Value,
                    Url = portal,
                })
                .Append(
                    new Microsoft.Playwright.Cookie
                    {
                        Name = "retail-language",
                        Value = language,
                        Url = portal,
                    }
                )
        );
        return page;
    }

    private const string Weight = """
        performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
            .reduce((sum, e) => sum + (e.decodedBodySize || 0), 0)
        """;

    /// <summary>Whether the page is wider than the screen, and by what.</summary>
    private const string Wider = """
        (() => {
            const room = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= room) return '';
            const wide = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > room + 1);
            return `${document.documentElement.scrollWidth}: ` + wide.slice(-2).map(e => e.outerHTML.slice(0, 120)).join(' | ');
        })()
        """;

    private static PageEmulateMediaOptions Media(Look look) => new() { ColorScheme = look.Scheme, ReducedMotion = ReducedMotion.Reduce };

    private static string Short(string text) => Spaces().Replace(text.Length > 200 ? text[..200] : text, " ");

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();

    private sealed record Look(string Language, ColorScheme Scheme, int Width, int Height);

    /// <summary>A page, at an address that shows it, and who sees it there.</summary>
    internal sealed record Found(string Name, string Path, Visit? By, int Status)
    {
        public bool IsOffice => Path.StartsWith("/office", StringComparison.Ordinal);
    }

    /// <summary>Those whom the pages are for: a customer and an owner with everything, an owner with nothing yet, and nobody.</summary>
    internal sealed class People(FullShop shop, Visit customer, Visit owner, Visit newOwner, Visit asking, string link) : IAsyncDisposable
    {
        public FullShop Full => shop;

        public static async Task<People> OpenAsync(StartedSystem system, string? word = null)
        {
            var shop = await FullShop.OpenAsync(system, "sound", mark: word);
            var customer = await KeptForm.KeepAsync(system, shop);
            var owner = await Visit.SignInAsync(system, await shop.StaffAsync("owner"));
            var empty = await Shop.OpenAsync(system, "empty");
            using (var admin = system.Admin())
            {
                using var content = new StringContent("""{"role":"owner"}""", System.Text.Encoding.UTF8, "application/json");
                using var added = await admin.PutAsync(
                    $"/v1/sellers/{empty.Id}/staff/jefa-{empty.Id}@example.com",
                    content,
                    TestContext.Current.CancellationToken
                );
                Assert.True(added.IsSuccessStatusCode, $"{added.StatusCode}");
            }

            var newOwner = await Visit.SignInAsync(system, $"jefa-{empty.Id}@example.com");
            var (asking, link) = await Visit.AskAsync(system, await shop.StaffAsync("auditor"));
            return new People(shop, customer, owner, newOwner, asking, link);
        }

        /// <summary>Where each page can be seen; a page that nobody gets to see is a fault.</summary>
        public async Task<IReadOnlyList<Found>> FindAsync(IReadOnlyList<Route> routes, List<string> found)
        {
            var pages = new Dictionary<string, Found>(StringComparer.Ordinal);
            var answered = new HashSet<Route>();
            foreach (
                var (path, by) in new (string, Visit?)[]
                {
                    ("/sign-in", null),
                    ("/sign-in/sent", asking),
                    (link, asking),
                    ("/not-there-at-all", customer),
                    ($"/pay/{shop.PayToken}", null),
                    ($"/pay/{shop.PayToken}/done", null),
                    ($"/pay/{shop.PayToken}/back", null),
                }
            )
            {
                await KeepAsync(path, by, " by nobody");
            }

            await FollowAsync(customer, "");
            await FollowAsync(owner, "");
            var whole = pages.Count;
            foreach (var path in new[] { "/invoices", "/spending", "/me", "/claim", "/account/sessions" })
            {
                await KeepAsync(path, newOwner, " with nothing yet");
            }

            foreach (
                var route in routes.Where(route =>
                    route.Pattern.StartsWith("/office", StringComparison.Ordinal)
                    && (route.Parts.Count == 0 || route.Pattern == "/office/reports/{name}")
                )
            )
            {
                await KeepAsync(route.Filled(_ => "sales"), newOwner, " with nothing yet");
            }

            found.AddRange(
                routes
                    .Where(route => !answered.Contains(route) && !LeadsOn.Contains(route.Pattern))
                    .Select(route => $"{route.Pattern}: no page links to it and nothing that this test knows fills it: say whose it is")
            );
            Assert.True(whole > 40, $"only {whole} pages");
            return [.. pages.Values];

            async Task FollowAsync(Visit visit, string who)
            {
                var waiting = new Queue<string>(
                    routes
                        .Where(route => route.Parts.All(shop.Values.ContainsKey))
                        .Select(route => route.Filled(part => shop.Values[part][0]))
                );
                var seen = new HashSet<string>(StringComparer.Ordinal);
                var times = new Dictionary<Route, int>();
                while (waiting.TryDequeue(out var path))
                {
                    if (
                        !seen.Add(path)
                        || path.StartsWith("/language", StringComparison.Ordinal)
                        || Route.Of(routes, "GET", path) is not { } route
                        || (times[route] = times.GetValueOrDefault(route) + 1)
                            > (route.Pattern.EndsWith("{name}", StringComparison.Ordinal) ? 40 : 4)
                    )
                    {
                        continue;
                    }

                    var answer = await KeepAsync(path, visit, who);
                    foreach (var next in answer.Links())
                    {
                        waiting.Enqueue(next);
                    }
                }
            }

            async Task<Visit.Answer> KeepAsync(string path, Visit? by, string who)
            {
                var answer = await (by ?? newOwner).GetAsync(path);
                var route = Route.Of(routes, "GET", path);
                if (route is not null && answer.IsFine)
                {
                    answered.Add(route);
                }

                var name = NameOf(route, path) + who;
                if (answer.IsPage && (answer.IsFine || route is null) && !pages.ContainsKey(name))
                {
                    pages[name] = new Found(name, path, by, answer.Status);
                }

                return answer;
            }
        }

        public ValueTask DisposeAsync()
        {
            foreach (var visit in new[] { customer, owner, newOwner, asking })
            {
                visit.Dispose();
            }

            return ValueTask.CompletedTask;
        }

        /// <summary>Pages of one kind are looked at once: reports and templates are each a kind of their own.</summary>
        private static string NameOf(Route? route, string path) =>
            route is null ? path
            : route.Pattern.EndsWith("{name}", StringComparison.Ordinal) || route.Pattern.Contains("previews", StringComparison.Ordinal)
                ? path.Split('?')[0]
            : route.Pattern;
    }
}
