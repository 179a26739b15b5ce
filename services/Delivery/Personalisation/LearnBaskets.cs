using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>Every sale teaches what is bought together in that shop; whose sale it was is not kept.</summary>
public sealed class LearnBaskets(ItemToItem statistic)
{
    private const int PairsAtOnce = 20_000;

    // Where many sales wait, of more that are due the rest is listed when it is sold again: to list is most of what learning costs.
    private const int ListsAtOnce = 64;

    // Rows of products first, in order: whoever changes a pair, or what goes with a product, holds its products.
    private const string AddProducts = """
        insert into sold_product as s (seller_id, sku, name, weight, baskets, last_at)
        select seller_id, sku, name, weight, baskets, last_at
        from unnest(@sellers, @skus, @names, @weights, @baskets, @lasts) as told (seller_id, sku, name, weight, baskets, last_at)
        order by seller_id, sku
        on conflict (seller_id, sku) do update set
            name = case when excluded.last_at >= s.last_at then excluded.name else s.name end,
            weight = s.weight + excluded.weight,
            baskets = s.baskets + excluded.baskets,
            last_at = greatest(s.last_at, excluded.last_at)
        returning seller_id, sku, weight, baskets, last_at, listed_at_baskets
        """;

    private const string AddPairs = """
        insert into sold_pair as s (seller_id, sku, other_sku, weight)
        select seller_id, sku, other_sku, weight
        from unnest(@sellers, @skus, @others, @weights) as told (seller_id, sku, other_sku, weight)
        on conflict (seller_id, sku, other_sku) do update set weight = s.weight + excluded.weight
        """;

    private const string PartnersOf = """
        select due.seller_id, due.sku, partner.sku, pair.weight, partner.weight, partner.last_at
        from unnest(@sellers, @skus) as due (seller_id, sku)
        cross join lateral (
            select p.other_sku as sku, p.weight from sold_pair p where p.seller_id = due.seller_id and p.sku = due.sku
            union all
            select p.sku, p.weight from sold_pair p where p.seller_id = due.seller_id and p.other_sku = due.sku
        ) pair
        join sold_product partner on partner.seller_id = due.seller_id and partner.sku = pair.sku
        """;

    // One look by its key for each: the planner, told of thousands, would read all pairs of the shop instead.
    private const string PairsAmong = """
        with near as (
            select list, place, seller_id, sku from unnest(@lists, @places, @sellers, @skus) as told (list, place, seller_id, sku)
        )
        select later.list, later.place, earlier.place, pair.weight
        from near later
        join near earlier on earlier.list = later.list and earlier.place < later.place
        cross join lateral (
            select p.weight from sold_pair p
            where p.seller_id = later.seller_id and p.sku = earlier.sku and p.other_sku = later.sku
            limit 1
        ) pair
        """;

    private const string KeepLists = """
        with listed as (
            select seller_id, sku, array_agg(other_sku order by place) as skus, array_agg(score order by place) as scores
            from unnest(@sellers, @skus, @others, @scores) with ordinality as told (seller_id, sku, other_sku, score, place)
            group by seller_id, sku
        )
        update sold_product s
        set goes_with = coalesce(l.skus, '{}'), goes_with_score = coalesce(l.scores, '{}'), listed_at_baskets = s.baskets
        from unnest(@dueSellers, @dueSkus) as due (seller_id, sku)
        left join listed l on l.seller_id = due.seller_id and l.sku = due.sku
        where s.seller_id = due.seller_id and s.sku = due.sku
        """;

