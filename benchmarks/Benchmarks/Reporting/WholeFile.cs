using System.Diagnostics;
using System.Globalization;

namespace RetailInvoicing.Benchmarks.Reporting;

/// <summary>A file of all that ever became known of sales: how large, how long it took, and how much more memory the service had meanwhile at most.</summary>
internal sealed record WholeFile(long Bytes, TimeSpan Took, double GrowthMb, double PeakMb)
{
    /// <summary>Reads one to its end.</summary>
    public static async Task<WholeFile> ReadAsync(HttpClient http, int process, string format, CancellationToken cancellation)
    {
        // From here on its highest memory is counted anew.
        await File.WriteAllTextAsync($"/proc/{process}/clear_refs", "5", cancellation);
        var before = Memory(process, "VmRSS:");
        var began = Stopwatch.GetTimestamp();
        using var answer = await http.GetAsync(
            new Uri($"/v1/reports/sales/changes?since=1990-01-01T00:00:00Z&format={format}", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead,
            cancellation
        );
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var (bytes, buffer) = (0L, new byte[1 << 16]);
        for (int read; (read = await body.ReadAsync(buffer, cancellation)) > 0; bytes += read) { }

        var peak = Memory(process, "VmHWM:");
        return new WholeFile(bytes, Stopwatch.GetElapsedTime(began), peak - before, peak);
    }

    private static double Memory(int process, string field) =>
        File.ReadLines($"/proc/{process}/status")
            .Where(line => line.StartsWith(field, StringComparison.Ordinal))
            .Select(line =>
                double.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024
            )
            .Single();
}
