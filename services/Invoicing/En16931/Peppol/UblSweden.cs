using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>Rules for Swedish sellers' UBL documents.</summary>
internal static class UblSweden
{
    public static void Add(Places places)
    {
        places.At(Cac.Party, Seller);
        places.At(Cac.PartyLegalEntity, Registration);
        places.At(Cac.TaxCategory, Rate);
        places.At(Cac.ClassifiedTaxCategory, Rate);
        places.At(Cac.PaymentMeans, Payment);
        places.At(Cbc.ID, Account);
    }

    /// <summary>Whether a party's address is in Sweden.</summary>
    public static bool IsSwedish(Node party) => party.Says(Cac.PostalAddress, Cac.Country, Cbc.IdentificationCode, "SE");

    /// <summary>Whether a party has a VAT identifier of Sweden.</summary>
    public static bool HasSwedishVat(Node party)
    {
        foreach (var scheme in party.All(Cac.PartyTaxScheme))
        {
            if (scheme.Says(Cac.TaxScheme, Cbc.ID, "VAT") && scheme[Cbc.CompanyID].Text is ['S', 'E', ..])
            {
                return true;
            }
        }

        return false;
    }

    private static void Seller(Node at, Findings found)
    {
        if (!at.Parent.Is(Cac.AccountingSupplierParty) || !IsSwedish(at))
        {
            return;
        }

        TaxRegistrations(at, found);
        if (!HasSwedishVat(at))
        {
            return;
        }

        foreach (var scheme in at.All(Cac.PartyTaxScheme))
        {
            if (scheme.Says(Cac.TaxScheme, Cbc.ID, "VAT"))
            {
                var id = scheme[Cbc.CompanyID].Text;
                found.Check("SE-R-001", at, XPath.NormalizedLength(id) == 14);
                found.Check("SE-R-002", at, XPath.IsNumber(XPath.Part(id, 3, 12)));
                return;
            }
        }
    }

    /// <summary>BT-30.</summary>
    private static void Registration(Node at, Findings found)
    {
        var id = at[Cbc.CompanyID];
        if (id.Exists && at.Parent.Is(Cac.Party) && at.Parent.Parent.Is(Cac.AccountingSupplierParty) && IsSwedish(at.Parent))
        {
            Registration(at, id.Text, found);
        }
    }

    /// <summary>An organisation number: ten digits, the last of them Luhn's.</summary>
    internal static void Registration(Node at, ReadOnlySpan<char> id, Findings found)
    {
        Span<char> room = stackalloc char[64];
        var number = XPath.Normalized(id, room);
        found.Check("SE-R-003", at, XPath.IsNumber(id));
        found.Check("SE-R-004", at, XPath.Length(number) == 10);
        found.Check("SE-R-013", at, CheckDigits.IsSwedish(number));
    }

    /// <summary>BT-32, of a seller that is registered.</summary>
    private static void TaxRegistrations(Node seller, Findings found)
    {
        if (!seller[Cac.PartyLegalEntity, Cbc.CompanyID].Exists)
        {
            return;
        }

        foreach (var scheme in seller.All(Cac.PartyTaxScheme))
        {
            var kind = scheme[Cac.TaxScheme, Cbc.ID];
            if (scheme.HasSeveral(Cac.TaxScheme, Cbc.ID) || kind.Trimmed.Equals("VAT", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            foreach (var id in scheme.All(Cbc.CompanyID))
            {
                found.Check("SE-R-005", id, IsApproved(id.Text));
            }
        }
    }

    /// <summary>Approved for business tax (F-skatt).</summary>
    internal static bool IsApproved(ReadOnlySpan<char> text)
    {
        Span<char> room = stackalloc char[64];
        return XPath.Normalized(text, room).Equals("GODKÄND FÖR F-SKATT", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Rates of VAT in category S.</summary>
    private static void Rate(Node at, Findings found)
    {
        if (found.Parties!.HasSellerSwedishVat && at.Says(Cbc.ID, "S"))
        {
            found.Check("SE-R-006", at, XPath.Number(at[Cbc.Percent].Text) is 25 or 12 or 6);
        }
    }

    private static void Payment(Node at, Findings found)
    {
        if (at.Says(Cbc.PaymentMeansCode, "50") || at.Says(Cbc.PaymentMeansCode, "56"))
        {
            found.Check("SE-R-011", at, false);
        }
        else if (found.Parties!.IsBuyerSwedish && at.Says(Cbc.PaymentMeansCode, "31"))
        {
            found.Check("SE-R-012", at, false);
        }
    }

    /// <summary>BT-84 with Plusgiro and Bankgiro.</summary>
    private static void Account(Node at, Findings found)
    {
        var means = at.Parent.Parent;
        if (!at.Parent.Is(Cac.PayeeFinancialAccount) || !means.Is(Cac.PaymentMeans) || !means.Only(Cbc.PaymentMeansCode).Is("30"))
        {
            return;
        }

        var branch = means.Only(Cac.PayeeFinancialAccount, Cac.FinancialInstitutionBranch, Cbc.ID);
        Account(at, branch, found);
    }

    /// <summary>An account's number, for the branch that says whose it is.</summary>
    internal static void Account(Node at, Node branch, Findings found)
    {
        var length = XPath.NormalizedLength(at.Text);
        if (branch.Is("SE:PLUSGIRO"))
        {
            found.Check("SE-R-007", at, XPath.IsNumber(at.Text));
            found.Check("SE-R-010", at, length is >= 2 and <= 8);
        }
        else if (branch.Is("SE:BANKGIRO"))
        {
            found.Check("SE-R-008", at, XPath.IsNumber(at.Text));
            found.Check("SE-R-009", at, length is 7 or 8);
        }
    }
}
