using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>Rules for Dutch sellers' CII documents, some of them for Dutch buyers only.</summary>
internal static class CiiNetherlands
{
    public static void Add(Places places)
    {
        places.At(Rsm.ExchangedDocument, CreditNote);
        places.At(Ram.PostalTradeAddress, Address);
        places.At(Ram.SpecifiedLegalOrganization, Registration);
        places.At(Ram.SpecifiedTradeSettlementHeaderMonetarySummation, Totals);
        places.At(Ram.SpecifiedTradeSettlementPaymentMeans, Payment);
        places.At(Ram.LineID, OrderLine);
    }

    private static void CreditNote(Node at, Findings found)
    {
        if (at.Parent == at.Tree.Root && at[Ram.TypeCode].Trimmed is "81" or "83" or "381" or "396" or "532")
        {
            var preceding = at.Parent[
                Rsm.SupplyChainTradeTransaction,
                Ram.ApplicableHeaderTradeSettlement,
                Ram.InvoiceReferencedDocument,
                Ram.IssuerAssignedID
            ];
            found.Check("NL-R-001", at, preceding.Exists);
        }
    }

    private static void Address(Node at, Findings found)
    {
        var parties = found.Parties!;
        var rule =
            CiiParties.IsParty(at.Parent, Ram.SellerTradeParty) ? "NL-R-002"
            : CiiParties.IsParty(at.Parent, Ram.BuyerTradeParty) && parties.BuyersAddress == Country.NL ? "NL-R-004"
            : CiiParties.IsParty(at.Parent, Ram.SellerTaxRepresentativeTradeParty) && parties.RepresentativesAddress == Country.NL
                ? "NL-R-006"
            : null;
        if (rule is not null)
        {
            found.Check(rule, at, at.Has(RamOfPeppol.LineOne) && at.Has(RamOfPeppol.CityName) && at.Has(RamOfPeppol.PostcodeCode));
        }
    }

    private static void Registration(Node at, Findings found)
    {
        var rule =
            CiiParties.IsParty(at.Parent, Ram.SellerTradeParty) ? "NL-R-003"
            : CiiParties.IsParty(at.Parent, Ram.BuyerTradeParty) && found.Parties!.BuyersAddress == Country.NL ? "NL-R-005"
            : null;
        if (rule is null)
        {
            return;
        }

        foreach (var id in at.All(Ram.ID))
        {
            found.Check(rule, id, UblNetherlands.IsRegistration(id));
        }
    }

    /// <summary>What is due has a way to pay it.</summary>
    private static void Totals(Node at, Findings found)
    {
        if (!CiiParties.IsSettlement(at.Parent))
        {
            return;
        }

        var due = at[Ram.DuePayableAmount].Number;
        var isCreditNote = at.Tree.Root[Rsm.ExchangedDocument, Ram.TypeCode].Is("381");
        found.Check("NL-R-007", at, (isCreditNote ? due >= 0m : due <= 0m) || found.Parties!.HasPaymentMeans);
    }

    private static void Payment(Node at, Findings found)
    {
        if (found.Parties!.BuyersAddress == Country.NL && CiiParties.IsSettlement(at.Parent))
        {
            found.Check("NL-R-008", at, UblNetherlands.IsCode(at[Ram.TypeCode].Trimmed));
        }
    }

    private static void OrderLine(Node at, Findings found)
    {
        var agreement = at.Parent.Parent;
        if (
            at.Parent.Is(RamOfPeppol.BuyerOrderReferencedDocument)
            && agreement.Is(Ram.SpecifiedLineTradeAgreement)
            && agreement.Parent.Is(Ram.IncludedSupplyChainTradeLineItem)
            && CiiParties.IsTransaction(agreement.Parent.Parent)
        )
        {
            found.Check("NL-R-009", at, found.Parties!.HasOrder);
        }
    }
}
