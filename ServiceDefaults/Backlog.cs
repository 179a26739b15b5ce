using Microsoft.Extensions.Configuration;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>From when on it is alarming how far a service is behind.</summary>
public sealed record BacklogLimits
{
    /// <summary>Age of the oldest event that is not told yet.</summary>
    public TimeSpan OutboxAge { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Messages that wait in a queue …</summary>
    public long QueueDepth { get; init; } = 10_000;

    /// <summary>… for so long.</summary>
    public TimeSpan QueueTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A queue that nobody consumes for so long.</summary>
    public TimeSpan UnheardTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A queue that nobody consumes for so long, or a bus that is not up, will not be by this process: it ends, and is started again. Slow
    /// starts are shorter.
    /// </summary>
    public TimeSpan HopelessTime { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>A service that ends because of it, and has not after so long, is killed.</summary>
    public TimeSpan EndTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often is looked.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Those of the configuration's section Alarms, such as Alarms:OutboxAge = 00:00:30.</summary>
    public static BacklogLimits From(IConfiguration configuration) =>
        configuration.GetSection("Alarms").Get<BacklogLimits>() ?? new BacklogLimits();
}

/// <summary>How far a service is behind: what it has not told yet, and what it has not heard yet.</summary>
public sealed record Backlog
{
    /// <summary>Events that are not told yet.</summary>
    public long OutboxDepth { get; init; }

    /// <summary>Age of the oldest of them.</summary>
    public TimeSpan OutboxAge { get; init; }

    /// <summary>The service's queues by name.</summary>
    public IReadOnlyDictionary<string, QueueBacklog> Queues { get; init; } = new Dictionary<string, QueueBacklog>();

    /// <summary>Since when its bus is not up, although the broker answers.</summary>
    public DateTimeOffset? BusDownSince { get; init; }

    /// <summary>What has not been for so long that this process will not bring it about; the broker answers.</summary>
    public string? Hopeless(BacklogLimits limits, DateTimeOffset now)
    {
        return Queues.FirstOrDefault(queue => IsOver(queue.Value.UnheardSince)).Key is { } queue ? $"nobody consumes {queue}"
            : IsOver(BusDownSince) ? "its bus is not up"
            : null;

        bool IsOver(DateTimeOffset? since) => now - since >= limits.HopelessTime;
    }

    /// <summary>The broker does not answer: that nobody consumes is then no fault of this process, and begins anew when it answers.</summary>
    public Backlog Unseen() =>
        this with
        {
            BusDownSince = null,
            Queues = Queues.ToDictionary(queue => queue.Key, queue => queue.Value with { UnheardSince = null }, StringComparer.Ordinal),
        };

    /// <summary>What is alarming in it, in words; nothing where all is well.</summary>
    public IReadOnlyList<string> Alarms(BacklogLimits limits, DateTimeOffset now)
    {
        var alarms = new List<string>();
        if (OutboxAge > limits.OutboxAge)
        {
            alarms.Add($"{OutboxDepth} events wait in the outbox, the oldest for {OutboxAge.TotalSeconds:0} s");
        }

        alarms.AddRange(
            Queues
                .Where(queue => queue.Value.DeepSince is { } since && now - since >= limits.QueueTime)
                .OrderBy(queue => queue.Key, StringComparer.Ordinal)
                .Select(queue => $"{queue.Value.Ready} messages wait in {queue.Key}")
        );
        alarms.AddRange(
            Queues
                .Where(queue => queue.Value.UnheardSince is { } since && now - since >= limits.UnheardTime)
                .Select(queue => $"nobody consumes {queue.Key}")
                .Order(StringComparer.Ordinal)
        );
        return alarms;
    }
}

/// <summary>What waits in a queue.</summary>
/// <param name="Ready">Messages that nobody has in hand.</param>
/// <param name="Dead">Messages that no consumer could take.</param>
/// <param name="DeepSince">Since when there are more ready than is well.</param>
/// <param name="UnheardSince">Since when no instance consumes it, although the broker answers.</param>
public sealed record QueueBacklog(long Ready, long Dead, DateTimeOffset? DeepSince, DateTimeOffset? UnheardSince)
{
    /// <summary>What is seen now, after what was seen before.</summary>
    public static QueueBacklog After(
        QueueBacklog? before,
        long ready,
        long dead,
        bool isUnheard,
        BacklogLimits limits,
        DateTimeOffset now
    ) => new(ready, dead, ready > limits.QueueDepth ? before?.DeepSince ?? now : null, isUnheard ? before?.UnheardSince ?? now : null);
}
