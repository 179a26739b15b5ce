namespace RetailInvoicing.Reporting.Products;

/// <summary>Two products that are bought together more often than chance would have it, and how sure that is.</summary>
public sealed record ProductPair
{
    /// <summary>One of them; the first in the order of their codes.</summary>
    public required string First { get; init; }

    /// <summary>The other.</summary>
    public required string Second { get; init; }

    /// <summary>Sales with both.</summary>
    public required int Together { get; init; }

    /// <summary>Sales with the first.</summary>
    public required int WithFirst { get; init; }

    /// <summary>Sales with the second.</summary>
    public required int WithSecond { get; init; }

    /// <summary>All sales that were looked at.</summary>
    public required int Sales { get; init; }

    /// <summary>How many times more often than if they had nothing to do with each other.</summary>
    public decimal Lift => decimal.Round((decimal)Together * Sales / ((decimal)WithFirst * WithSecond), 4, MidpointRounding.AwayFromZero);

    /// <summary>Of sales with the first, the share that has the second, percent.</summary>
    public decimal OfFirst => decimal.Round(100m * Together / WithFirst, 2, MidpointRounding.AwayFromZero);

    /// <summary>Of sales with the second, the share that has the first, percent.</summary>
    public decimal OfSecond => decimal.Round(100m * Together / WithSecond, 2, MidpointRounding.AwayFromZero);

    /// <summary>
    /// Dunning's likelihood ratio (G²) of the table of both, one and none: what chance alone would pass 10.83 in one of a thousand pairs, and
    /// 25 in one of two million.
    /// </summary>
    public decimal Evidence
    {
        get
        {
            double both = Together;
            double first = WithFirst - Together;
            double second = WithSecond - Together;
            var none = Sales - both - first - second;
            var g =
                2
                * (
                    Part(both, (double)WithFirst * WithSecond / Sales)
                    + Part(first, (double)WithFirst * (Sales - WithSecond) / Sales)
                    + Part(second, (double)(Sales - WithFirst) * WithSecond / Sales)
                    + Part(none, (double)(Sales - WithFirst) * (Sales - WithSecond) / Sales)
                );
            return decimal.Round((decimal)Math.Max(0, g), 2, MidpointRounding.AwayFromZero);
        }
    }

    private static double Part(double seen, double expected) => seen > 0 && expected > 0 ? seen * Math.Log(seen / expected) : 0;
}

/// <summary>Counts pairs of products over sales; a product that is in few of them is left out, since nothing can be said of it.</summary>
public sealed class Pairs
{
    /// <summary>Fewer sales than this say nothing.</summary>
    public const int FewestSales = 10;

    /// <summary>More products than this are not held against each other: the most sold of them are.</summary>
    public const int MostProducts = 1500;

    /// <summary>Evidence that chance gives to no pair in a million.</summary>
    public const decimal LeastEvidence = 25m;

    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly List<int> _sold = [];
    private readonly List<int[]> _baskets = [];

    /// <summary>Sales counted so far.</summary>
    public int Sales => _baskets.Count;

    /// <summary>Counts a sale.</summary>
    public void Add(IReadOnlyList<string> products)
    {
        var basket = new int[products.Count];
        for (var i = 0; i < basket.Length; i++)
        {
            if (!_places.TryGetValue(products[i], out var place))
            {
                _places[products[i]] = place = _names.Count;
                _names.Add(products[i]);
                _sold.Add(0);
            }

            _sold[place]++;
            basket[i] = place;
        }

        _baskets.Add(basket);
    }

    /// <summary>The pairs with the most evidence that are bought together more often than by chance; of one product where it is named.</summary>
    public IReadOnlyList<ProductPair> Best(int most, string? of = null)
    {
        var frequent = Enumerable
            .Range(0, _names.Count)
            .Where(place => _sold[place] >= FewestSales)
            .OrderByDescending(place => _names[place] == of)
            .ThenByDescending(place => _sold[place])
            .ThenBy(place => _names[place], StringComparer.Ordinal)
            .Take(MostProducts)
            .OrderBy(place => _names[place], StringComparer.Ordinal)
            .ToArray();
        var rank = new int[_names.Count];
        Array.Fill(rank, -1);
        for (var i = 0; i < frequent.Length; i++)
        {
            rank[frequent[i]] = i;
        }

        var together = Count(rank, frequent.Length);
        var pairs = new List<ProductPair>();
        for (var second = 1; second < frequent.Length; second++)
        {
            for (var first = 0; first < second; first++)
            {
                var both = together[second * (second - 1) / 2 + first];
                var isMore = (long)both * Sales > (long)_sold[frequent[first]] * _sold[frequent[second]];
                if (both >= 2 && isMore && (of is null || _names[frequent[first]] == of || _names[frequent[second]] == of))
                {
                    pairs.Add(
                        new ProductPair
                        {
                            First = _names[frequent[first]],
                            Second = _names[frequent[second]],
                            Together = both,
                            WithFirst = _sold[frequent[first]],
                            WithSecond = _sold[frequent[second]],
                            Sales = Sales,
                        }
                    );
                }
            }
        }

        return
        [
            .. pairs
                .Select(pair => (Pair: pair, pair.Evidence))
                .Where(each => each.Evidence >= LeastEvidence)
                .OrderByDescending(each => each.Evidence)
                .ThenBy(each => each.Pair.First, StringComparer.Ordinal)
                .ThenBy(each => each.Pair.Second, StringComparer.Ordinal)
                .Take(most)
                .Select(each => each.Pair),
        ];
    }

    private int[] Count(int[] rank, int products)
    {
        var together = new int[Math.Max(1, products * (products - 1) / 2)];
        var ranks = new List<int>();
        foreach (var basket in _baskets)
        {
            ranks.Clear();
            foreach (var place in basket)
            {
                if (rank[place] >= 0)
                {
                    ranks.Add(rank[place]);
                }
            }

            ranks.Sort();
            for (var second = 1; second < ranks.Count; second++)
            {
                var row = ranks[second] * (ranks[second] - 1) / 2;
                for (var first = 0; first < second; first++)
                {
                    together[row + ranks[first]]++;
                }
            }
        }

        return together;
    }
}
