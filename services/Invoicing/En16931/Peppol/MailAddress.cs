namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>E-mail addresses in the plain form that the German rules take (BT-43).</summary>
internal static class MailAddress
{
    private const string OfLocalPart = "!#$%&\"*+/=?^_`{|}~-";

    /// <summary>Whether parts between dots, an @ and at least two labels between dots make it up.</summary>
    public static bool IsPlain(ReadOnlySpan<char> address)
    {
        var at = address.IndexOf('@');
        return at > 0 && IsLocalPart(address[..at]) && IsDomain(address[(at + 1)..]);
    }

    private static bool IsLocalPart(ReadOnlySpan<char> text)
    {
        foreach (var part in text.Split('.'))
        {
            if (text[part].IsEmpty)
            {
                return false;
            }

            foreach (var character in text[part])
            {
                if (!char.IsAsciiLetterOrDigit(character) && !OfLocalPart.Contains(character, StringComparison.Ordinal))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool IsDomain(ReadOnlySpan<char> text)
    {
        var labels = 0;
        foreach (var range in text.Split('.'))
        {
            labels++;
            if (
                text[range] is not { IsEmpty: false } label
                || !char.IsAsciiLetterOrDigit(label[0])
                || !char.IsAsciiLetterOrDigit(label[^1])
            )
            {
                return false;
            }

            foreach (var character in label)
            {
                if (!char.IsAsciiLetterOrDigit(character) && character != '-')
                {
                    return false;
                }
            }
        }

        return labels >= 2;
    }
}
