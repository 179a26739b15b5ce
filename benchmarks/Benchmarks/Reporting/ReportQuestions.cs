using System.Diagnostics;

namespace RetailInvoicing.Benchmarks.Reporting;

/// <summary>Every report, asked over the same period.</summary>
internal sealed record ReportQuestions(IReadOnlyDictionary<string, string> Paths)
{
    private const int WarmUps = 10;

    /// <summary>All of them, over the last full year before the last day.</summary>
    public static ReportQuestions Of(DateOnly first, DateOnly last)
    {
        var period = $"from={first:yyyy-MM-dd}&to={last:yyyy-MM-dd}";
        var month =
            $"from={new DateOnly(last.Year, last.Month, 1).AddMonths(-1):yyyy-MM-dd}&to={new DateOnly(last.Year, last.Month, 1).AddDays(-1):yyyy-MM-dd}";
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var groupBy in new[] { "hour", "day", "week", "month", "store", "till", "channel", "customer", "vat", "sku" })
        {
            paths[$"sales-{groupBy}"] = $"sales?{(groupBy == "hour" ? month : period)}&groupBy={groupBy}";
        }

        paths["sales-month-before"] = $"sales?{period}&groupBy=month&compare=previous";
        paths["sales-month-year"] = $"sales?{period}&groupBy=month&compare=year";
        paths["sales-invoices"] = $"sales/invoices?{period}&groupBy=store&key=WEB&limit=100";
        paths["income"] = $"income?{period}&groupBy=month";
        paths["ageing"] = "ageing";
        paths["ageing-invoices"] = "ageing/invoices?limit=100";
        paths["dso"] = $"dso?{period}&groupBy=month";
        paths["collections"] = $"collections?{period}&groupBy=month";
        paths["cash-flow"] = $"cash-flow?{period}&groupBy=month";
        paths["form-303"] = $"form-303?year={last.Year}&period=2T";
        paths["pairs"] = $"products/pairs?{period}&limit=100";
        paths["slow"] = $"products/slow?{period}&limit=100";
        paths["customers"] = $"customers?{period}";
        paths["cohorts"] = $"customers/cohorts?{period}";
        paths["anomalies"] = $"anomalies?{month}";
        return new ReportQuestions(paths);
    }

    /// <summary>Asks each so many times, one after another; how many milliseconds each answer took to its last byte.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyCollection<double>>> AskAsync(
        HttpClient http,
        int times,
        CancellationToken cancellation
    )
    {
        var took = new Dictionary<string, IReadOnlyCollection<double>>(StringComparer.Ordinal);
        foreach (var (name, path) in Paths)
        {
            var milliseconds = new List<double>(times);
            for (var i = -WarmUps; i < times; i++)
            {
                var began = Stopwatch.GetTimestamp();
                using var answer = await AskAsync(http, path, cancellation);
                if (i >= 0)
                {
                    milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                }
            }

            Console.Error.WriteLine(
                $"{name, -20} p50 {milliseconds.Percentile(0.5), 8:0.0} ms, p99 {milliseconds.Percentile(0.99), 8:0.0} ms"
            );
            took[name] = milliseconds;
        }

        return took;
    }

    /// <summary>Asks each once: what is refused is told before anything is measured.</summary>
    public async Task TryAsync(HttpClient http, CancellationToken cancellation)
    {
        foreach (var path in Paths.Values)
        {
            using var answer = await AskAsync(http, path, cancellation);
        }
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient http, string path, CancellationToken cancellation)
    {
        var answer = await http.GetAsync(new Uri($"/v1/reports/{path}", UriKind.Relative), cancellation);
        return answer.IsSuccessStatusCode
            ? answer
            : throw new InvalidOperationException($"{path}: {await answer.Content.ReadAsStringAsync(cancellation)}");
    }
}
