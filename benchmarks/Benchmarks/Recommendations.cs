using System.CommandLine;
using System.Diagnostics;
using RetailInvoicing.Delivery.Personalisation;

namespace RetailInvoicing.Benchmarks;

/// <summary>
/// How often a product that was held back of a basket is among the five that the rest of it suggests, month by month, each learned from
/// what was sold before that month; against what sells most, plain counts of pairs, and the cosine of sets of baskets.
/// </summary>
internal static class Recommendations
{
    private const string Ours = "ours";
    private const string AsListed = "oursAsListed";
    private const string AnyAlike = "oursAnyAlike";
    private const string Cosine = "cosine";
    private const string Counts = "counts";
    private const string Popularity = "popularity";
    private const int Most = 5;
    private const int MonthsOfARun = 6;

    // Of the 97.5th hundredth of the normal distribution: an interval that holds in 95 runs of a hundred.
    private const double Normal = 1.96;

    private static readonly Option<FileInfo[]> Named = new("--file")
    {
        Description = "The shop's file or files (CSV, gzipped or not), not those of the shared data; the last six months are predicted",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<bool> Tune = new("--tune")
    {
        Description = "Look for better numbers of the statistic, on the five months before the last one",
    };

    private static readonly (string Name, ItemToItemTuning Tuning)[] Methods =
    [
        (Popularity, ItemToItemTuning.Popularity),
        (Counts, ItemToItemTuning.Counts),
        (Cosine, ItemToItemTuning.Cosine),
        (Ours, ItemToItemTuning.Chosen),
        // What the rule against a list of one product in many colours costs.
        (AnyAlike, ItemToItemTuning.Chosen with { MostAlike = 1 }),
    ];

    /// <summary>On the shared data.</summary>
    public static readonly Benchmark Benchmark = Of([], tune: false);

    private static Benchmark Of(IReadOnlyList<FileInfo> files, bool tune) =>
        new(
            "recommendations",
            "Hits among five suggestions for a product held back of a basket, against popularity, counts and cosine",
            (quick, _) => Task.FromResult(tune ? RecommendationTuning.Run(files, quick) : Run(files, quick))
        )
        {
            Options = [Named, Tune],
            Asked = parsed => Of(parsed.GetValue(Named) ?? [], parsed.GetValue(Tune)),
        };

    private static BenchmarkResult Run(IReadOnlyList<FileInfo> files, bool quick)
    {
        var months = RecommendationTrials.Months(
            RecommendationTrials.Baskets(RecommendationTrials.Files(files)),
            quick ? 1 : MonthsOfARun,
            trialsOfABasket: quick ? 1 : 3
        );
        var (ratios, raw) = (new Dictionary<string, double>(), new Dictionary<string, double>());
        var all = Methods.Select(method => method.Name).Append(AsListed).ToDictionary(name => name, _ => new List<RecommendationScore>());
        var differences = new List<double>();
        foreach (var month in months)
        {
            var ofMonth = new Dictionary<string, RecommendationScore>();
            foreach (var (name, score) in Scores(month, isLast: month == months[^1]))
            {
                var (percent, micros) = (100 * score.HitRate, score.SuggestMicroseconds);
                Console.Error.WriteLine(
                    FormattableString.Invariant(
                        $"{month.Name} {name, -12} {percent:0.0} % hit, diversity {score.Diversity:0.00}, {micros:0} µs"
                    )
                );
                ofMonth[name] = score;
                all[name].Add(score);
                raw[$"{name}HitAt5Percent{month.Name}"] = 100 * score.HitRate;
            }

            differences.AddRange(ofMonth[Ours].PerBasket.Zip(ofMonth[Cosine].PerBasket, static (ours, cosine) => ours - cosine));
            ratios[$"hitAt5ToCosine{month.Name}"] = ofMonth[Ours].HitRate / ofMonth[Cosine].HitRate;
            raw[$"baskets{month.Name}"] = ofMonth[Ours].PerBasket.Count;
        }

        foreach (var (name, scores) in all)
        {
            raw[$"{name}HitAt5Percent"] = 100 * scores.Average(score => score.HitRate);
            raw[$"{name}Diversity"] = scores.Average(score => score.Diversity);
            raw[$"{name}MostAlike"] = scores.Max(score => score.MostAlike);
            raw[$"{name}JustBought"] = scores.Sum(score => score.JustBought);
            raw[$"{name}ProductsSuggested"] = scores.Average(score => score.ProductsSuggested);
            raw[$"{name}SuggestMicroseconds"] = scores.Average(score => score.SuggestMicroseconds);
        }

        foreach (var baseline in new[] { Popularity, Counts, Cosine })
        {
            ratios[$"hitAt5To{char.ToUpperInvariant(baseline[0])}{baseline[1..]}"] =
                raw[$"{Ours}HitAt5Percent"] / raw[$"{baseline}HitAt5Percent"];
        }

        var last = all[Ours][^1];
        var (mean, error) = (differences.Average(), Deviation(differences) / Math.Sqrt(differences.Count));
        ratios["hitAt5AsListedToOurs"] = all[AsListed][^1].HitRate / all[Ours][^1].HitRate;
        ratios["hitAt5ToAnyAlike"] = raw[$"{Ours}HitAt5Percent"] / raw[$"{AnyAlike}HitAt5Percent"];
        ratios["diversityToCosine"] = raw[$"{Ours}Diversity"] / raw[$"{Cosine}Diversity"];
        raw["oursAboveCosinePoints"] = 100 * mean;
        raw["oursAboveCosinePointsFrom"] = 100 * (mean - Normal * error);
        raw["oursAboveCosinePointsTo"] = 100 * (mean + Normal * error);
        raw["learnMicrosecondsPerBasket"] = last.LearnMicroseconds;
        raw["learnedBaskets"] = months[^1].Before.Count;
        raw["learnedProducts"] = last.Products;
        raw["learnedPairs"] = last.Pairs;
        return new BenchmarkResult(ratios, raw);
    }

    private static IEnumerable<(string Name, RecommendationScore Score)> Scores(RecommendationMonth month, bool isLast)
    {
        var learned = new Dictionary<(double HalfLife, double SizePower, int MostProducts), BasketCounts>();
        foreach (var (name, tuning) in Methods)
        {
            var key = (tuning.HalfLifeWeeks, tuning.SizePower, tuning.MostProducts);
            var began = Stopwatch.GetTimestamp();
            var taken = TimeSpan.Zero;
            if (!learned.TryGetValue(key, out var counts))
            {
                learned[key] = counts = RecommendationScore.Learn(month, tuning);
                taken = Stopwatch.GetElapsedTime(began);
            }

            yield return (name, RecommendationScore.Of(month, counts.ReadBy(new ItemToItem(tuning)), Most, taken));
        }

        // It takes as long as all the others.
        if (isLast)
        {
            yield return (
                AsListed,
                RecommendationScore.Of(month, RecommendationScore.LearnAsListed(month, ItemToItemTuning.Chosen), Most, TimeSpan.Zero)
            );
        }
    }

    private static double Deviation(List<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Count - 1));
    }
}

