using RetailInvoicing.Contracts;
using RetailInvoicing.Services.Tests.Portal.World;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>The office's first page: four answers from the books, what is not as usual, and pictures of the day.</summary>
public sealed class OfficeTodayTests(OfficeHost office) : IClassFixture<OfficeHost>
{
    private const string Head = "\"asOf\":\"2026-11-23T09:15:00+00:00\",\"lagMs\":12";

    [Fact]
    public async Task The_books_answer_what_was_sold_came_is_owed_and_is_due_to_the_tax_agency()
    {
        Books();
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office");
        Assert.Equal("Hoy", page.Html.QuerySelector(".rooms a[aria-current=page]")!.TextContent);
        foreach (
            var said in new[]
            {
                "1.398,60 €",
                "El lunes pasado, al acabar esta hora: 300,00 €.",
                "Cobrado este mes",
                "4.321,00 €",
                "Facturado 5.000,00 €",
                "Tardas 9,3 días en cobrar.",
                "IVA devengado en el 4T, hasta hoy",
                "867,89 €",
                "F-S01-2026-000077",
                "NIF no identificado",
                "Caja en silencio: S01/T2",
                "Tres horas sin una venta.",
                "93,45 €",
            }
        )
        {
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        }

        var charts = page.Html.QuerySelectorAll("svg.chart");
        Assert.Equal(2, charts.Length);
        Assert.Equal(14, charts[1].QuerySelectorAll("rect.now").Length);
        Assert.Equal(2, page.Html.QuerySelectorAll("details table.sums").Length);
        // Quicker with a script of ours, which asks nobody else; whole without.
        var policy = page.Response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        var script = await browser.GetAsync(page.Html.QuerySelector("script[src]")!.GetAttribute("src")!);
        Assert.Equal("text/javascript", script.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("/office/live", page.Html.QuerySelector("[data-live]")!.GetAttribute("data-source"));

        using var english = await office.OwnerAsync("en");
        Assert.Contains("It takes you 9.3 days to be paid.", (await english.GetAsync("/office")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changes_is_told_to_the_page_as_it_changes()
    {
        office.Doors.Answer("reporting GET /v1/live", "id: 1\nevent: totals\ndata: {}\n\n", type: "text/event-stream");
        using var browser = await office.OwnerAsync();
        var events = await browser.GetAsync("/office/live");
        Assert.Equal("text/event-stream", events.Response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("event: totals", events.Body, StringComparison.Ordinal);
        using var stranger = await office.Portal.SignedInAsync(Demo.Ana);
        Assert.Equal(403, (await stranger.GetAsync("/office/live")).Status);
    }

    [Fact]
    public async Task A_role_that_reads_no_reports_is_asked_none_and_told_so()
    {
        Books();
        const string Till = "caja-hoy@nandu.example";
        var at = office.Portal.World.Sellers.FindIndex(seller => seller.SellerId == Demo.Nandu);
        var before = office.Portal.World.Sellers[at];
        office.Portal.World.Sellers[at] = before with { Staff = [.. before.Staff, new() { Email = Till, Role = StaffRole.Shop }] };
        try
        {
            using var shop = await office.Portal.SignedInAsync(Till);
            var asked = office.Doors.At("reporting GET /v1/reports/income").Count;
            var page = await shop.GetAsync("/office");
            Assert.Equal(200, page.Status);
            Assert.Contains("Tu papel no abre los informes", page.Text, StringComparison.Ordinal);
            Assert.Equal(asked, office.Doors.At("reporting GET /v1/reports/income").Count);
        }
        finally
        {
            office.Portal.World.Sellers[at] = before;
        }
    }

    private void Books()
    {
        office.Doors.Answer(
            "reporting GET /v1/reports/sales",
            knock =>
                (
                    200,
                    "application/json",
                    knock.Query.Contains("groupBy=hour", StringComparison.Ordinal)
                        ? knock.Query.Contains("2026-11-23", StringComparison.Ordinal)
                            ? Rows(Sold("2026-11-23T09", "900.00"), Sold("2026-11-23T10", "498.60"))
                            : Rows(Sold("2026-11-16T09", "100.00"), Sold("2026-11-16T10", "200.00"), Sold("2026-11-16T18", "3910.15"))
                        : Rows(Sold("2026-11-22", "700.00"), Sold("2026-11-23", "1398.60"))
                )
        );
        office.Doors.Answer(
            "reporting GET /v1/reports/income",
            Rows(
                """{"key":"2026-11","currency":"EUR","issued":"5000.00","received":"4400.00","givenBack":"79.00","collected":"4321.00","fees":"12.00","outstanding":"93.45","payments":90}"""
            )
        );
        office.Doors.Answer(
            "reporting GET /v1/reports/dso",
            Rows("""{"key":"2026-11","date":"2026-11-23","currency":"EUR","outstanding":"93.45","dso":"9.3"}""")
        );
        office.Doors.Answer(
            "reporting GET /v1/reports/form-303",
            Rows(
                """{"box":"07","concept":"Base al 21 %","amount":"4132.80"}""",
                """{"box":"27","concept":"Total cuota devengada","amount":"867.89"}"""
            )
        );
        office.Doors.Answer(
            "reporting GET /v1/reports/anomalies",
            Rows(
                """{"kind":"silent-till","subject":"S01/T2","day":"2026-11-23","seen":"0","expected":"14","of":3,"chance":"0.01","reason":"Three hours without a sale.","reasonEs":"Tres horas sin una venta."}"""
            )
        );
        office.Doors.Answer(
            "invoicing GET /v1/fiscal/submissions",
            """{"submissions":[{"number":"F-S01-2026-000077","state":"rejected","code":"1104","text":"NIF no identificado"}]}"""
        );
    }

    private static string Rows(params string[] rows) => $"{{{Head},\"rows\":[{string.Join(',', rows)}]}}";

    private static string Sold(string key, string total) =>
        $$"""{"key":"{{key}}","currency":"EUR","invoices":3,"returnInvoices":0,"totalWithoutVat":"{{total}}","vatTotal":"0.00","totalWithVat":"{{total}}","returns":"0.00"}""";
}
