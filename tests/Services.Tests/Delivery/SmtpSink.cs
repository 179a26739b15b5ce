using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>A mail server that keeps what it is given, and misbehaves on request.</summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private readonly List<MimeMessage> _mails = [];
    private readonly List<TcpClient> _clients = [];
    private readonly CancellationTokenSource _end = new();
    private TcpListener? _listener;

    public SmtpSink()
    {
        Port = Fixtures.Infrastructure.FreePort();
    }

    public int Port { get; }

    public string Url => $"smtp://127.0.0.1:{Port}";

    /// <summary>The answer to RCPT TO, accepted where null.</summary>
    public Func<string, string?> Recipient { get; set; } = _ => null;

    /// <summary>What happens once a mail has come whole and before it is answered: true to answer, false to hang up.</summary>
    public Func<MimeMessage, Task<bool>> AfterData { get; set; } = _ => Task.FromResult(true);

    public int Connections { get; private set; }

    public IReadOnlyList<MimeMessage> Mails
    {
        get
        {
            lock (_mails)
            {
                return [.. _mails];
            }
        }
    }

    public static SmtpSink Start()
    {
        var sink = new SmtpSink();
        sink.Open();
        return sink;
    }

    /// <summary>Opens the door; before that connections are refused.</summary>
    public void Open()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _ = AcceptAsync(_listener);
    }

    /// <summary>Goes away, hanging up on everyone.</summary>
    public void Close()
    {
        _listener?.Stop();
        lock (_clients)
        {
            _clients.ForEach(client => client.Close());
            _clients.Clear();
        }
    }

    public async Task<IReadOnlyList<MimeMessage>> AtLeastAsync(int count)
    {
        await Fixtures.Eventually.TrueAsync(() => Task.FromResult(Mails.Count >= count), $"{count} mails, {Mails.Count} so far");
        return Mails;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Close();
        _end.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(_end.Token);
                lock (_clients)
                {
                    _clients.Add(client);
                    Connections++;
                }

                _ = TalkAsync(client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Closed.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        try
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);
            await SayAsync("220 sink");
            while (await reader.ReadLineAsync() is { } line)
            {
                var verb = line.Split(' ', ':')[0].ToUpperInvariant();
                switch (verb)
                {
                    case "EHLO":
                        await SayAsync("250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8");
                        break;
                    case "RCPT":
                        await SayAsync(Recipient(line[(line.IndexOf('<') + 1)..line.IndexOf('>')]) ?? "250 OK");
                        break;
                    case "DATA":
                        await SayAsync("354 go on");
                        var mail = await ReadMailAsync(reader);
                        lock (_mails)
                        {
                            _mails.Add(mail);
                        }

                        if (!await AfterData(mail))
                        {
                            client.Close();
                            return;
                        }

                        await SayAsync("250 kept");
                        break;
                    case "QUIT":
                        await SayAsync("221 bye");
                        return;
                    default:
                        await SayAsync("250 OK");
                        break;
                }
            }

            async Task SayAsync(string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Hung up.
        }
    }

    private static async Task<MimeMessage> ReadMailAsync(StreamReader reader)
    {
        var data = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line && line != ".")
        {
            data.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        using var bytes = new MemoryStream(Encoding.Latin1.GetBytes(data.ToString()));
        return await MimeMessage.LoadAsync(bytes);
    }
}
