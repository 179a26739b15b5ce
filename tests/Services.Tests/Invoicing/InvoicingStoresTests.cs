using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Search;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;
using Rpc = RetailInvoicing.Contracts.Grpc.Invoicing;

namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>Staff that the seller's list holds to one shop, at Invoicing's doors: the other shop's invoices are not there.</summary>
public sealed class InvoicingStoresTests(Infrastructure infra)
{
    private const string Mark = "Zorzal azul";

    [Fact]
    public async Task A_list_shows_the_invoices_of_the_members_stores_alone()
    {
        await using var shop = await OpenAsync();
        var (own, other) = await IssueAsync(shop);
        using var held = shop.Host.Member(Shop.Seller, StaffRole.Shop, "S01");
        Assert.Equal([own.Number], await NumbersAsync(held, ""));
        foreach (
            var query in new[] { $"?number={other.Number}", "?saleId=ZORZAL-2", "?q=S99", $"?series={other.Series}", "?customerId=17850" }
        )
        {
            Assert.Empty(await NumbersAsync(held, query));
        }

        using var both = shop.Host.Member(Shop.Seller, StaffRole.Shop, "S01", "S99");
        Assert.Equal([other.Number, own.Number], await NumbersAsync(both, ""));
        using var all = shop.Host.Member(Shop.Seller, StaffRole.Shop);
        Assert.Equal([other.Number, own.Number], await NumbersAsync(all, ""));
    }