/// <summary>What a method was worth in a month.</summary>
internal sealed record RecommendationScore
{
    private const int TimedTrials = 300;

    /// <summary>The share of its trials that each basket's suggestions hit.</summary>
    public required IReadOnlyList<double> PerBasket { get; init; }

    /// <summary>How different the names of a list are from each other: 1 where no two share a word.</summary>
    public required double Diversity { get; init; }

    /// <summary>The most of a list whose names are nearly the same as one of it.</summary>
    public required int MostAlike { get; init; }

    /// <summary>How often something of the basket was suggested, by code or by name.</summary>
    public required int JustBought { get; init; }

    /// <summary>How many products were suggested at least once.</summary>
    public required int ProductsSuggested { get; init; }

    /// <summary>What one basket took to learn.</summary>
    public required double LearnMicroseconds { get; init; }

    /// <summary>What one list took to make, of what goes with each product.</summary>
    public required double SuggestMicroseconds { get; init; }

    /// <summary>Products learned.</summary>
    public required int Products { get; init; }

    /// <summary>Pairs learned.</summary>
    public required int Pairs { get; init; }

    /// <summary>The share of trials that were hit, each basket counting once.</summary>
    public double HitRate => PerBasket.Count == 0 ? 0 : PerBasket.Average();

    /// <summary>What was sold before the month, counted.</summary>
    public static BasketCounts Learn(RecommendationMonth month, ItemToItemTuning tuning)
    {
        var counts = new BasketCounts(new ItemToItem(tuning));
        foreach (var basket in month.Before)
        {
            counts.Add(basket);
        }

        return counts;
    }

