namespace RetailInvoicing.Reporting.Formats;

/// <summary>
/// What writers that know no waiting have written, until it is let out to a stream that wants to be waited for; counts what has passed.
/// </summary>
internal sealed class Outflow(Stream to) : Stream
{
    private const int Full = 64 * 1024;

    private byte[] _kept = new byte[2 * Full];
    private int _length;
    private long _passed;

    /// <summary>Whether enough is kept to be let out.</summary>
    public bool IsFull => _length >= Full;

    /// <summary>How many bytes were written so far.</summary>
    public override long Position
    {
        get => _passed + _length;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc />
    public override bool CanRead => false;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override bool CanWrite => true;

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc />
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_kept.Length - _length < buffer.Length)
        {
            Array.Resize(ref _kept, Math.Max(2 * _kept.Length, _length + buffer.Length));
        }

        buffer.CopyTo(_kept.AsSpan(_length));
        _length += buffer.Length;
    }

    /// <inheritdoc />
    public override void WriteByte(byte value) => Write([value]);

    /// <summary>Nothing: what is kept is let out by <see cref="LetOutAsync"/>.</summary>
    public override void Flush()
    {
        // A compressor flushes its own stream whenever it ends a part.
    }

    /// <summary>Hands on what is kept; whoever writes on waits for it first.</summary>
    public ValueTask LetOutAsync(CancellationToken cancellationToken)
    {
        var length = _length;
        _passed += length;
        _length = 0;
        return length == 0 ? ValueTask.CompletedTask : to.WriteAsync(_kept.AsMemory(0, length), cancellationToken);
    }

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();
}
