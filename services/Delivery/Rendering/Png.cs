using System.Buffers.Binary;
using System.IO.Compression;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>Writes pictures as PNG (ISO/IEC 15948). The same picture makes the same bytes.</summary>
internal static class Png
{
    private const int GrayOfOneBit = 0;

    private static readonly uint[] Remainders = RemaindersOf();

    /// <summary>What every PNG begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>A QR code in black and white: so many dots a module, so many modules of white on each side.</summary>
    public static byte[] Of(QrMatrix code, int dots, int quiet)
    {
        var side = (code.Side + 2 * quiet) * dots;
        var stride = 1 + (side + 7) / 8;
        var rows = new byte[side * stride];
        for (var y = 0; y < side; y++)
        {
            // The first byte says that the row is not filtered.
            rows.AsSpan(y * stride + 1, stride - 1).Fill(0xff);
        }

        foreach (var (row, column, width) in code.Bars)
        {
            for (var y = (row + quiet) * dots; y < (row + quiet + 1) * dots; y++)
            {
                for (var x = (column + quiet) * dots; x < (column + quiet + width) * dots; x++)
                {
                    rows[y * stride + 1 + x / 8] &= (byte)~(0x80 >> (x % 8));
                }
            }
        }

        return Written(side, side, 1, GrayOfOneBit, rows);
    }

    /// <summary>A picture of one to four channels of eight bits: gray, gray and alpha, colours, colours and alpha.</summary>
    public static byte[] Of(int width, int height, int channels, ReadOnlySpan<byte> pixels) =>
        Written(
            width,
            height,
            8,
            channels switch
            {
                1 => 0,
                2 => 4,
                3 => 2,
                _ => 6,
            },
            Filtered(width, channels, pixels)
        );

    /// <summary>The rows of a picture, each as the difference that is likely to pack best (12.8), with its filter's number before it.</summary>
    public static byte[] Filtered(int width, int channels, ReadOnlySpan<byte> pixels)
    {
        var stride = width * channels;
        var height = pixels.Length / stride;
        var filtered = new byte[height * (stride + 1)];
        var tried = new byte[stride];
        ReadOnlySpan<byte> above = new byte[stride];
        for (var y = 0; y < height; y++)
        {
            var row = pixels.Slice(y * stride, stride);
            var target = filtered.AsSpan(y * (stride + 1), stride + 1);
            var least = long.MaxValue;
            for (byte filter = 0; filter <= 4; filter++)
            {
                var sum = 0L;
                for (var x = 0; x < stride; x++)
                {
                    var left = x >= channels ? row[x - channels] : (byte)0;
                    var corner = x >= channels ? above[x - channels] : (byte)0;
                    tried[x] = (byte)(row[x] - Guess(filter, left, above[x], corner));
                    sum += Math.Abs((int)(sbyte)tried[x]);
                }

                if (sum < least)
                {
                    least = sum;
                    target[0] = filter;
                    tried.CopyTo(target[1..]);
                }
            }

            above = row;
        }

        return filtered;
    }

    /// <summary>What a filter takes a byte to be, from those at its left, above it and between the two (9.2).</summary>
    public static byte Guess(byte filter, byte left, byte above, byte corner) =>
        filter switch
        {
            1 => left,
            2 => above,
            3 => (byte)((left + above) / 2),
            4 => Nearest(left, above, corner),
            _ => (byte)0,
        };

    /// <summary>The sum that guards a chunk (annex D).</summary>
    public static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var each in bytes)
        {
            sum = Remainders[(sum ^ each) & 0xff] ^ (sum >> 8);
        }

        return ~sum;
    }

    private static byte Nearest(int left, int above, int corner)
    {
        var guess = left + above - corner;
        var (toLeft, toAbove, toCorner) = (Math.Abs(guess - left), Math.Abs(guess - above), Math.Abs(guess - corner));
        return (byte)(
            toLeft <= toAbove && toLeft <= toCorner ? left
            : toAbove <= toCorner ? above
            : corner
        );
    }

    private static byte[] Written(int width, int height, byte depth, int colours, byte[] rows)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = depth;
        header[9] = (byte)colours;
        using var file = new MemoryStream();
        file.Write(Signature);
        Chunk(file, "IHDR"u8, header);
        using (var packed = new MemoryStream())
        {
            using (var packing = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            {
                packing.Write(rows);
            }

            Chunk(file, "IDAT"u8, packed.ToArray());
        }

        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        type.CopyTo(chunk.AsSpan(4));
        content.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), Sum(chunk.AsSpan(4, content.Length + 4)));
        file.Write(chunk);
    }

    private static uint[] RemaindersOf()
    {
        var remainders = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var remainder = i;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 1) != 0 ? 0xedb88320 ^ (remainder >> 1) : remainder >> 1;
            }

            remainders[i] = remainder;
        }

        return remainders;
    }
}
