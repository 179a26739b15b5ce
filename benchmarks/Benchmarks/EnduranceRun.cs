using System.Globalization;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks;

/// <summary>How large a run is.</summary>
internal sealed record EnduranceSize
{
    /// <summary>Sales, each an invoice; a fifth of them are sent twice.</summary>
    public required int Sales { get; init; }

    /// <summary>How often something is killed meanwhile.</summary>
    public required int Kills { get; init; }

    /// <summary>Of how many sales one is mailed; 0 where none is. Documents and mails take longer than everything else.</summary>
    public required int MailEvery { get; init; }

    /// <summary>What sales, victims and times of death follow from.</summary>
    public required int Seed { get; init; }

    /// <summary>Tills at once.</summary>
    public int Clients { get; init; } = 64;
}

/// <summary>What a run has shown.</summary>
internal sealed record EnduranceReport
{
    /// <summary>What must be so.</summary>
    public required IReadOnlyList<EnduranceTruth> Truths { get; init; }

    /// <summary>What was killed.</summary>
    public required IReadOnlyList<EnduranceKill> Kills { get; init; }

    /// <summary>Measured values.</summary>
    public required BenchmarkResult Result { get; init; }

    /// <summary>What is not so.</summary>
    public IReadOnlyList<EnduranceTruth> Failures => [.. Truths.Where(truth => !truth.Holds)];

    public override string ToString() =>
        string.Join(
            '\n',
            [
                .. Kills
                    .GroupBy(kill => kill.Victim)
                    .OrderBy(victim => victim.Key, StringComparer.Ordinal)
                    .Select(victim =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"killed {victim.Key} {victim.Count()} times: well again after {Seconds([.. victim.Select(kill => kill.Recovery)], 0.5):0.0} s (median), {Seconds([.. victim.Select(kill => kill.Recovery)], 1):0.0} s at most; {Seconds([.. victim.Select(kill => kill.Silence)], 1):0.0} s without an answer at most"
                        )
                    ),
                .. Truths.Select(truth => truth.ToString()),
            ]
        );

    internal static double Seconds(IReadOnlyCollection<TimeSpan> spans, double share) =>
        spans.Count > 0 ? Measurements.Percentile([.. spans.Select(span => span.TotalSeconds)], share) : 0;
}

/// <summary>
/// Many tills send the sales of one store at once, some twice, while Invoicing, database and broker are killed; then everything that must be
/// so is looked up.
/// </summary>
internal sealed class EnduranceRun
{
    private static readonly TimeSpan AfterAKill = TimeSpan.FromSeconds(5);

    private readonly EnduranceTarget _target;
    private readonly EnduranceSize _size;
    private readonly EnduranceSales _sales;
    private readonly EnduranceWork _work;
    private readonly EnduranceAnswers _answers;
    private readonly EnduranceKiller _killer;
    private readonly EnduranceSamples _samples;
    private readonly Action<string> _say;

