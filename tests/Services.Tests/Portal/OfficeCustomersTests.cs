using System.Text.Json;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Services.Tests.Portal.World;
using static RetailInvoicing.Services.Tests.Portal.World.FakeDoors;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>The office's customers: who buys, and one customer whole.</summary>
public sealed class OfficeCustomersTests(OfficeHost office) : IClassFixture<OfficeHost>
{
    private const string Report = "reporting GET /v1/reports/customers";
    private const string Invoices = "invoicing GET /v1/invoices";

    [Fact]
    public async Task The_best_the_new_and_the_quiet_are_told_by_name()
    {
        Bought();
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/customers");
        Assert.Equal("?from=2025-11-23&to=2026-11-23", office.Doors.At(Report)[0].Query);
        Assert.Contains("Los que más compran, en los últimos 12 meses.", page.Text, StringComparison.Ordinal);
        Assert.Equal(3, page.Html.QuerySelectorAll(".listing tbody tr").Length);
        Assert.Contains("Ana García Núñez", page.Text, StringComparison.Ordinal);
        Assert.Contains("345,60 €", page.Text, StringComparison.Ordinal);
        Assert.NotNull(page.Html.QuerySelector("a[href='/office/customers/17850']"));

        var quiet = await browser.GetAsync("/office/customers?show=quiet");
        Assert.Single(quiet.Html.QuerySelectorAll(".listing tbody tr"));
        Assert.Contains("ya debería haber vuelto", quiet.Text, StringComparison.Ordinal);
        Assert.Single((await browser.GetAsync("/office/customers?show=new")).Html.QuerySelectorAll(".listing tbody tr"));
        using var english = await office.OwnerAsync("en");
        Assert.Contains(
            "Who buys most, in the last 12 months.",
            (await english.GetAsync("/office/customers")).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_customer_is_found_by_what_its_invoices_say()
    {
        Bought();
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/customers?q=garc%C3%ADa");
        Assert.Contains("q=garc%C3%ADa", office.Doors.At(Invoices)[0].Query, StringComparison.OrdinalIgnoreCase);
        Assert.Single(page.Html.QuerySelectorAll(".listing tbody tr"));
    }

    [Fact]
    public async Task One_customer_shows_what_it_owes_bought_and_said_and_its_statement()
    {
        Bought();
        office.Doors.Answer(
            "collections GET /v1/customers/17850/statement",
            knock =>
                knock.Query.Contains("format=pdf", StringComparison.Ordinal)
                    ? (200, "application/pdf", "%PDF-1.7")
                    : (
                        200,
                        "application/json",
                        Shaped<Statement>(
                            """{"customerKey":"17850","customerName":"Ana García","language":"es","from":"2025-11-23","to":"2026-11-23","madeAt":"2026-11-23T09:15:00+00:00","accounts":[{"currency":"EUR","opening":"0.00","entries":[{"date":"2026-11-23","kind":"invoice","invoiceId":"01935b7c-0000-7000-8000-000000000001","number":"F-S01-2026-000123","amount":"57.15","balance":"57.15"}],"closing":"57.15","claims":[],"claimsDue":"0.00"}]}"""
                        )
                    )
        );
        office.Doors.Answer(
            "delivery GET /v1/customers/17850/consent",
            Shaped<ConsentBody>("""{"customerId":"17850","purpose":"offers","granted":true,"email":"ana@example.com","history":[]}""")
        );
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/customers/17850");
        Assert.Equal("Ana García Núñez", page.Heading);
        foreach (
            var said in new[]
            {
                "17850",
                "57,15 €",
                "345,60 € en 12 facturas",
                "Reciente 5/5 · frecuente 4/5 · valor 5/5",
                "F-S01-2026-000123",
                "Cuenta de 12 meses: empieza en 0,00 € y acaba en 57,15 €",
                "Sí quiere ofertas",
            }
        )
        {
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        }

        var file = await browser.GetAsync("/office/customers/17850/statement.pdf");
        Assert.Equal((200, "%PDF-1.7"), (file.Status, file.Body));
        Assert.Contains(
            "from=2025-11-23",
            office.Doors.At("collections GET /v1/customers/17850/statement")[0].Query,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Nobody_knows_a_customer_that_never_bought()
    {
        office.Doors.Answer(Invoices, JsonSerializer.Serialize(new InvoicePage { Invoices = [] }, Wire.Tolerant));
        using var browser = await office.OwnerAsync();
        Assert.Equal(404, (await browser.GetAsync("/office/customers/nadie")).Status);
        using var stranger = await office.Portal.SignedInAsync(Demo.Ana);
        Assert.Equal(403, (await stranger.GetAsync("/office/customers")).Status);
        Assert.Equal(403, (await stranger.GetAsync("/office/customers/17850/statement.pdf")).Status);
    }

    private void Bought()
    {
        office.Doors.Answer(
            Report,
            $$"""{"asOf":"2026-11-23T09:15:00+00:00","lagMs":5,"rows":[{{Row("17850", "2026-01-02", "345.60", null)}},{{Row("13047", "2026-01-02", "99.00", "1.20")}},{{Row("12583", "2026-11-20", "45.00", null)}}]}"""
        );
        var invoice = Demo.Of(office.Portal.World, "F-S01-2026-000123");
        office.Doors.Answer(
            Invoices,
            JsonSerializer.Serialize(
                new InvoicePage { Invoices = [invoice with { Contact = invoice.Contact! with { CustomerId = CustomerId.Of("17850") } }] },
                Wire.Tolerant
            )
        );
    }

    private static string Row(string customer, string first, string value, string? silence) =>
        $$"""{"customer":"{{customer}}","currency":"EUR","first":"{{first}}","last":"2026-11-20","recency":3,"frequency":12,"value":"{{value}}","recencyScore":5,"frequencyScore":4,"valueScore":5{{(silence is null ? "" : $",\"silenceChance\":\"{silence}\"")}}}""";
}
