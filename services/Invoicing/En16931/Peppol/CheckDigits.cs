namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>
/// Whether numbers that identify parties are what their issuers give out, as far as their own digits tell. Each function takes what the
/// official rules take, their oddities included: receivers run those.
/// </summary>
public static class CheckDigits
{
    /// <summary>A global location number of GS1 (0088); of any length.</summary>
    public static bool IsGln(ReadOnlySpan<char> number)
    {
        if (!XPath.IsDigits(number))
        {
            return false;
        }

        var sum = 0;
        for (var fromEnd = 0; fromEnd < number.Length - 1; fromEnd++)
        {
            sum = (sum + (Digit(number[^(fromEnd + 2)]) * (fromEnd % 2 == 0 ? 3 : 1))) % 10;
        }

        return (10 - sum) % 10 == Digit(number[^1]);
    }

    /// <summary>A Norwegian organisation number (0192): nine digits, the last by weights modulo 11.</summary>
    public static bool IsNorwegian(ReadOnlySpan<char> number)
    {
        if (number.Length != 9 || !XPath.IsDigits(number) || !number.ContainsAnyExcept('0'))
        {
            return false;
        }

        var sum = 0;
        for (var fromEnd = 0; fromEnd < 8; fromEnd++)
        {
            sum += Digit(number[7 - fromEnd]) * ((fromEnd % 6) + 2);
        }

        return (11 - (sum % 11)) % 11 == Digit(number[8]);
    }

    /// <summary>A Belgian enterprise number (0208): ten digits, the last two by the rest of 97.</summary>
    public static bool IsBelgian(ReadOnlySpan<char> number) =>
        number.Length == 10 && XPath.IsDigits(number) && 97 - (Whole(number[..8]) % 97) == Whole(number[8..]);

    /// <summary>A Danish company number (0184): eight digits, with or without DK before them.</summary>
    public static bool IsDanish(ReadOnlySpan<char> number) =>
        (number.Length == 10 && number is ['D', 'K', ..] && XPath.IsDigits(number[2..])) || (number.Length == 8 && XPath.IsDigits(number));

    /// <summary>A code of the index of Italian administrations (0201): six letters or digits.</summary>
    public static bool IsIpaCode(ReadOnlySpan<char> code)
    {
        foreach (var character in code)
        {
            if (!char.IsAsciiLetterOrDigit(character))
            {
                return false;
            }
        }

        return code.Length == 6;
    }

    /// <summary>An Italian tax code (0210, 9907): a company's eleven digits or a person's sixteen letters and digits.</summary>
    public static bool IsItalianTaxCode(ReadOnlySpan<char> code) =>
        XPath.Length(code) switch
        {
            11 => XPath.IsInteger(code),
            16 => IsLetters(XPath.Part(code, 1, 6))
                && XPath.IsInteger(XPath.Part(code, 7, 2))
                && IsLetters(XPath.Part(code, 9, 1))
                && XPath.IsInteger(XPath.Part(code, 10, 2))
                && XPath.IsInteger(XPath.Part(code, 15, 1))
                && IsLetters(XPath.Part(code, 16, 1)),
            _ => false,
        };

    /// <summary>An Italian VAT identifier (0211, 9906): IT and eleven digits of Luhn's kind; those of other countries are not looked at.</summary>
    public static bool IsItalianVat(ReadOnlySpan<char> identifier)
    {
        if (identifier is not (['I', 'T', ..] or ['i', 't', ..]))
        {
            return true;
        }

        var digits = identifier[2..];
        return digits.Length == 11 && XPath.IsDigits(digits) && IsLuhn(digits);
    }

    /// <summary>A Swedish organisation number (0007): the tenth digit is Luhn's.</summary>
    public static bool IsSwedish(ReadOnlySpan<char> number) => number.Length >= 10 && XPath.IsDigits(number) && IsLuhn(number[..10]);

    /// <summary>An Australian business number (0151); characters after the eleventh are not looked at.</summary>
    public static bool IsAustralian(ReadOnlySpan<char> number)
    {
        var (sum, nth) = (0, 0);
        foreach (var character in number.EnumerateRunes())
        {
            sum += nth == 0 ? (character.Value - '1') * 10 : (character.Value - '0') * ((2 * nth) - 1);
            if (++nth == 11)
            {
                return sum % 89 == 0;
            }
        }

        return false;
    }

    /// <summary>A Greek tax identification number: the ninth digit by powers of two modulo 11; more characters are not looked at.</summary>
    public static bool IsGreek(ReadOnlySpan<char> number)
    {
        if (number.Length < 9 || !XPath.IsDigits(number[..9]))
        {
            return false;
        }

        var sum = 0;
        for (var at = 0; at < 8; at++)
        {
            sum += Digit(number[at]) << (8 - at);
        }

        return sum % 11 % 10 == Digit(number[8]);
    }

    /// <summary>An IBAN, blanks in it apart: country, two check digits, letters and digits, and the rest of 97 is 1.</summary>
    public static bool IsIban(ReadOnlySpan<char> account)
    {
        Span<char> iban = stackalloc char[34];
        var length = 0;
        foreach (var character in account)
        {
            if (character is ' ' or '\t' or '\r' or '\n')
            {
                continue;
            }

            if (length == iban.Length || !IsOfIban(character, length))
            {
                return false;
            }

            iban[length++] = character;
        }

        return length >= 4 && Rest(Rest(Rest(0, iban[4..length]), iban[..2]), iban[2..4]) == 1;
    }

    private static bool IsOfIban(char character, int at) =>
        at switch
        {
            0 or 1 => char.IsAsciiLetterUpper(character),
            2 or 3 => char.IsAsciiDigit(character),
            _ => char.IsAsciiLetterOrDigit(character),
        };

    /// <summary>The rest of 97 with some characters added; small letters count on from the large ones, as the official rule has it.</summary>
    private static int Rest(int rest, ReadOnlySpan<char> characters)
    {
        foreach (var character in characters)
        {
            rest = char.IsAsciiDigit(character) ? ((rest * 10) + Digit(character)) % 97 : ((rest * 100) + character - 55) % 97;
        }

        return rest;
    }

    private static bool IsLuhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var fromEnd = 0; fromEnd < digits.Length; fromEnd++)
        {
            var digit = Digit(digits[^(fromEnd + 1)]) * (1 + (fromEnd % 2));
            sum += digit > 9 ? digit - 9 : digit;
        }

        return sum % 10 == 0;
    }

    private static bool IsLetters(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiLetter(character))
            {
                return false;
            }
        }

        return true;
    }

    private static int Whole(ReadOnlySpan<char> digits)
    {
        var number = 0;
        foreach (var character in digits)
        {
            number = (number * 10) + Digit(character);
        }

        return number;
    }

    private static int Digit(char character) => character - '0';
}
