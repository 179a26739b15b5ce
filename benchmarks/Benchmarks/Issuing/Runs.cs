using System.Diagnostics;
using System.Globalization;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>What was measured in each run, and the medians of it.</summary>
internal sealed class Runs
{
    private readonly Dictionary<string, List<double>> _measured = new(StringComparer.Ordinal);

    /// <summary>Adds a run of a baseline.</summary>
    public void Add(string name, BaselineRun run)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [$"{name}.invoicesPerSecond"] = run.InvoicesPerSecond,
            [$"{name}.clients"] = run.Clients,
            [$"{name}.transactionAverageMs"] = run.AverageMs,
        };
        foreach (var (clients, rate) in run.ByClients)
        {
            values[$"{name}.invoicesPerSecondAt{clients}"] = rate;
        }

        values.AddUsage(name, run.Before, run.After, run.Invoices, run.PageImageBytes);
        Add(values);
        Say($"{name}: {run.InvoicesPerSecond:0}/s with {run.Clients} clients");
    }

    /// <summary>Adds a run of a load.</summary>
    public void Add(
        string name,
        Load load,
        Usage before,
        Usage after,
        Usage told,
        long? pageImageBytes,
        double residentBefore,
        double residentAfter
    )
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [$"{name}.invoicesPerSecond"] = load.PerSecond,
            [$"{name}.invoices"] = load.Issued,
            // Until the broker has confirmed the last event.
            [$"{name}.toldPerSecond"] = load.Issued / Stopwatch.GetElapsedTime(before.At, told.At).TotalSeconds,
            [$"{name}.invoicingResidentMbBefore"] = residentBefore,
            [$"{name}.invoicingResidentMbAfter"] = residentAfter,
            [$"{name}.putOff"] = load.PutOff,
        };
        // What issuing costs includes telling of it, which goes on for a while.
        values.AddUsage(name, before, told, load.Issued, pageImageBytes);
        values[$"{name}.walBytesToLastAnswer"] = (after.WalBytes - before.WalBytes) / (double)load.Issued;
        AddPercentiles(values, $"{name}.p", load.LatenciesMs);
        AddPercentiles(values, $"{name}.begunLateP", load.BegunLateMs);
        Add(values);
        Say(
            $"{name}: {load.PerSecond:0}/s, told {values[$"{name}.toldPerSecond"]:0}/s, Invoicing {values[$"{name}.cpuInvoicingMicroseconds"]:0} us, "
                + $"PostgreSQL {values[$"{name}.cpuPostgresMicroseconds"]:0} us, RabbitMQ {values[$"{name}.cpuMessagingMicroseconds"]:0} us, "
                + $"generator {values[$"{name}.cpuGeneratorMicroseconds"]:0} us, WAL {values[$"{name}.walBytes"]:0} B an invoice"
                + (load.LatenciesMs.Count > 0 ? $", p50 {values[$"{name}.p50Ms"]:0.0} p99 {values[$"{name}.p99Ms"]:0.0} ms" : "")
        );
    }

    /// <summary>Adds what one run has measured.</summary>
    public void Add(IReadOnlyDictionary<string, double> values)
    {
        foreach (var (name, value) in values)
        {
            if (!_measured.TryGetValue(name, out var list))
            {
                _measured[name] = list = [];
            }

            list.Add(value);
        }
    }

    /// <summary>The medians, and the ratios: each the median of the runs' own.</summary>
    public BenchmarkResult Result()
    {
        var ratios = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (
            var (name, baseline) in new[]
            {
                ("RowLock", "rowLock"),
                ("AdvisoryMax", "advisoryMax"),
                ("SavepointRetry", "savepointRetry"),
                ("Floor", "floor"),
            }
        )
        {
            AddRatio(ratios, $"importVs{name}", ["importGrpc", "importNdjson"], baseline);
        }

        AddRatio(ratios, "singlePostVsRowLock", ["single"], "rowLock");
        AddRatio(ratios, "endToEndVsRowLock", ["endToEnd"], "rowLockBesideEndToEnd");
        return new BenchmarkResult(
            ratios,
            _measured.ToDictionary(each => Flat(each.Key), each => Median(each.Value), StringComparer.Ordinal)
        );
    }

    /// <summary>Tells whoever waits.</summary>
    public static void Say(FormattableString text) => Console.Error.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static void Say(string text) => Console.Error.WriteLine(text);

    /// <summary>Of several doors the better one in each run.</summary>
    private void AddRatio(Dictionary<string, double> ratios, string name, string[] doors, string baseline)
    {
        var measured = doors.Select(door => _measured.GetValueOrDefault($"{door}.invoicesPerSecond")).OfType<List<double>>().ToList();
        if (measured.Count > 0 && _measured.TryGetValue($"{baseline}.invoicesPerSecond", out var bases))
        {
            ratios[name] = Median([.. bases.Select((value, run) => measured.Max(door => door[run]) / value)]);
        }
    }

    private static void AddPercentiles(Dictionary<string, double> values, string name, IReadOnlyList<double> latencies)
    {
        if (latencies.Count > 0)
        {
            values[$"{name}50Ms"] = latencies.Percentile(0.5);
            values[$"{name}99Ms"] = latencies.Percentile(0.99);
            values[$"{name}999Ms"] = latencies.Percentile(0.999);
        }
    }

    private static double Median(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>row-lock is rowLock.</summary>
    public static string Camel(string name) => Joined(name.Split('-'));

    /// <summary>single.p99Ms is singleP99Ms.</summary>
    private static string Flat(string name) => Joined(name.Split('.', '-'));

    private static string Joined(string[] words) =>
        words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
