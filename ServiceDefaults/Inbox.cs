using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Npgsql;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// An event has its effect once, however often it is delivered: the memory of it commits with the effect. Events that a consumer is given
/// while one is at work go down together after it, in the order they came: one commit for many, and rows that all of them change are
/// waited for once.
/// </summary>
public sealed class Inbox(NpgsqlDataSource database, Outbox outbox) : IDisposable
{
    // Sorted: two instances that are given the same events wait for each other in one order.
    private const string Remember = """
        insert into inbox (consumer, event_id) select @consumer, event_id from unnest(@events) as e (event_id) order by event_id
        on conflict do nothing returning event_id
        """;
    private const int MostTogether = 64;

    private static readonly Histogram<int> Together = Telemetry.Meter.CreateHistogram<int>("inbox.events.together");

    private readonly ConcurrentDictionary<string, Lazy<ChannelWriter<Delivered>>> _lines = new(StringComparer.Ordinal);

    /// <summary>Runs the effect in a transaction unless this consumer has had the event; true where it ran.</summary>
    public Task<bool> OnceAsync(string consumer, EventId eventId, Func<NpgsqlTransaction, Task> effect, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var delivered = new Delivered(eventId, effect, Activity.Current);
        var line = _lines.GetOrAdd(consumer, one => new(() => Begin(one))).Value;
        ObjectDisposedException.ThrowIf(!line.TryWrite(delivered), this);
        return delivered.Done.Task;
    }

    /// <summary>Takes no more; what waits is still done.</summary>
    public void Dispose()
    {
        foreach (var line in _lines.Values)
        {
            line.Value.TryComplete();
        }
    }

    private ChannelWriter<Delivered> Begin(string consumer)
    {
        var line = Channel.CreateUnbounded<Delivered>(new UnboundedChannelOptions { SingleReader = true });
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => WorkAsync(consumer, line.Reader));
        }

        return line.Writer;
    }

    private async Task WorkAsync(string consumer, ChannelReader<Delivered> line)
    {
        while (await line.WaitToReadAsync())
        {
            var together = new List<Delivered>();
            while (together.Count < MostTogether && line.TryRead(out var delivered))
            {
                together.Add(delivered);
            }

            await TryAsync(consumer, together);
        }
    }

    private async Task TryAsync(string consumer, IReadOnlyList<Delivered> together)
    {
        try
        {
            var ran = await ApplyAsync(consumer, together);
            Together.Record(together.Count);
            foreach (var delivered in together)
            {
                delivered.Done.SetResult(ran.Contains(delivered));
            }
        }
        catch (Exception exception) when (together.Count == 1 || Resilience.IsPassing(exception))
        {
            // Whoever delivered them tries again.
            foreach (var delivered in together)
            {
                delivered.Done.SetException(exception);
            }
        }
        catch (Exception)
        {
            // Nothing of it stands: each for itself, so that it is that one's failure only.
            foreach (var delivered in together)
            {
                await TryAsync(consumer, [delivered]);
            }
        }
    }

    /// <summary>All in one transaction; those whose effect ran.</summary>
    private async Task<HashSet<Delivered>> ApplyAsync(string consumer, IReadOnlyList<Delivered> together)
    {
        Activity.Current = together[0].Trace;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var first = new HashSet<Guid>();
        await using (
            var remember = new NpgsqlCommand(Remember, connection, transaction)
            {
                Parameters = { new("consumer", consumer), new("events", together.Select(each => each.EventId.Value).ToArray()) },
            }
        )
        {
            // A second delivery at the same time waits here for the first one's commit, then finds it done.
            await using var reader = await remember.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                first.Add(reader.GetGuid(0));
            }
        }

        using var gathering = outbox.Gather(transaction);
        var ran = new HashSet<Delivered>();
        foreach (var delivered in together)
        {
            if (!first.Remove(delivered.EventId.Value))
            {
                continue;
            }

            Activity.Current = delivered.Trace;
            await delivered.Effect(transaction);
            ran.Add(delivered);
        }

        if (ran.Count > 0)
        {
            await outbox.WriteGatheredAsync(transaction);
            await transaction.CommitAsync();
        }

        return ran;
    }

    private sealed class Delivered(EventId eventId, Func<NpgsqlTransaction, Task> effect, Activity? trace)
    {
        public EventId EventId => eventId;

        public Func<NpgsqlTransaction, Task> Effect => effect;

        public Activity? Trace => trace;

        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
