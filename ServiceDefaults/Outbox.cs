using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using MassTransit;
using Npgsql;
using NpgsqlTypes;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// What a service has to tell, written in the transaction of what has happened: a crash costs lateness, not truth.
/// Append last in a transaction: the seller's sequence is locked from there to the commit.
/// </summary>
public sealed class Outbox
{
    /// <summary>The channel on which an instance wakes the dispatcher of another.</summary>
    internal const string Channel = "outbox";

    private const string Keep = """
        with told as (
            select * from unnest(@sellers, @events, @names, @bodies, @customers, @traces) with ordinality
                as t (seller_id, event_id, name, body, customer_id, trace_parent, place)
        ), counted as (
            select seller_id, count(*) as events from told group by seller_id order by seller_id
        ), numbered as (
            insert into event_sequence as s (seller_id, last) select seller_id, events from counted
            on conflict (seller_id) do update set last = s.last + excluded.last
            returning seller_id, last
        ), kept as (
            insert into event (seller_id, sequence, event_id, name, body, customer_id, trace_parent, occurred_at)
            select t.seller_id, n.last - c.events + row_number() over (partition by t.seller_id order by t.place),
                t.event_id, t.name, t.body, t.customer_id, t.trace_parent, @at
            from told t join numbered n using (seller_id) join counted c using (seller_id) order by t.place
            returning position, event_id
        )
        insert into outbox (position, event_id) select position, event_id from kept
        """;
    private const string Commit = "commit";

    private static readonly ConcurrentDictionary<Type, string> Exchanges = new();

    private readonly ServiceName _service;
    private readonly OutboxBell _bell;
    private readonly TimeProvider _clock;

    internal Outbox(ServiceName service, OutboxBell bell, TimeProvider clock) => (_service, _bell, _clock) = (service, bell, clock);

    /// <summary>Writes the events, in this order; they are told after <see cref="CommitAsync(NpgsqlTransaction, CancellationToken)" />.</summary>
    public Task AppendAsync(NpgsqlTransaction transaction, IReadOnlyList<IEvent> events, CancellationToken cancellationToken) =>
        AppendAsync(transaction, [.. events.Select(static told => new ToldEvent(told, Activity.Current?.Id))], cancellationToken);

    /// <summary>Writes the events, each in its own trace.</summary>
    public async Task AppendAsync(NpgsqlTransaction transaction, IReadOnlyList<ToldEvent> told, CancellationToken cancellationToken)
    {
        if (told.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        Add(batch, told);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Adds what writes the events, each in its own trace, to the last commands of a transaction.</summary>
    public void Add(NpgsqlBatch batch, IReadOnlyList<ToldEvent> told)
    {
        if (told.Count == 0)
        {
            return;
        }

        NpgsqlParameter Texts(string name, Func<ToldEvent, string?> value) =>
            new(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = told.Select(value).ToArray() };

        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(Keep)
            {
                Parameters =
                {
                    Texts("sellers", static each => each.Event.SellerId.Value),
                    new("events", told.Select(static each => each.Event.EventId.Value).ToArray()),
                    Texts("names", each => OwnExchangeOf(each.Event)),
                    new("bodies", NpgsqlDbType.Array | NpgsqlDbType.Text)
                    {
                        Value = told.Select(static each =>
                                JsonSerializer.SerializeToUtf8Bytes(each.Event, each.Event.GetType(), Wire.Tolerant)
                            )
                            .ToArray(),
                    },
                    Texts("customers", static each => CustomerOf(each.Event)),
                    Texts("traces", static each => each.TraceParent),
                    new("at", _clock.GetUtcNow()),
                },
            }
        );
    }

    /// <summary>Writes one event.</summary>
    public Task AppendAsync(NpgsqlTransaction transaction, IEvent told, CancellationToken cancellationToken) =>
        AppendAsync(transaction, [told], cancellationToken);

    /// <summary>Commits, and has what was written told at once; a commit by other means has it told a little later.</summary>
    public async Task CommitAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await transaction.CommitAsync(cancellationToken);
        _bell.Ring();
    }

    /// <summary>Runs the last commands of a transaction and its commit in one round trip; none stands where one of them fails.</summary>
    public async Task CommitAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Commit));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        _bell.Ring();
    }

    /// <summary>Runs all commands of a transaction and its commit in one round trip, and reads what the first of them answer.</summary>
    public async Task<T> CommitAsync<T>(NpgsqlBatch batch, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Commit));
        T answer;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            answer = await read(reader);
            while (await reader.NextResultAsync(cancellationToken))
            {
                // A later one may have failed: nothing stands before the last has been heard.
            }
        }

        _bell.Ring();
        return answer;
    }

    /// <summary>The exchange an event is told on.</summary>
    public static string ExchangeOf(Type type) =>
        Exchanges.GetOrAdd(
            type,
            static each =>
                each.GetCustomAttribute<EntityNameAttribute>()?.EntityName
                ?? throw new InvalidOperationException($"{each.Name} has no EntityName: give it its exchange, as the other events have")
        );

    private string OwnExchangeOf(IEvent told)
    {
        var exchange = ExchangeOf(told.GetType());
        return exchange.StartsWith($"{_service.Value}.", StringComparison.Ordinal)
            ? exchange
            : throw new InvalidOperationException($"{exchange} is another service's to tell, not {_service.Value}'s");
    }

    private static string? CustomerOf(IEvent told) =>
        told is InvoiceBody invoice ? (invoice.Contact?.CustomerId ?? invoice.Buyer?.CustomerId)?.Value : null;
}

/// <summary>An event with the trace of what it tells of.</summary>
public sealed record ToldEvent(IEvent Event, string? TraceParent);
