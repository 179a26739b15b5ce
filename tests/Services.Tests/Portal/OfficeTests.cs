using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Portal.World;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>What a seller's staff sees.</summary>
public sealed class OfficeTests(OfficeHost office) : IClassFixture<OfficeHost>
{
    [Fact]
    public async Task The_first_screen_answers_what_staff_ask_in_the_morning()
    {
        using var browser = await office.Portal.SignedInAsync(Demo.Owner);
        Assert.Equal("/office", (await browser.GetAsync("/")).Location);
        var page = await browser.GetAsync("/office");
        Assert.Equal("Lunes, 23 de noviembre de 2026", page.Heading);
        foreach (
            var said in new[]
            {
                "1.398,60 €",
                "37 facturas, ya descontadas devoluciones de 24,50 €",
                "El lunes pasado, en todo el día: 4.210,15 € en 112 facturas.",
                "93,45 €",
                "Vencido: 19,80 € en 1 factura",
                "30 días tarde",
                "1 aviso enviado",
                "F-S01-2026-000123",
                "F-S01-2026-000124",
                "Ana García Núñez",
            }
        )
        {
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        }

        // Another seller's invoices are not there.
        Assert.DoesNotContain("T-CAD-2026-001007", page.Text, StringComparison.Ordinal);
        Assert.Contains(
            office.Portal.World.Asked,
            asked => asked.Contains("Invoices/List customer= staff=duena@nandu.example seller=nandu", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Staff_open_the_sellers_invoices_and_cannot_pay_them()
    {
        using var browser = await office.Portal.SignedInAsync(Demo.Owner);
        var known = Demo.Of(office.Portal.World, "F-S01-2026-000124");
        office.Doors.Answer(
            $"invoicing GET /v1/invoices/{known.InvoiceId}",
            System.Text.Json.JsonSerializer.Serialize(known, RetailInvoicing.Contracts.Wire.Tolerant)
        );
        var path = $"/office/invoices/{known.InvoiceId}";
        var invoice = await browser.GetAsync(path);
        Assert.Equal(200, invoice.Status);
        Assert.DoesNotContain("/pay", invoice.Body, StringComparison.Ordinal);
        Assert.StartsWith("%PDF", (await browser.GetAsync($"{path}/pdf")).Body, StringComparison.Ordinal);
        var faros = Demo.Of(office.Portal.World, "T-CAD-2026-001007").InvoiceId;
        office.Doors.Refuse($"invoicing GET /v1/invoices/{faros}", 404, "INV-INVOICE-01", "No existe esa factura.");
        Assert.Equal(404, (await browser.GetAsync($"/office/invoices/{faros}")).Status);
        Assert.Equal(403, (await browser.GetAsync("/office?seller=faro")).Status);
    }

    [Fact]
    public async Task Staff_of_several_sellers_choose_one()
    {
        using var browser = await office.Portal.SignedInAsync(Demo.Both);
        var choice = await browser.GetAsync("/office");
        Assert.Equal("¿De qué tienda?", choice.Heading);
        var faro = choice.Html.QuerySelectorAll(".rows a").Single(link => link.TextContent.Contains("El Faro", StringComparison.Ordinal));
        var page = await browser.GetAsync(faro.GetAttribute("href")!);
        Assert.Contains("T-CAD-2026-001007", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("F-S01-2026-000123", page.Text, StringComparison.Ordinal);
        var inside = page.Html.QuerySelectorAll(".rows a").Last().GetAttribute("href")!;
        Assert.EndsWith("?seller=faro", inside, StringComparison.Ordinal);
        var faros = Demo.Of(office.Portal.World, "T-CAD-2026-001007");
        office.Doors.Answer(
            $"invoicing GET /v1/invoices/{faros.InvoiceId}",
            System.Text.Json.JsonSerializer.Serialize(faros, RetailInvoicing.Contracts.Wire.Tolerant)
        );
        Assert.Equal(200, (await browser.GetAsync(inside)).Status);
    }

    [Fact]
    public async Task Staff_see_what_mails_and_pages_look_like_in_a_frame_that_can_do_nothing()
    {
        using var browser = await office.Portal.SignedInAsync(Demo.Owner);
        Assert.NotNull((await browser.GetAsync("/office")).Html.QuerySelector("a[href='/office/previews/mail']"));
        foreach (var kind in new[] { "mail", "page" })
        {
            var around = await browser.GetAsync($"/office/previews/{kind}");
            Assert.Equal(200, around.Status);
            var frame = Assert.Single(around.Html.QuerySelectorAll("iframe"));
            Assert.Equal("", frame.GetAttribute("sandbox"));
            Assert.NotEqual("", frame.GetAttribute("title"));
            var outer = around.Response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("frame-src 'self'", outer, StringComparison.Ordinal);
            Assert.Contains("default-src 'none'", outer, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", outer, StringComparison.Ordinal);

            var inside = await browser.GetAsync(frame.GetAttribute("src")!);
            Assert.Equal($"{kind} de nandu", inside.Heading);
            var policy = inside.Response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.StartsWith("sandbox; default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'self'", policy, StringComparison.Ordinal);
            Assert.Equal("SAMEORIGIN", inside.Response.Headers.GetValues("X-Frame-Options").Single());
        }

        Assert.Equal(404, (await browser.GetAsync("/office/previews/nada")).Status);
        using var stranger = await office.Portal.SignedInAsync(Demo.Ana);
        Assert.Equal(403, (await stranger.GetAsync("/office/previews/mail")).Status);
        Assert.Equal(403, (await stranger.GetAsync("/office/previews/mail/document")).Status);
    }

    [Fact]
    public async Task A_role_taken_away_closes_the_office_within_seconds()
    {
        const string Leaves = "se-va@nandu.example";
        var at = office.Portal.World.Sellers.FindIndex(seller => seller.SellerId == Demo.Nandu);
        var before = office.Portal.World.Sellers[at];
        office.Portal.World.Sellers[at] = before with
        {
            Staff = [.. before.Staff, new() { Email = Leaves, Role = RetailInvoicing.Contracts.StaffRole.Collector }],
        };
        using var browser = await office.Portal.SignedInAsync(Leaves);
        Assert.Equal(200, (await browser.GetAsync("/office")).Status);
        office.Portal.World.Sellers[at] = before;
        await Eventually.EqualAsync(403, async () => (await browser.GetAsync("/office")).Status, "the office's answer");
    }

    [Fact]
    public async Task A_part_that_is_away_says_so_in_its_place()
    {
        using var browser = await office.Portal.SignedInAsync(Demo.Owner);
        office.Portal.World.Away["reporting"] = true;
        try
        {
            var page = await browser.GetAsync("/office");
            Assert.Equal(200, page.Status);
            Assert.Contains("Ahora mismo no podemos ver las ventas", page.Text, StringComparison.Ordinal);
            Assert.Contains("93,45 €", page.Text, StringComparison.Ordinal);
        }
        finally
        {
            office.Portal.World.Away.Clear();
        }
    }
}
