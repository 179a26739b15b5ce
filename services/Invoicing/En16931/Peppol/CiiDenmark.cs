using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>Rules for Danish sellers' CII documents, most of them for Danish buyers only.</summary>
internal static class CiiDenmark
{
    public static void Add(Places places)
    {
        places.At(Rsm.CrossIndustryInvoice, Document);
        places.At(Ram.ApplicableHeaderTradeSettlement, Payments);
        places.At(Ram.IncludedSupplyChainTradeLineItem, Line);
    }

    private static void Document(Node at, Findings found)
    {
        var transaction = at[Rsm.SupplyChainTradeTransaction];
        var agreement = transaction[Ram.ApplicableHeaderTradeAgreement];
        var settlement = transaction[Ram.ApplicableHeaderTradeSettlement];
        var id = agreement[Ram.SellerTradeParty, Ram.SpecifiedLegalOrganization, Ram.ID];
        var isForDanes = found.Parties!.AreDanish;
        var isCreditNote = at[Rsm.ExchangedDocument, Ram.TypeCode].Is("381");
        var due = settlement[Ram.SpecifiedTradeSettlementHeaderMonetarySummation, Ram.DuePayableAmount];
        found.Check("DK-R-002", at, id.HasText);
        found.Check("DK-R-004", at, !isForDanes || !HasOtherTax(settlement) || DanishPayments.IsTaxCategory(ReasonOf(settlement).Text));
        found.Check(
            "DK-R-013",
            at,
            !isForDanes || (NamesScheme(agreement[Ram.SellerTradeParty]) && NamesScheme(agreement[Ram.BuyerTradeParty]))
        );
        found.Check("DK-R-014", at, !id.Exists || id.Attribute(Attributes.SchemeID).Trim(" \t\r\n") is "0184");
        found.Check("DK-R-016", at, !isForDanes || !isCreditNote || !(XPath.Number(due.Text) < 0));
    }

    private static bool HasOtherTax(Node settlement) => settlement.Says(Ram.SpecifiedTradeAllowanceCharge, Ram.ReasonCode, "ZZZ");

    private static Node ReasonOf(Node settlement) => settlement[Ram.SpecifiedTradeAllowanceCharge, Ram.Reason];

    /// <summary>Whether an identifier of a party says its scheme, where there is one (BT-29, BT-46).</summary>
    private static bool NamesScheme(Node party)
    {
        var isIdentified = false;
        foreach (var id in party.All(Ram.GlobalID))
        {
            isIdentified = true;
            if (!id.Attribute(Attributes.SchemeID).Trim(" \t\r\n").IsEmpty)
            {
                return true;
            }
        }

        return !isIdentified;
    }

    /// <summary>BG-16; references stand beside the ways to pay.</summary>
    private static void Payments(Node settlement, Findings found)
    {
        if (!found.Parties!.AreDanish || !CiiParties.IsSettlement(settlement))
        {
            return;
        }

        var reference = settlement[Ram.PaymentReference].Text;
        var hasCreditor = settlement[RamOfPeppol.CreditorReferenceID].HasText;
        foreach (var means in settlement.All(Ram.SpecifiedTradeSettlementPaymentMeans))
        {
            Payment(means, reference, hasCreditor, found);
        }
    }

    private static void Payment(Node at, ReadOnlySpan<char> reference, bool hasCreditor, Findings found)
    {
        var account = at[Ram.PayeePartyCreditorFinancialAccount, Ram.IBANID];
        var code = at[Ram.TypeCode].Text;
        found.Check("DK-R-005", at, DanishPayments.IsCode(code));
        switch (code)
        {
            case "31" or "42":
                var bank = at[RamOfPeppol.PayeeSpecifiedCreditorFinancialInstitution, RamOfPeppol.BICID];
                found.Check("DK-R-006", at, account.HasText && bank.HasText);
                break;
            case "49":
                // The official rule looks for the mandate within the payment means, where CII has none.
                var mandate = at[RamOfPeppol.SpecifiedTradePaymentTerms, RamOfPeppol.DirectDebitMandateID];
                found.Check("DK-R-007", at, hasCreditor && mandate.HasText);
                break;
            case "50":
                found.Check("DK-R-008", at, DanishPayments.IsGiro(reference) && XPath.Length(account.Text) == 7);
                found.Check("DK-R-009", at, DanishPayments.IsGiroWhole(reference));
                break;
            case "93":
                found.Check("DK-R-010", at, DanishPayments.IsCard(reference) && XPath.Length(account.Text) == 8);
                found.Check("DK-R-011", at, DanishPayments.IsCardWhole(reference));
                break;
        }
    }

    /// <summary>BT-158.</summary>
    private static void Line(Node at, Findings found)
    {
        if (!found.Parties!.AreDanish || !CiiParties.IsTransaction(at.Parent))
        {
            return;
        }

        var (isUnspsc, isVersion) = (false, false);
        foreach (var product in at.All(Ram.SpecifiedTradeProduct))
        {
            foreach (var classification in product.All(Ram.DesignatedProductClassification))
            {
                foreach (var code in classification.All(Ram.ClassCode))
                {
                    isUnspsc |= code.Attribute(Attributes.ListID) is "TST";
                    isVersion |= DanishPayments.IsVersion(code.Attribute(Attributes.ListVersionID));
                }
            }
        }

        found.Check("DK-R-003", at, !isUnspsc || isVersion);
    }
}
