using System.Diagnostics;
using System.Diagnostics.Metrics;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>What is done about facts that were heard for the first time, in the order they came; the commit follows.</summary>
public delegate Task InboxEffect<TFact>(
    NpgsqlTransaction transaction,
    IReadOnlyList<Heard<TFact>> heard,
    CancellationToken cancellationToken
);

/// <summary>
/// Facts that wait for one effect go down together: whoever comes first starts at once, alone, and what has come meanwhile is the next
/// commit. So a quiet queue costs one commit an event and no timer, and a busy one a part of a commit. Where it says how far apart its
/// transactions are, the first of a while still starts at once.
/// </summary>
public sealed class InboxLine<TFact>
{
    private const int MostTogether = 128;

    // No effect takes as long as that; one that waits for what never comes is given up, so that the line goes on.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly Inbox _inbox;
    private readonly string _name;
    private readonly InboxEffect<TFact> _effect;
    private readonly Action? _committed;
    private readonly TimeSpan _limit;
    private readonly Lock _lock = new();
    private readonly LinkedList<Heard<TFact>> _waiting = [];
    private readonly TimeSpan _apart;
    private bool _isWorked;
    private long? _beganAt;

    internal InboxLine(Inbox inbox, string name, InboxEffect<TFact> effect, Action? committed, TimeSpan? limit, TimeSpan apart) =>
        (_inbox, _name, _effect, _committed, _limit, _apart) = (inbox, name, effect, committed, limit ?? Longest, apart);

    /// <summary>
    /// Waits for the effect's commit; true where it was the first time. Whoever stops waiting leaves the others as they are: what is under
    /// way is done all the same, and found done when it is delivered again.
    /// </summary>
    public Task<bool> TakeAsync(string consumer, EventId eventId, TFact fact, CancellationToken cancellationToken)
    {
        Inbox.ThrowInAnEffect();
        var heard = new Heard<TFact>(consumer, eventId, fact, Activity.Current, cancellationToken);
        bool isFirst;
        lock (_lock)
        {
            _waiting.AddLast(heard);
            isFirst = !_isWorked;
            _isWorked = true;
        }

        if (isFirst)
        {
            // In nobody's trace and nobody's token: it is everybody's work.
            using (ExecutionContext.SuppressFlow())
            {
                _ = Task.Run(WorkAsync, CancellationToken.None);
            }
        }

        InboxMetrics.Waits(_name, 1);
        return DoneAsync(heard.Done.Task, cancellationToken);
    }

    private async Task<bool> DoneAsync(Task<bool> done, CancellationToken cancellationToken)
    {
        try
        {
            return await done.WaitAsync(cancellationToken);
        }
        finally
        {
            InboxMetrics.Waits(_name, -1);
        }
    }

