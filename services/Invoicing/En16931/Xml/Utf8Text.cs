using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace RetailInvoicing.Invoicing.En16931.Xml;

/// <summary>
/// Text as a document means it, of the bytes that it writes: line ends are one character, references what they stand for; in attributes
/// white space is spaces.
/// </summary>
internal static class Utf8Text
{
    private static readonly SearchValues<byte> InText = SearchValues.Create("&\r]"u8);
    private static readonly SearchValues<byte> InCData = SearchValues.Create("\r"u8);
    private static readonly SearchValues<byte> InAttribute = SearchValues.Create("&\r\n\t<"u8);

    /// <summary>Where text may be.</summary>
    public enum Within
    {
        /// <summary>Between tags.</summary>
        Element,

        /// <summary>In a CDATA section.</summary>
        CData,

        /// <summary>In an attribute's value.</summary>
        Attribute,
    }

    /// <summary>
    /// Copies text of ASCII with nothing to be replaced in it, up to the tag behind it, and says whether it is white space; negative where
    /// it is not of that kind or the room does not do.
    /// </summary>
    public static int CopyPlain(ReadOnlySpan<byte> from, Span<char> to, out bool isWhiteSpace)
    {
        var characters = MemoryMarshal.Cast<char, ushort>(to);
        isWhiteSpace = true;
        for (var at = 0; at + Vector128<byte>.Count <= Math.Min(from.Length, to.Length); at += Vector128<byte>.Count)
        {
            var bytes = Vector128.Create(from.Slice(at, Vector128<byte>.Count));
            var (low, high) = Vector128.Widen(bytes);
            low.CopyTo(characters[at..]);
            high.CopyTo(characters[(at + Vector128<ushort>.Count)..]);
            var white =
                Vector128.Equals(bytes, Vector128.Create((byte)' '))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\n'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\t'));
            var special =
                Vector128.Equals(bytes, Vector128.Create((byte)'<'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'&'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\r'))
                | Vector128.Equals(bytes, Vector128.Create((byte)']'))
                | bytes;
            var (whites, stops) = (white.ExtractMostSignificantBits(), special.ExtractMostSignificantBits());
            if (stops == 0)
            {
                isWhiteSpace &= whites == 0xFFFF;
                continue;
            }

            var length = BitOperations.TrailingZeroCount(stops);
            isWhiteSpace &= BitOperations.TrailingZeroCount(~whites) >= length;
            return from[at + length] == (byte)'<' ? at + length : -1;
        }

        return -1;
    }

    /// <summary>Writes what bytes mean and says how many characters that are, never more than bytes; negative where XML refuses them.</summary>
    public static int Decode(ReadOnlySpan<byte> from, Span<char> to, Within within)
    {
        var special =
            within == Within.Element ? InText
            : within == Within.CData ? InCData
            : InAttribute;
        var written = 0;
        while (true)
        {
            var stop = from.IndexOfAny(special);
            Utf8.ToUtf16(stop < 0 ? from : from[..stop], to[written..], out _, out var plain);
            written += plain;
            if (stop < 0)
            {
                return written;
            }

            from = from[stop..];
            switch (from[0])
            {
                case (byte)'&' when ReferenceIn(ref from, out var character):
                    written += character.EncodeToUtf16(to[written..]);
                    continue;
                case (byte)'&' or (byte)'<':
                case (byte)']' when from.StartsWith("]]>"u8):
                    return -1;
                case (byte)'\r':
                    from = from.StartsWith("\r\n"u8) ? from[1..] : from;
                    to[written++] = within == Within.Attribute ? ' ' : '\n';
                    break;
                default:
                    to[written++] = from[0] == (byte)']' ? ']' : ' ';
                    break;
            }

            from = from[1..];
        }
    }

    /// <summary>Whether XML lets the bytes stand where they do.</summary>
    public static bool IsLegal(ReadOnlySpan<byte> from, Within within)
    {
        var special = within == Within.Element ? InText : InAttribute;
        for (int stop; (stop = from.IndexOfAny(special)) >= 0; )
        {
            from = from[stop..];
            if (from[0] == (byte)'&')
            {
                if (!ReferenceIn(ref from, out _))
                {
                    return false;
                }

                continue;
            }

            if (from[0] == (byte)'<' || from.StartsWith("]]>"u8))
            {
                return false;
            }

            from = from[1..];
        }

        return true;
    }

    /// <summary>Takes a reference from the beginning: a character by its number, or one of the five that XML names.</summary>
    private static bool ReferenceIn(ref ReadOnlySpan<byte> from, out Rune character)
    {
        const int Longest = 10;
        character = default;
        var end = from[..Math.Min(from.Length, Longest)].IndexOf((byte)';');
        if (end < 0)
        {
            return false;
        }

        var name = from[1..end];
        from = from[(end + 1)..];
        if (name.StartsWith("#"u8))
        {
            return NumberIn(name[1..], out var number) && XmlCharacters.IsLegal(number) && Rune.TryCreate(number, out character);
        }

        var named =
            name.SequenceEqual("amp"u8) ? '&'
            : name.SequenceEqual("lt"u8) ? '<'
            : name.SequenceEqual("gt"u8) ? '>'
            : name.SequenceEqual("apos"u8) ? '\''
            : name.SequenceEqual("quot"u8) ? '"'
            : '\0';
        return Rune.TryCreate(named, out character) && named != '\0';
    }

    private static bool NumberIn(ReadOnlySpan<byte> text, out uint number)
    {
        number = 0;
        var isHexadecimal = text.StartsWith("x"u8);
        var digits = isHexadecimal ? text[1..] : text;
        foreach (var digit in digits)
        {
            if (isHexadecimal ? !char.IsAsciiHexDigit((char)digit) : !char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            // At most eight digits: it does not overflow.
            number = number * (isHexadecimal ? 16u : 10u) + ValueOf(digit);
        }

        return !digits.IsEmpty;
    }

    private static uint ValueOf(byte digit) => (uint)(char.IsAsciiDigit((char)digit) ? digit - '0' : (digit | 0x20) - 'a' + 10);
}
