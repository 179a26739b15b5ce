using System.Net.Sockets;
using RabbitMQ.Client;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// A socket to the broker whose writers are never kept waiting by a line that broke: what they write then goes nowhere, as on a wire that
/// was cut a moment later, and the reader finds the end.
/// </summary>
/// <remarks>
/// RabbitMQ.Client 7.2.2 stops taking what is written at the first failure and keeps whoever writes after 128 frames waiting for ever, a
/// consumer's acknowledgements and so its queue too (rabbitmq-dotnet-client issue 1930, mended after that version).
/// </remarks>
internal sealed class BrokerSocket : TcpClientAdapter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);

    private BrokerSocket(Socket socket)
        : base(socket) { }

    /// <summary>Lets a factory's connections use such sockets.</summary>
    public static ConnectionFactory On(ConnectionFactory factory)
    {
        factory.SocketFactory = static family => new BrokerSocket(
            new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
        );
        return factory;
    }

    /// <summary>
    /// Waits until the broker takes calls, or the service ends. MassTransit pauses for ten to forty seconds, and longer each time, after a
    /// call that nobody took; a broker that is back is called within half a second so.
    /// </summary>
    public static async Task UntilItAnswersAsync(Uri broker, CancellationToken ending)
    {
        var endpoint = new AmqpTcpEndpoint(broker);
        while (!ending.IsCancellationRequested)
        {
            try
            {
                using var call = new TcpClient();
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(ending);
                patience.CancelAfter(Patience);
                await call.ConnectAsync(endpoint.HostName, endpoint.Port, patience.Token);
                return;
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                await Task.Delay(Rest, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <inheritdoc />
    public override NetworkStream GetStream() => new Line(Client);

    private sealed class Line(Socket socket) : NetworkStream(socket)
    {
        private volatile bool _isBroken;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_isBroken)
            {
                return;
            }

            try
            {
                await base.WriteAsync(buffer, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
            {
                Break();
            }
        }

        private void Break()
        {
            _isBroken = true;
            try
            {
                Socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // It has ended already.
            }
        }
    }
}
