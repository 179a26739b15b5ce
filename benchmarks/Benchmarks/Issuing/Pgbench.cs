using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>pgbench of the running server's own version, over the connection that services have.</summary>
internal sealed partial class Pgbench(DatabaseAddress server, string database, DirectoryInfo scripts)
{
    private const int Cores = 2;

    /// <summary>Runs a script of the embedded ones, or one that is given, for some seconds: transactions a second.</summary>
    public async Task<PgbenchRun> RunAsync(
        string script,
        string text,
        int clients,
        int seconds,
        IReadOnlyDictionary<string, string> variables,
        CancellationToken cancellation
    )
    {
        var file = Path.Combine(scripts.FullName, $"{script}.sql");
        await File.WriteAllTextAsync(file, text, cancellation);
        string[] arguments =
        [
            .. new[] { "-n", "-M", "prepared", "-f", file, "-T", $"{seconds}", "-c", $"{clients}" },
            .. new[] { "-j", $"{Math.Min(clients, Cores)}" },
            .. variables.SelectMany(variable => new[] { "-D", $"{variable.Key}={variable.Value}" }),
            database,
        ];
        var output = await RunToolAsync("pgbench", arguments, cancellation);
        double Found(Regex what) =>
            what.Match(output) is { Success: true } match
                ? double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
                : throw new InvalidOperationException($"pgbench said something else: {output}");
        var transactions = (long)Found(Count());
        // On a machine that is busy with other things the time may be over before all clients have connected.
        return transactions == 0
            ? new PgbenchRun(clients, 0, 0, 0)
            : new PgbenchRun(clients, Found(Rate()), Found(Latency()), transactions);
    }

    /// <summary>Copies the definition of a schema from another database, without owners and rights.</summary>
    public async Task CopySchemaAsync(string from, string schema, CancellationToken cancellation)
    {
        var file = Path.Combine(scripts.FullName, "copied.sql");
        string[] dump = ["--schema-only", "--no-owner", "--no-privileges", "-n", schema, "-f", file, from];
        await RunToolAsync("pg_dump", dump, cancellation);
        await RunToolAsync("psql", ["-q", "-X", "-v", "ON_ERROR_STOP=1", "-f", file, "-d", database], cancellation);
    }

    /// <summary>An embedded script.</summary>
    public static string Script(string name)
    {
        using var reader = new StreamReader(typeof(Pgbench).Assembly.GetManifestResourceStream($"{name}.sql")!);
        return reader.ReadToEnd();
    }

    private async Task<string> RunToolAsync(string tool, string[] arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Path.Combine(await BinariesAsync(cancellation), tool), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PGHOST"] = server.Host,
                ["PGPORT"] = $"{server.Port}",
                ["PGUSER"] = server.Username,
                ["PGPASSWORD"] = server.Password,
            },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var complaints = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{tool} ended with {process.ExitCode}: {await complaints}");
    }

    private async Task<string> BinariesAsync(CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(Databases.ConnectionString(server, "postgres"));
        await using var version = source.CreateCommand("select current_setting('server_version_num')::int / 10000");
        var binaries = $"/usr/lib/postgresql/{await version.ExecuteScalarAsync(cancellation)}/bin";
        return File.Exists(Path.Combine(binaries, "pgbench"))
            ? binaries
            : throw new InvalidOperationException($"there is no pgbench in {binaries}: it comes with the PostgreSQL server's package");
    }

    [GeneratedRegex(@"tps = ([\d.]+) \(without initial connection time\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"latency average = ([\d.]+) ms", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Latency();

    [GeneratedRegex(@"number of transactions actually processed: (\d+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Count();
}

/// <summary>What pgbench said.</summary>
internal sealed record PgbenchRun(int Clients, double TransactionsPerSecond, double AverageMs, long Transactions);
