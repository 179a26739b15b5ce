using System.Collections.Concurrent;
using System.Net.Sockets;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Collections;
using RetailInvoicing.ServiceDefaults;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.ServiceDefaults;

public sealed class BrokerSocketTests(Infrastructure infrastructure)
{
    // Far more than anything here takes: whatever waits longer would wait for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Without what it tests it would wait for ever, also when it is taken down.
    [Fact(Timeout = 180_000)]
    public async Task Whoever_acknowledges_on_a_line_that_broke_is_not_kept_waiting_and_has_it_again()
    {
        var broker = await infrastructure.VirtualHostAsync();
        const int many = 300;
        ITcpClient? line = null;
        var factory = BrokerSocket.On(new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false });
        var sockets = factory.SocketFactory;
        factory.SocketFactory = family => line = sockets(family);
        await using var connection = await factory.CreateConnectionAsync(TestContext.Current.CancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        await channel.QueueDeclareAsync("held", durable: true, exclusive: false, autoDelete: false);
        for (var i = 0; i < many; i++)
        {
            await channel.BasicPublishAsync("", "held", new byte[] { 1 }, TestContext.Current.CancellationToken);
        }

        var inHand = new ConcurrentQueue<ulong>();
        var all = new TaskCompletionSource();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            inHand.Enqueue(delivery.DeliveryTag);
            if (inHand.Count == many)
            {
                all.TrySetResult();
            }

            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync("held", autoAck: false, consumer, TestContext.Current.CancellationToken);
        await all.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        // From here on nothing that is written arrives.
        line!.Client.Shutdown(SocketShutdown.Send);
        var answers = inHand.Select(AcknowledgeAsync).ToArray();

        await Task.WhenAll(answers).WaitAsync(Patience, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Task.FromResult(!connection.IsOpen), "the connection has found its end");
        await using var next = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(TestContext.Current.CancellationToken);
        await using var again = await next.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        await Eventually.EqualAsync(
            (uint)many,
            async () => (await again.QueueDeclarePassiveAsync("held")).MessageCount,
            "messages that are to be had again"
        );

        async Task AcknowledgeAsync(ulong tag)
        {
            try
            {
                await channel.BasicAckAsync(tag, multiple: false);
            }
            catch (Exception closed) when (closed is AlreadyClosedException or System.Threading.Channels.ChannelClosedException)
            {
                // The reader was quicker: an answer too.
            }
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task A_consumer_whose_line_breaks_while_it_acknowledges_hundreds_goes_on()
    {
        await using var line = new CutLine(await infrastructure.VirtualHostAsync());
        var room = new HearTogether.Room(MessagingPlan.Together);
        await using var service = await MiniService.StartAsync(
            infrastructure,
            broker: line.Address,
            plan: plan => plan.Consume<HearTogether>("mini-together", MessagingPlan.Together).Publish<PromiseMade>(),
            services: services => services.AddSingleton(room)
        );
        for (var round = 1; round <= 5; round++)
        {
            for (var i = 0; i < MessagingPlan.Together; i++)
            {
                await service.AppendAsync(Promise(), commit: true);
            }

            await room.AllAreThere.WaitAsync(Patience, TestContext.Current.CancellationToken);
            // The acknowledgements meet the end of the line wherever they are.
            room.Open();
            line.Cut();
            var told = round * MessagingPlan.Together;
            await Eventually.TrueAsync(() => Task.FromResult(room.Heard == told), $"{told} are heard", Patience);
            room.Close();
        }
    }

    private static PromiseMade Promise() =>
        new()
        {
            EventId = EventId.New(),
            SellerId = SellerId.Of("s1"),
            InvoiceId = InvoiceId.New(),
            Date = new DateOnly(2026, 12, 1),
            Currency = Currency.Eur,
            Amount = 12.10m,
            MadeAt = DateTimeOffset.UnixEpoch,
        };
}

/// <summary>Keeps what it is given until all of a round are there.</summary>
public sealed class HearTogether(HearTogether.Room room) : IConsumer<PromiseMade>
{
    public Task Consume(ConsumeContext<PromiseMade> context) => room.StayAsync(context.Message.EventId);

    public sealed class Room(int size)
    {
        private readonly HashSet<EventId> _heard = [];
        private readonly HashSet<EventId> _inside = [];
        private TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource _door = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task AllAreThere => _full.Task;

        public int Heard
        {
            get
            {
                lock (_heard)
                {
                    return _heard.Count;
                }
            }
        }

        public async Task StayAsync(EventId message)
        {
            Task door;
            lock (_heard)
            {
                door = _heard.Contains(message) ? Task.CompletedTask : _door.Task;
                if (_inside.Add(message) && _inside.Count == size)
                {
                    _full.TrySetResult();
                }
            }

            await door;
            lock (_heard)
            {
                _heard.Add(message);
            }
        }

        public void Open() => _door.TrySetResult();

        public void Close()
        {
            lock (_heard)
            {
                _inside.Clear();
                _full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