    private async Task WorkAsync()
    {
        var most = MostTogether;
        while (await NextAsync(most) is { Count: > 0 } together)
        {
            try
            {
                var first = await GoDownAsync(together);
                InboxMetrics.Down(_name, together.Select(static each => each.EventId), _inbox.Clock.GetUtcNow());
                foreach (var each in together)
                {
                    each.Done.TrySetResult(first.Contains(each));
                }

                most = Math.Min(MostTogether, most * 2);
            }
            catch (Exception exception) when (together.Count > 1 && !_inbox.IsStopping)
            {
                // Nothing of it stands. Fewer at a time, until it is the failure of one alone.
                _inbox.LogFewer(together.Count, _name, exception.Message);
                PutBack(together);
                most = together.Count / 2;
                if (Resilience.IsPassing(exception))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(10, 100)));
                }
            }
            catch (Exception exception)
            {
                // Whoever delivered it tries again, or puts it aside.
                foreach (var each in together)
                {
                    each.Done.TrySetException(exception);
                }

                most = Math.Min(MostTogether, most * 2);
            }
        }
    }

    /// <summary>Those that go down next; not sooner after the last ones than this line's transactions are apart, unless many wait.</summary>
    private async Task<List<Heard<TFact>>> NextAsync(int most)
    {
        if (
            _beganAt is { } began
            && _apart - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } rest
            && WaitingNow is > 0 and < MostTogether / 2
            && !_inbox.IsStopping
        )
        {
            await Task.Delay(rest);
        }

        _beganAt = Stopwatch.GetTimestamp();
        return TakeOut(most);
    }

    private int WaitingNow
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    private List<Heard<TFact>> TakeOut(int most)
    {
        var together = new List<Heard<TFact>>();
        lock (_lock)
        {
            while (together.Count < most && _waiting.First is { } next)
            {
                _waiting.RemoveFirst();
                if (!next.Value.IsGivenUp())
                {
                    together.Add(next.Value);
                }
            }

            _isWorked = together.Count > 0;
        }

        return together;
    }

    private void PutBack(List<Heard<TFact>> together)
    {
        lock (_lock)
        {
            for (var i = together.Count - 1; i >= 0; i--)
            {
                _waiting.AddFirst(together[i]);
            }
        }
    }

    /// <summary>All in one transaction; those that were heard for the first time.</summary>
    private async Task<HashSet<Heard<TFact>>> GoDownAsync(List<Heard<TFact>> together)
    {
        var connection = await _inbox.OpenAsync(_name);
        using var limit = new CancellationTokenSource(_limit);
        // An effect that heeds no limit is left to itself, with its connection: nobody else may be given that before it ends.
        return await ApplyAsync(connection, together, limit.Token).WaitAsync(2 * _limit, CancellationToken.None);
    }

    private async Task<HashSet<Heard<TFact>>> ApplyAsync(
        NpgsqlConnection opened,
        List<Heard<TFact>> together,
        CancellationToken cancellationToken
    )
    {
        await using var connection = opened;
        using var activity = Telemetry.Source.StartActivity(
            _name,
            ActivityKind.Internal,
            together[0].Trace,
            links: together.Skip(1).Where(static each => each.Trace != default).Select(static each => new ActivityLink(each.Trace))
        );
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // What another instance has in hand is waited for here, and then found done.
        var remembered = await Inbox.RememberAsync(
            transaction,
            [.. together.Select(static each => each.Consumer)],
            [.. together.Select(static each => each.EventId.Value)],
            cancellationToken
        );
        var first = together.Where(each => remembered.Remove((each.Consumer, each.EventId.Value))).ToList();
        if (first.Count > 0)
        {
            Inbox.BeginEffect();
            await _effect(transaction, first, cancellationToken);
            await _inbox.CommitAsync(transaction, cancellationToken);
            _committed?.Invoke();
        }

        return [.. first];
    }
}

/// <summary>A fact that a consumer was told of by an event, and the trace it belongs to.</summary>
public sealed class Heard<TFact>
{
    private readonly CancellationToken _givesUp;

    internal Heard(string consumer, EventId eventId, TFact fact, Activity? told, CancellationToken givesUp)
    {
        (Consumer, EventId, Fact, _givesUp) = (consumer, eventId, fact, givesUp);
        (Trace, TraceParent) = (told?.Context ?? default, told?.Id);
    }

    /// <summary>Who heard it: the name in the inbox.</summary>
    public string Consumer { get; }

    /// <summary>The event.</summary>
    public EventId EventId { get; }

    /// <summary>What it says.</summary>
    public TFact Fact { get; }

    /// <summary>The trace of what it told of, for what is told because of it.</summary>
    public string? TraceParent { get; }

    internal ActivityContext Trace { get; }

    internal TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether nobody waits for it any more: it is delivered again.</summary>
    internal bool IsGivenUp() => _givesUp.IsCancellationRequested && Done.TrySetCanceled(_givesUp);
}

/// <summary>How many go down together, and how long after the event was told of.</summary>
internal static class InboxMetrics
{
    private static readonly Histogram<int> Together = Telemetry.Meter.CreateHistogram<int>("inbox.events.together", "{event}");
    private static readonly Histogram<double> Lag = Telemetry.Meter.CreateHistogram<double>("inbox.lag", "ms");

    private static readonly UpDownCounter<int> Waiting = Telemetry.Meter.CreateUpDownCounter<int>("inbox.events.waiting", "{event}");

    public static void Waits(string line, int change) => Waiting.Add(change, new KeyValuePair<string, object?>("line", line));

    public static void Down(string line, IEnumerable<EventId> events, DateTimeOffset now)
    {
        var tag = new KeyValuePair<string, object?>("line", line);
        var count = 0;
        foreach (var each in events)
        {
            count++;
            if (ToldAt(each) is { } told)
            {
                Lag.Record(Math.Max(0, now.ToUnixTimeMilliseconds() - told), tag);
            }
        }

        Together.Record(count, tag);
    }

    /// <summary>Ours are of version 7, which begins with the millisecond that they were made in.</summary>
    private static long? ToldAt(EventId id)
    {
        if (id.Value.Version != 7)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        id.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        return System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes) >> 16;
    }
}
