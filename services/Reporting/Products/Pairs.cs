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
    public decimal Evidence => decimal.Round((decimal)Of(Together, WithFirst, WithSecond, Sales), 2, MidpointRounding.AwayFromZero);

    /// <summary>The same before it is rounded.</summary>
    internal static double Of(int together, int withFirst, int withSecond, int sales)
    {
        double both = together;
        double first = withFirst - together;
        double second = withSecond - together;
        var none = sales - both - first - second;
        var g =
            2
            * (
                Part(both, (double)withFirst * withSecond / sales)
                + Part(first, (double)withFirst * (sales - withSecond) / sales)
                + Part(second, (double)(sales - withFirst) * withSecond / sales)
                + Part(none, (double)(sales - withFirst) * (sales - withSecond) / sales)
            );
        return Math.Max(0, g);
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

    // Evidence is rounded to hundredths.
    private const double Rounding = 0.01;
    private const double NearlyEnough = (double)LeastEvidence - Rounding;

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

        return Ordered(Found(frequent, Count(rank, frequent.Length), of), most);
    }

    /// <summary>All pairs with evidence, or nearly, as it is before rounding; there may be many more than are asked for.</summary>
    private List<(double Evidence, int First, int Second, int Both)> Found(int[] frequent, int[] together, string? of)
    {
        var found = new List<(double Evidence, int First, int Second, int Both)>();
        for (var second = 1; second < frequent.Length; second++)
        {
            var row = second * (second - 1) / 2;
            var withSecond = _sold[frequent[second]];
            for (var first = 0; first < second; first++)
            {
                var both = together[row + first];
                if (both < 2 || (long)both * Sales <= (long)_sold[frequent[first]] * withSecond)
                {
                    continue;
                }

                var isAsked = of is null || _names[frequent[first]] == of || _names[frequent[second]] == of;
                var evidence = isAsked ? ProductPair.Of(both, _sold[frequent[first]], withSecond, Sales) : 0;
                if (evidence > NearlyEnough)
                {
                    found.Add((evidence, frequent[first], frequent[second], both));
                }
            }
        }

        return found;
    }

    private List<ProductPair> Ordered(List<(double Evidence, int First, int Second, int Both)> found, int most)
    {
        found.Sort((left, right) => right.Evidence.CompareTo(left.Evidence));
        // Those whose rounded evidence may be among the first.
        var last = found.Count > most ? found[most - 1].Evidence - Rounding : 0;
        return
        [
            .. found
                .TakeWhile(each => each.Evidence >= last)
                .Select(each => new ProductPair
                {
                    First = _names[each.First],
                    Second = _names[each.Second],
                    Together = each.Both,
                    WithFirst = _sold[each.First],
                    WithSecond = _sold[each.Second],
                    Sales = Sales,
                })
                .Where(pair => pair.Evidence >= LeastEvidence)
                .OrderByDescending(pair => pair.Evidence)
                .ThenBy(pair => pair.First, StringComparer.Ordinal)
                .ThenBy(pair => pair.Second, StringComparer.Ordinal)
                .Take(most),
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
