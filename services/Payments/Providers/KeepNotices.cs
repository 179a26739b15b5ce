using System.Collections.Concurrent;
using Dapper;
using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Payments.Providers;

/// <summary>
/// Notices are kept, those that wait together in one commit: a provider that sends hundreds a second is answered after one or two commits,
/// and one notice alone waits for nobody.
/// </summary>
public sealed class KeepNotices([FromKeyedServices(Postgres.Point)] NpgsqlDataSource database, NoticeRush rush)
{
    /// <summary>How many go down in one statement.</summary>
    public const int AtOnce = 200;

    // What tells of nothing that is ours is kept all the same: the same notice again is known. Rows in the order of their keys: instances
    // that keep the same notices do not wait for each other crosswise.
    private const string Keep = """
        insert into provider_notice (seller_id, provider, event_id, received_at, facts, body, state, next_try_at)
        select n.seller, n.provider, n.event, n.at, n.facts::json, n.body, n.state, case when n.state = 'waiting' then n.at end
        from unnest(@sellers, @providers, @events, @ats, @facts, @bodies, @states)
            as n (seller, provider, event, at, facts, body, state)
        order by n.seller, n.provider, n.event
        on conflict do nothing
        returning seller_id, provider, event_id
        """;

    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private int _isKeeping;

    /// <summary>Done when it is committed; false where the same one is kept already.</summary>
    public async Task<bool> RunAsync(KeptNotice notice, CancellationToken cancellationToken)
    {
        var mine = new Waiting(notice);
        _waiting.Enqueue(mine);
        if (Interlocked.CompareExchange(ref _isKeeping, 1, 0) == 0)
        {
            // For all who wait: not to be called off with one of them.
            _ = Task.Run(KeepAllAsync, CancellationToken.None);
        }

        return await mine.IsNew.Task.WaitAsync(cancellationToken);
    }

    private async Task KeepAllAsync()
    {
        do
        {
            while (Take() is { Count: > 0 } together)
            {
                await KeepAsync(together);
            }

            Volatile.Write(ref _isKeeping, 0);
            // One that came in between found somebody at work who had just looked for the last time.
        } while (!_waiting.IsEmpty && Interlocked.CompareExchange(ref _isKeeping, 1, 0) == 0);
    }

    private List<Waiting> Take()
    {
        var taken = new List<Waiting>();
        while (taken.Count < AtOnce && _waiting.TryDequeue(out var next))
        {
            taken.Add(next);
        }

        return taken;
    }

    private async Task KeepAsync(List<Waiting> together)
    {
        try
        {
            var isNew = await WriteAsync(together);
            together.ForEach(each => each.IsNew.SetResult(isNew.Remove(each.Notice.Key)));
        }
        catch (Exception exception) when (together.Count == 1 || Resilience.IsPassing(exception))
        {
            together.ForEach(each => each.IsNew.SetException(exception));
        }
        catch (Exception)
        {
            // One of them cannot be kept: the others are not to blame.
            foreach (var each in together)
            {
                await KeepAsync([each]);
            }
        }
    }

    private async Task<HashSet<(string Seller, string Provider, string Event)>> WriteAsync(List<Waiting> together)
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        rush.Add(together.Count);
        var kept = await connection.QueryAsync<(string Seller, string Provider, string Event)>(
            Keep,
            new
            {
                sellers = together.Select(each => each.Notice.SellerId.Value).ToArray(),
                providers = together.Select(each => each.Notice.Provider).ToArray(),
                events = together.Select(each => each.Notice.EventId).ToArray(),
                ats = together.Select(each => each.Notice.ReceivedAt.UtcDateTime).ToArray(),
                facts = together.Select(each => each.Notice.Facts).ToArray(),
                bodies = together.Select(each => each.Notice.Body).ToArray(),
                states = together.Select(each => each.Notice.TellsOfOurs ? "waiting" : "applied").ToArray(),
            }
        );
        return [.. kept];
    }

    private sealed record Waiting(KeptNotice Notice)
    {
        public TaskCompletionSource<bool> IsNew { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>A notice that is believed, as it is kept.</summary>
/// <param name="SellerId">Whose account it is of.</param>
/// <param name="Provider">Who sent it.</param>
/// <param name="EventId">The provider's own id of it: kept once.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Facts">What it tells, in our words.</param>
/// <param name="Body">As it came.</param>
/// <param name="TellsOfOurs">Whether there is anything to book.</param>
public sealed record KeptNotice(
    SellerId SellerId,
    string Provider,
    string EventId,
    DateTimeOffset ReceivedAt,
    string Facts,
    byte[] Body,
    bool TellsOfOurs
)
{
    internal (string Seller, string Provider, string Event) Key => (SellerId.Value, Provider, EventId);
}
