using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>A mailbox with one folder, which knows as much of IMAP as is asked of it: to be listed, opened, searched, fetched from and marked.</summary>
internal sealed class ImapStandIn : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Kept> _mails = [];
    private readonly List<TcpClient> _clients = [];
    private readonly CancellationTokenSource _end = new();
    private TcpListener? _listener;

    public int Port { get; } = Fixtures.Infrastructure.FreePort();

    public string Url => $"imap://reports:se%3Acret@127.0.0.1:{Port}/INBOX";

    /// <summary>How often somebody signed in.</summary>
    public int SignIns { get; private set; }

    /// <summary>Opens the door; before that connections are refused.</summary>
    public void Open()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _ = AcceptAsync(_listener);
    }

    /// <summary>A mail arrives; it may claim another size than it has.</summary>
    public void Add(string mail, int? size = null)
    {
        lock (_lock)
        {
            var bytes = Encoding.Latin1.GetBytes(mail);
            _mails.Add(new Kept(bytes, size ?? bytes.Length, []));
        }
    }

    /// <summary>How each mail is marked, in the order they arrived.</summary>
    public IReadOnlyList<string> Marks
    {
        get
        {
            lock (_lock)
            {
                return [.. _mails.Select(static mail => string.Join(' ', mail.Flags.Order(StringComparer.Ordinal)))];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener?.Stop();
        lock (_lock)
        {
            _clients.ForEach(static client => client.Close());
        }

        _end.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(_end.Token);
                lock (_lock)
                {
                    _clients.Add(client);
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
            await SayAsync("* OK [CAPABILITY IMAP4rev1] ready\r\n");
            while (await reader.ReadLineAsync() is { } line)
            {
                var words = line.Split(' ');
                var verb = words.Length > 1 ? words[1].ToUpperInvariant() : "";
                await SayAsync(Answer(verb == "UID" ? $"UID {words[2].ToUpperInvariant()}" : verb, line, words));
                await SayAsync($"{words[0]} OK {(verb == "SELECT" ? "[READ-WRITE] " : "")}done\r\n");
                if (verb == "LOGOUT")
                {
                    return;
                }
            }

            async Task SayAsync(string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Hung up.
        }
    }

    private string Answer(string verb, string line, string[] words)
    {
        lock (_lock)
        {
            switch (verb)
            {
                case "CAPABILITY":
                    return "* CAPABILITY IMAP4rev1\r\n";
                case "LOGIN":
                    SignIns++;
                    return "";
                case "LIST":
                    return line.EndsWith("\"\"", StringComparison.Ordinal)
                        ? "* LIST (\\Noselect) \"/\" \"\"\r\n"
                        : "* LIST (\\HasNoChildren) \"/\" INBOX\r\n";
                case "SELECT":
                    return string.Create(
                            CultureInfo.InvariantCulture,
                            $"* FLAGS (\\Seen \\Flagged \\Deleted)\r\n* {_mails.Count} EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 1] ok\r\n"
                        )
                        + string.Create(
                            CultureInfo.InvariantCulture,
                            $"* OK [UIDNEXT {_mails.Count + 1}] ok\r\n* OK [PERMANENTFLAGS (\\Seen \\Flagged \\Deleted)] ok\r\n"
                        );
                case "UID SEARCH":
                    var unseen = Enumerable.Range(1, _mails.Count).Where(each => !_mails[each - 1].Flags.Contains("\\Seen"));
                    return $"* SEARCH {string.Join(' ', unseen)}".TrimEnd() + "\r\n";
                case "UID FETCH":
                    var uid = int.Parse(words[3], CultureInfo.InvariantCulture);
                    var mail = _mails[uid - 1];
                    return line.Contains("BODY", StringComparison.Ordinal)
                        ? $"* {uid} FETCH (UID {uid} BODY[] {{{mail.Bytes.Length}}}\r\n{Encoding.Latin1.GetString(mail.Bytes)})\r\n"
                        : $"* {uid} FETCH (UID {uid} RFC822.SIZE {mail.Size})\r\n";
                case "UID STORE":
                    var flags = line[(line.IndexOf('(', StringComparison.Ordinal) + 1)..line.LastIndexOf(')')];
                    _mails[int.Parse(words[3], CultureInfo.InvariantCulture) - 1].Flags.UnionWith(flags.Split(' '));
                    return "";
                case "LOGOUT":
                    return "* BYE bye\r\n";
                default:
                    return "";
            }
        }
    }

    private sealed record Kept(byte[] Bytes, int Size, HashSet<string> Flags);
}
