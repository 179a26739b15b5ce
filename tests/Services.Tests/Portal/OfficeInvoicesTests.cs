using System.Text.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Collections.Receivables;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Transmissions;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Services.Tests.Portal.World;
using static RetailInvoicing.Services.Tests.Portal.World.FakeDoors;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>The office's invoices: what is seen of them, and what the law lets be done about one.</summary>
public sealed class OfficeInvoicesTests(OfficeHost office) : IClassFixture<OfficeHost>
{
    private const string List = "invoicing GET /v1/invoices";
    private const string Issued = "01935b7c-0000-7000-8000-000000000777";

    [Fact]
    public async Task The_navigation_has_eight_words_and_a_role_sees_those_that_open_to_it()
    {
        office.Doors.Answer(List, Page([]));
        using var owner = await office.OwnerAsync();
        var page = await owner.GetAsync("/office/invoices");
        Assert.Equal(
            ["Hoy", "Facturas", "Cobros", "Banco", "Clientes", "Informes", "Marketing", "Ajustes"],
            page.Html.QuerySelectorAll(".rooms a").Select(link => link.TextContent)
        );
        Assert.Equal("Facturas", page.Html.QuerySelector(".rooms a[aria-current=page]")!.TextContent);

        const string Till = "caja-menu@nandu.example";
        var at = office.Portal.World.Sellers.FindIndex(seller => seller.SellerId == Demo.Nandu);
        var before = office.Portal.World.Sellers[at];
        office.Portal.World.Sellers[at] = before with { Staff = [.. before.Staff, new() { Email = Till, Role = StaffRole.Shop }] };
        try
        {
            using var shop = await office.Portal.SignedInAsync(Till, "en");
            Assert.Equal(
                ["Today", "Invoices", "Collecting", "Bank"],
                (await shop.GetAsync("/office/invoices")).Html.QuerySelectorAll(".rooms a").Select(link => link.TextContent)
            );
        }
        finally
        {
            office.Portal.World.Sellers[at] = before;
        }
    }

