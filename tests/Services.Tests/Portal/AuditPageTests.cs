using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Portal.World;
using static RetailInvoicing.Services.Tests.Portal.World.FakeDoors;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>Who did what, as the owner and the auditor read it in the office.</summary>
public sealed class AuditPageTests(OfficeHost office) : IClassFixture<OfficeHost>
{
    [Fact]
    public async Task What_all_services_wrote_down_stands_by_time_and_leaves_as_a_file()
    {
        foreach (var service in new[] { "delivery", "payments", "reporting" })
        {
            office.Doors.Answer($"{service} GET /v1/audit", Shaped<AuditPage>("""{"items":[]}"""));
        }

        office.Doors.Answer(
            "invoicing GET /v1/audit",
            Page("01935b7c-0000-7000-8000-000000000003", "GET /v1/invoices/{invoiceId}", "ana@nandu.example")
        );
        office.Doors.Answer(
            "collections GET /v1/audit",
            Page("01935b7c-0001-7000-8000-000000000001", "POST /v1/customers/{customerId}/holds", "=berta")
        );
        using var browser = await office.OwnerAsync();
        Assert.Contains((await browser.GetAsync("/office/audit")).Html.Links, link => link.GetAttribute("href") == "/office/audit");
        var page = await browser.GetAsync("/office/audit?from=2026-11-01&to=2026-11-23&who=ana%40nandu.example");
        Assert.Equal((200, "Quién hizo qué"), (page.Status, page.Heading));
        var rows = page.Html.QuerySelectorAll("tbody tr").Select(row => row.TextContent).ToList();
        Assert.Contains("holds", rows[0], StringComparison.Ordinal);
        Assert.Contains("invoices/{invoiceId}", rows[1], StringComparison.Ordinal);
        // Days are days on the seller's clock.
        var asked = Uri.UnescapeDataString(office.Doors.At("payments GET /v1/audit")[0].Query);
        Assert.Contains("from=2026-11-01T00:00:00.0000000+01:00", asked, StringComparison.Ordinal);
        Assert.Contains("to=2026-11-24T00:00:00.0000000+01:00", asked, StringComparison.Ordinal);
        Assert.Contains("who=ana@nandu.example", asked, StringComparison.Ordinal);
        var csv = (await browser.GetAsync("/office/audit?csv=1")).Body;
        Assert.Contains("'=berta", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_away_is_named_and_the_others_are_shown()
    {
        foreach (var service in new[] { "invoicing", "delivery", "payments", "reporting" })
        {
            office.Doors.Answer($"{service} GET /v1/audit", Shaped<AuditPage>("""{"items":[]}"""));
        }

        office.Doors.Answer("collections GET /v1/audit", "", 503);
        using var browser = await office.OwnerAsync();
        Assert.Contains("Ahora no responde: collections", (await browser.GetAsync("/office/audit")).Text, StringComparison.Ordinal);
    }

    private static string Page(string id, string act, string who) =>
        Shaped<AuditPage>(
            $$"""{"items":[{"auditId":"{{id}}","sellerId":"nandu","at":"2026-11-23T09:05:00+00:00","who":"{{who}}","role":"owner","act":"{{act}}","subject":"x=1","status":200}]}"""
        );
}
