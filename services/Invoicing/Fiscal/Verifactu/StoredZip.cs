using System.Buffers.Binary;
using System.Text;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>A file of a zip: its name of fourteen letters, the CRC and length of its content, and where its header begins.</summary>
public readonly record struct ZipPart(string Name, uint Crc, uint Length, long Offset);

/// <summary>
/// The bytes of a zip around its files' contents (APPNOTE 6.3.10), files stored, dated 1980-01-01, and everything that may be left out left
/// out: they follow from the files. Zip64 where there are more files or bytes than a zip without it can count.
/// </summary>
public static class StoredZip
{
    internal const int NameLength = 14;
    internal const int HeaderLength = 30 + NameLength;
    private const uint HeaderMark = 0x04034b50;
    private const uint ListingMark = 0x02014b50;
    private const uint EndMark = 0x06054b50;
    private const uint Zip64EndMark = 0x06064b50;
    private const uint Zip64LocatorMark = 0x07064b50;
    private const ushort Plain = 20;
    private const ushort Zip64 = 45;
    private const ushort FirstDay = 0x21; // 1980-01-01

    /// <summary>The header before a file's content.</summary>
    public static byte[] Header(ZipPart part)
    {
        var bytes = new byte[HeaderLength];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, HeaderMark);
        Described(bytes.AsSpan(4), part, Plain);
        Encoding.Latin1.GetBytes(part.Name, bytes.AsSpan(30));
        return bytes;
    }

    /// <summary>A file's entry in the list at the end of the zip.</summary>
    public static byte[] Listing(ZipPart part)
    {
        var isFar = part.Offset >= uint.MaxValue;
        var bytes = new byte[ListingLength(part)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, ListingMark);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), isFar ? Zip64 : Plain);
        Described(bytes.AsSpan(6), part, isFar ? Zip64 : Plain);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(30), (ushort)(isFar ? 12 : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(42), isFar ? uint.MaxValue : (uint)part.Offset);
        Encoding.Latin1.GetBytes(part.Name, bytes.AsSpan(46));
        if (isFar)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(46 + NameLength), 1);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(48 + NameLength), 8);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(50 + NameLength), part.Offset);
        }

        return bytes;
    }

    /// <summary>How long a file's entry in the list is.</summary>
    internal static int ListingLength(ZipPart part) => 46 + NameLength + (part.Offset >= uint.MaxValue ? 12 : 0);

    /// <summary>The end of a zip of so many files whose list begins at a byte and has a length.</summary>
    public static byte[] End(long count, long begin, long length)
    {
        var isLarge = count >= ushort.MaxValue || begin >= uint.MaxValue || length >= uint.MaxValue;
        using var bytes = new MemoryStream(98);
        using var write = new BinaryWriter(bytes);
        if (isLarge)
        {
            write.Write(Zip64EndMark);
            write.Write(44L);
            write.Write(Zip64);
            write.Write(Zip64);
            write.Write(0L);
            write.Write(count);
            write.Write(count);
            write.Write(length);
            write.Write(begin);
            write.Write(Zip64LocatorMark);
            write.Write(0);
            write.Write(begin + length);
            write.Write(1);
        }

        write.Write(EndMark);
        write.Write(0);
        write.Write(isLarge ? ushort.MaxValue : (ushort)count);
        write.Write(isLarge ? ushort.MaxValue : (ushort)count);
        write.Write(isLarge ? uint.MaxValue : (uint)length);
        write.Write(isLarge ? uint.MaxValue : (uint)begin);
        write.Write((ushort)0);
        write.Flush();
        return bytes.ToArray();
    }

    /// <summary>What header and list say alike: version, how it is packed, day, CRC, lengths.</summary>
    private static void Described(Span<byte> bytes, ZipPart part, ushort version)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], FirstDay);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[10..], part.Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[14..], part.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[18..], part.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[22..], NameLength);
    }
}