    [Fact]
    public async Task The_list_says_what_is_seen_and_the_address_says_it_to_the_door()
    {
        office.Doors.Answer(List, Page([Demo.Of(office.Portal.World, "F-S01-2026-000123")], Issued));
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/invoices?show=cancelled&store=S01&customer=17850&from=2026-11-01&to=2026-11-30&q=farol");
        Assert.Equal(200, page.Status);
        var asked = office.Doors.At(List)[0].Query;
        foreach (var part in new[] { "status=cancelled", "storeId=S01", "customerId=17850", "from=2026-11-01", "to=2026-11-30", "q=farol" })
        {
            Assert.Contains(part, asked, StringComparison.Ordinal);
        }

        foreach (
            var said in new[] { "Anuladas", "que dicen «farol»", "de la tienda S01", "del 1 nov 2026 al 30 nov 2026", "F-S01-2026-000123" }
        )
        {
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        }

        Assert.Equal("Ana García NúñezS01", Squeezed(page.Html.QuerySelector(".listing tbody td:nth-child(3)")!.TextContent));
        var next = page.Html.QuerySelector(".pages a")!.GetAttribute("href")!;
        Assert.Contains($"cursor={Issued}", next, StringComparison.Ordinal);
        Assert.Contains("store=S01", next, StringComparison.Ordinal);
        await browser.GetAsync(next);
        Assert.Contains($"cursor={Issued}", office.Doors.At(List)[0].Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_number_is_found_at_once_and_anything_else_is_searched()
    {
        var wanted = Demo.Of(office.Portal.World, "F-S01-2026-000123");
        office.Doors.Answer(
            List,
            knock => (200, "application/json", Page(knock.Query.Contains("number=", StringComparison.Ordinal) ? [wanted] : []))
        );
        using var browser = await office.OwnerAsync();
        var found = await browser.GetAsync("/office/invoices?q=F-S01-2026-000123");
        Assert.Contains("number=F-S01-2026-000123", office.Doors.At(List)[0].Query, StringComparison.Ordinal);
        Assert.Contains("57,15 €", Squeezed(found.Html.QuerySelector(".listing tbody")!.TextContent), StringComparison.Ordinal);
        var none = await browser.GetAsync("/office/invoices?q=nada");
        Assert.Contains("q=nada", office.Doors.At(List)[0].Query, StringComparison.Ordinal);
        Assert.Contains("Ninguna factura coincide.", none.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_seen_is_a_file_that_no_spreadsheet_runs()
    {
        var invoice = Demo.Of(office.Portal.World, "F-S01-2026-000124");
        var formula = invoice with { Buyer = invoice.Buyer! with { Name = "=1+1,\"x\"" } };
        office.Doors.Answer(
            List,
            knock => (200, "application/json", Page([formula], knock.Query.Contains("cursor=", StringComparison.Ordinal) ? null : Issued))
        );
        using var browser = await office.OwnerAsync();
        var link = (await browser.GetAsync("/office/invoices?show=full")).Html.QuerySelector("a[download]")!.GetAttribute("href")!;
        Assert.Contains("show=full", link, StringComparison.Ordinal);
        var file = await browser.GetAsync(link);
        Assert.Equal("text/csv", file.Response.Content.Headers.ContentType!.MediaType);
        var lines = file.Body.TrimStart('\ufeff').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("Factura,Fecha,Cliente,Estado,Total", lines[0]);
        // Both pages of it.
        Assert.Equal(3, lines.Length);
        Assert.Equal($"F-S01-2026-000124,2026-11-23,\"'=1+1,\"\"x\"\" (S01)\",due,16.50", lines[1]);
    }

    [Fact]
    public async Task What_is_owed_is_asked_of_those_who_know()
    {
        office.Doors.Answer(
            "collections GET /v1/receivables",
            Shaped<ReceivablePage>(
                $$"""{"items":[{"invoiceId":"{{Issued}}","number":"F-S01-2026-000041","customerKey":"17850","customerName":"Berta Ruiz","currency":"EUR","totalWithVat":"19.80","amountDue":"19.80","dueDate":"2026-10-24","status":"overdue","bucket":"1-30","daysOverdue":30,"reminders":1,"onHold":false}]}"""
            )
        );
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/invoices?show=overdue");
        Assert.Contains("status=overdue", office.Doors.At("collections GET /v1/receivables")[0].Query, StringComparison.Ordinal);
        Assert.Contains("30 días tarde", page.Text, StringComparison.Ordinal);
        Assert.NotNull(page.Html.QuerySelector($"a[href='/office/invoices/{Issued}']"));
    }

    [Fact]
    public async Task One_invoice_shows_all_that_is_known_of_it_and_its_files()
    {
        var at = One(Demo.Of(office.Portal.World, "F-S01-2026-000098"));
        office.Doors.Answer(
            "delivery GET /v1/transmissions",
            Shaped<TransmissionPage>(
                $$"""{"transmissions":[{"transmissionId":"01935b7c-0000-7000-8000-0000000000aa","purpose":"invoice","channel":"email","recipient":"ana@example.com","status":"sent","attempts":1,"possibleDuplicate":false,"createdAt":"2026-11-02T09:00:00+00:00","sentAt":"2026-11-02T09:01:00+00:00"}]}"""
            )
        );
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync(at);
        foreach (
            var said in new[]
            {
                "F-S01-2026-000098 · 43,65 €",
                "Perchero de crema con cupido",
                "12345678Z",
                "21 %",
                "Tarjeta",
                "Expedida",
                "Enviada · email",
                "ana@example.com",
                "Anotada en la cadena fiscal",
                "Anular la factura",
                "Su número no se vuelve a usar",
                "Está cobrada: piensa si lo que toca es rectificarla.",
            }
        )
        {
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        }

        var links = page.Html.QuerySelectorAll("a").Select(link => link.GetAttribute("href")).ToList();
        foreach (var tail in new[] { "/pdf", "/xml", "/document/facturae", "/document/cii", "/document/verifactu", "/correct" })
        {
            Assert.Contains(at + tail, links);
        }

        Assert.DoesNotContain($"{at}/pay", page.Body, StringComparison.Ordinal);
        Assert.Equal("text/html", page.Response.Content.Headers.ContentType!.MediaType);
        Assert.Empty(page.Html.QuerySelectorAll("[style], style, script:not([src])"));
        using var english = await office.OwnerAsync("en");
        var read = await english.GetAsync(at);
        Assert.Contains("What was sold", read.Text, StringComparison.Ordinal);
        Assert.Contains("Its number is never used again", read.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Qué ", read.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_law_does_not_let_be_done_is_said_with_its_reason_and_not_offered()
    {
        var reference = new InvoiceReference { Number = "R-S01-2026-000009", IssueDate = new DateOnly(2026, 11, 20) };
        var whole = Demo.Of(office.Portal.World, "F-S01-2026-000123");
        using var browser = await office.OwnerAsync();

        var corrected = One(whole with { CorrectedBy = [reference] });
        var page = await browser.GetAsync(corrected);
        Assert.Contains("No se anula: se rectificó con R-S01-2026-000009.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Html.Forms, form => form.GetAttribute("action")!.EndsWith("/cancel", StringComparison.Ordinal));
        Assert.NotNull(page.Html.QuerySelector($"a[href='{corrected}/correct']"));

        var cancelled = One(whole with { Status = InvoiceStatus.Cancelled });
        page = await browser.GetAsync(cancelled);
        Assert.Contains("No se rectifica: está anulada.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Ya está anulada.", page.Text, StringComparison.Ordinal);
        Assert.Null(page.Html.QuerySelector($"a[href='{cancelled}/correct']"));
        Assert.Contains("No se rectifica: está anulada.", (await browser.GetAsync($"{cancelled}/correct")).Text, StringComparison.Ordinal);

        var exchanged = One(whole with { Kind = InvoiceKind.Simplified, Buyer = null, ReplacedBy = reference });
        page = await browser.GetAsync(exchanged);
        Assert.Contains("Ya se canjeó por R-S01-2026-000009.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Anula antes esa.", page.Text, StringComparison.Ordinal);

        var differences = One(Demo.Of(office.Portal.World, "R-S01-2026-000007"));
        Assert.Contains(
            "solo recoge diferencias de F-S01-2026-000098",
            (await browser.GetAsync(differences)).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_auditor_looks_and_is_offered_nothing()
    {
        var at = One(Demo.Of(office.Portal.World, "T-CAD-2026-001007"));
        using var browser = await office.Portal.SignedInAsync(Demo.Both);
        var page = await browser.GetAsync($"{at}?seller=faro");
        Assert.Contains("Tu papel solo mira", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Html.Forms, form => form.GetAttribute("action")!.StartsWith(at, StringComparison.Ordinal));
        Assert.NotNull(page.Html.QuerySelector($"a[href='{at}/pdf?seller=faro']"));
    }

    [Fact]
    public async Task An_invoice_that_should_never_have_been_is_cancelled_by_one_form_that_says_what_it_does()
    {
        var invoice = Demo.Of(office.Portal.World, "F-S01-2026-000124");
        var at = One(invoice);
        var door = $"invoicing POST /v1/invoices/{invoice.InvoiceId}/cancellation";
        office.Doors.Refuse(door, 409, "INV-CANCEL-02", "F-S01-2026-000124 se rectificó con otra: lo rectificado no se anula.");
        using var browser = await office.OwnerAsync();
        var refused = await browser.SubmitAsync((await browser.GetAsync(at)).Form($"{at}/cancel"), ("reason", "Se registró dos veces"));
        Assert.Equal(409, refused.Status);
        Assert.Contains("lo rectificado no se anula", refused.Html.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Se registró dos veces", refused.Form($"{at}/cancel").QuerySelector("[name=reason]")!.TextContent);

        office.Doors.Answer(door, Json(invoice with { Status = InvoiceStatus.Cancelled }), 201);
        var done = await browser.SubmitAsync((await browser.GetAsync(at)).Form($"{at}/cancel"), ("reason", "Se registró dos veces"));
        Assert.Equal((303, $"{at}?done=voided"), (done.Status, done.Location));
        Assert.Equal("""{"reason":"Se registró dos veces"}""", Shaped<CancellationRequest>(office.Doors.At(door)[0].Body));
        Assert.Contains("lo cobrado queda sin asignar", (await browser.GetAsync(done.Location)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_back_and_what_should_have_cost_less_are_the_differences()
    {
        var invoice = Demo.Of(office.Portal.World, "F-S01-2026-000123");
        var at = One(invoice);
        var door = Correcting(invoice);
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync($"{at}/correct");
        Assert.Contains("La original se queda como está.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Se vendieron 2 a 9,95 € cada una.", page.Text, StringComparison.Ordinal);
        var done = await browser.SubmitAsync(
            page.Form($"{at}/correct/lines"),
            ("back0", "1"),
            ("price1", "20,00"),
            ("reason", "R1"),
            ("why", "Roto"),
            ("means", "card"),
            ("amount", "14,45")
        );
        Assert.Equal((303, $"/office/invoices/{Issued}?done=corrected"), (done.Status, done.Location));
        var sent = JsonNode.Parse(Shaped<CorrectionRequest>(office.Doors.At(door)[0].Body))!;
        Assert.Equal(("differences", "R1", "Roto"), ((string)sent["method"]!, (string)sent["reason"]!, (string)sent["reasonText"]!));
        Assert.Equal(
            ["-1 × 9.95", "-1 × 24.50", "1 × 20.00"],
            sent["lines"]!.AsArray().Select(line => $"{line!["quantity"]} × {line["unitPrice"]}")
        );
        Assert.Equal("21", (string)sent["lines"]![0]!["vat"]!["rate"]!);
        Assert.Equal(("card", "-14.45"), ((string)sent["payments"]![0]!["means"]!, (string)sent["payments"]![0]!["amount"]!));
        Assert.NotEqual("", office.Doors.At(door)[0].Key);
    }

    [Fact]
    public async Task What_is_no_number_is_said_and_nothing_is_sent()
    {
        var invoice = Demo.Of(office.Portal.World, "F-S01-2026-000123");
        var at = One(invoice);
        var door = Correcting(invoice);
        using var browser = await office.OwnerAsync();
        var before = office.Doors.At(door).Count;
        var refused = await browser.SubmitAsync((await browser.GetAsync($"{at}/correct")).Form($"{at}/correct/lines"), ("back0", "uno"));
        Assert.Equal(422, refused.Status);
        Assert.Contains("Portavelas", refused.Html.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("uno", refused.Form($"{at}/correct/lines").QuerySelector("[name=back0]")!.GetAttribute("value"));
        Assert.Equal(before, office.Doors.At(door).Count);
    }

    [Fact]
    public async Task A_ticket_is_corrected_under_the_code_of_tickets_alone()
    {
        var ticket = Demo.Of(office.Portal.World, "F-S01-2026-000041") with { Kind = InvoiceKind.Simplified, Buyer = null };
        var at = One(ticket);
        var door = Correcting(ticket);
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync($"{at}/correct");
        Assert.Null(page.Html.QuerySelector("select[name=reason]"));
        Assert.Equal(303, (await browser.SubmitAsync(page.Form($"{at}/correct/lines"), ("back0", "4"))).Status);
        Assert.Equal("R5", (string)JsonNode.Parse(office.Doors.At(door)[0].Body)!["reason"]!);
    }

    [Fact]
    public async Task Vat_of_a_bad_debt_and_a_wrong_buyer_have_forms_of_their_own()
    {
        var plain = Demo.Of(office.Portal.World, "F-S01-2026-000124");
        var reduced = plain.Lines[0] with
        {
            Allowances =
            [
                new InvoiceAllowanceBody
                {
                    Amount = 0.83m,
                    GrossAmount = 1.00m,
                    Reason = "Promoción",
                },
            ],
            LineGrossAmount = 15.50m,
        };
        var invoice = plain with { Lines = [reduced] };
        var at = One(invoice);
        var door = Correcting(invoice);
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync($"{at}/correct");
        Assert.Equal(
            303,
            (await browser.SubmitAsync(page.Form($"{at}/correct/vat"), ("reason", "R3"), ("why", "Burofax del 2-11-2026"))).Status
        );
        Assert.Equal(
            """{"method":"differences","reason":"R3","reasonText":"Burofax del 2-11-2026","vatOnly":true,"lines":[],"allowances":[],"charges":[],"payments":[]}""",
            Shaped<CorrectionRequest>(office.Doors.At(door)[0].Body)
        );

        var form = (await browser.GetAsync($"{at}/correct")).Form($"{at}/correct/buyer");
        Assert.Equal("12345678Z", form.QuerySelector("[name=nif]")!.GetAttribute("value"));
        Assert.Equal(303, (await browser.SubmitAsync(form, ("name", "Ana García Núñez, S.L."))).Status);
        var sent = JsonNode.Parse(Shaped<CorrectionRequest>(office.Doors.At(door)[0].Body))!;
        Assert.Equal(("substitution", "R4"), ((string)sent["method"]!, (string)sent["reason"]!));
        Assert.Equal("Ana García Núñez, S.L.", (string)sent["buyer"]!["name"]!);
        Assert.Equal("Calle Mayor, 1, 3.º B", (string)sent["buyer"]!["address"]!["line1"]!);
        Assert.Equal(("10", "1.65"), ((string)sent["lines"]![0]!["quantity"]!, (string)sent["lines"]![0]!["unitPrice"]!));
        Assert.Equal("1.00", (string)sent["lines"]![0]!["allowances"]![0]!["amount"]!);
    }

    [Fact]
    public async Task Tickets_are_exchanged_by_the_numbers_that_are_printed_on_them()
    {
        var ticket = Demo.Of(office.Portal.World, "F-S01-2026-000041") with { Kind = InvoiceKind.Simplified, Buyer = null };
        One(ticket);
        office.Doors.Answer(
            List,
            knock => (200, "application/json", Page(knock.Query.Contains(ticket.Number, StringComparison.Ordinal) ? [ticket] : []))
        );
        office.Doors.Answer(
            "invoicing POST /v1/exchanges",
            Json(Demo.Of(office.Portal.World, "F-S01-2026-000123") with { InvoiceId = InvoiceId.Of(Guid.Parse(Issued)) }),
            201
        );
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync($"/office/invoices/exchange?ticket={ticket.Number}");
        Assert.Contains("No hay venta, ni IVA, ni deuda nueva", page.Text, StringComparison.Ordinal);
        var form = page.Form("/office/invoices/exchange");
        Assert.Equal(ticket.Number, form.QuerySelector("[name=tickets]")!.TextContent.Trim());

        var refused = await browser.SubmitAsync(form, ("tickets", "NO-HAY-1"), ("name", "Ana"), ("nif", "12345678Z"));
        Assert.Equal(422, refused.Status);
        Assert.Contains("NO-HAY-1", refused.Html.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);

        var done = await browser.SubmitAsync(
            (await browser.GetAsync("/office/invoices/exchange")).Form("/office/invoices/exchange"),
            ("tickets", ticket.Number),
            ("name", "Ana García"),
            ("nif", "12345678Z")
        );
        Assert.Equal((303, $"/office/invoices/{Issued}?done=exchanged"), (done.Status, done.Location));
        var sent = JsonNode.Parse(Shaped<ExchangeRequest>(office.Doors.At("invoicing POST /v1/exchanges")[0].Body))!;
        Assert.Equal(ticket.InvoiceId.ToString(), (string)sent["ticketInvoiceIds"]![0]!);
        Assert.Equal("12345678Z", (string)sent["buyer"]!["taxId"]!);
    }

    [Fact]
    public async Task A_format_that_cannot_hold_an_invoice_is_refused_in_words()
    {
        var invoice = Demo.Of(office.Portal.World, "F-S01-2026-000123");
        var at = One(invoice);
        var door = $"invoicing GET /v1/invoices/{invoice.InvoiceId}/document";
        office.Doors.Answer(door, "<Facturae/>", type: "application/xml");
        using var browser = await office.OwnerAsync();
        var file = await browser.GetAsync($"{at}/document/facturae");
        Assert.Equal((200, "<Facturae/>"), (file.Status, file.Body));
        Assert.Equal("?format=facturae", office.Doors.At(door)[0].Query);
        office.Doors.Refuse(door, 422, "INV-FACTURAE-01", "Facturae exige la dirección del destinatario.");
        var refused = await browser.GetAsync($"{at}/document/facturae");
        Assert.Equal(422, refused.Status);
        Assert.Contains("Facturae exige la dirección", refused.Text, StringComparison.Ordinal);
        Assert.Contains("INV-FACTURAE-01", refused.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await browser.GetAsync($"{at}/document/docx")).Status);
    }

    [Fact]
    public async Task A_customer_who_is_no_staff_opens_none_of_it()
    {
        using var stranger = await office.Portal.SignedInAsync(Demo.Ana);
        foreach (var path in new[] { "", "/exchange", $"/{Issued}", $"/{Issued}/correct", $"/{Issued}/document/json" })
        {
            Assert.Equal(403, (await stranger.GetAsync($"/office/invoices{path}")).Status);
        }
    }

    private string Correcting(InvoiceBody invoice)
    {
        var door = $"invoicing POST /v1/invoices/{invoice.InvoiceId}/corrections";
        office.Doors.Answer(
            door,
            Json(Demo.Of(office.Portal.World, "R-S01-2026-000007") with { InvoiceId = InvoiceId.Of(Guid.Parse(Issued)) }),
            201
        );
        return door;
    }

    private string One(InvoiceBody invoice)
    {
        office.Doors.Answer($"invoicing GET /v1/invoices/{invoice.InvoiceId}", Json(invoice));
        return $"/office/invoices/{invoice.InvoiceId}";
    }

    private static string Squeezed(string text) =>
        string.Join(' ', text.Replace('\u00a0', ' ').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Json(InvoiceBody invoice) => JsonSerializer.Serialize(invoice, Wire.Tolerant);

    private static string Page(IReadOnlyList<InvoiceBody> invoices, string? next = null) =>
        JsonSerializer.Serialize(new InvoicePage { Invoices = invoices, NextCursor = next }, Wire.Tolerant);
}
