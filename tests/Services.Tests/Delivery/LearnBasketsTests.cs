using System.Net;
using System.Net.Http.Json;
using System.Text;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Delivery;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class LearnBasketsTests(Infrastructure infrastructure)
{
    private const string NoMail = "smtp://127.0.0.1:9";
    private static readonly SellerId Seller = SellerId.Of("nandu");
    private static readonly DateTimeOffset At = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

    // Twelve products, each pair more or less often together; the last basket has all of them, and so lists all of them anew.
    private static readonly string[][] Baskets =
    [
        .. Enumerable.Range(2, 9).Select(i => Enumerable.Range(0, 12).Where(j => j % i == 0).Select(j => $"1{j}").ToArray()),
        [.. Enumerable.Range(0, 12).Select(j => $"1{j}")],
    ];

    [Fact]
    public async Task What_the_service_suggests_is_what_the_statistic_says_of_the_same_sales()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, NoMail);
        var sales = Baskets.Select((skus, i) => Sold(Seller, At.AddHours(i), skus)).ToArray();
        foreach (var sale in sales[..^1])
        {
            await delivery.PublishAsync(sale);
            await delivery.PublishAsync(sale);
        }

        await HeardAsync(delivery, sales.Length - 1);
        await using (var connection = await delivery.Database.OpenConnectionAsync())
        {
            // Lists may be behind, and here the last sale makes them anew.
            await connection.ExecuteAsync("update sold_product set listed_at_baskets = 0");
        }

        await delivery.PublishAsync(sales[^1]);
        await HeardAsync(delivery, sales.Length);
        var expected = new BasketCounts(new ItemToItem(ItemToItemTuning.Chosen));
        Array.ForEach(sales, sale => expected.Add(ShoppingBasket.Of(sale)!));

        using var http = delivery.As(Seller.Value, Scopes.InvoicesRead);
        foreach (var basket in new[] { "10", "13,17", "11,12,15", "" })
        {
            var said = await ListAsync(http, $"/v1/recommendations?basket={basket}&limit=50");

            var meant = expected.Suggest(basket.Split(',', StringSplitOptions.RemoveEmptyEntries), SuggestionRules.None, 50);
            Assert.Equal(12 - basket.Split(',', StringSplitOptions.RemoveEmptyEntries).Length, said.Count);
            Assert.Equal(said.OrderByDescending(each => each.Score).Select(each => each.Sku), said.Select(each => each.Sku));
            var bySku = said.ToDictionary(each => each.Sku);
            foreach (var each in meant)
            {
                Assert.Equal(each.Score, bySku[each.Sku].Score, 5);
                Assert.Equal((each.Name, each.BecauseOf is null), (bySku[each.Sku].Name, bySku[each.Sku].BecauseOf is null));
            }
        }
    }

    [Fact]
    public async Task A_shop_learns_from_its_own_sales_alone_and_explains_what_it_suggests()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, NoMail);
        var other = SellerId.Of("otro");
        await delivery.PublishAsync(Sold(Seller, At, "1", "2"));
        await delivery.PublishAsync(Sold(Seller, At, "1", "2"));
        await delivery.PublishAsync(Sold(other, At, "1", "3"));
        // What teaches nothing: goods that came back, and an exchange that says again what tickets said.
        await delivery.PublishAsync(Sold(Seller, At, "1", "4") with { Kind = InvoiceKind.Corrective });
        await delivery.PublishAsync(Sold(Seller, At, "1", "5") with { Kind = InvoiceKind.Exchange });
        await HeardAsync(delivery, 5);

        using var http = delivery.As(Seller.Value);
        var said = Assert.Single(await ListAsync(http, "/v1/recommendations?basket=1"));
        Assert.Equal(("2", "n2", "n1"), (said.Sku, said.Name, said.BecauseOf));
        using var others = delivery.As(other.Value);
        Assert.Equal("3", Assert.Single(await ListAsync(others, "/v1/recommendations?basket=1")).Sku);
        using var nobody = delivery.As("nadie");
        Assert.Empty(await ListAsync(nobody, "/v1/recommendations?basket=1"));

        var inProcess = await delivery
            .Services.GetRequiredService<SuggestProducts>()
            .RunAsync(Seller, ["1", "1", "never-sold"], 3, TestContext.Current.CancellationToken);
        Assert.Equal("2", Assert.Single(inProcess).Sku);
    }

    [Fact]
    public async Task Two_instances_that_learn_at_once_come_to_the_same_sums()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var one = await neighbours.DeliveryAsync(infrastructure, NoMail);
        await using var two = await neighbours.DeliveryAsync(infrastructure, NoMail, one);
        var random = new Random(3);
        var sales = Enumerable
            .Range(0, 200)
            .Select(i =>
                Sold(Seller, At.AddMinutes(i), [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => $"{random.Next(15)}").Distinct()])
            )
            .ToArray();
        var expected = new BasketCounts(new ItemToItem(ItemToItemTuning.Chosen));
        Array.ForEach(sales, sale => expected.Add(ShoppingBasket.Of(sale)!));

        await Parallel.ForEachAsync(
            sales,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (sale, _) => await one.PublishAsync(sale)
        );
        await HeardAsync(one, sales.Length);

        await using var connection = await one.Database.OpenConnectionAsync();
        var products = (
            await connection.QueryAsync<(string Sku, double Weight, long Baskets)>("select sku, weight, baskets from sold_product")
        ).ToDictionary(each => each.Sku);
        Assert.Equal(expected.Products.Count, products.Count);
        foreach (var product in expected.Products)
        {
            Assert.Equal(product.Baskets, products[product.Sku].Baskets);
            Assert.Equal(1, products[product.Sku].Weight / product.Weight, 9);
        }

        var pairs = (
            await connection.QueryAsync<(string Sku, string OtherSku, double Weight)>("select sku, other_sku, weight from sold_pair")
        ).ToDictionary(each => (each.Sku, each.OtherSku), each => each.Weight);
        Assert.Equal(expected.PairCount, pairs.Count);
        Assert.All(expected.Pairs, pair => Assert.Equal(1, pairs[(pair.Sku, pair.OtherSku)] / pair.Weight, 9));
        Assert.Equal(0, await connection.ExecuteScalarAsync<int>("select count(*) from sold_product where listed_at_baskets = 0"));
    }

    [Fact]
    public async Task What_nothing_goes_with_is_listed_as_such_and_not_again_at_each_sale()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, NoMail);
        await using var connection = await delivery.Database.OpenConnectionAsync();

        await delivery.PublishAsync(Sold(Seller, At, "1"));
        await HeardAsync(delivery, 1);

        Assert.Equal(
            (1L, 0),
            await connection.QuerySingleAsync<(long, int)>("select listed_at_baskets, cardinality(goes_with) from sold_product")
        );
    }

    [Fact]
    public async Task A_sale_that_cannot_be_learned_from_is_put_off_and_holds_up_no_other()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, NoMail);
        await using var connection = await delivery.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("insert into heard_sale (event_id, seller_id, body) values (gen_random_uuid(), 'nandu', '{}')");

        await delivery.PublishAsync(Sold(Seller, At, "1", "2"));

        await Eventually.EqualAsync(1L, () => connection.ExecuteScalarAsync<long>("select count(*) from sold_pair"), "pairs learned");
        await Eventually.EqualAsync(
            1L,
            () => connection.ExecuteScalarAsync<long>("select count(*) from heard_sale where failures > 0 and not_before > now()"),
            "sales put off"
        );
    }

    [Fact]
    public async Task What_a_seller_says_is_no_product_is_suggested_no_more_and_learned_no_more()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, NoMail);
        await delivery.PublishAsync(Sold(Seller, At, "1", "2", "BAG", "gift_20"));
        await HeardAsync(delivery, 1);
        using var http = delivery.As(Seller.Value);
        Assert.Equal(["2", "gift_20"], (await ListAsync(http, "/v1/recommendations?basket=1")).Select(each => each.Sku).Order());

        using var kept = await http.PutAsync(
            "/v1/recommendations/rules",
            Json("""{"leftOut":[" GIFT_* ","gift_*"],"wordsAreProducts":true}""")
        );

        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        Assert.Equal("2", Assert.Single(await ListAsync(http, "/v1/recommendations?basket=1")).Sku);
        await delivery.PublishAsync(Sold(Seller, At, "1", "2", "BAG", "gift_50"));
        await HeardAsync(delivery, 2);
        Assert.Equal(["2", "BAG"], (await ListAsync(http, "/v1/recommendations?basket=1")).Select(each => each.Sku).Order());
        var rules = await http.GetFromJsonAsync<SuggestionRules>("/v1/recommendations/rules", Wire.Tolerant);
        Assert.Equal((true, "GIFT_*"), (rules!.WordsAreProducts, Assert.Single(rules.LeftOut)));
        await using var connection = await delivery.Database.OpenConnectionAsync();
        Assert.Equal(0, await connection.ExecuteScalarAsync<int>("select count(*) from sold_product where sku = 'gift_50'"));
        using var others = delivery.As("otro");
        Assert.Empty((await others.GetFromJsonAsync<SuggestionRules>("/v1/recommendations/rules", Wire.Tolerant))!.LeftOut);
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused_by_name_and_keys_are_held_to_their_scopes()
    {
        await using var neighbours = await Neighbourhood.StartAsync();
        await using var delivery = await neighbours.DeliveryAsync(infrastructure, NoMail);
        using var http = delivery.As(Seller.Value);
        foreach (
            var query in new[]
            {
                "limit=0",
                "limit=51",
                "limit=many",
                "limit=99999999999",
                "basket=a%00b",
                $"basket={new string('x', 101)}",
                $"basket={string.Join(',', Enumerable.Range(0, 101))}",
            }
        )
        {
            using var answer = await http.GetAsync($"/v1/recommendations?{query}");
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{query}: {answer.StatusCode}");
            Assert.Contains("QUERY-01", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        foreach (
            var (body, code) in new[]
            {
                ("{", "BODY-01"),
                ("[]", "BODY-02"),
                ("""{"leftOut":null}""", "BODY-02"),
                ("""{"skus":[]}""", "BODY-02"),
                ("""{"leftOut":[null]}""", "DEL-RECOMMEND-02"),
                ("""{"leftOut":["  "]}""", "DEL-RECOMMEND-02"),
                ("""{"leftOut":["a\u0000"]}""", "DEL-RECOMMEND-02"),
                ("""{"leftOut":["\ud800"]}""", ""),
                ($$"""{"leftOut":["{{new string('x', 101)}}"]}""", "DEL-RECOMMEND-02"),
                ($$"""{"leftOut":[{{string.Join(',', Enumerable.Range(0, 201).Select(i => $"\"{i}\""))}}]}""", "DEL-RECOMMEND-01"),
            }
        )
        {
            using var answer = await http.PutAsync("/v1/recommendations/rules", Json(body));
            Assert.True((int)answer.StatusCode is 400 or 422, $"{body}: {answer.StatusCode}");
            Assert.Contains(code, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var reader = delivery.As(Seller.Value, Scopes.InvoicesRead);
        using var refused = await reader.PutAsync("/v1/recommendations/rules", Json("""{"leftOut":[]}"""));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await delivery.Http.GetAsync("/v1/recommendations?basket=1")).StatusCode);
        using var teller = delivery.As(Seller.Value, Scopes.SalesWrite);
        Assert.Equal(HttpStatusCode.Forbidden, (await teller.GetAsync("/v1/recommendations?basket=1")).StatusCode);
    }

    private static InvoiceIssued Sold(SellerId seller, DateTimeOffset at, params string[] skus)
    {
        var sample = SampleInvoice.Of(seller, 1, email: null);
        return sample with
        {
            OccurredAt = at,
            Lines = [.. skus.Select((sku, i) => sample.Lines[0] with { LineId = $"{i + 1}", Sku = sku, Name = $"n{sku}" })],
        };
    }

    private static async Task HeardAsync(ServiceHost delivery, int sales)
    {
        await Eventually.EqualAsync(
            (long)sales,
            async () =>
            {
                await using var connection = await delivery.Database.OpenConnectionAsync();
                return await connection.ExecuteScalarAsync<long>(
                    "select count(*) - (select count(*) from heard_sale) from inbox where consumer = 'delivery-send-invoice'"
                );
            },
            "sales learned"
        );
    }

    private static async Task<IReadOnlyList<Suggestion>> ListAsync(HttpClient http, string address) =>
        (await http.GetFromJsonAsync<SuggestionList>(address, Wire.Tolerant))!.Suggestions;

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
