namespace RetailInvoicing.Payments.Remittances;

/// <summary>
/// Creditor references (ISO 11649: RF, two check digits, at most 21 letters and digits) as they come back on a transfer: whole, without
/// their beginning, or with one slip of whoever typed them, which the check digits tell and nearly undo.
/// </summary>
public static class CreditorReference
{
    /// <summary>The longest there is.</summary>
    public const int Longest = 25;

    private const string Signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>Whether it is one: in capitals, without spaces, its check digits hold.</summary>
    public static bool IsSound(ReadOnlySpan<char> text) =>
        text.Length is > 4 and <= Longest
        && text[0] == 'R'
        && text[1] == 'F'
        && char.IsAsciiDigit(text[2])
        && char.IsAsciiDigit(text[3])
        && Remainder(text[..4], Remainder(text[4..], 0)) == 1;

    /// <summary>The reference that has this after its check digits; none where it cannot be one.</summary>
    public static string? Of(string core)
    {
        var rest = core.Length is > 0 and <= Longest - 4 ? Remainder("RF00", Remainder(core, 0)) : -1;
        return rest < 0 ? null : string.Concat("RF", (98 - rest).ToString("00", System.Globalization.CultureInfo.InvariantCulture), core);
    }

    /// <summary>
    /// Every reference that this becomes by undoing one slip: another sign, two neighbours swapped, one too many, one missing. The check
    /// digits leave some fifteen of eight hundred.
    /// </summary>
    public static IReadOnlyCollection<string> OneSlipFrom(string text)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        if (text.Length is < 6 or > Longest + 1)
        {
            return found;
        }

        Span<char> room = stackalloc char[Longest + 2];
        text.CopyTo(room);
        var same = room[..text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            foreach (var sign in Signs)
            {
                same[i] = sign;
                Keep(found, same, text);
            }

            same[i] = text[i];
            if (i + 1 < text.Length)
            {
                (same[i], same[i + 1]) = (same[i + 1], same[i]);
                Keep(found, same, text);
                (same[i], same[i + 1]) = (same[i + 1], same[i]);
            }
        }

        for (var i = 0; i < text.Length; i++)
        {
            text.AsSpan(0, i).CopyTo(room);
            text.AsSpan(i + 1).CopyTo(room[i..]);
            Keep(found, room[..(text.Length - 1)], text);
        }

        for (var i = 0; i <= text.Length; i++)
        {
            text.AsSpan(0, i).CopyTo(room);
            text.AsSpan(i).CopyTo(room[(i + 1)..]);
            foreach (var sign in Signs)
            {
                room[i] = sign;
                Keep(found, room[..(text.Length + 1)], text);
            }
        }

        return found;
    }

    private static void Keep(HashSet<string> found, ReadOnlySpan<char> tried, string text)
    {
        if (IsSound(tried) && !tried.SequenceEqual(text))
        {
            found.Add(tried.ToString());
        }
    }

    /// <summary>ISO 7064 mod 97, going on from a remainder; -1 where a sign is none of a reference.</summary>
    private static int Remainder(ReadOnlySpan<char> text, int before)
    {
        var rest = before;
        foreach (var sign in text)
        {
            if (rest < 0)
            {
                return -1;
            }

            rest =
                char.IsAsciiDigit(sign) ? (rest * 10 + sign - '0') % 97
                : char.IsAsciiLetterUpper(sign) ? (rest * 100 + sign - 'A' + 10) % 97
                : -1;
        }

        return rest;
    }
}
