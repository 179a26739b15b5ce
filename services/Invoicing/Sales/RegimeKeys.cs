using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>The tax agency's regime keys (ClaveRegimen, lists L8A and L8B) and what each goes with (AEAT validations 15.5, 15.6).</summary>
public static class RegimeKeys
{
    private static readonly string[] OfIva =
    [
        "01",
        "02",
        "03",
        "04",
        "05",
        "06",
        "07",
        "08",
        "09",
        "10",
        "11",
        "14",
        "15",
        "17",
        "18",
        "19",
        "20",
        "21",
    ];

    /// <summary>Whether there is such a key under IVA or IGIC; IPSI has none of its own and carries the general one.</summary>
    public static bool IsKey(string key) => Array.IndexOf(OfIva, key) >= 0;

    /// <summary>What holds where the sale says nothing: exports are 02, the seller's own equivalence surcharge is 18, the rest is 01.</summary>
    public static string Default(InvoiceVatBody vat, MarginScheme? margin, bool sellerSurcharged) =>
        margin is not null ? margin.RegimeKey
        : vat.Category == "G" || vat.ExemptionCause is "E2" or "E3" ? "02"
        : sellerSurcharged && vat.Tax == "iva" ? "18"
        : "01";

    /// <summary>Whether the agency takes a key with what is said of an amount.</summary>
    public static bool Fits(InvoiceVatBody vat)
    {
        var (qualification, cause) = (vat.Qualification, vat.ExemptionCause);
        return vat.RegimeKey switch
        {
            "01" => cause is not ("E2" or "E3"),
            "03" => qualification is null or "S1",
            "04" => qualification is null or "S2",
            // Needs the taxable amount at cost, which a sale does not tell.
            "06" => false,
            "07" => qualification is not ("S2" or "N1" or "N2") && cause is not ("E2" or "E3" or "E4" or "E5"),
            "08" => qualification == "N2",
            "10" => qualification == "N1",
            "11" => vat.Tax != "iva" || vat.Rate == 21m,
            // Its day of operation lies ahead, and no sale's does.
            "14" => false,
            _ => true,
        };
    }
}
