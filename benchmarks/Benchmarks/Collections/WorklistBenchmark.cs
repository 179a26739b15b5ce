using System.Globalization;

namespace RetailInvoicing.Benchmarks.Collections;

/// <summary>
/// What the worklist collects against calling about the most owed first, with the same number of calls to the same simulated customers, for
/// several numbers of calls a day; and whether four forecasts in five hold what came. Several seeds, each a seller of its own.
/// </summary>
internal static class WorklistBenchmark
{
    /// <summary>Customers of a simulated seller.</summary>
    public const int Customers = 400;

    /// <summary>Days in which all lists call alike and learn.</summary>
    public const int Alike = 300;

    /// <summary>The day after the last that is measured.</summary>
    public const int Until = 540;

    /// <summary>Days more in which forecasts are followed.</summary>
    public const int Followed = 180;

    public static readonly Benchmark Benchmark = new(
        "worklist",
        "Cash collected by the worklist against the most owed first, in the same number of calls, and how many forecasts hold",
        (quick, _) => Task.FromResult(quick ? Run([1, 2], [2, 8]) : Run([1, 2, 3, 4, 5, 6], [2, 3, 4, 8]))
    );

    private static BenchmarkResult Run(int[] seeds, int[] callsADay)
    {
        var (ratios, raw) = (new Dictionary<string, double>(), new Dictionary<string, double>());
        foreach (var calls in callsADay)
        {
            var compared = seeds.Select(seed => Compared.Of(new SimulatedPayers(seed, Customers, Until), calls)).ToArray();
            foreach (var (each, seed) in compared.Zip(seeds))
            {
                Console.Error.WriteLine(
                    FormattableString.Invariant(
                        $"{calls} calls a day, seed {seed}: overdue money {each.ToLargest:0.000} of the most owed first ({each.ToRested:0.000} with tact); brought by calls {each.BroughtToLargest:0.00} of it ({each.BroughtToRested:0.00} with tact), {each.BroughtToKnowing:0.00} of what could be"
                    )
                );
            }

            Add("collectedToLargestFirst", each => each.ToLargest);
            Add("collectedToLargestRested", each => each.ToRested);
            Add("broughtByCallsToLargestFirst", each => each.BroughtToLargest);
            Add("broughtByCallsToLargestRested", each => each.BroughtToRested);
            Add("broughtByCallsToKnowing", each => each.BroughtToKnowing);
            raw[$"callsADay{Name(calls)}.calls"] = compared.Average(each => each.Calls);
            raw[$"callsADay{Name(calls)}.averageOverdueToLargestRested"] = compared.Average(each => each.AverageOverdueToRested);

            void Add(string what, Func<Compared, double> value)
            {
                ratios[$"callsADay{Name(calls)}.{what}"] = compared.Average(value);
                ratios[$"callsADay{Name(calls)}.{what}Worst"] = compared.Min(value);
            }
        }

        var coverages = new List<double>();
        foreach (var seed in seeds)
        {
            var payers = new SimulatedPayers(seed, Customers, Until + Followed);
            var forecast = WorklistTrial.Run(payers, WorkedList.Expected, callsADay[0], Alike, Until + Followed, Alike, Until);
            coverages.Add(100 * forecast.Coverage);
            raw[$"seed{Name(seed)}.forecastsHeldPercent"] = 100 * forecast.Coverage;
            raw[$"seed{Name(seed)}.forecastsBeforePercent"] = 100.0 * forecast.Before / forecast.Forecasts;
            raw[$"seed{Name(seed)}.forecastsAfterPercent"] = 100.0 * forecast.After / forecast.Forecasts;
            raw[$"seed{Name(seed)}.forecastMedianDays"] = forecast.MedianLength;
            raw[$"seed{Name(seed)}.forecastMedianDaysOfSteady"] = forecast.MedianLengthOfSteady;
            Console.Error.WriteLine(FormattableString.Invariant($"seed {seed}: {100 * forecast.Coverage:0.0} % of forecasts held"));
        }

        raw["forecastsHeldPercent"] = coverages.Average();
        raw["forecastsHeldPercentLeast"] = coverages.Min();
        raw["forecastsHeldPercentMost"] = coverages.Max();
        return new BenchmarkResult(ratios, raw);
    }

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What the lists came to with the same customers, luck and number of calls.</summary>
internal sealed record Compared
{
    /// <summary>All overdue money that came in, against the most owed first as that list stands.</summary>
    public required double ToLargest { get; init; }

    /// <summary>The same against the most owed first with tact.</summary>
    public required double ToRested { get; init; }

    /// <summary>Of it what would not have come without calls, against the most owed first as that list stands.</summary>
    public required double BroughtToLargest { get; init; }

    /// <summary>The same against the most owed first with tact.</summary>
    public required double BroughtToRested { get; init; }

    /// <summary>The same against somebody who knows the planted habits.</summary>
    public required double BroughtToKnowing { get; init; }

    /// <summary>What was overdue on average, against the most owed first with tact.</summary>
    public required double AverageOverdueToRested { get; init; }

    /// <summary>Calls that each list made.</summary>
    public required int Calls { get; init; }

    /// <summary>Works each list.</summary>
    public static Compared Of(
        SimulatedPayers payers,
        int callsADay,
        int alike = WorklistBenchmark.Alike,
        int until = WorklistBenchmark.Until
    )
    {
        TrialResult Worked(WorkedList list) => WorklistTrial.Run(payers, list, callsADay, alike, until);
        var (nobody, ours) = (Worked(WorkedList.Nobody), Worked(WorkedList.Expected));
        var (largest, rested, knowing) = (Worked(WorkedList.LargestOldest), Worked(WorkedList.LargestRested), Worked(WorkedList.Knowing));
        if (ours.Acts != largest.Acts || ours.Acts != rested.Acts || ours.Acts != knowing.Acts)
        {
            throw new InvalidOperationException($"{ours.Acts}, {largest.Acts}, {rested.Acts} and {knowing.Acts} calls do not compare");
        }

        decimal Brought(TrialResult result) => result.CollectedOverdue - nobody.CollectedOverdue;
        return new Compared
        {
            ToLargest = (double)(ours.CollectedOverdue / largest.CollectedOverdue),
            ToRested = (double)(ours.CollectedOverdue / rested.CollectedOverdue),
            BroughtToLargest = (double)(Brought(ours) / Brought(largest)),
            BroughtToRested = (double)(Brought(ours) / Brought(rested)),
            BroughtToKnowing = (double)(Brought(ours) / Brought(knowing)),
            AverageOverdueToRested = (double)(ours.AverageOverdue / rested.AverageOverdue),
            Calls = ours.Acts,
        };
    }
}
