using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Peppol;

/// <summary>
/// Peppol BIS Billing 3.0 for UBL 2.1: the rules of all documents, and those of the seller's country, which only its documents are walked
/// for.
/// </summary>
internal static class PeppolUbl
{
    private static readonly Lazy<Places> OfAll = Places.With(UblTransactionRules.Add, UblPeppolCodes.Add);
    private static readonly Lazy<Places> OfDenmark = Places.With(UblDenmark.Add);
    private static readonly Lazy<Places> OfGermany = Places.With(UblGermany.Add);
    private static readonly Lazy<Places> OfGreece = Places.With(UblGreece.Add);
    private static readonly Lazy<Places> OfIceland = Places.With(UblIceland.Add);
    private static readonly Lazy<Places> OfItaly = Places.With(UblItaly.Add);
    private static readonly Lazy<Places> OfNetherlands = Places.With(UblNetherlands.Add);
    private static readonly Lazy<Places> OfNorway = Places.With(UblNorway.Add);
    private static readonly Lazy<Places> OfSweden = Places.With(UblSweden.Add);

    /// <summary>Tells what a UBL document breaks of Peppol's rules.</summary>
    public static void Walk(XmlTree tree, Findings found)
    {
        var parties = PartiesOf(tree.Root);
        found.Parties = parties;
        Gather(tree, parties, found);
        OfAll.Value.Walk(tree, found);
        Walk(OfDenmark, parties.SellersCode == Country.DK);
        Walk(OfGermany, parties.AreGerman);
        Walk(OfGreece, parties.IsSellerGreek || parties.SellerAlone is Country.GR or Country.EL);
        Walk(OfIceland, parties.SellersCode == Country.IS);
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

    private static Parties PartiesOf(Node document)
    {
        var sellersCode = CountryOf(document, Cac.AccountingSupplierParty);
        var buyersCode = CountryOf(document, Cac.AccountingCustomerParty);
        var (sellersAddress, buyersAddress) = (Parties.InAnyCase(sellersCode), Parties.InAnyCase(buyersCode));
        var representative = new Only();
        representative.AddCodes(document.All(Cac.TaxRepresentativeParty));
        var sellers = VatOf(document, Cac.AccountingSupplierParty);
        var parties = new Parties
        {
            Seller = sellers ?? VatOfRepresentative(document) ?? sellersAddress,
            SellerAlone = sellers ?? sellersAddress,
            Buyer = VatOf(document, Cac.AccountingCustomerParty) ?? buyersAddress,
            SellersAddress = sellersAddress,
            BuyersAddress = buyersAddress,
            RepresentativesAddress = Parties.InAnyCase(representative.Text),
            SellersCode = Parties.Exactly(sellersCode),
            BuyersCode = Parties.Exactly(buyersCode),
            HasGreekAddress = IsGreek(document),
            HasOrder = document[Cac.OrderReference, Cbc.ID].Exists,
            PeriodStart = document[Cac.InvoicePeriod, Cbc.StartDate],
            PeriodEnd = document[Cac.InvoicePeriod, Cbc.EndDate],
        };
        parties.AddProcess(document[Cbc.ProfileID].Text);
        foreach (var currency in document.All(Cbc.DocumentCurrencyCode))
        {
            parties.AddCurrency(currency);
        }

        return parties;
    }

    private static bool IsGreek(Node document)
    {
        foreach (var seller in document.All(Cac.AccountingSupplierParty))
        {
            foreach (var party in seller.All(Cac.Party))
            {
                if (party.Says(Cac.PostalAddress, Cac.Country, Cbc.IdentificationCode, "GR"))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static ReadOnlySpan<char> CountryOf(Node document, Name role)
    {
        var code = new Only();
        foreach (var each in document.All(role))
        {
            code.AddCodes(each.All(Cac.Party));
        }

        return code.Text;
    }

    private static Country? VatOf(Node document, Name role)
    {
        var vat = new Only();
        foreach (var each in document.All(role))
        {
            foreach (var party in each.All(Cac.Party))
            {
                vat.AddVat(party);
            }
        }

        return vat.Country;
    }

    private static Country? VatOfRepresentative(Node document)
    {
        var vat = new Only();
        foreach (var representative in document.All(Cac.TaxRepresentativeParty))
        {
            vat.AddVat(representative);
        }

        return vat.Country;
    }

    /// <summary>What ought to stand once; where it stands more often, it counts as nobody's.</summary>
    private struct Only
    {
        private Node _node;
        private int _count;

        public readonly ReadOnlySpan<char> Text => _count == 1 ? _node.Text : default;

        /// <summary>The country of the one VAT identifier; none where there is none.</summary>
        public readonly Country? Country => _count > 1 ? Peppol.Country.Other : Parties.OfVat(Text);

        public void AddCodes(Node.ChildrenOf parties)
        {
            foreach (var party in parties)
            {
                foreach (var address in party.All(Cac.PostalAddress))
                {
                    foreach (var country in address.All(Cac.Country))
                    {
                        foreach (var code in country.All(Cbc.IdentificationCode))
                        {
                            (_node, _count) = (code, _count + 1);
                        }
                    }
                }
            }
        }

        public void AddVat(Node party)
        {
            foreach (var scheme in party.All(Cac.PartyTaxScheme))
            {
                if (scheme.Says(Cac.TaxScheme, Cbc.ID, "VAT"))
                {
                    _count += Math.Max(1, scheme.Count(Cbc.CompanyID));
                    _node = scheme[Cbc.CompanyID];
                }
            }
        }
    }

    /// <summary>What has to be looked for in the whole document; elements that say nothing are told on the way.</summary>
    private static void Gather(XmlTree tree, Parties parties, Findings found)
    {
        for (var index = 0; index < tree.Count; index++)
        {
            ref readonly var element = ref tree[index];
            if (element.End == index && tree.IsBlank(index))
            {
                found.Check("PEPPOL-EN16931-R008", new Node(tree, index), false);
            }

            if (element.Name == Cac.PaymentMeans)
            {
                parties.HasPaymentMeans = true;
            }
            else if (element.Name == Cac.AccountingSupplierParty)
            {
                foreach (var party in new Node(tree, index).All(Cac.Party))
                {
                    if (UblSweden.IsSwedish(party))
                    {
                        parties.IsSellerSwedish = true;
                        parties.HasSellerSwedishVat |= UblSweden.HasSwedishVat(party);
                    }
                }
            }
            else if (element.Name == Cac.AccountingCustomerParty)
            {
                foreach (var party in new Node(tree, index).All(Cac.Party))
                {
                    parties.IsBuyerSwedish |= UblSweden.IsSwedish(party);
                }
            }
        }
    }
}
