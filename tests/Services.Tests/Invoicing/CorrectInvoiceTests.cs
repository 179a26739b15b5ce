using System.Net;
using RetailInvoicing.Contracts;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>Corrective invoices on request, by differences and by substitution (RD 1619/2012 art. 15, LIVA art. 80).</summary>
public sealed class CorrectInvoiceTests(Infrastructure infra)
{
    private const string OneBack =
        """{"sku":"85123A","name":"Portavelas","quantity":"-1","unitPrice":"9.95","vat":{"category":"S","rate":"21"}}""";
    private const string TwoAnew =
        """{"sku":"85123A","name":"Portavelas","quantity":"2","unitPrice":"8.00","vat":{"category":"S","rate":"21"}}""";

    [Theory]
    [InlineData("R1")]
    [InlineData("R4")]
    public async Task Differences_take_away_what_the_invoice_still_has(string reason)
    {
        await using var shop = await Shop.OpenAsync(infra);
        var full = await shop.IssueAsync(Shop.SaleTo("A-1"));

        var corrective = await shop.ActAsync(Corrections(full), Differences(reason, OneBack));

        Assert.Equal((InvoiceKind.Corrective, "381", reason), (corrective.Kind, corrective.TypeCode, corrective.Fiscal.RecordType));
        Assert.Equal("R-S01-2026-000001", corrective.Number);
        Assert.Equal(-9.95m, corrective.Totals.TotalWithVat);
        Assert.Equal(full.Number, corrective.Corrects.Single().Number);
        Assert.Equal("00017850W", corrective.Buyer!.TaxId);
        Assert.Equal(full.SaleIds, corrective.SaleIds);
        Assert.Equal(corrective.Number, (await shop.ReadAsync(full.InvoiceId)).CorrectedBy.Single().Number);
        await shop.ActAsync(Corrections(full), Differences(reason, OneBack));
        Assert.Equal("INV-RETURN-03", (await shop.RefuseActAsync(Corrections(full), Differences(reason, OneBack))).Code);
        Assert.Equal("INV-RETURN-03", await shop.RefuseAsync(Shop.Return("A-2", "A-1", "-1")));
    }

    [Fact]
    public async Task A_wrong_price_or_rate_is_taken_back_and_put_anew_in_one_statement()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var full = await shop.IssueAsync(Shop.SaleTo("A-1"));
        var back = OneBack.Replace("-1", "-2", StringComparison.Ordinal);

        var price = await shop.ActAsync(Corrections(full), Differences("R4", back, TwoAnew));
        var rate = await shop.ActAsync(
            Corrections(full),
            Differences("R1", OneBack, OneBack.Replace("-1", "1", StringComparison.Ordinal).Replace("21", "10", StringComparison.Ordinal))
        );

