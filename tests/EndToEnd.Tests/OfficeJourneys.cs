using RetailInvoicing.EndToEnd.Tests.TheSystem;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>What a shop's staff does about invoices, customers and reports in the office, each way on a desk and on a telephone.</summary>
public sealed class OfficeJourneys(SharedSystem shared)
{
    public static TheoryData<string> Screens => ["desk", "phone"];

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task An_owner_finds_an_invoice_by_its_number_and_takes_its_xml(string screen)
    {
        await using var desk = await Desk.OpenAsync(shared, screen, "owner");
        var sale = await desk.SellAsync();
        var page = desk.Page;
        await page.GotoAsync($"{desk.Portal}/office/invoices");
        await page.FillAsync("input[name=q]", sale.Number);
        await page.ClickAsync("form:has(input[name=q]) button");
        await page.ClickAsync($".listing tbody >> text={sale.Number}");
        await page.WaitForURLAsync($"**/office/invoices/{sale.Id}");
        foreach (var said in new[] { "64,90 €", "Eva Ríos Santos", "Lámpara de mesa de latón", "Expedida" })
        {
            Assert.Contains(said, await desk.TextAsync(), StringComparison.Ordinal);
        }

        var taken = page.WaitForDownloadAsync();
        await page.ClickAsync("text=XML (CII)");
        Assert.EndsWith(".xml", (await taken).SuggestedFilename, StringComparison.Ordinal);
        await Chromium.KeepAsync(page, "office-invoice");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_shop_takes_a_lamp_back_and_a_corrective_invoice_says_so(string screen)
    {
        await using var desk = await Desk.OpenAsync(shared, screen, "shop");
        var sale = await desk.SellAsync();
        var page = desk.Page;
        await page.GotoAsync($"{desk.Portal}/office/invoices/{sale.Id}");
        await page.ClickAsync("a:text-is('Rectificar')");
        await page.FillAsync("input[name=back0]", "1");
        await page.FillAsync("form[action$='/correct/lines'] textarea[name=why]", "La devuelve");
        await page.ClickAsync("text=Sí, expedir la rectificativa");
        await page.WaitForURLAsync("**done=corrected*");
        Assert.Contains("−64,90 €", await desk.TextAsync(), StringComparison.Ordinal);
        var original = await desk.Shop.GetAsync("invoicing", $"/v1/invoices/{sale.Id}");
        Assert.Equal(1, original.GetProperty("correctedBy").GetArrayLength());

        // What was corrected is not cancelled, and the page says why instead of asking.
        await page.GotoAsync($"{desk.Portal}/office/invoices/{sale.Id}");
        Assert.Contains("Lo rectificado no se anula.", await desk.TextAsync(), StringComparison.Ordinal);
        await Chromium.KeepAsync(page, "office-corrected");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task An_accountant_cancels_an_invoice_that_should_never_have_been(string screen)
    {
        await using var desk = await Desk.OpenAsync(shared, screen, "accountant");
        var sale = await desk.SellAsync();
        var page = desk.Page;
        await page.GotoAsync($"{desk.Portal}/office/invoices/{sale.Id}");
        await page.ClickAsync("text=Anular la factura");
        Assert.Contains("Su número no se vuelve a usar", await desk.TextAsync(), StringComparison.Ordinal);
        await page.FillAsync("form[action$='/cancel'] textarea[name=reason]", "Se registró dos veces");
        await page.ClickAsync("text=Sí, anular");
        await page.WaitForURLAsync("**done=voided*");
        Assert.Contains("Ya está anulada.", await desk.TextAsync(), StringComparison.Ordinal);
        await page.GotoAsync($"{desk.Portal}/office/invoices?show=cancelled");
        Assert.Contains(sale.Number, await desk.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_ticket_becomes_a_full_invoice_at_the_counter(string screen)
    {
        await using var desk = await Desk.OpenAsync(shared, screen, "shop");
        var ticket = await desk.SellTicketAsync();
        var page = desk.Page;
        await page.GotoAsync($"{desk.Portal}/office/invoices/{ticket.Id}");
        await page.ClickAsync("text=Canjear por una factura completa");
        Assert.Equal(ticket.Number, await page.InputValueAsync("textarea[name=tickets]"));
        await page.FillAsync("input[name=name]", "Eva Ríos Santos");
        await page.FillAsync("input[name=nif]", "12345678Z");
        await page.FillAsync("input[name=line1]", "Calle del Pez 1");
        await page.FillAsync("input[name=postal]", "28004");
        await page.FillAsync("input[name=city]", "Madrid");
        await page.ClickAsync("text=Sí, expedir la factura");
        await page.WaitForURLAsync("**done=exchanged*");
        var text = await desk.TextAsync();
        Assert.Contains("Eva Ríos Santos", text, StringComparison.Ordinal);
        Assert.Contains(ticket.Number, text, StringComparison.Ordinal);
        await page.GotoAsync($"{desk.Portal}/office/invoices/{ticket.Id}");
        Assert.Contains("Ya se canjeó por", await desk.TextAsync(), StringComparison.Ordinal);
        await Chromium.KeepAsync(page, "office-exchange");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task An_owner_compares_sales_and_comes_from_a_row_to_its_invoices(string screen)
    {
        await using var desk = await Desk.OpenAsync(shared, screen, "owner");
        var sale = await desk.SellAsync();
        var page = desk.Page;
        await desk.UntilSaidAsync("/office/reports/sales?groupBy=store&compare=previous", "64,90 €");
        await page.ClickAsync(".listing tbody a");
        await page.WaitForURLAsync("**/office/reports/sales/invoices*");
        await page.ClickAsync($"text={sale.Number}");
        await page.WaitForURLAsync($"**/office/invoices/{sale.Id}");

        await page.GotoAsync($"{desk.Portal}/office/reports/vat-book");
        var book = page.WaitForDownloadAsync();
        await page.ClickAsync("a:text-is('PDF')");
        Assert.EndsWith(".pdf", (await book).SuggestedFilename, StringComparison.Ordinal);
        await Chromium.KeepAsync(page, "office-report");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task An_owner_gets_a_report_by_mail_and_stops_it(string screen)
    {
        await using var desk = await Desk.OpenAsync(shared, screen, "owner");
        var page = desk.Page;
        await page.GotoAsync($"{desk.Portal}/office/reports/schedules?report=sales");
        await page.FillAsync("input[name=id][type=text]", "ventas");
        await page.ClickAsync("form[action$='/schedules'] button");
        await page.WaitForURLAsync("**done=scheduled*");
        Assert.Contains("Cada lunes, de la semana anterior", await desk.TextAsync(), StringComparison.Ordinal);
        var kept = await desk.Shop.GetAsync("reporting", "/v1/report-schedules");
        Assert.Equal("ventas", kept.GetProperty("schedules")[0].GetProperty("scheduleId").GetString());
        await page.ClickAsync(".dossiers summary");
        await page.ClickAsync("text=Sí, dejar de enviarlo");
        await page.WaitForURLAsync("**done=removed*");
        Assert.Equal(0, (await desk.Shop.GetAsync("reporting", "/v1/report-schedules")).GetProperty("schedules").GetArrayLength());
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task An_owner_looks_at_one_customer_and_takes_its_statement(string screen)
    {
        await using var desk = await Desk.OpenAsync(shared, screen, "owner");
        var sale = await desk.SellAsync();
        var page = desk.Page;
        await desk.UntilSaidAsync("/office/customers", "Eva Ríos Santos");
        await desk.UntilSaidAsync("/office/customers/K-2", "acaba en 64,90 €");
        Assert.Contains(sale.Number, await desk.TextAsync(), StringComparison.Ordinal);
        Assert.Contains("No quiere ofertas", await desk.TextAsync(), StringComparison.Ordinal);
        var statement = page.WaitForDownloadAsync();
        await page.ClickAsync("text=Extracto de 12 meses en PDF");
        Assert.Equal("extracto.pdf", (await statement).SuggestedFilename);
        await Chromium.KeepAsync(page, "office-customer");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task The_day_changes_on_the_page_by_itself_as_it_is_sold(string screen)
    {
        await using var desk = await Desk.OpenAsync(shared, screen, "owner", script: true);
        var page = desk.Page;
        await desk.SellTicketAsync();
        await desk.UntilSaidAsync("/office", "64,90 €");
        await desk.SellTicketAsync("TICKET-2");
        // Nobody loads it again.
        await Wait.EqualAsync(
            "the page says what both tickets come to",
            Wait.Generous,
            true,
            async () => (await desk.TextAsync()).Contains("129,80 €", StringComparison.Ordinal)
        );
        await Chromium.KeepAsync(page, "office-today");
    }
}
