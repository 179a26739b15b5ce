using System.Collections.Concurrent;
using RetailInvoicing.Delivery.Personalisation;

namespace RetailInvoicing.Benchmarks;

/// <summary>
/// Looks for better numbers of the statistic, one after the other and twice around, on the five months before the last one: the last
/// month, and any other period, stay unseen. What it finds is written by hand into ItemToItemTuning.
/// </summary>
internal static class RecommendationTuning
{
    private const int Most = 5;
    private const int Months = 5;

    private static readonly Number[] Numbers =
    [
        new("halfLifeWeeks", static t => t.HalfLifeWeeks, static (t, v) => t with { HalfLifeWeeks = v }, [4, 6, 9, 12, 18, 26, 52]),
        new("sizePower", static t => t.SizePower, static (t, v) => t with { SizePower = v }, [0, 0.25, 0.5, 0.75, 1, 1.25]),
        new("ridge", static t => t.Ridge ?? 0, static (t, v) => t with { Ridge = v }, [0.5, 1, 2, 4, 8]),
        new("neighbours", static t => t.Neighbours, static (t, v) => t with { Neighbours = (int)v }, [20, 40, 80, 120]),
        new("freshWeeks", static t => t.FreshWeeks, static (t, v) => t with { FreshWeeks = v }, [3, 5, 8, 12, 26]),
    ];

    /// <summary>The best that was found, and what it is worth beside what is chosen and the cosine.</summary>
    public static BenchmarkResult Run(IReadOnlyList<FileInfo> files, bool quick)
    {
        var baskets = RecommendationTrials.Baskets(RecommendationTrials.Files(files));
        var last = baskets[^1].At;
        var end = new DateTimeOffset(last.Year, last.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var months = RecommendationTrials.Months(
            [.. baskets.Where(basket => basket.At < end)],
            quick ? 1 : Months,
            trialsOfABasket: quick ? 1 : 3
        );
        var counted = new ConcurrentDictionary<(DateOnly Month, double HalfLife, double SizePower, int MostProducts), BasketCounts>();
        var best = ItemToItemTuning.Chosen;
        var cosine = Worth(ItemToItemTuning.Cosine);
        var chosen = Worth(best);
        var worth = chosen;
        for (var round = 0; round < (quick ? 1 : 2); round++)
        {
            foreach (var number in Numbers)
            {
                var around = best;
                foreach (var value in number.Values.Where(value => value != number.Get(around)))
                {
                    var tried = number.Set(around, value);
                    var score = Worth(tried);
                    Console.Error.WriteLine(
                        FormattableString.Invariant($"{number.Name} {value}: {100 * score:0.00} %{(score > worth ? ", better" : "")}")
                    );
                    if (score > worth)
                    {
                        (best, worth) = (tried, score);
                    }
                }
            }
        }

        var raw = Numbers.ToDictionary(number => number.Name, number => number.Get(best));
        raw["foundHitAt5Percent"] = 100 * worth;
        raw["chosenHitAt5Percent"] = 100 * chosen;
        raw["cosineHitAt5Percent"] = 100 * cosine;
        return new BenchmarkResult(
            new Dictionary<string, double> { ["foundToChosen"] = worth / chosen, ["foundToCosine"] = worth / cosine },
            raw
        );

        // To count takes longer than to predict, and most of the numbers leave the counts as they are.
        double Worth(ItemToItemTuning tuning) =>
            months
                .AsParallel()
                .Select(month =>
                {
                    var key = (month.Month, tuning.HalfLifeWeeks, tuning.SizePower, tuning.MostProducts);
                    if (!counted.TryGetValue(key, out var counts))
                    {
                        foreach (var old in counted.Keys.Where(each => each.Month == month.Month && each != Chosen(month.Month)))
                        {
                            counted.TryRemove(old, out _);
                        }

                        counted[key] = counts = RecommendationScore.Learn(month, tuning);
                    }

                    return RecommendationScore.Of(month, counts.ReadBy(new ItemToItem(tuning)), Most, TimeSpan.Zero).HitRate;
                })
                .Average();

        (DateOnly Month, double HalfLife, double SizePower, int MostProducts) Chosen(DateOnly month) =>
            (month, best.HalfLifeWeeks, best.SizePower, best.MostProducts);
    }

    /// <summary>A number of the statistic, and what it may be.</summary>
    private sealed record Number(
        string Name,
        Func<ItemToItemTuning, double> Get,
        Func<ItemToItemTuning, double, ItemToItemTuning> Set,
        double[] Values
    );
}
