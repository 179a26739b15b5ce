using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>Rules for Icelandic sellers' UBL documents.</summary>
internal static class UblIceland
{
    public static void Add(Places places)
    {
        places.At(Root.Invoice, Document);
        places.At(Root.CreditNote, Document);
        places.At(Cac.AccountingCustomerParty, Buyer);
    }

    private static void Document(Node at, Findings found)
    {
        var seller = at[Cac.AccountingSupplierParty, Cac.Party];
        found.Check("IS-R-001", at, IsType(at[Cbc.InvoiceTypeCode]) || IsType(at[Cbc.CreditNoteTypeCode]));
        found.Check("IS-R-002", at, HasRegistration(at, Cac.AccountingSupplierParty));
        found.Check("IS-R-003", at, seller[Cac.PostalAddress, Cbc.StreetName].Exists && seller[Cac.PostalAddress, Cbc.PostalZone].Exists);
        found.Check("IS-R-006", at, HasAccount(at, "9"));
        found.Check("IS-R-007", at, HasAccount(at, "42"));
        FinalDay(at, found);
    }

    private static bool IsType(Node code) => code.Is("380") || code.Is("381");

    private static bool HasRegistration(Node at, Name role)
    {
        foreach (var party in at.All(role))
        {
            if (HasRegistration(party))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasRegistration(Node role)
    {
        foreach (var party in role.All(Cac.Party))
        {
            foreach (var entity in party.All(Cac.PartyLegalEntity))
            {
                foreach (var id in entity.All(Cbc.CompanyID))
                {
                    if (id.Attribute(Attributes.SchemeID) is "0196")
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    /// <summary>Whether an account of twelve digits goes with a way to pay, where it is used.</summary>
    private static bool HasAccount(Node at, string code)
    {
        var isUsed = false;
        foreach (var means in at.All(Cac.PaymentMeans))
        {
            if (means.Says(Cbc.PaymentMeansCode, code))
            {
                isUsed = true;
                if (means[Cac.PayeeFinancialAccount, Cbc.ID] is { Exists: true } account)
                {
                    return XPath.NormalizedLength(account.Text) == 12;
                }
            }
        }

        return !isUsed;
    }

    /// <summary>The last day to pay (eindagi) stands with an additional document; it is a day and not before the due date.</summary>
    private static void FinalDay(Node at, Findings found)
    {
        var (isGiven, day, last) = (false, default(Node), default(Node));
        foreach (var reference in at.All(Cac.AdditionalDocumentReference))
        {
            if (reference.Says(Cbc.DocumentDescription, "EINDAGI"))
            {
                isGiven = true;
                foreach (var id in reference.All(Cbc.ID))
                {
                    day = day.Exists ? day : id;
                    last = last.Exists && last.Text.SequenceCompareTo(id.Text) >= 0 ? last : id;
                }
            }
        }

        if (!isGiven)
        {
            return;
        }

        var due = at[Cbc.DueDate];
        found.Check("IS-R-008", at, XPath.IsPlainDate(day.Text));
        found.Check("IS-R-009", at, due.Exists);
        // Days are compared as text.
        found.Check("IS-R-010", at, due.Exists && last.Exists && due.Text.SequenceCompareTo(last.Text) <= 0);
    }

    private static void Buyer(Node at, Findings found)
    {
        if (found.Parties!.BuyersCode == Country.IS && (at.Parent.Is(Root.Invoice) || at.Parent.Is(Root.CreditNote)))
        {
            var address = at[Cac.Party, Cac.PostalAddress, Cbc.StreetName];
            found.Check("IS-R-004", at, HasRegistration(at));
            found.Check("IS-R-005", at, address.Exists && at[Cac.Party, Cac.PostalAddress, Cbc.PostalZone].Exists);
        }
    }
}
