using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>
/// What reverse charge and supplies to other Member States say beside their category: who accounts for the VAT, and when and where the
/// goods arrived (BR-AE-02, BR-IC-02, BR-IC-11, BR-IC-12; LIVA arts. 25, 84).
/// </summary>
public static class CrossBorderRules
{
    // Those of LIVA art. 3 beside Spain; Monaco counts as France, Northern Ireland's goods as the Union's.
    private static readonly HashSet<string> OtherMemberStates =
    [
        .. "AT BE BG CY CZ DE DK EE FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK XI".Split(' '),
    ];

    /// <summary>The first thing that lacks; null where nothing does.</summary>
    public static Fault? Of(Basket basket, InvoiceParty? buyer, SaleDelivery? delivery)
    {
        if (Has(basket, "AE") && buyer is null)
        {
            return InvoicingFaults.NeedsBuyer.At("buyer", "AE", "name, taxId");
        }

        if (!Has(basket, "K"))
        {
            return null;
        }

        if (buyer is not { TaxIdType: TaxIdType.Vat, TaxId: { } id } || id.StartsWith("ES", StringComparison.Ordinal))
        {
            return InvoicingFaults.NeedsBuyer.At("buyer", "K", "taxIdType vat (≠ ES)");
        }

        return delivery?.Date is null ? InvoicingFaults.NotDelivered.At("delivery.date", "delivery.date")
            : delivery.Address is not { } address ? InvoicingFaults.NotDelivered.At("delivery.address", "delivery.address")
            : !OtherMemberStates.Contains(address.Country)
                ? InvoicingFaults.NotDelivered.At("delivery.address.country", $"delivery.address.country {address.Country}")
            : null;
    }

    /// <summary>Whether any of it is of that category.</summary>
    public static bool Has(Basket basket, string category)
    {
        foreach (var vat in basket.VatBreakdown)
        {
            if (vat.Category == category)
            {
                return true;
            }
        }

        return false;
    }
}
