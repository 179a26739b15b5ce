using System.Buffers.Binary;
using System.Text;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>A file of an export as its zip tells of it twice: in the header before its content, and in the list at the zip's end.</summary>
internal sealed record LaidOutFile(long Offset, uint Length, byte[] Header, byte[] Listing)
{
    /// <summary>The name in the header.</summary>
    public string HeaderName => Encoding.Latin1.GetString(Header, 30, StoredZip.NameLength);

    /// <summary>The name in the list.</summary>
    public string ListingName => Encoding.Latin1.GetString(Listing, 46, StoredZip.NameLength);

    /// <summary>The CRC in the header.</summary>
    public uint HeaderCrc => BinaryPrimitives.ReadUInt32LittleEndian(Header.AsSpan(14));

    /// <summary>The CRC in the list.</summary>
    public uint ListingCrc => BinaryPrimitives.ReadUInt32LittleEndian(Listing.AsSpan(16));

    /// <summary>The first byte of the zip, header or list, that is not what such a file's would be; none where all are.</summary>
    public long? Difference(string name, uint crc, long listingOffset)
    {
        var part = new ZipPart(name, crc, Length, Offset);
        return Of(Header, StoredZip.Header(part), Offset) ?? Of(Listing, StoredZip.Listing(part), listingOffset);

        static long? Of(byte[] found, byte[] expected, long offset) =>
            found.AsSpan().CommonPrefixLength(expected) is var at && at == expected.Length ? null : offset + at;
    }
}

/// <summary>
/// Where the files of an export lie. Headers are recognised by most of their bytes and lengths stand twice, so that one that was changed does
/// not hide the files after it.
/// </summary>
internal sealed class ExportLayout
{
    private const int MostChanged = 4;

    private ExportLayout(IReadOnlyList<LaidOutFile> files, IReadOnlyList<long> listings, long? endDifference) =>
        (Files, Listings, EndDifference) = (files, listings, endDifference);

    /// <summary>The files, in their order.</summary>
    public IReadOnlyList<LaidOutFile> Files { get; }

    /// <summary>Where the list tells of each.</summary>
    public IReadOnlyList<long> Listings { get; }

    /// <summary>The first byte after the list that is not what it would be; none where all are.</summary>
    public long? EndDifference { get; }

    /// <summary>The layout of a zip; none where it is not laid out as an export is, from the byte said.</summary>
    public static ExportLayout? Of(Stream zip, out long brokenAt)
    {
        var headers = new List<(long Offset, uint Length, byte[] Header)>();
        for (brokenAt = 0; !IsListing(Bytes(zip, brokenAt, 46 + StoredZip.NameLength)); )
        {
            var header = Bytes(zip, brokenAt, StoredZip.HeaderLength);
            if (!IsHeader(header) || LengthOf(zip, brokenAt, header) is not { } length)
            {
                return null;
            }

            headers.Add((brokenAt, length, header));
            brokenAt += StoredZip.HeaderLength + length;
        }

        var (files, listings, at) = (new List<LaidOutFile>(headers.Count), new List<long>(headers.Count), brokenAt);
        foreach (var (offset, length, header) in headers)
        {
            var listing = Bytes(zip, at, StoredZip.ListingLength(new ZipPart("", 0, 0, offset)));
            if (!IsListing(listing))
            {
                brokenAt = at;
                return null;
            }

            files.Add(new LaidOutFile(offset, length, header, listing));
            listings.Add(at);
            at += listing.Length;
        }

        var end = StoredZip.End(files.Count, brokenAt, at - brokenAt);
        var found = Bytes(zip, at, end.Length);
        var same = found.AsSpan().CommonPrefixLength(end);
        return new ExportLayout(files, listings, same == end.Length && zip.Length == at + end.Length ? null : at + same);
    }

    /// <summary>The content of a file.</summary>
    public static byte[] Content(Stream zip, LaidOutFile of) => Bytes(zip, of.Offset + StoredZip.HeaderLength, (int)of.Length);

    /// <summary>The length after which another header or the list begins.</summary>
    private static uint? LengthOf(Stream zip, long offset, byte[] header)
    {
        foreach (var at in new[] { 18, 22 })
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(at));
            var next = offset + StoredZip.HeaderLength + length;
            if (
                next < zip.Length
                && (IsHeader(Bytes(zip, next, StoredZip.HeaderLength)) || IsListing(Bytes(zip, next, 46 + StoredZip.NameLength)))
            )
            {
                return length;
            }
        }

        return null;
    }

    private static bool IsHeader(byte[] bytes)
    {
        if (bytes.Length != StoredZip.HeaderLength)
        {
            return false;
        }

        var file = new LaidOutFile(0, 0, bytes, []);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(18));
        return Changed(bytes, StoredZip.Header(new ZipPart(file.HeaderName, file.HeaderCrc, length, 0))) <= MostChanged;
    }

    private static bool IsListing(byte[] bytes)
    {
        if (bytes.Length < 46 + StoredZip.NameLength)
        {
            return false;
        }

        var file = new LaidOutFile(0, 0, [], bytes);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(20));
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(42));
        if (bytes.Length > 46 + StoredZip.NameLength)
        {
            return Changed(bytes, StoredZip.Listing(new ZipPart(file.ListingName, file.ListingCrc, length, uint.MaxValue)))
                <= MostChanged + 8;
        }

        return Changed(
                bytes,
                StoredZip.Listing(new ZipPart(file.ListingName, file.ListingCrc, length, Math.Min(offset, uint.MaxValue - 1)))
            ) <= MostChanged;
    }

    private static int Changed(byte[] found, byte[] expected)
    {
        var changed = 0;
        for (var at = 0; at < expected.Length; at++)
        {
            changed += found[at] == expected[at] ? 0 : 1;
        }

        return changed;
    }

    private static byte[] Bytes(Stream zip, long offset, int length)
    {
        if (offset >= zip.Length)
        {
            return [];
        }

        zip.Position = offset;
        var bytes = new byte[(int)Math.Min(length, zip.Length - offset)];
        zip.ReadExactly(bytes);
        return bytes;
    }
}
