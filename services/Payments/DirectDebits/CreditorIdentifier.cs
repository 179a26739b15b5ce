using RetailInvoicing.Payments.Remittances;

namespace RetailInvoicing.Payments.DirectDebits;

/// <summary>
/// Who collects, as the scheme knows it (AT-02): country, two check digits, a business code of the collector's own choice, and the national
/// identifier. In Spain the latter is the NIF.
/// </summary>
public static class CreditorIdentifier
{
    private const int BusinessCode = 4;
    private const int National = 7;

    /// <summary>Without spaces, in capitals.</summary>
    public static string Compact(string text) => Iban.Compact(text);

    /// <summary>Whether its check digits hold (ISO 7064 mod 97, the business code left out) and its length is its country's.</summary>
    public static bool IsSound(string id) =>
        id.Length is > National and <= 35
        && char.IsAsciiLetterUpper(id[0])
        && char.IsAsciiLetterUpper(id[1])
        && char.IsAsciiDigit(id[2])
        && char.IsAsciiDigit(id[3])
        && id.All(each => char.IsAsciiDigit(each) || char.IsAsciiLetterUpper(each))
        && (!id.StartsWith("ES", StringComparison.Ordinal) || id.Length == 16)
        && Remainder(id[National..] + id[..BusinessCode]) == 1;

    private static int Remainder(string text) =>
        text.Aggregate(0, (rest, each) => char.IsAsciiDigit(each) ? (rest * 10 + each - '0') % 97 : (rest * 100 + each - 'A' + 10) % 97);
}
