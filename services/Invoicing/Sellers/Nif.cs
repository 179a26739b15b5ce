namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>Spanish tax identifiers (NIF) of people, foreigners and entities, with their check character.</summary>
public static class Nif
{
    private const string PersonLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
    private const string EntityLetters = "JABCDEFGHI";

    /// <summary>Without spaces and dashes, in capitals: as records and documents carry it.</summary>
    public static string Normal(string text) => text.Trim().Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>Whether a normal identifier is sound: its form is one of the law's and its check character fits.</summary>
    public static bool IsSound(string nif)
    {
        if (nif.Length != 9 || !nif.All(char.IsAsciiLetterOrDigit))
        {
            return false;
        }

        var middle = nif[1..8];
        return nif[0] switch
        {
            >= '0' and <= '9' => IsPerson(nif[..8], nif[8]),
            'X' => IsPerson("0" + middle, nif[8]),
            'Y' => IsPerson("1" + middle, nif[8]),
            'Z' => IsPerson("2" + middle, nif[8]),
            'K' or 'L' or 'M' => IsPerson(middle, nif[8]),
            'A' or 'B' or 'C' or 'D' or 'E' or 'F' or 'G' or 'H' or 'J' or 'N' or 'P' or 'Q' or 'R' or 'S' or 'U' or 'V' or 'W' => IsEntity(
                nif[0],
                middle,
                nif[8]
            ),
            _ => false,
        };
    }

    /// <summary>The DNI of eight digits with its letter.</summary>
    public static string OfPerson(int digits) => $"{digits:00000000}{PersonLetters[digits % 23]}";

    private static bool IsPerson(string digits, char check) =>
        digits.All(char.IsAsciiDigit) && PersonLetters[int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) % 23] == check;

    private static bool IsEntity(char kind, string digits, char check)
    {
        if (!digits.All(char.IsAsciiDigit))
        {
            return false;
        }

        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[i] - '0';
            // Digits in odd places are doubled and their own digits added.
            sum += i % 2 == 0 ? digit * 2 / 10 + digit * 2 % 10 : digit;
        }

        var control = (10 - sum % 10) % 10;
        var digitFits = check == (char)('0' + control);
        var letterFits = check == EntityLetters[control];
        return kind switch
        {
            'A' or 'B' or 'E' or 'H' => digitFits,
            'P' or 'Q' or 'R' or 'S' or 'N' or 'W' => letterFits,
            _ => digitFits || letterFits,
        };
    }
}
