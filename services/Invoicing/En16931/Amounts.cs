namespace RetailInvoicing.Invoicing.En16931;

/// <summary>Arithmetic as the standard's rules do it: half up, towards plus infinity, as XPath's round.</summary>
internal static class Amounts
{
    /// <summary>Rounded to two decimals, halves up.</summary>
    public static decimal? Rounded(decimal? amount) => amount is { } given ? decimal.Floor(given * 100m + 0.5m) / 100m : null;

    /// <summary>Rounded to a whole number, halves up.</summary>
    public static decimal Whole(decimal amount) => decimal.Floor(amount + 0.5m);

    /// <summary>Whether the VAT is that of the taxable amount at the rate, give or take less than one unit of the currency.</summary>
    public static bool IsVatOf(decimal vat, decimal taxable, decimal rate)
    {
        // No tax is a million percent; further on the product could overflow.
        var exact = rate is > -1_000_000m and < 1_000_000m ? Rounded(Math.Abs(taxable) * rate / 100m) : null;
        return Math.Abs(vat) - 1m < exact && Math.Abs(vat) + 1m > exact;
    }

    /// <summary>Whether at most two characters follow the point, as the rules BR-DEC count them.</summary>
    public static bool HasAtMostTwoDecimals(ReadOnlySpan<char> amount)
    {
        var point = amount.IndexOf('.');
        return point < 0 || amount.Length - point - 1 <= 2;
    }
}
