using System.CommandLine;

namespace RetailInvoicing.Benchmarks;

/// <summary>Something that is measured on a system of its own; quick is a form of it in three minutes.</summary>
internal sealed record Benchmark(string Name, string Measures, Func<bool, CancellationToken, Task<BenchmarkResult>> Run)
{
    /// <summary>What its command takes besides --quick and --json.</summary>
    public IReadOnlyList<Option> Options { get; init; } = [];

    /// <summary>The benchmark as a command line with those options asks for it.</summary>
    public Func<ParseResult, Benchmark>? Asked { get; init; }
}

/// <summary>What was measured; every ratio is against a baseline of the same run, since machines differ and a run's own parts do not.</summary>
internal sealed record BenchmarkResult(IReadOnlyDictionary<string, double> Ratios, IReadOnlyDictionary<string, double> Raw);

/// <summary>Sums over a list of measurements.</summary>
internal static class Measurements
{
    /// <summary>The value that this share of the measurements does not exceed.</summary>
    public static double Percentile(this IReadOnlyCollection<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        // Of nothing, nothing is below any bound.
        return sorted.Length == 0
            ? double.PositiveInfinity
            : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
