using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>A part of a picture, in its pixels.</summary>
internal readonly record struct PageArea(int Left, int Top, int Right, int Bottom)
{
    public override string ToString() => $"({Left}, {Top}) to ({Right}, {Bottom})";
}

/// <summary>A page as it is seen, in grays: 0 is black, 255 white.</summary>
internal sealed class PagePicture
{
    /// <summary>Pages are compared by the gray of squares of so many pixels: about a letter.</summary>
    private const int Block = 8;

    /// <summary>So much may the gray of a square differ: another version of the program that draws sets letters a little fatter.</summary>
    private const int Noise = 16;

    /// <summary>So many squares may differ by more: less than a word.</summary>
    private const int Few = 4;

    private readonly byte[] _pixels;

    public PagePicture(int width, int height, byte[] pixels)
    {
        if (pixels.Length != width * height)
        {
            throw new FormatException($"{pixels.Length} pixels are no {width} by {height}");
        }

        (Width, Height, _pixels) = (width, height, pixels);
    }

    public int Width { get; }
    public int Height { get; }
    public ReadOnlyMemory<byte> Pixels => _pixels;

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>The picture of a file as pdftoppm writes it (PGM, P5).</summary>
    public static PagePicture OfPgm(byte[] file)
    {
        var at = 0;
        var kind = Word();
        var width = Number();
        var height = Number();
        var white = Number();
        return kind == "P5" && white == 255
            ? new PagePicture(width, height, file[at..])
            : throw new FormatException($"grays of 8 bits were expected, not {kind} up to {white}");

        int Number() => int.Parse(Word(), CultureInfo.InvariantCulture);

        string Word()
        {
            while (file[at] <= ' ')
            {
                at++;
            }

            var start = at;
            while (file[at] > ' ')
            {
                at++;
            }

            // One white character ends a word; behind the last the pixels begin, whatever they look like.
            return Encoding.ASCII.GetString(file, start, at++ - start);
        }
    }

    /// <summary>The picture of a PNG in grays of 8 bits.</summary>
    public static PagePicture OfPng(byte[] file)
    {
        if (!file.AsSpan().StartsWith(Signature))
        {
            throw new FormatException("this is no PNG");
        }

        var (width, height) = (0, 0);
        using var packed = new MemoryStream();
        for (var at = Signature.Length; at < file.Length; )
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var kind = Encoding.ASCII.GetString(file, at + 4, 4);
            var content = file.AsSpan(at + 8, length);
            if (kind == "IHDR")
            {
                width = BinaryPrimitives.ReadInt32BigEndian(content);
                height = BinaryPrimitives.ReadInt32BigEndian(content[4..]);
                if (content[8] != 8 || content[9] != 0 || content[12] != 0)
                {
                    throw new FormatException("only grays of 8 bits that are not interlaced are read");
                }
            }
            else if (kind == "IDAT")
            {
                packed.Write(content);
            }

            at += length + 12;
        }

