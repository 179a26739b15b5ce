namespace RetailInvoicing.Simulators.TaxAgency;

/// <summary>Spanish tax identifiers: nine characters, of which one is a check character.</summary>
internal static class Nif
{
    private const string PersonLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
    private const string EntityLetters = "JABCDEFGHI";

    /// <summary>It has the shape of one: digits where digits stand, letters where letters stand.</summary>
    public static bool HasShape(string? nif)
    {
        if (nif is not { Length: 9 } || nif.Any(each => !char.IsAsciiDigit(each) && !char.IsAsciiLetterUpper(each)))
        {
            return false;
        }

        return nif[1..8].All(char.IsAsciiDigit)
            && (char.IsAsciiDigit(nif[0]) ? char.IsAsciiLetterUpper(nif[8]) : "ABCDEFGHJKLMNPQRSUVWXYZ".Contains(nif[0]));
    }

    /// <summary>It has the shape of one, and its check character is right.</summary>
    public static bool IsSound(string? nif) =>
        HasShape(nif) && (IsPerson(nif) ? PersonLetters[PersonNumber(nif!) % 23] == nif![8] : IsEntityChecked(nif!));

    /// <summary>It is a natural person's: a DNI, a NIE, or one of the letters K, L and M.</summary>
    public static bool IsPerson(string? nif) => HasShape(nif) && (char.IsAsciiDigit(nif![0]) || "XYZKLM".Contains(nif[0]));

    // A NIE's first letter counts as a digit; of K, L and M the seven digits alone count.
    private static int PersonNumber(string nif)
    {
        var first = "XYZ".IndexOf(nif[0], StringComparison.Ordinal);
        var digits = char.IsAsciiDigit(nif[0]) ? nif[..8] : (first >= 0 ? $"{first}" : "") + nif[1..8];
        return int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static bool IsEntityChecked(string nif)
    {
        var sum = 0;
        for (var i = 1; i < 8; i++)
        {
            var digit = nif[i] - '0';
            // The first, third, fifth and seventh digit count double, as the sum of their digits.
            sum += i % 2 == 0 ? digit : digit * 2 / 10 + digit * 2 % 10;
        }

        var check = (10 - sum % 10) % 10;
        // Companies have a digit, public bodies and foreigners a letter, the others either.
        return (nif[8] == EntityLetters[check] && !"ABEH".Contains(nif[0])) || (nif[8] == '0' + check && !"PQRSNW".Contains(nif[0]));
    }
}
