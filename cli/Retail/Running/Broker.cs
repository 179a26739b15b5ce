using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Serialization;
using RabbitMQ.Client;

namespace RetailInvoicing.Retail.Running;

/// <summary>The running system's broker, as an operator sees it.</summary>
public sealed class Broker(BrokerAddresses addresses)
{
    /// <summary>A connection of our own.</summary>
    public Task<IConnection> ConnectAsync(CancellationToken cancellation) =>
        new ConnectionFactory { Uri = new Uri(addresses.Amqp), AutomaticRecoveryEnabled = false }.CreateConnectionAsync(cancellation);

    /// <summary>Every queue with how many messages lie in it.</summary>
    public async Task<IReadOnlyList<QueueDepth>> QueuesAsync(CancellationToken cancellation)
    {
        var user = Uri.UnescapeDataString(new Uri(addresses.Amqp).UserInfo);
        using var management = Connections.Http(new Uri(addresses.Management), apiKey: null);
        management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(user))
        );
        var known = await management.GetFromJsonAsync<List<KnownQueue>>(
            "/api/queues/%2F?disable_stats=true&enable_queue_totals=true",
            cancellation
        );
        await using var connection = await ConnectAsync(cancellation);
        var depths = new List<QueueDepth>();
        foreach (var queue in known!.OrderBy(queue => queue.Name, StringComparer.Ordinal))
        {
            // The management's own counts are seconds old.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
            try
            {
                var exact = await channel.QueueDeclarePassiveAsync(queue.Name, cancellation);
                depths.Add(new QueueDepth(queue.Name, exact.MessageCount, exact.ConsumerCount));
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
            {
                // Someone else's exclusive queue, or one that has just gone.
            }
        }

        return depths;
    }

    private sealed record KnownQueue([property: JsonPropertyName("name")] string Name);
}

/// <summary>A queue and what lies in it.</summary>
public sealed record QueueDepth(
    [property: JsonPropertyName("queue")] string Queue,
    [property: JsonPropertyName("messages")] uint Messages,
    [property: JsonPropertyName("consumers")] uint Consumers
);
