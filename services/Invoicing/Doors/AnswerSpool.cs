using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace RetailInvoicing.Invoicing.Doors;

/// <summary>
/// Answers on their way to a client that may not read before it has written everything: they wait in a temporary file, not in memory,
/// and never make the reading of sales wait.
/// </summary>
internal sealed class AnswerSpool : IDisposable
{
    private readonly SafeFileHandle _file = Open();
    private readonly Channel<bool> _more = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private long _written;

    /// <summary>Puts an answer at the end.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        await RandomAccess.WriteAsync(_file, answer, _written, cancellationToken);
        Interlocked.Add(ref _written, answer.Length);
        _more.Writer.TryWrite(true);
    }

    /// <summary>No more answers.</summary>
    public void Complete() => _more.Writer.TryComplete();

    /// <summary>Sends the answers as they come, to the last.</summary>
    public async Task SendAsync(Stream client, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var sent = 0L;
        bool goesOn;
        do
        {
            goesOn = await _more.Reader.WaitToReadAsync(cancellationToken);
            _more.Reader.TryRead(out _);
            for (var end = Interlocked.Read(ref _written); sent < end; end = Interlocked.Read(ref _written))
            {
                var count = await RandomAccess.ReadAsync(
                    _file,
                    buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - sent)),
                    sent,
                    cancellationToken
                );
                await client.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                sent += count;
            }

            await client.FlushAsync(cancellationToken);
        } while (goesOn);
    }

    private static SafeFileHandle Open()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);
        // Without a name from here on: nothing stays behind, however the process ends.
        File.Delete(path);
        return file;
    }

    public void Dispose() => _file.Dispose();
}
