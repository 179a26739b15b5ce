namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>A coupon's code: letters and digits that are not taken for each other, from sixty bits that nobody can guess.</summary>
public static class CouponCode
{
    /// <summary>Bytes that a code is made of.</summary>
    public const int Entropy = 12;

    /// <summary>No code is longer.</summary>
    public const int Longest = 40;

    // Crockford's: without I, L, O and U.
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>A code that begins with a campaign's prefix, in groups that can be read out.</summary>
    public static string Of(string prefix, ReadOnlySpan<byte> random)
    {
        Span<char> letters = stackalloc char[Entropy];
        for (var i = 0; i < Entropy; i++)
        {
            letters[i] = Letters[random[i] & 31];
        }

        var text = new string(letters);
        var groups = $"{text[..4]}-{text[4..8]}-{text[8..]}";
        return prefix.Length > 0 ? $"{prefix}-{groups}" : groups;
    }

    /// <summary>As it is kept, however it was typed.</summary>
    public static string Normal(string typed) => typed.Trim().ToUpperInvariant();

    /// <summary>What a coupon takes off a sale; unknown where it is a share of an unknown total.</summary>
    public static decimal? Worth(decimal? percent, decimal? amount, decimal? total, int decimals)
    {
        if (percent is { } share)
        {
            return total is { } whole ? decimal.Round(whole * share / 100m, decimals, MidpointRounding.AwayFromZero) : null;
        }

        return amount is { } fixedAmount && total is { } most ? Math.Min(fixedAmount, most) : amount;
    }
}
