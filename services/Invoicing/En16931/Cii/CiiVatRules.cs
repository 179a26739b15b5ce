using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Cii;

/// <summary>
/// The rules of EN 16931 by VAT category (6.4.3, BR-S-01 to BR-AG-10) as bound to CII: the same ten for each category, with what differs
/// between them said in <see cref="VatCategory"/>, and what differs from UBL said here.
/// </summary>
internal static class CiiVatRules
{
    /// <summary>A tax that names several categories is held to the first of them in this order.</summary>
    private static readonly VatCategory[] Order =
    [
        VatCategory.AE,
        VatCategory.L,
        VatCategory.M,
        VatCategory.E,
        VatCategory.G,
        VatCategory.K,
        VatCategory.O,
        VatCategory.S,
        VatCategory.Z,
    ];

    /// <summary>
    /// The rules of these hold at a tax of the breakdown, and leave no room there for the rules of every breakdown; the others' hold at the
    /// category's code.
    /// </summary>
    private static readonly VatCategory[] AtTax = [VatCategory.L, VatCategory.M, VatCategory.O];

    public static void Add(Places places)
    {
        places.At(Ram.CategoryCode, OfBreakdownsCategory);
        places.At(Ram.ApplicableTradeTax, OfLineOrBreakdown);
        places.At(Ram.CategoryTradeTax, OfAllowanceOrCharge);
    }

    /// <summary>The rules of the whole document: each category used is broken down.</summary>
    public static void Document(Node document, CiiFacts facts, Findings found)
    {
        foreach (var category in VatCategory.All)
        {
            found.Check(category.Rule(1), document, IsBrokenDown(category, facts.Vat[category]));
        }

        found.Check("BR-B-01", document, !facts.Categories.IsSplit || !facts.HasOtherThanItaly);
        found.Check("BR-B-02", document, !facts.Categories.IsSplit || !facts.Categories.IsStandard);
    }

    private static bool IsBrokenDown(VatCategory category, in CiiVat.Use use) =>
        category.HasRates
            // Two lines of a category without a breakdown are two uses of it, and so pass.
            ? (use.Lines == 0 || use.Lines + use.Breakdowns >= 2)
                && (use.AllowancesAndCharges == 0 || use.AllowancesAndCharges + use.Breakdowns >= 2)
        : use.Breakdowns == 0 ? category == VatCategory.O || (use.Lines == 0 && use.AllowancesAndCharges == 0)
        : use.Breakdowns == 1 && (use.Lines > 0 || use.AllowancesAndCharges > 0);

    /// <summary>The first category that a tax names; none where it names none or is not VAT.</summary>
    private static VatCategory? FirstOf(VatCategory[] categories, Node tax)
    {
        var named = CiiVat.CategoriesOf(tax);
        foreach (var category in categories)
        {
            if ((named & (1 << category.Index)) != 0)
            {
                return tax.IsVat() ? category : null;
            }
        }

        return null;
    }

    private static void OfLineOrBreakdown(Node at, Findings found)
    {
        var settlement = at.Parent;
        if (settlement.Is(Ram.ApplicableHeaderTradeSettlement))
        {
            if (settlement.Parent.Is(Rsm.SupplyChainTradeTransaction) && FirstOf(AtTax, at) is { } named)
            {
                OfBreakdown(at, at, named, found);
            }
            else
            {
                CiiTotals.VatBreakdown(at, found);
            }
        }
        else if (
            settlement.Is(Ram.SpecifiedLineTradeSettlement)
            && settlement.Parent.Is(Ram.IncludedSupplyChainTradeLineItem)
            && settlement.Parent.Parent.Is(Rsm.SupplyChainTradeTransaction)
            && FirstOf(Order, at) is { } category
        )
        {
            found.Check(category.Rule(2), at, CiiFacts.Of(found).AreIdentified(category));
            found.Check(category.Rule(5), at, Allows(category, at));
        }
    }

    private static void OfBreakdownsCategory(Node at, Findings found)
    {
        var tax = at.Parent;
        if (
            !tax.Is(Ram.ApplicableTradeTax)
            || !tax.Parent.Is(Ram.ApplicableHeaderTradeSettlement)
            || VatCategory.Of(at.Text) is not { } category
        )
        {
            return;
        }

        var holds =
            category == VatCategory.S
            || category == VatCategory.Z
            || (!AtTax.Contains(category) && tax.Parent.Parent.Is(Rsm.SupplyChainTradeTransaction) && tax.IsVat());
        if (holds)
        {
            OfBreakdown(at, tax, category, found);
        }
    }

