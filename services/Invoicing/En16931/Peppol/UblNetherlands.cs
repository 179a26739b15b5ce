using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>Rules for Dutch sellers' UBL documents, some of them for Dutch buyers only.</summary>
internal static class UblNetherlands
{
    public static void Add(Places places)
    {
        places.At(
            Cbc.CreditNoteTypeCode,
            (at, found) => found.Check("NL-R-001", at, at.Tree.Root[Cac.BillingReference, Cac.InvoiceDocumentReference, Cbc.ID].Exists)
        );
        places.At(Cac.PostalAddress, Address);
        places.At(Cbc.CompanyID, Registration);
        places.At(Cac.LegalMonetaryTotal, Totals);
        places.At(Cac.PaymentMeans, Payment);
        places.At(Cbc.LineID, OrderLine);
    }

    private static void Address(Node at, Findings found)
    {
        var parties = found.Parties!;
        var rule =
            at.Parent.Is(Cac.TaxRepresentativeParty) ? (parties.RepresentativesAddress == Country.NL ? "NL-R-006" : null)
            : !at.Parent.Is(Cac.Party) ? null
            : at.Parent.Parent.Is(Cac.AccountingSupplierParty) ? "NL-R-002"
            : at.Parent.Parent.Is(Cac.AccountingCustomerParty) && parties.BuyersAddress == Country.NL ? "NL-R-004"
            : null;
        if (rule is not null)
        {
            found.Check(rule, at, at.Has(Cbc.StreetName) && at.Has(Cbc.CityName) && at.Has(Cbc.PostalZone));
        }
    }

    private static void Registration(Node at, Findings found)
    {
        var party = at.Parent.Parent;
        if (!at.Parent.Is(Cac.PartyLegalEntity) || !party.Is(Cac.Party))
        {
            return;
        }

        if (party.Parent.Is(Cac.AccountingSupplierParty))
        {
            found.Check("NL-R-003", at, IsRegistration(at));
        }
        else if (party.Parent.Is(Cac.AccountingCustomerParty) && found.Parties!.BuyersAddress == Country.NL)
        {
            found.Check("NL-R-005", at, IsRegistration(at));
        }
    }

    /// <summary>A number of the chamber of commerce (KVK, 0106) or of the government (OIN, 0190).</summary>
    internal static bool IsRegistration(Node at)
    {
        var scheme = at.Attribute(Attributes.SchemeID);
        return at.HasText && (HasWord(scheme, "0106") || HasWord(scheme, "0190"));
    }

    private static bool HasWord(ReadOnlySpan<char> text, string word)
    {
        foreach (var range in text.Split(' '))
        {
            if (text[range].SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What is due has a way to pay it.</summary>
    private static void Totals(Node at, Findings found)
    {
        var due = at[Cbc.PayableAmount].Number;
        found.Check(
            "NL-R-007",
            at,
            (at.Tree.Root.Is(Root.Invoice) && due <= 0m)
                || (at.Tree.Root.Is(Root.CreditNote) && due >= 0m)
                || found.Parties!.HasPaymentMeans
        );
    }

    private static void Payment(Node at, Findings found)
    {
        if (found.Parties!.BuyersAddress == Country.NL)
        {
            found.Check("NL-R-008", at, IsCode(at[Cbc.PaymentMeansCode].Trimmed));
        }
    }

    /// <summary>Whether a way to pay is in use (BT-81).</summary>
    internal static bool IsCode(ReadOnlySpan<char> code) => code is "30" or "48" or "49" or "57" or "58" or "59";

    private static void OrderLine(Node at, Findings found)
    {
        if (at.Parent.Is(Cac.OrderLineReference))
        {
            found.Check("NL-R-009", at, found.Parties!.HasOrder);
        }
    }
}
