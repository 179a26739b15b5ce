using RetailInvoicing.Contracts;
using RetailInvoicing.Services.Tests.Portal.World;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>Paying, signed in or by a payment link.</summary>
public sealed class PayTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private InvoiceBody Open(string number)
    {
        var invoice = Demo.Invoice(Demo.Nandu, number, 0, paid: false, Demo.Line("A", "Cosa", 1, 18.90m));
        Demo.Add(portal.World, Demo.Ana, invoice);
        return invoice;
    }

    [Fact]
    public async Task Paying_signed_in_settles_the_invoice_and_says_thank_you()
    {
        var invoice = Open("F-P01-2026-000001");
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var page = await browser.GetAsync($"/invoices/{invoice.InvoiceId}/pay");
        foreach (
            var said in new[]
            {
                "18,90 €",
                "Pasarela de pruebas: no se mueve dinero real.",
                "ES91 2100 0418 4502 0005 1332",
                "RF18 5390 0754 7034",
            }
        )
        {
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        }

        var paid = await browser.SubmitAsync(page.Form("/invoices/"), ("means", "bizum"));
        Assert.Equal((303, $"/invoices/{invoice.InvoiceId}/pay/done"), (paid.Status, paid.Location));
        Assert.Equal("Gracias, ya está pagada", (await browser.GetAsync(paid.Location)).Heading);
        var shown = await browser.GetAsync($"/invoices/{invoice.InvoiceId}");
        Assert.Contains("Pagada el 23 de noviembre de 2026", shown.Text, StringComparison.Ordinal);
        Assert.Contains("Bizum", shown.Text, StringComparison.Ordinal);

        // Going back shows what is true now.
        var back = await browser.GetAsync($"/invoices/{invoice.InvoiceId}/pay");
        Assert.Contains("Ya está pagada", back.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(back.Html.Forms, form => form.GetAttribute("action")!.EndsWith("/pay", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_payment_link_pays_without_signing_in_and_shows_no_more_than_is_needed()
    {
        var invoice = Open("F-P01-2026-000002");
        portal.World.PayLinks["good.link-2"] = invoice.InvoiceId;
        using var browser = portal.Browser();
        var page = await browser.GetAsync("/pay/good.link-2");
        Assert.Equal(200, page.Status);
        Assert.DoesNotContain("Cosa", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("García", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Demo.Ana, page.Body, StringComparison.Ordinal);
        Assert.StartsWith("<svg", (await browser.GetAsync("/pay/good.link-2/transfer.svg")).Body, StringComparison.Ordinal);
        var paid = await browser.SubmitAsync(page.Form("/pay/"), ("means", "card"));
        Assert.Equal("Gracias, ya está pagada", (await browser.FollowAsync(paid.Location)).Heading);
        Assert.Contains("Ya está pagada", (await browser.GetAsync("/pay/good.link-2")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_double_click_pays_once()
    {
        var invoice = Open("F-P01-2026-000003");
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var page = await browser.GetAsync($"/invoices/{invoice.InvoiceId}/pay");
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => browser.SubmitAsync(page.Form("/invoices/"), ("means", "card")))
        );
        Assert.All(answers, answer => Assert.Equal(303, answer.Status));
        Assert.Single(portal.World.Payments[invoice.InvoiceId]);
    }

    [Fact]
    public async Task A_page_left_open_in_another_tab_says_that_it_had_been_paid()
    {
        var invoice = Open("F-P01-2026-000004");
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var one = await browser.GetAsync($"/invoices/{invoice.InvoiceId}/pay");
        var other = await browser.GetAsync($"/invoices/{invoice.InvoiceId}/pay");
        await browser.SubmitAsync(one.Form("/invoices/"), ("means", "card"));
        var late = await browser.SubmitAsync(other.Form("/invoices/"), ("means", "card"));
        Assert.Equal("Ya estaba pagada; no se ha cobrado otra vez", (await browser.FollowAsync(late.Location)).Heading);
        Assert.Single(portal.World.Payments[invoice.InvoiceId]);
    }

    [Fact]
    public async Task Typing_the_thank_you_address_does_not_make_it_paid()
    {
        var invoice = Open("F-P01-2026-000005");
        using var browser = await portal.SignedInAsync(Demo.Ana);
        Assert.Equal($"/invoices/{invoice.InvoiceId}/pay", (await browser.GetAsync($"/invoices/{invoice.InvoiceId}/pay/done")).Location);
    }

    [Fact]
    public async Task A_forged_and_a_late_payment_link_say_what_to_do()
    {
        portal.World.PayLinks["late"] = null;
        using var browser = portal.Browser();
        var forged = await browser.GetAsync("/pay/forged");
        Assert.Equal((404, "Este enlace de pago no es válido"), (forged.Status, forged.Heading));
        var late = await browser.GetAsync("/pay/late");
        Assert.Equal((410, "Este enlace de pago ha caducado"), (late.Status, late.Heading));
    }

    [Fact]
    public async Task The_form_cannot_name_another_invoice_or_another_way_to_pay()
    {
        var (mine, other) = (Open("F-P01-2026-000006"), Demo.Of(portal.World, "F-S01-2026-000124"));
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var page = await browser.GetAsync($"/invoices/{mine.InvoiceId}/pay");
        var odd = await browser.SubmitAsync(page.Form("/invoices/"), ("means", "gold"));
        Assert.Equal((422, "No sabemos cómo quieres pagar"), (odd.Status, odd.Heading));
        await browser.SubmitAsync(
            page.Form("/invoices/"),
            ("means", "card"),
            ("invoiceId", other.InvoiceId.ToString()),
            ("sellerId", "faro")
        );
        Assert.False(portal.World.Payments.ContainsKey(other.InvoiceId));
        Assert.Single(portal.World.Payments[mine.InvoiceId]);
    }

    [Fact]
    public async Task A_session_that_ended_in_the_middle_leads_back_to_the_payment_page()
    {
        var invoice = Open("F-P01-2026-000007");
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var page = await browser.GetAsync($"/invoices/{invoice.InvoiceId}/pay");
        await browser.SubmitAsync(page.Form("/sign-out"));
        var refused = await browser.SubmitAsync(page.Form("/invoices/"), ("means", "card"));
        Assert.Equal($"/sign-in?next={Uri.EscapeDataString($"/invoices/{invoice.InvoiceId}/pay")}", refused.Location);
        Assert.False(portal.World.Payments.ContainsKey(invoice.InvoiceId));
    }
}

/// <summary>Paying where there is no sandbox.</summary>
public sealed class PayInProductionTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Without_the_sandbox_the_page_offers_the_transfer_alone()
    {
        portal.World.Sandbox = false;
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var path = $"/invoices/{Demo.Of(portal.World, "F-S01-2026-000123").InvoiceId}/pay";
        var page = await browser.GetAsync(path);
        Assert.Contains("Por transferencia", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Pasarela de pruebas", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Bizum", page.Text, StringComparison.Ordinal);
        var forced = page.Form("/sign-out");
        forced.SetAttribute("action", path);
        var refused = await browser.SubmitAsync(forced, ("means", "card"), ("key", "k"));
        Assert.Equal((409, "El pago no se ha hecho"), (refused.Status, refused.Heading));
    }
}
