using System.Text;
using System.Text.Json.Nodes;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

public sealed class TakePostedSaleTests(Infrastructure infra)
{
    [Fact]
    public async Task A_sale_from_any_client_becomes_an_invoice_and_a_refused_one_is_answered()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await using var refused = await shop.Host.ListenAsync("invoicing.sale-refused.v1");
        var wrong = Shop.Sale("A-2", quantity: "0");
        var odd = Shop.Sale("A-3");
        odd["colour"] = "red";

        await PublishAsync(shop, Shop.Sale("A-1").ToJsonString());
        await PublishAsync(shop, Shop.Sale("A-1").ToJsonString());
        await PublishAsync(shop, wrong.ToJsonString());
        await PublishAsync(shop, odd.ToJsonString());

        await Eventually.EqualAsync(1L, () => shop.AskAsync<long>("select count(*) from invoice"), "invoices");
        var answers = (await refused.AtLeastAsync(2)).Select(each => JsonNode.Parse(each.Body)!).ToList();
        Assert.Equal(
            ["A-2 INV-LINE-02", "A-3 BODY-02"],
            answers.Select(each => $"{each["saleId"]} {each["code"]}").Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_redelivered_refusal_is_told_once()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await using var refused = await shop.Host.ListenAsync("invoicing.sale-refused.v1");
        var id = Guid.CreateVersion7().ToString();

        await PublishAsync(shop, Shop.Sale("A-1", quantity: "0").ToJsonString(), id);
        await PublishAsync(shop, Shop.Sale("A-1", quantity: "0").ToJsonString(), id);
        await PublishAsync(shop, Shop.Sale("A-2", quantity: "0").ToJsonString());

        await Eventually.TrueAsync(
            () => Task.FromResult(refused.All.Any(each => each.Body.Contains("A-2", StringComparison.Ordinal))),
            "the last is told"
        );
        Assert.Single(refused.All, each => each.Body.Contains("A-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_return_before_its_original_waits_for_it()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await PublishAsync(shop, Shop.Return("A-2", "A-1").ToJsonString());
        await Eventually.EqualAsync(1L, () => shop.AskAsync<long>("select count(*) from held_return"), "held returns");
        Assert.DoesNotContain("Bearer", await shop.AskAsync<string>("select body from held_return"), StringComparison.Ordinal);

        await shop.IssueAsync(Shop.Sale("A-1"));

        await Eventually.EqualAsync(2L, () => shop.AskAsync<long>("select count(*) from invoice"), "invoices");
        await Eventually.EqualAsync(0L, () => shop.AskAsync<long>("select count(*) from held_return"), "held returns");
        Assert.Equal("R-S01-2026-000001", await shop.AskAsync<string>("select number from invoice where kind = 'Corrective'"));
    }

    [Fact]
    public async Task A_sale_waits_while_its_chain_takes_no_records_and_is_never_refused_for_it()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await using var refused = await shop.Host.ListenAsync("invoicing.sale-refused.v1");
        await shop.IssueAsync(Shop.Sale("A-1"));
        await shop.AskAsync<long>(
            "with moved as (update fiscal_chain set recorded_at = recorded_at + interval '5 minutes' returning 1) select count(*) from moved"
        );

        await PublishAsync(shop, Shop.Sale("A-2").ToJsonString());
        await Eventually.EqualAsync(1L, () => shop.AskAsync<long>("select count(*) from held_return"), "sales that wait");
        shop.Clock.Advance(TimeSpan.FromMinutes(4.5));

        await Eventually.EqualAsync(2L, () => shop.AskAsync<long>("select count(*) from invoice"), "invoices");
        await Eventually.EqualAsync(0L, () => shop.AskAsync<long>("select count(*) from held_return"), "sales that wait");
        Assert.Empty(refused.All);
    }

    [Fact]
    public async Task A_return_whose_original_never_comes_is_refused_in_the_end()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await using var refused = await shop.Host.ListenAsync("invoicing.sale-refused.v1");
        await PublishAsync(shop, Shop.Return("A-2", "A-1").ToJsonString());
        await Eventually.EqualAsync(1L, () => shop.AskAsync<long>("select count(*) from held_return"), "held returns");

        shop.Clock.Advance(TimeSpan.FromDays(7));

        await Eventually.EqualAsync(
            0L,
            () =>
            {
                shop.Clock.Advance(TimeSpan.FromSeconds(5));
                return shop.AskAsync<long>("select count(*) from held_return");
            },
            "held returns"
        );
        Assert.Contains("INV-RETURN-09", (await refused.AtLeastAsync(1))[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_sale_or_nobodys_goes_to_the_dead_letters()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.Host.PublishAsync(SalePosted.Exchange, Encoding.UTF8.GetBytes("no json"), Key(shop));
        await shop.Host.PublishAsync(SalePosted.Exchange, Encoding.UTF8.GetBytes(Shop.Sale("A-1").ToJsonString()));
        await shop.Host.PublishAsync(
            SalePosted.Exchange,
            Encoding.UTF8.GetBytes(Shop.Sale("A-1").ToJsonString()),
            new Dictionary<string, object?> { ["Authorization"] = "Bearer nonsense" }
        );

        using var management = await infra.ManagementAsync();
        var host = Uri.EscapeDataString(shop.Host.Broker.AbsolutePath.TrimStart('/'));
        await Eventually.TrueAsync(
            async () =>
            {
                var queue = await management.GetAsync($"/api/queues/{host}/invoicing-post-sale_error");
                return queue.IsSuccessStatusCode
                    && JsonNode.Parse(await queue.Content.ReadAsStringAsync())!["messages"]?.GetValue<int>() == 3;
            },
            "three dead letters",
            TimeSpan.FromSeconds(60)
        );
        Assert.Equal(0L, await shop.AskAsync<long>("select count(*) from invoice"));
    }

    private static Dictionary<string, object?> Key(Shop shop) =>
        new() { ["Authorization"] = $"Bearer {shop.Host.KeyFor(Shop.Seller, "sales:write")}" };

    private static Task PublishAsync(Shop shop, string json, string? messageId = null) =>
        shop.Host.PublishAsync(SalePosted.Exchange, Encoding.UTF8.GetBytes(json), Key(shop), messageId);
}
