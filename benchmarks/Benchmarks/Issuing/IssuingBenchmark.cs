using System.CommandLine;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>
/// How many invoices a second: by every door, for one taxpayer and for fifty, and from end to end, each against what others do at the
/// same point and against what the database can take, in the same run on the same server.
/// </summary>
internal sealed class IssuingBenchmark
{
    private const string BaselinesPart = "baselines";
    private const string ImportPart = "import";
    private const string SinglePart = "single";
    private const string BusPart = "bus";
    private const string OpenPart = "open";
    private const string EndToEndPart = "endtoend";
    private const string HistoryPart = "history";
    private const int ManyTaxpayers = 50;
    private const int FillAtOnce = 50_000;

    private static readonly string[] OfInvoicing = [BaselinesPart, ImportPart, SinglePart, BusPart, OpenPart];
    private static readonly string[] Parts = [.. OfInvoicing, EndToEndPart, HistoryPart];

    private static readonly Option<string[]> Part = new Option<string[]>("--part")
    {
        Description = $"Only this part, for work on it; may be given several times: {string.Join(", ", Parts)}",
        AllowMultipleArgumentsPerToken = true,
    }.AcceptOnlyFromAmong(Parts);

    /// <summary>The whole of it.</summary>
    public static readonly Benchmark Benchmark = Of([]);

    private readonly RunningSystem _parts;
    private readonly Databases _databases;
    private readonly Queues _queues;
    private readonly Baselines _baselines;
    private readonly IReadOnlyList<SaleForm> _forms = SaleForm.Make(TimeProvider.System.GetUtcNow());
    private readonly Loads _loads;
    private readonly Scale _scale;
    private readonly IReadOnlyCollection<string> _wanted;
    private readonly Runs _runs;
    private readonly Dictionary<IReadOnlyList<Shop>, long> _answered = [];

    private IssuingBenchmark(
        RunningSystem system,
        Databases databases,
        Queues queues,
        DirectoryInfo scripts,
        Scale scale,
        IReadOnlyCollection<string> wanted,
        Runs runs
    )
    {
        (_parts, _databases, _queues, _scale, _wanted, _runs) = (system, databases, queues, scale, wanted, runs);
        _baselines = new Baselines(databases, Baselines.Over(_parts, scripts));
        _loads = new Loads(_parts, databases.OfService("invoicing"), _forms);
    }

    private static Benchmark Of(IReadOnlyCollection<string> asked) =>
        new(
            "issuing",
            "Invoices a second by gRPC, NDJSON, single posts, bus and end to end, against row lock, MAX + 1, savepoint and bare inserts",
            (quick, cancellation) => RunAsync(quick, asked, cancellation)
        )
        {
            Options = [Part],
            Asked = parsed => Of(parsed.GetValue(Part) ?? []),
        };

    private static async Task<BenchmarkResult> RunAsync(bool quick, IReadOnlyCollection<string> asked, CancellationToken cancellation)
    {
        var scale = quick ? Scale.Quick : new Scale();
        // A long history takes longer than three minutes to write: where it shall be quick it is measured only if asked for.
        var wanted = asked.Count > 0 ? asked.ToHashSet(StringComparer.Ordinal) : [.. quick ? Parts.Except([HistoryPart]) : Parts];
        if (wanted.Contains(OpenPart))
        {
            wanted.Add(SinglePart);
        }

        var runs = new Runs();
        // Each on a system of its own: a quarter of a million mails that wait would go out beside the rest.
        if (wanted.Contains(EndToEndPart))
        {
            await OnSystemAsync(scale, wanted, runs, benchmark => benchmark.EndToEndAsync(cancellation), cancellation);
        }

        if (wanted.Any(OfInvoicing.Contains))
        {
            await OnSystemAsync(scale, wanted, runs, benchmark => benchmark.RunAsync(cancellation), cancellation);
        }

        if (wanted.Contains(HistoryPart))
        {
            // A system of its own: its first ten thousand invoices are the first that there are.
            await OnSystemAsync(scale, wanted, runs, benchmark => benchmark.HistoryAsync(cancellation), cancellation);
        }

        runs.Add(new Dictionary<string, double>(StringComparer.Ordinal) { ["runs"] = scale.Runs });
        return runs.Result();
    }

