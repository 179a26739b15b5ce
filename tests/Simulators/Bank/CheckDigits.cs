namespace RetailInvoicing.Simulators.Bank;

/// <summary>The check digits that IBANs and references of ISO 11649 have alike (ISO 7064, MOD 97-10).</summary>
internal static class CheckDigits
{
    /// <summary>Letters and digits alone, in capitals.</summary>
    public static string Compact(string text) => string.Concat(text.Where(static each => !char.IsWhiteSpace(each))).ToUpperInvariant();

    /// <summary>In fours, as people read them.</summary>
    public static string InFours(string text) => string.Join(' ', text.Chunk(4).Select(static four => new string(four)));

    public static bool IsIban(string text) => text.Length is >= 15 and <= 34 && char.IsAsciiLetterUpper(text[0]) && Hold(text);

    public static bool IsReference(string text) =>
        text.Length is >= 5 and <= 25 && text.StartsWith("RF", StringComparison.Ordinal) && Hold(text);

    private static bool Hold(string text) =>
        text.All(static each => char.IsAsciiDigit(each) || char.IsAsciiLetterUpper(each))
        && char.IsAsciiLetterUpper(text[1])
        && char.IsAsciiDigit(text[2])
        && char.IsAsciiDigit(text[3])
        && (text[4..] + text[..4]).Aggregate(0, Remainder) == 1;

    private static int Remainder(int sum, char sign) =>
        char.IsAsciiDigit(sign) ? (sum * 10 + sign - '0') % 97 : (sum * 100 + sign - 'A' + 10) % 97;
}