    private EnduranceRun(EnduranceTarget target, EnduranceSize size, Action<string> say)
    {
        (_target, _size, _say) = (target, size, say);
        var now = TimeProvider.System.GetUtcNow();
        _sales = new EnduranceSales(size.Sales, size.Seed, size.MailEvery, now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)));
        _work = new EnduranceWork(_sales);
        _answers = new EnduranceAnswers(size.Sales);
        _killer = new EnduranceKiller(
            target,
            _work.Allow,
            _answers,
            new EndurancePlan(size.Kills, size.Sales, size.Seed, ["invoicing", "postgres", "messaging"]),
            say
        );
        _samples = new EnduranceSamples(target, _answers, () => _killer.Done.Count, size.Sales, say);
    }

    /// <summary>Runs it on a seller that has no sales yet.</summary>
    public static Task<EnduranceReport> OfAsync(
        EnduranceTarget target,
        EnduranceSize size,
        Action<string> say,
        CancellationToken cancellation
    ) => new EnduranceRun(target, size, say).RunAsync(cancellation);

    private async Task<EnduranceReport> RunAsync(CancellationToken cancellation)
    {
        var before = await new Broker(_target.System().Messaging!).QueuesAsync(cancellation);
        await SendAsync(cancellation);
        var (sent, drainBegan) = (_answers.Elapsed, TimeProvider.System.GetTimestamp());
        _say(Text($"every sale is answered after {sent.TotalSeconds:0} s; waiting until everything is heard"));
        var isHeard = await new EnduranceDrain(_target, _size.Sales, _say).RunAsync(cancellation);
        var drained = TimeProvider.System.GetElapsedTime(drainBegan);
        var truths = await new EnduranceTruths(_target, _sales, _answers, before, _say).CheckAsync(cancellation);
        var bytes = await _target.ValueAsync<long>(
            "invoicing",
            "select sum(pg_database_size(datname))::bigint from pg_database where datname like '%db'",
            cancellation
        );
        return new EnduranceReport
        {
            Truths = [.. truths, new EnduranceTruth("times that everything was heard in the end", 1, isHeard ? 1 : 0)],
            Kills = _killer.Done,
            Result = Result(truths, sent, drained, bytes),
        };
    }

    /// <summary>Tills and killer at once; whoever cannot go on ends it.</summary>
    private async Task SendAsync(CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        var watching = _samples.RunAsync(over.Token);
        var clients = Enumerable
            .Range(0, _size.Clients)
            .Select(i => new EnduranceClient(DoorOf(i), _target, _sales, _work, _answers))
            .ToArray();
        try
        {
            await Task.WhenAll([
                GuardedAsync(_killer.RunAsync(end.Token)),
                .. clients.Select(client => GuardedAsync(client.RunAsync(end.Token))),
            ]);
        }
        finally
        {
            await over.CancelAsync();
            await watching;
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }
        }

        async Task GuardedAsync(Task part)
        {
            try
            {
                await part;
            }
            catch
            {
                await end.CancelAsync();
                throw;
            }
        }
    }

    /// <summary>A quarter sends lines, an eighth a stream, a sixteenth by the bus; whoever's way has had its share posts.</summary>
    private static EnduranceDoor DoorOf(int client) =>
        (client % 16) switch
        {
            0 => EnduranceDoor.Bus,
            1 or 2 => EnduranceDoor.Rpc,
            < 7 => EnduranceDoor.Lines,
            _ => EnduranceDoor.Post,
        };

    private BenchmarkResult Result(IReadOnlyList<EnduranceTruth> truths, TimeSpan sent, TimeSpan drained, long bytes)
    {
        var kills = _killer.Done;
        var (first, last) = (UndisturbedRate(0, 0.1), UndisturbedRate(0.9, 1));
        var (memoryFirst, memoryLast) = (MemoryBetween(0, 0.1), MemoryBetween(0.9, 1));
        var raw = new Dictionary<string, double>
        {
            ["sales"] = _size.Sales,
            ["clients"] = _size.Clients,
            ["seed"] = _size.Seed,
            ["mailEvery"] = _size.MailEvery,
            ["sentTwice"] = _sales.Twice,
            ["answers"] = _answers.Answers,
            ["lost"] = Found(truths, "sales without an invoice"),
            ["duplicates"] = Found(truths, "second invoices of a sale") + Found(truths, "numbers given twice"),
            ["gaps"] = Found(truths, "gaps in the numbers of a series"),
            ["chainBroken"] = Found(truths, "records that the product finds broken"),
            ["untrue"] = truths.Count(truth => !truth.Holds),
            ["kills"] = kills.Count,
            ["recoveryMedianS"] = EnduranceReport.Seconds([.. kills.Select(kill => kill.Recovery)], 0.5),
            ["recoveryMaxS"] = EnduranceReport.Seconds([.. kills.Select(kill => kill.Recovery)], 1),
            ["silenceMaxS"] = EnduranceReport.Seconds([.. kills.Select(kill => kill.Silence)], 1),
            ["sendingS"] = sent.TotalSeconds,
            ["hearingAfterwardsS"] = drained.TotalSeconds,
            ["rate"] = _size.Sales / sent.TotalSeconds,
            ["rateUndisturbed"] = UndisturbedRate(0, 1),
            ["databasesMb"] = bytes / 1e6,
            ["messagesWaitingMax"] = _samples.MostWaiting,
            ["invoicingMemoryMaxMb"] = _samples.Memory.Select(each => each.Megabytes).DefaultIfEmpty().Max(),
        };
        // A short run may have no undisturbed second in a tenth.
        foreach (
            var (name, value) in new[]
            {
                ("rateFirstTenth", first),
                ("rateLastTenth", last),
                ("invoicingMemoryFirstTenthMb", memoryFirst),
                ("invoicingMemoryLastTenthMb", memoryLast),
            }
        )
        {
            if (value > 0)
            {
                raw[name] = value;
            }
        }

        foreach (var door in Enum.GetValues<EnduranceDoor>())
        {
            raw[$"sentBy{door}"] = _work.Given(door);
        }

        foreach (var victim in kills.GroupBy(kill => kill.Victim))
        {
            raw[$"killed: {victim.Key}"] = victim.Count();
        }

        foreach (var (what, times) in _answers.Notes)
        {
            raw[$"no answer: {what}"] = times;
        }

        var ratios = new Dictionary<string, double>();
        AddRatio("rateLastTenthVsFirstTenth", last, first);
        AddRatio("memoryLastTenthVsFirstTenth", memoryLast, memoryFirst);
        return new BenchmarkResult(ratios, raw);

        void AddRatio(string name, double value, double baseline)
        {
            if (value > 0 && baseline > 0)
            {
                ratios[name] = value / baseline;
            }
        }
    }

    private static double Found(IReadOnlyList<EnduranceTruth> truths, string what) => truths.Single(truth => truth.What == what).Found;

    /// <summary>Invoices a second over a part of the sales, without the seconds in which a kill was being got over.</summary>
    private double UndisturbedRate(double from, double to)
    {
        var perSecond = _answers.PerSecond;
        var disturbed = new bool[perSecond.Count];
        foreach (var kill in _killer.Done)
        {
            for (
                var second = (int)kill.At.TotalSeconds;
                second <= (kill.At + kill.Recovery + AfterAKill).TotalSeconds && second < disturbed.Length;
                second++
            )
            {
                disturbed[second] = true;
            }
        }

        var (known, invoices, seconds) = (0, 0, 0);
        for (var second = 0; second < perSecond.Count; second++)
        {
            known += perSecond[second];
            if (!disturbed[second] && known > from * _size.Sales && known <= to * _size.Sales)
            {
                invoices += perSecond[second];
                seconds++;
            }
        }

        return seconds == 0 ? 0 : (double)invoices / seconds;
    }

    private double MemoryBetween(double from, double to)
    {
        var samples = _samples
            .Memory.Where(each => each.Known > from * _size.Sales && each.Known <= to * _size.Sales)
            .Select(each => each.Megabytes)
            .ToArray();
        return samples.Length == 0 ? 0 : samples.Percentile(0.5);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
