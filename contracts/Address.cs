namespace RetailInvoicing.Contracts;

/// <summary>A postal address (BG-5, BG-8, BG-15).</summary>
public sealed record Address
{
    /// <summary>Street and number (BT-35, BT-50).</summary>
    public string? Line1 { get; init; }

    /// <summary>Floor, door, industrial estate (BT-36, BT-51).</summary>
    public string? Line2 { get; init; }

    /// <summary>Postal code (BT-38, BT-53).</summary>
    public string? PostalCode { get; init; }

    /// <summary>Town (BT-37, BT-52).</summary>
    public string? City { get; init; }

    /// <summary>Province or state (BT-39, BT-54).</summary>
    public string? Region { get; init; }

    /// <summary>ISO 3166-1 alpha-2 code (BT-40, BT-55); ES where nothing is said.</summary>
    public string Country { get; init; } = "ES";
}
