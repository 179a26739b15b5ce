using System.Globalization;

namespace RetailInvoicing.Delivery.Channels;

/// <summary>A name of the DNS, in the one form that servers compare: lower case, letters beyond ASCII as xn--.</summary>
public static class MailDomain
{
    private const int MostCharacters = 253;
    private const int MostInLabel = 63;

    private static readonly IdnMapping Idn = new();

    /// <summary>Reads it; false for what can be no name of a host.</summary>
    public static bool TryParse(string? text, out string domain)
    {
        domain = "";
        if (text is not { Length: > 0 and <= MostCharacters })
        {
            return false;
        }

        string ascii;
        try
        {
            ascii = Idn.GetAscii(text).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return false;
        }

        if (ascii.Length > MostCharacters || !ascii.Split('.').All(IsLabel))
        {
            return false;
        }

        domain = ascii;
        return true;
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MostInLabel
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(static each => char.IsAsciiLetterOrDigit(each) || each == '-');
}
