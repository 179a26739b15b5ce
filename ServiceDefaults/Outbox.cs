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
public sealed class Outbox(ServiceName service, TimeProvider clock)
{
    /// <summary>The channel that a commit wakes the dispatcher on.</summary>
    internal const string Channel = "outbox";

    private const string Keep = """
        with numbered as (
            insert into event_sequence as s (seller_id, last) values (@seller, 1)
            on conflict (seller_id) do update set last = s.last + 1
            returning last
        ), kept as (
            insert into event (seller_id, sequence, event_id, name, body, customer_id, trace_parent, occurred_at)
            select @seller, last, @event, @name, @body, @customer, @trace, @at from numbered
            returning position
        )
        insert into outbox (position) select position from kept
        """;
    private const string Wake = $"select pg_notify('{Channel}', '')";

    private static readonly ConcurrentDictionary<Type, string> Exchanges = new();

    /// <summary>Writes the events, in this order; they are told after the commit.</summary>
    public async Task AppendAsync(NpgsqlTransaction transaction, IReadOnlyList<IEvent> events, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var told in events)
        {
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(Keep)
                {
                    Parameters =
                    {
                        new("seller", told.SellerId.Value),
                        new("event", told.EventId.Value),
                        new("name", OwnExchangeOf(told)),
                        new("body", JsonSerializer.Serialize(told, told.GetType(), Wire.Tolerant)),
                        new("customer", NpgsqlDbType.Text) { Value = (object?)CustomerOf(told) ?? DBNull.Value },
                        new("trace", NpgsqlDbType.Text) { Value = (object?)Activity.Current?.Id ?? DBNull.Value },
                        new("at", clock.GetUtcNow()),
                    },
                }
            );
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(Wake));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Writes one event.</summary>
    public Task AppendAsync(NpgsqlTransaction transaction, IEvent told, CancellationToken cancellationToken) =>
        AppendAsync(transaction, [told], cancellationToken);

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
        return exchange.StartsWith($"{service.Value}.", StringComparison.Ordinal)
            ? exchange
            : throw new InvalidOperationException($"{exchange} is another service's to tell, not {service.Value}'s");
    }

    private static string? CustomerOf(IEvent told) =>
        told is InvoiceBody invoice ? (invoice.Contact?.CustomerId ?? invoice.Buyer?.CustomerId)?.Value : null;
}
