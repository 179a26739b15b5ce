using System.Text.RegularExpressions;
using RetailInvoicing.Services.Tests.Portal.World;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>What a customer sees and takes away.</summary>
public sealed class CustomerPagesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task The_list_holds_the_customers_invoices_of_every_shop_and_how_they_stand()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var list = await browser.GetAsync("/invoices");
        Assert.Equal(200, list.Status);
        foreach (
            var said in new[]
            {
                "F-S01-2026-000123",
                "T-CAD-2026-001007",
                "El Faro",
                "Pagada",
                "Pendiente",
                "Vencida",
                "Devolución",
                "57,15 €",
                "−24,50 €",
            }
        )
        {
            Assert.Contains(said, list.Text, StringComparison.Ordinal);
        }

        Assert.Contains("Te queda por pagar 76,95 €", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("F-S01-2026-000124", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Oficina", list.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invoice_is_shown_in_full_in_both_languages()
    {
        var path = $"/invoices/{Demo.Of(portal.World, "F-S01-2026-000123").InvoiceId}";
        using var spanish = await portal.SignedInAsync(Demo.Ana);
        var hoja = await spanish.GetAsync(path);
        foreach (
            var said in new[]
            {
                "Pagar 57,15 €",
                "Pendiente: vence el 23 de diciembre de 2026",
                "Portavelas de cristal",
                "IVA 21 %",
                "IVA 10 %",
                "QR tributario",
                "3C464DAF61ACB827",
                "PRUEBA, sin validez fiscal",
                "12345678Z",
            }
        )
        {
            Assert.Contains(said, hoja.Text, StringComparison.Ordinal);
        }

        using var english = await portal.SignedInAsync(Demo.Ana, "en-GB,en;q=0.8,es;q=0.5");
        var sheet = await english.GetAsync(path);
        Assert.Equal("en", sheet.Html.DocumentElement.GetAttribute("lang"));
        foreach (var said in new[] { "Pay €57.15", "To pay by 23 December 2026", "VAT 21%", "Proof", "Take it with you" })
        {
            Assert.Contains(said, sheet.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_language_can_be_switched_and_stays()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana, "es");
        var list = await browser.GetAsync("/invoices");
        var other = list.Html.QuerySelector("a[hreflang=en]")!.GetAttribute("href")!;
        Assert.Equal("Your invoices", (await browser.FollowAsync(other)).Heading);
        Assert.Equal("Your invoices", (await browser.GetAsync("/invoices")).Heading);
    }

    [Fact]
    public async Task What_corrects_an_invoice_and_what_was_paid_is_told()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var corrective = await browser.GetAsync($"/invoices/{Demo.Of(portal.World, "R-S01-2026-000007").InvoiceId}");
        Assert.Contains("Factura rectificativa", corrective.Heading, StringComparison.Ordinal);
        Assert.Contains("Rectifica a F-S01-2026-000098", corrective.Text, StringComparison.Ordinal);
        var paid = await browser.GetAsync($"/invoices/{Demo.Of(portal.World, "F-S01-2026-000098").InvoiceId}");
        Assert.Contains("Pagada el 2 de noviembre de 2026", paid.Text, StringComparison.Ordinal);
        Assert.Contains("Tarjeta, 2 de noviembre de 2026", paid.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/pay", paid.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_documents_can_be_taken_away()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var path = $"/invoices/{Demo.Of(portal.World, "F-S01-2026-000123").InvoiceId}";
        var pdf = await browser.GetAsync($"{path}/pdf");
        Assert.Equal("application/pdf", pdf.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("F-S01-2026-000123.pdf", pdf.Response.Content.Headers.ContentDisposition!.FileName);
        Assert.StartsWith("%PDF", pdf.Body, StringComparison.Ordinal);
        var xml = await browser.GetAsync($"{path}/xml");
        Assert.Equal("application/xml", xml.Response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("F-S01-2026-000123", xml.Body, StringComparison.Ordinal);
        var qr = await browser.GetAsync($"{path}/qr.svg");
        Assert.Equal("image/svg+xml", qr.Response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("<svg", qr.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_customer_cannot_open_anothers_invoice_by_any_address()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var bertas = Demo.Of(portal.World, "F-S01-2026-000124");
        foreach (
            var tail in new[]
            {
                "",
                "/pdf",
                "/xml",
                "/qr.svg",
                "/pay",
                "/pay/done",
                "/pay/transfer.svg",
                "/account",
                "/account/pdf",
                "/dispute",
            }
        )
        {
            var answer = await browser.GetAsync($"/invoices/{bertas.InvoiceId}{tail}");
            Assert.True(answer.Status == 404, $"{tail} answered {answer.Status}");
            Assert.DoesNotContain(bertas.Number, answer.Body, StringComparison.Ordinal);
        }

        foreach (
            var office in new[]
            {
                "/office",
                "/office?seller=nandu",
                $"/office/invoices/{bertas.InvoiceId}",
                $"/office/invoices/{bertas.InvoiceId}/pdf?seller=nandu",
            }
        )
        {
            Assert.Equal(403, (await browser.GetAsync(office)).Status);
        }

        // It was asked on the customer's behalf, so the service that owns the invoice refused too.
        Assert.Contains(
            portal.World.Asked,
            asked => asked.Contains("Invoices/Get customer=ana@example.com staff= seller=", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(portal.World.Asked, asked => asked.Contains("customer= staff= ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Payments_away_is_said_in_words_and_the_rest_is_shown()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        portal.World.Away["payments"] = true;
        try
        {
            var list = await browser.GetAsync("/invoices");
            Assert.Equal(200, list.Status);
            Assert.Contains("Ahora mismo no podemos comprobar los pagos", list.Text, StringComparison.Ordinal);
            Assert.Contains("Sin comprobar", list.Text, StringComparison.Ordinal);
            var open = Demo.Of(portal.World, "F-S01-2026-000123").InvoiceId;
            Assert.DoesNotContain("/pay", (await browser.GetAsync($"/invoices/{open}")).Body, StringComparison.Ordinal);
            Assert.Equal(503, (await browser.GetAsync($"/invoices/{open}/pay")).Status);
        }
        finally
        {
            portal.World.Away.Clear();
        }
    }

    [Fact]
    public async Task Invoicing_away_or_broken_is_a_page_in_words()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        foreach (var trouble in new[] { portal.World.Away, portal.World.Broken })
        {
            trouble["invoicing"] = true;
            try
            {
                var away = await browser.GetAsync("/invoices");
                Assert.Equal((503, "Ahora mismo no podemos mostrarte esto"), (away.Status, away.Heading));
            }
            finally
            {
                trouble.Clear();
            }
        }
    }

    [Fact]
    public async Task A_long_list_is_read_page_by_page()
    {
        for (var i = 0; i < 30; i++)
        {
            Demo.Add(
                portal.World,
                "larga@example.com",
                Demo.Invoice(Demo.Nandu, $"F-S09-2026-{i:000000}", -i, true, Demo.Line("X", "Cosa", 1, 1.21m))
            );
        }

        using var browser = await portal.SignedInAsync("larga@example.com");
        var first = await browser.GetAsync("/invoices");
        Assert.Equal(25, first.Html.QuerySelectorAll(".rows li").Length);
        var older = first.Html.QuerySelector(".pages a")!.GetAttribute("href")!;
        Assert.Equal(5, (await browser.GetAsync(older)).Html.QuerySelectorAll(".rows li").Length);
        Assert.Equal(400, (await browser.GetAsync("/invoices?cursor=garbage")).Status);
    }

    [Fact]
    public async Task No_page_holds_script_or_inline_style_and_every_page_says_so_in_its_policy()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var invoice = $"/invoices/{Demo.Of(portal.World, "F-S01-2026-000123").InvoiceId}";
        foreach (var path in new[] { "/invoices", invoice, $"{invoice}/pay", "/sign-in/sent", "/nada", "/office" })
        {
            var page = await browser.GetAsync(path);
            var policy = page.Response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.True(page.Response.Headers.CacheControl!.NoStore);
            Assert.Equal("nosniff", page.Response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Empty(page.Html.Scripts);
            Assert.Empty(page.Html.QuerySelectorAll("[style], style"));
            Assert.DoesNotMatch(new Regex(@"\son\w+=", RegexOptions.None, TimeSpan.FromSeconds(5)), page.Body);
            // One h1, every picture described, every button named, a way past the navigation.
            Assert.Single(page.Html.QuerySelectorAll("h1"));
            Assert.All(page.Html.Images, image => Assert.False(string.IsNullOrWhiteSpace(image.AlternativeText)));
            Assert.NotNull(page.Html.QuerySelector("a.skip[href='#content']"));
        }
    }

    [Fact]
    public async Task Cookies_are_out_of_reach_of_script_and_of_other_sites_forms()
    {
        using var browser = portal.Browser();
        var asked = await PortalHost.AskAsync(browser, "galleta@example.com");
        var cookies = asked.Response.Headers.GetValues("Set-Cookie").ToList();
        Assert.Contains(cookies, cookie => cookie.StartsWith("retail-browser=", StringComparison.Ordinal));
        Assert.All(
            cookies,
            cookie =>
            {
                Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
                Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
            }
        );
    }

    [Fact]
    public async Task Styles_and_icon_are_kept_by_the_browser()
    {
        using var browser = portal.Browser();
        var page = await browser.GetAsync("/sign-in");
        var sheet = page.Html.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!;
        var css = await browser.GetAsync(sheet);
        Assert.Equal("text/css", css.Response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("immutable", css.Response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal(200, (await browser.GetAsync("/favicon.svg")).Status);
        Assert.Contains("--accent", (await browser.GetAsync("/assets/accent/f2c200.css")).Body, StringComparison.Ordinal);
        Assert.Equal(404, (await browser.GetAsync("/assets/accent/nocolour.css")).Status);
    }

    [Fact]
    public async Task Nothing_anyone_sends_is_answered_by_a_500()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var token = (await browser.GetAsync("/invoices")).Form("/sign-out").QuerySelector("input")!.GetAttribute("value")!;
        string[] odd =
        [
            "%00",
            "..%2f..%2fetc",
            "%F0%9F%92%A9",
            new string('a', 3000),
            "'%20or%201=1--",
            "<script>",
            "%ff%fe",
            "00000000-0000-0000-0000-000000000000",
            "-1",
        ];
        string[] shapes =
        [
            "/{0}",
            "/sign-in/{0}",
            "/sign-in?next={0}",
            "/invoices/{0}",
            "/invoices/{0}/pdf",
            "/invoices/{0}/pay",
            "/invoices?cursor={0}",
            "/pay/{0}",
            "/pay/{0}/done?before={0}",
            "/pay/{0}/transfer.svg",
            "/pay/{0}/back?checkout={0}&looks={0}",
            "/office?seller={0}",
            "/office/invoices/{0}",
            "/language/{0}?back={0}",
            "/assets/accent/{0}.css",
            "/assets/portal.{0}.css",
        ];
        foreach (var shape in shapes)
        {
            foreach (var value in odd)
            {
                var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, shape, value);
                var answer = await browser.GetAsync(path);
                Assert.True(answer.Status < 500, $"GET {path} answered {answer.Status}");
                var posted = await browser.PostAsync(
                    path,
                    [new("__RequestVerificationToken", token), new("email", "a\0b@x"), new("key", "k"), new("means", "\ud800")]
                );
                Assert.True(posted.Status < 500, $"POST {path} answered {posted.Status}");
            }
        }

        foreach (var content in Bodies())
        {
            foreach (var path in new[] { "/sign-in", "/sign-out", "/pay/x", "/sign-in/x" })
            {
                var answer = await Browser.ReadAsync(await browser.Http.PostAsync(path, content()));
                Assert.True(answer.Status is >= 400 and < 500 || answer.Status == 303, $"POST {path} answered {answer.Status}");
            }
        }

        using var put = await browser.Http.PutAsync("/invoices", null);
        Assert.Equal(405, (int)put.StatusCode);
    }

    private static IEnumerable<Func<HttpContent>> Bodies()
    {
        yield return () => new StringContent("{\"email\":1}", System.Text.Encoding.UTF8, "application/json");
        yield return () => new StringContent("%%%=%%%&&&==", System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        yield return () => new StringContent("--x\r\nbroken", System.Text.Encoding.UTF8, "multipart/form-data");
        yield return () =>
            new StringContent(
                string.Join('&', Enumerable.Range(0, 3000).Select(i => $"a{i}=1")),
                System.Text.Encoding.UTF8,
                "application/x-www-form-urlencoded"
            );
        yield return () => new ByteArrayContent([0xff, 0xfe, 0x00]);
        yield return () => new FormUrlEncodedContent([new("email", new string('x', 100_000))]);
    }
}
