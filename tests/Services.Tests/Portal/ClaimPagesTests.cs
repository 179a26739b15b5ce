using RetailInvoicing.Contracts;
using RetailInvoicing.Services.Tests.Portal.World;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>A full invoice for tickets, and the right fiscal document where a customer's own data are wrong.</summary>
public sealed class ClaimPagesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task A_ticket_typed_from_the_paper_becomes_a_full_invoice_once()
    {
        var ticket = Ticket("T-S01-2026-000501", 12.10m);
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var page = await browser.GetAsync("/claim");
        Assert.Equal((200, "Factura completa de tus tickets"), (page.Status, page.Heading));

        var known = await browser.SubmitAsync(
            page.Form("/claim"),
            ("taxid", "B12345674"),
            ("number0", ticket.Number),
            ("date0", "2026-11-23"),
            ("total0", "12,10 €"),
            ("act", "look")
        );
        Assert.Equal(200, known.Status);
        Assert.Contains("12,10 €", known.Text, StringComparison.Ordinal);
        // As the latest full invoice of that shop has it.
        Assert.Equal("12345678Z", known.Html.QuerySelector("input[name=nif]")!.GetAttribute("value"));

        var issued = await browser.SubmitAsync(known.Form("/claim"), ("act", "issue"));
        var again = await browser.SubmitAsync(known.Form("/claim"), ("act", "issue"));

        Assert.Equal(303, issued.Status);
        Assert.Equal(issued.Location, again.Location);
        var invoice = await browser.GetAsync(issued.Location);
        Assert.Contains("Sustituye a T-S01-2026-000501", invoice.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_tickets_are_added_one_by_one_and_the_code_of_a_tax_QR_is_enough()
    {
        var (one, two) = (Ticket("T-S01-2026-000601", 12.10m), Ticket("T-S01-2026-000602", 24.20m));
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var page = await browser.GetAsync("/claim");

        var more = await browser.SubmitAsync(page.Form("/claim"), ("number0", Qr(one)), ("act", "more"));
        Assert.Contains("T-S01-2026-000601", more.Text, StringComparison.Ordinal);
        Assert.NotNull(more.Html.QuerySelector("input#number1"));
        var known = await browser.SubmitAsync(more.Form("/claim"), ("number1", Qr(two)), ("act", "look"));
        Assert.Contains("Tus 2 tickets", known.Text, StringComparison.Ordinal);
        Assert.Contains("36,30 €", known.Text, StringComparison.Ordinal);
        var issued = await browser.SubmitAsync(known.Form("/claim"), ("name", "Ana García"), ("nif", "12345678Z"), ("act", "issue"));

        Assert.Contains("Sustituye a T-S01-2026-000602", (await browser.GetAsync(issued.Location)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_ticket_and_what_is_no_buyer_is_said_beside_it_and_nothing_typed_is_lost()
    {
        var ticket = Ticket("T-S01-2026-000701", 12.10m);
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var page = await browser.GetAsync("/claim");

        var unknown = await browser.SubmitAsync(
            page.Form("/claim"),
            ("taxid", "B12345674"),
            ("number0", ticket.Number),
            ("date0", "2026-11-23"),
            ("total0", "99,99"),
            ("act", "look")
        );
        Assert.Equal(422, unknown.Status);
        Assert.Contains("No hay ningún ticket así.", unknown.Text, StringComparison.Ordinal);
        Assert.Equal(ticket.Number, unknown.Html.QuerySelector("#number0")!.GetAttribute("value"));
        Assert.Equal("99,99", unknown.Html.QuerySelector("#total0")!.GetAttribute("value"));

        var known = await browser.SubmitAsync(unknown.Form("/claim"), ("total0", "12.10"), ("act", "look"));
        var nobody = await browser.SubmitAsync(known.Form("/claim"), ("name", "Ana Sol"), ("nif", "12345678A"), ("act", "issue"));
        Assert.Equal(422, nobody.Status);
        Assert.Contains("El NIF no es correcto.", nobody.Text, StringComparison.Ordinal);
        Assert.Equal("Ana Sol", nobody.Html.QuerySelector("#name")!.GetAttribute("value"));
        Assert.Equal(422, (await browser.SubmitAsync(page.Form("/claim"), ("act", "look"))).Status);
    }

    [Fact]
    public async Task A_mailed_ticket_leads_to_its_full_invoice_and_another_persons_does_not()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var ticket = Demo.Of(portal.World, "T-CAD-2026-001007");
        var page = await browser.GetAsync($"/invoices/{ticket.InvoiceId}");
        var href = page.Html.QuerySelector("a[href^='/claim?ticket=']")!.GetAttribute("href")!;

        var claim = await browser.GetAsync(href);

        Assert.Contains(ticket.Number, claim.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await browser.SubmitAsync(claim.Form("/claim"), ("act", "look"))).Status);
        var right = await browser.GetAsync($"/invoices/{ticket.InvoiceId}/buyer");
        Assert.Equal((303, href), (right.Status, right.Location));
        using var other = await portal.SignedInAsync(Demo.Berta);
        Assert.Equal(404, (await other.GetAsync(href)).Status);
        var stolen = await other.GetAsync("/claim");
        Assert.Equal(422, (await other.SubmitAsync(stolen.Form("/claim"), ("ticket0", $"{ticket.InvoiceId}"), ("act", "look"))).Status);
    }

    [Fact]
    public async Task The_camera_may_be_used_on_this_page_alone_and_the_page_needs_no_script()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var page = await browser.GetAsync("/claim");
        Assert.Contains("script-src 'self'", page.Response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("camera=(self)", page.Response.Headers.GetValues("Permissions-Policy").Single(), StringComparison.Ordinal);
        var script = page.Html.QuerySelector("script")!;
        Assert.Equal("", script.TextContent);
        var read = await browser.GetAsync(script.GetAttribute("src")!);
        Assert.Equal("text/javascript", read.Response.Content.Headers.ContentType!.MediaType);
        var list = await browser.GetAsync("/invoices");
        Assert.DoesNotContain("script-src", list.Response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("camera=()", list.Response.Headers.GetValues("Permissions-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_name_leads_to_a_corrective_invoice_and_another_taxpayer_to_the_shop()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var wrong = Demo.Of(portal.World, "F-S01-2026-000123");
        var page = await browser.GetAsync($"/invoices/{wrong.InvoiceId}/buyer");
        Assert.Equal("Ana García Núñez", page.Html.QuerySelector("#name")!.GetAttribute("value"));

        var other = await browser.SubmitAsync(page.Form("/invoices/"), ("nif", "00000000T"));
        Assert.Equal(422, other.Status);
        Assert.Contains("es otro", other.Text, StringComparison.Ordinal);

        var right = await browser.SubmitAsync(page.Form("/invoices/"), ("name", "Ana García Muñoz"));
        var twice = await browser.SubmitAsync(page.Form("/invoices/"), ("name", "Ana García Muñoz"));
        Assert.Equal(303, right.Status);
        Assert.Equal(right.Location, twice.Location);
        var corrective = await browser.GetAsync(right.Location);
        Assert.Contains("Rectifica a F-S01-2026-000123", corrective.Text, StringComparison.Ordinal);
        Assert.Contains("Ana García Muñoz", corrective.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await browser.GetAsync($"/invoices/{Demo.Of(portal.World, "F-S01-2026-000124").InvoiceId}/buyer")).Status);
    }

    private InvoiceBody Ticket(string number, decimal total)
    {
        var ticket = Demo.Invoice(Demo.Nandu, number, 0, true, Demo.Line("VELA", "Vela", 1, total)) with
        {
            Kind = InvoiceKind.Simplified,
            Buyer = null,
        };
        portal.World.Tickets.Add(ticket);
        return ticket;
    }

    private static string Qr(InvoiceBody ticket) =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"https://prewww2.aeat.es/wlpl/TIKE-CONT/ValidarQR?nif=B12345674&numserie={ticket.Number}&fecha={ticket.IssueDate:dd-MM-yyyy}&importe={ticket.Totals.TotalWithVat}"
        );
}
