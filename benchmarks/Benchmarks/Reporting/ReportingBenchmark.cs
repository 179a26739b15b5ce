using System.Net.Http.Json;
using System.Text.Json;
using RetailInvoicing.Benchmarks.Issuing;
using RetailInvoicing.Retail.Replay;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Reporting;

/// <summary>
/// How long reports take over few invoices and over a hundred times as many, how soon an invoice is seen, how fast everything is made again,
/// and what a file of all invoices takes of memory.
/// </summary>
internal static class ReportingBenchmark
{
    public static readonly Benchmark Benchmark = new(
        "reporting",
        "Every report over 1,000,000 invoices against 10,000; event to report at 500 a second; rebuild; files of all invoices",
        RunAsync
    );

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static async Task<BenchmarkResult> RunAsync(bool quick, CancellationToken cancellation)
    {
        var (few, many, times) = quick ? (2_000, 40_000, 40) : (10_000, 1_000_000, 200);
        await using var system = await BenchSystem.StartAsync(cancellation, null, "--empty=true");
        var parts = system.Parts;
        await using var databases = new Databases(parts.Postgres!);
        var shop = (await Shop.RegisterAsync(parts, "reports", 1, cancellation))[0];
        using var http = Connections.Http(parts.Http("reporting"), shop.ApiKey);
        var (ratios, raw) = (new Dictionary<string, double>(), new Dictionary<string, double>());

        var issued = await ReplayAsync(parts, shop, few, cancellation);
        var history = new KeptHistory(databases, shop);
        await KnownAsync(history, issued, cancellation);
        var period = await history.PeriodAsync(cancellation);
        Console.Error.WriteLine($"{issued} invoices of the shop from {period.From} to {period.To}");
        var questions = ReportQuestions.Of(period.From, period.To);
        await questions.TryAsync(http, cancellation);
        var before = await questions.AskAsync(http, times, cancellation);

        var copies = await history.MultiplyAsync(many - issued, cancellation);
        Console.Error.WriteLine($"{copies} more, moved by years");
        await RebuildAsync(parts, raw, cancellation);
        var after = await questions.AskAsync(http, times, cancellation);
        foreach (var (name, small) in before)
        {
            var large = after[name];
            ratios[$"{name}.p50"] = large.Percentile(0.5) / small.Percentile(0.5);
            ratios[$"{name}.p99"] = large.Percentile(0.99) / small.Percentile(0.99);
            raw[$"{name}.fewP50Ms"] = small.Percentile(0.5);
            raw[$"{name}.fewP99Ms"] = small.Percentile(0.99);
            raw[$"{name}.manyP50Ms"] = large.Percentile(0.5);
            raw[$"{name}.manyP99Ms"] = large.Percentile(0.99);
        }

        raw["reports"] = before.Count;
        raw["reports.manyP99MaxMs"] = raw.Where(each => each.Key.EndsWith(".manyP99Ms", StringComparison.Ordinal)).Max(each => each.Value);
        ratios["reports.p50Max"] = ratios.Where(each => each.Key.EndsWith(".p50", StringComparison.Ordinal)).Max(each => each.Value);

        foreach (var format in new[] { "csv", "parquet" })
        {
            var file = await WholeFile.ReadAsync(http, parts.Processes["reporting"], format, cancellation);
            raw[$"file.{format}.bytes"] = file.Bytes;
            raw[$"file.{format}.seconds"] = file.Took.TotalSeconds;
            raw[$"file.{format}.rows"] = issued + copies;
            raw[$"file.{format}.memoryGrowthMb"] = file.GrowthMb;
            raw[$"file.{format}.memoryPeakMb"] = file.PeakMb;
        }

        await LiveEvents.MeasureAsync(parts, http, history, period, raw, quick ? 2_500 : 15_000, cancellation);
        raw["invoices.few"] = issued;
        raw["invoices.many"] = issued + copies;
        return new BenchmarkResult(ratios, raw);
    }

    /// <summary>Posts the shop's sales, the first of them, and gives how many invoices came of it.</summary>
    private static async Task<int> ReplayAsync(RunningSystem parts, Shop shop, int sales, CancellationToken cancellation)
    {
        using var http = Connections.Http(parts.Http("invoicing"), shop.ApiKey);
        var invoices = new InvoiceLookUp(http);
        await using var door = new HttpDoor(http);
        var replay = new ReplayShop(
            door,
            async (sale, stop) => (await invoices.OfSaleAsync(sale, stop))?.IssuedAt,
            TimeProvider.System.GetUtcNow(),
            TimeProvider.System
        );
        var numbers = ShopNumber
            .Of(ShopFile.Read(RecommendationTrials.Files([])[0]))
            .Where(each => each.Refusal is null)
            .Take(sales)
            .ToArray();
        var tally = await replay.RunAsync(numbers, null, static (_, _) => { }, cancellation);
        return tally.Unexpected.Count == 0
            ? tally.Issued
            : throw new InvalidOperationException($"not every sale became an invoice: {string.Join("; ", tally.Unexpected.Take(3))}");
    }

    private static async Task KnownAsync(KeptHistory history, int invoices, CancellationToken cancellation)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var began = TimeProvider.System.GetTimestamp(); await history.KnownAsync(cancellation) < invoices; )
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new InvalidOperationException("Reporting has not had every invoice after ten minutes");
            }

            await tick.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>Everything is made again from the kept events; how many lines a second.</summary>
    private static async Task RebuildAsync(RunningSystem parts, Dictionary<string, double> raw, CancellationToken cancellation)
    {
        using var admin = Connections.Http(parts.Http("reporting"), parts.Admin!.ApiKey);
        using var asked = await admin.PostAsync(new Uri("/v1/reports/rebuild", UriKind.Relative), null, cancellation);
        asked.EnsureSuccessStatusCode();
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await tick.WaitForNextTickAsync(cancellation))
        {
            var state = await admin.GetFromJsonAsync<JsonElement>("/v1/reports/rebuild", cancellation);
            switch (state.GetProperty("state").GetString())
            {
                case "failed":
                    throw new InvalidOperationException($"the rebuild failed: {state}");
                case "done":
                    var builtInMs = state.GetProperty("builtInMs").GetInt64();
                    raw["rebuild.events"] = state.GetProperty("events").GetInt64();
                    raw["rebuild.lines"] = state.GetProperty("lines").GetInt64();
                    raw["rebuild.seconds"] = builtInMs / 1000.0;
                    raw["rebuild.linesPerSecond"] = raw["rebuild.lines"] / (builtInMs / 1000.0);
                    return;
                default:
                    break;
            }
        }
    }
}
