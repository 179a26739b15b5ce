using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>
/// A line as the invoice states it (BG-25): its price and reductions without VAT, such that round(BT-146 × BT-129) − allowances + charges
/// is BT-131 to the coin.
/// </summary>
internal sealed class LineAmounts(bool pricesIncludeVat, Coin coin)
{
    /// <summary>The most that an amount of an invoice can be.</summary>
    public const decimal Most = 999_999_999.99m;

    // Peppol compares price × quantity, not rounded, with the line's amount: R120.
    private const decimal PeppolSlack = 0.02m;

    /// <summary>What the till asks for a line, its reductions counted; positive also where it comes back.</summary>
    public static decimal Asked(SaleLine line, Coin coin)
    {
        var asked = coin.Round(line.UnitPrice * Math.Abs(line.Quantity));
        foreach (var allowance in line.Allowances)
        {
            asked -= allowance.Amount;
        }

        foreach (var charge in line.Charges)
        {
            asked += charge.Amount;
        }

        return asked;
    }

    /// <summary>The line once its rate is settled.</summary>
    public InvoiceLineBody Of(SaleLine line, Portion settled)
    {
        var (less, more) = (Without(line.Allowances, settled), Without(line.Charges, settled));
        var price = pricesIncludeVat ? NetPrice(line, settled, less, more) : line.UnitPrice;
        var sku = string.IsNullOrWhiteSpace(line.Sku) ? null : line.Sku.Trim();
        return new InvoiceLineBody
        {
            LineId = (settled.Index + 1).ToString(CultureInfo.InvariantCulture),
            Sku = sku,
            Name = string.IsNullOrWhiteSpace(line.Name) ? sku! : line.Name.Trim(),
            Quantity = line.Quantity,
            Unit = line.Unit,
            UnitPrice = line.UnitPrice,
            NetPrice = price,
            Allowances = less is null
                ? []
                :
                [
                    .. less.Select(
                        (amount, i) => Body(amount, line.Allowances[i].Amount, line.Allowances[i].Reason, line.Allowances[i].Coupon, line)
                    ),
                ],
            Charges = more is null
                ? []
                : [.. more.Select((amount, i) => Body(amount, line.Charges[i].Amount, line.Charges[i].Reason, null, line))],
            LineNetAmount = coin.Round(settled.Net),
            LineGrossAmount = coin.Round(settled.Gross),
            Vat = settled.Vat,
        };
    }

    /// <summary>
    /// BT-146: the till's price without VAT, not rounded to the coin. An odd coin of the line stands on its largest reduction; where it
    /// has none that could bear it, the price carries it.
    /// </summary>
    private decimal NetPrice(SaleLine line, Portion settled, decimal[]? less, decimal[]? more)
    {
        var quantity = Math.Abs(line.Quantity);
        var digits = quantity > 10_000m ? 12 : 8;
        var exact = decimal.Round(line.UnitPrice * 100m / (100m + settled.Vat.Rate), digits, MidpointRounding.AwayFromZero);
        var plain = coin.Round(exact * quantity);
        if (Math.Abs(exact * quantity - plain) > PeppolSlack)
        {
            // Of a currency without cents the price states the rounded line.
            exact = decimal.Round(plain / quantity, digits, MidpointRounding.AwayFromZero);
        }

        var net = Math.Abs(settled.Net);
        var reduced = (less?.Sum() ?? 0m) - (more?.Sum() ?? 0m);
        var odd = plain - reduced - net;
        odd = odd > 0m ? TakenFrom(more, Added(less, odd)) : -TakenFrom(less, Added(more, -odd));
        if (odd == 0m)
        {
            return Plain(exact);
        }

        reduced = (less?.Sum() ?? 0m) - (more?.Sum() ?? 0m);
        return Plain(decimal.Round((net + reduced) / quantity, digits, MidpointRounding.AwayFromZero));
    }

    /// <summary>Adds to the largest; what is left over where there is none.</summary>
    private static decimal Added(decimal[]? amounts, decimal odd)
    {
        if (odd == 0m || Largest(amounts) is not ({ } largest and >= 0))
        {
            return odd;
        }

        amounts![largest] += odd;
        return 0m;
    }

    /// <summary>Takes from the largest, and from the next where it is not enough; what is left over.</summary>
    private static decimal TakenFrom(decimal[]? amounts, decimal odd)
    {
        while (odd > 0m && Largest(amounts) is var largest && largest >= 0)
        {
            var taken = Math.Min(odd, amounts![largest]);
            amounts[largest] -= taken;
            odd -= taken;
        }

        return odd;
    }

    private static int Largest(decimal[]? amounts)
    {
        var largest = -1;
        for (var i = 0; i < (amounts?.Length ?? 0); i++)
        {
            if (amounts![i] > (largest < 0 ? 0m : amounts[largest]))
            {
                largest = i;
            }
        }

        return largest;
    }

    private decimal[]? Without(IReadOnlyList<SaleAllowance> allowances, Portion settled) =>
        allowances.Count == 0 ? null : [.. allowances.Select(each => Without(each.Amount, settled))];

    private decimal[]? Without(IReadOnlyList<SaleCharge> charges, Portion settled) =>
        charges.Count == 0 ? null : [.. charges.Select(each => Without(each.Amount, settled))];

    private decimal Without(decimal amount, Portion settled) =>
        coin.Round(pricesIncludeVat ? amount * 100m / (100m + settled.Vat.Rate) : amount);

    /// <summary>On a line that comes back everything is mirrored: its allowance lessens what is given back.</summary>
    private InvoiceAllowanceBody Body(decimal amount, decimal said, string? reason, string? coupon, SaleLine line) =>
        new()
        {
            Amount = line.Quantity < 0m ? -amount : amount,
            GrossAmount =
                !pricesIncludeVat ? null
                : line.Quantity < 0m ? -coin.Round(said)
                : coin.Round(said),
            Reason = reason,
            Coupon = coupon,
        };

    private static decimal Plain(decimal price) => price / 1.0000000000000000000000000000m;
}
