using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

public sealed class BadInputTests(Infrastructure infra)
{
    private static readonly string[] Values =
    [
        "null",
        "true",
        "-1",
        "0",
        "1e5",
        "0.0000000001",
        "99999999999999999999",
        "\"99999999999999999999.999\"",
        "\"79228162514264337593543950335\"",
        "123456789012345678901234567890",
        "\"-9.95\"",
        "\"\"",
        "\" \"",
        "\"\\u0000\"",
        "\"a\\u0007b\"",
        "\"\\ud800\"",
        "\"\\uffff\"",
        "\"ñ🧾\"",
        "\"0001-01-01T00:00:00Z\"",
        "\"9999-12-31T23:59:59Z\"",
        "\"0001-01-01\"",
        "\"9999-12-31\"",
        "\"XXX\"",
        "\"JPY\"",
        "\"../../etc\"",
        "\"'; drop table invoice; --\"",
        "[]",
        "[null]",
        "[{}]",
        "[[]]",
        "{}",
        "{\"\":1}",
    ];

    private static readonly string[] Bodies =
    [
        "",
        "null",
        "[]",
        "0",
        "\"\"",
        "{",
        "{}",
        "{\"saleId\":1}",
        "{\"saleId\":\"A\",\"saleId\":\"B\"}",
        "\u0000",
        "{\"a\":" + "[",
    ];

    [Fact]
    public async Task Nothing_that_is_posted_is_a_500_and_nothing_refused_leaves_a_trace()
    {
        await using var shop = await Shop.OpenAsync(infra, seller => seller["allowBlindReturns"] = true);
        var places = Places(Rich("X")).ToList();
        var issued = 0;
        var n = 0;
        foreach (var place in places)
        {
            foreach (var value in Values)
            {
                var sale = Rich($"S-{n++}");
                Put(sale, place, JsonNode.Parse(value.Contains("\\ud800", StringComparison.Ordinal) ? "\"LONE\"" : value));
                var json = sale.ToJsonString().Replace("\"LONE\"", "\"\\ud800\"", StringComparison.Ordinal);
                var answer = await shop.PostAsync(json);
                var body = await answer.Content.ReadAsStringAsync();
                Assert.True((int)answer.StatusCode is 200 or 201 or 400 or 409 or 422, $"{(int)answer.StatusCode} for {json}: {body}");
                issued += answer.StatusCode == HttpStatusCode.Created ? 1 : 0;
                if (!answer.IsSuccessStatusCode)
                {
                    Assert.NotNull(JsonNode.Parse(body)!["code"]);
                }
            }
        }

        foreach (var body in Bodies)
        {
            Assert.True((int)(await shop.PostAsync(body)).StatusCode is 400 or 422, body);
        }

        Assert.Equal((long)issued, await shop.AskAsync<long>("select count(*) from invoice"));
        Assert.Equal((decimal)issued, await shop.AskAsync<decimal>("select sum(last) from number_series"));
    }

    [Fact]
    public async Task A_body_over_4_MB_is_too_large_and_one_of_705_lines_is_not()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var long705 = Shop.Sale("A-1", "0.85", "1");
        for (var i = 1; i < 705; i++)
        {
            long705["lines"]!
                .AsArray()
                .Add(JsonNode.Parse($$$"""{"sku":"L{{{i}}}","quantity":"1","unitPrice":"0.85","vat":{"category":"S","rate":"21"}}"""));
        }