    private static void OfAllowanceOrCharge(Node at, Findings found)
    {
        if (!at.Parent.Is(Ram.SpecifiedTradeAllowanceCharge) || FirstOf(Order, at) is not { } category)
        {
            return;
        }

        var (isCharge, isAllowance) = at.Parent.Sign();
        if (isCharge || isAllowance)
        {
            found.Check(category.Rule(isAllowance ? 3 : 4), at, CiiFacts.Of(found).AreIdentified(category));
            found.Check(category.Rule(isAllowance ? 6 : 7), at, Allows(category, at));
        }
    }

    /// <summary>Whether a rate is one that the category may have. IGIC at no rate would be allowed by the rule's words, and is not by its test.</summary>
    private static bool Allows(VatCategory category, Node tax) =>
        category.Rate switch
        {
            RateRule.NotNegative when category == VatCategory.M => tax.HasNumber(Ram.RateApplicablePercent, static rate => rate >= 0),
            RateRule.Positive or RateRule.NotNegative => tax.HasNumber(Ram.RateApplicablePercent, static rate => rate > 0),
            RateRule.Zero => tax.HasNumber(Ram.RateApplicablePercent, static rate => rate == 0),
            _ => !tax.Has(Ram.RateApplicablePercent),
        };

    /// <summary>BG-23: the taxable amount is that of its lines, allowances and charges; the tax is its rate's; exemptions say why.</summary>
    private static void OfBreakdown(Node at, Node tax, VatCategory category, Findings found)
    {
        var facts = CiiFacts.Of(found);
        // For IGIC and IPSI the rule looks for rate and amount beside the breakdown instead of in it, where there are none.
        var holder = category == VatCategory.L || category == VatCategory.M ? tax.Parent : tax;
        found.Check(
            category.Rule(8),
            at,
            category.HasRates ? SumsAtRates(holder, category, facts.Vat)
                : category == VatCategory.O ? Sums(tax, facts.Vat.SumOf(category))
                : SumsWithinOne(tax, facts.Vat.SumOf(category))
        );
        found.Check(
            category.Rule(9),
            at,
            category == VatCategory.S
                ? IsVatOfRate(tax)
                : category.HasRates || tax.HasNumber(Ram.CalculatedAmount, static amount => amount == 0)
        );
        var saysWhy = tax.Has(Ram.ExemptionReason) || tax.Has(Ram.ExemptionReasonCode);
        found.Check(category.Rule(10), at, saysWhy == (!category.HasRates && category != VatCategory.Z));
        if (category == VatCategory.K)
        {
            found.Check("BR-IC-11", at, facts.Delivered.AtDate || HasPeriod(tax.Parent));
            found.Check("BR-IC-12", at, facts.Delivered.ToCountry);
        }
        else if (category == VatCategory.O)
        {
            found.Check("BR-O-11", at, !facts.Vat.HasOtherTax);
            found.Check("BR-O-12", at, !facts.Vat.HasOtherTax);
            found.Check("BR-O-13", at, !facts.Vat.HasOtherAllowanceOrCharge);
            found.Check("BR-O-14", at, !facts.Vat.HasOtherAllowanceOrCharge);
        }
    }

    private static bool HasPeriod(Node settlement)
    {
        foreach (var period in settlement.All(Ram.BillingSpecifiedPeriod))
        {
            if (period.Has(Ram.StartDateTime) || period.Has(Ram.EndDateTime))
            {
                return true;
            }
        }

        return false;
    }

    private static bool SumsAtRates(Node holder, VatCategory category, CiiVat vat)
    {
        foreach (var rate in holder.All(Ram.RateApplicablePercent))
        {
            if (rate.Number is not { } percent || !Sums(holder, vat.SumOf(category, percent)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Sums(Node holder, decimal? sum)
    {
        foreach (var amount in holder.All(Ram.BasisAmount))
        {
            if (amount.Double() is { } taxable && taxable == (double?)sum)
            {
                return true;
            }
        }

        return false;
    }

    private static bool SumsWithinOne(Node tax, decimal? sum) =>
        tax[Ram.BasisAmount].Double() is { } taxable && (double?)sum is { } exact && taxable - 1 < exact && taxable + 1 > exact;

    /// <summary>Whether the tax is that of the taxable amount at the rate, give or take less than one unit of the currency.</summary>
    private static bool IsVatOfRate(Node tax)
    {
        if (
            tax[Ram.CalculatedAmount].Number is not { } amount
            || tax[Ram.BasisAmount].Number is not { } taxable
            || tax[Ram.RateApplicablePercent].Double() is not { } rate
        )
        {
            return false;
        }

        var exact = CiiPaths.Round((double)Math.Abs(taxable) * rate) / 100;
        return (double)(Math.Abs(amount) - 1m) < exact && (double)(Math.Abs(amount) + 1m) > exact;
    }
}
