using AngleSharp.Dom;
using RetailInvoicing.Contracts;
using RetailInvoicing.Services.Tests.Portal.World;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>Paying at a provider: one page, one press, and the way back.</summary>
public sealed class ProviderPayTests : IClassFixture<PortalHost>
{
    private const string Provider = "https://checkout.provider.example/c/pay?id=1&lang=es";
    private readonly PortalHost _portal;

    public ProviderPayTests(PortalHost portal)
    {
        _portal = portal;
        portal.World.Ways.Clear();
        portal.World.Ways.AddRange(["card", "bizum", "wallet"]);
        portal.World.ProviderAddress = Provider;
        portal.World.ProviderFields.Clear();
        portal.World.ProvidersDown = false;
    }

    [Fact]
    public async Task The_page_offers_what_the_sellers_providers_take_and_one_press_leads_there()
    {
        var invoice = Open("q1@example.com", "F-Q01-2026-000001", 18.90m);
        using var browser = await _portal.SignedInAsync("q1@example.com");
        var page = await browser.GetAsync(PayOf(invoice));
        Assert.Equal(["Pagar 18,90 € con tarjeta", "Bizum", "Apple Pay o Google Pay"], Buttons(page.Form(PayOf(invoice))));
        Assert.Equal("Pagar 18,90 € con tarjeta", Said(Assert.Single(page.Html.QuerySelectorAll("main .filled"))));
        Assert.DoesNotContain("Pasarela de pruebas", page.Text, StringComparison.Ordinal);
        Assert.Contains("Por transferencia", page.Text, StringComparison.Ordinal);

        var onward = await browser.SubmitAsync(page.Form(PayOf(invoice)), ("means", "card"));
        Assert.Equal(200, onward.Status);
        Assert.Equal($"0; url={Provider}", Refresh(onward));
        Assert.Equal(Provider, onward.Html.QuerySelector("main a.filled")!.GetAttribute("href"));
        Assert.Contains("form-action 'self';", Policy(onward), StringComparison.Ordinal);
        Assert.Empty(onward.Html.Scripts);
        var asked = _portal.World.Started.Last();
        Assert.Equal(("card", "es", false, false), (asked.Means, asked.Language, asked.AllOpen, asked.HasToken));
        Assert.Equal(invoice.InvoiceId.ToString(), Assert.Single(asked.InvoiceIds));
    }

