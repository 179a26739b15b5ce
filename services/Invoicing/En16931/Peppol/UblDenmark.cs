using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>Rules for Danish sellers' UBL documents, most of them for Danish buyers only.</summary>
internal static class UblDenmark
{
    public static void Add(Places places)
    {
        places.At(Root.Invoice, Document);
        places.At(Root.CreditNote, Document);
        places.At(Cac.PartyIdentification, Identification);
        places.At(Cac.PaymentMeans, Payment);
        places.At(Cac.InvoiceLine, Line);
        places.At(Cac.CreditNoteLine, Line);
        places.At(Cac.AllowanceCharge, NonVatTax);
    }

    private static void Document(Node at, Findings found)
    {
        var id = at[Cac.AccountingSupplierParty, Cac.Party, Cac.PartyLegalEntity, Cbc.CompanyID];
        found.Check("DK-R-002", at, id.HasText);
        found.Check("DK-R-014", at, !id.Exists || id.Attribute(Attributes.SchemeID).Trim(" \t\r\n") is "0184");
        found.Check(
            "DK-R-016",
            at,
            !at.Tree.Root.Is(Root.CreditNote)
                || !found.Parties!.AreDanish
                || !(XPath.Number(at[Cac.LegalMonetaryTotal, Cbc.PayableAmount].Text) < 0)
        );
    }

    private static void Identification(Node at, Findings found)
    {
        var role = at.Parent.Parent;
        if (
            found.Parties!.AreDanish
            && at.Parent.Is(Cac.Party)
            && (role.Is(Cac.AccountingSupplierParty) || role.Is(Cac.AccountingCustomerParty))
            && (role.Parent.Is(Root.Invoice) || role.Parent.Is(Root.CreditNote))
        )
        {
            var id = at[Cbc.ID];
            found.Check("DK-R-013", at, !id.Exists || !id.Attribute(Attributes.SchemeID).Trim(" \t\r\n").IsEmpty);
        }
    }

    /// <summary>BG-16; of credit notes nothing is asked.</summary>
    private static void Payment(Node at, Findings found)
    {
        if (!found.Parties!.AreDanish || !at.Parent.Is(Root.Invoice))
        {
            return;
        }

        var account = at[Cac.PayeeFinancialAccount, Cbc.ID];
        var reference = at[Cbc.PaymentID].Text;
        found.Check("DK-R-005", at, DanishPayments.IsCode(at[Cbc.PaymentMeansCode].Text));
        foreach (var code in at.All(Cbc.PaymentMeansCode))
        {
            switch (code.Text)
            {
                case "31" or "42":
                    var branch = at[Cac.PayeeFinancialAccount, Cac.FinancialInstitutionBranch, Cbc.ID];
                    found.Check("DK-R-006", at, account.HasText && branch.HasText);
                    break;
                case "49":
                    var debited = at[Cac.PaymentMandate, Cac.PayerFinancialAccount, Cbc.ID];
                    found.Check("DK-R-007", at, at[Cac.PaymentMandate, Cbc.ID].HasText && debited.HasText);
                    break;
                case "50":
                    var isGiro = account.Text.Length is 7 or 8 && XPath.IsDigits(account.Text);
                    found.Check("DK-R-008", at, DanishPayments.IsGiro(reference) && isGiro);
                    found.Check("DK-R-009", at, DanishPayments.IsGiroWhole(reference));
                    break;
                case "93":
                    found.Check("DK-R-010", at, DanishPayments.IsCard(reference) && XPath.Length(account.Text) == 8);
                    found.Check("DK-R-011", at, DanishPayments.IsCardWhole(reference));
                    break;
            }
        }
    }

    /// <summary>BT-158.</summary>
    private static void Line(Node at, Findings found)
    {
        var isLine = (at.Is(Cac.InvoiceLine) && at.Parent.Is(Root.Invoice)) || (at.Is(Cac.CreditNoteLine) && at.Parent.Is(Root.CreditNote));
        if (!isLine || !found.Parties!.AreDanish)
        {
            return;
        }

        var (isUnspsc, isVersion) = (false, false);
        foreach (var item in at.All(Cac.Item))
        {
            foreach (var classification in item.All(Cac.CommodityClassification))
            {
                foreach (var code in classification.All(Cbc.ItemClassificationCode))
                {
                    isUnspsc |= code.Attribute(Attributes.ListID) is "TST";
                    isVersion |= DanishPayments.IsVersion(code.Attribute(Attributes.ListVersionID));
                }
            }
        }

        found.Check("DK-R-003", at, !isUnspsc || isVersion);
    }

    private static void NonVatTax(Node at, Findings found)
    {
        if (found.Parties!.AreDanish)
        {
            found.Check(
                "DK-R-004",
                at,
                !at.Says(Cbc.AllowanceChargeReasonCode, "ZZZ") || DanishPayments.IsTaxCategory(at[Cbc.AllowanceChargeReason].Text)
            );
        }
    }
}
