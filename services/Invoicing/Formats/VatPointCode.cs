namespace RetailInvoicing.Invoicing.Formats;

/// <summary>Which day VAT falls due on (BT-8): the standard and UBL tell it by UNTDID 2005, CII by UNTDID 2475.</summary>
internal static class VatPointCode
{
    /// <summary>The invoice's day, the delivery's, the payment's; any other code stays what it is.</summary>
    public static string? InCii(string? code) =>
        code switch
        {
            "3" => "5",
            "35" => "29",
            "432" => "72",
            _ => code,
        };

    /// <inheritdoc cref="InCii"/>
    public static string? FromCii(string? code) =>
        code switch
        {
            "5" => "3",
            "29" => "35",
            "72" => "432",
            _ => code,
        };
}
