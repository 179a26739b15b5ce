using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using System.Xml.Schema;
using Microsoft.Extensions.DependencyInjection;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Invoicing.Search;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Invoicing.En16931;

namespace RetailInvoicing.Services.Tests.Invoicing;

public sealed class InvoiceReadingTests(Infrastructure infra)
{
    private static readonly XNamespace Cbc = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";
    private static readonly XNamespace Cac = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";

    [Fact]
    public async Task Lists_find_by_each_filter_and_page_by_cursor()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var full = await shop.IssueAsync(Shop.SaleTo("A-0"));
        for (var i = 1; i <= 5; i++)
        {
            await shop.IssueAsync(Shop.Sale($"A-{i}"));
        }

        async Task<JsonNode> List(string query) => JsonNode.Parse(await shop.Till.GetStringAsync($"/v1/invoices?{query}"))!;
        async Task<int> Count(string query) => (await List(query))["invoices"]!.AsArray().Count;

        Assert.Equal(6, await Count(""));
        Assert.Equal(1, await Count($"number={full.Number}"));
        Assert.Equal(5, await Count("series=T-S01-2026"));
        Assert.Equal(1, await Count("saleId=A-3"));
        Assert.Equal(1, await Count("customerId=17850"));
        await shop.Host.Services.GetRequiredService<GatherTerms>().RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, await Count("q=customer%2017"));
        Assert.Equal(0, await Count("q=%25"));
        Assert.Equal(6, await Count("from=2026-11-23&to=2026-11-23"));
        Assert.Equal(0, await Count("from=2026-11-24"));
        var seen = new List<string>();
        for (string? cursor = ""; cursor is not null; )
        {
            var page = await List($"limit=4&cursor={cursor}");
            seen.AddRange(page["invoices"]!.AsArray().Select(each => each!["number"]!.GetValue<string>()));
            cursor = page["nextCursor"]?.GetValue<string>();
        }

        Assert.Equal(6, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("T-S01-2026-000005", seen[0]);
    }

    [Theory]
    [InlineData("/v1/invoices?from=yesterday", 400)]
    [InlineData("/v1/invoices?limit=0", 400)]
    [InlineData("/v1/invoices?limit=201", 400)]
    [InlineData("/v1/invoices?limit=99999999999999999999", 400)]
    [InlineData("/v1/invoices?cursor=abc", 400)]
    [InlineData("/v1/invoices?q=%00", 400)]
    [InlineData("/v1/invoices?number=%00", 400)]
    [InlineData("/v1/invoices?from=0001-01-01&to=9999-12-31", 200)]
    [InlineData("/v1/invoices/none", 404)]
    [InlineData("/v1/invoices/%00", 400)]
    [InlineData("/v1/invoices/0199f0c4-7a3b-7c1d-9e55-1f2a3b4c5d6e", 404)]
    [InlineData("/v1/invoices/0199f0c4-7a3b-7c1d-9e55-1f2a3b4c5d6e/document", 404)]
    public async Task Odd_questions_are_answered_plainly(string question, int status)
    {
        await using var shop = await Shop.OpenAsync(infra);

        Assert.Equal(status, (int)(await shop.Till.GetAsync(question)).StatusCode);
    }

    [Fact]
    public async Task Documents_are_UBL_that_its_schema_accepts()
    {
        await using var shop = await Shop.OpenAsync(infra, seller => seller["allowBlindReturns"] = true);
        var rich = Shop.SaleTo("A-1");
        rich["allowances"] = JsonNode.Parse("""[{"amount":"1.00","reason":"Otoño"}]""");
        rich["charges"] = JsonNode.Parse("""[{"amount":"3.00","reason":"Portes"}]""");
        rich["lines"]![0]!["allowances"] = JsonNode.Parse("""[{"amount":"0.50"}]""");
        rich["delivery"] = JsonNode.Parse(
            """{"date":"2026-11-20","name":"Ana","address":{"line1":"Sol 2","city":"Madrid","postalCode":"28001"}}"""
        );
        rich["paymentTerms"] = "30 días";
        var paid = Shop.Sale("A-2");
        paid["payments"] = JsonNode.Parse("""[{"means":"card","amount":"19.90"}]""");
        var mirrored = Shop.SaleTo("A-4", quantity: "-1");
        mirrored["allowances"] = JsonNode.Parse("""[{"amount":"1.00"}]""");
        mirrored["charges"] = JsonNode.Parse("""[{"amount":"0.10"}]""");
        mirrored["lines"]![0]!["allowances"] = JsonNode.Parse("""[{"amount":"0.50"}]""");
        var exempt = Shop.Sale("A-5");
        exempt["lines"]![0]!["vat"] = JsonNode.Parse("""{"category":"O"}""");
        var schemas = OfficialSuites.UblSchemas();
        foreach (var sale in new[] { rich, paid, Shop.Return("A-3", "A-1", "-1"), mirrored, exempt })
        {
            var invoice = await shop.IssueAsync(sale);
            var answer = await shop.Till.GetAsync($"/v1/invoices/{invoice.InvoiceId}/document?format=ubl");
            Assert.Equal("application/xml", answer.Content.Headers.ContentType!.MediaType);
            var ubl = XDocument.Parse(await answer.Content.ReadAsStringAsync());
            var errors = new List<string>();
            ubl.Validate(schemas, (_, error) => errors.Add(error.Message));
            Assert.Empty(errors);
            Assert.All(
                ubl.Descendants(Cac + "LegalMonetaryTotal").Elements().Concat(ubl.Descendants(Cbc + "LineExtensionAmount")),
                each => Assert.True((decimal)each >= 0m, each.ToString())
            );
            var total = ubl.Descendants(Cac + "LegalMonetaryTotal").Single();
            decimal Of(string name) => (decimal?)total.Element(Cbc + name) ?? 0m;
            Assert.Equal(Of("TaxExclusiveAmount"), Of("LineExtensionAmount") - Of("AllowanceTotalAmount") + Of("ChargeTotalAmount"));
            Assert.Equal(Of("PayableAmount"), Of("TaxInclusiveAmount") - Of("PrepaidAmount"));
            Assert.Equal(Math.Abs(invoice.Totals.TotalWithVat), Of("TaxInclusiveAmount"));
        }
    }

    [Fact]
    public async Task Every_format_says_of_an_issued_invoice_what_the_others_say()
    {
        await using var shop = await Shop.OpenAsync(infra, seller => seller["allowBlindReturns"] = true);
        var (ubl, cii) = (OfficialSuites.UblSchemas(), OfficialSuites.CiiSchemas());
        var facturX = OfficialSuites.FacturXSchemas();
        foreach (var sale in IssuedSamples.Sales())
        {
            var invoice = await shop.IssueAsync(sale);
            byte[]? first = null;
            foreach (var format in DocumentFormat.All)
            {
                var answer = await shop.Till.GetAsync($"/v1/invoices/{invoice.InvoiceId}/document?format={format.Name}");
                var document = await answer.Content.ReadAsByteArrayAsync();
                Assert.True(answer.IsSuccessStatusCode, $"{format.Name}: {Encoding.UTF8.GetString(document)}");
                Assert.Equal("application/xml", answer.Content.Headers.ContentType!.MediaType);
                var isCii = format.Syntax.StartsWith("CII", StringComparison.Ordinal);
                Assert.Empty(OfficialSuites.Invalid(document, isCii ? cii : ubl));
                if (format.Name == "factur-x")
                {
                    Assert.Empty(OfficialSuites.Invalid(document, facturX));
                }

                if (format.Profile == InvoiceProfile.Core || format.Profile == InvoiceProfile.FacturX)
                {
                    Assert.Equal("", Semantics.Difference(Semantics.Read(first ??= document), Semantics.Read(document)));
                }
            }
        }
    }

    [Fact]
    public async Task A_profile_that_asks_for_more_says_for_what()
    {
        await using var shop = await Shop.OpenAsync(infra, seller => seller.Remove("phone"));
        var ticket = await shop.IssueAsync(Shop.Sale("A-1"));
        var full = await shop.IssueAsync(Shop.SaleTo("A-2"));
        async Task<JsonNode> Refusal(InvoiceId invoice, string format, string language)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/invoices/{invoice}/document?format={format}");
            request.Headers.Add("Accept-Language", language);
            var answer = await shop.Till.SendAsync(request);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        }

        var peppol = await Refusal(ticket.InvoiceId, "peppol", "es");
        Assert.Equal("INV-DOC-04", peppol["code"]!.GetValue<string>());
        Assert.Equal(
            "Peppol BIS Billing 3.0 necesita lo que a esta factura le falta: BT-10 (referencia del comprador, o BT-13, referencia del pedido), "
                + "BT-49 (dirección electrónica del comprador).",
            peppol["detail"]!.GetValue<string>()
        );
        var xrechnung = await Refusal(full.InvoiceId, "xrechnung", "en");
        Assert.Equal(
            "XRechnung 3.0 needs what this invoice lacks: BT-42 (Seller contact telephone number).",
            xrechnung["detail"]!.GetValue<string>()
        );
        Assert.Equal("BT-42", xrechnung["errors"]![0]!["path"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_ticket_is_written_to_the_final_consumer_and_a_surcharge_is_not_written_at_all()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var ticket = await shop.IssueAsync(Shop.Sale("A-1"));
        var surcharged = Shop.SaleTo("A-2");
        surcharged["buyer"]!["equivalenceSurcharge"] = true;
        var invoice = await shop.IssueAsync(surcharged);

        Assert.Contains(
            "Consumidor final",
            await shop.Till.GetStringAsync($"/v1/invoices/{ticket.InvoiceId}/document?format=ubl"),
            StringComparison.Ordinal
        );
        Assert.Equal(0.86m, invoice.VatBreakdown.Single().SurchargeAmount);
        foreach (var format in DocumentFormat.All.Select(each => each.Name).Concat(["facturae", "pdf"]))
        {
            var answer = await shop.Till.GetAsync($"/v1/invoices/{invoice.InvoiceId}/document?format={format}");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        }

        Assert.Contains(
            invoice.Number,
            await shop.Till.GetStringAsync($"/v1/invoices/{invoice.InvoiceId}/document?format=json"),
            StringComparison.Ordinal
        );
    }
}
