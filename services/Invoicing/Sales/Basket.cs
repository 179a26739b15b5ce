using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>A sale's treatment under VAT: one for every line, allowance and charge (none where it is spread over the rates).</summary>
public sealed record Taxation
{
    /// <summary>Of each line.</summary>
    public required IReadOnlyList<InvoiceVatBody> Lines { get; init; }

    /// <summary>Of each document allowance.</summary>
    public required IReadOnlyList<InvoiceVatBody?> Allowances { get; init; }

    /// <summary>Of each document charge.</summary>
    public required IReadOnlyList<InvoiceVatBody?> Charges { get; init; }

    /// <summary>Whether the buyer is charged the equivalence surcharge.</summary>
    public bool Surcharged { get; init; }

    /// <summary>The day whose rates hold.</summary>
    public required DateOnly Day { get; init; }
}

/// <summary>
/// What a sale comes to. With prices that include VAT the parts always sum to what the till took: per rate, VAT is
/// round(gross × r / (100 + r), 2) and the base is the rest; the odd cents of lines go to the largest.
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

    /// <summary>Prices a sale.</summary>
    public static Outcome<Basket> Of(SalePosted sale, Taxation taxation)
    {
        var currency = sale.Currency;
        var lines = new List<Part>(sale.Lines.Count);
        for (var i = 0; i < sale.Lines.Count; i++)
        {
            var line = sale.Lines[i];
            var plain = line.UnitPrice * Math.Abs(line.Quantity);
            var amount =
                Money.Of(plain, currency).Amount - line.Allowances.Sum(each => each.Amount) + line.Charges.Sum(each => each.Amount);
            if (amount < 0m)
            {
                return InvoicingFaults.AllowanceTooLarge.At($"lines[{i}].allowances");
            }

            // On a line that comes back everything is mirrored: its allowance lessens what is given back.
            lines.Add(new Part(line.Quantity < 0m ? -amount : amount, taxation.Lines[i]));
        }

        var sign = lines.Sum(line => line.Amount) < 0m ? -1m : 1m;
        var allowances = Spread(sale.Allowances.Select(each => each.Amount), taxation.Allowances, lines, sign, currency);
        var charges = Spread(sale.Charges.Select(each => each.Amount), taxation.Charges, lines, sign, currency);
        var groups = lines
            .Concat(allowances.Select(each => each.Part with { Amount = -each.Part.Amount }))
            .Concat(charges.Select(each => each.Part))
            .GroupBy(part => (part.Vat.Category, part.Vat.Rate))
            .OrderBy(group => group.Key.Category, StringComparer.Ordinal)
            .ThenByDescending(group => group.Key.Rate)
            .ToList();
        if (groups.Any(group => group.Any(part => !SameTreatment(part.Vat, group.First().Vat))))
        {
            return InvoicingFaults.OneGroup.At("lines");
        }

        if (groups.Count > 1 && groups.Any(group => group.Key.Category == "O"))
        {
            return InvoicingFaults.NotSubjectAlone.At("lines");
        }

        if (groups.Count > 1 && lines.Any(line => line.Amount < 0m) && lines.Any(line => line.Amount > 0m))
        {
            return InvoicingFaults.MixedRates.At("lines");
        }

        if (groups.Sum(group => group.Sum(part => part.Amount)) * sign < 0m || groups.Any(group => Exceeds(group, sign)))
        {
            return InvoicingFaults.AllowanceTooLarge.At("allowances");
        }

        var breakdown = new List<VatBreakdownBody>(groups.Count);
        var prices = new Prices(sale.PricesIncludeVat, currency);
        foreach (var group in groups)
        {
            var inGroup = lines.Where(line => (line.Vat.Category, line.Vat.Rate) == group.Key).ToList();
            breakdown.Add(prices.Settle(group.First().Vat, inGroup, Of(allowances, group.Key), Of(charges, group.Key), taxation));
        }

        var priced = new Basket
        {
            Lines = [.. sale.Lines.Select((line, i) => prices.Line(line, i, lines[i]))],
            Allowances =
            [
                .. allowances.Select(each =>
                    Body(each, sale.PricesIncludeVat, sale.Allowances[each.Index].Reason, sale.Allowances[each.Index].Coupon)
                ),
            ],
            Charges = [.. charges.Select(each => Body(each, sale.PricesIncludeVat, sale.Charges[each.Index].Reason, null))],
            VatBreakdown = breakdown,
            Totals = InvoiceSums.Of(
                [.. lines.Select(line => line.Net)],
                [.. allowances.Select(each => each.Part.Net)],
                [.. charges.Select(each => each.Part.Net)],
                breakdown,
                currency
            ),
        };
        return Math.Abs(priced.Totals.TotalWithVat) > 999_999_999.99m ? InvoicingFaults.TooMuch.With() : priced;
    }

    private static List<Part> Of(List<Share> shares, (string Category, decimal Rate) group) =>
        [.. shares.Select(each => each.Part).Where(part => (part.Vat.Category, part.Vat.Rate) == group)];

    private static bool Exceeds(IGrouping<(string, decimal), Part> group, decimal sign) =>
        group.Sum(part => part.Amount) * sign < 0m && !group.Any(part => part.Amount * sign < 0m && part.IsLine);

    private static bool SameTreatment(InvoiceVatBody one, InvoiceVatBody other) =>
        one with { ExemptionReason = null } == other with { ExemptionReason = null };

    /// <summary>A reduction or addition of the document under its own rate, or in proportion over the lines' rates.</summary>
    private static List<Share> Spread(
        IEnumerable<decimal> amounts,
        IReadOnlyList<InvoiceVatBody?> treatments,
        List<Part> lines,
        decimal sign,
        Currency currency
    )
    {
        var shares = new List<Share>();
        foreach (var (amount, i) in amounts.Select((amount, i) => (amount, i)))
        {
            if (amount == 0m)
            {
                continue;
            }

            if (treatments[i] is { } own)
            {
                shares.Add(new Share(i, new Part(sign * amount, own) { IsLine = false }));
                continue;
            }

            var groups = lines.GroupBy(line => (line.Vat.Category, line.Vat.Rate)).ToList();
            var weights = groups.Select(group => Math.Max(0m, sign * group.Sum(line => line.Amount))).ToList();
            var parts = Money.Of(amount, currency).Split(weights);
            shares.AddRange(
                groups
                    .Select((group, g) => new Share(i, new Part(sign * parts[g].Amount, group.First().Vat) { IsLine = false }))
                    .Where(share => share.Part.Amount != 0m)
            );
        }

        return shares;
    }

    private static InvoiceAllowanceBody Body(Share share, bool includeVat, string? reason, string? coupon) =>
        new()
        {
            Amount = share.Part.Net,
            GrossAmount = includeVat ? share.Part.Gross : null,
            Reason = reason,
            Coupon = coupon,
            Vat = share.Part.Vat,
        };

    /// <summary>An amount as the till said it, and what it is without and with VAT once its group is settled.</summary>
    private sealed record Part(decimal Amount, InvoiceVatBody Vat)
    {
        public bool IsLine { get; init; } = true;

        public decimal Net { get; set; }

        public decimal Gross { get; set; }
    }

    private sealed record Share(int Index, Part Part);

    /// <summary>The arithmetic of one currency, for prices with or without VAT.</summary>
    private sealed class Prices(bool includeVat, Currency currency)
    {
        public VatBreakdownBody Settle(InvoiceVatBody vat, List<Part> lines, List<Part> less, List<Part> charges, Taxation taxation)
        {
            var parts = lines.Concat(charges).ToList();
            var whole = parts.Sum(part => part.Amount) - less.Sum(part => part.Amount);
            decimal taxable,
                tax;
            if (includeVat)
            {
                tax = Round(whole * vat.Rate / (100m + vat.Rate));
                taxable = whole - tax;
                foreach (var part in parts.Concat(less))
                {
                    part.Gross = part.Amount;
                    part.Net = Round(part.Amount * 100m / (100m + vat.Rate));
                }

                GiveOddCents(
                    lines.Count > 0 ? lines : parts,
                    taxable - (parts.Sum(p => p.Net) - less.Sum(p => p.Net)),
                    (p, coin) => p.Net += coin
                );
            }
            else
            {
                taxable = whole;
                tax = Round(whole * vat.Rate / 100m);
                foreach (var part in parts.Concat(less))
                {
                    part.Net = part.Amount;
                    part.Gross = Round(part.Amount * (100m + vat.Rate) / 100m);
                }

                var odd = taxable + tax - (parts.Sum(p => p.Gross) - less.Sum(p => p.Gross));
                GiveOddCents(lines.Count > 0 ? lines : parts, odd, (p, coin) => p.Gross += coin);
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
                ExemptionReason = vat.ExemptionReason,
                ExemptionReasonCode = vat.ExemptionReasonCode,
                TaxableAmount = Round(taxable),
                VatAmount = Round(tax),
                SurchargeRate = surcharge == 0m ? null : surcharge,
                SurchargeAmount = surcharge == 0m ? null : Round(taxable * surcharge / 100m),
            };
        }

        public InvoiceLineBody Line(SaleLine line, int index, Part part)
        {
            var sign = line.Quantity < 0m ? -1m : 1m;
            var allowances = line.Allowances.Select(each => Reduction(sign * each.Amount, each.Reason, each.Coupon, part)).ToList();
            var charges = line.Charges.Select(each => Reduction(sign * each.Amount, each.Reason, null, part)).ToList();
            var name = string.IsNullOrWhiteSpace(line.Name) ? line.Sku!.Trim() : line.Name.Trim();
            return new InvoiceLineBody
            {
                LineId = (index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
                Sku = string.IsNullOrWhiteSpace(line.Sku) ? null : line.Sku.Trim(),
                Name = name,
                Quantity = line.Quantity,
                Unit = line.Unit,
                UnitPrice = line.UnitPrice,
                NetPrice = NetPrice(line, part, allowances.Sum(each => each.Amount) - charges.Sum(each => each.Amount)),
                Allowances = allowances,
                Charges = charges,
                LineNetAmount = Round(part.Net),
                LineGrossAmount = Round(part.Gross),
                Vat = part.Vat,
            };
        }

        /// <summary>
        /// BT-146: the till's price without VAT, not rounded to the coin. Where odd cents fell on the line it carries them, so that
        /// quantity × price, less allowances, is the line's amount to the coin.
        /// </summary>
        private decimal NetPrice(SaleLine line, Part part, decimal allowed)
        {
            if (!includeVat)
            {
                return line.UnitPrice;
            }

            var digits = Math.Abs(line.Quantity) > 100_000m ? 12 : 8;
            var exact = decimal.Round(line.UnitPrice * 100m / (100m + part.Vat.Rate), digits, MidpointRounding.AwayFromZero);
            return Plain(
                Round(exact * line.Quantity) - allowed == part.Net
                    ? exact
                    : decimal.Round((part.Net + allowed) / line.Quantity, digits, MidpointRounding.AwayFromZero)
            );
        }

        private InvoiceAllowanceBody Reduction(decimal amount, string? reason, string? coupon, Part part) =>
            new()
            {
                Amount = Round(includeVat ? amount * 100m / (100m + part.Vat.Rate) : amount),
                GrossAmount = includeVat ? Round(amount) : null,
                Reason = reason,
                Coupon = coupon,
            };

        private void GiveOddCents(List<Part> parts, decimal odd, Action<Part, decimal> give)
        {
            var coin = new decimal(1, 0, 0, odd < 0m, (byte)currency.MinorUnit);
            var largest = parts.OrderByDescending(part => Math.Abs(part.Amount)).ToList();
            for (var i = 0; odd != 0m; i = (i + 1) % largest.Count, odd -= coin)
            {
                give(largest[i], coin);
            }
        }

        private decimal Round(decimal amount) => Money.Of(amount, currency).Amount;

        private static decimal Plain(decimal price) => price / 1.0000000000000000000000000000m;
    }
}
