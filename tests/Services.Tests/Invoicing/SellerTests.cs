using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

public sealed class SellerTests(Infrastructure infra)
{
    [Fact]
    public async Task A_seller_is_told_with_a_growing_version_and_the_same_again_is_not()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await using var told = await shop.Host.ListenAsync("invoicing.seller-registered.v1");
        using var admin = shop.Host.AsAdmin();
        var same = await admin.PutAsJsonAsync($"/v1/sellers/{Shop.Seller}", Shop.Registration());
        var changed = Shop.Registration();
        changed["tradeName"] = "Ñandú y Cía";
        await admin.PutAsJsonAsync($"/v1/sellers/{Shop.Seller}", changed);
        (await admin.PutAsJsonAsync($"/v1/sellers/{Shop.Seller}/staff/Ana@Example.com", new { role = "owner" })).EnsureSuccessStatusCode();
        (await admin.PutAsJsonAsync($"/v1/sellers/{Shop.Seller}/staff/ana@example.com", new { role = "owner" })).EnsureSuccessStatusCode();

        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        // The first version may be told before or after somebody listens.
        await Eventually.TrueAsync(
            () => Task.FromResult(told.All.Any(each => each.Body.Contains("\"version\":3", StringComparison.Ordinal))),
            "the third version is told"
        );
        var seller = JsonNode.Parse(await admin.GetStringAsync($"/v1/sellers/{Shop.Seller}"))!;
        Assert.Equal(3, seller["version"]!.GetValue<int>());
        Assert.Equal("ana@example.com", seller["staff"]![0]!["email"]!.GetValue<string>());
        Assert.Contains("\"version\":3", told.All[^1].Body, StringComparison.Ordinal);
        Assert.Equal(3L, await shop.AskAsync<long>("select count(*) from event"));
    }

    [Theory]
    [InlineData("taxId", "\"B12345675\"", "INV-SELLER-03")]
    [InlineData("timeZone", "\"Europe/Madriz\"", "INV-SELLER-04")]
    [InlineData("iban", "\"ES9121000418450200051333\"", "INV-SELLER-05")]
    [InlineData("territory", "\"foral\"", "INV-SELLER-06")]
    [InlineData("name", "\"\"", "INV-SELLER-02")]
    [InlineData("name", "\"a\\u0000b\"", "INV-SELLER-02")]
    [InlineData("address", "{\"country\":\"ES\"}", "INV-SELLER-02")]
    [InlineData("stores", "[{\"storeId\":\"A B\"}]", "INV-SALE-04")]
    [InlineData("stores", "[{\"storeId\":\"A\"},{\"storeId\":\"A\"}]", "INV-SELLER-07")]
    [InlineData("stores", "[null]", "INV-SALE-09")]
    [InlineData("defaultTermsDays", "-1", "INV-SELLER-02")]
    [InlineData("branding", "{\"colour\":\"red\"}", "INV-SELLER-02")]
    [InlineData("environment", "\"moon\"", "BODY-02")]
    [InlineData("unknown", "1", "BODY-02")]
    public async Task What_no_invoice_could_be_issued_with_is_refused(string field, string value, string code)
    {
        await using var shop = await Shop.OpenAsync(infra);
        var seller = Shop.Registration();
        seller[field] = JsonNode.Parse(value);
        using var admin = shop.Host.AsAdmin();

        var answer = await admin.PutAsync("/v1/sellers/other", new StringContent(seller.ToJsonString(), null, "application/json"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(code, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_opens_its_sellers_door_until_it_is_revoked()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var admin = shop.Host.AsAdmin();
        var given = await admin.PostAsJsonAsync($"/v1/sellers/{Shop.Seller}/keys", new { scopes = new[] { "sales:write" } });
        var key = JsonNode.Parse(await given.Content.ReadAsStringAsync())!;
        using var till = shop.Host.With(key["apiKey"]!.GetValue<string>());
        Task<HttpResponseMessage> Post(string id) =>
            till.PostAsync("/v1/sales", new StringContent(Shop.Sale(id).ToJsonString(), null, "application/json"));

        Assert.Equal(HttpStatusCode.Created, given.StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await Post("A-1")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await till.GetAsync("/v1/invoices")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await till.GetAsync($"/v1/sellers/{Shop.Seller}")).StatusCode);
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await admin.DeleteAsync($"/v1/sellers/{Shop.Seller}/keys/{key["keyId"]!.GetValue<string>()}")).StatusCode
        );
        Assert.Equal(HttpStatusCode.Unauthorized, (await Post("A-2")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.DeleteAsync($"/v1/sellers/{Shop.Seller}/keys/{Guid.Empty}")).StatusCode);
        Assert.Equal(
            HttpStatusCode.UnprocessableEntity,
            (await admin.PostAsJsonAsync($"/v1/sellers/{Shop.Seller}/keys", new { scopes = new[] { "all" } })).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await admin.PostAsJsonAsync("/v1/sellers/nobody/keys", new { scopes = new[] { "sales:write" } })).StatusCode
        );
    }

    [Fact]
    public async Task Another_taxpayer_is_another_seller_once_invoices_were_issued()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.IssueAsync(Shop.Sale("A-1"));
        var other = Shop.Registration();
        other["taxId"] = "B85133585";
        using var admin = shop.Host.AsAdmin();

        var answer = await admin.PutAsJsonAsync($"/v1/sellers/{Shop.Seller}", other);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }

    [Fact]
    public async Task Our_services_look_sellers_people_and_invoices_up_each_held_to_whom_it_asks_for()
    {
        await using var shop = await Shop.OpenAsync(infra);
        using var admin = shop.Host.AsAdmin();
        await admin.PutAsJsonAsync($"/v1/sellers/{Shop.Seller}/staff/boss@example.com", new { role = "owner" });
        var invoice = await shop.IssueAsync(Shop.SaleTo("A-1"));
        await shop.IssueAsync(Shop.Sale("A-2"));
        using var channel = shop.Host.Channel();
        var sellers = new Sellers.SellersClient(channel);
        var invoices = new Invoices.InvoicesClient(channel);
        var system = shop.Host.CallAs("portal", OnBehalfOf.System);
        var seller = shop.Host.CallAs("delivery", OnBehalfOf.Seller(RetailInvoicing.Contracts.SellerId.Of(Shop.Seller)));
        var customer = shop.Host.CallAs("portal", OnBehalfOf.Customer("C17850@Example.com"));
        var stranger = shop.Host.CallAs("portal", OnBehalfOf.Customer("other@example.com"));
        var request = new GetInvoice { InvoiceId = invoice.InvoiceId.ToString() };

        Assert.Contains(
            "Comercios Ñandú",
            (await sellers.GetAsync(new GetSeller { SellerId = Shop.Seller }, system)).Body.ToStringUtf8(),
            StringComparison.Ordinal
        );
        var person = await sellers.LookUpAsync(new LookUpPerson { Email = "C17850@EXAMPLE.com" }, system);
        Assert.Equal(("Comercios Ñandú, S.L.", "en"), (person.CustomerOf.Single().SellerName, person.CustomerOf.Single().Language));
        Assert.Equal("owner", (await sellers.LookUpAsync(new LookUpPerson { Email = "Boss@example.com" }, system)).StaffOf.Single().Role);
        Assert.Contains(invoice.Number, (await invoices.GetAsync(request, seller)).Body.ToStringUtf8(), StringComparison.Ordinal);
        Assert.Contains(invoice.Number, (await invoices.GetAsync(request, customer)).Body.ToStringUtf8(), StringComparison.Ordinal);
        Assert.Equal(
            Grpc.Core.StatusCode.NotFound,
            (await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await invoices.GetAsync(request, stranger))).StatusCode
        );
        Assert.Equal(
            Grpc.Core.StatusCode.PermissionDenied,
            (await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await invoices.GetAsync(request, system))).StatusCode
        );
        Assert.Equal(
            Grpc.Core.StatusCode.Unauthenticated,
            (await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await invoices.GetAsync(request))).StatusCode
        );
        Assert.Equal(2, (await invoices.ListAsync(new ListInvoices(), seller)).Invoices.Count);
        Assert.Single((await invoices.ListAsync(new ListInvoices(), customer)).Invoices);
        foreach (var (format, root) in new[] { ("ubl", "<Invoice "), ("factur-x", "<rsm:CrossIndustryInvoice ") })
        {
            var document = await invoices.DocumentAsync(new GetDocument { InvoiceId = request.InvoiceId, Format = format }, customer);
            Assert.StartsWith("<?xml", document.Content.ToStringUtf8(), StringComparison.Ordinal);
            Assert.Contains(root, document.Content.ToStringUtf8(), StringComparison.Ordinal);
        }
    }
}