    /// <summary>The same, with lists made when the service makes them: each may be behind what is counted by now.</summary>
    public static BasketCounts LearnAsListed(RecommendationMonth month, ItemToItemTuning tuning)
    {
        var statistic = new ItemToItem(tuning);
        var counts = new BasketCounts(statistic);
        var lists = new Dictionary<string, IReadOnlyList<Neighbour>>(StringComparer.Ordinal);
        var listedAt = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var some in month.Before.Chunk(LearnFromSales.AtOnce))
        {
            foreach (var basket in some)
            {
                counts.Add(basket);
            }

            foreach (var sku in some.SelectMany(basket => basket.Products.Keys).Distinct(StringComparer.Ordinal))
            {
                var baskets = counts.Find(sku)!.Baskets;
                if (statistic.IsDue(baskets, listedAt.GetValueOrDefault(sku)))
                {
                    (lists[sku], listedAt[sku]) = (counts.GoesWith(sku), baskets);
                }
            }
        }

        counts.Keep(lists);
        return counts;
    }

    /// <summary>Predicts the month by what is counted already.</summary>
    public static RecommendationScore Of(RecommendationMonth month, BasketCounts counts, int most, TimeSpan learned)
    {
        // The service lists what goes with a product when it learns, not when it is asked.
        foreach (var sku in month.Trials.SelectMany(trial => trial.Rest).Distinct(StringComparer.Ordinal))
        {
            counts.GoesWith(sku);
        }

        // Timed one after the other; then all at once, where nobody counts the time.
        var timed = month.Trials.Take(TimedTrials).ToList();
        counts.Suggest([], SuggestionRules.None, most);
        var began = Stopwatch.GetTimestamp();
        timed.ForEach(trial => counts.Suggest(trial.Rest, SuggestionRules.None, most));
        var suggested = Stopwatch.GetElapsedTime(began);
        var lists = month.Trials.AsParallel().AsOrdered().Select(trial => counts.Suggest(trial.Rest, SuggestionRules.None, most)).ToList();
        var hits = month.Trials.Zip(lists, static (trial, list) => list.Any(each => each.Sku == trial.Held) ? 1d : 0d);
        var names = lists.ConvertAll(static list => list.Select(each => ProductName.Of(each.Name)).ToList());
        return new RecommendationScore
        {
            PerBasket = [.. hits.Chunk(month.TrialsOfABasket).Select(static ofBasket => ofBasket.Average())],
            Diversity = names.Where(static list => list.Count > 1).Select(Difference).DefaultIfEmpty(0).Average(),
            MostAlike = names.Select(MostAlikeOf).DefaultIfEmpty(0).Max(),
            JustBought = month.Trials.Zip(lists).Sum(each => JustBoughtOf(each.First.Rest, each.Second, counts)),
            ProductsSuggested = lists
                .SelectMany(static list => list)
                .Select(static each => each.Sku)
                .Distinct(StringComparer.Ordinal)
                .Count(),
            LearnMicroseconds = learned.TotalMicroseconds / Math.Max(1, month.Before.Count),
            SuggestMicroseconds = suggested.TotalMicroseconds / Math.Max(1, timed.Count),
            Products = counts.Products.Count,
            Pairs = counts.PairCount,
        };
    }

    private static int JustBoughtOf(IReadOnlyList<string> rest, IReadOnlyList<Suggestion> list, BasketCounts counts)
    {
        var names = rest.Select(counts.Find).OfType<SoldProduct>().Select(product => ProductName.Of(product.Name)).ToList();
        return list.Count(one =>
            rest.Contains(one.Sku, StringComparer.OrdinalIgnoreCase) || names.Exists(ProductName.Of(one.Name).IsSameAs)
        );
    }

    private static double Difference(List<ProductName> names)
    {
        var (sum, pairs) = (0d, 0);
        for (var i = 1; i < names.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                sum += 1 - names[i].ShareWith(names[j]);
                pairs++;
            }
        }

        return sum / pairs;
    }

    private static int MostAlikeOf(List<ProductName> names) =>
        names.Select(name => names.Count(other => name.ShareWith(other) >= ItemToItemTuning.Chosen.AlikeFrom)).DefaultIfEmpty(0).Max();
}
