namespace RetailInvoicing.Delivery.Transmissions;

/// <summary>A telephone number as networks want it (E.164: +34600000000), whatever way a till wrote it.</summary>
public readonly record struct PhoneNumber
{
    private const string Spain = "+34";

    private PhoneNumber(string text) => Text = text;

    /// <summary>Plus, country code, number.</summary>
    public string Text { get; }

    /// <summary>Whether short messages reach it: in Spain mobiles alone (6…, 71… to 79…), elsewhere nobody can tell by the number.</summary>
    public bool TakesShortMessages =>
        !Text.StartsWith(Spain, StringComparison.Ordinal) || Text[3] == '6' || (Text[3] == '7' && Text[4] != '0');

    /// <summary>
    /// Reads one; false for what is none. Nine digits without a country are Spanish where the country is Spain or unknown.
    /// </summary>
    public static bool TryParse(string? text, string? country, out PhoneNumber number)
    {
        number = default;
        if (text is not { Length: > 0 and <= 40 })
        {
            return false;
        }

        var digits = string.Concat(text.Where(static c => !char.IsWhiteSpace(c) && c is not ('.' or '-' or '(' or ')' or '/')));
        if (digits.StartsWith("00", StringComparison.Ordinal))
        {
            digits = $"+{digits[2..]}";
        }
        else if (digits is { Length: 9 } && digits[0] is >= '6' and <= '9' && country is null or "ES")
        {
            digits = Spain + digits;
        }

        if (
            digits is not ['+', >= '1' and <= '9', ..]
            || digits.Length is < 9 or > 16
            || !digits.Skip(1).All(char.IsAsciiDigit)
            || (digits.StartsWith(Spain, StringComparison.Ordinal) && (digits.Length != 12 || digits[3] is < '6' or > '9'))
        )
        {
            return false;
        }

        number = new PhoneNumber(digits);
        return true;
    }

    /// <inheritdoc />
    public override string ToString() => Text;
}
