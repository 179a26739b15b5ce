using System.Diagnostics;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>
/// The VAT of one category and rate (BG-23). With prices that include VAT it is round(gross × r / (100 + r)) and the base is the rest; with
/// prices without, it is round(net × r / 100). What rounding each line leaves over goes, coin by coin, to the largest lines.
/// </summary>
internal sealed class VatSettlement(bool pricesIncludeVat, Coin coin, Taxation taxation)
{
    /// <summary>Settles the portions of one category and rate, each without and with VAT, and tells their breakdown.</summary>
    public VatBreakdownBody Of(List<Portion> portions)
    {
        var vat = portions[0].Vat;
        var (whole, nets, grosses) = (0m, 0m, 0m);
        foreach (var portion in portions)
        {
            (portion.Net, portion.Gross) = pricesIncludeVat
                ? (coin.Round(portion.Amount * 100m / (100m + vat.Rate)), portion.Amount)
                : (portion.Amount, coin.Round(portion.Amount * (100m + vat.Rate) / 100m));
            whole += portion.Adding(portion.Amount);
            nets += portion.Adding(portion.Net);
            grosses += portion.Adding(portion.Gross);
        }

        var tax = coin.Round(pricesIncludeVat ? whole * vat.Rate / (100m + vat.Rate) : whole * vat.Rate / 100m);
        var taxable = pricesIncludeVat ? whole - tax : whole;
        if (taxable != nets)
        {
            GiveOddCoins(portions, taxable - nets, static portion => portion.Net, static (portion, net) => portion.Net = net);
        }

        if (taxable + tax != grosses)
        {
            GiveOddCoins(
                portions,
                taxable + tax - grosses,
                static portion => portion.Gross,
                static (portion, gross) => portion.Gross = gross
            );
        }

        var surcharge = taxation.Surcharged && vat is { Category: "S", Tax: "iva" } ? VatRates.Surcharge(vat.Rate, taxation.Day) : 0m;
        return new VatBreakdownBody
        {
            Category = vat.Category,
            Rate = vat.Rate,
            Tax = vat.Tax,
            RegimeKey = vat.RegimeKey,
            Qualification = vat.Qualification,
            ExemptionCause = vat.ExemptionCause,
            ExemptionReason = Reasons(portions),
            ExemptionReasonCode = vat.ExemptionReasonCode,
            TaxableAmount = coin.Round(taxable),
            VatAmount = tax,
            SurchargeRate = surcharge == 0m ? null : surcharge,
            SurchargeAmount = surcharge == 0m ? null : coin.Round(taxable * surcharge / 100m),
        };
    }

    /// <summary>
    /// One coin each, the largest lines first. Rounding leaves at most half a coin of each portion, so once round is enough; and what is
    /// not nothing is at least a coin also without VAT, so that none changes its sign.
    /// </summary>
    private void GiveOddCoins(List<Portion> portions, decimal odd, Func<Portion, decimal> value, Action<Portion, decimal> give)
    {
        var order = new List<Portion>(portions);
        order.Sort(LargestLinesFirst);
        var step = odd < 0m ? -coin.One : coin.One;
        foreach (var portion in order)
        {
            if (portion.Amount == 0m)
            {
                continue;
            }

            give(portion, value(portion) + portion.Adding(step));
            odd -= step;
            if (odd == 0m)
            {
                return;
            }
        }

        throw new UnreachableException($"{odd} is more than {portions.Count} portions can have been rounded by");
    }

    private static int LargestLinesFirst(Portion one, Portion other)
    {
        var byKind = (one.Kind != PortionKind.Line).CompareTo(other.Kind != PortionKind.Line);
        var bySize = byKind != 0 ? byKind : Math.Abs(other.Amount).CompareTo(Math.Abs(one.Amount));
        var byRole = bySize != 0 ? bySize : one.Kind.CompareTo(other.Kind);
        return byRole != 0 ? byRole : one.Index.CompareTo(other.Index);
    }

    /// <summary>Lines may be exempt for reasons in different words: all of them stand, each once.</summary>
    private static string? Reasons(List<Portion> portions)
    {
        var first = portions[0].Vat.ExemptionReason;
        List<string>? several = null;
        foreach (var portion in portions)
        {
            if (portion.Vat.ExemptionReason is { } reason && reason != first)
            {
                several ??= first is null ? [] : [first];
                if (!several.Contains(reason))
                {
                    several.Add(reason);
                }
            }
        }

        return several is null ? first : string.Join("; ", several);
    }
}
