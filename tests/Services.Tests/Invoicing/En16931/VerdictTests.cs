using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Services.Tests.Fixtures;
using Rpc = RetailInvoicing.Contracts.Grpc.Invoicing;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>What anybody is told of a document: by REST, by gRPC, in Spanish and English.</summary>
public sealed class VerdictTests(Infrastructure infra)
{
    private const string Broken = """
        <Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
                 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
                 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">
          <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
          <cac:InvoiceLine><cbc:ID>1</cbc:ID><cac:Item><cbc:Name>x</cbc:Name></cac:Item></cac:InvoiceLine>
          <cac:InvoiceLine><cac:Item><cbc:BrandName>y</cbc:BrandName></cac:Item></cac:InvoiceLine>
        </Invoice>
        """;

    [Theory]
    [InlineData("UBL", 979)]
    [InlineData("CII", 806)]
    public void Every_official_rule_has_its_severity_and_a_text_in_Spanish_and_English(string syntax, int rules)
    {
        var official = File.ReadLines(Repository.Shared($"compliance/en16931/rules/EN16931-{syntax}-rules.csv"))
            .Skip(1)
            .Select(line => line.Split(',', 3))
            .ToDictionary(cells => cells[0], cells => cells[1]);
        var ours = RuleTable.All.ToDictionary(rule => rule.Id);

        Assert.Equal(rules, official.Count);
        Assert.Empty(official.Keys.Except(ours.Keys));
        Assert.Empty(
            official.Where(rule =>
                rule.Value != (RuleTable.SeverityOf(rule.Key, inCii: syntax == "CII") == Severity.Fatal ? "fatal" : "warning")
            )
        );
        Assert.All(
            ours.Values,
            rule => Assert.True(rule.Spanish.Length > 10 && rule.English.Length > 10 && rule.Spanish != rule.English, rule.Id)
        );
    }

    [Fact]
    public async Task A_posted_document_gets_its_verdict_with_places_in_the_readers_language()
    {
        await using var shop = await Shop.OpenAsync(infra);

        var english = await JudgeAsync(shop, Broken, "en");
        var spanish = await JudgeAsync(shop, Broken, "es-ES");

        Assert.Equal(("ubl-invoice", "en16931"), (english.GetProperty("syntax").GetString(), english.GetProperty("profile").GetString()));
        Assert.False(english.GetProperty("valid").GetBoolean());
        var finding = Assert.Single(
            english.GetProperty("findings").EnumerateArray(),
            each => each.GetProperty("rule").GetString() == "BR-21"
        );
        Assert.Equal("fatal", finding.GetProperty("severity").GetString());
        Assert.Equal("/Invoice/cac:InvoiceLine[2]", finding.GetProperty("location").GetString());
        Assert.StartsWith("Each line has an identifier", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            english.GetProperty("findings").EnumerateArray(),
            each =>
                each.GetProperty("rule").GetString() == "UBL-CR-569"
                && each.GetProperty("severity").GetString() == "warning"
                && each.GetProperty("location").GetString() == "/Invoice/cac:InvoiceLine[2]/cac:Item/cbc:BrandName"
        );
        Assert.StartsWith(
            "Cada línea tiene identificador",
            spanish
                .GetProperty("findings")
                .EnumerateArray()
                .First(each => each.GetProperty("rule").GetString() == "BR-21")
                .GetProperty("message")
                .GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_invoice_of_ours_is_valid_by_both_doors()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var issued = await shop.IssueAsync(Shop.SaleTo("A-1"));
        var document = await shop.Till.GetStringAsync($"/v1/invoices/{issued.InvoiceId}/document?format=ubl");

        var verdict = await JudgeAsync(shop, document, "en");
        using var channel = shop.Host.Channel();
        var answer = await new Rpc.Validation.ValidationClient(channel).ValidateAsync(
            new Rpc.ValidateDocument { Document = Google.Protobuf.ByteString.CopyFromUtf8(document) },
            new Grpc.Core.Metadata { { "authorization", shop.Till.DefaultRequestHeaders.Authorization!.ToString() } }
        );

        Assert.Equal("[]", verdict.GetProperty("findings").GetRawText());
        Assert.True(verdict.GetProperty("valid").GetBoolean() && answer.Valid);
        Assert.Equal("ubl-invoice", answer.Syntax);
        Assert.Empty(answer.Findings);
    }

    [Fact]
    public async Task A_document_of_CII_gets_its_verdict_by_both_doors()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var broken = CiiSample.Change(CiiSample.Of("S"), "- BuyerTradeParty/Name\n+ ExchangedDocument <Name>x</Name>").ToString();

        var valid = await JudgeAsync(shop, CiiSample.Of("K").ToString(), "en");
        var spanish = await JudgeAsync(shop, broken, "es");
        using var channel = shop.Host.Channel();
        var answer = await new Rpc.Validation.ValidationClient(channel).ValidateAsync(
            new Rpc.ValidateDocument { Document = Google.Protobuf.ByteString.CopyFromUtf8(broken) },
            new Grpc.Core.Metadata { { "authorization", shop.Till.DefaultRequestHeaders.Authorization!.ToString() } }
        );

        Assert.Equal("cii", valid.GetProperty("syntax").GetString());
        Assert.True(valid.GetProperty("valid").GetBoolean());
        Assert.Equal("[]", valid.GetProperty("findings").GetRawText());
        Assert.Equal(
            [
                "BR-07 fatal /rsm:CrossIndustryInvoice El comprador tiene nombre (BT-44).",
                "CII-SR-013 warning /rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:Name El modelo básico de factura no usa ram:Name en rsm:ExchangedDocument.",
            ],
            spanish
                .GetProperty("findings")
                .EnumerateArray()
                .Select(each =>
                    string.Join(' ', new[] { "rule", "severity", "location", "message" }.Select(name => each.GetProperty(name).GetString()))
                )
        );
        Assert.False(answer.Valid);
        Assert.Equal(("cii", "BR-07 CII-SR-013"), (answer.Syntax, string.Join(' ', answer.Findings.Select(finding => finding.Rule))));
    }

