using AngleSharp.Html.Dom;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RetailInvoicing.Portal;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Portal.World;

/// <summary>The web front, run for real, among simulated neighbours and on a clock of the test's.</summary>
public sealed class PortalHost(Infrastructure infrastructure) : IAsyncLifetime
{
    private Neighbours? _neighbours;

    public Surroundings World { get; } = Demo.Fill(new Surroundings());

    public FakeTimeProvider Clock { get; } = new(Demo.Now.ToUniversalTime());

    public ServiceHost Host { get; private set; } = null!;

    /// <summary>Configuration over the fixture's, set before it starts.</summary>
    public Dictionary<string, string?> Settings { get; } =
        new()
        {
            ["Portal:AsksPerSource"] = "10000",
            ["Portal:AsksPerAddress"] = "10000",
            ["Portal:Operators"] = $"otra@example.com, {Demo.Operator}",
            ["Portal:Dashboard"] = "https://panel.example/",
        };

    /// <summary>All that it is told, for a second instance beside it.</summary>
    public IReadOnlyDictionary<string, string?> Surrounding =>
        _neighbours!.Configuration.Concat(Settings).ToDictionary(each => each.Key, each => each.Value, StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        _neighbours = await Neighbours.StartAsync(World, Clock);
        Host = await ServiceHost.StartAsync<PortalOptions>(
            infrastructure,
            "portal",
            new HostSettings { Configuration = Surrounding, Services = services => services.AddSingleton<TimeProvider>(Clock) }
        );
    }

    /// <summary>A browser that has not been here before.</summary>
    public Browser Browser(string language = "es-ES,es;q=0.9") => new(Host.HttpAddress, language);

    /// <summary>A browser whose person signed in through the mailed link.</summary>
    public async Task<Browser> SignedInAsync(string email, string language = "es-ES,es;q=0.9")
    {
        var browser = Browser(language);
        var confirm = await browser.GetAsync(await LinkForAsync(browser, email));
        var inside = await browser.SubmitAsync(confirm.Form("/sign-in/"));
        Assert.Equal(303, inside.Status);
        return browser;
    }

    /// <summary>Asks for a link and takes it out of the mail; its path.</summary>
    public async Task<string> LinkForAsync(Browser browser, string email, string next = "")
    {
        var known = World.Mailed.Keys.ToHashSet();
        await AskAsync(browser, email, next);
        await Eventually.TrueAsync(
            () => Task.FromResult(World.Mailed.Any(each => !known.Contains(each.Key) && each.Value.Email == email)),
            $"a link is mailed to {email}"
        );
        return new Uri(World.Mailed.First(each => !known.Contains(each.Key) && each.Value.Email == email).Value.Link).AbsolutePath;
    }

    /// <summary>Sends the sign-in form.</summary>
    public static async Task<Answer> AskAsync(Browser browser, string email, string next = "")
    {
        var page = await browser.GetAsync("/sign-in" + (next.Length > 0 ? $"?next={Uri.EscapeDataString(next)}" : ""));
        return await browser.SubmitAsync(page.Form("/sign-in"), ("email", email));
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }

        if (_neighbours is not null)
        {
            await _neighbours.DisposeAsync();
        }
    }
}

/// <summary>What came back.</summary>
public sealed record Answer(int Status, string Body, HttpResponseMessage Response, IHtmlDocument Html)
{
    /// <summary>Where it sends on.</summary>
    public string Location => Response.Headers.Location?.OriginalString ?? "";

    /// <summary>What a person reads, on one line, with plain spaces.</summary>
    public string Text =>
        string.Join(' ', (Html.Body?.TextContent ?? "").Replace('\u00a0', ' ').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public string Heading => Html.QuerySelector("h1")?.TextContent.Trim() ?? "";

    /// <summary>The form that posts to an address beginning so.</summary>
    public IHtmlFormElement Form(string action) =>
        Html.Forms.FirstOrDefault(form => form.GetAttribute("action")!.StartsWith(action, StringComparison.Ordinal))
        ?? throw new InvalidOperationException($"no form to {action} on: {Text}");
}
