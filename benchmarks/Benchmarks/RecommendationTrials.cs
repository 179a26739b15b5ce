using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.Retail.Replay;

namespace RetailInvoicing.Benchmarks;

/// <summary>A basket of which one product is held back: the rest has to predict it.</summary>
internal sealed record RecommendationTrial(IReadOnlyList<string> Rest, string Held);

/// <summary>A month's baskets to predict, and all that was sold before it to learn from.</summary>
internal sealed record RecommendationMonth(DateOnly Month, IReadOnlyList<ShoppingBasket> Before, IReadOnlyList<RecommendationTrial> Trials)
{
    /// <summary>Trials of a basket stand one after the other.</summary>
    public required int TrialsOfABasket { get; init; }

    /// <summary>Such as 202611.</summary>
    public string Name => Month.ToString("yyyyMM", CultureInfo.InvariantCulture);
}

/// <summary>The shop's file as baskets, in the order of time.</summary>
internal static class RecommendationTrials
{
    private const int FewestProducts = 2;
    private const int MostProducts = 100;

    // Carriage has a digit in its code there, and vouchers are bought and not liked.
    private static readonly SuggestionRules Rules = new() { LeftOut = ["C2", "gift_*"] };

    private static readonly SellerId Shop = SellerId.Of("shop");

    /// <summary>The files of the shared data, or those that were asked for.</summary>
    public static IReadOnlyList<FileInfo> Files(IReadOnlyList<FileInfo> asked)
    {
        if (asked.Count > 0)
        {
            return asked;
        }

        var shared = Environment.GetEnvironmentVariable("RETAIL_SHARED") is { Length: > 0 } named
            ? named
            : Path.Combine(BenchSystem.Root, "..", "shared");
        var folder = new DirectoryInfo(Path.Combine(shared, "data", "retail"));
        var files = folder.Exists ? folder.GetFiles("*.csv.gz").OrderBy(file => file.Name, StringComparer.Ordinal).ToArray() : [];
        return files.Length > 0
            ? files
            : throw new InvalidOperationException($"{folder.FullName} has no .csv.gz: set RETAIL_SHARED, or name files by --file");
    }

    /// <summary>The sales of these files; returns and adjustments are none.</summary>
    public static IReadOnlyList<ShoppingBasket> Baskets(IEnumerable<FileInfo> files) =>
        [
            .. ShopNumber
                .Of(files.SelectMany(file => ShopFile.Read(file)))
                .Where(number => !number.IsReturn && number.Refusal is null)
                .Select(number => Basket(number))
                .Where(basket => basket.Products.Count > 0)
                .OrderBy(basket => basket.At),
        ];

    /// <summary>The last months that have one before them, earliest first.</summary>
    public static IReadOnlyList<RecommendationMonth> Months(IReadOnlyList<ShoppingBasket> baskets, int most, int trialsOfABasket)
    {
        var months = baskets.Select(basket => new DateOnly(basket.At.Year, basket.At.Month, 1)).Distinct().Order().ToList();
        if (months.Count < 2)
        {
            throw new InvalidOperationException("sales of two months at least are needed: one to learn from and one to predict");
        }

        return [.. months.Skip(1).TakeLast(most).Select(month => Month(baskets, month, trialsOfABasket))];
    }

    private static RecommendationMonth Month(IReadOnlyList<ShoppingBasket> baskets, DateOnly month, int trialsOfABasket)
    {
        var begins = new DateTimeOffset(month, TimeOnly.MinValue, TimeSpan.Zero);
        var ends = begins.AddMonths(1);
        // The same trials in every run and for every method.
        var random = new Random(month.Year * 100 + month.Month);
        var trials = new List<RecommendationTrial>();
        foreach (var basket in baskets.Where(each => each.At >= begins && each.At < ends))
        {
            if (basket.Products.Count is < FewestProducts or > MostProducts)
            {
                continue;
            }

            var skus = basket.Products.Keys.Order(StringComparer.Ordinal).ToArray();
            for (var i = 0; i < trialsOfABasket; i++)
            {
                var held = skus[random.Next(skus.Length)];
                trials.Add(new RecommendationTrial([.. skus.Where(sku => sku != held)], held));
            }
        }

        return new RecommendationMonth(month, [.. baskets.Where(each => each.At < begins)], trials) { TrialsOfABasket = trialsOfABasket };
    }

    private static ShoppingBasket Basket(ShopNumber number)
    {
        var products = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in number.Lines.Where(line => line.Quantity > 0))
        {
            products[line.StockCode.Trim()] = line.Description;
        }

        return new ShoppingBasket
        {
            SellerId = Shop,
            At = new DateTimeOffset(number.FirstTime, TimeSpan.Zero),
            Products = products,
        }.Under(Rules);
    }
}
