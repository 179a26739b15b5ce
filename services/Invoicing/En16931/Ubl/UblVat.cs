using System.Runtime.InteropServices;
using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Ubl;

/// <summary>What a UBL document says of VAT, gathered once: where each category is used, what it sums to, and who is identified how.</summary>
internal sealed class UblVat
{
    private static readonly bool[] Gathered = Vocabulary.Among(
        Cac.TaxCategory,
        Cac.ClassifiedTaxCategory,
        Cac.AccountingSupplierParty,
        Cac.AccountingCustomerParty,
        Cac.TaxRepresentativeParty,
        Cac.InvoiceLine,
        Cac.CreditNoteLine,
        Cac.AllowanceCharge
    );

    private readonly Use[] _uses = new Use[VatCategory.All.Length];
    private readonly decimal[] _sums = new decimal[VatCategory.All.Length];
    private readonly Dictionary<(int Category, decimal Rate), decimal> _sumsOfRates = [];
    private bool _hasLines;
    private bool _sellerById;
    private bool _sellerByVat;
    private bool _representativeByVat;
    private bool _buyerByVat;
    private bool _buyerByRegistration;

    public ref readonly Use this[VatCategory category] => ref _uses[category.Index];

    /// <summary>Whether categories other than "not subject" are used.</summary>
    public (bool Breakdown, bool Lines, bool Allowances, bool Charges) OtherThanNotSubject { get; private set; }

    public static UblVat Of(Node document)
    {
        var vat = new UblVat();
        for (var index = 1; index < document.Tree.Count; index++)
        {
            if (!Gathered[document.Tree[index].Name.Id])
            {
                continue;
            }

            var at = new Node(document.Tree, index);
            if (at.Is(Cac.TaxCategory))
            {
                vat.Gather(at, isOfLine: false);
            }
            else if (at.Is(Cac.ClassifiedTaxCategory))
            {
                vat.Gather(at, isOfLine: true);
            }
            else if (at.Is(Cac.AccountingSupplierParty))
            {
                vat._sellerById |= at[Cac.Party, Cac.PartyTaxScheme, Cbc.CompanyID].Exists;
                vat._sellerByVat |= UblRules.HasVatIdentifier(at[Cac.Party]);
            }
            else if (at.Is(Cac.AccountingCustomerParty))
            {
                vat._buyerByVat |= UblRules.HasVatIdentifier(at[Cac.Party]);
                vat._buyerByRegistration |= at[Cac.Party, Cac.PartyLegalEntity, Cbc.CompanyID].Exists;
            }
            else if (at.Is(Cac.TaxRepresentativeParty))
            {
                vat._representativeByVat |= UblRules.HasVatIdentifier(at);
            }
            else if (at.Is(Cac.InvoiceLine) || at.Is(Cac.CreditNoteLine))
            {
                vat._hasLines = true;
                if (at.Parent == document)
                {
                    vat.Sum(at[Cac.Item], Cac.ClassifiedTaxCategory, at[Cbc.LineExtensionAmount], 1m);
                }
            }
            else if (at.Is(Cac.AllowanceCharge) && UblRules.IsCharge(at) is { } isCharge)
            {
                vat.Sum(at, Cac.TaxCategory, at.Parent == document ? at[Cbc.Amount] : default, isCharge ? 1m : -1m);
            }
        }

        return vat;
    }

    public bool AreIdentified(Identification parties) =>
        parties switch
        {
            Identification.Seller => _sellerById || _representativeByVat,
            Identification.SellerAndBuyer => (_sellerById || _representativeByVat) && (_buyerByVat || _buyerByRegistration),
            Identification.SellersVat => _sellerByVat || _representativeByVat,
            Identification.SellersAndBuyersVat => (_sellerByVat || _representativeByVat) && _buyerByVat,
            _ => !_sellerByVat && !_representativeByVat && !_buyerByVat,
        };

