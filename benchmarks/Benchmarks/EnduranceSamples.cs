using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks;

/// <summary>Looks at the run every few seconds: what Invoicing has in memory, what waits at the broker; and says so.</summary>
internal sealed class EnduranceSamples(EnduranceTarget target, EnduranceAnswers answers, Func<int> kills, int sales, Action<string> say)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly List<(int Known, double Megabytes)> _memory = [];

    /// <summary>What Invoicing had in memory, and how many sales were known then; without the first seconds of each of its lives.</summary>
    public IReadOnlyList<(int Known, double Megabytes)> Memory => _memory;

    /// <summary>The most messages seen at the broker.</summary>
    public long MostWaiting { get; private set; }

    /// <summary>Looks until it is called off.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var tick = new PeriodicTimer(Every);
        var (process, seen, before, at) = (0, 0, 0, Stopwatch.GetTimestamp());
        var (still, killed) = (0, 0);
        while (
            await tick.WaitForNextTickAsync(cancellation)
                .AsTask()
                .ContinueWith(static each => each.IsCompletedSuccessfully && each.Result, TaskScheduler.Default)
        )
        {
            var now = target.System().Processes.GetValueOrDefault("invoicing");
            var megabytes = MemoryOf(now);
            seen = now == process ? seen + 1 : 0;
            process = now;
            var known = answers.Known;
            if (seen >= 2 && megabytes > 0)
            {
                _memory.Add((known, megabytes));
            }

            var waiting = await WaitingAsync(cancellation);
            MostWaiting = Math.Max(MostWaiting, waiting ?? 0);
            // Standing still is told once a minute.
            still = known == before && kills() == killed ? still + 1 : 0;
            killed = kills();
            if (still % 12 != 0)
            {
                continue;
            }

            var rate = (known - before) / Stopwatch.GetElapsedTime(at).TotalSeconds;
            (before, at) = (known, Stopwatch.GetTimestamp());
            say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{known:N0} of {sales:N0} sales have their invoice, {rate:N0} a second; {kills()} kills; Invoicing {megabytes:0} MB; {(waiting is { } messages ? $"{messages:N0} messages wait" : "the broker does not answer")}"
                )
            );
        }
    }

    private static double MemoryOf(int process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status")
                .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Select(line =>
                    double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024
                )
                .FirstOrDefault();
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>As the broker's statistics say, some seconds old.</summary>
    private async Task<long?> WaitingAsync(CancellationToken cancellation)
    {
        var broker = target.System().Messaging!;
        using var management = Connections.Http(new Uri(broker.Management), apiKey: null);
        management.Timeout = TimeSpan.FromSeconds(3);
        management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(new Uri(broker.Amqp).UserInfo)))
        );
        try
        {
            var overview = await management.GetFromJsonAsync<JsonElement>("/api/overview", cancellation);
            return overview.GetProperty("queue_totals").TryGetProperty("messages", out var messages) ? messages.GetInt64() : 0;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or JsonException)
        {
            return null;
        }
    }
}
