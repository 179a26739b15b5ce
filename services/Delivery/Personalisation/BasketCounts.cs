namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>
/// What a seller's baskets come to: sums that only grow, so that those of a hundred baskets are added to those of a year. As a whole they
/// make suggestions by themselves; the service keeps the year's in its tables and has here what is to be added.
/// </summary>
public sealed class BasketCounts(ItemToItem statistic)
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<SoldProduct> _products = [];

    // Not one long: its hash is its halves laid over each other, which of some thousand products are the same for hundreds of pairs.
    private readonly Dictionary<(int Later, int Earlier), double> _pairs = [];

    private BasketCounts(ItemToItem statistic, BasketCounts of)
        : this(statistic) =>
        (_places, _products, _pairs, _partners, Newest) = (of._places, of._products, of._pairs, of._partners, of.Newest);

    private readonly Dictionary<string, IReadOnlyList<Neighbour>> _lists = new(StringComparer.Ordinal);
    private List<(int Place, double Weight)>[]? _partners;
    private IReadOnlyList<SoldProduct>? _popular;

    /// <summary>The products.</summary>
    public IReadOnlyList<SoldProduct> Products => _products;

    /// <summary>How many pairs there are.</summary>
    public int PairCount => _pairs.Count;

    /// <summary>When the newest basket was bought.</summary>
    public DateTimeOffset Newest { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>The pairs, each once.</summary>
    public IEnumerable<SoldPair> Pairs =>
        _pairs.Select(pair =>
        {
            var (one, other) = (_products[pair.Key.Later].Sku, _products[pair.Key.Earlier].Sku);
            return string.CompareOrdinal(one, other) < 0 ? new SoldPair(one, other, pair.Value) : new SoldPair(other, one, pair.Value);
        });

    /// <summary>The same sums as another statistic reads them, whose numbers differ in nothing that is in the sums.</summary>
    public BasketCounts ReadBy(ItemToItem other)
    {
        if (
            other.Tuning.HalfLifeWeeks != statistic.Tuning.HalfLifeWeeks
            || other.Tuning.SizePower != statistic.Tuning.SizePower
            || other.Tuning.MostProducts != statistic.Tuning.MostProducts
        )
        {
            throw new ArgumentException("its sums would be others", nameof(other));
        }

        _partners ??= PartnersOfAll();
        return new BasketCounts(other, this);
    }

    /// <summary>A product by its code; none where it has not been sold.</summary>
    public SoldProduct? Find(string sku) => _places.TryGetValue(sku, out var place) ? _products[place] : null;

    /// <summary>Takes these for what goes with each product until the next basket, as the service does, whose lists may be behind.</summary>
    public void Keep(IReadOnlyDictionary<string, IReadOnlyList<Neighbour>> lists)
    {
        foreach (var (sku, list) in lists)
        {
            _lists[sku] = list;
        }
    }

    /// <summary>Adds a basket.</summary>
    public void Add(ShoppingBasket basket)
    {
        var size = basket.Products.Count;
        if (size == 0)
        {
            return;
        }

        (_partners, _popular) = (null, null);
        _lists.Clear();
        var weight = statistic.WeightOf(size, basket.At);
        var places = new List<int>(size);
        foreach (var (sku, name) in basket.Products)
        {
            places.Add(Count(sku, name, weight, basket.At));
        }

        if (basket.At > Newest)
        {
            Newest = basket.At;
        }

        if (size > statistic.Tuning.MostProducts)
        {
            return;
        }

        for (var i = 1; i < size; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var key = (Math.Max(places[i], places[j]), Math.Min(places[i], places[j]));
                _pairs[key] = _pairs.GetValueOrDefault(key) + weight;
            }
        }
    }

    /// <summary>What goes with a product.</summary>
    public IReadOnlyList<Neighbour> GoesWith(string sku)
    {
        if (!_places.TryGetValue(sku, out var place))
        {
            return [];
        }

        if (!_lists.TryGetValue(sku, out var list))
        {
            _lists[sku] = list = ListFor(place);
        }

        return list;
    }

    /// <summary>What to suggest beside a basket.</summary>
    public IReadOnlyList<Suggestion> Suggest(IReadOnlyList<string> basket, SuggestionRules rules, int most)
    {
        var codes = basket.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var bought = basket
            .Distinct(StringComparer.Ordinal)
            .Select(Find)
            .OfType<SoldProduct>()
            .Select(product => new Bought(product, GoesWith(product.Sku)))
            .ToList();
        _popular ??= _products.OrderByDescending(product => product.Weight).ThenBy(product => product.Sku, StringComparer.Ordinal).ToList();
        return statistic.Choose(
            ItemToItem.Rank(bought, codes, ItemToItem.WantedFor(most)),
            _popular,
            Find,
            bought,
            codes,
            rules,
            Newest,
            most
        );
    }

    private IReadOnlyList<Neighbour> ListFor(int place)
    {
        _partners ??= PartnersOfAll();
        var nearest = statistic.Nearest(
            _products[place].Weight,
            _partners[place]
                .Select(partner =>
                {
                    var of = _products[partner.Place];
                    return new Partner(of.Sku, partner.Weight, of.Weight, of.LastAt);
                }),
            Newest
        );
        var places = nearest.Select(partner => _places[partner.Sku]).ToArray();
        return statistic.GoesWith(
            _products[place].Weight,
            nearest,
            (one, other) => _pairs.GetValueOrDefault((Math.Max(places[one], places[other]), Math.Min(places[one], places[other]))),
            Newest
        );
    }

    private int Count(string sku, string name, double weight, DateTimeOffset at)
    {
        if (!_places.TryGetValue(sku, out var place))
        {
            _places[sku] = place = _products.Count;
            _products.Add(
                new SoldProduct
                {
                    Sku = sku,
                    Name = name,
                    Weight = weight,
                    Baskets = 1,
                    LastAt = at,
                }
            );
            return place;
        }

        var known = _products[place];
        var isNewer = at >= known.LastAt;
        _products[place] = known with
        {
            Name = isNewer ? name : known.Name,
            Weight = known.Weight + weight,
            Baskets = known.Baskets + 1,
            LastAt = isNewer ? at : known.LastAt,
        };
        return place;
    }

    private List<(int Place, double Weight)>[] PartnersOfAll()
    {
        var partners = new List<(int Place, double Weight)>[_products.Count];
        for (var place = 0; place < partners.Length; place++)
        {
            partners[place] = [];
        }

        foreach (var ((one, other), weight) in _pairs)
        {
            partners[one].Add((other, weight));
            partners[other].Add((one, weight));
        }

        return partners;
    }
}
