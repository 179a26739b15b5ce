using System.Runtime.InteropServices;
using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Cii;

/// <summary>What a CII document says as a whole, gathered in one walk before its parts are judged.</summary>
internal sealed class CiiFacts
{
    private static readonly Lazy<Kind[]> Kinds = new(KindsOfNames);

    private readonly HashSet<string> _currencies = [];
    private readonly HashSet<string> _taxCurrencies = [];
    private readonly Dictionary<string, (int Count, Node First)> _vatTotals = [];
    private CiiParties _ofDocument;
    private CiiParties _anywhere;
    private (int Of, double? Sum) _linesOf = (-1, null);
    private (int Of, CiiSellers? Names) _sellersOf = (-1, null);
    private Node _dueDateCode;
    private Node _meansCode;
    private Node _meansText;

    private CiiFacts() { }

    public CiiVat Vat { get; } = new();

    /// <summary>Whether there is a line, wherever it lies.</summary>
    public bool HasLines { get; private set; }

    /// <summary>Whether a quantity invoiced has a unit (BT-130).</summary>
    public bool HasUnit { get; private set; }

    /// <summary>Whether there is a VAT breakdown (BG-23).</summary>
    public bool HasBreakdown { get; private set; }

    /// <summary>Whether the VAT point stands as a date (BT-7).</summary>
    public bool HasVatPointDate { get; private set; }

    /// <summary>Whether the VAT point stands as a code (BT-8).</summary>
    public bool HasVatPointCode { get; private set; }

    /// <summary>Whether the VAT point's codes differ.</summary>
    public bool VatPointCodesDiffer { get; private set; }

    /// <summary>Whether the codes of the means of payment differ (BT-81).</summary>
    public bool MeansCodesDiffer { get; private set; }

    /// <summary>Whether the texts of the means of payment differ (BT-82).</summary>
    public bool MeansTextsDiffer { get; private set; }

    /// <summary>How many remittance references there are (BT-83).</summary>
    public int PaymentReferences { get; private set; }

    /// <summary>Whether some category is split payment, and some standard rated.</summary>
    public (bool IsSplit, bool IsStandard) Categories { get; private set; }

    /// <summary>Whether some country is not Italy.</summary>
    public bool HasOtherThanItaly { get; private set; }

    /// <summary>Whether the document was delivered at a date, and to a country (BT-72, BT-80).</summary>
    public (bool AtDate, bool ToCountry) Delivered { get; private set; }

    /// <summary>The sum of the document's allowances and of its charges; none where an amount is no number.</summary>
    public (double? Allowances, double? Charges) Sums { get; private set; } = (0, 0);

    /// <summary>Whether the document has allowances and charges.</summary>
    public (bool Allowances, bool Charges) HasParts { get; private set; }

    /// <summary>The sum of the VAT breakdown's tax (Σ BT-117); none where an amount is no number.</summary>
    public double? VatOfBreakdown { get; private set; } = 0;

    /// <summary>The total without VAT that comes first (BT-109).</summary>
    public Node TotalWithoutVat { get; private set; }

    /// <summary>The total with VAT that comes first (BT-112).</summary>
    public Node TotalWithVat { get; private set; }

    /// <summary>The invoice's currencies; there should be one (BT-5).</summary>
    public IReadOnlyCollection<string> Currencies => _currencies;

    /// <summary>The accounting currencies (BT-6).</summary>
    public IReadOnlyCollection<string> TaxCurrencies => _taxCurrencies;

    /// <summary>What the rules of the whole document have gathered; the parts of a document are judged after it.</summary>
    public static CiiFacts Of(Findings found) => (CiiFacts)found.Facts!;

    /// <summary>Gathers them.</summary>
    public static CiiFacts Of(Node document)
    {
        var facts = new CiiFacts();
        foreach (var transaction in document.All(Rsm.SupplyChainTradeTransaction))
        {
            foreach (var part in transaction.Children)
            {
                facts.OfTransaction(part);
            }
        }

        var kinds = Kinds.Value;
        for (var index = 1; index < document.Tree.Count; index++)
        {
            var at = new Node(document.Tree, index);
            if (kinds[at.Name.Id] is not Kind.None and var kind)
            {
                facts.Gather(at, kind);
            }
        }

        return facts;
    }

    /// <summary>Whether an amount is in one of the invoice's currencies.</summary>
    public bool IsInCurrency(Node amount) => Has(_currencies, amount);

    /// <summary>Whether an amount is in the accounting currency.</summary>
    public bool IsInTaxCurrency(Node amount) => Has(_taxCurrencies, amount);

