using RetailInvoicing.Invoicing.En16931.Xml;

namespace RetailInvoicing.Invoicing.En16931.Cii;

/// <summary>The totals of a CII document and its VAT breakdown (BG-22, BG-23): they exist, sum up and have two decimals.</summary>
internal static class CiiTotals
{
    public static void Add(Places places)
    {
        places.At(Ram.SpecifiedTradeSettlementHeaderMonetarySummation, Totals);
        places.At(Ram.TaxTotalAmount, VatTotal);
    }

    /// <summary>BG-22.</summary>
    private static void Totals(Node at, Findings found)
    {
        var facts = CiiFacts.Of(found);
        found.Check("BR-12", at, at.Has(Ram.LineTotalAmount));
        found.Check("BR-13", at, at.Has(Ram.TaxBasisTotalAmount));
        found.Check("BR-14", at, at.Has(Ram.GrandTotalAmount));
        found.Check("BR-15", at, at.Has(Ram.DuePayableAmount));
        found.Check("BR-53", at, HasVatInAccountingCurrency(at, facts));
        found.Check(
            "BR-CO-10",
            at,
            facts.SumOfLines(at.Parent.Parent) is { } lines
                && CiiPaths.Exact(lines) is { } exact
                && at[Ram.LineTotalAmount].Number == Amounts.Rounded(exact)
        );
        found.Check("BR-CO-11", at, IsSum(at, Ram.AllowanceTotalAmount, facts.HasParts.Allowances, facts.Sums.Allowances));
        found.Check("BR-CO-12", at, IsSum(at, Ram.ChargeTotalAmount, facts.HasParts.Charges, facts.Sums.Charges));
        found.Check("BR-CO-13", at, TotalWithoutVatFits(at));
        found.Check("BR-CO-16", at, AmountDueFits(at));
        Decimals("BR-DEC-09", at, Ram.LineTotalAmount, found);
        Decimals("BR-DEC-10", at, Ram.AllowanceTotalAmount, found);
        Decimals("BR-DEC-11", at, Ram.ChargeTotalAmount, found);
        Decimals("BR-DEC-12", at, Ram.TaxBasisTotalAmount, found);
        Decimals("BR-DEC-14", at, Ram.GrandTotalAmount, found);
        Decimals("BR-DEC-16", at, Ram.TotalPrepaidAmount, found);
        Decimals("BR-DEC-17", at, Ram.RoundingAmount, found);
        Decimals("BR-DEC-18", at, Ram.DuePayableAmount, found);
        DecimalsOfVat(at, facts, found);
    }

    /// <summary>BT-111 stands where BT-6 does, and BT-6 is another currency than BT-5.</summary>
    private static bool HasVatInAccountingCurrency(Node at, CiiFacts facts)
    {
        if (facts.TaxCurrencies.Count == 0)
        {
            return true;
        }

        var has = false;
        foreach (var total in at.All(Ram.TaxTotalAmount))
        {
            has |= facts.IsInTaxCurrency(total);
        }

        return has && !facts.TaxCurrencies.Any(facts.Currencies.Contains);
    }

    /// <summary>BT-107 = Σ BT-92, and BT-108 = Σ BT-99.</summary>
    private static bool IsSum(Node at, Name name, bool hasParts, double? sum) =>
        (!hasParts && !at.Has(name)) || (sum is { } exact && at.HasNumber(name, CiiPaths.Rounded(exact)));

    /// <summary>BT-109 = BT-106 − BT-107 + BT-108.</summary>
    private static bool TotalWithoutVatFits(Node at)
    {
        var (allowances, charges) = (at[Ram.AllowanceTotalAmount], at[Ram.ChargeTotalAmount]);
        return at[Ram.TaxBasisTotalAmount].Number is { } total
            && total
                == Amounts.Rounded(
                    at[Ram.LineTotalAmount].Number - (allowances.Exists ? allowances.Number : 0m) + (charges.Exists ? charges.Number : 0m)
                );
    }

