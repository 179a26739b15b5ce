using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>Staff at the REST doors: each role as far as its scopes, an owner at its own seller alone, an auditor that changes nothing.</summary>
public sealed class SellerOfficeTests(Infrastructure infra)
{
    private const string Seller = $"/v1/sellers/{Shop.Seller}";

    [Fact]
    public async Task A_role_opens_the_doors_of_its_scopes_and_no_other()
    {
        await using var shop = await Shop.OpenAsync(infra);
        foreach (
            var (role, read, give) in new[]
            {
                (StaffRole.Owner, 200, 201),
                (StaffRole.Accountant, 200, 403),
                (StaffRole.Shop, 200, 403),
                (StaffRole.Collector, 200, 403),
                (StaffRole.Auditor, 200, 403),
            }
        )
        {
            using var member = Member(shop, role);
            Assert.Equal(read, (int)(await member.GetAsync("/v1/invoices")).StatusCode);
            Assert.Equal(give, (int)(await member.PostAsJsonAsync($"{Seller}/keys", new { scopes = new[] { "sales:write" } })).StatusCode);
        }
    }

    [Fact]
    public async Task An_auditor_reads_what_a_key_must_write_for_and_writes_nothing()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var auditor = Member(shop, StaffRole.Auditor);
        Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync(Seller)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync($"{Seller}/keys")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync($"{Seller}/series")).StatusCode);
        var sale = new StringContent(Shop.Sale("A-1").ToJsonString(), null, "application/json");
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsync("/v1/sales", sale)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PutAsJsonAsync(Seller, Shop.Registration())).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.DeleteAsync($"{Seller}/staff/ana@example.com")).StatusCode);
    }

    [Fact]
    public async Task An_owner_reaches_its_own_seller_alone_and_never_what_the_law_binds()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var other = Shop.Registration();
        other["taxId"] = "A58818501";
        using var admin = shop.Host.AsAdmin();
        (await admin.PutAsJsonAsync("/v1/sellers/otro", other)).EnsureSuccessStatusCode();
        using var owner = Member(shop, StaffRole.Owner);
        foreach (var path in new[] { "/v1/sellers/otro", "/v1/sellers/otro/keys", "/v1/sellers/otro/series" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await owner.GetAsync(path)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await owner.PutAsJsonAsync("/v1/sellers/otro", other)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await owner.PutAsJsonAsync("/v1/sellers/nuevo", other)).StatusCode);
        var changed = Shop.Registration();
        changed["tradeName"] = "Ñandú Centro";
        Assert.Equal(HttpStatusCode.OK, (await owner.PutAsJsonAsync(Seller, changed)).StatusCode);
        foreach (
            var (field, value) in new[]
            {
                ("taxId", "A58818501"),
                ("environment", "production"),
                ("regime", "none"),
                ("territory", "canary"),
            }
        )
        {
            var bound = Shop.Registration();
            bound[field] = value;
            var refused = await owner.PutAsJsonAsync(Seller, bound);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains("INV-SELLER-20", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_signs_as_the_web_front_and_names_no_member_opens_nothing()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var seller = SellerId.Of(Shop.Seller);
        foreach (
            var token in new[]
            {
                Token(shop, "portal", OnBehalfOf.Seller(seller)),
                Token(shop, "portal", OnBehalfOf.Customer("ana@example.com", seller)),
                Token(shop, "portal", OnBehalfOf.System),
                Token(shop, "collections", OnBehalfOf.Staff("ana@example.com", StaffRole.Owner, seller)),
                Token(shop, "portal", OnBehalfOf.Staff("ana@example.com", StaffRole.Owner, seller))[..^4] + "AAAA",
                "a.b.c",
                "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJwb3J0YWwifQ.AAAA",
                "not-a-token",
            }
        )
        {
            using var http = shop.Host.With(token);
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/v1/invoices")).StatusCode);
        }
    }

    [Fact]
    public async Task Keys_and_series_are_listed_and_a_key_taken_back_says_since_when()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var owner = Member(shop, StaffRole.Owner);
        var given = await (
            await owner.PostAsJsonAsync($"{Seller}/keys", new { scopes = new[] { "sales:write" } })
        ).Content.ReadFromJsonAsync<JsonNode>();
        var keyId = (string)given!["keyId"]!;
        var sale = new StringContent(Shop.Sale("A-1").ToJsonString(), null, "application/json");
        (await shop.Till.PostAsync("/v1/sales", sale)).EnsureSuccessStatusCode();
        var keys = await owner.GetFromJsonAsync<JsonNode>($"{Seller}/keys");
        var key = Assert.Single(keys!["keys"]!.AsArray());
        Assert.Equal((keyId, "sales:write", true), ((string?)key!["keyId"], (string?)key["scopes"]![0], key["revokedAt"] is null));
        Assert.DoesNotContain((string)given["apiKey"]!, keys.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"{Seller}/keys/{keyId}")).StatusCode);
        Assert.NotNull((await owner.GetFromJsonAsync<JsonNode>($"{Seller}/keys"))!["keys"]![0]!["revokedAt"]);
        var series = Assert.Single((await owner.GetFromJsonAsync<JsonNode>($"{Seller}/series"))!["series"]!.AsArray());
        Assert.Equal(("S01", "test", 1), ((string?)series!["storeId"], (string?)series["environment"], (int)series["last"]!));
    }

    [Fact]
    public async Task Staff_that_leaves_is_told_and_gone()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var owner = Member(shop, StaffRole.Owner);
        (
            await owner.PutAsJsonAsync($"{Seller}/staff/caja@nandu.example", new { role = "shop", stores = new[] { "S01" } })
        ).EnsureSuccessStatusCode();
        Assert.Single((await owner.GetFromJsonAsync<JsonNode>(Seller))!["staff"]!.AsArray());
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"{Seller}/staff/Caja@nandu.example")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"{Seller}/staff/caja@nandu.example")).StatusCode);
        var after = (await owner.GetFromJsonAsync<JsonNode>(Seller))!;
        Assert.Empty(after["staff"]?.AsArray() ?? []);
        Assert.Equal(3, (int)after["version"]!);
    }

    private static HttpClient Member(Shop shop, StaffRole role) =>
        shop.Host.With(Token(shop, "portal", OnBehalfOf.Staff($"{role}@nandu.example".ToLowerInvariant(), role, SellerId.Of(Shop.Seller))));

    private static string Token(Shop shop, string service, OnBehalfOf behalf) =>
        shop.Host.CallAs(service, behalf).Single(header => header.Key == "authorization").Value["Bearer ".Length..];
}
