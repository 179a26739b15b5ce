namespace RetailInvoicing.Invoicing.Formats;

/// <summary>
/// An invoice's number (BT-1) in the two fields of Facturae, each of at most 20 characters: series and number, which read one after the
/// other are the number again.
/// </summary>
internal sealed record FacturaeNumber(string? Series, string Number)
{
    private const int Most = 20;

    /// <summary>
    /// The digits at the end are the number and what stands before them the series; null where it is too long for both.
    /// </summary>
    public static FacturaeNumber? Of(string number, bool isOurs = true)
    {
        if (!isOurs && number.Length <= Most)
        {
            // Where another program draws the line between its series and its number is not known.
            return new FacturaeNumber(null, number);
        }

        if (number.Length > 2 * Most)
        {
            return null;
        }

        var digits = number.Length;
        while (digits > 0 && char.IsAsciiDigit(number[digits - 1]))
        {
            digits--;
        }

        var cut = Math.Clamp(digits == number.Length ? 0 : digits, Math.Max(0, number.Length - Most), Math.Min(Most, number.Length - 1));
        return new FacturaeNumber(cut == 0 ? null : number[..cut], number[cut..]);
    }

    /// <summary>The number in one text again (BT-1, BT-25).</summary>
    public override string ToString() => Series + Number;
}
