using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace RetailInvoicing.Benchmarks.Issuing;

/// <summary>
/// POST /v1/sales:import over one connection: sales and answers at the same time, which an HTTP/1.1 client of the platform does not do.
/// </summary>
internal static class SaleLinesStream
{
    private const int ChunkSize = 48 * 1024;

    // A chunk's length in hexadecimal digits and a line end, written once the chunk is full.
    private const int HeadSize = 6;

    /// <summary>Sends sales at that pace; how many were issued once the last answer is there.</summary>
    public static async Task<long> ImportAsync(
        Uri invoicing,
        Shop shop,
        IReadOnlyList<SaleForm> forms,
        IPace pace,
        CancellationToken cancellation
    )
    {
        using var socket = await Till.SocketAsync(invoicing, cancellation);
        await socket.SendAsync(
            Till.Head("/v1/sales:import", invoicing, shop, "application/x-ndjson", "Transfer-Encoding: chunked"),
            cancellation
        );
        var reading = ReadAsync(socket, cancellation);
        var sent = await WriteAsync(socket, forms, pace, cancellation);
        var issued = await reading;
        return issued == sent ? issued : throw new InvalidOperationException($"{sent} sales were sent and {issued} issued");
    }

    private static async Task<long> WriteAsync(Socket socket, IReadOnlyList<SaleForm> forms, IPace pace, CancellationToken cancellation)
    {
        var chunk = new byte[ChunkSize + 32 * 1024];
        var (sent, length, ready) = (0L, HeadSize, 0);
        while (true)
        {
            var asking = ready == 0 ? pace.NextAsync(cancellation) : new ValueTask<int>(ready);
            if (length > HeadSize && (!asking.IsCompleted || length >= ChunkSize))
            {
                await SendAsync(socket, chunk, length, cancellation);
                length = HeadSize;
            }

            ready = await asking;
            if (ready == 0)
            {
                break;
            }

            while (ready > 0 && length < ChunkSize)
            {
                var form = forms[(int)(sent++ % forms.Count)];
                form.WriteJson(chunk.AsSpan(length), SaleForm.NextName());
                length += form.Json.Length;
                chunk[length++] = (byte)'\n';
                ready--;
            }
        }

        if (length > HeadSize)
        {
            await SendAsync(socket, chunk, length, cancellation);
        }

        await socket.SendAsync("0\r\n\r\n"u8.ToArray(), cancellation);
        return sent;
    }

    private static async Task SendAsync(Socket socket, byte[] chunk, int length, CancellationToken cancellation)
    {
        Encoding.ASCII.GetBytes((length - HeadSize).ToString("x4", CultureInfo.InvariantCulture) + "\r\n", chunk);
        "\r\n"u8.CopyTo(chunk.AsSpan(length));
        for (var rest = chunk.AsMemory(0, length + 2); rest.Length > 0; )
        {
            rest = rest[await socket.SendAsync(rest, cancellation)..];
        }
    }

    private static async Task<long> ReadAsync(Socket socket, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        var answers = new ChunkedAnswers();
        while (!answers.IsComplete)
        {
            var received = await socket.ReceiveAsync(buffer, cancellation);
            if (received == 0)
            {
                throw new IOException($"Invoicing closed the stream after {answers.Issued} answers");
            }

            answers.Take(buffer.AsSpan(0, received));
        }

        return answers.Issued;
    }

    /// <summary>Counts the issued ones of a chunked answer; any other fails the benchmark.</summary>
    private sealed class ChunkedAnswers
    {
        private readonly byte[] _line = new byte[16 * 1024];
        private int _lineLength;
        private bool _isInBody;
        private long _left;

        public long Issued { get; private set; }

        public bool IsComplete { get; private set; }

        public void Take(ReadOnlySpan<byte> bytes)
        {
            while (bytes.Length > 0 && !IsComplete)
            {
                if (_isInBody && _left > 0)
                {
                    var part = bytes[..(int)Math.Min(_left, bytes.Length)];
                    _left -= part.Length;
                    bytes = bytes[part.Length..];
                    TakeBody(part);
                    continue;
                }

                // The head's lines, then each chunk's length and the line end behind it.
                var next = bytes[0];
                bytes = bytes[1..];
                if (next != '\n')
                {
                    _head.Append((char)next);
                    continue;
                }

                var text = _head.ToString().TrimEnd('\r');
                _head.Clear();
                TakeHead(text);
            }
        }

        private readonly StringBuilder _head = new();
        private bool _isFirst = true;

        private void TakeHead(string text)
        {
            if (_isInBody)
            {
                if (text.Length > 0)
                {
                    _left = long.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                    IsComplete = _left == 0;
                }
            }
            else if (_isFirst)
            {
                _isFirst = false;
                if (!text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
                {
                    throw new InvalidOperationException($"the import was answered {text}");
                }
            }
            else
            {
                _isInBody = text.Length == 0;
            }
        }

        private void TakeBody(ReadOnlySpan<byte> part)
        {
            while (part.IndexOf((byte)'\n') is >= 0 and var end)
            {
                if (_lineLength == 0)
                {
                    TakeAnswer(part[..end]);
                }
                else
                {
                    part[..end].CopyTo(_line.AsSpan(_lineLength));
                    TakeAnswer(_line.AsSpan(0, _lineLength + end));
                    _lineLength = 0;
                }

                part = part[(end + 1)..];
            }

            part.CopyTo(_line.AsSpan(_lineLength));
            _lineLength += part.Length;
        }

        private void TakeAnswer(ReadOnlySpan<byte> line)
        {
            if (line.IndexOf("\"status\":\"issued\""u8) < 0)
            {
                throw new InvalidOperationException($"a sale was not issued: {Encoding.UTF8.GetString(line)}");
            }

            Issued++;
        }
    }
}
