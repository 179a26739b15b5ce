using RetailInvoicing.Services.Tests.Portal.World;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>Where someone is signed in: seen, and ended from anywhere.</summary>
public sealed class SessionTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string Page = "/account/sessions";

    [Fact]
    public async Task A_visitor_sees_its_own_sessions_with_device_and_times_and_nobody_elses()
    {
        using var phone = await InAsync("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1");
        portal.Clock.Advance(TimeSpan.FromHours(2));
        using var desk = await InAsync("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537 Chrome/140.0 Safari/537.36");
        using var other = await portal.SignedInAsync(Demo.Berta);
        var page = await desk.GetAsync(Page);
        Assert.Equal((200, "Dónde has entrado"), (page.Status, page.Heading));
        var own = page.Html.QuerySelector("ul.cards > li")!.TextContent;
        Assert.Contains("Chrome, Windows", own, StringComparison.Ordinal);
        Assert.Contains("este navegador", own, StringComparison.Ordinal);
        Assert.Contains("Safari, iPhone", page.Text, StringComparison.Ordinal);
        Assert.Contains("Entró el", page.Text, StringComparison.Ordinal);
        Assert.Contains("Visto por última vez el", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("iPhone", (await other.GetAsync(Page)).Text, StringComparison.Ordinal);
        // What the page holds opens nothing.
        var cookie = phone.Cookies.GetCookies(portal.Host.HttpAddress)["retail-session"]!.Value;
        Assert.DoesNotContain(cookie, page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_is_ended_is_out_at_its_next_request()
    {
        using var lost = await InAsync("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/140.0 Mobile Safari/537.36");
        using var desk = await portal.SignedInAsync(Demo.Ana);
        Assert.Equal(200, (await lost.GetAsync("/invoices")).Status);
        var page = await desk.GetAsync(Page);
        var form = page
            .Html.QuerySelectorAll("ul.cards > li")
            .First(item => item.TextContent.Contains("Android", StringComparison.Ordinal))
            .QuerySelector("form");
        var ended = await desk.SubmitAsync((AngleSharp.Html.Dom.IHtmlFormElement)form!);
        Assert.Equal((303, $"{Page}?done=one"), (ended.Status, ended.Location));
        Assert.Contains("La sesión está cerrada.", (await desk.GetAsync(ended.Location)).Text, StringComparison.Ordinal);
        Assert.Equal(303, (await lost.GetAsync("/invoices")).Status);
        Assert.Equal(200, (await desk.GetAsync("/invoices")).Status);
    }

    [Fact]
    public async Task All_others_end_at_once_and_the_one_that_asks_stays()
    {
        using var first = await portal.SignedInAsync(Demo.Ana);
        using var second = await portal.SignedInAsync(Demo.Ana);
        using var other = await portal.SignedInAsync(Demo.Berta);
        using var desk = await portal.SignedInAsync(Demo.Ana);
        var page = await desk.GetAsync(Page);
        Assert.Equal($"{Page}?done=others", (await desk.SubmitAsync(page.Form($"{Page}/end-others"))).Location);
        Assert.Equal(1, (await desk.GetAsync(Page)).Html.QuerySelectorAll("ul.cards > li").Length);
        Assert.Equal(303, (await first.GetAsync("/invoices")).Status);
        Assert.Equal(303, (await second.GetAsync("/invoices")).Status);
        Assert.Equal(200, (await other.GetAsync("/invoices")).Status);
    }

    [Fact]
    public async Task Ones_own_session_ends_as_signing_out_does_and_nobody_ends_anothers()
    {
        using var ana = await portal.SignedInAsync(Demo.Ana);
        using var berta = await portal.SignedInAsync(Demo.Berta);
        var hers = (await berta.GetAsync(Page)).Html.QuerySelector("[name=session]")!.GetAttribute("value")!;
        var form = (await ana.GetAsync(Page)).Form($"{Page}/end");
        Assert.Equal(303, (await ana.SubmitAsync(form, ("session", hers))).Status);
        Assert.Equal(200, (await berta.GetAsync("/invoices")).Status);
        Assert.Equal(400, (await ana.SubmitAsync(form, ("session", "x"))).Status);
        var own = (await ana.GetAsync(Page)).Html.QuerySelectorAll("ul.cards > li")[0].QuerySelector("form");
        Assert.Equal("/sign-in", (await ana.SubmitAsync((AngleSharp.Html.Dom.IHtmlFormElement)own!)).Location);
        Assert.Equal(303, (await ana.GetAsync("/invoices")).Status);
    }

    [Fact]
    public async Task A_form_from_elsewhere_ends_nothing_and_a_stranger_is_asked_to_sign_in()
    {
        using var first = await portal.SignedInAsync(Demo.Ana);
        using var desk = await portal.SignedInAsync(Demo.Ana);
        Assert.Equal(400, (await desk.PostAsync($"{Page}/end-others", [])).Status);
        Assert.Equal(200, (await first.GetAsync("/invoices")).Status);
        using var stranger = portal.Browser();
        Assert.Equal($"/sign-in?next={Uri.EscapeDataString(Page)}", (await stranger.GetAsync(Page)).Location);
    }

    private async Task<Browser> InAsync(string userAgent)
    {
        var browser = portal.Browser();
        browser.Http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", userAgent);
        var confirm = await browser.GetAsync(await portal.LinkForAsync(browser, Demo.Ana));
        Assert.Equal(303, (await browser.SubmitAsync(confirm.Form("/sign-in/"))).Status);
        return browser;
    }
}
