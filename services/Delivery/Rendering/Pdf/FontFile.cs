using System.Buffers.Binary;
using System.Text;

namespace RetailInvoicing.Delivery.Rendering.Pdf;

/// <summary>A TrueType font as its file says (ISO/IEC 14496-22): which glyph writes a character, how wide it is, how it is drawn.</summary>
public sealed class FontFile
{
    private const uint TrueType = 0x00010000;

    private readonly byte[] _file;
    private readonly Dictionary<string, Range> _tables = new(StringComparer.Ordinal);
    private readonly ushort[] _glyphs = new ushort[char.MaxValue + 1];
    private readonly Dictionary<int, ushort> _rare = [];
    private readonly ushort[] _advances;
    private readonly int[] _offsets;

    /// <summary>Reads a font file; it is ours, so one that is broken is a mistake of ours.</summary>
    public FontFile(string name, byte[] file)
    {
        (Name, _file) = (name, file);
        if (BinaryPrimitives.ReadUInt32BigEndian(file) != TrueType)
        {
            throw new InvalidDataException($"{name} is no TrueType font");
        }

        for (var i = 0; i < UShort(file, 4); i++)
        {
            var entry = file.AsSpan(12 + 16 * i, 16);
            var start = (int)BinaryPrimitives.ReadUInt32BigEndian(entry[8..]);
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(entry[12..]);
            _tables[Encoding.ASCII.GetString(entry[..4])] = start..(start + length);
        }

        var head = Table("head");
        var hhea = Table("hhea");
        UnitsPerEm = UShort(head, 18);
        Box = (Short(head, 36), Short(head, 38), Short(head, 40), Short(head, 42));
        (Ascender, Descender) = (Short(hhea, 4), Short(hhea, 6));
        CapHeight = _tables.ContainsKey("OS/2") && UShort(Table("OS/2"), 0) >= 2 ? Short(Table("OS/2"), 88) : Ascender;
        Glyphs = UShort(Table("maxp"), 4);
        _advances = Advances(UShort(hhea, 34));
        _offsets = Offsets(isLong: Short(head, 50) != 0);
        ReadCharacters();
    }

    /// <summary>Its PostScript name.</summary>
    public string Name { get; }

    /// <summary>The unit of everything measured here, as parts of the em.</summary>
    public int UnitsPerEm { get; }

    /// <summary>Left, bottom, right and top of all glyphs over each other.</summary>
    public (int Left, int Bottom, int Right, int Top) Box { get; }

    /// <summary>How far letters reach above the line.</summary>
    public int Ascender { get; }

    /// <summary>How far letters reach below the line; negative.</summary>
    public int Descender { get; }

    /// <summary>Height of a capital letter.</summary>
    public int CapHeight { get; }

    /// <summary>How many glyphs there are.</summary>
    public int Glyphs { get; }

    /// <summary>The glyph of a character; 0 where the font cannot write it.</summary>
    public ushort GlyphOf(int character) => character <= char.MaxValue ? _glyphs[character] : _rare.GetValueOrDefault(character);

    /// <summary>How far a glyph moves on.</summary>
    public int AdvanceOf(int glyph) => _advances[glyph];

    /// <summary>A glyph's outline; empty for a space.</summary>
    public ReadOnlySpan<byte> OutlineOf(int glyph) => Table("glyf")[_offsets[glyph].._offsets[glyph + 1]];

    /// <summary>A table's bytes.</summary>
    public ReadOnlySpan<byte> Table(string tag) => _file.AsSpan(_tables[tag]);

    /// <summary>The glyphs that a glyph is put together from.</summary>
    public IEnumerable<ushort> PartsOf(int glyph)
    {
        var outline = OutlineOf(glyph);
        if (outline.Length == 0 || Short(outline, 0) >= 0)
        {
            return [];
        }

        var parts = new List<ushort>();
        var at = 10;
        int flags;
        do
        {
            flags = UShort(outline, at);
            parts.Add(UShort(outline, at + 2));
            at += SizeOfPart(flags);
        } while ((flags & PartFlags.More) != 0);

        return parts;
    }

    internal static int SizeOfPart(int flags) =>
        4
        + ((flags & PartFlags.Words) != 0 ? 4 : 2)
        + (
            (flags & PartFlags.TwoByTwo) != 0 ? 8
            : (flags & PartFlags.TwoScales) != 0 ? 4
            : (flags & PartFlags.Scale) != 0 ? 2
            : 0
        );