    private static async Task OnSystemAsync(
        Scale scale,
        IReadOnlyCollection<string> wanted,
        Runs runs,
        Func<IssuingBenchmark, Task> run,
        CancellationToken cancellation
    )
    {
        // What a key may ask for a second is a policy of the operator; it is not what is measured here.
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["RateLimits__RequestsPerSecond"] = "1000000" };
        await using var system = await BenchSystem.StartAsync(cancellation, settings, "--empty=true");
        await using var databases = new Databases(system.Parts.Postgres!);
        await using var queues = await Queues.OpenAsync(system.Parts, cancellation);
        var scripts = Directory.CreateTempSubdirectory("retail-pgbench-");
        try
        {
            await run(new IssuingBenchmark(system.Parts, databases, queues, scripts, scale, wanted, runs));
        }
        finally
        {
            scripts.Delete(recursive: true);
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        await SampleAsync(cancellation);
        var one = await Shop.RegisterAsync(_parts, "one", 1, cancellation);
        var many = await Shop.RegisterAsync(_parts, "many", ManyTaxpayers, cancellation);
        using var others = new StandStill(_parts, "invoicing");
        await WarmUpAsync(cancellation);
        for (var run = 0; run < _scale.Runs; run++)
        {
            await IssueAsync(one, many, cancellation);
        }
    }

    /// <summary>The whole system, beside the baseline that it is held against.</summary>
    private async Task EndToEndAsync(CancellationToken cancellation)
    {
        await SampleAsync(cancellation);
        var shop = (await Shop.RegisterAsync(_parts, "end", 1, cancellation))[0];
        var endToEnd = new EndToEnd(_parts, _databases, _queues, _forms);
        await endToEnd.RunAsync(shop, _scale.WarmUp, cancellation);
        for (var run = 0; run < _scale.Runs; run++)
        {
            await BaselineAsync(Baselines.RowLock, "rowLockBesideEndToEnd", cancellation);
            var values = await endToEnd.RunAsync(shop, run < _scale.Runs - 1 ? _scale.EndToEnd : _scale.Sustained, cancellation);
            _runs.Add(values);
            Runs.Say(
                $"endToEnd: {values["endToEnd.invoicesPerSecond"]:0}/s for {values["endToEnd.seconds"]:0} s, {values["endToEnd.mailsPerSecond"]:0} mails/s, waiting {values["endToEnd.waitingMeanFirstHalf"]:0}, then {values["endToEnd.waitingMeanSecondHalf"]:0}, Invoicing {values["endToEnd.invoicingResidentMbBefore"]:0} to {values["endToEnd.invoicingResidentMbAfter"]:0} MB"
            );
        }
    }

    /// <summary>The rate with little history and with much, of one taxpayer.</summary>
    private async Task HistoryAsync(CancellationToken cancellation)
    {
        var shops = await Shop.RegisterAsync(_parts, "history", 1, cancellation);
        using var others = new StandStill(_parts, "invoicing");
        await WarmUpAsync(cancellation);
        async Task FillAsync(int invoices)
        {
            while (await Checks.IssuedAsync(_databases.OfService("invoicing"), cancellation) is var issued && issued < invoices)
            {
                var load = await _loads.LinesAsync(shops, Upto(Math.Min(invoices - issued, FillAtOnce)), cancellation);
                _answered[shops] = _answered.GetValueOrDefault(shops) + load.Issued;
                await ToldAsync(cancellation);
                await _queues.PurgeAsync(cancellation);
            }
        }

        await FillAsync(_scale.LittleHistory);
        var little = await PartAsync(
            HistoryPart,
            "historyLittle",
            shops,
            () => _loads.LinesAsync(shops, Pace(), cancellation),
            cancellation
        );
        await FillAsync(_scale.MuchHistory);
        var much = await PartAsync(HistoryPart, "historyMuch", shops, () => _loads.LinesAsync(shops, Pace(), cancellation), cancellation);
        _runs.Add(
            new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["rateAtMillionVsTenThousand"] = much!.PerSecond / little!.PerSecond,
                ["historyLittle.invoicesBefore"] = _scale.LittleHistory,
                ["historyMuch.invoicesBefore"] = _scale.MuchHistory,
            }
        );

