using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>
/// Peppol BIS Billing 3.0 for CII D16B: the rules of all documents, and those of the seller's country, which only its documents are walked
/// for. Germany, Greece and Iceland have none here.
/// </summary>
internal static class PeppolCii
{
    private static readonly Lazy<Places> OfAll = Places.With(CiiTransactionRules.Add, CiiPeppolCodes.Add);
    private static readonly Lazy<Places> OfDenmark = Places.With(CiiDenmark.Add);
    private static readonly Lazy<Places> OfItaly = Places.With(CiiItaly.Add);
    private static readonly Lazy<Places> OfNetherlands = Places.With(CiiNetherlands.Add);
    private static readonly Lazy<Places> OfNorway = Places.With(CiiNorway.Add);
    private static readonly Lazy<Places> OfSweden = Places.With(CiiSweden.Add);

    /// <summary>Tells what a CII document breaks of Peppol's rules.</summary>
    public static void Walk(XmlTree tree, Findings found)
    {
        var parties = CiiParties.Of(tree.Root);
        found.Parties = parties;
        OfAll.Value.Walk(tree, found);
        Walk(OfDenmark, parties.SellersCode == Country.DK);
        Walk(OfItaly, parties.Seller == Country.IT);
        Walk(OfNetherlands, parties.SellersAddress == Country.NL);
        Walk(OfNorway, parties.Seller == Country.NO);
        Walk(OfSweden, parties.IsSellerSwedish);

        void Walk(Lazy<Places> national, bool applies)
        {
            if (applies)
            {
                national.Value.Walk(tree, found);
            }
        }
    }
}
