using System.Buffers.Binary;
using System.Text;

namespace RetailInvoicing.Invoicing.En16931.Xml;

/// <summary>The names of the vocabulary by the bytes that a document writes them in.</summary>
internal static class Utf8Names
{
    /// <summary>The namespace of names that have none.</summary>
    public const byte NoSpace = 0;

    /// <summary>All namespaces that no rule speaks of.</summary>
    private const byte ForeignSpace = byte.MaxValue;

    private const int Word = sizeof(ulong);

    private static readonly byte[][] Spaces = SpacesOf(Vocabulary.All);
    private static readonly byte[] Letters = [.. Vocabulary.All.SelectMany(name => Encoding.UTF8.GetBytes(name.Local))];
    private static readonly Entry[] Entries = EntriesOf(Vocabulary.All);

    /// <summary>The number of a namespace.</summary>
    public static byte SpaceOf(ReadOnlySpan<byte> uri)
    {
        for (var space = 0; space < Spaces.Length; space++)
        {
            if (uri.SequenceEqual(Spaces[space]))
            {
                return (byte)space;
            }
        }

        return ForeignSpace;
    }

    /// <summary>The name of its local part in a namespace; the unknown one where no rule speaks of it.</summary>
    public static Name Find(ReadOnlySpan<byte> document, int start, int end, byte space)
    {
        if (space == ForeignSpace)
        {
            return default;
        }

        var length = end - start;
        var first = Beginning(document, start, end);
        var last = Ending(document, start, end);
        for (var at = SlotOf(first, last, length, space); ; at++)
        {
            ref readonly var entry = ref Entries[at & (Entries.Length - 1)];
            if (!entry.Name.IsKnown)
            {
                return default;
            }

            if (
                entry.First == first
                && entry.Last == last
                && entry.Length == length
                && entry.Space == space
                && (length <= 2 * Word || document[start..end].SequenceEqual(Letters.AsSpan(entry.Start, length)))
            )
            {
                return entry.Name;
            }
        }
    }

    /// <summary>The first eight letters as one number, zeros behind a shorter name: no name has a zero in it.</summary>
    public static ulong Beginning(ReadOnlySpan<byte> document, int start, int end)
    {
        var length = end - start;
        if (start + Word <= document.Length)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(document[start..]);
            return length >= Word ? word : word & ((1UL << (length * 8)) - 1);
        }

        var rest = 0UL;
        for (var at = end - 1; at >= start; at--)
        {
            rest = rest << 8 | document[at];
        }

        return rest;
    }

    private static ulong Ending(ReadOnlySpan<byte> document, int start, int end) =>
        end - start <= Word ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(document[(end - Word)..]);

    private static int SlotOf(ulong first, ulong last, int length, byte space)
    {
        var mixed = (first + (ulong)length * 0x9E3779B97F4A7C15 + space) * 0xD6E8FEB86659FD93;
        mixed = (mixed ^ mixed >> 32 ^ last) * 0xA0761D6478BD642F;
        return (int)(mixed >> 40);
    }

    private static byte[][] SpacesOf(IEnumerable<(string Space, string Local)> names) =>
        [
            [],
            .. names.Select(name => name.Space).Where(space => space.Length > 0).Distinct().Select(Encoding.UTF8.GetBytes),
        ];

    private static Entry[] EntriesOf(IEnumerable<(string Space, string Local)> names)
    {
        // Few names share a slot where most slots are empty.
        var entries = new Entry[4 * (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Vocabulary.Count)];
        var start = 0;
        foreach (var (space, local) in names)
        {
            var end = start + local.Length;
            var (first, last) = (Beginning(Letters, start, end), Ending(Letters, start, end));
            var number = SpaceOf(Encoding.UTF8.GetBytes(space));
            var at = SlotOf(first, last, local.Length, number) & (entries.Length - 1);
            while (entries[at].Name.IsKnown)
            {
                at = at + 1 & (entries.Length - 1);
            }

            entries[at] = new Entry(first, last, start, (ushort)local.Length, Vocabulary.Find(space, local), number);
            start = end;
        }

        return entries;
    }

    private readonly record struct Entry(ulong First, ulong Last, int Start, ushort Length, Name Name, byte Space);
}
