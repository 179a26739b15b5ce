using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Portal.World;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>Signing in by a mailed link.</summary>
public sealed class SignInTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task The_mailed_link_signs_in_and_leads_to_where_one_wanted_to_go()
    {
        var wanted = $"/invoices/{Demo.Of(portal.World, "F-S01-2026-000098").InvoiceId}";
        using var browser = portal.Browser();
        var sent = await browser.GetAsync(wanted);
        Assert.Equal(303, sent.Status);
        Assert.Equal($"/sign-in?next={Uri.EscapeDataString(wanted)}", sent.Location);

        var confirm = await browser.GetAsync(await portal.LinkForAsync(browser, Demo.Ana, wanted));
        Assert.Contains(Demo.Ana, confirm.Text, StringComparison.Ordinal);
        var inside = await browser.SubmitAsync(confirm.Form("/sign-in/"));
        Assert.Equal(wanted, inside.Location);
        Assert.Contains("F-S01-2026-000098", (await browser.GetAsync(inside.Location)).Heading, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_mail_carries_the_sellers_name_only_where_there_is_one_seller()
    {
        using var browser = portal.Browser("en");
        await portal.LinkForAsync(browser, Demo.Berta);
        await portal.LinkForAsync(browser, Demo.Both);
        var berta = portal.World.Mailed.Values.First(link => link.Email == Demo.Berta);
        Assert.Equal("nandu", berta.SellerId);
        Assert.Equal("en", berta.Language);
        Assert.StartsWith("https://facturas.example.com/sign-in/", berta.Link, StringComparison.Ordinal);
        Assert.False(portal.World.Mailed.Values.First(link => link.Email == Demo.Both).HasSellerId);
    }

    [Fact]
    public async Task An_unknown_address_gets_the_same_answer_and_no_mail()
    {
        using var browser = portal.Browser();
        var known = await PortalHost.AskAsync(browser, Demo.Ana);
        var unknown = await PortalHost.AskAsync(browser, "nadie@example.com");
        Assert.Equal((known.Status, known.Location, known.Body), (unknown.Status, unknown.Location, unknown.Body));
        Assert.Equal((303, "/sign-in/sent"), (unknown.Status, unknown.Location));
        await Eventually.TrueAsync(
            async () =>
            {
                await using var open = portal.Host.Database.CreateCommand(
                    "select count(*) from sign_in_link where email = 'nadie@example.com' and next_attempt_at is null"
                );
                return (long)(await open.ExecuteScalarAsync())! == 1;
            },
            "the unknown address was looked up"
        );
        Assert.DoesNotContain(portal.World.Mailed.Values, link => link.Email == "nadie@example.com");
    }

    [Fact]
    public async Task Looking_at_a_link_does_not_use_it_up_and_using_it_does()
    {
        using var browser = portal.Browser();
        var link = await portal.LinkForAsync(browser, Demo.Ana);
        await browser.GetAsync(link);
        var confirm = await browser.GetAsync(link);
        Assert.Equal(303, (await browser.SubmitAsync(confirm.Form("/sign-in/"))).Status);

        var again = await browser.GetAsync(link);
        Assert.Equal(410, again.Status);
        Assert.Equal("Este enlace ya se ha usado", again.Heading);

        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(410, (await browser.SubmitAsync(confirm.Form("/sign-in/"))).Status);
        Assert.Equal(
            1L,
            await CountAsync(
                $"select count(*) from session s join sign_in_link l using (link_id) where l.used_at is not null and l.token_hash = sha256(convert_to('{link["/sign-in/".Length..]}', 'UTF8'))"
            )
        );
    }

    [Fact]
    public async Task A_double_click_on_the_button_signs_in_once_and_does_not_complain()
    {
        using var browser = portal.Browser();
        var confirm = await browser.GetAsync(await portal.LinkForAsync(browser, Demo.Ana));
        var before = await CountAsync("select count(*) from session");
        var both = await Task.WhenAll(browser.SubmitAsync(confirm.Form("/sign-in/")), browser.SubmitAsync(confirm.Form("/sign-in/")));
        Assert.All(both, answer => Assert.Equal(303, answer.Status));
        Assert.Equal(before + 1, await CountAsync("select count(*) from session"));
        Assert.Equal(200, (await browser.GetAsync("/invoices")).Status);
    }

    [Fact]
    public async Task A_link_opens_only_in_the_browser_that_asked_for_it()
    {
        using var asked = portal.Browser();
        var link = await portal.LinkForAsync(asked, Demo.Ana);
        using var other = portal.Browser();
        var refused = await other.GetAsync(link);
        Assert.Equal(403, refused.Status);
        Assert.Equal("Abre este enlace en el navegador donde lo pediste", refused.Heading);
        Assert.DoesNotContain(Demo.Ana, refused.Body, StringComparison.Ordinal);

        // Nor does a form made up in that browser open it, and afterwards it still opens where it was asked for.
        var form = (await other.GetAsync("/sign-in")).Form("/sign-in");
        form.SetAttribute("action", link);
        Assert.Equal(403, (await other.SubmitAsync(form)).Status);
        Assert.Equal(303, (await other.GetAsync("/invoices")).Status);
        Assert.Equal(200, (await asked.GetAsync(link)).Status);
    }

    [Fact]
    public async Task A_link_is_over_after_fifteen_minutes()
    {
        using var browser = portal.Browser();
        var link = await portal.LinkForAsync(browser, Demo.Ana);
        var confirm = await browser.GetAsync(link);
        portal.Clock.Advance(TimeSpan.FromMinutes(15));
        var late = await browser.SubmitAsync(confirm.Form("/sign-in/"));
        Assert.Equal((410, "Este enlace ha caducado"), (late.Status, late.Heading));
        Assert.Equal((410, "Este enlace ha caducado"), ((await browser.GetAsync(link)).Status, (await browser.GetAsync(link)).Heading));
    }

    [Fact]
    public async Task What_the_database_holds_opens_nothing()
    {
        using var browser = portal.Browser();
        var link = await portal.LinkForAsync(browser, Demo.Ana);
        var token = link["/sign-in/".Length..];
        await using var rows = portal.Host.Database.CreateCommand(
            "select l::text from sign_in_link l union all select s::text from session s"
        );
        await using var reader = await rows.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            Assert.DoesNotContain(token, reader.GetString(0), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Signing_out_ends_the_session_wherever_its_cookie_went()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var stolen = browser.Cookies.GetCookies(portal.Host.HttpAddress)["retail-session"]!.Value;
        var page = await browser.GetAsync("/invoices");
        Assert.Equal(303, (await browser.SubmitAsync(page.Form("/sign-out"))).Status);
        using var thief = portal.Browser();
        thief.Cookies.Add(portal.Host.HttpAddress, new System.Net.Cookie("retail-session", stolen));
        Assert.Equal(303, (await thief.GetAsync("/invoices")).Status);
    }

    [Fact]
    public async Task A_session_ends_by_itself_after_its_days()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        portal.Clock.Advance(TimeSpan.FromDays(14));
        Assert.Equal(303, (await browser.GetAsync("/invoices")).Status);
    }

    [Fact]
    public async Task A_form_from_elsewhere_counts_for_nothing()
    {
        using var browser = portal.Browser();
        var forged = await browser.PostAsync("/sign-in", new Dictionary<string, string> { ["email"] = Demo.Ana });
        Assert.Equal((400, "Esta página llevaba demasiado tiempo abierta"), (forged.Status, forged.Heading));
    }

    [Fact]
    public async Task Invoicing_away_delays_the_link_and_loses_none()
    {
        using var browser = portal.Browser();
        portal.World.Away["invoicing"] = true;
        try
        {
            await PortalHost.AskAsync(browser, "duena@nandu.example");
            await Eventually.TrueAsync(
                async () => await CountAsync("select count(*) from sign_in_link where email = 'duena@nandu.example' and attempts > 0") > 0,
                "it was tried"
            );
        }
        finally
        {
            portal.World.Away.Clear();
        }

        await Eventually.TrueAsync(
            () =>
            {
                portal.Clock.Advance(TimeSpan.FromSeconds(5));
                return Task.FromResult(portal.World.Mailed.Values.Any(link => link.Email == "duena@nandu.example"));
            },
            "the link is mailed after all"
        );
        Assert.Single(portal.World.Mailed.Values, link => link.Email == "duena@nandu.example");
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task Nobody_is_sent_elsewhere(string next)
    {
        using var browser = portal.Browser();
        var confirm = await browser.GetAsync(await portal.LinkForAsync(browser, Demo.Ana, next));
        Assert.Equal("/", (await browser.SubmitAsync(confirm.Form("/sign-in/"))).Location);
        Assert.Equal("/", (await browser.GetAsync($"/language/en?back={Uri.EscapeDataString(next)}")).Location);
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = portal.Host.Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

/// <summary>How often a link may be asked for.</summary>
public sealed class SignInLimitTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task Too_many_links_for_one_address_are_refused_in_words_known_or_not()
    {
        await using var portal = await StartAsync("Portal:AsksPerAddress", "5");
        foreach (var email in new[] { Demo.Ana, "nadie@example.com" })
        {
            using var browser = portal.Browser();
            for (var i = 0; i < 5; i++)
            {
                Assert.Equal(303, (await PortalHost.AskAsync(browser, email)).Status);
            }

            var refused = await PortalHost.AskAsync(browser, email);
            Assert.Equal((429, "Se han pedido demasiados enlaces"), (refused.Status, refused.Heading));
            Assert.True(refused.Response.Headers.Contains("Retry-After"));
        }

        portal.Clock.Advance(TimeSpan.FromMinutes(16));
        using var later = portal.Browser();
        Assert.Equal(303, (await PortalHost.AskAsync(later, Demo.Ana)).Status);

        // Asking at once from many browsers does not get past it either.
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(async _ =>
                {
                    using var browser = portal.Browser();
                    return (await PortalHost.AskAsync(browser, "muchos@example.com")).Status;
                })
        );
        Assert.Equal(5, answers.Count(status => status == 303));
    }

    [Fact]
    public async Task Many_addresses_from_one_place_are_too_many_too()
    {
        await using var portal = await StartAsync("Portal:AsksPerSource", "3");
        using var browser = portal.Browser("en");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(303, (await PortalHost.AskAsync(browser, $"a{i}@example.com")).Status);
        }

        var refused = await PortalHost.AskAsync(browser, "a4@example.com");
        Assert.Equal((429, "Too many links have been asked for"), (refused.Status, refused.Heading));
    }

    private async Task<PortalHost> StartAsync(string limit, string value)
    {
        var portal = new PortalHost(infrastructure) { Settings = { [limit] = value } };
        await portal.InitializeAsync();
        return portal;
    }
}
