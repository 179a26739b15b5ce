using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using RetailInvoicing.Contracts.Events.Payments;
using RetailInvoicing.Retail.Running;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>
/// A client of the bus that is none of ours: it hears every InvoicePaid from a durable queue of its own, and comes back when the broker was
/// killed. What comes twice has the same message id.
/// </summary>
internal sealed class TruthHeard(EnduranceTarget target, IReadOnlyCollection<string> sellers) : IAsyncDisposable
{
    private static readonly TimeSpan TriesAgainAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ListensWithin = TimeSpan.FromMinutes(3);

    private readonly string _queue = $"truth-heard-{Guid.CreateVersion7():N}";
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, HashSet<string>> _messages = [];
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private int _deliveries;

    /// <summary>Its queue.</summary>
    public string Queue => _queue;

    /// <summary>Deliveries, those that came again too.</summary>
    public int Deliveries => _deliveries;

    /// <summary>Different messages.</summary>
    public int Messages
    {
        get
        {
            lock (_lock)
            {
                return _messages.Values.Sum(each => each.Count);
            }
        }
    }

    /// <summary>How many different messages there were of an invoice.</summary>
    public int MessagesOf(Guid invoice)
    {
        lock (_lock)
        {
            return _messages.TryGetValue(invoice, out var messages) ? messages.Count : 0;
        }
    }

    /// <summary>Begins; it hears everything from the moment on at which this ends.</summary>
    public Task StartAsync(CancellationToken cancellation)
    {
        _running = Task.Run(RunAsync, CancellationToken.None);
        return _listens.Task.WaitAsync(ListensWithin, cancellation);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _running;
        _over.Dispose();
        try
        {
            await using var connection = await new Broker(target.System().Messaging!).ConnectAsync(CancellationToken.None);
            await using var channel = await connection.CreateChannelAsync();
            await channel.QueueDeleteAsync(_queue);
        }
        catch (Exception exception) when (exception is RabbitMQClientException or IOException)
        {
            // The broker is gone, and the queue with it.
        }
    }

    private async Task RunAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(_over.Token);
            }
            catch (Exception) when (!_over.IsCancellationRequested)
            {
                // Killed: what it had not acknowledged comes again.
                await Task.Delay(TriesAgainAfter, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception exception) when (exception is OperationCanceledException or RabbitMQClientException or IOException)
            {
                // It is over: how the line ends says nothing.
                return;
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        await using var connection = await new Broker(target.System().Messaging!).ConnectAsync(cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        await channel.QueueDeclareAsync(_queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: cancellation);
        await channel.QueueBindAsync(_queue, InvoicePaid.Exchange, "", cancellationToken: cancellation);
        await channel.BasicQosAsync(0, 200, false, cancellation);
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionShutdownAsync += (_, _) =>
        {
            gone.TrySetResult();
            return Task.CompletedTask;
        };
        channel.ChannelShutdownAsync += (_, _) =>
        {
            gone.TrySetResult();
            return Task.CompletedTask;
        };
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            Hear(delivery.BasicProperties.MessageId, delivery.Body);
            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, cancellation);
        };
        await channel.BasicConsumeAsync(_queue, autoAck: false, consumer, cancellation);
        _listens.TrySetResult();
        await gone.Task.WaitAsync(cancellation);
    }

    private void Hear(string? messageId, ReadOnlyMemory<byte> body)
    {
        var told = JsonSerializer.Deserialize<JsonElement>(body.Span);
        if (!sellers.Contains(told.GetProperty("sellerId").GetString()!))
        {
            return;
        }

        var invoice = told.GetProperty("invoiceId").GetGuid();
        lock (_lock)
        {
            _deliveries++;
            if (!_messages.TryGetValue(invoice, out var messages))
            {
                _messages[invoice] = messages = new(StringComparer.Ordinal);
            }

            messages.Add(messageId ?? $"without an id {Guid.CreateVersion7()}");
        }
    }
}