    /// <summary>BT-115 = BT-112 − BT-113 + BT-114.</summary>
    private static bool AmountDueFits(Node at)
    {
        var (paid, rounding) = (at[Ram.TotalPrepaidAmount], at[Ram.RoundingAmount]);
        return at[Ram.DuePayableAmount].Number is { } due
            && due == at[Ram.GrandTotalAmount].Number - (paid.Exists ? paid.Number : 0m) + (rounding.Exists ? rounding.Number : 0m);
    }

    /// <summary>One VAT total with two decimals is enough, of those in the currency; other currencies are not looked at (BT-110, BT-111).</summary>
    private static void DecimalsOfVat(Node at, CiiFacts facts, Findings found)
    {
        var (inCurrency, inTaxCurrency) = (!at.Has(Ram.TaxTotalAmount), !at.Has(Ram.TaxTotalAmount));
        foreach (var total in at.All(Ram.TaxTotalAmount))
        {
            var hasTwo = total.Double() is { } amount && amount == CiiPaths.Round(amount * 100) / 100;
            inCurrency |= hasTwo || !facts.IsInCurrency(total);
            inTaxCurrency |= facts.TaxCurrencies.Count == 0 || (hasTwo && facts.IsInTaxCurrency(total));
        }

        found.Check("BR-DEC-13", at, inCurrency);
        found.Check("BR-DEC-15", at, inTaxCurrency);
    }

    /// <summary>BT-110: the sum of the breakdown.</summary>
    private static void VatTotal(Node at, Findings found)
    {
        var facts = CiiFacts.Of(found);
        if (at.Parent.Is(Ram.SpecifiedTradeSettlementHeaderMonetarySummation) && facts.IsInCurrency(at))
        {
            found.Check("BR-CO-14", at, at.Double() is { } total && facts.VatOfBreakdown is { } sum && total == CiiPaths.Rounded(sum));
        }
    }

    /// <summary>BG-23, for the categories that have no rules of their own at this place.</summary>
    public static void VatBreakdown(Node at, Findings found)
    {
        var facts = CiiFacts.Of(found);
        var isVat = at.IsVat();
        found.Check("BR-45", at, at.Has(Ram.BasisAmount));
        found.Check("BR-46", at, at.Has(Ram.CalculatedAmount));
        found.Check("BR-47", at, isVat && at.Has(Ram.CategoryCode));
        found.Check("BR-48", at, isVat && (at.Has(Ram.RateApplicablePercent) || at.Says(Ram.CategoryCode, "O")));
        found.Check("BR-CO-03", at, !facts.HasVatPointDate || !facts.HasVatPointCode);
        found.Check("BR-CO-17", at, VatFits(at));
        Decimals("BR-DEC-19", at, Ram.BasisAmount, found);
        Decimals("BR-DEC-20", at, Ram.CalculatedAmount, found);
    }

    /// <summary>BT-117 = BT-116 × BT-119 / 100, within one unit.</summary>
    private static bool VatFits(Node at)
    {
        var isVat = at[Ram.TypeCode].Trimmed.Equals("VAT", StringComparison.OrdinalIgnoreCase);
        var rate = isVat ? at[Ram.RateApplicablePercent] : default;
        if (at[Ram.CalculatedAmount].Number is not { } tax || (rate.Exists && rate.Number is null))
        {
            return false;
        }

        if (rate.Number is not { } percent || Amounts.Whole(percent) == 0m)
        {
            return Amounts.Whole(tax) == 0m;
        }

        // No tax is a million percent; further on the product could overflow.
        return at[Ram.BasisAmount].Number is { } taxable
            && percent is > -1_000_000m and < 1_000_000m
            && Amounts.Rounded(Math.Abs(taxable) * (percent / 100m)) is { } exact
            && Math.Abs(tax) - 1m <= exact
            && Math.Abs(tax) + 1m >= exact;
    }

    internal static void Decimals(string rule, Node at, Name amount, Findings found) =>
        found.Check(rule, at, Amounts.HasAtMostTwoDecimals(at[amount].Text));
}
