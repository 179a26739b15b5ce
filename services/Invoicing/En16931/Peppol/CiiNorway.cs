using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>Rules for Norwegian sellers' CII documents.</summary>
internal static class CiiNorway
{
    public static void Add(Places places) => places.At(Ram.SellerTradeParty, Seller);

    private static void Seller(Node at, Findings found)
    {
        var isRegistered = false;
        foreach (var registration in at.All(Ram.SpecifiedTaxRegistration))
        {
            foreach (var id in registration.All(Ram.ID))
            {
                isRegistered |= id.Attribute(Attributes.SchemeID) is "FC" && id.Is("Foretaksregisteret");
            }
        }

        found.Check("NO-R-002", at, isRegistered);
        found.Check("NO-R-001", at, UblNorway.IsVatOrForeign(CiiParties.RegistrationOf(at, "VAT").Text));
    }
}
