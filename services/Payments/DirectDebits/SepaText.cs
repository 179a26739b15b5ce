using System.Text;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>
/// The letters that every bank of SEPA takes (EPC217-08): Latin without accents, digits and a few signs. Others are written as near as they
/// come.
/// </summary>
public static class SepaText
{
    private const string Signs = "/-?:().,'+ ";

    /// <summary>Each a letter and what stands for it; capitals follow.</summary>
    private const string Letters =
        "ßss æae œoe øo đd ðd þth łl ıi ħh ŧt ŋn "
        + "αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo "
        + "аa бb вv гg дd еe жzh зz иi кk лl мm нn оo пp рr сs тt уu фf хh цts чch шsh щsht ъa ыy ьy эe юyu яya "
        + "іi єe ґg ђdj јj љlj њnj ћc џdz";

    private const string OtherSigns =
        "&+ _- –- —- −- ‐- ‑- ‘' ’' ´' `' “' ”' „' «' »' \"' [( ]) {( }) <( >) ;, *. #. %. !. =. ¡. ¿? \\/ |/ ⁄/ ~- ·. €EUR";

    private static readonly Dictionary<char, string> Near = Table();

    /// <summary>Whether all of it is among them.</summary>
    public static bool Holds(string text) => text.All(IsOne);

    /// <summary>
    /// Whether it can be a reference that banks hand on: 1 to 35 of these letters, no space around it, no slash at its ends nor two of them
    /// together.
    /// </summary>
    public static bool IsReference(string text) =>
        text.Length is > 0 and <= 35
        && Holds(text)
        && text[0] is not (' ' or '/')
        && text[^1] is not (' ' or '/')
        && !text.Contains("//", StringComparison.Ordinal);

    /// <summary>The text in these letters, on one line, cut to what the place holds; a full stop where nothing is near.</summary>
    public static string Of(string text, int most)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var near = NearTo(rune.ToString());
            foreach (var letter in near.Length > 0 || IsMark(rune) ? near : ".")
            {
                if (letter != ' ' || (plain.Length > 0 && plain[^1] != ' '))
                {
                    plain.Append(letter);
                }
            }
        }

        var line = plain.ToString().TrimEnd();
        line = line.Length <= most ? line : line[..most].TrimEnd();
        return line.Length > 0 ? line : ".";
    }

    // U+FFFE is no character, and no text with it can be normalised.
    private static string NearTo(string character) =>
        character == "\uFFFE" ? ""
        : character.Length == 1 && Near.TryGetValue(character[0], out var own) ? own
        : string.Concat(character.Normalize(NormalizationForm.FormKD).Select(LetterFor));

    private static string LetterFor(char letter) =>
        IsOne(letter) ? $"{letter}"
        : char.IsWhiteSpace(letter) || char.IsControl(letter) ? " "
        : Near.GetValueOrDefault(letter, "");

    private static bool IsOne(char letter) => char.IsAsciiLetterOrDigit(letter) || Signs.Contains(letter, StringComparison.Ordinal);

    // An accent that stands by itself goes without a trace, as it does on a letter.
    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is System.Globalization.UnicodeCategory.NonSpacingMark
                or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.EnclosingMark;

    private static Dictionary<char, string> Table()
    {
        var table = new Dictionary<char, string>();
        foreach (var pair in OtherSigns.Split(' '))
        {
            table[pair[0]] = pair[1..];
        }

        foreach (var pair in Letters.Split(' '))
        {
            table[pair[0]] = pair[1..];
            table.TryAdd(char.ToUpperInvariant(pair[0]), char.ToUpperInvariant(pair[1]) + pair[2..]);
        }

        table['ẞ'] = "SS";
        return table;
    }
}
