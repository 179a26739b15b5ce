using RabbitMQ.Client;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// The queues of our own services that hear what this one tells. They are there before the first telling: an exchange without a queue
/// tells nobody, and a service that has never run has no queue of its own making.
/// </summary>
internal sealed class Hearers(Uri broker, IReadOnlyList<(string Exchange, string Queue)> queues)
{
    /// <summary>The broker's address.</summary>
    public Uri Broker => broker;

    /// <summary>Declares what is not there, the same to the letter as its consumer does, or the broker would refuse one of the two.</summary>
    public async Task DeclareAsync(CancellationToken cancellationToken)
    {
        if (queues.Count == 0)
        {
            return;
        }

        await using var connection = await BrokerSocket.On(new ConnectionFactory { Uri = broker }).CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        foreach (var (exchange, queue) in queues)
        {
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
            await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
            await channel.QueueDeclareAsync(
                queue,
                durable: true,
                exclusive: false,
                autoDelete: false,
                new Dictionary<string, object?>
                {
                    ["x-queue-type"] = "quorum",
                    ["x-delivery-limit"] = Messaging.DeliveryLimit,
                    ["x-dead-letter-exchange"] = Messaging.DeadLettersOf(queue),
                },
                cancellationToken: cancellationToken
            );
            await channel.QueueBindAsync(queue, queue, "", cancellationToken: cancellationToken);
            await channel.ExchangeBindAsync(queue, exchange, "", cancellationToken: cancellationToken);
        }
    }
}
