namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>Bank account numbers (ISO 13616), which transfers are paid to.</summary>
public static class Iban
{
    /// <summary>Without spaces, in capitals.</summary>
    public static string Normal(string text) => text.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>Whether a normal number is sound: country, length and check digits.</summary>
    public static bool IsSound(string iban) =>
        iban.Length is >= 15 and <= 34
        && iban.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c))
        && char.IsAsciiLetterUpper(iban[0])
        && char.IsAsciiLetterUpper(iban[1])
        && (!iban.StartsWith("ES", StringComparison.Ordinal) || iban.Length == 24)
        && Remainder(iban[4..] + iban[..4]) == 1;

    /// <summary>The remainder by 97 of letters and digits, letters counting from A = 10 (ISO 7064).</summary>
    public static int Remainder(string text)
    {
        var remainder = 0;
        foreach (var c in text)
        {
            remainder = char.IsAsciiDigit(c) ? (remainder * 10 + (c - '0')) % 97 : (remainder * 100 + (c - 'A' + 10)) % 97;
        }

        return remainder;
    }
}