    [Fact]
    public async Task An_invoice_of_another_store_is_not_there_to_look_at_or_to_act_on()
    {
        await using var shop = await OpenAsync();
        var (own, other) = await IssueAsync(shop);
        using var held = shop.Host.Member(Shop.Seller, StaffRole.Shop, "S01");
        foreach (var door in new[] { "", "/explanation", "/document?format=json", "/document?format=ubl", "/qr" })
        {
            Assert.Equal(HttpStatusCode.OK, (await held.GetAsync($"/v1/invoices/{own.InvoiceId}{door}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await held.GetAsync($"/v1/invoices/{other.InvoiceId}{door}")).StatusCode);
        }

        var reason = new { reason = "No hubo venta" };
        var cancel = await held.PostAsJsonAsync($"/v1/invoices/{other.InvoiceId}/cancellation", reason);
        Assert.Equal(HttpStatusCode.NotFound, cancel.StatusCode);
        var correct = await held.PostAsJsonAsync(
            $"/v1/invoices/{other.InvoiceId}/corrections",
            new
            {
                method = "differences",
                reason = "R4",
                reasonText = "x",
                lines = Array.Empty<object>(),
            }
        );
        Assert.Equal(HttpStatusCode.NotFound, correct.StatusCode);
        var exchange = await held.PostAsJsonAsync(
            "/v1/exchanges",
            new { ticketInvoiceIds = new[] { other.InvoiceId.ToString() }, buyer = Shop.SaleTo("B")["buyer"] }
        );
        Assert.Equal(HttpStatusCode.NotFound, exchange.StatusCode);
        using var all = shop.Host.Member(Shop.Seller, StaffRole.Shop);
        Assert.Equal("issued", (string?)(await all.GetFromJsonAsync<JsonNode>($"/v1/invoices/{other.InvoiceId}"))!["status"]);
        Assert.Equal(HttpStatusCode.Created, (await held.PostAsJsonAsync($"/v1/invoices/{own.InvoiceId}/cancellation", reason)).StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_told_apart_by_store_is_refused_with_its_code_even_to_an_owner()
    {
        await using var shop = await OpenAsync();
        using var held = shop.Host.Member(Shop.Seller, StaffRole.Owner, "S01");
        foreach (
            var door in new[]
            {
                "/v1/fiscal/chain",
                "/v1/fiscal/export",
                "/v1/fiscal/submissions",
                $"/v1/sellers/{Shop.Seller}",
                $"/v1/sellers/{Shop.Seller}/keys",
                $"/v1/sellers/{Shop.Seller}/series",
            }
        )
        {
            var refused = await held.GetAsync(door);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains("AUTH-04", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // Held to a store, nobody takes the hold off.
        var staff = await held.PutAsJsonAsync(
            $"/v1/sellers/{Shop.Seller}/staff/owner@example.com",
            new { role = "owner", stores = Array.Empty<string>() }
        );
        Assert.Equal(HttpStatusCode.Forbidden, staff.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await held.PostAsync("/v1/sales", null)).StatusCode);
    }

    [Fact]
    public async Task Another_service_that_asks_for_such_a_member_is_held_as_well()
    {
        await using var shop = await OpenAsync();
        var (own, other) = await IssueAsync(shop);
        using var channel = shop.Host.Channel();
        var invoices = new Rpc.Invoices.InvoicesClient(channel);
        var held = StoreSweep.Behalf(Shop.Seller, StaffRole.Shop, "S01");
        var list = await invoices.ListAsync(new Rpc.ListInvoices(), shop.Host.CallAs("portal", held));
        Assert.Contains(own.Number, Assert.Single(list.Invoices).Body.ToStringUtf8(), StringComparison.Ordinal);
        await invoices.GetAsync(new Rpc.GetInvoice { InvoiceId = own.InvoiceId.ToString() }, shop.Host.CallAs("delivery", held));
        foreach (
            var ask in new Func<Task>[]
            {
                async () =>
                    await invoices.GetAsync(
                        new Rpc.GetInvoice { InvoiceId = other.InvoiceId.ToString() },
                        shop.Host.CallAs("delivery", held)
                    ),
                async () =>
                    await invoices.DocumentAsync(
                        new Rpc.GetDocument { InvoiceId = other.InvoiceId.ToString(), Format = "ubl" },
                        shop.Host.CallAs("delivery", held)
                    ),
            }
        )
        {
            Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(ask)).StatusCode);
        }

        // An rpc that does not say that it holds its answer to stores does not open.
        var sellers = new Rpc.Sellers.SellersClient(channel);
        var shut = await Assert.ThrowsAsync<RpcException>(async () =>
            await sellers.GetAsync(new Rpc.GetSeller { SellerId = Shop.Seller }, shop.Host.CallAs("portal", held))
        );
        Assert.Equal(StatusCode.PermissionDenied, shut.StatusCode);
    }

    [Fact]
    public async Task A_search_that_goes_on_past_another_stores_invoices_names_none_of_them()
    {
        await using var shop = await OpenAsync();
        var own = await shop.IssueAsync(Shop.Sale("A-1"));
        var others = new List<InvoiceBody>();
        for (var i = 0; i < 5; i++)
        {
            var sale = Shop.Sale($"ZORZAL-{i}");
            sale["storeId"] = "S99";
            others.Add(await shop.IssueAsync(sale));
        }

        await shop.Host.Services.GetRequiredService<GatherTerms>().RunAsync(TestContext.Current.CancellationToken);
        var list = new ListInvoices(
            shop.Host.Services.GetRequiredService<NpgsqlDataSource>(),
            shop.Host.Services.GetRequiredService<PublicAddress>(),
            shop.Host.Services.GetRequiredService<FindByWords>()
        )
        {
            FoundAtOnce = 2,
            MostFound = 2,
        };
        var (found, cursor, pages) = (new List<string>(), (string?)null, 0);
        do
        {
            var page = (
                await list.ListAsync(
                    new InvoiceQuery
                    {
                        SellerId = SellerId.Of(Shop.Seller),
                        Stores = ["S01"],
                        Q = "portavelas",
                        Cursor = cursor,
                    },
                    TestContext.Current.CancellationToken
                )
            ).Value;
            found.AddRange(page.Invoices.Select(invoice => invoice.Number));
            cursor = page.NextCursor;
            Assert.DoesNotContain(others, other => other.InvoiceId.ToString() == cursor);
        } while (cursor is not null && ++pages < 20);

        Assert.Equal([own.Number], found);
        Assert.True(pages > 1, $"{pages} pages");
    }

    [Fact]
    public async Task No_GET_door_shows_anything_of_another_store()
    {
        await using var shop = await OpenAsync();
        var (own, other) = await IssueAsync(shop);
        var values = new Dictionary<string, string> { ["invoiceId"] = other.InvoiceId.ToString(), ["sellerId"] = Shop.Seller };
        string[] queries = ["", $"?number={other.Number}", "?q=Zorzal", "?storeId=S99", "?from=2026-11-01&to=2026-11-30"];
        foreach (var role in Enum.GetValues<StaffRole>())
        {
            using var held = shop.Host.Member(Shop.Seller, role, "S01");
            var answers = await StoreSweep.WalkAsync(
                shop.Host,
                held,
                values,
                queries,
                [Mark, other.InvoiceId.ToString(), "ZORZAL-2", "zorzal@example.com"]
            );
            Assert.Equal((200, 404), (answers["/v1/invoices"], answers["/v1/invoices/{invoiceId}"]));
        }

        Assert.NotEqual(own.InvoiceId, other.InvoiceId);
    }

    private Task<Shop> OpenAsync() => Shop.OpenAsync(infra, seller => seller["stores"] = new JsonArray(Store("S01"), Store("S99")));

    private static JsonObject Store(string id) => new() { ["storeId"] = id };

    private static async Task<(InvoiceBody Own, InvoiceBody Other)> IssueAsync(Shop shop)
    {
        var own = await shop.IssueAsync(Shop.Sale("A-1"));
        var sale = Shop.SaleTo("ZORZAL-2");
        sale["storeId"] = "S99";
        sale["lines"]![0]!["name"] = Mark;
        sale["buyer"]!["email"] = "zorzal@example.com";
        return (own, await shop.IssueAsync(sale));
    }

    private static async Task<string[]> NumbersAsync(HttpClient member, string query) =>
        [
            .. (await member.GetFromJsonAsync<JsonNode>($"/v1/invoices{query}"))!["invoices"]!
                .AsArray()
                .Select(invoice => (string)invoice!["number"]!),
        ];
}
