namespace RetailInvoicing.Invoicing.Sales;

/// <summary>
/// The schemes that tax the margin (LIVA arts. 135 to 147): no VAT is shown, and the invoice names the scheme in the law's own words
/// (RD 1619/2012 art. 6.1.o and p).
/// </summary>
public sealed record MarginScheme
{
    private MarginScheme(string reasonCode, string regimeKey, string words) =>
        (ReasonCode, RegimeKey, Words) = (reasonCode, regimeKey, words);

    private static readonly MarginScheme[] All =
    [
        new("VATEX-EU-F", "03", "Régimen especial de los bienes usados"),
        new("VATEX-EU-I", "03", "Régimen especial de los objetos de arte"),
        new("VATEX-EU-J", "03", "Régimen especial de las antigüedades y objetos de colección"),
        new("VATEX-EU-D", "05", "Régimen especial de las agencias de viajes"),
    ];

    /// <summary>BT-121.</summary>
    public string ReasonCode { get; }

    /// <summary>ClaveRegimen.</summary>
    public string RegimeKey { get; }

    /// <summary>BT-120.</summary>
    public string Words { get; }

    /// <summary>The scheme that a reason names; where none is given, the first one of the regime key; none where neither names one.</summary>
    public static MarginScheme? Of(string? reasonCode, string? regimeKey, string? cause) =>
        reasonCode is not null ? Array.Find(All, scheme => scheme.ReasonCode == reasonCode)
        // Goods of the scheme may be exempt besides (LIVA art. 137.Dos.5): then the cause is the reason.
        : cause is not null ? null
        : Array.Find(All, scheme => scheme.RegimeKey == regimeKey);
}
