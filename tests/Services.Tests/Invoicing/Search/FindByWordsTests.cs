using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Grpc.Invoicing;
using RetailInvoicing.Invoicing.Search;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.Search;

public sealed class FindByWordsTests(Infrastructure infra)
{
    [Fact]
    public async Task An_invoice_is_found_by_product_buyer_number_and_total_however_they_are_written()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var lamp = Shop.Sale("A-1", unitPrice: "617.28");
        lamp["lines"]![0]!["name"] = "Lámpara de latón";
        lamp["lines"]![0]!["sku"] = "LAT-77";
        var (one, two) = (await shop.IssueAsync(lamp), await shop.IssueAsync(Shop.SaleTo("A-2")));
        await GatherAsync(shop);

        foreach (var words in new[] { "lampara", "LATÓN lámp", "lat-7", "1.234,56", "1,234.56", "1234.56€", one.Number, "A-1" })
        {
            Assert.Equal([one.Number], await FoundAsync(shop, words));
        }

        foreach (var words in new[] { "customer 17850", "C17850@example.com", "00017850w", "17850" })
        {
            Assert.Equal([two.Number], await FoundAsync(shop, words));
        }

        Assert.Empty(await FoundAsync(shop, "lampara customer"));
        Assert.Empty(await FoundAsync(shop, "%_' | !:*&"));
        // What else is asked for narrows it.
        Assert.Empty(await FoundAsync(shop, "lampara", "&storeId=S02"));
        Assert.Equal([one.Number], await FoundAsync(shop, "lampara", "&storeId=S01&from=2026-11-23"));
    }

    [Fact]
    public async Task Words_of_one_seller_find_nothing_of_another()
    {
        await using var shop = await Shop.OpenAsync(infra);
        await shop.IssueAsync(Shop.SaleTo("A-1"));
        await GatherAsync(shop);
        using var stranger = shop.Host.As("stranger");

        var page = await stranger.GetFromJsonAsync<JsonNode>("/v1/invoices?q=customer");

        Assert.Empty(page!["invoices"]!.AsArray());
    }

    [Fact]
    public async Task What_is_found_comes_in_pages_newest_first_whatever_its_age()
    {
        await using var shop = await Shop.OpenAsync(infra);
        for (var i = 0; i < 7; i++)
        {
            await shop.IssueAsync(Shop.Sale($"A-{i}"));
        }

        await GatherAsync(shop);
        // As if they had been issued over years: an index of words alone finds the old ones.
        await shop.TamperAsync(
            $$"""
            with aged as (
                select seller_id, words, row_number() over (order by invoice_id desc) as place, invoice_id from invoicing.invoice_search
            )
            insert into invoicing.invoice_search (seller_id, invoice_id, words)
            select seller_id, invoicing.uuid_at('2026-11-01'::timestamptz - place * interval '200 days'),
                array_to_tsvector(array['{{Shop.Seller}}/antiguo'])
            from aged
            """
        );
        var find = shop.Host.Services.GetRequiredService<FindByWords>();
        var seller = SellerId.Of(Shop.Seller);

        var all = await find.RunAsync(seller, SearchTerms.Question(seller, "antig")!, null, 100, TestContext.Current.CancellationToken);
        Assert.Equal(7, all.Count);
        Assert.Equal(all.OrderByDescending(each => each.Value), all);
        var rest = await find.RunAsync(seller, SearchTerms.Question(seller, "antig")!, all[2], 100, TestContext.Current.CancellationToken);
        Assert.Equal(all.Skip(3), rest);
        var few = await find.RunAsync(seller, SearchTerms.Question(seller, "antig")!, all[2], 2, TestContext.Current.CancellationToken);
        Assert.Equal(all.Skip(3).Take(2), few);

        var seen = new List<string>();
        for (string? cursor = ""; cursor is not null; )
        {
            var page = JsonNode.Parse(await shop.Till.GetStringAsync($"/v1/invoices?q=portav&limit=3&cursor={cursor}"))!;
            seen.AddRange(page["invoices"]!.AsArray().Select(each => each!["number"]!.GetValue<string>()));
            cursor = page["nextCursor"]?.GetValue<string>();
        }

        Assert.Equal(7, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(seen.OrderDescending(StringComparer.Ordinal), seen);
    }

    [Fact]
    public async Task Who_is_forgotten_is_found_no_more_by_address_and_the_invoice_is_by_what_the_law_keeps()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var invoice = await shop.IssueAsync(Shop.SaleTo("A-1"));
        await GatherAsync(shop);
        Assert.Equal([invoice.Number], await FoundAsync(shop, "c17850@example.com"));
        using var channel = shop.Host.Channel();
        var customers = new Customers.CustomersClient(channel);

        await customers.ForgetAsync(new ForgetRequest(), shop.Host.CallAs("portal", OnBehalfOf.Customer("c17850@example.com")));
        await GatherAsync(shop);

        Assert.Empty(await FoundAsync(shop, "c17850@example.com"));
        Assert.Equal([invoice.Number], await FoundAsync(shop, "00017850W"));
    }

    [Fact]
    public async Task What_commits_late_is_gathered_all_the_same()
    {
        await using var shop = await Shop.OpenAsync(infra);
        var invoice = await shop.IssueAsync(Shop.Sale("A-1"));
        await GatherAsync(shop);
        // Its transaction was under way while later ones were gathered.
        await shop.TamperAsync("delete from invoicing.invoice_search");
        await shop.TamperAsync("update invoicing.invoice_search_end set invoice_id = invoicing.uuid_at(now())");

        await GatherAsync(shop);

        Assert.Equal([invoice.Number], await FoundAsync(shop, "portavelas"));
    }

    private static async Task GatherAsync(Shop shop)
    {
        var gather = shop.Host.Services.GetRequiredService<GatherTerms>();
        await Eventually.TrueAsync(
            async () =>
            {
                await gather.RunAsync(TestContext.Current.CancellationToken);
                await using var left = shop.Host.Database.CreateCommand(
                    "select not exists (select from invoicing.invoice i where not exists "
                        + "(select from invoicing.invoice_search s where s.seller_id = i.seller_id and s.invoice_id = i.invoice_id))"
                );
                return (bool)(await left.ExecuteScalarAsync())!;
            },
            "all words are gathered"
        );
    }

    private static async Task<string[]> FoundAsync(Shop shop, string words, string more = "")
    {
        var page = JsonNode.Parse(await shop.Till.GetStringAsync($"/v1/invoices?q={Uri.EscapeDataString(words)}{more}"))!;
        return [.. page["invoices"]!.AsArray().Select(each => each!["number"]!.GetValue<string>())];
    }
}
