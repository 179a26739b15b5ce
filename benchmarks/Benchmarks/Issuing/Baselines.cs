using System.Globalization;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>
/// What others do at the point where a number is given, and what the database can take at all, measured by pgbench in a database of its
/// own on the very server that the services use.
/// </summary>
internal sealed class Baselines(Databases databases, Pgbench pgbench)
{
    /// <summary>The database that baselines write to.</summary>
    public const string Database = "issuing_baseline";

    /// <summary>(a) One row lock, number, insert and outbox in a transaction.</summary>
    public const string RowLock = "row-lock";

    /// <summary>(b) An advisory lock and MAX + 1.</summary>
    public const string AdvisoryMax = "advisory-max";

    /// <summary>(c) A savepoint, and again where the number was taken.</summary>
    public const string SavepointRetry = "savepoint-retry";

    /// <summary>(d) Every row and byte of an import, a hundred invoices in a transaction.</summary>
    public const string Floor = "floor";

    private static readonly int[] PlainClients = [1, 4, 16, 64];
    private static readonly int[] FloorClients = [1, 4, 16];

    private Sample? _sample;

    /// <summary>The sample that bodies and rows are taken from.</summary>
    public Sample Sample => _sample ?? throw new InvalidOperationException("there is no sample yet");

    /// <summary>A pgbench over the server of that system.</summary>
    public static Pgbench Over(RunningSystem system, DirectoryInfo scripts) => new(system.Postgres!, Database, scripts);

    /// <summary>Makes the database, with the tables of the baselines and a copy of Invoicing's own, and takes the sample of that shop.</summary>
    public async Task PrepareAsync(Shop shop, CancellationToken cancellation)
    {
        await using (var create = databases.Of("postgres").CreateCommand($"create database {Database} template template0"))
        {
            await create.ExecuteNonQueryAsync(cancellation);
        }

        await ExecuteAsync(Pgbench.Script("schema"), cancellation);
        await pgbench.CopySchemaAsync("invoicingdb", Sample.Schema, cancellation);
        _sample = await Sample.TakeAsync(databases.OfService("invoicing"), databases.Of(Database), shop, FloorClients.Max(), cancellation);
    }

    /// <summary>Runs one at each number of clients; the best.</summary>
    public async Task<BaselineRun> RunAsync(
        string name,
        int seconds,
        IReadOnlyDictionary<string, int> processes,
        CancellationToken cancellation
    )
    {
        var isFloor = name == Floor;
        var variables = isFloor
            ? new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["n"] = "0",
                // Keys of this month, which begin with their millisecond.
                ["first"] = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() << 16).ToString(CultureInfo.InvariantCulture),
            }
            : new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["invoice_body"] = Sample.InvoiceBody,
                ["event_body"] = Sample.EventBody,
            };
        var script = isFloor ? Sample.FloorScript : Pgbench.Script(name);
        var empty = isFloor ? Sample.EmptyFloor : Pgbench.Script("empty");
        var perTransaction = isFloor ? Sample.Invoices : 1;
        BaselineRun? best = null;
        var byClients = new Dictionary<int, double>();
        foreach (var clients in isFloor ? FloorClients : PlainClients)
        {
            await ExecuteAsync(empty, cancellation);
            await databases.CheckpointAsync(cancellation);
            var before = await Usage.NowAsync(processes, databases.Of("postgres"));
            var run = await pgbench.RunAsync(name, script, clients, seconds, variables, cancellation);
            var after = await Usage.NowAsync(processes, databases.Of("postgres"));
            var rate = run.TransactionsPerSecond * perTransaction;
            byClients[clients] = rate;
            if (best is null || rate > best.InvoicesPerSecond)
            {
                best = new BaselineRun(name, rate, clients, run.AverageMs, run.Transactions * perTransaction, before, after, byClients);
            }
        }

        return best! with
        {
            PageImageBytes = await Usage.PageImageBytesAsync(databases.Of("postgres"), best!.Before, best.After, cancellation),
        };
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var command = databases.Of(Database).CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>A baseline at its best number of clients.</summary>
internal sealed record BaselineRun(
    string Name,
    double InvoicesPerSecond,
    int Clients,
    double AverageMs,
    long Invoices,
    Usage Before,
    Usage After,
    IReadOnlyDictionary<int, double> ByClients
)
{
    /// <summary>Bytes of log that were whole pages.</summary>
    public long? PageImageBytes { get; init; }
}
