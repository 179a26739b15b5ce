using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>Who the parties of a CII document are, and whether an element is theirs.</summary>
internal static class CiiParties
{
    /// <summary>What rules ask of the document as a whole.</summary>
    public static Parties Of(Node document)
    {
        var (seller, buyer, representative) = (default(Addresses), default(Addresses), default(Addresses));
        var ofRepresentatives = default(Vat);
        var hasSwedishVat = false;
        foreach (var transaction in document.All(Rsm.SupplyChainTradeTransaction))
        {
            foreach (var agreement in transaction.All(Ram.ApplicableHeaderTradeAgreement))
            {
                foreach (var party in agreement.All(Ram.SellerTradeParty))
                {
                    seller.Add(party);
                    hasSwedishVat |= party.Says(Ram.PostalTradeAddress, Ram.CountryID, "SE") && CiiSweden.HasSwedishVat(party);
                }

                foreach (var party in agreement.All(Ram.BuyerTradeParty))
                {
                    buyer.Add(party);
                }

                foreach (var party in agreement.All(Ram.SellerTaxRepresentativeTradeParty))
                {
                    representative.Add(party);
                    ofRepresentatives.Add(party);
                }
            }
        }

        var ofSeller = default(Vat);
        ofSeller.Add(document[Rsm.SupplyChainTradeTransaction, Ram.ApplicableHeaderTradeAgreement, Ram.SellerTradeParty]);
        var settlement = document[Rsm.SupplyChainTradeTransaction, Ram.ApplicableHeaderTradeSettlement];
        var order = document[Rsm.SupplyChainTradeTransaction, Ram.ApplicableHeaderTradeAgreement, RamOfPeppol.BuyerOrderReferencedDocument];
        var process = document[Rsm.ExchangedDocumentContext, RamOfPeppol.BusinessProcessSpecifiedDocumentContextParameter, Ram.ID];
        var parties = new Parties
        {
            Seller = ofSeller.Country ?? ofRepresentatives.Country ?? seller.Only,
            SellersAddress = seller.Only,
            BuyersAddress = buyer.Only,
            RepresentativesAddress = representative.Only,
            SellersCode = seller.IsAnyDanish ? Country.DK : Country.Other,
            BuyersCode = buyer.IsAnyDanish ? Country.DK : Country.Other,
            IsSellerSwedish = seller.IsAnySwedish,
            IsBuyerSwedish = buyer.IsAnySwedish,
            HasSellerSwedishVat = hasSwedishVat,
            HasPaymentMeans = settlement.Has(Ram.SpecifiedTradeSettlementPaymentMeans),
            HasOrder = order[Ram.IssuerAssignedID].Exists,
            PeriodStart = settlement[Ram.BillingSpecifiedPeriod, Ram.StartDateTime],
            PeriodEnd = settlement[Ram.BillingSpecifiedPeriod, Ram.EndDateTime],
        };
        parties.AddProcess(process.Text);
        foreach (var currency in settlement.All(Ram.InvoiceCurrencyCode))
        {
            parties.AddCurrency(currency);
        }

        return parties;
    }

    /// <summary>Whether it is the document's own seller, buyer or representative.</summary>
    public static bool IsParty(Node at, Name role) => at.Is(role) && IsAgreement(at.Parent);

    /// <summary>Whether it is what the whole document agrees on (BG-0).</summary>
    public static bool IsAgreement(Node at) => at.Is(Ram.ApplicableHeaderTradeAgreement) && IsTransaction(at.Parent);

    /// <summary>Whether it is how the whole document is settled (BG-0).</summary>
    public static bool IsSettlement(Node at) => at.Is(Ram.ApplicableHeaderTradeSettlement) && IsTransaction(at.Parent);

    /// <summary>Whether it is the document's transaction.</summary>
    public static bool IsTransaction(Node at) => at.Is(Rsm.SupplyChainTradeTransaction) && at.Parent == at.Tree.Root;

    /// <summary>A party's first VAT identifier, or another tax registration of some kind.</summary>
    public static Node RegistrationOf(Node party, string kind)
    {
        foreach (var registration in party.All(Ram.SpecifiedTaxRegistration))
        {
            foreach (var id in registration.All(Ram.ID))
            {
                if (id.Attribute(Attributes.SchemeID).SequenceEqual(kind))
                {
                    return id;
                }
            }
        }

        return default;
    }

    /// <summary>The countries of the addresses of those in one role.</summary>
    private struct Addresses
    {
        private Node _code;
        private int _count;

        /// <summary>The one country, in whatever case; where there are more they count as none.</summary>
        public readonly Country Only => _count == 1 ? Parties.InAnyCase(_code.Text) : Country.Other;

        public bool IsAnyDanish { get; private set; }

        public bool IsAnySwedish { get; private set; }

        public void Add(Node party)
        {
            foreach (var address in party.All(Ram.PostalTradeAddress))
            {
                foreach (var code in address.All(Ram.CountryID))
                {
                    (_code, _count) = (code, _count + 1);
                    IsAnyDanish |= code.Says("DK");
                    IsAnySwedish |= code.Says("SE");
                }
            }
        }
    }

    /// <summary>The VAT identifiers of those in one role; where there are more than one they count as nobody's.</summary>
    private struct Vat
    {
        private Node _id;
        private int _count;

        public readonly Country? Country => _count > 1 ? Peppol.Country.Other : Parties.OfVat(_id.Text);

        public void Add(Node party)
        {
            foreach (var registration in party.All(Ram.SpecifiedTaxRegistration))
            {
                var isVat = false;
                foreach (var id in registration.All(Ram.ID))
                {
                    isVat |= id.Attribute(Attributes.SchemeID) is "VAT";
                }

                if (isVat)
                {
                    (_id, _count) = (registration[Ram.ID], _count + registration.Count(Ram.ID));
                }
            }
        }
    }
}
