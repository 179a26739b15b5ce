using Npgsql;
using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Reporting.Facts;

/// <summary>
/// What follows from events, in tables of its own. All that is known of how it is kept stands behind this: another engine that keeps facts
/// once, adds sums up and reads them at an instant can take the place of these tables (docs/decisions/0032).
/// </summary>
public interface IProjection
{
    /// <summary>Its name in logs and in what a rebuild tells.</summary>
    string Name { get; }

    /// <summary>The tables that follow from events alone: they can be dropped and made again. Facts first, sums last.</summary>
    IReadOnlyList<string> Tables { get; }

    /// <summary>Those of them that a rebuild only adds rows to: their keys are made when all rows are there.</summary>
    IReadOnlyList<string> Appended => [];

    /// <summary>
    /// Keeps what these events say, each known at the instant beside it; an event kept before changes nothing, and their order does not
    /// matter. Whoever calls has the turn of all their sellers until the transaction ends, so nobody else changes those meanwhile.
    /// </summary>
    Task KeepAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)> told,
        CancellationToken cancellationToken
    );

    /// <summary>A rebuild begins: what an earlier one left in memory is forgotten.</summary>
    void BeginLoad() { }

    /// <summary>
    /// The same of many events while a rebuild fills empty tables that nobody reads. What is only added up may be left to
    /// <see cref="MakeSumsAsync" />, which is called once at the end.
    /// </summary>
    Task LoadAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<(IEvent Event, DateTimeOffset KnownAt)> told,
        CancellationToken cancellationToken
    ) => KeepAsync(transaction, told, cancellationToken);

    /// <summary>Adds up what <see cref="LoadAsync" /> left open.</summary>
    Task MakeSumsAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>
/// What is told, by the bus or read again, is kept once by every projection, in one transaction. The sellers of a batch are held to the end
/// of it and each seller's instants only grow, so that what was known at an instant is the same for ever.
/// </summary>
public sealed class KeepFacts
{
    /// <summary>The name in the inbox: all projections hear an event together.</summary>
    public const string Consumer = "reporting-facts";

    // In their order, so that two batches never wait for each other in a circle.
    private const string TakeTurns = """
        select pg_advisory_xact_lock(72657, lock) from (
            select distinct hashtext(seller_id) as lock from unnest(@sellers) as s (seller_id) order by 1
        ) ordered
        """;
    private const string MoveOn = """
        insert into seller_known as seller (seller_id, known_at)
        select seller_id, clock_timestamp() from unnest(@sellers) as s (seller_id) order by seller_id
        on conflict (seller_id) do update set known_at = greatest(excluded.known_at, seller.known_at + interval '1 microsecond')
        returning seller_id, known_at
        """;
    private const string Remember = """
        insert into known_event (event_id, seller_id, known_at) select * from unnest(@events, @sellers, @known)
        on conflict do nothing
        """;

    private readonly InboxLine<IEvent> _line;
    private readonly Feed _feed;
    private readonly IReadOnlyList<IProjection> _projections;

    /// <summary>Opens the line that everything that is told waits in.</summary>
    public KeepFacts(Inbox inbox, Feed feed, IEnumerable<IProjection> projections)
    {
        _line = inbox.Line<IEvent>(nameof(KeepFacts), KeepAsync, apart: TimeSpan.FromMilliseconds(250));
        (_feed, _projections) = (feed, [.. projections]);
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<IProjection> Projections => _projections;

    /// <summary>Keeps what the event says, unless it was had; true where it was not.</summary>
    public async Task<bool> KeepAsync(IEvent told, DateTimeOffset happenedAt, CancellationToken cancellationToken)
    {
        using var waiting = _feed.Take(happenedAt);
        return await _line.TakeAsync(Consumer, told.EventId, told, cancellationToken);
    }

    private Task KeepAsync(NpgsqlTransaction transaction, IReadOnlyList<Heard<IEvent>> heard, CancellationToken cancellationToken) =>
        KeepAsync(transaction, [.. heard.Select(each => each.Fact)], _projections, cancellationToken);

    /// <summary>Keeps a batch by these projections, known from now on; its transaction is the caller's to commit.</summary>
    public static async Task KeepAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<IEvent> told,
        IReadOnlyList<IProjection> projections,
        CancellationToken cancellationToken
    )
    {
        var knownAt = await TakeTurnsAsync(transaction, [.. told.Select(each => each.SellerId.Value).Distinct()], cancellationToken);
        (IEvent Event, DateTimeOffset KnownAt)[] facts = [.. told.Select(each => (each, knownAt[each.SellerId.Value]))];
        await using (var remember = new NpgsqlCommand(Remember, transaction.Connection, transaction))
        {
            remember.Parameters.Add(new("events", facts.Select(each => each.Event.EventId.Value).ToArray()));
            remember.Parameters.Add(new("sellers", facts.Select(each => each.Event.SellerId.Value).ToArray()));
            remember.Parameters.Add(new("known", facts.Select(each => each.KnownAt).ToArray()));
            await remember.ExecuteNonQueryAsync(cancellationToken);
        }

        foreach (var projection in projections)
        {
            await projection.KeepAsync(transaction, facts, cancellationToken);
        }
    }

    /// <summary>Holds these sellers to the end of the transaction; the instant from which what it writes is known, of each.</summary>
    public static async Task<IReadOnlyDictionary<string, DateTimeOffset>> TakeTurnsAsync(
        NpgsqlTransaction transaction,
        string[] sellers,
        CancellationToken cancellationToken
    )
    {
        await using (
            var turns = new NpgsqlCommand(TakeTurns, transaction.Connection, transaction) { Parameters = { new("sellers", sellers) } }
        )
        {
            await turns.ExecuteNonQueryAsync(cancellationToken);
        }

        // A statement of its own: it sees what was committed while the turn was waited for.
        await using var moveOn = new NpgsqlCommand(MoveOn, transaction.Connection, transaction)
        {
            Parameters = { new("sellers", sellers) },
        };
        var knownAt = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        await using var reader = await moveOn.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            knownAt[reader.GetString(0)] = await reader.GetFieldValueAsync<DateTimeOffset>(1, cancellationToken);
        }

        return knownAt;
    }
}
