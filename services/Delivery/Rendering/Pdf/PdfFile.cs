using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace RetailInvoicing.Delivery.Rendering.Pdf;

/// <summary>
/// The objects of a PDF 1.7 file (ISO 32000-1, 7.5): streams and the few that plain readers look for stand as they are, the many small
/// ones packed together. Nothing in it says when or where it was made: the same objects make the same bytes.
/// </summary>
internal sealed class PdfFile
{
    private const int MostTogether = 200;

    // An invoice of a page has forty thousand.
    private readonly PdfBytes _out = new(room: 64 * 1024);
    private readonly List<Place> _places = [new Place(0, 0, 65535)];
    private readonly List<(int Id, ReadOnlyMemory<byte> Bytes)> _small = [];

    /// <summary>A file of no objects.</summary>
    public PdfFile() => _out.Add("%PDF-1.7\n%"u8).Add([0xe2, 0xe3, 0xcf, 0xd3]).Add("\n"u8);

    /// <summary>Where an object is: 0 nowhere, 1 at an offset, 2 in another object at a place.</summary>
    private readonly record struct Place(byte Kind, int Where, int Index);

    /// <summary>A number for an object that others refer to before it is there.</summary>
    public int Reserve()
    {
        _places.Add(default);
        return _places.Count - 1;
    }

    /// <summary>Writes an object as it stands.</summary>
    public int Add(PdfBytes content, int? reserved = null)
    {
        var id = Begin(reserved);
        _out.Add(content.Written.Span).Add("\nendobj\n"u8);
        return id;
    }

    /// <summary>Keeps an object to be packed with others.</summary>
    public int AddSmall(PdfBytes content, int? reserved = null)
    {
        var id = reserved ?? Reserve();
        _small.Add((id, content.Written));
        return id;
    }

    /// <summary>Writes a stream as it stands.</summary>
    public int AddStream(ReadOnlySpan<byte> content, string entries = "", int? reserved = null) => Stream(content, entries, reserved);

    /// <summary>Writes a stream that was packed before.</summary>
    public int AddPacked(ReadOnlySpan<byte> packed, string entries = "", int? reserved = null) =>
        Stream(packed, entries + "/Filter/FlateDecode", reserved);

    /// <summary>Writes a stream, packed.</summary>
    public int AddPacking(ReadOnlySpan<byte> content, string entries = "", int? reserved = null) =>
        AddPacked(Pack(content), entries, reserved);

    /// <summary>Packs bytes as FlateDecode unpacks them.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> content)
    {
        using var packed = new MemoryStream(content.Length / 2 + 64);
        using (var packing = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packing.Write(content);
        }

        return packed.ToArray();
    }

    /// <summary>The whole file, begun at its catalogue.</summary>
    public byte[] Build(int catalogue, int information)
    {
        foreach (var together in _small.Chunk(MostTogether))
        {
            Pack(together);
        }

        var table = Reserve();
        var at = _out.Length;
        _places[table] = new Place(1, at, 0);
        var rows = new byte[7 * _places.Count];
        for (var i = 0; i < _places.Count; i++)
        {
            rows[7 * i] = _places[i].Kind;
            BinaryPrimitives.WriteInt32BigEndian(rows.AsSpan(7 * i + 1), _places[i].Where);
            BinaryPrimitives.WriteUInt16BigEndian(rows.AsSpan(7 * i + 5), (ushort)_places[i].Index);
        }

        var hash = Convert.ToHexString(SHA256.HashData(_out.Written.Span).AsSpan(0, 16));
        var packed = Pack(rows);
        _out.Add(table)
            .Add(" 0 obj\n<</Type/XRef/W[1 4 2]/Size "u8)
            .Add(_places.Count)
            .Add("/Root "u8)
            .Refer(catalogue)
            .Add("/Info "u8)
            .Refer(information)
            .Add($"/ID[<{hash}><{hash}>]/Filter/FlateDecode/Length ")
            .Add(packed.Length)
            .Add(">>stream\n"u8)
            .Add(packed)
            .Add("\nendstream\nendobj\nstartxref\n"u8)
            .Add(at)
            .Add("\n%%EOF\n"u8);
        return _out.Written.ToArray();
    }

    private int Begin(int? reserved)
    {
        var id = reserved ?? Reserve();
        _places[id] = new Place(1, _out.Length, 0);
        _out.Add(id).Add(" 0 obj\n"u8);
        return id;
    }

    private int Stream(ReadOnlySpan<byte> content, string entries, int? reserved)
    {
        var id = Begin(reserved);
        _out.Add("<<"u8).Add(entries).Add("/Length "u8).Add(content.Length).Add(">>stream\n"u8).Add(content).Add("\nendstream\nendobj\n"u8);
        return id;
    }

    private void Pack((int Id, ReadOnlyMemory<byte> Bytes)[] together)
    {
        var (numbers, bodies) = (new PdfBytes(), new PdfBytes());
        var pack = Reserve();
        for (var i = 0; i < together.Length; i++)
        {
            numbers.Add(together[i].Id).Add(" "u8).Add(bodies.Length).Add(" "u8);
            bodies.Add(together[i].Bytes.Span).Add("\n"u8);
            _places[together[i].Id] = new Place(2, pack, i);
        }

        var first = numbers.Length;
        numbers.Add(bodies.Written.Span);
        AddPacking(numbers.Written.Span, $"/Type/ObjStm/N {together.Length}/First {first}", pack);
    }
}
