namespace RetailInvoicing.Invoicing.Sellers;

/// <summary>VAT identifiers of the other Member States, by their structure (the tax agency's list).</summary>
public static class VatIdentifier
{
    /// <summary>Capitals, no spaces, dots or dashes, the country before it.</summary>
    public static string Normal(string text, string? country)
    {
        var bare = new string([.. text.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)]);
        var prefix = country == "GR" ? "EL" : country;
        return prefix is null || bare.StartsWith(prefix, StringComparison.Ordinal) ? bare : prefix + bare;
    }

    /// <summary>The country that a normal identifier names, by its code in ISO 3166-1.</summary>
    public static string CountryOf(string id) => id.StartsWith("EL", StringComparison.Ordinal) ? "GR" : id[..2];

    /// <summary>Whether a normal identifier has its country's structure.</summary>
    public static bool IsSound(string id)
    {
        if (id.Length < 4)
        {
            return false;
        }

        var number = id[2..];
        var digits = number.All(char.IsAsciiDigit);
        return id[..2] switch
        {
            "DE" or "EE" or "EL" or "PT" => digits && number.Length == 9,
            "AT" or "CY" => number.Length == 9,
            "BE" or "SK" or "PL" => digits && number.Length == 10,
            "CZ" => digits && number.Length is 8 or 9 or 10,
            "DK" or "SI" or "FI" or "HU" or "LU" or "MT" => digits && number.Length == 8,
            "FR" => number.Length == 11,
            "HR" or "IT" or "LV" => digits && number.Length == 11,
            "XI" => number.Length is 5 or 9 or 12,
            "NL" => number.Length == 12,
            "IE" => number.Length is 8 or 9,
            "LT" => digits && number.Length is 9 or 12,
            "SE" => digits && number.Length == 12,
            "BG" => digits && number.Length is 9 or 10,
            "RO" => digits && number.Length is >= 2 and <= 10 && number[0] != '0',
            "ES" => Nif.IsSound(number),
            _ => false,
        };
    }
}
