using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Playwright;
using RetailInvoicing.EndToEnd.Tests.TheSystem;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>What a shop's staff does about money, offers and settings in the office, each way on a desk and on a telephone.</summary>
public sealed class OfficeMoneyJourneys(SharedSystem shared)
{
    public static TheoryData<string> Screens => ["desk", "phone"];

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_collector_notes_a_call_and_a_promise_and_both_say_who_made_them(string screen)
    {
        await using var desk = await Desk.OpenAsync(shared, screen, "collector");
        var sale = await desk.SellAsync();
        var page = desk.Page;
        await desk.UntilSaidAsync($"/office/collecting/receivables/{sale.Id}", "64,90 €");

        await page.ClickAsync("text=Anotar una llamada");
        await page.FillAsync("form[action$='/note'] textarea[name=why]", "Dice que paga el viernes");
        await page.ClickAsync("form[action$='/note'] button");
        await page.WaitForURLAsync("**done=note*");
        Assert.Contains("Dice que paga el viernes", await desk.TextAsync(), StringComparison.Ordinal);
        Assert.Contains(desk.Email, await desk.TextAsync(), StringComparison.Ordinal);

        await page.ClickAsync("text=Promete pagar");
        await page.FillAsync("form[action$='/promise'] input[name=date]", Day(7));
        await page.ClickAsync("form[action$='/promise'] button");
        await page.WaitForURLAsync("**done=promise*");
        var promises = await desk.Shop.GetAsync("collections", $"/v1/receivables/{sale.Id}/promises");
        Assert.Equal("64.90", promises.GetProperty("items")[0].GetProperty("amount").GetString());
        await Chromium.KeepAsync(page, "office-receivable");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task An_accountant_uploads_the_banks_file_and_matches_a_transfer_by_the_invoices_number(string screen)
    {
        await using var desk = await Desk.OpenAsync(shared, screen, "accountant");
        var sale = await desk.SellAsync();
        var page = desk.Page;
        await desk.UntilSaidAsync($"/office/collecting/receivables/{sale.Id}", "64,90 €");
        var file = Statement(desk.Shop.Iban, "64.90");

        await page.GotoAsync($"{desk.Portal}/office/bank");
        await page.SetInputFilesAsync(
            "input[name=file]",
            new FilePayload
            {
                Name = "extracto.xml",
                MimeType = "application/xml",
                Buffer = Encoding.UTF8.GetBytes(file),
            }
        );
        await page.ClickAsync("form[action$='/bank/statements'] button");
        await page.WaitForURLAsync("**/bank/statements*");
        Assert.Contains("Lo que hemos entendido", await desk.TextAsync(), StringComparison.Ordinal);
        await Chromium.KeepAsync(page, "office-bank");

        var lines = await desk.Shop.GetAsync("payments", "/v1/bank-entries");
        var line = lines.GetProperty("items")[0];
        var entry = line.GetProperty("entryId").GetString();
        await page.GotoAsync($"{desk.Portal}/office/bank/entries/{entry}");
        await page.ClickAsync("text=Casar a mano");
        await page.FillAsync("input[name=number0]", sale.Number);
        Assert.Contains("64,90 € de", await desk.TextAsync(), StringComparison.Ordinal);
        await page.ClickAsync("text=Sí, casar a mano");
        await page.WaitForURLAsync("**done=match*");
        await Wait.EqualAsync(
            "the invoice is paid",
            Wait.Generous,
            0m,
            async () => Shop.Amount(await desk.Shop.GetAsync("payments", $"/v1/invoices/{sale.Id}/balance"), "amountDue")
        );
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task An_owner_looks_at_a_campaign_before_it_runs(string screen)
    {
        await using var desk = await Desk.OpenAsync(shared, screen, "owner");
        var page = desk.Page;
        await page.GotoAsync($"{desk.Portal}/office/marketing");
        await page.FillAsync("input[name=id]", "vuelve");
        await page.ClickAsync("form[action$='/campaigns/new'] button");
        await page.WaitForURLAsync("**/campaigns/vuelve*");
        await page.FillAsync("input[name=name]", "Vuelve pronto");
        await page.FillAsync("input[name=from]", Day(0));
        await page.FillAsync("input[name=to]", Day(30));
        await page.FillAsync("input[name=title-es]", "Un regalo para ti");
        await page.FillAsync("input[name=percent]", "10");
        await page.ClickAsync("text=Ver cómo queda");
        await page.WaitForURLAsync("**/campaigns/vuelve/preview*");
        Assert.Contains("10 % de descuento", await desk.TextAsync(), StringComparison.Ordinal);
        using (var none = desk.Shop.Http("delivery"))
        {
            Assert.Equal(
                HttpStatusCode.NotFound,
                (await none.GetAsync("/v1/campaigns/vuelve", TestContext.Current.CancellationToken)).StatusCode
            );
        }

        await page.ClickAsync("text=Guardar la campaña");
        await page.WaitForURLAsync("**done=saved*");
        var kept = await desk.Shop.GetAsync("delivery", "/v1/campaigns/vuelve");
        Assert.Equal(
            "Un regalo para ti",
            kept.GetProperty("rules").GetProperty("texts").GetProperty("es").GetProperty("title").GetString()
        );
        await Chromium.KeepAsync(page, "office-campaign");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task An_owner_sees_a_template_before_it_is_kept(string screen)
    {
        await using var desk = await Desk.OpenAsync(shared, screen, "owner");
        await desk.SellAsync();
        var page = desk.Page;
        await page.GotoAsync($"{desk.Portal}/office/settings/templates/mail");
        await page.ClickAsync("text=Ver cómo queda");
        var frame = page.FrameLocator("iframe[name=template-preview]");
        await frame.Locator("body").WaitForAsync();
        await Wait.UntilAsync(
            "the frame shows something",
            Wait.Generous,
            async () => (await frame.Locator("body").InnerTextAsync()).Trim().Length > 0
        );
        await Chromium.KeepAsync(page, "office-template");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task An_owner_gives_a_key_that_works_and_takes_it_back(string screen)
    {
        await using var desk = await Desk.OpenAsync(shared, screen, "owner");
        var page = desk.Page;
        await page.GotoAsync($"{desk.Portal}/office/settings/keys");
        await page.CheckAsync("input[name='invoices:read']");
        await page.ClickAsync("text=Dar la clave");
        var key = (await page.InnerTextAsync("p.code[role=status]")).Trim();
        var keyId = (await page.InnerTextAsync("main")).Split("Su identificador es ")[1][..36];
        using var program = new HttpClient { BaseAddress = desk.System.Now.Http("invoicing") };
        program.DefaultRequestHeaders.Authorization = new("Bearer", key);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/v1/invoices", TestContext.Current.CancellationToken)).StatusCode);

        await page.GotoAsync($"{desk.Portal}/office/settings/keys");
        var row = page.Locator($"tr:has-text('{keyId}')");
        await row.Locator("summary").ClickAsync();
        await row.Locator("button").ClickAsync();
        await page.WaitForURLAsync("**done=removed*");
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await program.GetAsync("/v1/invoices", TestContext.Current.CancellationToken)).StatusCode
        );
    }

    private static string Day(int days) =>
        DateOnly
            .FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime)
            .AddDays(days)
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Statement(string iban, string amount) =>
        $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
            <GrpHdr><MsgId>M-{iban}</MsgId><CreDtTm>{Day(0)}T08:00:00</CreDtTm></GrpHdr>
            <Stmt><Id>S-{iban}</Id><CreDtTm>{Day(0)}T08:00:00</CreDtTm><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>
            <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{Day(
                0
            )}</Dt></Dt></Bal>
            <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{Day(
                0
            )}</Dt></Dt></Bal>
            <Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{Day(
                0
            )}</Dt></BookgDt><ValDt><Dt>{Day(0)}</Dt></ValDt>
            <AcctSvcrRef>R-{iban}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
            <NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>
            <RltdPties><Dbtr><Pty><Nm>PERSONA DESCONOCIDA</Nm></Pty></Dbtr></RltdPties><RmtInf><Ustrd>pago</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
            </Stmt></BkToCstmrStmt></Document>
            """;
}
