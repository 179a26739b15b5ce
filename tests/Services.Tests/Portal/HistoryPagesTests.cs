using System.IO.Compression;
using RetailInvoicing.Services.Tests.Portal.World;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>Finding invoices again: search inside the lines, filters, spending, and taking many away at once.</summary>
public sealed class HistoryPagesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task A_product_finds_the_invoices_it_is_on_and_says_which_line()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var found = await browser.GetAsync("/invoices?q=Farol");

        Assert.Equal(2, found.Html.QuerySelectorAll(".rows li").Length);
        Assert.Contains("2 facturas con «Farol».", found.Text, StringComparison.Ordinal);
        Assert.Contains("Farol de metal blanco", found.Html.QuerySelector(".rows .because")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Farol", found.Html.QuerySelector("input[name=q]")!.GetAttribute("value"));
        var nothing = await browser.GetAsync("/invoices?q=dinosaurio");
        Assert.Contains("Ninguna factura tiene todo eso", nothing.Text, StringComparison.Ordinal);
        Assert.NotNull(nothing.Html.QuerySelector("input[name=q]"));
    }

    [Fact]
    public async Task Shop_state_and_period_narrow_the_list_and_stay_chosen()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);

        var shop = await browser.GetAsync("/invoices?seller=faro");
        Assert.Equal("T-CAD-2026-001007", Numbers(shop).Single());
        Assert.Contains("en El Faro", shop.Text, StringComparison.Ordinal);
        Assert.True(shop.Html.QuerySelector("option[value=faro]")!.HasAttribute("selected"));

        Assert.Equal(["F-S01-2026-000123", "F-S01-2026-000041"], Numbers(await browser.GetAsync("/invoices?state=open")));
        Assert.Equal(["F-S01-2026-000041"], Numbers(await browser.GetAsync("/invoices?state=overdue")));
        Assert.Equal(2, Numbers(await browser.GetAsync("/invoices?state=paid")).Count);
        Assert.Equal(["F-S01-2026-000098"], Numbers(await browser.GetAsync("/invoices?from=2026-11-01&to=2026-11-03")));
        Assert.Equal(200, (await browser.GetAsync("/invoices?state=nonsense&seller=%20&from=never")).Status);
    }

    [Fact]
    public async Task What_is_open_can_be_paid_at_once_from_the_list()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var list = await browser.GetAsync("/invoices");
        var late = Demo.Of(portal.World, "F-S01-2026-000041");

        var pay = list.Html.QuerySelector(".owed a.filled")!;
        Assert.Equal("Pagar las 2 facturas", pay.TextContent);
        Assert.Equal($"/invoices/{late.InvoiceId}/pay#all-title", pay.GetAttribute("href"));
        Assert.Contains("Te queda por pagar 76,95 € en Ñandú", list.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_filter_finds_is_taken_away_as_one_ZIP()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var list = await browser.GetAsync("/invoices?seller=nandu");
        var href = list.Html.QuerySelector(".after a[href*='/invoices/zip']")!.GetAttribute("href")!;

        await using var zip = await ZipAsync(browser, href);

        Assert.Contains(zip.Entries, entry => entry.FullName == "F-S01-2026-000123.pdf");
        Assert.Contains(zip.Entries, entry => entry.FullName == "F-S01-2026-000123.xml");
        Assert.DoesNotContain(zip.Entries, entry => entry.FullName.StartsWith("T-CAD", StringComparison.Ordinal));
        Assert.DoesNotContain(zip.Entries, entry => entry.FullName.Contains("000124", StringComparison.Ordinal));
        await using var one = await ZipAsync(browser, $"/invoices/{Demo.Of(portal.World, "F-S01-2026-000123").InvoiceId}/zip");
        Assert.Equal(2, one.Entries.Count);
        Assert.Equal(404, (await browser.GetAsync("/invoices/zip?q=dinosaurio")).Status);
        Assert.Equal(404, (await browser.GetAsync($"/invoices/{Demo.Of(portal.World, "F-S01-2026-000124").InvoiceId}/zip")).Status);
    }

    [Fact]
    public async Task Spending_is_told_month_by_month_as_bars_and_as_a_table_that_leads_to_the_invoices()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var page = await browser.GetAsync("/spending");

        Assert.Equal((200, "Tu gasto en 2026"), (page.Status, page.Heading));
        Assert.Equal(12, page.Html.QuerySelectorAll("svg.bars rect").Length);
        var november = page.Html.QuerySelectorAll(".months tbody tr")[0];
        Assert.Contains("noviembre", november.TextContent, StringComparison.Ordinal);
        // 57.15 + 43.65 + 45.10 − 24.50: what came back is taken off.
        Assert.Contains("121,40 €", november.TextContent.Replace('\u00a0', ' '), StringComparison.Ordinal);
        Assert.Equal("/invoices?from=2026-11-01&to=2026-11-30", november.QuerySelector("a")!.GetAttribute("href"));
        Assert.Contains("El Faro", page.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await browser.GetAsync("/spending?year=1")).Status);
        Assert.Contains("No hay compras en 2019", (await browser.GetAsync("/spending?year=2019")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_cent_is_explained_in_place_where_it_is_asked_for()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var path = $"/invoices/{Demo.Of(portal.World, "F-S01-2026-000123").InvoiceId}";
        var page = await browser.GetAsync(path);
        Assert.False(page.Html.QuerySelector("#how")!.HasAttribute("open"));
        var more = page.Html.QuerySelector("#how a")!.GetAttribute("href")!;

        var explained = await browser.GetAsync(more.Split('#')[0]);

        Assert.True(explained.Html.QuerySelector("#how")!.HasAttribute("open"));
        Assert.Contains("2 × 9,95 = 19,90", explained.Text, StringComparison.Ordinal);
        Assert.Contains("Cantidad por precio.", explained.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_promised_day_is_told_to_the_shop_once_and_only_a_day_that_can_be_promised()
    {
        var invoice = Demo.Invoice(Demo.Nandu, "F-P01-2026-000001", 0, paid: false, Demo.Line("A", "Jarrón azul", 1, 18.90m));
        Demo.Add(portal.World, "promesa@example.com", invoice);
        using var browser = await portal.SignedInAsync("promesa@example.com");
        var path = $"/invoices/{invoice.InvoiceId}/promise";
        Assert.Contains(path, (await browser.GetAsync($"/invoices/{invoice.InvoiceId}")).Body, StringComparison.Ordinal);
        var page = await browser.GetAsync(path);
        Assert.Contains("18,90 €", page.Text, StringComparison.Ordinal);

        foreach (var day in new[] { "2026-11-22", "2027-11-22", "", "mañana" })
        {
            var refused = await browser.SubmitAsync(page.Form("/invoices/"), ("date", day));
            Assert.Equal(422, refused.Status);
            Assert.Contains("Elige un día entre hoy y el 24 de diciembre de 2026", refused.Text, StringComparison.Ordinal);
        }

        var made = await browser.SubmitAsync(page.Form("/invoices/"), ("date", "2026-12-01"));
        Assert.Equal((303, $"{path}?made=yes"), (made.Status, made.Location));
        Assert.Equal("Apuntado", (await browser.GetAsync(made.Location)).Heading);
        Assert.Equal("2026-12-01", portal.World.Promises[invoice.InvoiceId.ToString()].Date);
        Assert.Equal(409, (await browser.SubmitAsync(page.Form("/invoices/"), ("date", "2026-12-02"))).Status);
    }

    private static List<string> Numbers(Answer list) =>
        [.. list.Html.QuerySelectorAll(".rows li strong .whole").Select(number => number.TextContent)];

    private static async Task<ZipArchive> ZipAsync(Browser browser, string path)
    {
        var answer = await browser.Http.GetAsync(path);
        Assert.Equal("application/zip", answer.Content.Headers.ContentType!.MediaType);
        return new ZipArchive(await answer.Content.ReadAsStreamAsync());
    }
}
