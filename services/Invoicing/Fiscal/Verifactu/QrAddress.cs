using System.Globalization;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>What the QR says: the agency's address at which anyone can check the invoice (AEAT QR v0.4.7).</summary>
public static class QrAddress
{
    /// <summary>The address of an invoice, at the agency's test or production site.</summary>
    public static string Of(SellerEnvironment environment, string taxId, string number, DateOnly issueDate, decimal totalWithVat)
    {
        var site = environment == SellerEnvironment.Production ? "https://www2.agenciatributaria.gob.es" : "https://prewww2.aeat.es";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{site}/wlpl/TIKE-CONT/ValidarQR?nif={Uri.EscapeDataString(taxId)}&numserie={Uri.EscapeDataString(number)}"
                + $"&fecha={issueDate:dd-MM-yyyy}&importe={totalWithVat}"
        );
    }
}
