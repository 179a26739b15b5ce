using System.Text.Json.Nodes;

namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>Sales to identified buyers whose invoices hold what ours can: each format is to say all of it.</summary>
internal static class IssuedSamples
{
    /// <summary>The sales, in the order in which they are to be posted.</summary>
    public static IEnumerable<JsonObject> Sales()
    {
        var due = Shop.SaleTo("B-1");
        due["paymentTerms"] = "30 días";
        yield return due;

        var rich = Shop.SaleTo("B-2");
        rich["lines"]!.AsArray().Add(Line("Libro <infantil> & juvenil", "3", "7.30", "4"));
        rich["lines"]!.AsArray().Add(Line("Café de tueste natural", "1.250", "13.99", "10"));
        rich["lines"]![0]!["allowances"] = JsonNode.Parse("""[{"amount":"0.50"}]""");
        rich["allowances"] = JsonNode.Parse("""[{"amount":"1.00","reason":"Otoño"}]""");
        rich["charges"] = JsonNode.Parse("""[{"amount":"3.00","reason":"Portes"}]""");
        rich["delivery"] = JsonNode.Parse(
            """{"date":"2026-11-20","name":"Ana","address":{"line1":"Sol 2","city":"Madrid","postalCode":"28001"}}"""
        );
        yield return rich;

        foreach (
            var (means, number) in new[] { "card", "cash", "bizum", "direct-debit", "wallet", "transfer" }.Select((each, i) => (each, i))
        )
        {
            var paid = Shop.SaleTo($"B-3-{number}");
            paid["payments"] = JsonNode.Parse($$"""[{"means":"{{means}}","amount":"19.90"}]""");
            yield return paid;
        }

        yield return Shop.Return("B-4", "B-1", "-1");

        var mirrored = Shop.SaleTo("B-5", quantity: "-1");
        mirrored["allowances"] = JsonNode.Parse("""[{"amount":"1.00"}]""");
        mirrored["charges"] = JsonNode.Parse("""[{"amount":"0.10"}]""");
        yield return mirrored;

        var exempt = Shop.SaleTo("B-6");
        exempt["lines"]![0]!["vat"] = JsonNode.Parse("""{"category":"E","exemptionReason":"Exenta, art. 20 LIVA","exemptionCause":"E1"}""");
        yield return exempt;

        var notSubject = Shop.SaleTo("B-7");
        notSubject["lines"]![0]!["vat"] = JsonNode.Parse("""{"category":"O"}""");
        yield return notSubject;

        var german = Shop.SaleTo("B-8");
        german["buyer"] = JsonNode.Parse(
            """
            {"customerId":"04011000-12345-34","name":"Spiel & Kram GmbH","taxId":"DE123456789","taxIdType":"vat","taxIdCountry":"DE","business":true,
             "address":{"line1":"Hauptstraße 1","postalCode":"10115","city":"Berlin","country":"DE"}}
            """
        );
        german["lines"]![0]!["vat"] = JsonNode.Parse("""{"category":"K","exemptionReasonCode":"VATEX-EU-IC","exemptionCause":"E5"}""");
        german["delivery"] = JsonNode.Parse(
            """{"date":"2026-11-23","address":{"line1":"Hauptstraße 1","city":"Berlin","postalCode":"10115","country":"DE"}}"""
        );
        yield return german;
    }

    private static JsonNode Line(string name, string quantity, string unitPrice, string rate) =>
        JsonNode.Parse(
            $$$"""
            {"sku":"{{{name.Length}}}","name":"{{{name}}}","quantity":"{{{quantity}}}","unitPrice":"{{{unitPrice}}}","vat":{"category":"S","rate":"{{{rate}}}"}}
            """
        )!;
}
