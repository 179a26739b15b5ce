using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>
/// What has been used up to a moment: processor time of each process with its children, alive and gone, and bytes of write-ahead log.
/// </summary>
internal sealed record Usage(long At, IReadOnlyDictionary<string, double> CpuSeconds, long WalBytes)
{
    /// <summary>The load generator: this process, and the pgbench processes it started.</summary>
    public const string Generator = "generator";

    private const string Wal = "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint";
    private const string Inspect = "create extension if not exists pg_walinspect";

    // Against the flushed log: what is not on disk cannot be read.
    private const string PageImages = """
        select coalesce(sum(fpi_size), 0)::bigint
        from pg_get_wal_stats('0/0'::pg_lsn + @from::numeric, least('0/0'::pg_lsn + @to::numeric, pg_current_wal_flush_lsn()))
        """;
    private const double TicksPerSecond = 100;

    /// <summary>Reads the clocks.</summary>
    public static async Task<Usage> NowAsync(IReadOnlyDictionary<string, int> processes, NpgsqlDataSource server)
    {
        await using var wal = server.CreateCommand(Wal);
        var bytes = (long)(await wal.ExecuteScalarAsync())!;
        var ticks = AllTicks();
        var cpu = processes.ToDictionary(each => each.Key, each => Of(each.Value, ticks) / TicksPerSecond, StringComparer.Ordinal);
        cpu[Generator] = Of(Environment.ProcessId, ticks) / TicksPerSecond;
        return new Usage(Stopwatch.GetTimestamp(), cpu, bytes);
    }

    /// <summary>
    /// How many of the bytes of log between two moments are whole pages, written at the first change after a checkpoint: the more is
    /// issued the fewer an invoice. None where the log can no longer be read.
    /// </summary>
    public static async Task<long?> PageImageBytesAsync(NpgsqlDataSource server, Usage from, Usage to, CancellationToken cancellation)
    {
        try
        {
            await using var inspect = server.CreateCommand(Inspect);
            await inspect.ExecuteNonQueryAsync(cancellation);
            await using var images = server.CreateCommand(PageImages);
            images.Parameters.Add(new("from", from.WalBytes));
            images.Parameters.Add(new("to", to.WalBytes));
            return (long)(await images.ExecuteScalarAsync(cancellation))!;
        }
        catch (PostgresException)
        {
            return null;
        }
    }

    /// <summary>Resident memory of a process in MB.</summary>
    public static double ResidentMb(int process) => Smaps(process, "Rss:");

    private static double Smaps(int process, string field)
    {
        foreach (var line in File.ReadLines($"/proc/{process}/smaps_rollup"))
        {
            if (line.StartsWith(field, StringComparison.Ordinal))
            {
                return double.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
            }
        }

        throw new InvalidOperationException($"/proc/{process}/smaps_rollup has no {field}");
    }

    /// <summary>Its own time and that of its children: a server's backends come and go, and those that are gone are in its own count.</summary>
    private static double Of(int process, Dictionary<int, ProcessTicks> all) =>
        all.TryGetValue(process, out var own)
            ? own.Own
                + own.Gone
                // The whole system is a child of the load generator, and no part of it.
                + (process == Environment.ProcessId ? 0 : all.Values.Where(each => each.Parent == process).Sum(each => each.Own))
            : 0;

    private static Dictionary<int, ProcessTicks> AllTicks()
    {
        var all = new Dictionary<int, ProcessTicks>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var process))
            {
                continue;
            }

            try
            {
                var stat = File.ReadAllText(Path.Combine(directory, "stat"));
                // pid (name, which may hold anything) state ppid …
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                double Field(int number) => double.Parse(fields[number - 3], CultureInfo.InvariantCulture);
                all[process] = new ProcessTicks((int)Field(4), Field(14) + Field(15), Field(16) + Field(17));
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return all;
    }

    private sealed record ProcessTicks(int Parent, double Own, double Gone);
}

/// <summary>What a part used, for each invoice it issued.</summary>
internal static class UsageSums
{
    /// <summary>Adds processor microseconds and bytes of log, for each invoice, between two moments.</summary>
    public static void AddUsage(
        this Dictionary<string, double> raw,
        string part,
        Usage from,
        Usage to,
        double invoices,
        long? pageImageBytes = null
    )
    {
        double Microseconds(string process) =>
            to.CpuSeconds.TryGetValue(process, out var after) && from.CpuSeconds.TryGetValue(process, out var before)
                ? (after - before) * 1_000_000 / invoices
                : 0;

        var whole = to.CpuSeconds.Keys.Where(process => process != Usage.Generator).Sum(Microseconds);
        raw[$"{part}.cpuInvoicingMicroseconds"] = Microseconds("invoicing");
        raw[$"{part}.cpuPostgresMicroseconds"] = Microseconds("postgres");
        raw[$"{part}.cpuMessagingMicroseconds"] = Microseconds("messaging");
        raw[$"{part}.cpuGeneratorMicroseconds"] = Microseconds(Usage.Generator);
        raw[$"{part}.cpuTotalMicroseconds"] = whole;
        raw[$"{part}.walBytes"] = (to.WalBytes - from.WalBytes) / invoices;
        if (pageImageBytes is { } images)
        {
            raw[$"{part}.walBytesWithoutPageImages"] = (to.WalBytes - from.WalBytes - images) / invoices;
        }
    }
}
