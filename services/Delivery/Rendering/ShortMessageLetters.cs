using System.Globalization;
using System.Text;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>
/// The letters of which a short message holds 160 (GSM 7 bit, 3GPP TS 23.038); one other letter, and it holds 70 of any.
/// </summary>
public static class ShortMessageLetters
{
    private const string Basic =
        "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
        + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    /// <summary>They take two places.</summary>
    private const string Extended = "^{}\\[~]|€";

    /// <summary>The places that a text takes; nothing where a letter of it is none of these.</summary>
    public static int? Places(string text)
    {
        var places = 0;
        foreach (var letter in text)
        {
            if (Basic.Contains(letter, StringComparison.Ordinal))
            {
                places++;
            }
            else if (Extended.Contains(letter, StringComparison.Ordinal))
            {
                places += 2;
            }
            else
            {
                return null;
            }
        }

        return places;
    }

    /// <summary>
    /// The text in these letters, as near as they come: á as a, an em dash as a hyphen. Nothing where it would be another text, as Greek,
    /// Arabic or emoji would.
    /// </summary>
    public static string? Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in Tidy(text).Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (Near(rune.ToString()) is not { } near)
            {
                return null;
            }

            plain.Append(near);
        }

        return plain.ToString();
    }

    /// <summary>One line without control characters and halves of characters.</summary>
    public static string Tidy(string text)
    {
        var tidy = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune))
            {
                tidy.Append(tidy.Length > 0 && tidy[^1] != ' ' ? " " : "");
            }
            else
            {
                tidy.Append(rune.ToString());
            }
        }

        return tidy.ToString().TrimEnd(' ');
    }

    private static string? Near(string character)
    {
        if (Places(character) is not null)
        {
            return character;
        }

        var near = character switch
        {
            "\u2212" or "\u2010" or "\u2011" or "\u2012" or "\u2013" or "\u2014" => "-",
            "\u2018" or "\u2019" or "\u00b4" or "`" => "'",
            "\u201c" or "\u201d" or "\u00ab" or "\u00bb" => "\"",
            "\u2026" => "...",
            "\u00b7" => ".",
            "\u00d7" => "x",
            "\u00ae" or "\u2122" => "",
            _ when IsMark(character[0]) => "",
            _ => string.Concat(character.Normalize(NormalizationForm.FormKD).Where(static c => !IsMark(c))),
        };
        var isDropped = character is "\u00ae" or "\u2122" || IsMark(character[0]);
        return (near.Length > 0 || isDropped) && Places(near) is not null ? near : null;
    }

    private static bool IsMark(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark;
}
