namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>An e-mail address as consent is kept and looked up by: trimmed and in small letters.</summary>
public static class EmailKey
{
    private const int Longest = 254;

    /// <summary>The address, or nothing where it cannot be one.</summary>
    public static string? Of(string? text)
    {
        var email = text?.Trim().ToLowerInvariant();
        if (email is not { Length: >= 3 and <= Longest })
        {
            return null;
        }

        var at = email.IndexOf('@', StringComparison.Ordinal);
        var isSound =
            at > 0
            && at == email.LastIndexOf('@')
            && at < email.Length - 1
            && email.All(character =>
                !char.IsControl(character)
                && !char.IsWhiteSpace(character)
                && !char.IsSurrogate(character)
                && character is not ('<' or '>' or '"' or ',' or ';' or '\uFFFE' or '\uFFFF')
            );
        return isSound ? email : null;
    }
}
