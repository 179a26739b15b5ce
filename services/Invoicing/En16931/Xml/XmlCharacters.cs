using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace RetailInvoicing.Invoicing.En16931.Xml;

/// <summary>Which characters XML 1.0 has, and which of them it lets stand in a name; of the latter, those of ASCII.</summary>
internal static class XmlCharacters
{
    /// <summary>What XML takes for white space.</summary>
    public const string WhiteSpace = " \t\r\n";

    private static readonly SearchValues<byte> Controls = SearchValues.Create([
        .. Enumerable.Range(0, ' ').Select(each => (byte)each).Where(each => !IsWhiteSpace(each)),
    ]);

    private static readonly bool[] InNames =
    [
        .. Enumerable.Range(0, 256).Select(each => each < 128 && (char.IsAsciiLetterOrDigit((char)each) || each is '.' or '-' or '_')),
    ];

    /// <summary>Text without white space around it.</summary>
    public static ReadOnlySpan<char> Trimmed(ReadOnlySpan<char> text) =>
        text.IsEmpty || (text[0] > ' ' && text[^1] > ' ') ? text : text.Trim(WhiteSpace);

    /// <summary>Whether bytes are UTF-8 and hold no character that XML has not.</summary>
    public static bool AreLegal(ReadOnlySpan<byte> document) =>
        !document.ContainsAny(Controls) && (Ascii.IsValid(document) || (Utf8.IsValid(document) && !HasNonCharacter(document)));

    /// <summary>Whether XML has the character of that number.</summary>
    public static bool IsLegal(uint number) =>
        number is 0x9 or 0xA or 0xD or (>= 0x20 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD) or (>= 0x10000 and <= 0x10FFFF);

    /// <summary>Whether it is white space.</summary>
    public static bool IsWhiteSpace(byte character) => character is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    /// <summary>Whether it may stand in a name.</summary>
    public static bool IsInNames(byte character) => InNames[character];

    /// <summary>Whether a name may begin with it.</summary>
    public static bool BeginsNames(byte character) => char.IsAsciiLetter((char)character) || character == (byte)'_';

    /// <summary>Whether it is a name without a prefix, in letters of ASCII.</summary>
    public static bool IsName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || !BeginsNames(name[0]))
        {
            return false;
        }

        foreach (var character in name)
        {
            if (!IsInNames(character))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>U+FFFE and U+FFFF, which UTF-8 can write and XML has not.</summary>
    private static bool HasNonCharacter(ReadOnlySpan<byte> document)
    {
        var first = "\uFFFE"u8[0];
        for (int at; (at = document.IndexOf(first)) >= 0; document = document[(at + 1)..])
        {
            if (document[at..].StartsWith("\uFFFE"u8) || document[at..].StartsWith("\uFFFF"u8))
            {
                return true;
            }
        }

        return false;
    }
}
