using RabbitMQ.Client;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>The queues of the services that hear of invoices, over one connection that stays open.</summary>
internal sealed class Queues : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private Queues(IConnection connection, IChannel channel, IReadOnlyList<string> names) =>
        (_connection, _channel, Names) = (connection, channel, names);

    /// <summary>Every queue that is there, but those of dead letters.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Connects.</summary>
    public static async Task<Queues> OpenAsync(RunningSystem system, CancellationToken cancellation)
    {
        var broker = new Broker(system.Messaging!);
        var names = (await broker.QueuesAsync(cancellation))
            .Select(queue => queue.Queue)
            .Where(name => !name.EndsWith("_dead", StringComparison.Ordinal) && !name.EndsWith("_error", StringComparison.Ordinal))
            .ToList();
        var connection = await broker.ConnectAsync(cancellation);
        return new Queues(connection, await connection.CreateChannelAsync(cancellationToken: cancellation), names);
    }

    /// <summary>How many messages lie in the queues whose name begins so, handed to a consumer and unanswered ones not among them.</summary>
    public async Task<long> DepthAsync(string prefix, CancellationToken cancellation)
    {
        var depth = 0L;
        foreach (var name in Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            depth += (await _channel.QueueDeclarePassiveAsync(name, cancellation)).MessageCount;
        }

        return depth;
    }

    /// <summary>Empties every queue but Invoicing's own: what stands still will not hear of these invoices.</summary>
    public async Task PurgeAsync(CancellationToken cancellation)
    {
        foreach (var name in Names.Where(name => !name.StartsWith("invoicing-", StringComparison.Ordinal)))
        {
            await _channel.QueuePurgeAsync(name, cancellation);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