    [Fact]
    public async Task Fields_for_a_provider_are_a_form_with_a_button_that_may_post_there_and_nowhere_else()
    {
        _portal.World.ProviderAddress = "https://sis.redsys.example:25443/sis/realizarPago";
        _portal.World.ProviderFields.AddRange([("Ds_SignatureVersion", "HMAC_SHA256_V1"), ("Ds_MerchantParameters", "eyJ\"<&>")]);
        var invoice = Open("q2@example.com", "F-Q01-2026-000002", 18.90m);
        using var browser = await _portal.SignedInAsync("q2@example.com");
        var page = await browser.GetAsync(PayOf(invoice));
        var onward = await browser.SubmitAsync(page.Form(PayOf(invoice)), ("means", "bizum"));
        Assert.Equal(200, onward.Status);
        Assert.Null(Refresh(onward));
        Assert.Contains("form-action 'self' https://sis.redsys.example:25443;", Policy(onward), StringComparison.Ordinal);
        Assert.Contains("default-src 'none';", Policy(onward), StringComparison.Ordinal);
        var form = onward.Form("https://sis.redsys.example:25443/sis/realizarPago");
        Assert.Equal(
            [("Ds_SignatureVersion", "HMAC_SHA256_V1"), ("Ds_MerchantParameters", "eyJ\"<&>")],
            form.QuerySelectorAll("input").Select(input => (input.GetAttribute("name")!, input.GetAttribute("value")!))
        );
        Assert.Equal(["Seguir y pagar 18,90 €"], Buttons(form));
        Assert.Empty(onward.Html.Scripts);

        // Other pages may post to ourselves alone.
        Assert.Contains("form-action 'self';", Policy(await browser.GetAsync(PayOf(invoice))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_no_web_address_is_followed_by_nobody()
    {
        var invoice = Open("q3@example.com", "F-Q01-2026-000003", 18.90m);
        using var browser = await _portal.SignedInAsync("q3@example.com");
        foreach (var address in new[] { "javascript:alert(1)", "data:text/html,x", "/pay/x", "", "https://a.example/\r\nX: y" })
        {
            _portal.World.ProviderAddress = address;
            var page = await browser.GetAsync(PayOf(invoice));
            var refused = await browser.SubmitAsync(page.Form(PayOf(invoice)), ("means", "card"));
            Assert.Equal(409, refused.Status);
            Assert.Contains("Ahora mismo no podemos abrir el pago con tarjeta", refused.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_double_click_begins_one_checkout()
    {
        var invoice = Open("q4@example.com", "F-Q01-2026-000004", 18.90m);
        using var browser = await _portal.SignedInAsync("q4@example.com");
        var page = await browser.GetAsync(PayOf(invoice));
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => browser.SubmitAsync(page.Form(PayOf(invoice)), ("means", "card")))
        );
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Single(_portal.World.Checkouts.Values, each => each.InvoiceIds.Contains(invoice.InvoiceId.ToString()));
    }

    [Fact]
    public async Task Where_no_provider_answers_the_page_says_so_and_offers_the_other_ways_first()
    {
        var invoice = Open("q5@example.com", "F-Q01-2026-000005", 18.90m);
        using var browser = await _portal.SignedInAsync("q5@example.com");
        var page = await browser.GetAsync(PayOf(invoice));
        _portal.World.ProvidersDown = true;
        var down = await browser.SubmitAsync(page.Form(PayOf(invoice)), ("means", "card"));
        Assert.Equal(503, down.Status);
        Assert.Contains(
            "No se ha cobrado nada. Paga de otra forma",
            Said(Assert.Single(down.Html.QuerySelectorAll("[role=alert]"))),
            StringComparison.Ordinal
        );
        Assert.Equal(["Pagar 18,90 € con Bizum", "Apple Pay o Google Pay", "Tarjeta"], Buttons(down.Form(PayOf(invoice))));
        Assert.Contains("Por transferencia", down.Text, StringComparison.Ordinal);

        // Pressing there goes on with what was pressed before.
        Assert.Equal(Key(page.Form(PayOf(invoice))), Key(down.Form(PayOf(invoice))));
        _portal.World.ProvidersDown = false;
        Assert.Equal(200, (await browser.SubmitAsync(down.Form(PayOf(invoice)), ("means", "bizum"))).Status);
    }

    [Fact]
    public async Task Who_comes_back_is_told_what_became_of_it_and_the_page_looks_for_a_minute()
    {
        var invoice = Open("q6@example.com", "F-Q01-2026-000006", 18.90m);
        using var browser = await _portal.SignedInAsync("q6@example.com");
        var page = await browser.GetAsync(PayOf(invoice));
        await browser.SubmitAsync(page.Form(PayOf(invoice)), ("means", "card"));
        var (key, back) = (Key(page.Form(PayOf(invoice))), BackOf(PayOf(invoice), Key(page.Form(PayOf(invoice)))));

        var open = await browser.GetAsync(back);
        Assert.Equal((200, "El banco aún no nos ha dicho nada"), (open.Status, open.Heading));
        Assert.Contains("Si has pagado 18,90 €, no pagues otra vez", open.Text, StringComparison.Ordinal);
        Assert.Equal($"2; url={back}&looks=1", Refresh(open));
        Assert.Equal($"3; url={back}&looks=2", Refresh(await browser.GetAsync($"{back}&looks=1")));
        foreach (var enough in new[] { "6", "no", "-1", "99999999999" })
        {
            Assert.Null(Refresh(await browser.GetAsync($"{back}&looks={enough}")));
        }

        _portal.World.Checkouts[key].State = "cancelled";
        Assert.Equal("Has dejado el pago sin terminar", (await browser.GetAsync(back)).Heading);
        _portal.World.Checkouts[key].State = "expired";
        Assert.Equal("Se ha pasado el tiempo para pagar", (await browser.GetAsync(back)).Heading);
        _portal.World.Checkouts[key].State = "failed";
        _portal.World.Checkouts[key].Reason = "card_declined";
        var failed = await browser.GetAsync(back);
        Assert.Equal("No hemos podido cobrar 18,90 €", Said(failed.Html.QuerySelector("h1")!));
        Assert.Contains("Código del banco: card_declined", failed.Text, StringComparison.Ordinal);
        Assert.Null(Refresh(failed));
        Assert.Equal(PayOf(invoice), failed.Html.QuerySelector("main a.filled")!.GetAttribute("href"));

        _portal.World.Checkouts[key].State = "paid";
        var paid = await browser.GetAsync(back);
        Assert.Equal((200, "Gracias, ya está pagada"), (paid.Status, paid.Heading));
        Assert.Contains("Ya está pagada", (await browser.GetAsync(PayOf(invoice))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Coming_back_with_somebody_elses_checkout_or_none_leads_to_the_payment_page()
    {
        var invoice = Open("q7@example.com", "F-Q01-2026-000007", 18.90m);
        using var browser = await _portal.SignedInAsync("q7@example.com");
        foreach (var tail in new[] { "", "?checkout=", "?checkout=x", $"?checkout={Guid.CreateVersion7()}", "?checkout=1&checkout=2" })
        {
            var answer = await browser.GetAsync($"{PayOf(invoice)}/back{tail}");
            Assert.Equal((303, PayOf(invoice)), (answer.Status, answer.Location));
        }
    }

    [Fact]
    public async Task Payments_away_on_the_way_back_is_no_loss()
    {
        var invoice = Open("q8@example.com", "F-Q01-2026-000008", 18.90m);
        using var browser = await _portal.SignedInAsync("q8@example.com");
        _portal.World.Away["payments"] = true;
        try
        {
            Assert.Equal(503, (await browser.GetAsync(BackOf(PayOf(invoice), "any"))).Status);
        }
        finally
        {
            _portal.World.Away.Clear();
        }
    }

    [Fact]
    public async Task All_that_is_open_can_be_paid_at_once_and_the_sum_is_the_one_that_was_shown()
    {
        const string Email = "q9@example.com";
        var (one, two) = (Open(Email, "F-Q01-2026-000009", 18.90m), Open(Email, "F-Q01-2026-000010", 31.10m));
        using var browser = await _portal.SignedInAsync(Email);
        var page = await browser.GetAsync(PayOf(one));
        Assert.Contains("O paga tus 2 facturas pendientes de una vez", page.Text, StringComparison.Ordinal);
        Assert.Contains(two.Number, page.Text, StringComparison.Ordinal);
        var all = page.Html.Forms.Single(form => form.QuerySelector("input[name=all]") is not null);
        Assert.Equal("Pagar las 2 facturas, 50,00 €, con tarjeta", Buttons(all)[0]);
        var onward = await browser.SubmitAsync(all, ("means", "card"));
        Assert.Equal("50,00 €", Said(onward.Html.QuerySelector(".total")!));
        var asked = _portal.World.Started.Last();
        Assert.True(asked.AllOpen);
        Assert.Equal(one.InvoiceId.ToString(), Assert.Single(asked.InvoiceIds));

        Open(Email, "F-Q01-2026-000011", 10m);
        var before = _portal.World.Started.Count;
        var changed = await browser.SubmitAsync(all, ("means", "card"));
        Assert.Equal(409, changed.Status);
        Assert.Contains("El importe ha cambiado", changed.Text, StringComparison.Ordinal);
        Assert.Contains("Pagar las 3 facturas, 60,00 €, con tarjeta", changed.Text, StringComparison.Ordinal);
        Assert.Equal(before, _portal.World.Started.Count);
    }

    [Fact]
    public async Task A_link_to_one_invoice_tells_of_no_other_and_a_link_to_everything_open_pays_it()
    {
        const string Email = "q10@example.com";
        var (one, two) = (Open(Email, "F-Q01-2026-000012", 18.90m), Open(Email, "F-Q01-2026-000013", 31.10m));
        _portal.World.PayLinks["one-12"] = one.InvoiceId;
        _portal.World.CustomerLinks["all-12"] = (Demo.Nandu, Email);
        using var browser = _portal.Browser();
        Assert.DoesNotContain(two.Number, (await browser.GetAsync("/pay/one-12")).Text, StringComparison.Ordinal);

        var page = await browser.GetAsync("/pay/all-12");
        Assert.Equal((200, "Pagar todo lo pendiente"), (page.Status, page.Heading));
        Assert.Equal("50,00 €", Said(page.Html.QuerySelector(".total")!));
        Assert.Contains(one.Number, page.Text, StringComparison.Ordinal);
        Assert.Contains(two.Number, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Email, page.Body, StringComparison.Ordinal);
        var onward = await browser.SubmitAsync(page.Form("/pay/all-12"), ("means", "card"));
        Assert.Equal(200, onward.Status);
        var asked = _portal.World.Started.Last();
        Assert.Equal((true, "all-12", 0), (asked.AllOpen, asked.Token, asked.InvoiceIds.Count));

        var key = Key(page.Form("/pay/all-12"));
        _portal.World.Checkouts[key].State = "paid";
        var paid = await browser.GetAsync(BackOf("/pay/all-12", key));
        Assert.Equal((200, "Gracias, hemos recibido tu pago"), (paid.Status, paid.Heading));
        Assert.Contains("Ñandú ha recibido 50,00 €.", paid.Text, StringComparison.Ordinal);
        Assert.Contains("Ya está todo pagado", (await browser.GetAsync("/pay/all-12")).Text, StringComparison.Ordinal);
        Assert.Equal("Ya está todo pagado", (await browser.GetAsync("/pay/all-12/done")).Heading);
    }

    [Fact]
    public async Task What_is_under_way_says_since_when_and_paying_again_is_folded_away()
    {
        var invoice = Open("q11@example.com", "F-Q01-2026-000014", 18.90m);
        _portal.World.UnderWay[invoice.InvoiceId] = (18.90m, "2026-11-23T09:10:00.0000000+00:00");
        using var browser = await _portal.SignedInAsync("q11@example.com");
        var page = await browser.GetAsync(PayOf(invoice));
        Assert.Contains(
            "18,90 € en camino desde el 23 de noviembre de 2026 a las 10:10: aún no ha llegado, pero no hace falta que pagues otra vez.",
            page.Text,
            StringComparison.Ordinal
        );
        Assert.Empty(page.Html.QuerySelectorAll("main .filled"));
        Assert.NotNull(page.Html.QuerySelector("details form.means"));
        using var english = await _portal.SignedInAsync("q11@example.com", "en");
        Assert.Contains(
            "€18.90 on its way since 10:10 on 23 November 2026",
            (await english.GetAsync(PayOf(invoice))).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_revoked_link_says_so()
    {
        _portal.World.RevokedLinks["revoked"] = true;
        using var browser = _portal.Browser();
        foreach (var path in new[] { "/pay/revoked", "/pay/revoked/done", "/pay/revoked/back?checkout=x" })
        {
            var answer = await browser.GetAsync(path);
            Assert.Equal((410, "La tienda ha anulado este enlace de pago"), (answer.Status, answer.Heading));
        }
    }

    [Fact]
    public async Task A_way_that_is_not_offered_is_not_taken()
    {
        var invoice = Open("q12@example.com", "F-Q01-2026-000015", 18.90m);
        using var browser = await _portal.SignedInAsync("q12@example.com");
        var page = await browser.GetAsync(PayOf(invoice));
        var before = _portal.World.Started.Count;
        Assert.Equal(422, (await browser.SubmitAsync(page.Form(PayOf(invoice)), ("means", "direct-debit"))).Status);
        Assert.Equal(before, _portal.World.Started.Count);
    }

    private InvoiceBody Open(string email, string number, decimal price)
    {
        var invoice = Demo.Invoice(Demo.Nandu, number, 0, paid: false, Demo.Line("A", "Cosa", 1, price));
        Demo.Add(_portal.World, email, invoice);
        return Demo.Of(_portal.World, number);
    }

    private static string PayOf(InvoiceBody invoice) => $"/invoices/{invoice.InvoiceId}/pay";

    private static string BackOf(string pay, string key) => $"{pay}/back?checkout={SimulatedPaymentPages.IdOf(key)}";

    private static string Key(IElement form) => form.QuerySelector("input[name=key]")!.GetAttribute("value")!;

    private static List<string> Buttons(IElement form) => [.. form.QuerySelectorAll("button").Select(Said)];

    private static string Said(IElement element) =>
        string.Join(' ', element.TextContent.Replace('\u00a0', ' ').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Policy(Answer answer) => answer.Response.Headers.GetValues("Content-Security-Policy").Single();

    private static string? Refresh(Answer answer) =>
        answer.Response.Headers.TryGetValues("Refresh", out var values) ? values.Single() : null;
}
