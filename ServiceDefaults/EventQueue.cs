using System.Text;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// A queue that hears events of exchanges chosen while the service runs, each as the bytes that were told. What its reader has not said to
/// be done with when the line breaks is delivered again.
/// </summary>
public sealed class EventQueue : IAsyncDisposable
{
    private const int MostBytes = 8 * 1024 * 1024;

    private static readonly TimeSpan ToClose = TimeSpan.FromSeconds(2);

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly string _name;
    private readonly Channel<EventMessage> _come = Channel.CreateUnbounded<EventMessage>();

    private EventQueue(IConnection connection, IChannel channel, string name)
    {
        (_connection, _channel, _name) = (connection, channel, name);
        channel.ChannelShutdownAsync += (_, reason) => EndAsync($"the broker closed the channel: {reason.ReplyText}");
    }

    /// <summary>Whether the queue is there, from an earlier run.</summary>
    public static async Task<bool> ExistsAsync(Uri broker, string name, CancellationToken cancellationToken)
    {
        await using var connection = await FactoryOf(broker, name).CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await channel.QueueDeclarePassiveAsync(name, cancellationToken);
            return true;
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return false;
        }
    }

    /// <summary>Opens it, made where it is not there, on a connection of its own; so many are in hand at most.</summary>
    public static async Task<EventQueue> OpenAsync(Uri broker, string name, ushort inHand, CancellationToken cancellationToken)
    {
        var connection = await FactoryOf(broker, name).CreateConnectionAsync(cancellationToken);
        try
        {
            var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await DeclareAsync(channel, name, cancellationToken);
            await channel.BasicQosAsync(0, inHand, global: false, cancellationToken);
            var queue = new EventQueue(connection, channel, name);
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, delivery) => queue.ComeAsync(delivery);
            consumer.UnregisteredAsync += (_, _) => queue.EndAsync("the broker stopped the queue");
            await channel.BasicConsumeAsync(name, autoAck: false, consumer, cancellationToken);
            return queue;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on the queue hears these exchanges, and none of those.</summary>
    public async Task HearAsync(IEnumerable<string> exchanges, IEnumerable<string> notThose, CancellationToken cancellationToken)
    {
        // A channel of its own: what is refused here closes no other.
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        foreach (var exchange in exchanges)
        {
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
            await channel.QueueBindAsync(_name, exchange, "", cancellationToken: cancellationToken);
        }

        foreach (var exchange in notThose)
        {
            await channel.QueueUnbindAsync(_name, exchange, "", null, cancellationToken);
        }
    }

    /// <summary>What has come, one at least and so many at most; it fails where the line to the broker does.</summary>
    public async Task<IReadOnlyList<EventMessage>> TakeAsync(int most, CancellationToken cancellationToken)
    {
        var first = await _come.Reader.ReadAsync(cancellationToken);
        var taken = new List<EventMessage> { first };
        var bytes = first.Body.Length;
        while (taken.Count < most && bytes < MostBytes && _come.Reader.TryRead(out var next))
        {
            taken.Add(next);
            bytes += next.Body.Length;
        }

        return taken;
    }

    /// <summary>That one and all that came before it are done with.</summary>
    public async Task DoneAsync(EventMessage last, CancellationToken cancellationToken) =>
        await _channel.BasicAckAsync(last.Tag, multiple: true, cancellationToken);

    /// <summary>That one goes to the queue's dead letters.</summary>
    public async Task PutAsideAsync(EventMessage one, CancellationToken cancellationToken) =>
        await _channel.BasicNackAsync(one.Tag, multiple: false, requeue: false, cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _connection.AbortAsync(ToClose);
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static ConnectionFactory FactoryOf(Uri broker, string name) =>
        BrokerSocket.On(
            new ConnectionFactory
            {
                Uri = broker,
                ClientProvidedName = name,
                // What was delivered and not done with is delivered again on a new one.
                AutomaticRecoveryEnabled = false,
            }
        );

    /// <summary>As the other consumers' queues are: quorum, with dead letters.</summary>
    private static async Task DeclareAsync(IChannel channel, string name, CancellationToken cancellationToken)
    {
        var dead = Messaging.DeadLettersOf(name);
        await channel.ExchangeDeclareAsync(dead, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(
            dead,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" },
            cancellationToken: cancellationToken
        );
        await channel.QueueBindAsync(dead, dead, "", cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(
            name,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?>
            {
                ["x-queue-type"] = "quorum",
                ["x-delivery-limit"] = Messaging.DeliveryLimit,
                ["x-dead-letter-exchange"] = dead,
            },
            cancellationToken: cancellationToken
        );
    }

    private Task ComeAsync(BasicDeliverEventArgs delivery)
    {
        // The buffer is the library's again as soon as this returns.
        _come.Writer.TryWrite(
            new EventMessage
            {
                Tag = delivery.DeliveryTag,
                // One that comes home from the dead letters comes by no exchange.
                Name = delivery.Exchange.Length > 0 ? delivery.Exchange : delivery.BasicProperties.Type ?? "",
                Body = delivery.Body.ToArray(),
                TraceParent =
                    delivery.BasicProperties.Headers?.TryGetValue("traceparent", out var trace) == true && trace is byte[] bytes
                        ? Encoding.ASCII.GetString(bytes)
                        : null,
            }
        );
        return Task.CompletedTask;
    }

    private Task EndAsync(string why)
    {
        _come.Writer.TryComplete(new IOException(why));
        return Task.CompletedTask;
    }
}

/// <summary>An event as it came.</summary>
public sealed record EventMessage
{
    /// <summary>The exchange it was told on.</summary>
    public required string Name { get; init; }

    /// <summary>The bytes that were told.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The trace of what it tells of.</summary>
    public string? TraceParent { get; init; }

    internal ulong Tag { get; init; }
}
