namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>A product as it has sold so far; the weight is the sum of its baskets' weights.</summary>
public sealed record SoldProduct
{
    /// <summary>Its code.</summary>
    public required string Sku { get; init; }

    /// <summary>Its name when it was last sold.</summary>
    public required string Name { get; init; }

    /// <summary>The weight of the baskets it was in, as of the statistic's epoch.</summary>
    public required double Weight { get; init; }

    /// <summary>How many baskets it was in.</summary>
    public required long Baskets { get; init; }

    /// <summary>When it was last sold.</summary>
    public required DateTimeOffset LastAt { get; init; }
}

/// <summary>Two products that were bought together, in the order of their codes, and the weight of those baskets.</summary>
public readonly record struct SoldPair(string Sku, string OtherSku, double Weight);

/// <summary>A product that was bought together with another one: the weight of both together, its own, and when it was last sold.</summary>
public readonly record struct Partner(string Sku, double Together, double Weight, DateTimeOffset LastAt);

/// <summary>A product that goes with another one, and how well; single precision, as it is stored.</summary>
public readonly record struct Neighbour(string Sku, float Score);

/// <summary>A product of the basket, and what goes with it.</summary>
public sealed record Bought(SoldProduct Product, IReadOnlyList<Neighbour> GoesWith);

/// <summary>A product that the basket speaks for: how much in all, how much by the one that speaks most, and that one's name.</summary>
public readonly record struct Spoken(string Sku, double Score, float Strongest, string BecauseOf);

/// <summary>
/// The statistic: near to a product are those whose baskets are most the same (the cosine), in which recent and short baskets weigh more.
/// How much it speaks for each of them is what it adds to all that the others near it say (Regression). Candidates sum up what each
/// bought product says for them.
/// </summary>
public sealed class ItemToItem(ItemToItemTuning tuning)
{
    // Weights grow with time instead of fading, so that those of last year need not be touched. The exponent is held where double ends:
    // at a half-life of a week that is seventeen years from here.
    private static readonly DateTimeOffset Epoch = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private const double Farthest = 900;

    /// <summary>Its numbers.</summary>
    public ItemToItemTuning Tuning => tuning;

    /// <summary>What a basket of so many products counts for each of them and each pair, as of the epoch.</summary>
    public double WeightOf(int products, DateTimeOffset at) => Math.Pow(products, -tuning.SizePower) * GrowthTo(at);

    /// <summary>How alike the baskets of two products are, by the weights of each and of both together.</summary>
    public double Similarity(double together, double bought, double candidate, DateTimeOffset newest)
    {
        var growth = GrowthTo(newest);
        var (both, one, other) = (together / growth, bought / growth, candidate / growth);
        return both > 0 && one > 0 && other > 0 ? both / (Math.Pow(one, tuning.Power) * Math.Pow(other, tuning.Power)) : 0;
    }

    /// <summary>The products near to one of that weight, nearest first.</summary>
    public IReadOnlyList<Partner> Nearest(double bought, IEnumerable<Partner> partners, DateTimeOffset newest) =>
        [
            .. partners
                .Where(partner => IsFresh(partner.LastAt, newest))
                .Select(partner => (Partner: partner, Similarity: Similarity(partner.Together, bought, partner.Weight, newest)))
                .Where(each => each.Similarity > 0)
                .OrderByDescending(each => each.Similarity)
                .ThenBy(each => each.Partner.Sku, StringComparer.Ordinal)
                .Take(tuning.Neighbours)
                .Select(each => each.Partner),
        ];

