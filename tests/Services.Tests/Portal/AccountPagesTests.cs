using RetailInvoicing.Contracts.Grpc.Collections;
using RetailInvoicing.Services.Tests.Portal.World;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>A customer's account with a shop, and saying that something is wrong.</summary>
public sealed class AccountPagesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private string Path => $"/invoices/{Demo.Of(portal.World, "F-S01-2026-000123").InvoiceId}";

    [Fact]
    public async Task The_account_is_with_the_shop_of_the_invoice_and_can_be_taken_away()
    {
        portal.World.Claims.Add(
            new StatementClaim
            {
                Date = "2026-11-20",
                Kind = "recovery",
                Number = "F-S01-2026-000123",
                Amount = "40.00",
                State = "due",
            }
        );
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var invoice = await browser.GetAsync(Path);
        Assert.Contains($"{Path}/account", invoice.Body, StringComparison.Ordinal);

        var account = await browser.GetAsync($"{Path}/account");

        Assert.Equal((200, "Estado de cuenta"), (account.Status, account.Heading));
        foreach (var said in new[] { "F-S01-2026-000123", "57,15 €", "Saldo a 23 de noviembre de 2026", "Aparte de la cuenta", "40,00 €" })
        {
            Assert.Contains(said, account.Text, StringComparison.Ordinal);
        }

        // Another shop's invoices are another account.
        Assert.DoesNotContain("El Faro", account.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("F-S01-2026-000124", account.Text, StringComparison.Ordinal);
        var pdf = await browser.GetAsync($"{Path}/account/pdf");
        Assert.Equal("application/pdf", pdf.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal($"%PDF of {Demo.Ana}", pdf.Body);
        using var english = await portal.SignedInAsync(Demo.Ana, "en");
        Assert.Equal("Statement of account", (await english.GetAsync($"{Path}/account")).Heading);
    }

    [Fact]
    public async Task What_is_wrong_with_a_line_is_told_to_the_shop_once()
    {
        var invoice = Demo.Invoice(Demo.Nandu, "F-D01-2026-000001", 0, paid: false, Demo.Line("A", "Jarrón azul", 1, 18.90m));
        Demo.Add(portal.World, Demo.Ana, invoice);
        var path = $"/invoices/{invoice.InvoiceId}/dispute";
        using var browser = await portal.SignedInAsync(Demo.Ana);
        var page = await browser.GetAsync(path);
        Assert.Contains("Jarrón azul", page.Text, StringComparison.Ordinal);

        var empty = await browser.SubmitAsync(page.Form("/invoices/"), ("line", ""), ("reason", "  "));
        Assert.Equal(422, empty.Status);
        Assert.Contains("Escribe qué ha pasado", empty.Text, StringComparison.Ordinal);
        var strange = await browser.SubmitAsync(page.Form("/invoices/"), ("line", "no such line"), ("reason", "Roto"));
        Assert.Equal(400, strange.Status);
        Assert.Empty(portal.World.Disputes);

        var line = invoice.Lines[0].LineId;
        var sent = await browser.SubmitAsync(page.Form("/invoices/"), ("line", line), ("reason", "Llegó <roto>"));
        Assert.Equal((303, $"{path}?sent=yes"), (sent.Status, sent.Location));
        Assert.Equal("La tienda ya lo sabe", (await browser.FollowAsync(sent.Location)).Heading);
        var told = portal.World.Disputes[invoice.InvoiceId.ToString()];
        Assert.Equal((line, "Llegó <roto>"), (told.LineId, told.Reason));

        // The second of two clicks leads where the first led; other words in the same form are not taken for it.
        var twice = await browser.SubmitAsync(page.Form("/invoices/"), ("line", line), ("reason", "Llegó <roto>"));
        Assert.Equal((303, sent.Location), (twice.Status, twice.Location));
        var other = await browser.SubmitAsync(page.Form("/invoices/"), ("line", line), ("reason", "Es azul"));
        Assert.Equal((409, "Lo que has cambiado no se ha enviado"), (other.Status, other.Heading));

        var again = await browser.SubmitAsync((await browser.GetAsync(path)).Form("/invoices/"), ("line", ""), ("reason", "Llegó <roto>"));
        Assert.Equal(409, again.Status);
        Assert.Contains("Ya se lo habías contado a la tienda", again.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<roto>", again.Body, StringComparison.Ordinal);
        Assert.Single(portal.World.Disputes);
    }

    [Fact]
    public async Task Nobody_can_say_that_anothers_invoice_is_wrong()
    {
        using var ana = await portal.SignedInAsync(Demo.Ana);
        var form = (await ana.GetAsync($"{Path}/dispute")).Form("/invoices/");
        var bertas = Demo.Of(portal.World, "F-S01-2026-000124");
        form.SetAttribute("action", $"/invoices/{bertas.InvoiceId}/dispute");

        Assert.Equal(404, (await ana.SubmitAsync(form, ("reason", "No es mía"))).Status);
        Assert.DoesNotContain(bertas.InvoiceId.ToString(), portal.World.Disputes.Keys);
    }

    [Fact]
    public async Task Where_collections_is_away_the_page_says_so()
    {
        using var browser = await portal.SignedInAsync(Demo.Ana);
        portal.World.Away["collections"] = true;
        try
        {
            Assert.Equal(503, (await browser.GetAsync($"{Path}/account")).Status);
        }
        finally
        {
            portal.World.Away.TryRemove("collections", out _);
        }
    }
}
