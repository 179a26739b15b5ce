using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>
/// One connection that posts sales one after the other, as a till does. It speaks HTTP/1.1 by itself, with requests that are ready but for
/// the sale's name: an HTTP client would cost as much as the service that is measured.
/// </summary>
internal sealed class Till : IDisposable
{
    private const int Issued = 201;

    private readonly Socket _socket;
    private readonly IReadOnlyList<SaleForm> _forms;
    private readonly (byte[] Bytes, int BodyAt)[] _requests;
    private readonly byte[] _answer = new byte[128 * 1024];
    private int _turn;

    private Till(Socket socket, IReadOnlyList<SaleForm> forms, (byte[] Bytes, int BodyAt)[] requests, int turn) =>
        (_socket, _forms, _requests, _turn) = (socket, forms, requests, turn);

    /// <summary>How often it was told to come back later.</summary>
    public int PutOff { get; private set; }

    /// <summary>Connects with the shop's key.</summary>
    public static async Task<Till> ConnectAsync(
        Uri invoicing,
        Shop shop,
        IReadOnlyList<SaleForm> forms,
        int turn,
        CancellationToken cancellation
    )
    {
        var requests = forms
            .Select(form =>
            {
                var head = Head("/v1/sales", invoicing, shop, "application/json", $"Content-Length: {form.Json.Length}");
                return ((byte[])[.. head, .. form.Json], head.Length);
            })
            .ToArray();
        return new Till(await SocketAsync(invoicing, cancellation), forms, requests, turn);
    }

    /// <summary>A connected socket.</summary>
    public static async Task<Socket> SocketAsync(Uri invoicing, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendBufferSize = 128 * 1024 };
        await socket.ConnectAsync(IPAddress.Parse(invoicing.Host), invoicing.Port, cancellation);
        return socket;
    }

    /// <summary>The head of a POST.</summary>
    public static byte[] Head(string path, Uri invoicing, Shop shop, string contentType, string length) =>
        Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {invoicing.Authority}\r\nAuthorization: Bearer {shop.ApiKey}\r\nContent-Type: {contentType}\r\n{length}\r\n\r\n"
        );

    /// <summary>Posts the next sale until it is issued; what refuses it fails the benchmark.</summary>
    public async ValueTask PostAsync(CancellationToken cancellation)
    {
        var (form, request) = (_forms[_turn], _requests[_turn]);
        _turn = (_turn + 1) % _forms.Count;
        form.NameJson(request.Bytes.AsSpan(request.BodyAt), SaleForm.NextName());
        while (true)
        {
            await _socket.SendAsync(request.Bytes, cancellation);
            var (status, length) = await ReceiveAsync(cancellation);
            if (status == Issued)
            {
                return;
            }

            if (status != (int)HttpStatusCode.TooManyRequests)
            {
                throw new InvalidOperationException($"a sale was not issued: {Encoding.UTF8.GetString(_answer, 0, length)}");
            }

            PutOff++;
            await Task.Delay(RetryAfter(_answer.AsSpan(0, length)), cancellation);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _socket.Dispose();

    private async ValueTask<(int Status, int Length)> ReceiveAsync(CancellationToken cancellation)
    {
        var length = 0;
        do
        {
            var received = await _socket.ReceiveAsync(_answer.AsMemory(length), cancellation);
            length += received > 0 ? received : throw new IOException("Invoicing closed the connection");
        } while (!IsWhole(_answer.AsSpan(0, length)));

        // HTTP/1.1 201 Created
        return (Utf8Parser.TryParse(_answer.AsSpan(9, 3), out int status, out _) ? status : 0, length);
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = answer[..end];
        var body = answer[(end + 4)..];
        var at = head.IndexOf("Content-Length: "u8);
        return at >= 0
            ? Utf8Parser.TryParse(head[(at + 16)..], out int length, out _) && body.Length >= length
            : body.EndsWith("0\r\n\r\n"u8);
    }

    private static TimeSpan RetryAfter(ReadOnlySpan<byte> answer)
    {
        var at = answer.IndexOf("Retry-After: "u8);
        return TimeSpan.FromSeconds(at >= 0 && Utf8Parser.TryParse(answer[(at + 13)..], out int seconds, out _) ? seconds : 1);
    }
}
