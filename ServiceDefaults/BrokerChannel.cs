using RabbitMQ.Client;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// The channel that events are told on: in the order they are written, none waiting for the one before. The broker says of each when it
/// has it, or that it will not take it; who writes waits for that once for many.
/// </summary>
internal sealed class BrokerChannel : IAsyncDisposable
{
    private static readonly TimeSpan ToClose = TimeSpan.FromSeconds(2);

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly HashSet<string> _exchanges = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, (long Position, DateTimeOffset OccurredAt)> _unconfirmed = [];
    private readonly List<(long Position, DateTimeOffset OccurredAt)> _confirmed = [];
    private ulong _last;
    private ulong _lowest = 1;
    private int _refused;
    private Exception? _failure;
    private TaskCompletionSource? _settled;

    private BrokerChannel(IConnection connection, IChannel channel)
    {
        (_connection, _channel) = (connection, channel);
        channel.BasicAcksAsync += (_, answer) => Answer(answer.DeliveryTag, answer.Multiple, isConfirmed: true);
        channel.BasicNacksAsync += (_, answer) => Answer(answer.DeliveryTag, answer.Multiple, isConfirmed: false);
        channel.ChannelShutdownAsync += (_, reason) => Fail(new IOException($"the broker closed the channel: {reason.ReplyText}"));
    }

    /// <summary>A channel on a connection of its own: nobody else's failure closes it, and its failure nobody else's.</summary>
    public static async Task<BrokerChannel> OpenAsync(Uri broker, string name, CancellationToken cancellationToken)
    {
        var factory = BrokerSocket.On(
            new ConnectionFactory
            {
                Uri = broker,
                ClientProvidedName = name,
                // What was written and not confirmed is told again on a new one.
                AutomaticRecoveryEnabled = false,
            }
        );
        var connection = await factory.CreateConnectionAsync(cancellationToken);
        try
        {
            // The library's own tracking would answer each by a task and a header.
            var options = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false);
            return new BrokerChannel(connection, await connection.CreateChannelAsync(options, cancellationToken));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes an event; whether the broker has it is said by <see cref="SettleAsync" />.</summary>
    public async Task TellAsync(WaitingEvent waiting, string? traceParent, CancellationToken cancellationToken)
    {
        if (_exchanges.Add(waiting.Name))
        {
            await _channel.ExchangeDeclareAsync(waiting.Name, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
        }

        lock (_lock)
        {
            // Before it is written: the answer may be quicker than the writing.
            _unconfirmed.Add(++_last, (waiting.Position, waiting.OccurredAt));
        }

        var properties = new BasicProperties
        {
            MessageId = waiting.EventId.ToString(),
            Type = waiting.Name,
            ContentType = "application/json",
            DeliveryMode = DeliveryModes.Persistent,
            Timestamp = new AmqpTimestamp(waiting.OccurredAt.ToUnixTimeSeconds()),
            Headers = traceParent is null ? null : new Dictionary<string, object?> { ["traceparent"] = traceParent },
        };
        await _channel.BasicPublishAsync(waiting.Name, "", mandatory: false, properties, waiting.Body, cancellationToken);
    }

    /// <summary>Waits until the broker has answered for everything that was written; it fails where the channel does.</summary>
    public Task SettleAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_failure is not null)
            {
                return Task.FromException(_failure);
            }

            if (_unconfirmed.Count == 0)
            {
                return Task.CompletedTask;
            }

            _settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _settled.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>What the broker has of what was written since the last time this was asked, and how many it would not take.</summary>
    public (IReadOnlyList<(long Position, DateTimeOffset OccurredAt)> Confirmed, int Refused) Answers()
    {
        lock (_lock)
        {
            var answers = (_confirmed.ToArray(), _refused);
            _confirmed.Clear();
            _refused = 0;
            return answers;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.AbortAsync(ToClose);
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private Task Answer(ulong tag, bool multiple, bool isConfirmed)
    {
        lock (_lock)
        {
            for (var each = multiple ? _lowest : tag; each <= tag; each++)
            {
                if (!_unconfirmed.Remove(each, out var told))
                {
                    continue;
                }

                if (isConfirmed)
                {
                    _confirmed.Add(told);
                }
                else
                {
                    _refused++;
                }
            }

            _lowest = multiple ? Math.Max(_lowest, tag + 1) : _lowest;
            if (_unconfirmed.Count == 0)
            {
                _settled?.TrySetResult();
            }
        }

        return Task.CompletedTask;
    }

    private Task Fail(Exception failure)
    {
        lock (_lock)
        {
            _failure = failure;
            _settled?.TrySetException(failure);
        }

        return Task.CompletedTask;
    }
}

/// <summary>An event that waits in the outbox to be told.</summary>
internal sealed record WaitingEvent(
    long Position,
    Guid EventId,
    string Name,
    ReadOnlyMemory<byte> Body,
    string? TraceParent,
    DateTimeOffset OccurredAt
);
