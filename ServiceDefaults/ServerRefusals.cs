using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace RetailInvoicing.ServiceDefaults;

/// <summary>
/// What Kestrel itself refuses, before anything of ours is asked (a NUL in an address, a header that is none), it answers with a bare
/// status and closes the line, and it has no hook there; on its way out that answer becomes problem+json like every other.
/// </summary>
internal static class ServerRefusals
{
    internal static void SayRefusalsInWords(this ListenOptions listen) =>
        listen.Use(next =>
            async connection =>
            {
                var transport = connection.Transport;
                connection.Transport = new Transport(transport.Input, new Output(transport.Output));
                try
                {
                    await next(connection);
                }
                finally
                {
                    connection.Transport = transport;
                }
            }
        );

    /// <summary>The same answer with a body, where it is a bare refusal that ends the connection; otherwise nothing.</summary>
    private static byte[]? InWords(ReadOnlySpan<byte> answer)
    {
        if (!answer.StartsWith("HTTP/1.1 4"u8) || !answer.EndsWith("\r\n\r\n"u8))
        {
            return null;
        }

        var endOfStatus = answer.IndexOf("\r\n"u8);
        var headers = answer[endOfStatus..];
        var length = "\r\nContent-Length: 0\r\n"u8;
        var at = headers.IndexOf(length);
        if (at < 0 || headers.IndexOf("\r\nConnection: close\r\n"u8) < 0)
        {
            return null;
        }

        var status = int.Parse(answer[9..12], CultureInfo.InvariantCulture);
        var fault = DoorFaults.BadRequest.With(Encoding.ASCII.GetString(answer[12..endOfStatus]).Trim());
        var body = JsonSerializer.SerializeToUtf8Bytes(
            fault.ToProblem(status, language: null, ActivityTraceId.CreateRandom().ToString()),
            JsonSerializerOptions.Web
        );
        return
        [
            .. answer[..(endOfStatus + at)],
            .. Encoding.ASCII.GetBytes($"\r\nContent-Type: application/problem+json\r\nContent-Length: {body.Length}\r\n"),
            .. headers[(at + length.Length)..],
            .. body,
        ];
    }

    private sealed class Transport(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }

    /// <summary>Passes everything on where it lies; only an answer that begins and ends in one piece is looked at.</summary>
    private sealed class Output(PipeWriter inner) : PipeWriter
    {
        private Memory<byte> _given;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _given = inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void Advance(int bytes)
        {
            var answer = InWords(_given.Span[..bytes]);
            if (answer is null)
            {
                inner.Advance(bytes);
                // Kestrel may go on writing behind it without asking for memory again.
                _given = _given[bytes..];
            }
            else
            {
                inner.Write(answer);
                _given = default;
            }
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            inner.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(source, cancellationToken);

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);
    }
}
