using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace RetailInvoicing.Invoicing.Doors;

/// <summary>The lines of an endless body, one at a time; a line over the limit is passed over and told as null.</summary>
internal static class SaleLines
{
    /// <summary>Reads lines as they arrive; empty ones are no sales.</summary>
    public static async IAsyncEnumerable<byte[]?> ReadAsync(
        Stream body,
        int limit,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var reader = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        var isTooLong = false;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                var line = rest.Slice(0, end);
                if (isTooLong || line.Length > limit)
                {
                    yield return null;
                }
                else if (!IsEmpty(line))
                {
                    yield return line.ToArray();
                }

                isTooLong = false;
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (rest.Length > limit)
            {
                isTooLong = true;
                rest = rest.Slice(rest.End);
            }

            if (read.IsCompleted)
            {
                if (isTooLong)
                {
                    yield return null;
                }
                else if (!IsEmpty(rest))
                {
                    yield return rest.ToArray();
                }

                await reader.CompleteAsync();
                yield break;
            }

            reader.AdvanceTo(rest.Start, read.Buffer.End);
        }
    }

    private static bool IsEmpty(ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                return false;
            }
        }

        return true;
    }
}
