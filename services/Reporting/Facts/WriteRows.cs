using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace RetailInvoicing.Reporting.Facts;

/// <summary>
/// Rows by the ten thousand, in the binary format of PostgreSQL's COPY: a rebuild writes tens of millions of values, and asking a library how
/// each is to be written takes longer than writing it.
/// </summary>
public sealed class WriteRows
{
    private const int TextOid = 25;
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;
    private const ushort Negative = 0x4000;
    private const int Group = 10_000;

    // At most 29 digits, and up to three more that fill the last group of four.
    private const int MostGroups = 9;

    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly long Epoch = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
    private static readonly int EpochDay = new DateOnly(2000, 1, 1).DayNumber;
    private static readonly uint[] Fillers = [1, 1000, 100, 10];

    private readonly ArrayBufferWriter<byte> _bytes = new(256 * 1024);

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _bytes.WrittenCount == 0;

    /// <summary>A row of so many values, which follow in the order of the columns.</summary>
    public WriteRows Row(int values)
    {
        if (IsEmpty)
        {
            _bytes.Write(Header);
        }

        BinaryPrimitives.WriteInt16BigEndian(_bytes.GetSpan(2), (short)values);
        _bytes.Advance(2);
        return this;
    }

    /// <summary>A text; absent where it is null.</summary>
    public WriteRows Text(string? value)
    {
        if (value is null)
        {
            return Length(-1);
        }

        var span = _bytes.GetSpan(4 + Encoding.UTF8.GetMaxByteCount(value.Length));
        var length = Encoding.UTF8.GetBytes(value, span[4..]);
        BinaryPrimitives.WriteInt32BigEndian(span, length);
        _bytes.Advance(4 + length);
        return this;
    }

    /// <summary>An array of texts.</summary>
    public WriteRows Texts(IReadOnlyList<string> values)
    {
        var at = _bytes.WrittenCount;
        Length(0);
        // Dimensions, no nulls, what they are; and of the one dimension how many, from 1.
        Whole(values.Count > 0 ? 1 : 0);
        Whole(0);
        Whole(TextOid);
        if (values.Count > 0)
        {
            Whole(values.Count);
            Whole(1);
        }

        foreach (var value in values)
        {
            Text(value);
        }

        Patch(at, _bytes.WrittenCount - at - 4);
        return this;

        void Whole(int value) => Length(value);
    }

    /// <summary>An id.</summary>
    public WriteRows Uuid(Guid value)
    {
        Length(16);
        value.TryWriteBytes(_bytes.GetSpan(16), bigEndian: true, out _);
        _bytes.Advance(16);
        return this;
    }

    /// <summary>A day.</summary>
    public WriteRows Date(DateOnly value) => Integer(value.DayNumber - EpochDay);

    /// <summary>An instant, to the microsecond; what is finer is cut.</summary>
    public WriteRows Instant(DateTimeOffset value) => Bigint((value.UtcTicks - Epoch) / TicksPerMicrosecond);

    /// <summary>A whole number of two bytes.</summary>
    public WriteRows Smallint(short value)
    {
        Length(2);
        BinaryPrimitives.WriteInt16BigEndian(_bytes.GetSpan(2), value);
        _bytes.Advance(2);
        return this;
    }

    /// <summary>A whole number of four bytes.</summary>
    public WriteRows Integer(int value)
    {
        Length(4);
        return Length(value);
    }

    /// <summary>A whole number of eight bytes.</summary>
    public WriteRows Bigint(long value)
    {
        Length(8);
        BinaryPrimitives.WriteInt64BigEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
        return this;
    }

    /// <summary>A decimal, exactly: groups of four digits, of which the first stands for 10000 to the power of the weight.</summary>
    public WriteRows Numeric(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var scale = (bits[3] >> 16) & 0xFF;
        var digits = new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]) * Fillers[scale % 4];
        Span<short> groups = stackalloc short[MostGroups];
        var count = 0;
        // Most amounts are of one word.
        for (; digits > ulong.MaxValue; digits /= Group)
        {
            groups[count++] = (short)(int)(digits % Group);
        }

        for (var small = (ulong)digits; small > 0; small /= Group)
        {
            groups[count++] = (short)(small % Group);
        }

        var span = _bytes.GetSpan(12 + 2 * MostGroups);
        BinaryPrimitives.WriteInt32BigEndian(span, 8 + 2 * count);
        BinaryPrimitives.WriteInt16BigEndian(span[4..], (short)count);
        BinaryPrimitives.WriteInt16BigEndian(span[6..], (short)(count - (scale + 3) / 4 - 1));
        BinaryPrimitives.WriteUInt16BigEndian(span[8..], bits[3] < 0 && count > 0 ? Negative : (ushort)0);
        BinaryPrimitives.WriteInt16BigEndian(span[10..], (short)scale);
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt16BigEndian(span[(12 + 2 * i)..], groups[count - 1 - i]);
        }

        _bytes.Advance(12 + 2 * count);
        return this;
    }

    /// <summary>Sends them to a statement copy … from stdin (format binary), and is empty again.</summary>
    public async Task HandleAsync(NpgsqlConnection connection, string copy, CancellationToken cancellationToken)
    {
        if (IsEmpty)
        {
            return;
        }

        BinaryPrimitives.WriteInt16BigEndian(_bytes.GetSpan(2), -1);
        _bytes.Advance(2);
        await using (var stream = await connection.BeginRawBinaryCopyAsync(copy, cancellationToken))
        {
            await stream.WriteAsync(_bytes.WrittenMemory, cancellationToken);
        }

        _bytes.ResetWrittenCount();
    }

    private WriteRows Length(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
        return this;
    }

    private void Patch(int at, int value) =>
        BinaryPrimitives.WriteInt32BigEndian(System.Runtime.InteropServices.MemoryMarshal.AsMemory(_bytes.WrittenMemory).Span[at..], value);
}
