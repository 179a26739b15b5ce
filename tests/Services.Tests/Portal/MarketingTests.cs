using System.Text.Json.Nodes;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.Services.Tests.Portal.World;
using static RetailInvoicing.Services.Tests.Portal.World.FakeDoors;

namespace RetailInvoicing.Services.Tests.Portal;

/// <summary>Marketing in the office: campaigns that are looked at before they run and measured after, coupons, and consent.</summary>
public sealed class MarketingTests(OfficeHost office) : IClassFixture<OfficeHost>
{
    private const string Page = "/office/marketing/campaigns/navidad";

    [Fact]
    public async Task Campaigns_say_when_they_run_and_what_they_gave_away()
    {
        office.Doors.Answer("delivery GET /v1/campaigns", Shaped<CampaignPage>($$"""{"campaigns":[{{CampaignJson()}}]}"""));
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/marketing");
        foreach (var said in new[] { "Navidad", "en marcha", "1.200", "85,50 €" })
        {
            Assert.Contains(said, page.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_campaign_is_seen_as_a_customer_reads_it_before_it_is_kept()
    {
        Campaign("0.021", "0.004", "0.038");
        using var browser = await office.OwnerAsync();
        var form = (await browser.GetAsync(Page)).Form(Page);
        var fields = form.QuerySelectorAll("input[name]")
            .ToDictionary(field => field.GetAttribute("name")!, field => field.GetAttribute("value") ?? "");
        fields["title-es"] = "Vuelve pronto";
        fields["percent"] = "12,5";
        fields["couponMin"] = "20";
        var before = office.Doors.At("delivery PUT /v1/campaigns/navidad").Count;
        var preview = await browser.PostAsync($"{Page}/preview", fields);
        Assert.Equal(200, preview.Status);
        Assert.Contains("Vuelve pronto", preview.Html.QuerySelector("section")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("12,5 % de descuento en compras desde 20,00 €", preview.Text, StringComparison.Ordinal);
        Assert.Equal("Vuelve pronto", preview.Html.QuerySelector("[name=title-es]")!.GetAttribute("value"));
        Assert.Equal(before, office.Doors.At("delivery PUT /v1/campaigns/navidad").Count);
    }

    [Fact]
    public async Task A_campaign_is_kept_in_exactly_the_shape_that_its_door_takes()
    {
        Campaign("0.021", "0.004", "0.038");
        office.Doors.Answer("delivery PUT /v1/campaigns/navidad", CampaignJson());
        using var browser = await office.OwnerAsync();
        var saved = await browser.SubmitAsync(
            (await browser.GetAsync(Page)).Form(Page),
            ("text-es", "Un detalle"),
            ("minPurchases", "2"),
            ("percent", "10"),
            ("holdOut", "20")
        );
        Assert.Equal((303, $"{Page}?done=saved"), (saved.Status, saved.Location));
        var body = office.Doors.At("delivery PUT /v1/campaigns/navidad")[0].Body;
        Shaped<CampaignRules>(body);
        var rules = JsonNode.Parse(body)!;
        Assert.Equal("20", (string?)rules["holdOutPercent"]);
        Assert.Equal("2", rules["segment"]!["minPurchases"]!.ToJsonString());
        Assert.Equal("Un detalle", (string?)rules["texts"]!["es"]!["text"]);
    }

    [Theory]
    [InlineData("0.004", "0.038", false)]
    [InlineData("-0.004", "0.038", true)]
    public async Task Results_show_the_interval_and_say_where_it_proves_nothing(string low, string high, bool chance)
    {
        Campaign("0.021", low, high);
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync(Page);
        Assert.Contains("Compran más: 2,1 %", page.Text, StringComparison.Ordinal);
        Assert.Contains("con un 95 % de confianza", page.Text, StringComparison.Ordinal);
        Assert.Equal(chance, page.Text.Contains("puede ser casualidad", StringComparison.Ordinal));
        Assert.Contains("Gasto por cliente: aún no hay bastante para medirlo.", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Misused_coupons_say_why()
    {
        office.Doors.Answer(
            "delivery GET /v1/coupons/misused",
            Shaped<MisusedCouponPage>(
                """{"coupons":[{"code":"NAV-1","campaignId":"navidad","invoiceId":"01935b7c-0000-7000-8000-000000000041","saleId":"S1","reason":"redeemed-twice","amount":"5.00","currency":"EUR","at":"2026-11-20T09:00:00+00:00"}]}"""
            )
        );
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/marketing/coupons");
        Assert.Contains("NAV-1", page.Text, StringComparison.Ordinal);
        Assert.Contains("Ya usado", page.Text, StringComparison.Ordinal);
        Assert.Contains("5,00 €", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consent_is_looked_up_and_what_a_customer_says_now_is_noted()
    {
        office.Doors.Answer(
            "delivery GET /v1/customers/17850/consent",
            Shaped<ConsentBody>(
                """{"customerId":"17850","purpose":"offers","granted":true,"email":"berta@example.com","history":[{"purpose":"offers","granted":true,"source":"caja 2","at":"2026-10-01T09:00:00+00:00","recordedAt":"2026-10-01T09:00:00+00:00"}]}"""
            )
        );
        office.Doors.Answer("delivery PUT /v1/customers/17850/consent", "{}");
        using var browser = await office.OwnerAsync();
        var page = await browser.GetAsync("/office/marketing/consent?customerId=17850");
        Assert.Contains("Ahora: sí a ofertas", page.Text, StringComparison.Ordinal);
        Assert.Contains("caja 2", page.Text, StringComparison.Ordinal);
        var form = page.Html.Forms.Single(each =>
            each.GetAttribute("method") == "post" && each.GetAttribute("action") == "/office/marketing/consent"
        );
        var done = await browser.SubmitAsync(form, ("granted", "no"), ("source", "por teléfono"));
        Assert.Equal(303, done.Status);
        Assert.Equal(
            """{"purpose":"offers","granted":false,"source":"por teléfono","email":"berta@example.com"}""",
            JsonNode
                .Parse(office.Doors.At("delivery PUT /v1/customers/17850/consent")[0].Body)!
                .ToJsonString(RetailInvoicing.Contracts.Wire.Tolerant)
        );
    }

    private static string CampaignJson() =>
        Shaped<Campaign>(
            """{"campaignId":"navidad","rules":{"name":"Navidad","from":"2026-11-01","to":"2026-12-31","texts":{"es":{"title":"Feliz Navidad","text":"Gracias por venir"}}},"impressions":1200,"discount":"85.50","createdAt":"2026-10-20T09:00:00+00:00","changedAt":"2026-10-20T09:00:00+00:00"}"""
        );

    private void Campaign(string value, string low, string high)
    {
        office.Doors.Answer("delivery GET /v1/campaigns/navidad", CampaignJson());
        office.Doors.Answer(
            "delivery GET /v1/campaigns/navidad/results",
            Shaped<CampaignResults>(
                $$"""
                {"campaignId":"navidad","currency":"EUR","measureDays":30,"impressions":1200,"couponsGiven":300,"couponsRedeemed":41,"discount":"85.50",
                 "exposed":{"customers":900,"conversions":99,"conversionRate":"0.11","spend":"2500.00","meanSpend":"2.78"},
                 "heldOut":{"customers":100,"conversions":9,"conversionRate":"0.09","spend":"200.00","meanSpend":"2.00"},
                 "conversionUplift":{"value":"{{value}}","low":"{{low}}","high":"{{high}}"} }
                """
            )
        );
    }
}