    /// <summary>The VAT total in a currency, and how many there are.</summary>
    public (int Count, Node First) VatTotalIn(string currency) => _vatTotals.GetValueOrDefault(currency);

    /// <summary>Whether the parties are identified as a category of VAT asks for.</summary>
    public bool AreIdentified(VatCategory category) =>
        category.Parties switch
        {
            Identification.Seller => _ofDocument.SellerByVat || _ofDocument.SellerByTax || _ofDocument.RepresentativeByVat,
            Identification.SellerAndBuyer => (_anywhere.SellerByVat || _anywhere.SellerByTax || _anywhere.RepresentativeByVat)
                && (_anywhere.BuyerByVat || _anywhere.BuyerByRegistration),
            Identification.SellersVat => _anywhere.SellerByVat || _anywhere.RepresentativeByVat,
            Identification.SellersAndBuyersVat => (_anywhere.SellerByVat || _anywhere.RepresentativeByVat) && _anywhere.BuyerByVat,
            _ => !_ofDocument.SellerByVat && !_ofDocument.RepresentativeByVat && !_anywhere.BuyerByVat,
        };

    /// <summary>The sum of the lines' net amounts in a transaction (Σ BT-131); none where one is no number.</summary>
    public double? SumOfLines(Node transaction)
    {
        if (_linesOf.Of == transaction.Index)
        {
            return _linesOf.Sum;
        }

        double? sum = 0;
        foreach (var line in transaction.All(Ram.IncludedSupplyChainTradeLineItem))
        {
            foreach (var settlement in line.All(Ram.SpecifiedLineTradeSettlement))
            {
                foreach (var summation in settlement.All(Ram.SpecifiedTradeSettlementLineMonetarySummation))
                {
                    foreach (var net in summation.All(Ram.LineTotalAmount))
                    {
                        sum += net.Double();
                    }
                }
            }
        }

        _linesOf = (transaction.Index, sum);
        return sum;
    }

    /// <summary>How the sellers of a transaction are known.</summary>
    public CiiSellers SellersOf(Node transaction)
    {
        if (_sellersOf.Names is not { } names || _sellersOf.Of != transaction.Index)
        {
            _sellersOf = (transaction.Index, names = new CiiSellers(transaction));
        }

        return names;
    }

    private static bool Has(HashSet<string> currencies, Node amount) =>
        amount.TryAttribute(Attributes.CurrencyID, out var currency)
        && currencies.GetAlternateLookup<ReadOnlySpan<char>>().Contains(currency);

    private void OfTransaction(Node part)
    {
        if (part.Is(Ram.IncludedSupplyChainTradeLineItem))
        {
            foreach (var settlement in part.All(Ram.SpecifiedLineTradeSettlement))
            {
                Vat.AddLine(settlement);
            }

            HasUnit |= CiiRules.HasUnit(part);
        }
        else if (part.Is(Ram.ApplicableHeaderTradeAgreement))
        {
            foreach (var party in part.Children)
            {
                _ofDocument.Add(party);
            }
        }
        else if (part.Is(Ram.ApplicableHeaderTradeDelivery))
        {
            var (atDate, toCountry) = Delivered;
            Delivered = (
                atDate || part.Down(Ram.ActualDeliverySupplyChainEvent, Ram.OccurrenceDateTime, Udt.DateTimeString).Exists,
                toCountry || part.Down(Ram.ShipToTradeParty, Ram.PostalTradeAddress, Ram.CountryID).Exists
            );
        }
        else if (part.Is(Ram.ApplicableHeaderTradeSettlement))
        {
            foreach (var each in part.Children)
            {
                OfSettlement(each);
            }
        }
    }