        static AsFastAsTaken Upto(long invoices) => new(TimeSpan.FromHours(1), invoices);
    }

    /// <summary>Every door once, so that nothing is compiled while it is measured.</summary>
    private async Task WarmUpAsync(CancellationToken cancellation)
    {
        var shops = await Shop.RegisterAsync(_parts, "warm", 1, cancellation);
        await _loads.LinesAsync(shops, new AsFastAsTaken(_scale.WarmUp, _scale.MostInvoices / 3), cancellation);
        await _loads.GrpcAsync(shops, new AsFastAsTaken(_scale.WarmUp, _scale.MostInvoices / 3), cancellation);
        await _loads.SinglesAsync(shops, _scale.WarmUp, cancellation);
        await ToldAsync(cancellation);
    }

    /// <summary>The baselines write what Invoicing has written of a hundred sales.</summary>
    private async Task SampleAsync(CancellationToken cancellation)
    {
        var sampled = await Shop.RegisterAsync(_parts, "sample", 1, cancellation);
        await _loads.LinesAsync(sampled, new AsFastAsTaken(TimeSpan.FromMinutes(1), Sample.Invoices), cancellation);
        await ToldAsync(cancellation);
        if (_wanted.Contains(BaselinesPart))
        {
            await _baselines.PrepareAsync(sampled[0], cancellation);
        }
    }

    /// <summary>One run of everything that only Invoicing does; the baselines stand between its parts, so that noise hits both.</summary>
    private async Task IssueAsync(IReadOnlyList<Shop> one, IReadOnlyList<Shop> many, CancellationToken cancellation)
    {
        await BaselineAsync(Baselines.RowLock, cancellation);
        await PartAsync(ImportPart, "importNdjson", one, () => _loads.LinesAsync(one, Pace(), cancellation), cancellation);
        await PartAsync(ImportPart, "importGrpc", one, () => _loads.GrpcAsync(one, Pace(), cancellation), cancellation);
        await BaselineAsync(Baselines.Floor, cancellation);
        var single = await PartAsync(SinglePart, "single", one, () => _loads.SinglesAsync(one, _scale.Load, cancellation), cancellation);
        await BaselineAsync(Baselines.AdvisoryMax, cancellation);
        if (single is not null)
        {
            Task<Load> AtHalf() => _loads.OpenLoopAsync(one, single.PerSecond / 2, _scale.OpenLoop, cancellation);
            await PartAsync(OpenPart, "openLoop", one, AtHalf, cancellation);
        }

        await PartAsync(BusPart, "bus", one, () => _loads.BusAsync(one, _scale.Load, cancellation), cancellation);
        await BaselineAsync(Baselines.SavepointRetry, cancellation);
        await PartAsync(ImportPart, "importNdjson50", many, () => _loads.LinesAsync(many, Pace(), cancellation), cancellation);
        await PartAsync(ImportPart, "importGrpc50", many, () => _loads.GrpcAsync(many, Pace(), cancellation), cancellation);
        await PartAsync(SinglePart, "single50", many, () => _loads.SinglesAsync(many, _scale.Load, cancellation), cancellation);
        await PartAsync(BusPart, "bus50", many, () => _loads.BusAsync(many, _scale.Load, cancellation), cancellation);
    }

    private AsFastAsTaken Pace() => new(_scale.Load, _scale.MostInvoices);

    private Task BaselineAsync(string name, CancellationToken cancellation) => BaselineAsync(name, Runs.Camel(name), cancellation);

    private async Task BaselineAsync(string name, string told, CancellationToken cancellation)
    {
        if (!_wanted.Contains(BaselinesPart))
        {
            return;
        }

        using var nobodyElse = new StandStill(_parts);
        var run = await _baselines.RunAsync(name, _scale.BaselineSeconds, _parts.Processes, cancellation);
        _runs.Add(told, run);
    }

    private async Task<Load?> PartAsync(
        string part,
        string name,
        IReadOnlyList<Shop> shops,
        Func<Task<Load>> load,
        CancellationToken cancellation
    )
    {
        if (!_wanted.Contains(part))
        {
            return null;
        }

        await _databases.CheckpointAsync(cancellation);
        var invoicing = _parts.Processes["invoicing"];
        var residentBefore = Usage.ResidentMb(invoicing);
        var before = await Usage.NowAsync(_parts.Processes, _databases.Of("postgres"));
        var done = await load();
        var after = await Usage.NowAsync(_parts.Processes, _databases.Of("postgres"));
        await ToldAsync(cancellation);
        var told = await Usage.NowAsync(_parts.Processes, _databases.Of("postgres"));
        var images = await Usage.PageImageBytesAsync(_databases.Of("postgres"), before, told, cancellation);
        var answered = _answered[shops] = _answered.GetValueOrDefault(shops) + done.Issued;
        await Checks.AreSoundAsync(_databases.OfService("invoicing"), _parts, shops, answered, cancellation);
        _runs.Add(name, done, before, after, told, images, residentBefore, Usage.ResidentMb(invoicing));
        await _queues.PurgeAsync(cancellation);
        return done;
    }

    /// <summary>Waits until the broker has every event.</summary>
    private async Task ToldAsync(CancellationToken cancellation)
    {
        await using var waiting = _databases.OfService("invoicing").CreateCommand("select exists (select from invoicing.outbox)");
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((bool)(await waiting.ExecuteScalarAsync(cancellation))!)
        {
            await tick.WaitForNextTickAsync(cancellation);
        }
    }
}