        packed.Position = 0;
        using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
        using var filtered = new MemoryStream();
        zlib.CopyTo(filtered);
        return new PagePicture(width, height, Unfiltered(filtered.ToArray(), width, height));
    }

    /// <summary>Pages side by side, with gray between them.</summary>
    public static PagePicture Beside(IReadOnlyList<PagePicture> pages)
    {
        const int gap = 8;
        var width = pages.Sum(page => page.Width) + gap * (pages.Count - 1);
        var height = pages.Max(page => page.Height);
        var pixels = new byte[width * height];
        Array.Fill(pixels, (byte)128);
        var left = 0;
        foreach (var page in pages)
        {
            for (var y = 0; y < page.Height; y++)
            {
                page._pixels.AsSpan(y * page.Width, page.Width).CopyTo(pixels.AsSpan(y * width + left));
            }

            left += page.Width + gap;
        }

        return new PagePicture(width, height, pixels);
    }

    /// <summary>The picture as a PNG, for people to look at.</summary>
    public byte[] ToPng()
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var y = 0; y < Height; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(_pixels, y * Width, Width);
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        header[8] = 8;
        using var file = new MemoryStream();
        file.Write(Signature);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>
    /// Where this picture differs from the expected one so much that a person would see it: shifts of one pixel, paler or fatter letters
    /// and a few specks are noise of the program that drew it. Nothing where the two are the same page.
    /// </summary>
    public IReadOnlyList<PageArea> DifferencesFrom(PagePicture expected)
    {
        if (Width != expected.Width || Height != expected.Height)
        {
            return [new PageArea(0, 0, Width, Height)];
        }

        var (here, there) = (Sums(), expected.Sums());
        var differs = new bool[(Width + Block - 1) / Block, (Height + Block - 1) / Block];
        var count = 0;
        for (var column = 0; column < differs.GetLength(0); column++)
        {
            for (var row = 0; row < differs.GetLength(1); row++)
            {
                if (!IsSame(here, there, column * Block, row * Block))
                {
                    differs[column, row] = true;
                    count++;
                }
            }
        }

        return count <= Few ? [] : Areas(differs);
    }

    /// <summary>The picture with frames around areas.</summary>
    public PagePicture Framed(IEnumerable<PageArea> areas)
    {
        var pixels = _pixels.ToArray();
        foreach (var area in areas)
        {
            for (var x = area.Left; x < area.Right; x++)
            {
                pixels[area.Top * Width + x] = 0;
                pixels[(area.Bottom - 1) * Width + x] = 0;
            }

            for (var y = area.Top; y < area.Bottom; y++)
            {
                pixels[y * Width + area.Left] = 0;
                pixels[y * Width + area.Right - 1] = 0;
            }
        }

        return new PagePicture(Width, Height, pixels);
    }

    /// <summary>Whether a square has the expected gray, there or a pixel beside.</summary>
    private bool IsSame(long[] here, long[] there, int left, int top)
    {
        var (right, bottom) = (Math.Min(left + Block, Width), Math.Min(top + Block, Height));
        var expected = SumOf(there, left, top, right, bottom);
        var most = Noise * (right - left) * (bottom - top);
        for (var x = -1; x <= 1; x++)
        {
            for (var y = -1; y <= 1; y++)
            {
                if (
                    left + x >= 0
                    && top + y >= 0
                    && right + x <= Width
                    && bottom + y <= Height
                    && Math.Abs(SumOf(here, left + x, top + y, right + x, bottom + y) - expected) <= most
                )
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>For each pixel the sum of all left of and above it, so that the sum of any square is four look-ups.</summary>
    private long[] Sums()
    {
        var stride = Width + 1;
        var sums = new long[stride * (Height + 1)];
        for (var y = 0; y < Height; y++)
        {
            var row = 0L;
            for (var x = 0; x < Width; x++)
            {
                row += _pixels[y * Width + x];
                sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
            }
        }

        return sums;
    }

    private long SumOf(long[] sums, int left, int top, int right, int bottom)
    {
        var stride = Width + 1;
        return sums[bottom * stride + right] - sums[top * stride + right] - sums[bottom * stride + left] + sums[top * stride + left];
    }

    /// <summary>Squares that lie together, as what holds them all; the squares are used up.</summary>
    private List<PageArea> Areas(bool[,] differs)
    {
        const int reach = 2;
        var (columns, rows) = (differs.GetLength(0), differs.GetLength(1));
        var areas = new List<PageArea>();
        var waiting = new Stack<(int Column, int Row)>();
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                if (!differs[column, row])
                {
                    continue;
                }

                var (left, top, right, bottom) = (column, row, column, row);
                waiting.Push((column, row));
                while (waiting.TryPop(out var at))
                {
                    if (!differs[at.Column, at.Row])
                    {
                        continue;
                    }

                    differs[at.Column, at.Row] = false;
                    (left, right) = (Math.Min(left, at.Column), Math.Max(right, at.Column));
                    (top, bottom) = (Math.Min(top, at.Row), Math.Max(bottom, at.Row));
                    for (var x = Math.Max(0, at.Column - reach); x <= Math.Min(columns - 1, at.Column + reach); x++)
                    {
                        for (var y = Math.Max(0, at.Row - reach); y <= Math.Min(rows - 1, at.Row + reach); y++)
                        {
                            waiting.Push((x, y));
                        }
                    }
                }

                areas.Add(
                    new PageArea(left * Block, top * Block, Math.Min((right + 1) * Block, Width), Math.Min((bottom + 1) * Block, Height))
                );
            }
        }

        return areas;
    }

    /// <summary>Rows as they were before each was written as what differs from its neighbours (PNG, clause 9).</summary>
    private static byte[] Unfiltered(byte[] filtered, int width, int height)
    {
        var pixels = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            var start = y * (width + 1);
            for (var x = 0; x < width; x++)
            {
                var at = y * width + x;
                int left = x > 0 ? pixels[at - 1] : 0;
                int above = y > 0 ? pixels[at - width] : 0;
                int corner = x > 0 && y > 0 ? pixels[at - width - 1] : 0;
                var guess = filtered[start] switch
                {
                    0 => 0,
                    1 => left,
                    2 => above,
                    3 => (left + above) / 2,
                    4 => Nearest(left, above, corner),
                    var other => throw new FormatException($"a PNG has no filter {other}"),
                };
                pixels[at] = (byte)(filtered[start + 1 + x] + guess);
            }
        }

        return pixels;
    }

    private static int Nearest(int left, int above, int corner)
    {
        var guess = left + above - corner;
        var (toLeft, toAbove, toCorner) = (Math.Abs(guess - left), Math.Abs(guess - above), Math.Abs(guess - corner));
        return toLeft <= toAbove && toLeft <= toCorner ? left
            : toAbove <= toCorner ? above
            : corner;
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> content)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(four, content.Length);
        file.Write(four);
        file.Write(kind);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(four, ~Crc(Crc(uint.MaxValue, kind), content));
        file.Write(four);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var each in bytes)
        {
            crc ^= each;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320u : crc >> 1;
            }
        }

        return crc;
    }
}
