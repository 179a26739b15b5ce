using System.Globalization;

namespace RetailInvoicing.Reporting.Anomalies;

/// <summary>On how many invoices a product stood at a VAT rate, and on which days first and last.</summary>
public sealed record ProductRate
{
    /// <summary>The product.</summary>
    public required string Product { get; init; }

    /// <summary>BT-151.</summary>
    public required string Category { get; init; }

    /// <summary>BT-152, percent.</summary>
    public required decimal Rate { get; init; }

    /// <summary>How many.</summary>
    public required long Invoices { get; init; }

    /// <summary>The first day.</summary>
    public required DateOnly First { get; init; }

    /// <summary>The last day.</summary>
    public required DateOnly Last { get; init; }
}

/// <summary>
/// A product that was sold at a VAT rate other than its usual one. Usual is what nine of ten of its invoices have, sure to 95 %; where one rate
/// ends and another begins, the law or the price list changed, and nothing is odd.
/// </summary>
public static class OddVatRate
{
    /// <summary>The share that makes a rate usual.</summary>
    public const double Usual = 0.9;

    /// <summary>The rates that do not fit their product, seen between two days.</summary>
    public static IEnumerable<Anomaly> Of(IEnumerable<ProductRate> rates, DateOnly from, DateOnly to)
    {
        foreach (var product in rates.GroupBy(rate => rate.Product).OrderBy(product => product.Key, StringComparer.Ordinal))
        {
            var all = product.Sum(rate => rate.Invoices);
            var usual = product.OrderByDescending(rate => rate.Invoices).ThenBy(rate => rate.Rate).First();
            if (Chance.LeastShare(usual.Invoices, all) < Usual)
            {
                continue;
            }

            foreach (var odd in product.Where(rate => rate != usual && rate.Last >= from && rate.First <= to).OrderBy(rate => rate.Rate))
            {
                if (odd.First > usual.Last || odd.Last < usual.First)
                {
                    continue;
                }

                string Text(ProductRate rate) => rate.Rate.ToString("0.##", CultureInfo.InvariantCulture);
                var (words, spanish) = (
                    $"{odd.Invoices} invoices at {Text(odd)} % ({odd.Category}), {usual.Invoices} at {Text(usual)} % ({usual.Category}).",
                    $"{odd.Invoices} facturas al {Text(odd)} % ({odd.Category}), {usual.Invoices} al {Text(usual)} % ({usual.Category})."
                );
                yield return new Anomaly
                {
                    Kind = "vat-rate",
                    Subject = odd.Product,
                    Day = odd.First > from ? odd.First : from,
                    Seen = odd.Rate,
                    Expected = usual.Rate,
                    Of = odd.Invoices,
                    Chance = decimal.Round((decimal)(1 - Chance.LeastShare(usual.Invoices, all)), 9, MidpointRounding.AwayFromZero),
                    Reason = words,
                    ReasonEs = spanish,
                };
            }
        }
    }
}
