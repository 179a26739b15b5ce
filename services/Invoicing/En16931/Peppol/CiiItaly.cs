using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>Rules for Italian sellers' CII documents.</summary>
internal static class CiiItaly
{
    public static void Add(Places places)
    {
        places.At(Ram.SpecifiedTaxRegistration, TaxRegistration);
        places.At(Ram.SellerTradeParty, Seller);
    }

    /// <summary>BT-32.</summary>
    private static void TaxRegistration(Node at, Findings found)
    {
        if (!at.Parent.Is(Ram.SellerTradeParty))
        {
            return;
        }

        var (isOther, fiscal) = (false, default(Node));
        foreach (var id in at.All(Ram.ID))
        {
            if (id.Attribute(Attributes.SchemeID).Trim(" \t\r\n") is "FC")
            {
                fiscal = id;
            }
            else
            {
                isOther = true;
            }
        }

        found.Check("IT-R-001", at, isOther || UblItaly.IsRegistration(fiscal.Trimmed));
    }

    private static void Seller(Node at, Findings found)
    {
        found.Check("IT-R-002", at, at[Ram.PostalTradeAddress, RamOfPeppol.LineOne].Exists);
        found.Check("IT-R-003", at, at[Ram.PostalTradeAddress, RamOfPeppol.CityName].Exists);
        found.Check("IT-R-004", at, at[Ram.PostalTradeAddress, RamOfPeppol.PostcodeCode].Exists);
    }
}
