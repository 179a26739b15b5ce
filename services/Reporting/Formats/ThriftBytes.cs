using System.Buffers;
using System.Text;

namespace RetailInvoicing.Reporting.Formats;

/// <summary>Structures in Thrift's compact protocol, as the headers and the footer of a Parquet file are written in.</summary>
internal sealed class ThriftBytes
{
    private const byte I32 = 5;
    private const byte I64 = 6;
    private const byte Binary = 8;
    private const byte ListOf = 9;
    private const byte Struct = 12;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Stack<int> _outer = new();
    private int _last;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>A field of 32 bits.</summary>
    public ThriftBytes Field(int id, int value)
    {
        Head(id, I32);
        return Zigzag(value);
    }

    /// <summary>A field of 64 bits.</summary>
    public ThriftBytes Field(int id, long value)
    {
        Head(id, I64);
        return Zigzag(value);
    }

    /// <summary>A field of text.</summary>
    public ThriftBytes Field(int id, string value)
    {
        Head(id, Binary);
        return Text(value);
    }

    /// <summary>A field that is a structure; <see cref="End"/> ends it.</summary>
    public ThriftBytes Begin(int id)
    {
        Head(id, Struct);
        return BeginElement();
    }

    /// <summary>A field that is a list of structures, each begun by <see cref="BeginElement"/>.</summary>
    public ThriftBytes Structs(int id, int count) => Count(id, count, Struct);

    /// <summary>A field that is a list of numbers.</summary>
    public ThriftBytes Numbers(int id, params ReadOnlySpan<int> values)
    {
        Count(id, values.Length, I32);
        foreach (var value in values)
        {
            Zigzag(value);
        }

        return this;
    }

    /// <summary>A field that is a list of texts.</summary>
    public ThriftBytes Texts(int id, params ReadOnlySpan<string> values)
    {
        Count(id, values.Length, Binary);
        foreach (var value in values)
        {
            Text(value);
        }

        return this;
    }

    /// <summary>A structure in a list.</summary>
    public ThriftBytes BeginElement()
    {
        _outer.Push(_last);
        _last = 0;
        return this;
    }

    /// <summary>Ends the innermost structure.</summary>
    public ThriftBytes End()
    {
        Byte(0);
        _last = _outer.Count > 0 ? _outer.Pop() : 0;
        return this;
    }

    private ThriftBytes Count(int id, int count, byte kind)
    {
        Head(id, ListOf);
        if (count < 15)
        {
            Byte((byte)((count << 4) | kind));
            return this;
        }

        Byte((byte)(0xF0 | kind));
        return Varint((ulong)count);
    }

    /// <summary>A field says how far its number is from the one before; each of ours is less than sixteen from it.</summary>
    private void Head(int id, byte kind)
    {
        Byte((byte)(((id - _last) << 4) | kind));
        _last = id;
    }

    private ThriftBytes Text(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Varint((ulong)bytes.Length);
        _bytes.Write(bytes);
        return this;
    }

    private ThriftBytes Zigzag(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    private ThriftBytes Varint(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
        return this;
    }

    private void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }
}
