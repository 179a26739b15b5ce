using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.Payments.Bank;
using RetailInvoicing.Payments.DirectDebits;
using RetailInvoicing.Payments.Ledger;
using RetailInvoicing.Payments.Payments;
using RetailInvoicing.Services.Tests.Portal.World;
using static RetailInvoicing.Services.Tests.Portal.World.FakeDoors;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>The bank in the office: a file goes in, each line is taken for something or left, and nothing moves without a sentence first.</summary>
public sealed class BankTests(OfficeHost office) : IClassFixture<OfficeHost>
{
    private const string Entry = "01935b7c-0000-7000-8000-000000000e01";
    private const string Invoice = "01935b7c-0000-7000-8000-000000000041";
    private const string Payment = "01935b7c-0000-7000-8000-000000000f01";
    private const string Batch = "01935b7c-0000-7000-8000-000000000b01";

    [Fact]
    public async Task A_line_with_a_proposal_says_how_sure_and_why_and_is_taken_after_one_sentence()
    {
        Entries(Line("proposed"));
        office.Doors.Answer($"payments POST /v1/bank-entries/{Entry}/match", Line("matched"));
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/bank");
        Assert.Contains("state=proposed", office.Doors.At("payments GET /v1/bank-entries")[0].Query, StringComparison.Ordinal);
        foreach (
            var said in new[]
            {
                "BERTA RUIZ",
                "19,80 €",
                "Probable · 82 %",
                "Paga F-S01-2026-000041 (19,80 €)",
                "El importe es lo pendiente de F-S01-2026-000041.",
                "19,80 € de BERTA RUIZ: paga F-S01-2026-000041 (19,80 €).",
            }
        )
        {
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        }

        var done = await browser.SubmitAsync(page.Form($"/office/bank/entries/{Entry}/match"));
        Assert.Equal((303, "/office/bank?done=match"), (done.Status, done.Location));
        Assert.Equal("""{"proposal":1}""", office.Doors.At($"payments POST /v1/bank-entries/{Entry}/match")[0].Body);
    }

    [Fact]
    public async Task A_proposal_is_refused()
    {
        Entries(Line("proposed"));
        office.Doors.Answer($"payments POST /v1/bank-entries/{Entry}/refuse", Line("open"));
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/bank");
        var done = await browser.SubmitAsync(page.Form($"/office/bank/entries/{Entry}/reject"));
        Assert.Equal((303, "/office/bank?done=reject"), (done.Status, done.Location));
        Assert.Single(office.Doors.At($"payments POST /v1/bank-entries/{Entry}/refuse"));
    }

