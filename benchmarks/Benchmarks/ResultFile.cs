using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace RetailInvoicing.Benchmarks;

/// <summary>benchmarks/results/NAME-DATE.json: committed, with the machine it was measured on.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Line = new(JsonSerializerOptions.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // Where nothing was measured nothing is below any bound.
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };
    private static readonly JsonSerializerOptions Readable = new(Line) { WriteIndented = true };

    public static async Task WriteAsync(string name, BenchmarkResult result, bool json, CancellationToken cancellation)
    {
        var content = new
        {
            name,
            machine = Machine(),
            ratios = Rounded(result.Ratios),
            raw = Rounded(result.Raw),
        };
        var date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HHmmss", CultureInfo.InvariantCulture);
        var file = Path.Combine(
            Directory.CreateDirectory(Path.Combine(BenchSystem.Root, "benchmarks", "results")).FullName,
            $"{name}-{date}.json"
        );
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(content, Readable) + "\n", cancellation);
        await Console.Error.WriteLineAsync($"Written: {file}");
        Console.WriteLine(JsonSerializer.Serialize(content, json ? Line : Readable));
    }

    private static SortedDictionary<string, double> Rounded(IReadOnlyDictionary<string, double> values) =>
        new(
            values.ToDictionary(value => value.Key, value => Math.Round(value.Value, 3, MidpointRounding.AwayFromZero)),
            StringComparer.Ordinal
        );

    private static object Machine() =>
        new
        {
            cpu = File.Exists("/proc/cpuinfo")
                ? File.ReadLines("/proc/cpuinfo")
                    .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
                    ?.Split(':')[1]
                    .Trim()
                : null,
            cores = Environment.ProcessorCount,
            memoryGb = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30),
            os = RuntimeInformation.OSDescription,
            dotnet = Environment.Version.ToString(),
        };
}
