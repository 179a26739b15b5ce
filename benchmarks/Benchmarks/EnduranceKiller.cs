using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks;

/// <summary>One kill -9 and what came of it.</summary>
/// <param name="Victim">Who.</param>
/// <param name="At">Time since the run began.</param>
/// <param name="Recovery">Until every service was well and every queue consumed again.</param>
/// <param name="Silence">The longest time meanwhile in which no till was answered.</param>
internal sealed record EnduranceKill(string Victim, TimeSpan At, TimeSpan Recovery, TimeSpan Silence);

/// <summary>How often something is killed over a run of so many, whom it meets in turn, and what chance follows from.</summary>
internal sealed record EndurancePlan(int Kills, int Length, int Seed, IReadOnlyList<string> Victims);

/// <summary>
/// Kills services, PostgreSQL and RabbitMQ with -9, spread over the run by its progress and at random within each part of it, each time
/// once the one before has been got over. It allows so much of the run at a time that each of them is met at work.
/// </summary>
internal sealed class EnduranceKiller(
    EnduranceTarget target,
    Action<int> allow,
    EnduranceProgress answers,
    EndurancePlan size,
    Action<string> say
)
{
    private static readonly TimeSpan ComesBackWithin = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly string[] DatabaseDeaths = ["postgres", "postgres and its children", "a child of postgres"];

    private readonly Random _random = new(size.Seed);
    private readonly List<EnduranceKill> _done = [];
    private readonly Queue<string> _next = new();
    private int _databaseKills = Math.Abs(size.Seed % DatabaseDeaths.Length);

    /// <summary>What was killed so far.</summary>
    public IReadOnlyList<EnduranceKill> Done
    {
        get
        {
            lock (_done)
            {
                return [.. _done];
            }
        }
    }

    /// <summary>Kills, and lets the run go on part by part, so that none is out of work when the next one dies.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var consumed = await ConsumedAsync(cancellation);
        for (var kill = 0; kill < size.Kills; kill++)
        {
            allow(Part(kill + 1));
            await answers.SettledAsync(Part(kill + 0.5 + 0.4 * _random.NextDouble()), cancellation);
            var victim = Next();
            var before = target.System().Processes;
            answers.Listen();
            var (at, began) = (answers.Elapsed, Stopwatch.GetTimestamp());
            var gone = Kill(victim, before);
            allow(Part(kill + 1.5));
            await RecoveredAsync(victim, gone, consumed, cancellation);
            var done = new EnduranceKill(victim, at, Stopwatch.GetElapsedTime(began), answers.LongestSilence());
            lock (_done)
            {
                _done.Add(done);
            }

            say($"killed {victim}: well again after {Seconds(done.Recovery)}; at most {Seconds(done.Silence)} without an answer");
        }

        allow(size.Length);
    }

    /// <summary>Each of them in every round, and the database server in each of its three ways to die.</summary>
    private string Next()
    {
        if (_next.Count == 0)
        {
            var order = size.Victims.ToArray();
            _random.Shuffle(order);
            Array.ForEach(order, _next.Enqueue);
        }

        var victim = _next.Dequeue();
        return victim == "postgres" ? DatabaseDeaths[_databaseKills++ % DatabaseDeaths.Length] : victim;
    }

    /// <summary>Kills, and says which processes must be gone and replaced for it to be over.</summary>
    private IReadOnlyCollection<int> Kill(string victim, IReadOnlyDictionary<string, int> processes)
    {
        if (!victim.Contains("postgres", StringComparison.Ordinal))
        {
            _ = SendSignal(processes[victim], 9);
            return [processes[victim]];
        }

        var server = processes["postgres"];
        var children = Children(server);
        switch (victim)
        {
            case "a child of postgres":
                // The server then ends all others and begins anew over what is written.
                _ = SendSignal(children[_random.Next(children.Count)], 9);
                return children;
            case "postgres":
                _ = SendSignal(server, 9);
                return [server, .. children];
            default:
                _ = SendSignal(server, 9);
                children.ForEach(child => _ = SendSignal(child, 9));
                return [server, .. children];
        }
    }

    private async Task RecoveredAsync(
        string victim,
        IReadOnlyCollection<int> gone,
        IReadOnlyCollection<string> consumed,
        CancellationToken cancellation
    )
    {
        var began = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        var told = Patience;
        string? lacks;
        do
        {
            lacks = await LacksAsync(victim, gone, consumed, cancellation);
            if (lacks is not null && Stopwatch.GetElapsedTime(began) > told)
            {
                say($"{Seconds(told)} after {victim} was killed: {lacks}");
                told += Patience;
            }
        } while (lacks is not null && Stopwatch.GetElapsedTime(began) < ComesBackWithin && await tick.WaitForNextTickAsync(cancellation));

        if (lacks is not null)
        {
            throw new CommandFailed($"{ComesBackWithin.TotalMinutes:0} minutes after {victim} was killed: {lacks}");
        }
    }

    /// <summary>What is not well yet; none when everything is.</summary>
    private async Task<string?> LacksAsync(
        string victim,
        IReadOnlyCollection<int> gone,
        IReadOnlyCollection<string> consumed,
        CancellationToken cancellation
    )
    {
        var system = target.System();
        var name = victim.Contains("postgres", StringComparison.Ordinal) ? "postgres" : victim;
        if (!system.Processes.TryGetValue(name, out var now) || (victim != "a child of postgres" && gone.Contains(now)))
        {
            return $"{name} is not there";
        }

        if (name == "postgres" && Children(now).Intersect(gone).Any())
        {
            return "the database server has not begun anew";
        }

        try
        {
            await target.ValueAsync<int>("invoicing", "select 1", cancellation);
            var missing = consumed.Except(await ConsumedAsync(cancellation)).FirstOrDefault();
            if (missing is not null)
            {
                return $"nobody consumes {missing}";
            }

            foreach (var (service, addresses) in system.Services)
            {
                using var http = Connections.Http(new Uri(addresses.Http), apiKey: null);
                http.Timeout = TimeSpan.FromSeconds(10);
                using var health = await http.GetAsync("/health", cancellation);
                if (!health.IsSuccessStatusCode)
                {
                    return $"{service} answers {(int)health.StatusCode}";
                }
            }

            return null;
        }
        catch (Exception exception)
            when (exception
                    is HttpRequestException
                        or NpgsqlException
                        or TaskCanceledException
                        or IOException
                        or TimeoutException
                        or RabbitMQ.Client.Exceptions.RabbitMQClientException
                && !cancellation.IsCancellationRequested
            )
        {
            return exception.Message;
        }
    }

    /// <summary>The queues that have a consumer.</summary>
    private async Task<IReadOnlyCollection<string>> ConsumedAsync(CancellationToken cancellation) =>
        [
            .. (await new Broker(target.System().Messaging!).QueuesAsync(cancellation))
                .Where(queue => queue.Consumers > 0)
                .Select(queue => queue.Queue),
        ];

    /// <summary>The place that so many kills' part of the run ends with.</summary>
    private int Part(double kill) => (int)(size.Length * kill / size.Kills);

    private static List<int> Children(int parent)
    {
        var children = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                continue;
            }

            try
            {
                // pid (name) state parent …; a name may hold anything.
                var stat = File.ReadAllText(Path.Combine(directory, "stat"));
                if (stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == parent.ToString(CultureInfo.InvariantCulture))
                {
                    children.Add(id);
                }
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }

        return children;
    }

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s");

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int process, int signal);
}