    /// <summary>Learns them, in the transaction that remembers that they were learned.</summary>
    public async Task LearnAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<ShoppingBasket> learned,
        bool manyWait,
        CancellationToken cancellationToken
    )
    {
        var rules = await KeepSuggestionRules.OfAsync(
            transaction.Connection!,
            transaction,
            [.. learned.Select(each => each.SellerId).Distinct()],
            cancellationToken
        );
        var counts = new Dictionary<SellerId, BasketCounts>();
        foreach (var basket in learned)
        {
            if (!counts.TryGetValue(basket.SellerId, out var count))
            {
                counts[basket.SellerId] = count = new BasketCounts(statistic);
            }

            count.Add(basket.Under(rules.GetValueOrDefault(basket.SellerId, SuggestionRules.None)));
        }

        var products = counts
            .SelectMany(each => each.Value.Products.Select(product => (Seller: each.Key.Value, Product: product)))
            .ToList();
        if (products.Count == 0)
        {
            return;
        }

        var due = await AddProductsAsync(transaction, products, cancellationToken);
        var pairs = counts.SelectMany(each => each.Value.Pairs.Select(pair => (Seller: each.Key.Value, Pair: pair)));
        foreach (var some in pairs.Chunk(PairsAtOnce))
        {
            await AddPairsAsync(transaction, some, cancellationToken);
        }

        var most = manyWait ? due.OrderByDescending(each => each.Grown).Take(ListsAtOnce) : due;
        foreach (var some in most.Chunk(ListsAtOnce))
        {
            await ListAsync(transaction, some, cancellationToken);
        }
    }

    /// <summary>Adds them; those whose list of what goes with them is due.</summary>
    private async Task<List<Due>> AddProductsAsync(
        NpgsqlTransaction transaction,
        List<(string Seller, SoldProduct Product)> products,
        CancellationToken cancellationToken
    )
    {
        await using var add = new NpgsqlCommand(AddProducts, transaction.Connection, transaction)
        {
            Parameters =
            {
                Texts("sellers", products.Select(each => each.Seller)),
                Texts("skus", products.Select(each => each.Product.Sku)),
                Texts("names", products.Select(each => each.Product.Name)),
                new("weights", NpgsqlDbType.Array | NpgsqlDbType.Double) { Value = products.Select(each => each.Product.Weight).ToArray() },
                new("baskets", NpgsqlDbType.Array | NpgsqlDbType.Bigint)
                {
                    Value = products.Select(each => each.Product.Baskets).ToArray(),
                },
                new("lasts", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz)
                {
                    Value = products.Select(each => each.Product.LastAt.UtcDateTime).ToArray(),
                },
            },
        };
        var due = new List<Due>();
        var newest = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        await using (var reader = await add.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var (seller, lastAt) = (reader.GetString(0), new DateTimeOffset(reader.GetDateTime(4)));
                newest[seller] = newest.TryGetValue(seller, out var before) && before > lastAt ? before : lastAt;
                var (baskets, listed) = (reader.GetInt64(3), reader.GetInt64(5));
                if (statistic.IsDue(baskets, listed))
                {
                    due.Add(
                        new Due(seller, reader.GetString(1), reader.GetDouble(2), lastAt) { Grown = ItemToItem.Grown(baskets, listed) }
                    );
                }
            }
        }

        return due.ConvertAll(each => each with { Newest = newest[each.Seller] });
    }

    private static async Task AddPairsAsync(
        NpgsqlTransaction transaction,
        (string Seller, SoldPair Pair)[] pairs,
        CancellationToken cancellationToken
    )
    {
        await using var add = new NpgsqlCommand(AddPairs, transaction.Connection, transaction)
        {
            Parameters =
            {
                Texts("sellers", pairs.Select(each => each.Seller)),
                Texts("skus", pairs.Select(each => each.Pair.Sku)),
                Texts("others", pairs.Select(each => each.Pair.OtherSku)),
                new("weights", NpgsqlDbType.Array | NpgsqlDbType.Double) { Value = pairs.Select(each => each.Pair.Weight).ToArray() },
            },
        };
        await add.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task ListAsync(NpgsqlTransaction transaction, Due[] due, CancellationToken cancellationToken)
    {
        var near = await NearestAsync(transaction, due, cancellationToken);
        var together = await TogetherAsync(transaction, due, near, cancellationToken);
        var rows = due.Zip(near, together)
            .SelectMany(each =>
                statistic
                    .GoesWith(each.First.Weight, each.Second, each.Third.Of, each.First.Newest)
                    .Select(neighbour => (each.First.Seller, each.First.Sku, Neighbour: neighbour))
            )
            .ToList();
        await using var list = new NpgsqlCommand(KeepLists, transaction.Connection, transaction)
        {
            Parameters =
            {
                Texts("sellers", rows.Select(each => each.Seller)),
                Texts("skus", rows.Select(each => each.Sku)),
                Texts("others", rows.Select(each => each.Neighbour.Sku)),
                new("scores", NpgsqlDbType.Array | NpgsqlDbType.Real) { Value = rows.Select(each => each.Neighbour.Score).ToArray() },
                Texts("dueSellers", due.Select(each => each.Seller)),
                Texts("dueSkus", due.Select(each => each.Sku)),
            },
        };
        await list.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<List<IReadOnlyList<Partner>>> NearestAsync(
        NpgsqlTransaction transaction,
        Due[] due,
        CancellationToken cancellationToken
    )
    {
        var partners = due.ToDictionary(each => (each.Seller, each.Sku), _ => new List<Partner>());
        await using var ask = new NpgsqlCommand(PartnersOf, transaction.Connection, transaction)
        {
            Parameters = { Texts("sellers", due.Select(each => each.Seller)), Texts("skus", due.Select(each => each.Sku)) },
        };
        await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            partners[(reader.GetString(0), reader.GetString(1))]
                .Add(new Partner(reader.GetString(2), reader.GetDouble(3), reader.GetDouble(4), new DateTimeOffset(reader.GetDateTime(5))));
        }

        return [.. due.Select(each => statistic.Nearest(each.Weight, partners[(each.Seller, each.Sku)], each.Newest))];
    }

    /// <summary>What each two of those near to a product were bought together.</summary>
    private static async Task<List<Together>> TogetherAsync(
        NpgsqlTransaction transaction,
        Due[] due,
        List<IReadOnlyList<Partner>> near,
        CancellationToken cancellationToken
    )
    {
        // A pair is stored under the earlier of its codes: in that order two places say which it is.
        var ordered = near.ConvertAll(of =>
            of.Select((partner, at) => (partner.Sku, At: at)).OrderBy(each => each.Sku, StringComparer.Ordinal).ToArray()
        );
        var told = ordered.SelectMany((of, list) => of.Select((each, place) => (List: list, Place: place, each.Sku))).ToList();
        await using var ask = new NpgsqlCommand(PairsAmong, transaction.Connection, transaction)
        {
            Parameters =
            {
                Integers("lists", told.Select(each => each.List)),
                Integers("places", told.Select(each => each.Place)),
                Texts("sellers", told.Select(each => due[each.List].Seller)),
                Texts("skus", told.Select(each => each.Sku)),
            },
        };
        var together = near.ConvertAll(of => new Together(of.Count));
        await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var of = ordered[reader.GetInt32(0)];
            together[reader.GetInt32(0)].Set(of[reader.GetInt32(1)].At, of[reader.GetInt32(2)].At, reader.GetDouble(3));
        }

        return together;
    }

    private static NpgsqlParameter Integers(string name, IEnumerable<int> values) =>
        new(name, NpgsqlDbType.Array | NpgsqlDbType.Integer) { Value = values.ToArray() };

    private static NpgsqlParameter Texts(string name, IEnumerable<string> values) =>
        new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = values.ToArray() };

    /// <summary>A product whose list is due, and when its seller's newest sale was.</summary>
    private sealed record Due(string Seller, string Sku, double Weight, DateTimeOffset Newest)
    {
        /// <summary>How far its list is behind.</summary>
        public required double Grown { get; init; }
    }

    /// <summary>The weights of each two of so many, whichever of both is named first.</summary>
    private sealed class Together(int size)
    {
        private readonly double[] _weights = new double[size * size];

        public void Set(int one, int other, double weight) => _weights[one * size + other] = _weights[other * size + one] = weight;

        public double Of(int one, int other) => _weights[one * size + other];
    }
}