    [Fact]
    public async Task A_line_is_matched_by_hand_by_the_invoices_printed_number()
    {
        office.Doors.Answer($"payments GET /v1/bank-entries/{Entry}", Line("open"));
        office.Doors.Answer($"payments POST /v1/bank-entries/{Entry}/match", Line("matched"));
        Invoices();
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync($"/office/bank/entries/{Entry}");
        var done = await browser.SubmitAsync(ByHand(page), ("number0", "F-S01-2026-000123"), ("amount0", "19,80"));
        Assert.Equal(303, done.Status);
        var sent = JsonNode.Parse(office.Doors.At($"payments POST /v1/bank-entries/{Entry}/match")[0].Body)!;
        Assert.Equal("19.80", (string?)sent["invoices"]![0]!["amount"]);
        Assert.Equal(Demo.Of(office.Portal.World, "F-S01-2026-000123").InvoiceId.ToString(), (string?)sent["invoices"]![0]!["invoiceId"]);
        var unknown = await browser.SubmitAsync(
            ByHand(await browser.GetAsync($"/office/bank/entries/{Entry}")),
            ("number0", "F-NADA"),
            ("amount0", "19,80")
        );
        Assert.Equal(422, unknown.Status);
        Assert.Contains("Ninguna factura tuya tiene el número 'F-NADA'", unknown.Text, StringComparison.Ordinal);
        Assert.Equal("F-NADA", unknown.Html.QuerySelector("[name=number0]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task A_match_is_undone_after_a_sentence_that_names_amount_and_person()
    {
        office.Doors.Answer($"payments GET /v1/bank-entries/{Entry}", Line("matched"));
        office.Doors.Answer($"payments POST /v1/bank-entries/{Entry}/unmatch", Line("open"));
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync($"/office/bank/entries/{Entry}");
        Assert.Contains("19,80 € de BERTA RUIZ dejan de estar en sus facturas", page.Text, StringComparison.Ordinal);
        Assert.Equal(303, (await browser.SubmitAsync(page.Form($"/office/bank/entries/{Entry}/unmatch"))).Status);
    }

    [Fact]
    public async Task A_bank_file_goes_in_whole_and_what_was_understood_is_said()
    {
        Entries(Line("proposed"));
        office.Doors.Answer(
            "payments POST /v1/bank-statements",
            Shaped<ImportedFile>(
                """{"statements":[{"statementId":"2026-11-23","account":"ES9121000418450200051332","entries":5,"new":3,"repeated":2,"matched":1,"proposed":1,"unknown":1,"pending":0,"noted":0,"unbooked":0}]}"""
            )
        );
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/bank");
        var form = page.Form("/office/bank/statements");
        Assert.Equal("multipart/form-data", form.GetAttribute("enctype"));
        using var content = new MultipartFormDataContent
        {
            {
                new StringContent(form.QuerySelector("[name=__RequestVerificationToken]")!.GetAttribute("value")!),
                "__RequestVerificationToken"
            },
            { new StringContent(form.QuerySelector("[name=once]")!.GetAttribute("value")!), "once" },
            { new StringContent("<Document>camt</Document>"), "file", "extracto.xml" },
        };
        var told = await Browser.ReadAsync(await browser.Http.PostAsync("/office/bank/statements", content));
        Assert.Equal(200, told.Status);
        Assert.Contains("Lo que hemos entendido", told.Text, StringComparison.Ordinal);
        Assert.Contains("2 ya conocidos", told.Text, StringComparison.Ordinal);
        Assert.Equal("<Document>camt</Document>", office.Doors.At("payments POST /v1/bank-statements")[0].Body);
    }

    [Fact]
    public async Task A_form_without_its_file_says_so_and_sends_nothing()
    {
        Entries(Line("proposed"));
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/bank");
        var before = office.Doors.At("payments POST /v1/bank-statements").Count;
        var form = page.Form("/office/bank/statements");
        using var content = new MultipartFormDataContent
        {
            {
                new StringContent(form.QuerySelector("[name=__RequestVerificationToken]")!.GetAttribute("value")!),
                "__RequestVerificationToken"
            },
        };
        var refused = await Browser.ReadAsync(await browser.Http.PostAsync("/office/bank/statements", content));
        Assert.Equal(422, refused.Status);
        Assert.Contains("No has elegido ningún archivo", refused.Text, StringComparison.Ordinal);
        Assert.Equal(before, office.Doors.At("payments POST /v1/bank-statements").Count);
    }

    [Fact]
    public async Task Money_that_belongs_to_no_invoice_is_given_to_one()
    {
        office.Doors.Answer(
            "payments GET /v1/unallocated",
            Shaped<ListUnallocated.Page>(
                $$"""{"items":[{"id":"{{Payment}}","customerId":"17850","means":"transfer","provider":"bank","currency":"EUR","amount":"25.00","unallocated":"5.20","reference":"PAGO","receivedAt":"2026-11-20T09:00:00+00:00"}]}"""
            )
        );
        office.Doors.Answer($"payments POST /v1/unallocated/{Payment}/allocations", "{}", 201);
        Invoices();
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/bank/unallocated");
        Assert.Contains("Hasta 5,20 € de Cliente 17850 pasan a esa factura.", page.Text, StringComparison.Ordinal);
        var done = await browser.SubmitAsync(
            page.Form($"/office/bank/unallocated/{Payment}/allocate"),
            ("number", "F-S01-2026-000123"),
            ("amount", "5,20")
        );
        Assert.Equal(303, done.Status);
        Assert.Contains(
            "\"amount\":\"5.20\"",
            office.Doors.At($"payments POST /v1/unallocated/{Payment}/allocations")[0].Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_direct_debit_run_is_made_once_and_its_file_is_downloaded()
    {
        DirectDebits();
        office.Doors.Answer("payments POST /v1/direct-debits", "<Document/>", 201, "application/xml; charset=utf-8");
        office.Doors.Answer(
            $"payments GET /v1/direct-debits/{Batch}/file",
            "<Document>pain.008</Document>",
            200,
            "application/xml; charset=utf-8"
        );
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/bank/direct-debits");
        Assert.Contains("Se cobrará a cada cliente con mandato", page.Text, StringComparison.Ordinal);
        var made = await browser.SubmitAsync(page.Form("/office/bank/direct-debits"), ("collectOn", "2026-12-01"), ("reference", "dic"));
        Assert.Equal((303, "/office/bank/direct-debits?done=debits"), (made.Status, made.Location));
        Assert.Equal("""{"collectOn":"2026-12-01","reference":"dic"}""", office.Doors.At("payments POST /v1/direct-debits")[0].Body);
        var file = await browser.GetAsync($"/office/bank/direct-debits/{Batch}/file");
        Assert.Equal("<Document>pain.008</Document>", file.Body);
        Assert.Equal("attachment", file.Response.Content.Headers.ContentDisposition?.DispositionType);
    }

    [Fact]
    public async Task A_run_that_the_bank_collected_is_booked_after_a_sentence_with_its_amount()
    {
        DirectDebits();
        office.Doors.Answer($"payments GET /v1/direct-debits/{Batch}", BatchJson());
        office.Doors.Answer($"payments POST /v1/direct-debits/{Batch}/collected", BatchJson());
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync($"/office/bank/direct-debits/{Batch}");
        Assert.Contains("45,00 € de 2 recibos se anotan como cobrados", page.Text, StringComparison.Ordinal);
        var done = await browser.SubmitAsync(page.Form($"/office/bank/direct-debits/{Batch}/collected"), ("collectedOn", "2026-12-01"));
        Assert.Equal((303, $"/office/bank/direct-debits/{Batch}?done=collected"), (done.Status, done.Location));
        Assert.Equal("""{"collectedOn":"2026-12-01"}""", office.Doors.At($"payments POST /v1/direct-debits/{Batch}/collected")[0].Body);
    }

    [Fact]
    public async Task Payouts_show_what_waits_what_came_and_what_is_still_with_the_provider()
    {
        office.Doors.Answer(
            "payments GET /v1/bank-entries",
            knock =>
                (
                    200,
                    "application/json",
                    $$"""{"items":[{{(knock.Query.Contains("state=matched", StringComparison.Ordinal) ? Payout("matched") : Payout("proposed"))}}]}"""
                )
        );
        office.Doors.Answer(
            "payments GET /v1/ledger/trial-balance",
            Shaped<ReadTrialBalance.Answer>(
                """{"accounts":[{"account":"provider:stripe","currency":"EUR","balance":"120.50"},{"account":"bank","currency":"EUR","balance":"9.00"}],"sums":{"EUR":"0"}}"""
            )
        );
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/bank/payouts");
        Assert.Contains("Liquidación de stripe", page.Text, StringComparison.Ordinal);
        Assert.Contains("provider:stripe", page.Text, StringComparison.Ordinal);
        Assert.Contains("120,50 €", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("9,00 €", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_are_added_and_taken_away()
    {
        office.Doors.Answer(
            "payments GET /v1/bank-accounts",
            """{"items":[{"account":"ES9121000418450200051332","isRegistered":true},{"account":"ES6000491500051234567892","name":"Nóminas","isRegistered":false}]}"""
        );
        office.Doors.Answer("payments PUT /v1/bank-accounts/ES7921000813610123456789", "{}", 201);
        office.Doors.Answer("payments DELETE /v1/bank-accounts/ES6000491500051234567892", "", 204);
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/bank/accounts");
        Assert.Equal(
            303,
            (await browser.SubmitAsync(page.Form("/office/bank/accounts/add"), ("iban", "ES79 2100 0813 6101 2345 6789"))).Status
        );
        Assert.Single(office.Doors.At("payments PUT /v1/bank-accounts/ES7921000813610123456789"));
        Assert.Equal(303, (await browser.SubmitAsync(page.Form("/office/bank/accounts/remove"))).Status);
        Assert.Single(office.Doors.At("payments DELETE /v1/bank-accounts/ES6000491500051234567892"));
    }

    [Fact]
    public async Task Payments_being_away_is_said_in_words()
    {
        office.Doors.Answer("payments GET /v1/unallocated", "", 503, "text/plain");
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/bank/unallocated");
        Assert.Equal(503, page.Status);
        Assert.Contains("no se ha perdido nada", page.Text, StringComparison.Ordinal);
    }

    private static AngleSharp.Html.Dom.IHtmlFormElement ByHand(Answer page) =>
        (AngleSharp.Html.Dom.IHtmlFormElement)page.Html.QuerySelector("[name=number0]")!.Closest("form")!;

    private static string Line(string state) =>
        Shaped<BankLine>(
            $$"""
            {"entryId":"{{Entry}}","account":"ES9121000418450200051332","statementId":"2026-11-23","state":"{{state}}","kind":"payment","direction":"credit","currency":"EUR","amount":"19.80","bookedOn":"2026-11-23","partyName":"BERTA RUIZ","references":["F-S01-2026-000041"],"text":"PAGO FACTURA","allocated":[],
             "proposals":[{"kind":"invoices","confidence":"likely","score":"0.82","customerId":"17850","parts":[{"invoiceId":"{{Invoice}}","number":"F-S01-2026-000041","amount":"19.80"}],"reasons":[{"code":"amount-exact","values":["F-S01-2026-000041"]}]}]}
            """
        );

    private static string Payout(string state) =>
        Shaped<BankLine>(
            $$"""
            {"entryId":"{{Entry}}","account":"ES9121000418450200051332","statementId":"2026-11-23","state":"{{state}}","kind":"payment","direction":"credit","currency":"EUR","amount":"300.00","bookedOn":"2026-11-23","partyName":"STRIPE","references":[],"text":"STRIPE PAYOUT","matchedAs":{{(
                state == "matched" ? "\"payout\"" : "null"
            )}},"allocated":[],
             "proposals":[{"kind":"payout","confidence":"likely","score":"0.9","provider":"stripe","reference":"po_1","reasons":[{"code":"payout","values":["stripe","po_1"]}]}]}
            """
        );

    private static string BatchJson() =>
        Shaped<DebitBatch>(
            $$"""
            {"batchId":"{{Batch}}","reference":"dic","collectOn":"2026-12-01","format":"pain.008.001.08","madeAt":"2026-11-23T09:00:00+00:00","currency":"EUR","amount":"45.00","count":2,"submitted":2,
             "debits":[{"endToEndId":"E1","paymentInformationId":"P1","invoiceId":"{{Invoice}}","mandateId":"M1","sequence":"RCUR","amount":"19.80","state":"submitted"}]}
            """
        );

    private void Entries(string line) => office.Doors.Answer("payments GET /v1/bank-entries", $$"""{"items":[{{line}}]}""");

    private void Invoices() =>
        office.Doors.Answer(
            "invoicing GET /v1/invoices",
            knock =>
                (
                    200,
                    "application/json",
                    System.Text.Json.JsonSerializer.Serialize(
                        new
                        {
                            invoices = office
                                .Portal.World.Invoices.Select(each => each.Invoice)
                                .Where(invoice => knock.Query.Contains($"number={invoice.Number}", StringComparison.Ordinal)),
                        },
                        Wire.Tolerant
                    )
                )
        );

    private void DirectDebits()
    {
        office.Doors.Answer("payments GET /v1/direct-debits", Shaped<GetDirectDebits.Page>($$"""{"batches":[{{BatchJson()}}]}"""));
        office.Doors.Answer(
            "payments GET /v1/mandates",
            Shaped<GetMandate.Page>(
                """{"mandates":[{"mandateId":"M1","customerId":"17850","name":"Berta Ruiz","iban":"ES6000491500051234567892","signedOn":"2026-01-02","scheme":"core","sequence":"RCUR","state":"active","debits":3,"lapsesAfter":"2029-01-02"}]}"""
            )
        );
        office.Doors.Answer(
            "payments GET /v1/direct-debit-settings",
            Shaped<DirectDebitSettings>(
                """{"creditorId":"ES50ZZZB12345674","name":"Comercios Ñandú, S.L.","iban":"ES9121000418450200051332","leadDays":2}"""
            )
        );
    }
}
