using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>Rules for Swedish sellers' CII documents.</summary>
internal static class CiiSweden
{
    public static void Add(Places places)
    {
        places.At(Ram.SellerTradeParty, Seller);
        places.At(Ram.ApplicableTradeTax, Rate);
        places.At(Ram.CategoryTradeTax, Rate);
        places.At(Ram.SpecifiedTradeSettlementPaymentMeans, Payment);
    }

    /// <summary>Whether a party has a VAT identifier of Sweden.</summary>
    public static bool HasSwedishVat(Node party)
    {
        foreach (var registration in party.All(Ram.SpecifiedTaxRegistration))
        {
            foreach (var id in registration.All(Ram.ID))
            {
                if (id.Attribute(Attributes.SchemeID) is "VAT" && id.Text is ['S', 'E', ..])
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static void Seller(Node at, Findings found)
    {
        if (!CiiParties.IsParty(at, Ram.SellerTradeParty) || !at.Says(Ram.PostalTradeAddress, Ram.CountryID, "SE"))
        {
            return;
        }

        if (HasSwedishVat(at))
        {
            var vat = CiiParties.RegistrationOf(at, "VAT").Text;
            found.Check("SE-R-001", at, XPath.NormalizedLength(vat) == 14);
            found.Check("SE-R-002", at, XPath.IsNumber(XPath.Part(vat, 3, 12)));
        }

        var isRegistered = false;
        foreach (var organisation in at.All(Ram.SpecifiedLegalOrganization))
        {
            if (organisation[Ram.ID] is { Exists: true } id)
            {
                isRegistered = true;
                UblSweden.Registration(organisation, id.Text, found);
            }
        }

        if (isRegistered)
        {
            TaxRegistration(at, found);
        }
    }

    /// <summary>BT-32.</summary>
    private static void TaxRegistration(Node seller, Findings found)
    {
        foreach (var registration in seller.All(Ram.SpecifiedTaxRegistration))
        {
            foreach (var id in registration.All(Ram.ID))
            {
                if (id.Attribute(Attributes.SchemeID) is "FC")
                {
                    found.Check("SE-R-005", id, UblSweden.IsApproved(id.Text));
                }
            }
        }
    }

    /// <summary>Rates of VAT, whatever the category.</summary>
    private static void Rate(Node at, Findings found)
    {
        if (found.Parties!.HasSellerSwedishVat)
        {
            found.Check("SE-R-006", at, XPath.Number(at[Ram.RateApplicablePercent].Text) is 25 or 12 or 6);
        }
    }

    private static void Payment(Node at, Findings found)
    {
        if (!CiiParties.IsSettlement(at.Parent))
        {
            return;
        }

        switch (at.Only(Ram.TypeCode).Trimmed)
        {
            case "30":
                Accounts(at, found);
                break;
            case "50" or "56":
                found.Check("SE-R-011", at, false);
                break;
            case "31" when found.Parties!.IsBuyerSwedish:
                found.Check("SE-R-012", at, false);
                break;
        }
    }

    /// <summary>BT-84 with Plusgiro and Bankgiro.</summary>
    private static void Accounts(Node means, Findings found)
    {
        var branch = means.Only(RamOfPeppol.PayeeSpecifiedCreditorFinancialInstitution, RamOfPeppol.BICID);
        foreach (var account in means.All(Ram.PayeePartyCreditorFinancialAccount))
        {
            foreach (var id in account.All(Ram.ProprietaryID))
            {
                UblSweden.Account(id, branch, found);
            }
        }
    }
}
