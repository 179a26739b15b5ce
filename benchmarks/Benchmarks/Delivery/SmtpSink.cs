using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RetailInvoicing.Delivery.Channels;

namespace RetailInvoicing.Benchmarks.Delivery;

/// <summary>A mail as the sink took it.</summary>
internal sealed record SunkMail(string Recipient, string Transmission, string MessageId, bool IsPromotional, int Bytes)
{
    /// <summary>When its acceptance had been written, on Stopwatch's clock.</summary>
    public long AcceptedAt { get; init; }
}

/// <summary>
/// A mail server that takes everything, forgets what it says and remembers when it came; it goes away and comes back when told. It costs
/// next to nothing: it shares the cores with what is measured.
/// </summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private const int FirstPort = 18_000;
    private const int Ports = 1_000;

    private static readonly byte[] LineEnd = "\r\n"u8.ToArray();
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] DataEnd = "\r\n.\r\n"u8.ToArray();

    private readonly Lock _gate = new();
    private readonly List<SunkMail> _mails = [];
    private readonly HashSet<string> _transmissions = new(StringComparer.Ordinal);
    private readonly List<Task> _talks = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource<SunkMail>> _awaited = new(StringComparer.Ordinal);
    private CancellationTokenSource _closing = new();
    private TcpListener _listener;
    private Task _accepting;

    private SmtpSink(TcpListener listener)
    {
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _listener = listener;
        _accepting = AcceptAsync(listener, _closing.Token);
    }

    /// <summary>Where it listens, also after it was away.</summary>
    public int Port { get; }

    /// <summary>Its address, as Smtp:Url wants it.</summary>
    public string Url => $"smtp://127.0.0.1:{Port}";

    /// <summary>What it does between the last byte of a mail and its answer. The mail is taken, whoever hears of it.</summary>
    public Func<SunkMail, Task> BeforeAnswer { get; set; } = _ => Task.CompletedTask;

    /// <summary>Mails so far, the same one each time it came.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _mails.Count;
            }
        }
    }

    /// <summary>Different transmissions so far.</summary>
    public int Transmissions
    {
        get
        {
            lock (_gate)
            {
                return _transmissions.Count;
            }
        }
    }

    /// <summary>Opens one on a free port below those that the kernel gives out: nobody takes it while the sink is away.</summary>
    public static SmtpSink Start()
    {
        for (var i = 0; i < Ports; i++)
        {
            var listener = new TcpListener(IPAddress.Loopback, FirstPort + (Environment.ProcessId + i) % Ports);
            try
            {
                listener.Start();
                return new SmtpSink(listener);
            }
            catch (SocketException)
            {
                listener.Dispose();
            }
        }

        throw new InvalidOperationException($"no free port from {FirstPort} to {FirstPort + Ports - 1}");
    }

    /// <summary>The mails after the first so many, in the order in which they came.</summary>
    public IReadOnlyList<SunkMail> Since(int seen)
    {
        lock (_gate)
        {
            return _mails[seen..];
        }
    }

    /// <summary>The next mail to that address, to be asked for before it is sent.</summary>
    public Task<SunkMail> NextTo(string recipient) =>
        _awaited.GetOrAdd(recipient, _ => new TaskCompletionSource<SunkMail>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>
    /// Goes away: lets nobody in and hangs up on everyone, in the middle of a mail too. A mail that had come whole is still answered, and
    /// counts; what was not answered does not.
    /// </summary>
    public async Task StopAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        Task[] talks;
        lock (_gate)
        {
            talks = [.. _talks];
            _talks.Clear();
        }

        await Task.WhenAll(talks);
        _closing.Dispose();
    }

    /// <summary>Comes back where it was.</summary>
    public void Resume()
    {
        _closing = new CancellationTokenSource();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener, _closing.Token);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_accepting.IsCompleted)
        {
            await StopAsync();
        }
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken closing)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(closing);
                var talk = Task.Run(() => TalkAsync(socket, closing), CancellationToken.None);
                lock (_gate)
                {
                    _talks.RemoveAll(each => each.IsCompleted);
                    _talks.Add(talk);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It goes away.
        }
    }

    private async Task TalkAsync(Socket socket, CancellationToken closing)
    {
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                await TalkAsync(socket, new Heard(socket), closing);
                socket.Shutdown(SocketShutdown.Both);
            }
            catch (OperationCanceledException)
            {
                // It goes away; what it has said before is still heard.
                Hush(socket);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The other side hung up, or died.
            }
        }
    }

    private async Task TalkAsync(Socket socket, Heard heard, CancellationToken closing)
    {
        await SayAsync(socket, "220 sink");
        var recipient = "";
        while (true)
        {
            var line = Encoding.Latin1.GetString((await heard.UntilAsync(LineEnd, closing)).Span).Trim();
            switch (line.Length < 4 ? line : line[..4].ToUpperInvariant())
            {
                case "":
                    return;
                case "EHLO":
                    await SayAsync(socket, "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 20971520");
                    break;
                case "RCPT":
                    recipient = line[(line.IndexOf('<') + 1)..line.IndexOf('>')].ToLowerInvariant();
                    await SayAsync(socket, "250 2.1.5 goes there");
                    break;
                case "DATA":
                    await SayAsync(socket, "354 go on");
                    var data = await heard.UntilAsync(DataEnd, closing);
                    if (data.IsEmpty)
                    {
                        return;
                    }

                    await AnswerAsync(socket, Read(data.Span, recipient));
                    break;
                case "QUIT":
                    await SayAsync(socket, "221 2.0.0 bye");
                    return;
                default:
                    await SayAsync(socket, "250 2.0.0 as you say");
                    break;
            }
        }
    }

    private async Task AnswerAsync(Socket socket, SunkMail mail)
    {
        await BeforeAnswer(mail);
        try
        {
            await SayAsync(socket, "250 2.0.0 kept");
        }
        finally
        {
            Keep(mail with { AcceptedAt = Stopwatch.GetTimestamp() });
        }
    }

    private void Keep(SunkMail mail)
    {
        lock (_gate)
        {
            _mails.Add(mail);
            _transmissions.Add(mail.Transmission);
        }

        if (_awaited.TryRemove(mail.Recipient, out var awaited))
        {
            awaited.TrySetResult(mail);
        }
    }

    private static SunkMail Read(ReadOnlySpan<byte> data, string recipient)
    {
        var end = data.IndexOf(HeadEnd);
        var head = Encoding
            .Latin1.GetString(end < 0 ? data : data[..end])
            .Replace("\r\n ", " ", StringComparison.Ordinal)
            .Replace("\r\n\t", " ", StringComparison.Ordinal)
            .Split("\r\n");
        return new SunkMail(
            recipient,
            HeaderOf(head, SmtpChannel.TransmissionHeader) ?? "",
            HeaderOf(head, "Message-ID") ?? "",
            HeaderOf(head, "List-Unsubscribe") is not null,
            data.Length
        );
    }

    private static string? HeaderOf(string[] head, string name) =>
        Array.Find(head, line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    // To the end, whatever is going on: what was answered was heard, unless the other side is dead.
    private static async Task SayAsync(Socket socket, string text) =>
        await socket.SendAsync(Encoding.ASCII.GetBytes(text + "\r\n"), CancellationToken.None);

    private static void Hush(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // It is gone already.
        }
    }

    /// <summary>What the other side has said and nobody has looked at yet.</summary>
    private sealed class Heard(Socket socket)
    {
        private byte[] _bytes = new byte[64 * 1024];
        private int _from;
        private int _to;

        /// <summary>All up to such an end and with it, to be used before the next call; nothing where the other side has hung up.</summary>
        public async ValueTask<ReadOnlyMemory<byte>> UntilAsync(byte[] end, CancellationToken closing)
        {
            for (var looked = 0; ; )
            {
                var at = _bytes.AsSpan(_from + looked, _to - _from - looked).IndexOf(end);
                if (at >= 0)
                {
                    var found = _bytes.AsMemory(_from, looked + at + end.Length);
                    _from += found.Length;
                    return found;
                }

                looked = Math.Max(0, _to - _from - end.Length + 1);
                MakeRoom();
                var received = await socket.ReceiveAsync(_bytes.AsMemory(_to), closing);
                if (received == 0)
                {
                    return default;
                }

                _to += received;
            }
        }

        private void MakeRoom()
        {
            if (_to < _bytes.Length)
            {
                return;
            }

            if (_from == 0)
            {
                Array.Resize(ref _bytes, 2 * _bytes.Length);
                return;
            }

            _bytes.AsSpan(_from, _to - _from).CopyTo(_bytes);
            (_from, _to) = (0, _to - _from);
        }
    }
}
