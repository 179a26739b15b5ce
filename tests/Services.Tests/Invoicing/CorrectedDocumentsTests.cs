using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Invoicing.En16931;
using RetailInvoicing.Services.Tests.Invoicing.Facturae;

namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>The kinds that later acts issue, in every format.</summary>
public sealed class CorrectedDocumentsTests(Infrastructure infra)
{
    private const string Line =
        """{"sku":"85123A","name":"Portavelas","quantity":"1","unitPrice":"9.95","vat":{"category":"S","rate":"21"}}""";

    [Fact]
    public async Task Exchanges_and_corrections_are_valid_by_schema_and_by_rules_in_every_format()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var ticket = await shop.IssueAsync(Shop.Sale("A-1"));
        await shop.IssueAsync(Shop.Return("A-2", "A-1", "-1"));
        var exchange = await shop.ActAsync(
            "/v1/exchanges",
            $$"""
            {"ticketInvoiceIds":["{{ticket.InvoiceId}}"],"buyer":{"name":"Ana Sol","taxId":"12345678Z",
             "address":{"line1":"Calle 1","postalCode":"28013","city":"Madrid","country":"ES"} } }
            """
        );
        var one = await shop.IssueAsync(Shop.SaleTo("A-3"));
        var other = Line.Replace("21", "10", StringComparison.Ordinal);
        var back = Line.Replace("\"1\"", "\"-1\"", StringComparison.Ordinal);
        InvoiceBody[] issued =
        [
            exchange,
            await CorrectAsync("differences", back),
            await CorrectAsync("differences", back, other),
            await CorrectAsync("differences", Line),
            await CorrectAsync("substitution", Line),
        ];

        Assert.Equal(["380", "381", "384", "384", "384"], issued.Select(each => each.TypeCode));
        var (ubl, cii, facturX) = (OfficialSuites.UblSchemas(), OfficialSuites.CiiSchemas(), OfficialSuites.FacturXSchemas());
        foreach (var invoice in issued)
        {
            foreach (var name in new[] { "ubl", "cii", "factur-x" })
            {
                var written = DocumentFormat.Of(name)!.Document(invoice, null);
                Assert.False(written.Refused(out var fault), $"{invoice.Number} {name}: {fault?.In(null)}");
                Assert.Empty(
                    OfficialSuites.Invalid(
                        written.Value,
                        name == "ubl" ? ubl
                            : name == "cii" ? cii
                            : facturX
                    )
                );
                Assert.Empty(OfficialSuites.Broken(written.Value, name == "ubl" ? ValidateDocument.Ubl : ValidateDocument.Cii));
            }

            var facturae = FacturaeDocument.Of(invoice, null);
            Assert.False(facturae.Refused(out var unwritten), $"{invoice.Number} facturae: {unwritten?.In(null)}");
            Assert.Empty(IssuedFacturae.Breaches(facturae.Value));
        }

        Task<InvoiceBody> CorrectAsync(string method, params string[] lines) =>
            shop.ActAsync(
                $"/v1/invoices/{one.InvoiceId}/corrections",
                $$"""{"method":"{{method}}","reason":"R4","reasonText":"Error","lines":[{{string.Join(',', lines)}}]}"""
            );
    }
}
