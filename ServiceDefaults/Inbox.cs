using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using EventId = RetailInvoicing.Contracts.EventId;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// An event has its effect once, however often it is delivered: the memory of it commits with the effect. One by one by
/// <see cref="OnceAsync" />; those of a busy queue together, by a <see cref="Line{TFact}" />.
/// </summary>
public sealed partial class Inbox
{
    // Sorted: two instances that are given the same events wait for each other in one order.
    private const string Remember = """
        insert into inbox (consumer, event_id)
        select consumer, event_id from unnest(@consumers, @events) as told (consumer, event_id) order by consumer, event_id
        on conflict do nothing
        returning consumer, event_id
        """;

    private static readonly AsyncLocal<bool> InAnEffect = new();

    private readonly NpgsqlDataSource _database;
    private readonly OutboxBell _bell;
    private readonly TimeProvider _clock;
    private readonly IHostApplicationLifetime _life;
    private readonly ILogger _log;

    internal Inbox(NpgsqlDataSource database, OutboxBell bell, TimeProvider clock, IHostApplicationLifetime life, ILogger<Inbox> log) =>
        (_database, _bell, _clock, _life, _log) = (database, bell, clock, life, log);

    /// <summary>Runs the effect in a transaction unless this consumer has had the event; true where it ran.</summary>
    public async Task<bool> OnceAsync(
        string consumer,
        EventId eventId,
        Func<NpgsqlTransaction, Task> effect,
        CancellationToken cancellationToken
    )
    {
        ThrowInAnEffect();
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // A second delivery at the same time waits here for the first one's commit, then finds it done.
        if ((await RememberAsync(transaction, [consumer], [eventId.Value], cancellationToken)).Count == 0)
        {
            return false;
        }

        InAnEffect.Value = true;
        await effect(transaction);
        await CommitAsync(transaction, cancellationToken);
        InboxMetrics.Down(consumer, [eventId], _clock.GetUtcNow());
        return true;
    }

    /// <summary>
    /// A line in which facts wait for one effect, whatever queues they come by; one a service and effect, kept by who has the effect.
    /// </summary>
    /// <param name="name">The effect's name in logs and metrics.</param>
    /// <param name="effect">What is done, in one transaction.</param>
    /// <param name="committed">What is done after each commit: to wake somebody, and nothing that could fail.</param>
    /// <param name="limit">How long the effect may take, two minutes unless told.</param>
    /// <param name="apart">How far apart its transactions begin at least, while facts keep coming: what nobody waits for costs less so.</param>
    public InboxLine<TFact> Line<TFact>(
        string name,
        InboxEffect<TFact> effect,
        Action? committed = null,
        TimeSpan? limit = null,
        TimeSpan apart = default
    ) => new(this, name, effect, committed, limit, apart);

    internal TimeProvider Clock => _clock;

    internal bool IsStopping => _life.ApplicationStopping.IsCancellationRequested;

    /// <summary>What of these had not been remembered, and is from now on, if the transaction commits.</summary>
    internal static async Task<HashSet<(string Consumer, Guid EventId)>> RememberAsync(
        NpgsqlTransaction transaction,
        string[] consumers,
        Guid[] events,
        CancellationToken cancellationToken
    )
    {
        var first = new HashSet<(string, Guid)>();
        await using var remember = new NpgsqlCommand(Remember, transaction.Connection, transaction)
        {
            Parameters =
            {
                new("consumers", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = consumers },
                new("events", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = events },
            },
        };
        await using var reader = await remember.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            first.Add((reader.GetString(0), reader.GetGuid(1)));
        }

        return first;
    }

    /// <summary>A connection, however long it takes: while the database is away everyone waits, and nobody is to blame.</summary>
    internal async Task<NpgsqlConnection> OpenAsync(string line)
    {
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause < TimeSpan.FromSeconds(2) ? pause * 2 : pause)
        {
            try
            {
                return await _database.OpenConnectionAsync();
            }
            catch (Exception away) when (Resilience.IsPassing(away) && !IsStopping)
            {
                LogAway(line, away.Message);
                await Task.Delay(pause, _life.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Commits; what the effect has to tell is told at once.</summary>
    internal async Task CommitAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await transaction.CommitAsync(cancellationToken);
        _bell.Ring();
    }

    internal static void BeginEffect() => InAnEffect.Value = true;

    /// <summary>
    /// An effect that waits for another event's would wait for rows that it holds itself, or for the line that waits for it: for ever.
    /// </summary>
    internal static void ThrowInAnEffect()
    {
        if (InAnEffect.Value)
        {
            throw new InvalidOperationException("an effect may not wait for another event's effect: tell an event instead");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events wait for {Line}: {Reason}")]
    private partial void LogAway(string line, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} events did not go down together in {Line}, fewer are tried: {Reason}")]
    internal partial void LogFewer(int count, string line, string reason);
}
