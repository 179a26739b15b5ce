using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.Fiscal;

/// <summary>GET /v1/fiscal/chain: whether what is stored is what was recorded.</summary>
public sealed class ChainDoorTests(Infrastructure infra)
{
    [Fact]
    public async Task A_chain_of_sales_returns_and_cancellations_is_sound()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var first = await shop.IssueAsync(Shop.Sale("A-1"));
        await shop.IssueAsync(Shop.SaleTo("A-2"));
        await shop.IssueAsync(Shop.Return("A-3", "A-1", "-1"));
        var last = await shop.IssueAsync(Shop.Sale("A-4"));
        await shop.ActAsync($"/v1/invoices/{last.InvoiceId}/cancellation", """{"reason":"Posted twice"}""");

        var chain = await ChainAsync(shop.Till);

        Assert.True(chain["valid"]!.GetValue<bool>(), chain.ToJsonString());
        Assert.Equal(5, chain["records"]!.GetValue<int>());
        Assert.Empty(chain["broken"]!.AsArray());
        Assert.Empty(chain["adopted"]!.AsArray());
        Assert.Equal(1, chain["first"]!["position"]!.GetValue<int>());
        Assert.Equal(first.Number, chain["first"]!["number"]!.GetValue<string>());
        Assert.Equal("2026-11-23", chain["first"]!["issueDate"]!.GetValue<string>());
        Assert.Equal(first.Fiscal.Fingerprint, chain["first"]!["fingerprint"]!.GetValue<string>());
        Assert.Equal("2026-11-23T10:15:30+01:00", chain["first"]!["recordedAt"]!.GetValue<string>());
        Assert.Equal(last.Number, chain["last"]!["number"]!.GetValue<string>());
        Assert.Equal(5, chain["last"]!["position"]!.GetValue<int>());
    }

    [Fact]
    public async Task Before_the_first_record_a_chain_is_empty_and_sound()
    {
        await using var shop = await Shop.OpenAsync(infra);

        var chain = await ChainAsync(shop.Till);

        Assert.Equal(0, chain["records"]!.GetValue<int>());
        Assert.True(chain["valid"]!.GetValue<bool>());
        Assert.Null(chain["first"]);
    }

    [Theory]
    [InlineData("update fiscal_record set total_with_vat = 1 where position = 2", "2 INV-FISCAL-06")]
    [InlineData("update fiscal_record set number = 'T-S01-2026-000009' where position = 2", "2 INV-FISCAL-06")]
    [InlineData("update fiscal_record set recorded_at = 'yesterday' where position = 2", "2 INV-FISCAL-06")]
    [InlineData("update fiscal_record set total_with_vat = 'NaN' where position = 2", "2 INV-FISCAL-06")]
    [InlineData("update fiscal_record set issue_date = 'infinity' where position = 2", "2 INV-FISCAL-06")]
    [InlineData(
        "update fiscal_record set document = replace(document, 'ImporteTotal>19.90', 'ImporteTotal>1.90') where position = 2",
        "2 INV-FISCAL-06;2 INV-FISCAL-30"
    )]
    [InlineData("update fiscal_record set document = 'no XML' where position = 2", "2 *")]
    [InlineData("update fiscal_record set document = null where position = 2", "2 INV-FISCAL-09")]
    [InlineData("delete from fiscal_record where position = 2", "3 INV-FISCAL-33")]
    [InlineData("delete from fiscal_record where position = 1", "2 INV-FISCAL-37")]
    [InlineData("delete from fiscal_record where position = 4", "4 INV-FISCAL-08")]
    [InlineData("update fiscal_chain set last = 2", "2 INV-FISCAL-07")]
    [InlineData("update fiscal_chain set fingerprint = repeat('A', 64)", "4 INV-FISCAL-07")]
    [InlineData("update fiscal_chain set recorded_at = '2030-01-01'", "4 INV-FISCAL-07")]
    [InlineData("delete from fiscal_chain", "0 INV-FISCAL-07")]
    [InlineData("update fiscal_record set position = position + 10 where position = 4", "4 *")]
    [InlineData("update fiscal_record set position = 5 - position where position in (2, 3) and (update_later() is null)", "2 *")]
    public async Task What_was_changed_in_the_database_is_named_by_place_and_code(string tampering, string expected)
    {
        await using var shop = await Shop.OpenAsync(infra);
        for (var i = 1; i <= 4; i++)
        {
            await shop.IssueAsync(Shop.Sale($"A-{i}"));
            shop.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        if (tampering.Contains("update_later", StringComparison.Ordinal))
        {
            // Two records swapped: a unique place is taken for a moment.
            await shop.TamperAsync("update fiscal_record set position = 100 where position = 2");
            await shop.TamperAsync("update fiscal_record set position = 2 where position = 3");
            await shop.TamperAsync("update fiscal_record set position = 3 where position = 100");
        }
        else
        {
            Assert.True(await shop.TamperAsync(tampering) > 0);
        }

        var chain = await ChainAsync(shop.Till);

        Assert.False(chain["valid"]!.GetValue<bool>(), chain.ToJsonString());
        var found = chain["broken"]!
            .AsArray()
            .Select(each => $"{each!["position"]!.GetValue<long>()} {each["code"]!.GetValue<string>()}")
            .ToList();
        foreach (var each in expected.Split(';'))
        {
            Assert.True(
                each.EndsWith('*') ? found.Exists(one => one.StartsWith(each[..^1], StringComparison.Ordinal)) : found.Contains(each),
                $"{each} in {chain.ToJsonString()}"
            );
        }
    }

    [Fact]
    public async Task What_is_broken_is_told_in_the_language_that_is_asked_for()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.IssueAsync(Shop.Sale("A-1"));
        await shop.TamperAsync("update fiscal_record set vat_total = 0");
        shop.Till.DefaultRequestHeaders.AcceptLanguage.ParseAdd("es-ES");

        var chain = await ChainAsync(shop.Till);

        Assert.Equal("T-S01-2026-000001", chain["broken"]![0]!["number"]!.GetValue<string>());
        Assert.StartsWith("La columna vat_total", chain["broken"]![0]!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Days_are_those_of_the_seller_and_both_ends_belong_to_them()
    {
        // 23:30 on the 23rd and 00:30 on the 24th in Madrid are both the 23rd in UTC.
        await using var shop = await Shop.OpenAsync(infra, now: "2026-11-23T23:30:00+01:00");
        await shop.IssueAsync(Shop.Sale("A-1"));
        shop.Clock.Advance(TimeSpan.FromHours(1));
        await shop.IssueAsync(Shop.Sale("A-2"));
        shop.Clock.Advance(TimeSpan.FromDays(2));
        await shop.IssueAsync(Shop.Sale("A-3"));

        Assert.Equal("1 1 1", await RangeAsync(shop, "from=2026-11-23&to=2026-11-23"));
        Assert.Equal("1 2 2", await RangeAsync(shop, "from=2026-11-24&to=2026-11-24"));
        Assert.Equal("2 2 3", await RangeAsync(shop, "from=2026-11-24"));
        Assert.Equal("2 1 2", await RangeAsync(shop, "to=2026-11-25"));
        Assert.Equal("3 1 3", await RangeAsync(shop, "from=0001-01-01&to=9999-12-31"));
        Assert.Equal("0 - -", await RangeAsync(shop, "from=2026-12-01"));
        Assert.Equal("0 - -", await RangeAsync(shop, "to=2026-11-22"));
        Assert.Equal("0 - -", await RangeAsync(shop, "to=0001-01-01"));
        // The link of the first record of a part is held against the record before it.
        await shop.TamperAsync(
            "update fiscal_record set document = replace(document, 'T-S01-2026-000001', 'T-S01-2026-000007') where position = 2"
        );
        var part = await ChainAsync(shop.Till, "?from=2026-11-24&to=2026-11-24");
        Assert.Equal("INV-FISCAL-32", part["broken"]![0]!["code"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("from=yesterday")]
    [InlineData("to=2026-02-30")]
    [InlineData("from=2026-11-24&to=2026-11-23")]
    [InlineData("from=2026-11-23&from=2026-11-24")]
    [InlineData("from=%00")]
    public async Task Days_that_cannot_be_are_refused(string query)
    {
        await using var shop = await Shop.OpenAsync(infra);
        foreach (var door in new[] { "chain", "export" })
        {
            using var answer = await shop.Till.GetAsync($"/v1/fiscal/{door}?{query}");
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Two_sellers_of_one_taxpayer_share_a_chain_and_neither_sees_the_others_numbers()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var twin = await TwinAsync(shop, "B12345674");
        await shop.IssueAsync(Shop.Sale("A-1"));
        (await twin.PostAsJsonAsync("/v1/sales", Shop.Sale("B-1"))).EnsureSuccessStatusCode();
        await shop.IssueAsync(Shop.Sale("A-2"));
        (await twin.PostAsJsonAsync("/v1/sales", Shop.Sale("B-2"))).EnsureSuccessStatusCode();

        var sound = await ChainAsync(shop.Till);
        await shop.TamperAsync("update fiscal_record set vat_total = 0 where position in (2, 3)");
        await shop.TamperAsync("delete from fiscal_record where position = 1");
        var broken = await ChainAsync(shop.Till);

        Assert.True(sound["valid"]!.GetValue<bool>());
        Assert.Equal(4, sound["records"]!.GetValue<int>());
        Assert.Equal("T-S01-2026-000001", sound["first"]!["number"]!.GetValue<string>());
        Assert.Null(sound["last"]!["number"]);
        Assert.DoesNotContain("S01.2", broken.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(broken["broken"]!.AsArray(), each => each!["position"]!.GetValue<int>() == 2 && each["number"] is null);
        Assert.Contains(
            broken["broken"]!.AsArray(),
            each => each!["position"]!.GetValue<int>() == 3 && each["number"]?.GetValue<string>() == "T-S01-2026-000002"
        );
    }

    [Fact]
    public async Task Another_taxpayers_chain_is_not_seen_and_the_scope_is_needed()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var other = await TwinAsync(shop, "A58818501");
        using var till = shop.Host.As(Shop.Seller, "sales:write");
        using var nobody = shop.Host.As("nobody");
        await shop.IssueAsync(Shop.Sale("A-1"));

        Assert.Equal(0, (await ChainAsync(other))["records"]!.GetValue<int>());
        foreach (var door in new[] { "chain", "export", "submissions" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await till.GetAsync($"/v1/fiscal/{door}")).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await shop.Host.Http.GetAsync($"/v1/fiscal/{door}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await nobody.GetAsync($"/v1/fiscal/{door}")).StatusCode);
        }

        foreach (var door in new[] { "chains", "holds" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await shop.Till.GetAsync($"/v1/fiscal/{door}")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await shop.Till.PostAsync("/v1/fiscal/restored", null)).StatusCode);
    }

    internal static async Task<HttpClient> TwinAsync(Shop shop, string taxId, string seller = "twin")
    {
        var registration = Shop.Registration();
        registration["taxId"] = taxId;
        using var admin = shop.Host.AsAdmin();
        (await admin.PutAsJsonAsync($"/v1/sellers/{seller}", registration)).EnsureSuccessStatusCode();
        return shop.Host.As(seller);
    }

    internal static async Task<JsonNode> ChainAsync(HttpClient client, string query = "")
    {
        using var answer = await client.GetAsync($"/v1/fiscal/chain{query}");
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!;
    }

    private static async Task<string> RangeAsync(Shop shop, string query)
    {
        var chain = await ChainAsync(shop.Till, $"?{query}");
        Assert.True(chain["valid"]!.GetValue<bool>(), chain.ToJsonString());
        return $"{chain["records"]} {chain["first"]?["position"]?.ToString() ?? "-"} {chain["last"]?["position"]?.ToString() ?? "-"}";
    }
}
