using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>
/// What a sale comes to. With prices that include VAT the parts always sum to what the till took: per rate, VAT is
/// round(gross × r / (100 + r)) to the currency's coin and the base is the rest; the odd coins of lines go to the largest. The equivalence
/// surcharge comes on top of both kinds of price.
/// </summary>
public sealed record Basket
{
    /// <summary>BG-25.</summary>
    public required IReadOnlyList<InvoiceLineBody> Lines { get; init; }

    /// <summary>BG-20.</summary>
    public required IReadOnlyList<InvoiceAllowanceBody> Allowances { get; init; }

    /// <summary>BG-21.</summary>
    public required IReadOnlyList<InvoiceAllowanceBody> Charges { get; init; }

    /// <summary>BG-23.</summary>
    public required IReadOnlyList<VatBreakdownBody> VatBreakdown { get; init; }

    /// <summary>BG-22 before anything was paid.</summary>
    public required InvoiceTotals Totals { get; init; }

    /// <summary>Prices a sale; a statement of differences may mix what comes back with what is added under several rates.</summary>
    public static Outcome<Basket> Of(SalePosted sale, Taxation taxation, bool mixed = false)
    {
        var coin = new Coin(sale.Currency);
        var lines = new Portion[sale.Lines.Count];
        var (total, hasBack, hasSold) = (0m, false, false);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = sale.Lines[i];
            var asked = LineAmounts.Asked(line, coin);
            if (asked < 0m)
            {
                return InvoicingFaults.AllowanceTooLarge.At($"lines[{i}].allowances");
            }

            if (asked > LineAmounts.Most)
            {
                return InvoicingFaults.TooMuch.At($"lines[{i}]");
            }

            // On a line that comes back everything is mirrored: its allowance lessens what is given back.
            lines[i] = new Portion(PortionKind.Line, i, line.Quantity < 0m ? -asked : asked, taxation.Lines[i]);
            total += lines[i].Amount;
            hasBack |= lines[i].Amount < 0m;
            hasSold |= lines[i].Amount > 0m;
        }

        var sign = total < 0m ? -1m : 1m;
        var rates = Grouped(lines);
        var shares = new List<Portion>();
        var spread = new Spread(rates, sign, sale.Currency);
        for (var i = 0; i < sale.Allowances.Count; i++)
        {
            spread.Add(shares, PortionKind.Allowance, i, sale.Allowances[i].Amount, taxation.Allowances[i]);
        }

        for (var i = 0; i < sale.Charges.Count; i++)
        {
            spread.Add(shares, PortionKind.Charge, i, sale.Charges[i].Amount, taxation.Charges[i]);
        }

        var groups = shares.Count == 0 ? rates : Grouped([.. lines, .. shares]);
        if (Refusal(groups, sign, hasBack && hasSold && !mixed) is { } fault)
        {
            return fault;
        }

        var settlement = new VatSettlement(sale.PricesIncludeVat, coin, taxation);
        var breakdown = new VatBreakdownBody[groups.Count];
        for (var g = 0; g < breakdown.Length; g++)
        {
            breakdown[g] = settlement.Of(groups[g]);
        }

        var amounts = new LineAmounts(sale.PricesIncludeVat, coin);
        var stated = new InvoiceLineBody[lines.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            stated[i] = amounts.Of(sale.Lines[i], lines[i]);
        }

        var (allowances, charges) = (new List<InvoiceAllowanceBody>(), new List<InvoiceAllowanceBody>());
        foreach (var share in shares)
        {
            var (list, reason, coupon) =
                share.Kind == PortionKind.Allowance
                    ? (allowances, sale.Allowances[share.Index].Reason, sale.Allowances[share.Index].Coupon)
                    : (charges, sale.Charges[share.Index].Reason, null);
            list.Add(
                new InvoiceAllowanceBody
                {
                    Amount = coin.Round(share.Net),
                    GrossAmount = sale.PricesIncludeVat ? coin.Round(share.Gross) : null,
                    Reason = reason,
                    Coupon = coupon,
                    Vat = share.Vat,
                }
            );
        }

        var totals = InvoiceSums.Of(stated, allowances, charges, breakdown, sale.Currency);
        return Math.Abs(totals.TotalWithVat) > LineAmounts.Most
            ? InvoicingFaults.TooMuch.With()
            : new Basket
            {
                Lines = stated,
                Allowances = allowances,
                Charges = charges,
                VatBreakdown = breakdown,
                Totals = totals,
            };
    }

    /// <summary>By category and rate, in an order that does not depend on that of the lines.</summary>
    private static List<List<Portion>> Grouped(IReadOnlyList<Portion> portions)
    {
        var groups = new List<List<Portion>>();
        foreach (var portion in portions)
        {
            var group = groups.Find(each => each[0].IsUnder(portion.Vat));
            if (group is null)
            {
                groups.Add(group = []);
            }

            group.Add(portion);
        }

        groups.Sort(
            static (one, other) =>
                string.CompareOrdinal(one[0].Vat.Category, other[0].Vat.Category) is var category && category != 0
                    ? category
                    : other[0].Vat.Rate.CompareTo(one[0].Vat.Rate)
        );
        return groups;
    }

    private static Fault? Refusal(List<List<Portion>> groups, decimal sign, bool isExchange)
    {
        var whole = 0m;
        foreach (var group in groups)
        {
            var (sum, comesBack) = (0m, false);
            foreach (var portion in group)
            {
                if (!SameTreatment(portion.Vat, group[0].Vat))
                {
                    return InvoicingFaults.OneGroup.At("lines");
                }

                sum += portion.Adding(portion.Amount);
                comesBack |= portion.Kind == PortionKind.Line && portion.Amount * sign < 0m;
            }

            if (sum * sign < 0m && !comesBack)
            {
                return InvoicingFaults.AllowanceTooLarge.At("allowances");
            }

            whole += sum;
        }

        return groups.Count > 1 && groups.Exists(static group => group[0].Vat.Category == "O") ? InvoicingFaults.NotSubjectAlone.At("lines")
            : groups.Count > 1 && isExchange ? InvoicingFaults.MixedRates.At("lines")
            : whole * sign < 0m ? InvoicingFaults.AllowanceTooLarge.At("allowances")
            : null;
    }

    private static bool SameTreatment(InvoiceVatBody one, InvoiceVatBody other) =>
        ReferenceEquals(one, other)
        || (
            one.Tax == other.Tax
            && one.RegimeKey == other.RegimeKey
            && one.Qualification == other.Qualification
            && one.ExemptionCause == other.ExemptionCause
            && one.ExemptionReasonCode == other.ExemptionReasonCode
        );

    /// <summary>A reduction or addition of the document: under its own rate, or in proportion over the lines' rates.</summary>
    private sealed class Spread(List<List<Portion>> rates, decimal sign, Currency currency)
    {
        private decimal[]? _weights;

        public void Add(List<Portion> shares, PortionKind kind, int index, decimal amount, InvoiceVatBody? own)
        {
            if (amount == 0m)
            {
                return;
            }

            if (own is not null || rates.Count == 1)
            {
                shares.Add(new Portion(kind, index, sign * amount, own ?? rates[0][0].Vat));
                return;
            }

            _weights ??= [.. rates.Select(rate => Math.Max(0m, sign * rate.Sum(line => line.Amount)))];
            var parts = Money.Of(amount, currency).Split(_weights);
            for (var g = 0; g < rates.Count; g++)
            {
                if (parts[g].Amount != 0m)
                {
                    shares.Add(new Portion(kind, index, sign * parts[g].Amount, rates[g][0].Vat));
                }
            }
        }
    }
}
