using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Receivables;

/// <summary>
/// Where a customer is, as coarse as hours and holidays need: the country, in Spain with the province's two digits of the postal code, in
/// the United States with the state.
/// </summary>
public static class PlaceCode
{
    private const int Provinces = 52;

    /// <summary>ES-28, ES-35, US-NY, FR; none without an address.</summary>
    public static string? Of(Address? address)
    {
        if (address is null)
        {
            return null;
        }

        var country = address.Country.Trim().ToUpperInvariant();
        if (country.Length != 2 || !country.All(char.IsAsciiLetter))
        {
            return null;
        }

        return country switch
        {
            "ES" => ProvinceOf(address.PostalCode) is { } province ? $"ES-{province}" : country,
            "US" => StateOf(address.Region) is { } state ? $"US-{state}" : country,
            _ => country,
        };
    }

    private static string? ProvinceOf(string? postalCode)
    {
        var digits = (postalCode ?? "").Trim();
        return
            digits.Length == 5
            && digits.All(char.IsAsciiDigit)
            && int.Parse(digits.AsSpan(0, 2), System.Globalization.CultureInfo.InvariantCulture) is >= 1 and <= Provinces
            ? digits[..2]
            : null;
    }

    private static string? StateOf(string? region)
    {
        var state = (region ?? "").Trim().ToUpperInvariant();
        return state.Length == 2 && state.All(char.IsAsciiLetter) ? state : null;
    }
}
