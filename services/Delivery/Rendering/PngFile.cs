using System.Buffers.Binary;
using System.IO.Compression;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>Reads a PNG that is not interlaced, of any depth and colours: never more of it than its header says, and that is bounded first.</summary>
internal sealed class PngFile
{
    private int _width;
    private int _height;
    private int _depth;
    private int _colours;
    private byte[] _palette = [];
    private byte[] _transparent = [];
    private readonly MemoryStream _packed = new();

    private PngFile() { }

    /// <summary>Its dots; nothing, and why, where they cannot be had.</summary>
    public static Dots? Read(ReadOnlySpan<byte> file, out PictureFault? fault)
    {
        var png = new PngFile();
        fault = png.Chunks(file);
        if (fault is not null)
        {
            return null;
        }

        if (png.Unpacked() is { } colours)
        {
            return new Dots(png._width, png._height, colours);
        }

        fault = PictureFault.Broken;
        return null;
    }

    private int Channels =>
        _colours switch
        {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };

    private PictureFault? Chunks(ReadOnlySpan<byte> file)
    {
        for (var at = Png.Signature.Length; at + 12 <= file.Length; )
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 12)
            {
                return PictureFault.Broken;
            }

            var type = file.Slice(at + 4, 4);
            var content = file.Slice(at + 8, (int)length);
            if (Png.Sum(file.Slice(at + 4, (int)length + 4)) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]))
            {
                return PictureFault.Broken;
            }

            at += 12 + (int)length;
            var isHeader = type.SequenceEqual("IHDR"u8);
            if (isHeader != (_width == 0))
            {
                // The header comes first, and once.
                return PictureFault.Broken;
            }

            if (isHeader && Header(content) is { } unfit)
            {
                return unfit;
            }

            if (type.SequenceEqual("PLTE"u8))
            {
                _palette = content.ToArray();
            }
            else if (type.SequenceEqual("tRNS"u8))
            {
                _transparent = content.ToArray();
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                _packed.Write(content);
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                return _colours == 3 && (_palette.Length is 0 or > 768 || _palette.Length % 3 != 0) ? PictureFault.Broken : null;
            }
        }

        return PictureFault.Broken;
    }

    private PictureFault? Header(ReadOnlySpan<byte> header)
    {
        if (header.Length != 13)
        {
            return PictureFault.Broken;
        }

        if (Picture.Measure(BinaryPrimitives.ReadUInt32BigEndian(header), BinaryPrimitives.ReadUInt32BigEndian(header[4..])) is { } size)
        {
            return size;
        }

        (_width, _height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]));
        (_depth, _colours) = (header[8], header[9]);
        var isSound = (_colours, _depth) is (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) or (2 or 4 or 6, 8 or 16);
        return !isSound || header[10] != 0 || header[11] != 0 || header[12] > 1 ? PictureFault.Broken
            : header[12] == 1 ? PictureFault.NotRead
            : null;
    }

    private byte[]? Unpacked()
    {
        var stride = (_width * Channels * _depth + 7) / 8;
        var step = Math.Max(1, Channels * _depth / 8);
        var colours = new byte[_width * _height * 4];
        var (row, above) = (new byte[stride + 1], new byte[stride + 1]);
        _packed.Position = 0;
        using var unpacking = new ZLibStream(_packed, CompressionMode.Decompress);
        try
        {
            for (var y = 0; y < _height; y++)
            {
                if (unpacking.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length || row[0] > 4)
                {
                    return null;
                }

                for (var x = 1; x <= stride; x++)
                {
                    var left = x > step ? row[x - step] : (byte)0;
                    var corner = x > step ? above[x - step] : (byte)0;
                    row[x] += Png.Guess(row[0], left, above[x], corner);
                }

                for (var x = 0; x < _width; x++)
                {
                    Dot(row.AsSpan(1), x, colours.AsSpan((y * _width + x) * 4, 4));
                }

                (row, above) = (above, row);
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }

        return colours;
    }

    private void Dot(ReadOnlySpan<byte> row, int x, Span<byte> dot)
    {
        dot[3] = 255;
        if (_colours == 3)
        {
            // What the palette does not have is black.
            var index = Sample(row, x);
            if (3 * index + 3 <= _palette.Length)
            {
                _palette.AsSpan(3 * index, 3).CopyTo(dot);
            }

            dot[3] = index < _transparent.Length ? _transparent[index] : (byte)255;
            return;
        }

        var channels = Channels;
        for (var channel = 0; channel < 3; channel++)
        {
            dot[channel] = Eight(Sample(row, x * channels + (channels >= 3 ? channel : 0)));
        }

        if (channels is 2 or 4)
        {
            dot[3] = Eight(Sample(row, x * channels + channels - 1));
        }
        else if (_transparent.Length >= 2 * channels && IsTransparent(row, x))
        {
            dot[3] = 0;
        }
    }

    /// <summary>One colour may stand for none (11.3.2.1).</summary>
    private bool IsTransparent(ReadOnlySpan<byte> row, int x)
    {
        var channels = Channels;
        for (var channel = 0; channel < channels; channel++)
        {
            if (Sample(row, x * channels + channel) != BinaryPrimitives.ReadUInt16BigEndian(_transparent.AsSpan(2 * channel)))
            {
                return false;
            }
        }

        return true;
    }

    private int Sample(ReadOnlySpan<byte> row, int index)
    {
        switch (_depth)
        {
            case 8:
                return row[index];
            case 16:
                return row[2 * index] << 8 | row[2 * index + 1];
            default:
                var bit = index * _depth;
                return row[bit / 8] >> (8 - _depth - bit % 8) & ((1 << _depth) - 1);
        }
    }

    private byte Eight(int sample) =>
        _depth switch
        {
            8 => (byte)sample,
            16 => (byte)(sample >> 8),
            _ => (byte)(sample * 255 / ((1 << _depth) - 1)),
        };
}
