using System.Globalization;
using System.Numerics;

namespace RetailInvoicing.Payments.Remittances;

/// <summary>Account numbers and references that carry ISO 7064 mod 97 check digits: IBAN (ISO 13616) and creditor reference (ISO 11649).</summary>
public static class Iban
{
    /// <summary>Without spaces, in capitals.</summary>
    public static string Compact(string text) => text.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>Whether it is an IBAN: country, check digits that hold, 15 to 34 characters.</summary>
    public static bool IsSound(string iban) =>
        iban.Length is >= 15 and <= 34
        && char.IsAsciiLetterUpper(iban[0])
        && char.IsAsciiLetterUpper(iban[1])
        && char.IsAsciiDigit(iban[2])
        && char.IsAsciiDigit(iban[3])
        && Holds(iban);

    /// <summary>Whether it is an ISO 11649 creditor reference: RF, check digits that hold, at most 25 characters.</summary>
    public static bool IsReference(string reference) =>
        reference.Length is > 4 and <= 25 && reference.StartsWith("RF", StringComparison.Ordinal) && Holds(reference);

    private static bool Holds(string text) =>
        text.All(each => char.IsAsciiDigit(each) || char.IsAsciiLetterUpper(each))
        && BigInteger.Parse(
            string.Concat((text[4..] + text[..4]).Select(each => char.IsAsciiDigit(each) ? $"{each}" : $"{each - 'A' + 10}")),
            CultureInfo.InvariantCulture
        ) % 97
            == 1;
}
