using CsCheck;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Personalisation;

namespace RetailInvoicing.Services.Tests.Delivery;

public sealed class ItemToItemTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
    private static readonly SellerId Seller = SellerId.Of("nandu");

    // Numbers of the test's own: whoever tunes the service's changes what is suggested, and not what must hold.
    private static readonly ItemToItemTuning Tuning = new()
    {
        HalfLifeWeeks = 12,
        SizePower = 0.5,
        Power = 0.5,
        Ridge = 0.5,
        Neighbours = 50,
        FreshWeeks = 8,
        MostProducts = 100,
        AlikeFrom = 0.5,
        MostAlike = 0.4,
    };

    [Fact]
    public void What_is_bought_together_goes_before_what_everybody_buys()
    {
        var counts = Learned([
            .. Times(6, "1-cup", "2-saucer"),
            .. Times(30, "3-bag", "4-ribbon"),
            .. Times(30, "3-bag", "5-card"),
            .. Times(2, "1-cup", "3-bag"),
        ]);

        var suggested = counts.Suggest(["1-cup"], SuggestionRules.None, 3);

        Assert.Equal("2-saucer", suggested[0].Sku);
        Assert.Equal("n1-cup", suggested[0].BecauseOf);
    }

    [Fact]
    public void Without_its_weights_it_is_the_cosine_of_the_sets_of_baskets()
    {
        var baskets = Baskets([
            ["1", "2"],
            ["1", "2"],
            ["1"],
            ["2", "3"],
        ]);

        var goesWith = Assert.Single(Learned(new ItemToItem(ItemToItemTuning.Cosine), baskets).GoesWith("1"));

        Assert.Equal("2", goesWith.Sku);
        Assert.Equal(2 / Math.Sqrt(3 * 3), goesWith.Score, 6);
        Assert.Equal(2, Learned(new ItemToItem(ItemToItemTuning.Counts), baskets).GoesWith("1")[0].Score, 6);
        Assert.Empty(Learned(new ItemToItem(ItemToItemTuning.Popularity), baskets).GoesWith("1"));
    }

    [Fact]
    public void Of_two_that_are_always_bought_together_the_one_seen_ten_times_is_believed_more_than_the_one_seen_once()
    {
        var counts = Learned([.. Times(10, "1", "2"), .. Times(1, "3", "4")]);

        Assert.True(counts.GoesWith("1")[0].Score > 1.5 * counts.GoesWith("3")[0].Score);
    }

    [Fact]
    public void What_two_products_of_the_basket_say_alike_counts_once()
    {
        // Cups and saucers are one thing, and say together what each says alone; the clock goes with the hook more often than both with tea.
        var baskets = new[]
        {
            Times(12, "1-cup", "2-saucer", "3-tea"),
            Times(8, "1-cup", "2-saucer"),
            Times(16, "4-clock", "5-hook"),
            Times(4, "4-clock"),
        }
            .SelectMany(each => each)
            .ToArray();
        string[] basket = ["1-cup", "2-saucer", "4-clock"];

        Assert.Equal("3-tea", Learned(new ItemToItem(ItemToItemTuning.Cosine), baskets).Suggest(basket, SuggestionRules.None, 1)[0].Sku);
        Assert.Equal("5-hook", Learned(baskets).Suggest(basket, SuggestionRules.None, 1)[0].Sku);
    }

    [Fact]
    public void What_goes_with_a_product_only_by_way_of_another_is_said_by_that_one()
    {
        // A cup is bought with tea only where a pot is, and a pot with tea whether there is a cup or not.
        var counts = Learned([
            .. Times(10, "1-cup", "2-pot", "3-tea"),
            .. Times(10, "2-pot", "3-tea"),
            .. Times(10, "1-cup"),
            .. Times(10, "3-tea"),
        ]);

        Assert.DoesNotContain("1-cup", Strong("3-tea"));
        Assert.Contains("2-pot", Strong("3-tea"));
        Assert.Contains("3-tea", Strong("2-pot"));

        IEnumerable<string> Strong(string sku) => counts.GoesWith(sku).Where(each => each.Score > 0.1).Select(each => each.Sku);
    }

    [Fact]
    public void What_was_bought_together_lately_goes_before_what_was_a_year_ago()
    {
        var counts = Learned([.. Times(5, Now.AddDays(-300), "1", "2"), .. Times(5, "1", "3"), .. Times(5, "2", "4")]);

        Assert.Equal("3", counts.Suggest(["1"], SuggestionRules.None, 1)[0].Sku);
    }

    [Fact]
    public void A_sale_counts_twice_what_one_a_half_life_before_counts()
    {
        var statistic = new ItemToItem(Tuning);
        var earlier = Now.AddDays(-7 * Tuning.HalfLifeWeeks);

        Assert.Equal(2, statistic.WeightOf(3, Now) / statistic.WeightOf(3, earlier), 9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1999)]
    [InlineData(9999)]
    public void A_sale_of_any_year_has_a_weight_that_can_be_stored_and_compared(int year)
    {
        var statistic = new ItemToItem(Tuning with { HalfLifeWeeks = 1 });
        var at = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var weight = statistic.WeightOf(100, at);

        Assert.True(double.IsFinite(weight) && weight > 0);
        Assert.True(double.IsFinite(statistic.Similarity(weight, weight, 3 * weight, Now)));
    }

    [Fact]
    public void The_order_of_sales_makes_no_difference_nor_whether_they_are_added_one_by_one_or_in_parts()
    {
        var random = new Random(7);
        var baskets = Enumerable
            .Range(0, 60)
            .Select(i => Basket(Now.AddDays(-i), [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => $"{random.Next(12)}").Distinct()]))
            .ToArray();
        var expected = Learned(baskets);

        Gen.Shuffle(baskets)
            .Sample(
                shuffled =>
                {
                    var (one, other) = (Learned(shuffled[..20]), Learned(shuffled[20..]));
                    foreach (var product in expected.Products)
                    {
                        Assert.Equal(1, (Weight(one, product.Sku) + Weight(other, product.Sku)) / product.Weight, 9);
                    }

                    var together = one.Pairs.Concat(other.Pairs).ToLookup(pair => (pair.Sku, pair.OtherSku), pair => pair.Weight);
                    Assert.Equal(expected.PairCount, together.Count);
                    Assert.All(expected.Pairs, pair => Assert.Equal(1, together[(pair.Sku, pair.OtherSku)].Sum() / pair.Weight, 9));
                },
                iter: 100
            );

        static double Weight(BasketCounts counts, string sku) => counts.Products.Where(each => each.Sku == sku).Sum(each => each.Weight);
    }

    [Fact]
    public void Nothing_just_bought_is_suggested_by_code_or_by_name_over_a_thousand_random_baskets()
    {
        var random = new Random(11);
        var counts = Learned([
            .. Enumerable
                .Range(0, 300)
                .Select(i => Basket(Now.AddHours(-i), [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => Code(random)).Distinct()])),
        ]);
        for (var i = 0; i < 1000; i++)
        {
            var basket = Enumerable.Range(0, random.Next(1, 12)).Select(_ => Code(random)).Distinct().ToArray();

            var suggested = counts.Suggest(basket, SuggestionRules.None, 5);

            Assert.InRange(suggested.Count, 1, 5);
            Assert.Equal(suggested.Count, suggested.Select(each => each.Sku).Distinct(StringComparer.OrdinalIgnoreCase).Count());
            Assert.DoesNotContain(suggested, each => basket.Contains(each.Sku, StringComparer.OrdinalIgnoreCase));
            var names = counts
                .Products.Where(each => basket.Contains(each.Sku))
                .Select(each => each.Name)
                .ToHashSet(StringComparer.OrdinalIgnoreCase);
            Assert.DoesNotContain(suggested, each => names.Contains(each.Name));
        }

        // Some codes differ from others in case alone, and some names are borne by two codes.
        static string Code(Random random) => $"{(random.Next(4) == 0 ? 'A' : 'a')}{random.Next(40)}";
    }

    [Fact]
    public void Of_five_suggestions_at_most_two_are_the_same_thing_in_other_colours()
    {
        string[] colours = ["RED", "BLUE", "GREEN", "PINK", "BLACK", "WHITE"];
        var counts = new BasketCounts(new ItemToItem(Tuning));
        for (var i = 0; i < 40; i++)
        {
            var products = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var colour in colours)
            {
                products[$"1-{colour}"] = $"LUNCH BAG {colour} SPOTS";
            }

            products["50"] = "TIN OF BISCUITS";
            if (i % 8 == 0)
            {
                products["60"] = "WOODEN CLOCK";
                products["61"] = "PAPER LANTERN";
                products["62"] = "GLASS JAR";
            }

            counts.Add(
                new ShoppingBasket
                {
                    SellerId = Seller,
                    At = Now,
                    Products = products,
                }
            );
        }

        var suggested = counts.Suggest(["50"], SuggestionRules.None, 5);

        Assert.Equal(5, suggested.Count);
        Assert.Equal(2, suggested.Count(each => each.Name.StartsWith("LUNCH BAG", StringComparison.Ordinal)));
        Assert.Single(counts.Suggest(["50"], SuggestionRules.None, 1));
    }

    [Fact]
    public void Nothing_of_a_list_has_two_others_nearly_of_its_name_even_where_those_two_differ()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["1"] = "KETTLE",
            ["2"] = "SMALL RED PAPER LAMP",
            ["3"] = "SMALL RED",
            ["4"] = "PAPER LAMP",
            ["5"] = "SPOON",
        };
        var counts = new BasketCounts(new ItemToItem(Tuning));
        foreach (var (sku, times) in new[] { ("2", 9), ("3", 8), ("4", 7), ("5", 6) })
        {
            for (var i = 0; i < times; i++)
            {
                counts.Add(Basket(Now, ["1", sku]) with { Products = new[] { "1", sku }.ToDictionary(each => each, each => names[each]) });
            }
        }

        Assert.Equal(["2", "3", "5"], counts.Suggest(["1"], SuggestionRules.None, 5).Select(each => each.Sku));
    }

    [Fact]
    public void A_basket_nobody_has_bought_from_gets_what_sells_most_of_late_and_gives_no_reason()
    {
        var counts = Learned([.. Times(3, "1", "2"), .. Times(9, "3"), .. Times(40, Now.AddDays(-300), "4")]);

        var suggested = counts.Suggest(["never-seen-9"], SuggestionRules.None, 5);

        Assert.Equal(["3", "1", "2"], suggested.Select(each => each.Sku));
        Assert.All(suggested, each => Assert.Null(each.BecauseOf));
        Assert.All(suggested, each => Assert.Equal(0, each.Score));
    }

    [Fact]
    public void A_shop_that_has_sold_nothing_suggests_nothing() => Assert.Empty(Learned([]).Suggest(["1"], SuggestionRules.None, 5));

    [Fact]
    public void What_was_last_sold_long_before_the_newest_sale_is_not_suggested()
    {
        var counts = Learned([.. Times(50, Now.AddDays(-120), "1", "2"), .. Times(2, "1", "3")]);

        Assert.Equal(["3"], counts.Suggest(["1"], SuggestionRules.None, 5).Select(each => each.Sku));
    }

    [Fact]
    public void A_basket_of_a_whole_warehouse_teaches_what_was_sold_and_no_pairs()
    {
        var statistic = new ItemToItem(Tuning with { MostProducts = 4 });

        Assert.Equal(
            6,
            Learned(
                statistic,
                Baskets([
                    ["1", "2", "3", "4"],
                ])
            ).PairCount
        );
        var large = Learned(
            statistic,
            Baskets([
                ["1", "2", "3", "4", "5"],
            ])
        );
        Assert.Equal((5, 0), (large.Products.Count, large.PairCount));
    }

    [Theory]
    [InlineData("85123A", "WHITE HANGING HEART", true)]
    [InlineData("8412345678905", "Taza", true)]
    [InlineData("POST", "POSTAGE", false)]
    [InlineData("D", "Discount", false)]
    [InlineData("M", "Manual", false)]
    [InlineData("DOT", "DOTCOM POSTAGE", false)]
    [InlineData("BANK CHARGES", "Bank Charges", false)]
    [InlineData("C2", "CARRIAGE", false)]
    [InlineData("CRUK", "CRUK Commission", false)]
    [InlineData("PADS", "PADS TO MATCH ALL CUSHIONS", false)]
    [InlineData("S", "SAMPLES", false)]
    [InlineData("AMAZONFEE", "AMAZON FEE", false)]
    [InlineData("P01", "Gastos de envío", false)]
    [InlineData("P02", "Portes 24", false)]
    [InlineData("P03", "CARRIAGE CLOCK", true)]
    [InlineData("P04", "", true)]
    public void Postage_fees_and_corrections_are_no_products(string sku, string name, bool isProduct) =>
        Assert.Equal(isProduct, SuggestionRules.None.IsProduct(sku, name));

    [Fact]
    public void A_seller_leaves_out_codes_and_beginnings_of_codes_and_may_have_words_for_codes()
    {
        var rules = new SuggestionRules { LeftOut = ["gift_*", "77"], WordsAreProducts = true };

        Assert.False(rules.IsProduct("GIFT_0001_20", "Voucher"));
        Assert.False(rules.IsProduct("77", "Bolsa"));
        Assert.True(rules.IsProduct("770", "Taza"));
        Assert.True(rules.IsProduct("TAZA", "Taza"));
    }

    [Fact]
    public void What_a_seller_leaves_out_is_not_suggested_though_it_was_learned()
    {
        var counts = Learned([.. Times(9, "1", "2"), .. Times(2, "1", "3")]);

        Assert.Equal(["3"], counts.Suggest(["1"], new SuggestionRules { LeftOut = ["2"] }, 5).Select(each => each.Sku));
    }

    [Fact]
    public void A_basket_is_of_sales_alone_and_of_what_was_bought_under_a_code()
    {
        var sold = SampleInvoice.Of(Seller, 3);
        var lines = sold.Lines;
        var mixed = sold with
        {
            Lines = [lines[0] with { Sku = " 7 ", Name = "Taza" }, lines[1] with { Quantity = -1 }, lines[2] with { Sku = null }],
        };

        Assert.Equal(KeyValuePair.Create("7", "Taza"), Assert.Single(ShoppingBasket.Of(mixed)!.Products));
        Assert.Equal(mixed.IssuedAt, ShoppingBasket.Of(mixed)!.At);
        Assert.Equal(Now, ShoppingBasket.Of(mixed with { OccurredAt = Now })!.At);
        Assert.Null(ShoppingBasket.Of(sold with { Kind = InvoiceKind.Corrective }));
        Assert.Null(ShoppingBasket.Of(sold with { Kind = InvoiceKind.Exchange }));
        Assert.NotNull(ShoppingBasket.Of(sold with { Kind = InvoiceKind.Simplified }));
        Assert.Null(ShoppingBasket.Of(sold with { Lines = [lines[2] with { Sku = null }] }));
    }

    [Theory]
    [InlineData("JUMBO BAG RED RETROSPOT", "Jumbo bag, red retrospot", 1d)]
    [InlineData("RED PLATE", "BLUE PLATE", 1 / 3d)]
    [InlineData("Taza de té", "Mesa", 0d)]
    [InlineData("", "", 0d)]
    [InlineData("--- !", "?", 0d)]
    public void Names_are_compared_by_their_words(string one, string other, double share) =>
        Assert.Equal(share, ProductName.Of(one).ShareWith(ProductName.Of(other)), 9);

    private static BasketCounts Learned(ShoppingBasket[] baskets) => Learned(new ItemToItem(Tuning), baskets);

    private static BasketCounts Learned(ItemToItem statistic, ShoppingBasket[] baskets)
    {
        var counts = new BasketCounts(statistic);
        foreach (var basket in baskets)
        {
            counts.Add(basket);
        }

        return counts;
    }

    private static ShoppingBasket[] Baskets(string[][] baskets) => [.. baskets.Select(skus => Basket(Now, skus))];

    private static IEnumerable<ShoppingBasket> Times(int times, params string[] skus) => Times(times, Now, skus);

    private static IEnumerable<ShoppingBasket> Times(int times, DateTimeOffset at, params string[] skus) =>
        Enumerable.Repeat(Basket(at, skus), times);

    private static ShoppingBasket Basket(DateTimeOffset at, string[] skus) =>
        new()
        {
            SellerId = Seller,
            At = at,
            Products = skus.ToDictionary(sku => sku, sku => $"n{sku}", StringComparer.Ordinal),
        };
}