    /// <summary>
    /// What goes with a product of that weight, best first; `together` has what each two of those near it were bought together, the later
    /// of both first.
    /// </summary>
    public IReadOnlyList<Neighbour> GoesWith(
        double bought,
        IReadOnlyList<Partner> nearest,
        Func<int, int, double> together,
        DateTimeOffset newest
    )
    {
        var scores = tuning.Ridge is { } ridge
            ? Explained(bought, nearest, together, ridge, newest)
            : nearest.Select(partner => Similarity(partner.Together, bought, partner.Weight, newest));
        return
        [
            .. nearest
                .Zip(scores, static (partner, score) => new Neighbour(partner.Sku, (float)score))
                .Where(neighbour => neighbour.Score > 0)
                .OrderByDescending(neighbour => neighbour.Score)
                .ThenBy(neighbour => neighbour.Sku, StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether what goes with a product has to be listed anew.</summary>
    public bool IsDue(long baskets, long listedAtBaskets) => baskets > 0 && baskets >= listedAtBaskets * (1 + tuning.ListedAnewAfter);

    /// <summary>How many times as many baskets it has been in as when it was listed; without bound where it never was.</summary>
    public static double Grown(long baskets, long listedAtBaskets) => (double)baskets / listedAtBaskets;

    /// <summary>How many candidates are looked at for so many suggestions: some are too much alike, or not sold any more.</summary>
    public static int WantedFor(int most) => 8 * most + 20;

    /// <summary>What the basket speaks for and does not hold, best first.</summary>
    public static IReadOnlyList<Spoken> Rank(IReadOnlyList<Bought> bought, IReadOnlySet<string> basket, int most)
    {
        var spoken = new Dictionary<string, Spoken>(StringComparer.Ordinal);
        foreach (var (product, goesWith) in bought)
        {
            foreach (var (sku, score) in goesWith)
            {
                if (!spoken.TryGetValue(sku, out var before))
                {
                    spoken[sku] = new Spoken(sku, score, score, product.Name);
                }
                else if (score > before.Strongest)
                {
                    spoken[sku] = new Spoken(sku, before.Score + score, score, product.Name);
                }
                else
                {
                    spoken[sku] = before with { Score = before.Score + score };
                }
            }
        }

        return
        [
            .. spoken
                .Values.Where(each => !basket.Contains(each.Sku))
                .OrderByDescending(each => each.Score)
                .ThenBy(each => each.Sku, StringComparer.Ordinal)
                .Take(most),
        ];
    }

    /// <summary>
    /// The suggestions: what the basket speaks for, then what sells most. Nothing of the basket, by code or by name; nothing that is not
    /// sold any more or is no product; and not a list of one product in many colours.
    /// </summary>
    public IReadOnlyList<Suggestion> Choose(
        IReadOnlyList<Spoken> ranked,
        IReadOnlyList<SoldProduct> popular,
        Func<string, SoldProduct?> find,
        IReadOnlyList<Bought> bought,
        IReadOnlySet<string> basket,
        SuggestionRules rules,
        DateTimeOffset newest,
        int most
    )
    {
        var had = bought.Select(each => ProductName.Of(each.Product.Name)).ToList();
        var mostAlike = Math.Max(1, (int)(most * tuning.MostAlike + 1e-9));
        var chosen = new List<Suggestion>(most);
        var codes = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = new List<ProductName>(most);
        var candidates = ranked
            .Select(each => (Product: find(each.Sku), each.Score, BecauseOf: (string?)each.BecauseOf))
            .Concat(popular.Select(each => (Product: (SoldProduct?)each, Score: 0d, BecauseOf: (string?)null)));
        foreach (var (product, score, becauseOf) in candidates)
        {
            if (chosen.Count >= most)
            {
                break;
            }

            if (
                product is null
                || basket.Contains(product.Sku)
                || !IsFresh(product.LastAt, newest)
                || !rules.IsProduct(product.Sku, product.Name)
            )
            {
                continue;
            }

            var name = ProductName.Of(product.Name);
            if (had.Exists(name.IsSameAs) || names.Exists(name.IsSameAs) || IsOneTooMany(name, names, mostAlike) || !codes.Add(product.Sku))
            {
                continue;
            }

            names.Add(name);
            chosen.Add(
                new Suggestion
                {
                    Sku = product.Sku,
                    Name = product.Name,
                    BecauseOf = becauseOf,
                    Score = score,
                }
            );
        }

        return chosen;
    }

    /// <summary>Whether with this name one of the list, or it, would be nearly the same as too many of them.</summary>
    private bool IsOneTooMany(ProductName name, List<ProductName> names, int mostAlike)
    {
        var alike = names.FindAll(other => IsAlike(name, other));
        return alike.Count >= mostAlike || alike.Exists(one => names.Count(other => IsAlike(one, other)) >= mostAlike);
    }

    private bool IsAlike(ProductName one, ProductName other) => one.ShareWith(other) >= tuning.AlikeFrom;

    private double[] Explained(
        double bought,
        IReadOnlyList<Partner> nearest,
        Func<int, int, double> together,
        double ridge,
        DateTimeOffset newest
    )
    {
        var growth = GrowthTo(newest);
        var sums = new double[nearest.Count + 1][];
        for (var i = 0; i < nearest.Count; i++)
        {
            sums[i] = new double[i + 1];
            for (var j = 0; j < i; j++)
            {
                sums[i][j] = together(i, j) / growth;
            }

            sums[i][i] = nearest[i].Weight / growth + ridge;
        }

        sums[^1] = [.. nearest.Select(partner => partner.Together / growth), bought / growth + ridge];
        return Regression.WeightsOfLast(sums);
    }

    private bool IsFresh(DateTimeOffset lastAt, DateTimeOffset newest) => (newest - lastAt).TotalDays <= tuning.FreshWeeks * 7;

    private double GrowthTo(DateTimeOffset at) =>
        Math.Pow(2, Math.Clamp((at - Epoch).TotalDays / 7 / tuning.HalfLifeWeeks, -Farthest, Farthest));
}
