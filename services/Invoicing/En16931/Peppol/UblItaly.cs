using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>Rules for Italian sellers' UBL documents.</summary>
internal static class UblItaly
{
    public static void Add(Places places)
    {
        places.At(Cac.PartyTaxScheme, TaxRegistration);
        places.At(Cac.Party, Seller);
    }

    /// <summary>BT-32.</summary>
    private static void TaxRegistration(Node at, Findings found)
    {
        if (
            at.Parent.Is(Cac.Party)
            && at.Parent.Parent.Is(Cac.AccountingSupplierParty)
            && !at[Cac.TaxScheme, Cbc.ID].Is("VAT")
            && !at.HasSeveral(Cac.TaxScheme, Cbc.ID)
        )
        {
            found.Check("IT-R-001", at, IsRegistration(at[Cbc.CompanyID].Trimmed));
        }
    }

    /// <summary>Eleven to sixteen large letters and digits.</summary>
    internal static bool IsRegistration(ReadOnlySpan<char> id)
    {
        foreach (var character in id)
        {
            if (!char.IsAsciiLetterUpper(character) && !char.IsAsciiDigit(character))
            {
                return false;
            }
        }

        return id.Length is >= 11 and <= 16;
    }

    private static void Seller(Node at, Findings found)
    {
        if (at.Parent.Is(Cac.AccountingSupplierParty))
        {
            found.Check("IT-R-002", at, at[Cac.PostalAddress, Cbc.StreetName].Exists);
            found.Check("IT-R-003", at, at[Cac.PostalAddress, Cbc.CityName].Exists);
            found.Check("IT-R-004", at, at[Cac.PostalAddress, Cbc.PostalZone].Exists);
        }
    }
}
