using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using RetailInvoicing.Portal.Look;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Portal.World;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>What a person decides about itself: offers, language, its data.</summary>
public sealed class MePagesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Offers_stand_apart_from_the_invoice_with_why_and_a_way_to_stop_them()
    {
        portal.World.Consents[("nandu", "oferta@example.com")] = [true];
        var invoice = Demo.Invoice(Demo.Nandu, "F-M01-2026-000001", 0, paid: true, Demo.Line("A", "Portavelas", 1, 18.90m));
        Demo.Add(portal.World, "oferta@example.com", invoice);
        using var browser = await portal.SignedInAsync("oferta@example.com");
        var page = await browser.GetAsync($"/invoices/{invoice.InvoiceId}");
        var offers = page.Html.QuerySelector("aside.offers")!;
        foreach (var said in new[] { "Publicidad", "Para ti", "10 % en velas", "VELAS10", "Porque compraste Portavelas" })
        {
            Assert.Contains(said, offers.TextContent, StringComparison.Ordinal);
        }

        var stopped = await browser.SubmitAsync(page.Form("/me/consent"));

        Assert.Equal((303, $"/invoices/{invoice.InvoiceId}"), (stopped.Status, stopped.Location));
        Assert.Null((await browser.GetAsync(stopped.Location)).Html.QuerySelector("aside.offers"));
        Assert.Equal([true, false], portal.World.Consents[("nandu", "oferta@example.com")]);
    }

    [Fact]
    public async Task Consent_is_given_and_taken_back_shop_by_shop()
    {
        Demo.Add(
            portal.World,
            "permiso@example.com",
            Demo.Invoice(Demo.Nandu, "F-M02-2026-000001", 0, paid: true, Demo.Line("A", "Portavelas", 1, 18.90m))
        );
        using var browser = await portal.SignedInAsync("permiso@example.com");
        var me = await browser.GetAsync("/me");
        Assert.Contains("Sin ofertas", me.Text, StringComparison.Ordinal);

        var yes = await browser.SubmitAsync(me.Form("/me/consent"));
        var after = await browser.GetAsync(yes.Location);
        Assert.Contains("recibirás ofertas de esa tienda", after.Text, StringComparison.Ordinal);
        Assert.Contains("Quieres ofertas", after.Text, StringComparison.Ordinal);
        Assert.Contains("23 de noviembre de 2026: sí (en esta página)", after.Text, StringComparison.Ordinal);
        var no = await browser.SubmitAsync(after.Form("/me/consent"));
        Assert.Contains("ya no te enviará ofertas", (await browser.GetAsync(no.Location)).Text, StringComparison.Ordinal);

        // Of a shop that it is no customer of, nobody says anything; nor by an address alone.
        var foreign = await browser.SubmitAsync(after.Form("/me/consent"), ("seller", "faro"));
        Assert.Equal(404, foreign.Status);
        Assert.Equal(400, (await browser.SubmitAsync(after.Form("/me/consent"), ("granted", "perhaps"))).Status);
        Assert.NotEqual(200, (await browser.GetAsync("/me/consent?seller=nandu&granted=yes")).Status);
    }

    [Fact]
    public async Task All_that_is_known_of_a_person_can_be_taken_away_and_nothing_of_others()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var answer = await browser.Http.GetAsync("/me/export");
        Assert.Equal("application/zip", answer.Content.Headers.ContentType!.MediaType);
        await using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        foreach (
            var name in new[]
            {
                "me.json",
                "invoices/F-S01-2026-000123.json",
                "shops/nandu/account.json",
                "shops/nandu/consent.json",
                "shops/faro/consent.json",
            }
        )
        {
            using var text = new StreamReader(await zip.GetEntry(name)!.OpenAsync(), Encoding.UTF8);
            using var json = JsonDocument.Parse(await text.ReadToEndAsync());
            Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
        }

        Assert.DoesNotContain(zip.Entries, entry => entry.FullName.Contains("000124", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Erasure_says_what_goes_what_stays_and_until_when_and_ends_every_session()
    {
        var paid = Demo.Invoice(Demo.Nandu, "F-M03-2026-000001", 0, paid: true, Demo.Line("A", "Portavelas", 1, 18.90m));
        var open = Demo.Invoice(Demo.Nandu, "F-M03-2026-000002", 0, paid: false, Demo.Line("A", "Portavelas", 1, 18.90m));
        Demo.Add(portal.World, "olvido@example.com", paid);
        Demo.Add(portal.World, "olvido@example.com", open);
        portal.World.Consents[("nandu", "olvido@example.com")] = [true];
        using var browser = await portal.SignedInAsync("olvido@example.com");
        using var elsewhere = await portal.SignedInAsync("olvido@example.com");
        var page = await browser.GetAsync("/me/erase");
        foreach (var said in new[] { "31 de diciembre de 2032", "1 factura por pagar", "Tu correo, tu teléfono" })
        {
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        }

        var unsure = await browser.SubmitAsync(page.Form("/me/erase"), ("sure", ""));
        Assert.Equal(422, unsure.Status);
        Assert.Contains("Marca la casilla", unsure.Text, StringComparison.Ordinal);
        Assert.Empty(portal.World.Forgotten);
        var done = await browser.SubmitAsync(page.Form("/me/erase"), ("sure", "yes"));

        Assert.Equal((200, "Borrado"), (done.Status, done.Heading));
        Assert.Equal([open.InvoiceId.ToString()], portal.World.Forgotten["olvido@example.com"]);
        Assert.Equal([true, false], portal.World.Consents[("nandu", "olvido@example.com")]);
        Assert.StartsWith("/sign-in", (await browser.GetAsync("/me")).Location, StringComparison.Ordinal);
        Assert.StartsWith("/sign-in", (await elsewhere.GetAsync("/invoices")).Location, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ca", "Les teves factures", "Pagada el 2 de novembre de 2026", "Com es calcula")]
    [InlineData("eu", "Zure fakturak", "Ordainduta: 2026ko azaroaren 2a", "Nola kalkulatzen den")]
    [InlineData("gl", "As túas facturas", "Pagada o 2 de novembro de 2026", "Como se calcula")]
    public async Task The_customers_pages_speak_the_languages_of_Spain(string language, string heading, string paid, string sums)
    {
        using var browser = await portal.SignedInAsync(Demo.Ana, $"{language},es;q=0.5");
        var list = await browser.GetAsync("/invoices");
        Assert.Equal((language, heading), (list.Html.DocumentElement.GetAttribute("lang"), list.Heading));
        var invoice = await browser.GetAsync($"/invoices/{Demo.Of(portal.World, "F-S01-2026-000098").InvoiceId}");
        Assert.Contains(paid, invoice.Text, StringComparison.Ordinal);
        Assert.Contains(sums, invoice.Text, StringComparison.Ordinal);
        foreach (var path in new[] { "/spending", "/claim", "/me", "/me/erase", "/invoices?q=farol" })
        {
            Assert.Equal(200, (await browser.GetAsync(path)).Status);
        }

        var problem = await browser.GetAsync("/invoices/00000000-0000-0000-0000-000000000000");
        Assert.DoesNotContain("There is", problem.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Aquí no hay nada para ti", problem.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_page_of_a_customer_uses_a_word_that_a_regional_language_need_not_have()
    {
        var wanted = typeof(RegionalWords)
            .GetMembers(
                System.Reflection.BindingFlags.Public
                    | System.Reflection.BindingFlags.Instance
                    | System.Reflection.BindingFlags.DeclaredOnly
            )
            .Select(member => member.Name)
            .ToHashSet(StringComparer.Ordinal);
        var abstracts = typeof(Words)
            .GetMembers(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance)
            .Where(member =>
                member
                    is System.Reflection.PropertyInfo { GetMethod.IsAbstract: true }
                        or System.Reflection.MethodInfo { IsAbstract: true, IsSpecialName: false }
            )
            .Select(member => member.Name)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var room in new[] { "Pages", "Claims", "Me", "SignIn" })
        {
            foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "services", "Portal", room), "*.razor"))
            {
                foreach (
                    Match word in Regex.Matches(File.ReadAllText(file), @"\b(?:W|Words)\.(\w+)", RegexOptions.None, TimeSpan.FromSeconds(5))
                )
                {
                    var name = word.Groups[1].Value;
                    Assert.True(
                        !abstracts.Contains(name) || wanted.Contains(name),
                        $"{Path.GetFileName(file)} says W.{name}: add it to RegionalWords, so that Catalan, Basque and Galician have to have it"
                    );
                }
            }
        }
    }

    [Fact]
    public async Task A_phone_can_keep_the_pages_beside_its_apps()
    {
        using var browser = portal.Browser("ca");
        var page = await browser.GetAsync("/sign-in");
        var manifest = await browser.GetAsync(page.Html.QuerySelector("link[rel=manifest]")!.GetAttribute("href")!);
        Assert.Equal("application/manifest+json", manifest.Response.Content.Headers.ContentType!.MediaType);
        using var json = JsonDocument.Parse(manifest.Body);
        Assert.Equal("standalone", json.RootElement.GetProperty("display").GetString());
        Assert.Equal("Les meves factures", json.RootElement.GetProperty("name").GetString());
        foreach (var icon in json.RootElement.GetProperty("icons").EnumerateArray())
        {
            var png = await browser.Http.GetByteArrayAsync(icon.GetProperty("src").GetString()!);
            Assert.Equal("PNG"u8.ToArray(), png[1..4]);
        }

        Assert.Contains(
            "manifest-src 'self'",
            page.Response.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_page_with_everything_is_under_a_hundred_kilobytes()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var invoice = Demo.Of(portal.World, "F-S01-2026-000123").InvoiceId;
        foreach (
            var path in new[] { "/invoices", $"/invoices/{invoice}", $"/invoices/{invoice}/pay", "/spending", "/claim", "/me", "/me/erase" }
        )
        {
            var page = await browser.GetAsync(path);
            var size = Encoding.UTF8.GetByteCount(page.Body);
            foreach (
                var part in page
                    .Html.QuerySelectorAll("link[rel=stylesheet], link[rel=icon], script[src], img[src]")
                    .Select(each => each.GetAttribute("href") ?? each.GetAttribute("src")!)
            )
            {
                size += (await browser.Http.GetByteArrayAsync(part)).Length;
            }

            Assert.True(size < 100_000, $"{path} weighs {size} bytes");
        }
    }
}