        Assert.Equal(("381", -3.90m), (price.TypeCode, price.Totals.TotalWithVat));
        Assert.Equal(("384", 0m), (rate.TypeCode, rate.Totals.TotalWithVat));
        Assert.Equal(-0.83m, rate.Totals.VatTotal);
        // Nothing came back: both candle holders can.
        await shop.IssueAsync(Shop.Return("A-2", "A-1", "-2", "8.00"));
    }

    [Fact]
    public async Task A_substitution_states_the_sale_anew_and_asks_for_the_difference_only()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var full = await shop.IssueAsync(Shop.SaleTo("A-1"));
        await shop.IssueAsync(Shop.Return("A-2", "A-1", "-1"));

        var anew = await shop.ActAsync(Corrections(full), Substitution("R4", TwoAnew.Replace("\"2\"", "\"1\"", StringComparison.Ordinal)));

        Assert.Equal(("384", 8.00m), (anew.TypeCode, anew.Totals.TotalWithVat));
        Assert.Equal(CorrectionMethod.Substitution, anew.Correction!.Method);
        // What the invoice and its return had declared: one candle holder of 9.95.
        Assert.Equal((8.23m, 1.72m), (anew.Correction.CorrectedAmounts!.TaxableAmount, anew.Correction.CorrectedAmounts.VatAmount));
        Assert.Equal(-1.95m, anew.Totals.AmountDue);
        var again = await shop.RefuseActAsync(Corrections(full), Differences("R4", OneBack));
        Assert.Equal("INV-CORRECT-04", again.Code);
        // Goods come back of what stands in its place, by whatever name the till knows the sale.
        var back = await shop.IssueAsync(Shop.Return("A-3", "A-1", "-1", "8.00"));
        Assert.Equal(anew.Number, back.Corrects.Single().Number);
        Assert.Equal("INV-RETURN-03", await shop.RefuseAsync(Shop.Return("A-4", "A-1", "-1", "8.00")));
    }

    [Fact]
    public async Task A_wrong_buyer_is_put_right_by_substitution()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var full = await shop.IssueAsync(Shop.SaleTo("A-1"));
        const string buyer =
            ""","buyer":{"name":"Panaderia Sol, S.L.","taxId":"B12345674","business":true,"address":{"line1":"Calle 2","postalCode":"28013","city":"Madrid","country":"ES"}}""";
        var lines = TwoAnew.Replace("8.00", "9.95", StringComparison.Ordinal);

        Assert.Equal(
            "INV-CORRECT-11",
            (
                await shop.RefuseActAsync(
                    Corrections(full),
                    Differences("R4", OneBack).Replace("}]}", "}]" + buyer + "}", StringComparison.Ordinal)
                )
            ).Code
        );
        var anew = await shop.ActAsync(
            Corrections(full),
            Substitution("R4", lines).Replace("}]}", "}]" + buyer + "}", StringComparison.Ordinal)
        );

        Assert.Equal("B12345674", anew.Buyer!.TaxId);
        Assert.Equal(0m, anew.Totals.AmountDue);
    }

    [Theory]
    [InlineData("R2")]
    [InlineData("R3")]
    public async Task VAT_that_will_not_be_collected_is_taken_back_and_the_debt_stays(string reason)
    {
        await using var shop = await Shop.OpenAsync(infra);
        var full = await shop.IssueAsync(Shop.SaleTo("A-1"));
        var request =
            $$"""{"method":"differences","reason":"{{reason}}","reasonText":"Requerimiento notarial de 2026-05-01","vatOnly":true}""";

        var corrective = await shop.ActAsync(Corrections(full), request);

        Assert.Equal((0m, -3.45m, -3.45m), (corrective.Totals.TotalWithoutVat, corrective.Totals.VatTotal, corrective.Totals.TotalWithVat));
        Assert.Equal(0m, corrective.Totals.AmountDue);
        Assert.True(corrective.Correction!.VatOnly);
        var ubl = await shop.Till.GetAsync($"/v1/invoices/{corrective.InvoiceId}/document?format=ubl");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, ubl.StatusCode);
        Assert.Equal("INV-CORRECT-10", (await shop.RefuseActAsync(Corrections(full), request)).Code);
        Assert.Equal(
            "INV-CORRECT-06",
            (await shop.RefuseActAsync(Corrections(full), $$"""{"method":"differences","reason":"{{reason}}","vatOnly":true}""")).Code
        );
        Assert.Equal("INV-CORRECT-05", (await shop.RefuseActAsync(Corrections(full), Differences(reason, OneBack))).Code);
    }

    [Fact]
    public async Task A_code_that_does_not_fit_is_refused_and_nothing_is_numbered()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var ticket = await shop.IssueAsync(Shop.Sale("A-1"));
        var full = await shop.IssueAsync(Shop.SaleTo("A-2"));
        var returned = await shop.IssueAsync(Shop.Return("A-3", "A-2", "-1"));

        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, "INV-CORRECT-02"),
            await shop.RefuseActAsync(Corrections(ticket), Differences("R1", OneBack))
        );
        Assert.Equal("INV-CORRECT-02", (await shop.RefuseActAsync(Corrections(full), Differences("R5", OneBack))).Code);
        Assert.Equal("INV-CORRECT-01", (await shop.RefuseActAsync(Corrections(full), Differences("R9", OneBack))).Code);
        Assert.Equal("INV-CORRECT-03", (await shop.RefuseActAsync(Corrections(returned), Differences("R1", OneBack))).Code);
        Assert.Equal("INV-CORRECT-07", (await shop.RefuseActAsync(Corrections(full), Differences("R1"))).Code);
        Assert.Equal("INV-CORRECT-09", (await shop.RefuseActAsync(Corrections(full), Substitution("R1", OneBack))).Code);
        Assert.Equal(
            "INV-CORRECT-08",
            (
                await shop.RefuseActAsync(
                    Corrections(full),
                    Differences("R1", OneBack, OneBack.Replace("-1", "1", StringComparison.Ordinal))
                )
            ).Code
        );
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await shop.RefuseActAsync($"/v1/invoices/{InvoiceId.New()}/corrections", Differences("R1", OneBack))).Status
        );
        Assert.Equal(1L, await shop.AskAsync<long>("select last from number_series where kind = 'R'"));
    }

    [Fact]
    public async Task A_request_with_a_key_is_one_correction_however_often_it_comes()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var full = await shop.IssueAsync(Shop.SaleTo("A-1"));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => shop.Till.SendAsync(Keyed(Corrections(full), Differences("R1", OneBack), "k1")))
        );

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(1L, await shop.AskAsync<long>("select last from number_series where kind = 'R'"));
        var other = await shop.RefuseActAsync(Corrections(full), Differences("R4", OneBack), "k1");
        Assert.Equal((HttpStatusCode.Conflict, "INV-INVOICE-03"), other);
    }

    [Fact]
    public async Task Two_substitutions_at_once_are_one()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var full = await shop.IssueAsync(Shop.SaleTo("A-1"));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => shop.Till.SendAsync(Keyed(Corrections(full), Substitution("R4", TwoAnew), $"k{i}")))
        );

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.UnprocessableEntity));
    }

    private static string Corrections(InvoiceBody invoice) => $"/v1/invoices/{invoice.InvoiceId}/corrections";

    private static string Differences(string reason, params string[] lines) => Asked("differences", reason, lines);

    private static string Substitution(string reason, params string[] lines) => Asked("substitution", reason, lines);

    private static string Asked(string method, string reason, string[] lines) =>
        $$"""{"method":"{{method}}","reason":"{{reason}}","reasonText":"Error","lines":[{{string.Join(',', lines)}}]}""";

    private static HttpRequestMessage Keyed(string address, string json, string key) =>
        new(HttpMethod.Post, address)
        {
            Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
            Headers = { { "Idempotency-Key", key } },
        };
}
