using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Cii;

/// <summary>Which identifiers the parties have.</summary>
internal struct CiiParties
{
    public bool SellerByVat;
    public bool SellerByTax;
    public bool RepresentativeByVat;
    public bool BuyerByVat;
    public bool BuyerByRegistration;

    public void Add(Node party)
    {
        var (byVat, byTax) = (CiiRules.HasTaxIdentifier(party, "VA"), CiiRules.HasTaxIdentifier(party, "FC"));
        if (party.Is(Ram.SellerTradeParty))
        {
            SellerByVat |= byVat;
            SellerByTax |= byTax;
        }
        else if (party.Is(Ram.SellerTaxRepresentativeTradeParty))
        {
            RepresentativeByVat |= byVat;
        }
        else if (party.Is(Ram.BuyerTradeParty))
        {
            BuyerByVat |= byVat;
            BuyerByRegistration |= party.Down(Ram.SpecifiedLegalOrganization, Ram.ID).Exists;
        }
    }
}

/// <summary>How the sellers of a transaction are known, for a payee not to be one of them (BT-27, BT-29, BT-30).</summary>
internal sealed class CiiSellers
{
    private readonly HashSet<string> _names = [];
    private readonly HashSet<string> _ids = [];
    private readonly HashSet<string> _registrations = [];

    public CiiSellers(Node transaction)
    {
        foreach (var agreement in transaction.All(Ram.ApplicableHeaderTradeAgreement))
        {
            foreach (var seller in agreement.All(Ram.SellerTradeParty))
            {
                Add(_names, seller, Ram.Name);
                Add(_ids, seller, Ram.ID);
                foreach (var organization in seller.All(Ram.SpecifiedLegalOrganization))
                {
                    Add(_registrations, organization, Ram.ID);
                }
            }
        }
    }

    /// <summary>Whether a party has a name, an identifier or a registration of a seller.</summary>
    public bool Know(Node party)
    {
        var know = Know(_names, party, Ram.Name) || Know(_ids, party, Ram.ID);
        foreach (var organization in party.All(Ram.SpecifiedLegalOrganization))
        {
            know |= Know(_registrations, organization, Ram.ID);
        }

        return know;
    }

    private static void Add(HashSet<string> texts, Node at, Name name)
    {
        foreach (var each in at.All(name))
        {
            texts.Add(each.Text.ToString());
        }
    }

    private static bool Know(HashSet<string> texts, Node at, Name name)
    {
        foreach (var each in at.All(name))
        {
            if (texts.GetAlternateLookup<ReadOnlySpan<char>>().Contains(each.Text))
            {
                return true;
            }
        }

        return false;
    }
}