        Assert.Equal(599.25m, (await shop.IssueAsync(long705)).Totals.TotalWithVat);
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            (await shop.PostAsync("\"" + new string('x', 5 * 1024 * 1024) + "\"")).StatusCode
        );
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/xml", 415)]
    public async Task Other_types_are_refused(string type, int status)
    {
        await using var shop = await Shop.OpenAsync(infra);

        Assert.Equal(status, (int)(await shop.Till.PostAsync("/v1/sales", new StringContent("{}", Encoding.UTF8, type))).StatusCode);
    }

    [Fact]
    public async Task Without_a_key_or_with_a_strangers_nothing_is_shown()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var invoice = await shop.IssueAsync(Shop.Sale("A-1"));
        using var stranger = shop.Host.As("stranger");

        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.Host.Http.GetAsync($"/v1/invoices/{invoice.InvoiceId}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/v1/invoices/{invoice.InvoiceId}")).StatusCode);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await stranger.GetAsync($"/v1/invoices/{invoice.InvoiceId}/document?format=json")).StatusCode
        );
        Assert.DoesNotContain(
            invoice.Number,
            await stranger.GetStringAsync($"/v1/invoices?number={invoice.Number}"),
            StringComparison.Ordinal
        );
        var posted = await stranger.PostAsync(
            "/v1/sales",
            new StringContent(Shop.Sale("A-1").ToJsonString(), Encoding.UTF8, "application/json")
        );
        Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
    }

    private static JsonObject Rich(string id)
    {
        var sale = Shop.SaleTo(id);
        sale["channel"] = "pos";
        sale["pricesIncludeVat"] = true;
        sale["lines"]![0]!["unit"] = "C62";
        sale["lines"]![0]!["allowances"] = JsonNode.Parse("""[{"amount":"0.50","reason":"r","coupon":"c"}]""");
        sale["lines"]![0]!["charges"] = JsonNode.Parse("""[{"amount":"0.25","reason":"r"}]""");
        sale["allowances"] = JsonNode.Parse("""[{"amount":"1.00","reason":"r","coupon":"c","vat":{"category":"S","rate":"21"}}]""");
        sale["charges"] = JsonNode.Parse("""[{"amount":"1.00","reason":"r"}]""");
        sale["nonSaleItems"] = JsonNode.Parse("""[{"kind":"tip","name":"n","amount":"1.00"}]""");
        sale["payments"] = JsonNode.Parse("""[{"means":"card","amount":"3.00","reference":"x"}]""");
        sale["delivery"] = JsonNode.Parse(
            """{"date":"2026-11-20","name":"Ana","address":{"line1":"Sol 2","city":"Madrid","postalCode":"28001","country":"ES"}}"""
        );
        sale["dueDate"] = "2026-12-01";
        sale["paymentTerms"] = "t";
        sale["returnReason"] = "t";
        sale["invoice"] = "auto";
        sale["buyer"]!["taxIdType"] = "nif";
        sale["buyer"]!["taxIdCountry"] = "ES";
        sale["buyer"]!["business"] = false;
        sale["buyer"]!["equivalenceSurcharge"] = false;
        sale["buyer"]!["phone"] = "1";
        sale["lines"]![0]!["vat"]!["tax"] = "iva";
        sale["lines"]![0]!["vat"]!["regimeKey"] = "01";
        sale["lines"]![0]!["vat"]!["qualification"] = "S1";
        sale["allowances"]![0]!["vat"]!["regimeKey"] = "01";
        return sale;
    }

    private static IEnumerable<string[]> Places(JsonNode node)
    {
        foreach (var (name, child) in Children(node))
        {
            yield return [name];
            foreach (var deeper in child is null ? [] : Places(child))
            {
                yield return [name, .. deeper];
            }
        }
    }

    private static IEnumerable<(string, JsonNode?)> Children(JsonNode node) =>
        node switch
        {
            JsonObject fields => fields.Select(field => (field.Key, field.Value)),
            JsonArray items => items.Select((item, i) => (i.ToString(System.Globalization.CultureInfo.InvariantCulture), item)),
            _ => [],
        };

    private static void Put(JsonNode node, string[] place, JsonNode? value)
    {
        foreach (var name in place[..^1])
        {
            node = node is JsonArray items ? items[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)]! : node[name]!;
        }

        if (node is JsonArray list)
        {
            list[int.Parse(place[^1], System.Globalization.CultureInfo.InvariantCulture)] = value;
        }
        else
        {
            node[place[^1]] = value;
        }
    }
}