    internal static ushort UShort(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    internal static short Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt16BigEndian(bytes[at..]);

    private ushort[] Advances(int measured)
    {
        var hmtx = Table("hmtx");
        var advances = new ushort[Glyphs];
        for (var glyph = 0; glyph < Glyphs; glyph++)
        {
            advances[glyph] = UShort(hmtx, 4 * Math.Min(glyph, measured - 1));
        }

        return advances;
    }

    private int[] Offsets(bool isLong)
    {
        var loca = Table("loca");
        var offsets = new int[Glyphs + 1];
        for (var glyph = 0; glyph <= Glyphs; glyph++)
        {
            offsets[glyph] = isLong ? (int)BinaryPrimitives.ReadUInt32BigEndian(loca[(4 * glyph)..]) : 2 * UShort(loca, 2 * glyph);
        }

        return offsets;
    }

    /// <summary>Reads the fullest of the tables that speak Unicode: all of it in format 12, its first plane in format 4.</summary>
    private void ReadCharacters()
    {
        var cmap = Table("cmap");
        var (rank, start) = (0, 0);
        for (var i = 0; i < UShort(cmap, 2); i++)
        {
            var (platform, encoding) = (UShort(cmap, 4 + 8 * i), UShort(cmap, 6 + 8 * i));
            var offset = (int)BinaryPrimitives.ReadUInt32BigEndian(cmap[(8 + 8 * i)..]);
            var found = (platform, encoding, UShort(cmap, offset)) switch
            {
                (3, 10, 12) or (0, _, 12) => 2,
                (3, 1, 4) or (0, _, 4) => 1,
                _ => 0,
            };
            if (found > rank)
            {
                (rank, start) = (found, offset);
            }
        }

        if (rank == 2)
        {
            ReadGroups(cmap[start..]);
        }
        else if (rank == 1)
        {
            ReadSegments(cmap[start..]);
        }
        else
        {
            throw new InvalidDataException($"{Name} has no table of Unicode characters");
        }
    }

    private void ReadGroups(ReadOnlySpan<byte> table)
    {
        var groups = (int)BinaryPrimitives.ReadUInt32BigEndian(table[12..]);
        for (var i = 0; i < groups; i++)
        {
            var group = table.Slice(16 + 12 * i, 12);
            var first = (int)BinaryPrimitives.ReadUInt32BigEndian(group);
            var last = (int)BinaryPrimitives.ReadUInt32BigEndian(group[4..]);
            var glyph = (int)BinaryPrimitives.ReadUInt32BigEndian(group[8..]);
            for (var character = first; character <= last; character++)
            {
                Keep(character, (ushort)(glyph + character - first));
            }
        }
    }

    private void ReadSegments(ReadOnlySpan<byte> table)
    {
        var segments = UShort(table, 6) / 2;
        var (ends, starts) = (14, 16 + 2 * segments);
        var (deltas, ranges) = (starts + 2 * segments, starts + 4 * segments);
        for (var i = 0; i < segments; i++)
        {
            var (first, last) = (UShort(table, starts + 2 * i), UShort(table, ends + 2 * i));
            var (delta, range) = (UShort(table, deltas + 2 * i), UShort(table, ranges + 2 * i));
            for (var character = (int)first; character <= last && character < char.MaxValue; character++)
            {
                var glyph = range == 0 ? (ushort)character : UShort(table, ranges + 2 * i + range + 2 * (character - first));
                Keep(character, glyph == 0 && range != 0 ? (ushort)0 : (ushort)(glyph + delta));
            }
        }
    }

    private void Keep(int character, ushort glyph)
    {
        if (character <= char.MaxValue)
        {
            _glyphs[character] = glyph;
        }
        else
        {
            _rare[character] = glyph;
        }
    }

    /// <summary>What the parts of a composed glyph say of themselves.</summary>
    internal static class PartFlags
    {
        public const int Words = 0x0001;
        public const int Scale = 0x0008;
        public const int More = 0x0020;
        public const int TwoScales = 0x0040;
        public const int TwoByTwo = 0x0080;
        public const int Instructed = 0x0100;
    }
}