    /// <summary>
    /// Whether a taxable amount is what its category sums to: exactly where there is one rate, within one unit where there are several.
    /// </summary>
    public bool Sums(VatCategory category, decimal? taxable, Node rate)
    {
        if (!category.HasRates)
        {
            return _hasLines && taxable is not null && taxable == _sums[category.Index];
        }

        if (!rate.Exists)
        {
            return true;
        }

        var isThere = _sumsOfRates.TryGetValue((category.Index, rate.Number ?? -1m), out var sum);
        return (category == VatCategory.S ? isThere : _hasLines) && taxable - 1m < sum && taxable + 1m > sum;
    }

    /// <summary>An amount counts once for each category, and once for each rate of it, that its line or allowance names.</summary>
    private void Sum(Node holder, Name name, Node amount, decimal sign)
    {
        var (seen, seenRate) = (0, default((int, decimal)?));
        var signed = amount.Exists ? sign * (amount.Number ?? 0m) : 0m;
        foreach (var each in holder.All(name))
        {
            if (VatCategory.Of(each[Cbc.ID].Trimmed) is not { } category)
            {
                continue;
            }

            if ((seen & (1 << category.Index)) == 0)
            {
                seen |= 1 << category.Index;
                _sums[category.Index] += signed;
            }

            var rated = (category.Index, each[Cbc.Percent].Number ?? -1m);
            if (rated != seenRate)
            {
                seenRate = rated;
                CollectionsMarshal.GetValueRefOrAddDefault(_sumsOfRates, rated, out _) += signed;
            }
        }
    }

    private void Gather(Node at, bool isOfLine)
    {
        var isVat = UblRules.IsVat(at);
        var category = VatCategory.Of(at[Cbc.ID].Trimmed);
        var allowance = !isOfLine && at.Parent.Is(Cac.AllowanceCharge) ? at.Parent : default;
        var isBreakdown =
            !isOfLine && at.Parent.Is(Cac.TaxSubtotal) && at.Parent.Parent.Is(Cac.TaxTotal) && !at.Parent.Parent.Parent.Parent.Exists;
        var isCharge = allowance.Exists ? UblRules.IsCharge(allowance) : null;
        if (isVat && category != VatCategory.O && at.Has(Cbc.ID))
        {
            var other = OtherThanNotSubject;
            OtherThanNotSubject = (
                other.Breakdown | isBreakdown,
                other.Lines | isOfLine,
                other.Allowances | (isCharge == false),
                other.Charges | (isCharge == true)
            );
        }

        if (category is null)
        {
            return;
        }

        ref var use = ref _uses[category.Index];
        use.OnLinesOfAnyTax |= isOfLine;
        use.OnLinesOrAllowancesOfAnyTax |= isOfLine || allowance.Exists;
        use.BreakdownsOfAnyTax += isBreakdown ? 1 : 0;
        if (!isVat)
        {
            return;
        }

        use.Anywhere = true;
        use.OnLines |= isOfLine;
        use.OnAnyAllowanceOrCharge |= allowance.Exists;
        use.OnAllowances |= isCharge == false;
        // BR-AF-04 alone takes the code as it is written, white space and all.
        use.OnCharges |= isCharge == true && (category != VatCategory.L || at[Cbc.ID].Text is "L");
        var isOfDocument = allowance.Exists && !allowance.Parent.Parent.Exists;
        use.OnDocumentAllowances |= isOfDocument && isCharge == false;
        use.OnDocumentCharges |= isOfDocument && isCharge == true;
        use.Breakdowns += isBreakdown ? 1 : 0;
    }

    /// <summary>Where a category is used; under VAT's scheme, but for what says any tax.</summary>
    public struct Use
    {
        public bool Anywhere;
        public bool OnLines;
        public bool OnLinesOfAnyTax;
        public bool OnLinesOrAllowancesOfAnyTax;
        public bool OnAnyAllowanceOrCharge;
        public bool OnAllowances;
        public bool OnCharges;
        public bool OnDocumentAllowances;
        public bool OnDocumentCharges;
        public int Breakdowns;
        public int BreakdownsOfAnyTax;
    }
}
