using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace RetailInvoicing.Delivery.Rendering.Pdf;

/// <summary>
/// The part of a font that a document embeds: the outlines it uses under the numbers they have, without the programs that fit them to
/// the pixels of old screens. The same glyphs make the same bytes.
/// </summary>
internal sealed class FontSubset
{
    private static readonly string[] Tags = ["glyf", "head", "hhea", "hmtx", "loca", "maxp"];

    private readonly SortedSet<ushort> _glyphs;

    private FontSubset(FontFile font, SortedSet<ushort> glyphs)
    {
        (Font, _glyphs) = (font, glyphs);
        var file = FileOf(font, Whole(font, glyphs));
        Length = file.Length;
        Packed = PdfFile.Pack(file);
        // Six capitals that tell subsets of one font apart (ISO 32000-1, 9.6.4).
        var hash = SHA256.HashData(file);
        Name = string.Concat(hash.Take(6).Select(each => (char)('A' + each % 26))) + "+" + font.Name;
    }

    /// <summary>The font it is a part of.</summary>
    public FontFile Font { get; }

    /// <summary>The glyphs that text may use, in their order.</summary>
    public IReadOnlyCollection<ushort> Glyphs => _glyphs;

    /// <summary>Its name in the document.</summary>
    public string Name { get; }

    /// <summary>Bytes of the file.</summary>
    public int Length { get; }

    /// <summary>The file, packed.</summary>
    public ReadOnlyMemory<byte> Packed { get; }

    /// <summary>Whether text may use a glyph.</summary>
    public bool Contains(ushort glyph) => _glyphs.Contains(glyph);

    /// <summary>The subset that holds these glyphs.</summary>
    public static FontSubset Of(FontFile font, IEnumerable<ushort> glyphs) => new(font, new SortedSet<ushort>(glyphs));

    /// <summary>With the glyphs that others are put together from, and the one that stands for none.</summary>
    private static SortedSet<ushort> Whole(FontFile font, IEnumerable<ushort> glyphs)
    {
        var whole = new SortedSet<ushort> { 0 };
        var open = new Stack<ushort>(glyphs);
        while (open.TryPop(out var glyph))
        {
            if (whole.Add(glyph))
            {
                foreach (var part in font.PartsOf(glyph))
                {
                    open.Push(part);
                }
            }
        }

        return whole;
    }

    private static byte[] FileOf(FontFile font, SortedSet<ushort> glyphs)
    {
        var outlines = new MemoryStream();
        var loca = new byte[4 * (font.Glyphs + 1)];
        var hmtx = new byte[4 * font.Glyphs];
        var original = font.Table("hmtx");
        var measured = FontFile.UShort(font.Table("hhea"), 34);
        for (var glyph = 0; glyph < font.Glyphs; glyph++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(loca.AsSpan(4 * glyph), (uint)outlines.Length);
            if (!glyphs.Contains((ushort)glyph))
            {
                continue;
            }

            BinaryPrimitives.WriteUInt16BigEndian(hmtx.AsSpan(4 * glyph), (ushort)font.AdvanceOf(glyph));
            // Where the widths end, only the bearings go on.
            var bearing = glyph < measured ? 4 * glyph + 2 : 4 * measured + 2 * (glyph - measured);
            original.Slice(bearing, 2).CopyTo(hmtx.AsSpan(4 * glyph + 2));
            WriteOutline(font.OutlineOf(glyph), outlines);
        }

        BinaryPrimitives.WriteUInt32BigEndian(loca.AsSpan(4 * font.Glyphs), (uint)outlines.Length);
        var head = font.Table("head").ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(8), 0);
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1);
        var hhea = font.Table("hhea").ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(hhea.AsSpan(34), (ushort)font.Glyphs);
        var maxp = font.Table("maxp").ToArray();
        // Storage, functions, instructions and stack of the programs that are left out.
        maxp.AsSpan(18, 10).Clear();
        return Assembled([outlines.ToArray(), head, hhea, hmtx, loca, maxp]);
    }

    /// <summary>An outline without its program, on an even place.</summary>
    private static void WriteOutline(ReadOnlySpan<byte> outline, MemoryStream to)
    {
        if (outline.Length == 0)
        {
            return;
        }

        var contours = FontFile.Short(outline, 0);
        if (contours >= 0)
        {
            var at = 10 + 2 * contours;
            to.Write(outline[..at]);
            to.Write([0, 0]);
            to.Write(outline[(at + 2 + FontFile.UShort(outline, at))..]);
        }
        else
        {
            to.Write(outline[..10]);
            var at = 10;
            int flags;
            do
            {
                flags = FontFile.UShort(outline, at);
                var part = outline.Slice(at, FontFile.SizeOfPart(flags)).ToArray();
                BinaryPrimitives.WriteUInt16BigEndian(part, (ushort)(flags & ~FontFile.PartFlags.Instructed));
                to.Write(part);
                at += part.Length;
            } while ((flags & FontFile.PartFlags.More) != 0);
        }

        while (to.Length % 4 != 0)
        {
            to.WriteByte(0);
        }
    }

    private static byte[] Assembled(byte[][] tables)
    {
        var header = 12 + 16 * tables.Length;
        var file = new byte[header + tables.Sum(static table => Padded(table.Length))];
        BinaryPrimitives.WriteUInt32BigEndian(file, 0x00010000);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(4), (ushort)tables.Length);
        var power = BitOperations.Log2((uint)tables.Length);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(6), (ushort)(16 << power));
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(8), (ushort)power);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(10), (ushort)(16 * tables.Length - (16 << power)));
        var (at, headAt) = (header, 0);
        for (var i = 0; i < tables.Length; i++)
        {
            tables[i].CopyTo(file.AsSpan(at));
            var entry = file.AsSpan(12 + 16 * i);
            Encoding.ASCII.GetBytes(Tags[i], entry);
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], Sum(file.AsSpan(at, Padded(tables[i].Length))));
            BinaryPrimitives.WriteUInt32BigEndian(entry[8..], (uint)at);
            BinaryPrimitives.WriteUInt32BigEndian(entry[12..], (uint)tables[i].Length);
            headAt = Tags[i] == "head" ? at : headAt;
            at += Padded(tables[i].Length);
        }

        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(headAt + 8), 0xB1B0AFBA - Sum(file));
        return file;
    }

    private static int Padded(int length) => (length + 3) & ~3;

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0u;
        for (var i = 0; i < bytes.Length; i += 4)
        {
            unchecked
            {
                sum += BinaryPrimitives.ReadUInt32BigEndian(bytes[i..]);
            }
        }

        return sum;
    }
}
