namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>How Danes pay and what their taxes are called, as far as the rules for UBL and CII say the same.</summary>
internal static class DanishPayments
{
    private const string Codes = " 1 10 31 42 48 49 50 58 59 93 97 ";

    /// <summary>Whether a way to pay is in use (BT-81).</summary>
    public static bool IsCode(ReadOnlySpan<char> code)
    {
        if (code.Length > Codes.Length)
        {
            return false;
        }

        Span<char> between = stackalloc char[code.Length + 2];
        between[0] = between[^1] = ' ';
        code.CopyTo(between[1..]);
        return Codes.AsSpan().IndexOf(between) >= 0;
    }

    /// <summary>Whether a payment reference (BT-83) begins as giro's do.</summary>
    public static bool IsGiro(ReadOnlySpan<char> reference) => XPath.Part(reference, 1, 3) is "01#" or "04#" or "15#";

    /// <summary>Whether giro's reference has its sixteen digits where its kind has them.</summary>
    public static bool IsGiroWhole(ReadOnlySpan<char> reference) =>
        XPath.Part(reference, 1, 3) is not ("04#" or "15#") || XPath.Length(reference) == 19;

    /// <summary>Whether a payment reference (BT-83) begins as payment cards' do (FIK).</summary>
    public static bool IsCard(ReadOnlySpan<char> reference) => XPath.Part(reference, 1, 3) is "71#" or "73#" or "75#";

    /// <summary>Whether a payment card's reference has its fifteen or sixteen digits where its kind has them.</summary>
    public static bool IsCardWhole(ReadOnlySpan<char> reference) =>
        XPath.Part(reference, 1, 3) is not ("71#" or "75#") || XPath.Length(reference) is 18 or 19;

    /// <summary>Whether a tax that is no VAT is named by its four digits, or with a # within.</summary>
    public static bool IsTaxCategory(ReadOnlySpan<char> reason) =>
        (XPath.NormalizedLength(reason) == 4 && XPath.Number(reason) is >= 0 and <= 9999)
        || (reason.Contains('#') && reason[0] != '#' && reason[^1] != '#');

    /// <summary>The versions of UNSPSC in use.</summary>
    public static bool IsVersion(ReadOnlySpan<char> version) => version is "19.05.01" or "19.0501" or "26.08.01" or "26.0801";
}
