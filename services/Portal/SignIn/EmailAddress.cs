namespace RetailInvoicing.Portal.SignIn;

/// <summary>An e-mail address as typed: trimmed, in small letters, and plausible enough to be looked up.</summary>
public static class EmailAddress
{
    /// <summary>The address, or null where it cannot be one.</summary>
    public static string? Of(string? typed)
    {
        var email = typed?.Trim().ToLowerInvariant();
        if (email is not { Length: >= 3 and <= 254 })
        {
            return null;
        }

        var at = email.IndexOf('@', StringComparison.Ordinal);
        var sound =
            at is > 0 and <= 64
            && at == email.LastIndexOf('@')
            && at < email.Length - 1
            && email.All(character =>
                !char.IsControl(character)
                && !char.IsWhiteSpace(character)
                && !char.IsSurrogate(character)
                && character is not ('<' or '>' or '"' or ',' or ';')
            );
        return sound ? email : null;
    }
}