    [Fact]
    public void A_cards_whole_number_is_fatal_in_CII_and_a_warning_in_UBL()
    {
        Assert.Equal(Severity.Fatal, RuleTable.SeverityOf("BR-51", inCii: true));
        Assert.Equal(Severity.Warning, RuleTable.SeverityOf("BR-51", inCii: false));
    }

    [Fact]
    public async Task Peppols_rules_are_asked_for_by_their_profile_and_told_with_those_of_the_standard()
    {
        await using var shop = await Shop.OpenAsync(infra);

        var english = await JudgeAsync(shop, Broken, "en", "peppol");
        var spanish = await JudgeAsync(shop, Broken, "es", "peppol");
        using var channel = shop.Host.Channel();
        var answer = await new Rpc.Validation.ValidationClient(channel).ValidateAsync(
            new Rpc.ValidateDocument { Document = Google.Protobuf.ByteString.CopyFromUtf8(Broken), Profile = "peppol" },
            new Grpc.Core.Metadata { { "authorization", shop.Till.DefaultRequestHeaders.Authorization!.ToString() } }
        );

        Assert.Equal(("peppol", "peppol"), (english.GetProperty("profile").GetString(), answer.Profile));
        var rules = Rules(english);
        Assert.Superset(new HashSet<string> { "BR-21", "PEPPOL-EN16931-R001", "PEPPOL-EN16931-R003", "PEPPOL-EN16931-R053" }, rules);
        Assert.Equal(rules, answer.Findings.Select(finding => finding.Rule).ToHashSet());
        Assert.DoesNotContain(Rules(await JudgeAsync(shop, Broken, "en")), rule => rule.StartsWith("PEPPOL", StringComparison.Ordinal));
        Assert.Equal("The invoice says its business process (BT-23).", MessageOf(english, "PEPPOL-EN16931-R001"));
        Assert.Equal("La factura indica su proceso de negocio (BT-23).", MessageOf(spanish, "PEPPOL-EN16931-R001"));
    }

    [Theory]
    [InlineData("", "en16931", 400, "INV-VALID-01")]
    [InlineData("hello", "en16931", 400, "INV-VALID-01")]
    [InlineData("<a/>", "en16931", 400, "INV-VALID-02")]
    [InlineData("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "en16931", 400, "INV-VALID-01")]
    [InlineData("<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>", "moon", 400, "QUERY-01")]
    public async Task What_cannot_be_judged_is_refused_with_a_code(string document, string profile, int status, string code)
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var body = new StringContent(document, new MediaTypeHeaderValue("application/xml"));

        using var answer = await shop.Till.PostAsync($"/v1/validation?profile={profile}", body);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(
            code,
            JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("code").GetString()
        );
    }

    private static HashSet<string> Rules(JsonElement verdict) =>
        [.. verdict.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("rule").GetString()!)];

    private static string? MessageOf(JsonElement verdict, string rule) =>
        verdict
            .GetProperty("findings")
            .EnumerateArray()
            .First(finding => finding.GetProperty("rule").GetString() == rule)
            .GetProperty("message")
            .GetString();

    private static async Task<JsonElement> JudgeAsync(Shop shop, string document, string language, string profile = "en16931")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/validation?profile={profile}")
        {
            Content = new StringContent(document, new MediaTypeHeaderValue("application/xml")),
        };
        request.Headers.AcceptLanguage.ParseAdd(language);
        using var answer = await shop.Till.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