    private void OfSettlement(Node each)
    {
        if (each.Is(Ram.InvoiceCurrencyCode))
        {
            _currencies.Add(each.Text.ToString());
        }
        else if (each.Is(Ram.TaxCurrencyCode))
        {
            _taxCurrencies.Add(each.Text.ToString());
        }
        else if (each.Is(Ram.ApplicableTradeTax))
        {
            foreach (var tax in each.All(Ram.CalculatedAmount))
            {
                VatOfBreakdown += tax.Double();
            }
        }
        else if (each.Is(Ram.SpecifiedTradeAllowanceCharge))
        {
            Vat.AddAllowanceOrCharge(each);
            var (isCharge, isAllowance) = each.Sign();
            var amount = each[Ram.ActualAmount] is { Exists: true } given ? given.Double() : 0;
            Sums = (isAllowance ? Sums.Allowances + amount : Sums.Allowances, isCharge ? Sums.Charges + amount : Sums.Charges);
            HasParts = (HasParts.Allowances || isAllowance, HasParts.Charges || isCharge);
        }
        else if (each.Is(Ram.SpecifiedTradeSettlementHeaderMonetarySummation))
        {
            TotalWithoutVat = TotalWithoutVat.Exists ? TotalWithoutVat : each[Ram.TaxBasisTotalAmount];
            TotalWithVat = TotalWithVat.Exists ? TotalWithVat : each[Ram.GrandTotalAmount];
            foreach (var total in each.All(Ram.TaxTotalAmount))
            {
                if (total.TryAttribute(Attributes.CurrencyID, out var currency))
                {
                    var totals = _vatTotals.GetAlternateLookup<ReadOnlySpan<char>>();
                    ref var sameCurrency = ref CollectionsMarshal.GetValueRefOrAddDefault(totals, currency, out _);
                    sameCurrency = (sameCurrency.Count + 1, sameCurrency.First.Exists ? sameCurrency.First : total);
                }
            }
        }
    }

    private void Gather(Node at, Kind kind)
    {
        switch (kind)
        {
            case Kind.Line:
                HasLines = true;
                break;
            case Kind.Party:
                _anywhere.Add(at);
                break;
            case Kind.Tax:
                Vat.Count(at);
                HasBreakdown |=
                    at.Is(Ram.ApplicableTradeTax)
                    && at.Parent.Is(Ram.ApplicableHeaderTradeSettlement)
                    && at.Parent.Parent.Is(Rsm.SupplyChainTradeTransaction);
                break;
            case Kind.Category:
                Categories = (Categories.IsSplit || at.Text is "B", Categories.IsStandard || at.Text is "S");
                break;
            case Kind.Country:
                HasOtherThanItaly |= at.Text is not "IT";
                break;
            case Kind.VatPointDate:
                HasVatPointDate = true;
                break;
            case Kind.VatPointCode:
                HasVatPointCode = true;
                if (at.Parent.Is(Ram.ApplicableTradeTax))
                {
                    _dueDateCode = _dueDateCode.Exists ? _dueDateCode : at;
                    VatPointCodesDiffer |= !_dueDateCode.Text.SequenceEqual(at.Text);
                }

                break;
            case Kind.PaymentMeans:
                foreach (var code in at.All(Ram.TypeCode))
                {
                    _meansCode = _meansCode.Exists ? _meansCode : code;
                    MeansCodesDiffer |= !CiiPaths.SayTheSame(_meansCode.Text, code.Text);
                }

                foreach (var text in at.All(Ram.Information))
                {
                    _meansText = _meansText.Exists ? _meansText : text;
                    MeansTextsDiffer |= !CiiPaths.SayTheSame(_meansText.Text, text.Text);
                }

                break;
            case Kind.PaymentReference:
                PaymentReferences += at.Parent.Is(Ram.ApplicableHeaderTradeSettlement) ? 1 : 0;
                break;
        }
    }

    private static Kind[] KindsOfNames()
    {
        var kinds = new Kind[Vocabulary.Count];
        kinds[Ram.IncludedSupplyChainTradeLineItem.Id] = Kind.Line;
        kinds[Ram.SellerTradeParty.Id] = Kind.Party;
        kinds[Ram.BuyerTradeParty.Id] = Kind.Party;
        kinds[Ram.SellerTaxRepresentativeTradeParty.Id] = Kind.Party;
        kinds[Ram.ApplicableTradeTax.Id] = Kind.Tax;
        kinds[Ram.CategoryTradeTax.Id] = Kind.Tax;
        kinds[Ram.CategoryCode.Id] = Kind.Category;
        kinds[Ram.CountryID.Id] = Kind.Country;
        kinds[Ram.TaxPointDate.Id] = Kind.VatPointDate;
        kinds[Ram.DueDateTypeCode.Id] = Kind.VatPointCode;
        kinds[Ram.SpecifiedTradeSettlementPaymentMeans.Id] = Kind.PaymentMeans;
        kinds[Ram.PaymentReference.Id] = Kind.PaymentReference;
        return kinds;
    }

    /// <summary>What an element is gathered for.</summary>
    private enum Kind : byte
    {
        None,
        Line,
        Party,
        Tax,
        Category,
        Country,
        VatPointDate,
        VatPointCode,
        PaymentMeans,
        PaymentReference,
    }
}
