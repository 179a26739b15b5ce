using System.Globalization;
using System.Numerics;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Sales;

namespace RetailInvoicing.Services.Tests.Invoicing.Pricing;

/// <summary>A fraction of whole numbers: nothing is lost but where it is rounded.</summary>
internal readonly record struct Exact(BigInteger Over, BigInteger Under) : IComparable<Exact>
{
    public static readonly Exact Zero = new(0, 1);

    public static Exact Of(decimal value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? text : text.Remove(point, 1);
        return new(BigInteger.Parse(digits, CultureInfo.InvariantCulture), BigInteger.Pow(10, point < 0 ? 0 : text.Length - point - 1));
    }

    public Exact Absolute => this with { Over = BigInteger.Abs(Over) };

    /// <summary>Half away from zero, to so many decimals.</summary>
    public Exact Rounded(int decimals)
    {
        var coins = BigInteger.Pow(10, decimals);
        var whole = BigInteger.DivRem(BigInteger.Abs(Over) * coins * 2 + Under, Under * 2, out _);
        return new(Over.Sign * whole, coins);
    }

    /// <summary>Towards zero, to so many decimals.</summary>
    public Exact Cut(int decimals)
    {
        var coins = BigInteger.Pow(10, decimals);
        return new(Over.Sign * (BigInteger.Abs(Over) * coins / Under), coins);
    }

    public bool Is(decimal value) => CompareTo(Of(value)) == 0;

    public int CompareTo(Exact other) => (Over * other.Under).CompareTo(other.Over * Under);

    public static Exact operator +(Exact one, Exact other) => new(one.Over * other.Under + other.Over * one.Under, one.Under * other.Under);

    public static Exact operator -(Exact one, Exact other) => one + new Exact(-other.Over, other.Under);

    public static Exact operator *(Exact one, Exact other) => new(one.Over * other.Over, one.Under * other.Under);

    public static Exact operator /(Exact one, Exact other) =>
        other.Over.Sign < 0 ? new(-one.Over * other.Under, one.Under * -other.Over) : new(one.Over * other.Under, one.Under * other.Over);

    public override string ToString() => $"{Over}/{Under}";
}

/// <summary>
/// What a sale comes to by the law's sentences, in fractions and without a care for speed: written apart from Basket, to be compared with it.
/// </summary>
internal sealed class ExactPrices
{
    private sealed record Amount(string Category, decimal Rate, Exact Value);

    public sealed record OfRate(string Category, decimal Rate, Exact Taxable, Exact Vat, Exact Surcharge);

    private ExactPrices(IReadOnlyList<OfRate> rates) => Rates = rates;

    public IReadOnlyList<OfRate> Rates { get; }

    public Exact WithoutVat => Sum(Rates.Select(rate => rate.Taxable));

    public Exact Vat => Sum(Rates.Select(rate => rate.Vat + rate.Surcharge));

    public Exact WithVat => WithoutVat + Vat;

    /// <summary>What the till took: every line to the coin, the document's reductions, the surcharge apart.</summary>
    public static Exact Took(SalePosted sale)
    {
        var lines = Lines(sale);
        var sum = Sum(lines.Select(line => line.Value));
        var sign = sum.Over.Sign < 0 ? Exact.Of(-1m) : Exact.Of(1m);
        return sum
            + sign * (Sum(sale.Charges.Select(each => Exact.Of(each.Amount))) - Sum(sale.Allowances.Select(each => Exact.Of(each.Amount))));
    }

    public static ExactPrices Of(SalePosted sale, bool surcharged, DateOnly day)
    {
        var digits = sale.Currency.MinorUnit;
        var lines = Lines(sale);
        var back = Sum(lines.Select(line => line.Value)).Over.Sign < 0;
        var amounts = new List<Amount>(lines);
        foreach (
            var (vat, amount, adds) in sale
                .Allowances.Select(each => (each.Vat, each.Amount, false))
                .Concat(sale.Charges.Select(each => (each.Vat, each.Amount, true)))
                // What comes to nothing stands on no invoice, and neither does a rate that only it would bring.
                .Where(each => each.Amount != 0m)
        )
        {
            var value = Exact.Of(adds != back ? amount : -amount);
            amounts.AddRange(vat is not null ? [new Amount(vat.Category, vat.Rate ?? 0m, value)] : Spread(value, lines, back, digits));
        }

        return new ExactPrices([
            .. amounts
                .GroupBy(each => (each.Category, each.Rate))
                .OrderBy(rate => rate.Key.Category, StringComparer.Ordinal)
                .ThenByDescending(rate => rate.Key.Rate)
                .Select(rate =>
                {
                    var whole = Sum(rate.Select(each => each.Value));
                    var percent = Exact.Of(rate.Key.Rate);
                    var vat = (
                        sale.PricesIncludeVat ? whole * percent / (Exact.Of(100m) + percent) : whole * percent / Exact.Of(100m)
                    ).Rounded(digits);
                    var taxable = sale.PricesIncludeVat ? whole - vat : whole;
                    var extra = surcharged && rate.Key.Category == "S" ? Exact.Of(VatRates.Surcharge(rate.Key.Rate, day)) : Exact.Zero;
                    return new OfRate(rate.Key.Category, rate.Key.Rate, taxable, vat, (taxable * extra / Exact.Of(100m)).Rounded(digits));
                }),
        ]);
    }

    private static List<Amount> Lines(SalePosted sale) =>
        [
            .. sale.Lines.Select(line =>
            {
                var asked =
                    (Exact.Of(line.UnitPrice) * Exact.Of(line.Quantity).Absolute).Rounded(sale.Currency.MinorUnit)
                    - Sum(line.Allowances.Select(each => Exact.Of(each.Amount)))
                    + Sum(line.Charges.Select(each => Exact.Of(each.Amount)));
                return new Amount(line.Vat.Category, line.Vat.Rate ?? 0m, line.Quantity < 0m ? Exact.Zero - asked : asked);
            }),
        ];

    /// <summary>In proportion to what each rate comes to; odd coins to the largest, of equals to the first category and the highest rate.</summary>
    private static List<Amount> Spread(Exact value, List<Amount> lines, bool back, int digits)
    {
        var rates = lines
            .GroupBy(line => (line.Category, line.Rate))
            .Select(rate =>
                (rate.Key.Category, rate.Key.Rate, Weight: Sum(rate.Select(line => back ? Exact.Zero - line.Value : line.Value)))
            )
            .Select(rate => rate with { Weight = rate.Weight.Over.Sign < 0 ? Exact.Zero : rate.Weight })
            .OrderByDescending(rate => rate.Weight)
            .ThenBy(rate => rate.Category, StringComparer.Ordinal)
            .ThenByDescending(rate => rate.Rate)
            .ToList();
        var weights = Sum(rates.Select(rate => rate.Weight));
        if (weights.Over.IsZero)
        {
            rates = [.. rates.Select(rate => rate with { Weight = Exact.Of(1m) })];
            weights = Exact.Of(rates.Count);
        }

        var parts = rates.Select(rate => (value * rate.Weight / weights).Cut(digits)).ToList();
        var coin = new Exact(value.Over.Sign, BigInteger.Pow(10, digits));
        for (var i = 0; (value - Sum(parts)).Over.Sign != 0; i = (i + 1) % parts.Count)
        {
            parts[i] += coin;
        }

        return [.. rates.Zip(parts, (rate, part) => new Amount(rate.Category, rate.Rate, part)).Where(part => !part.Value.Over.IsZero)];
    }

    private static Exact Sum(IEnumerable<Exact> values) => values.Aggregate(Exact.Zero, (sum, each) => sum + each);
}
