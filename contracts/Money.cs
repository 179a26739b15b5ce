using System.Globalization;

namespace RetailInvoicing.Contracts;

/// <summary>An amount of one currency; sums of two currencies throw, and nothing is rounded unless it is said.</summary>
public readonly record struct Money(decimal Amount, Currency Currency) : IComparable<Money>
{
    /// <summary>Nothing, in that currency, written with its decimals ("0.00").</summary>
    public static Money Zero(Currency currency) => Of(0m, currency);

    /// <summary>The amount rounded half away from zero to the smallest coin, carrying exactly that many decimals.</summary>
    public static Money Of(decimal amount, Currency currency) => new Money(amount, currency).RoundedToMinorUnit();

    /// <summary>Rounds half away from zero to the smallest coin and writes exactly its decimals (18.9 becomes 18.90).</summary>
    public Money RoundedToMinorUnit()
    {
        var digits = Currency.MinorUnit;
        var rounded = decimal.Round(Amount, digits, MidpointRounding.AwayFromZero);
        // Adding a zero of that scale keeps the trailing zeros that a reader expects on an amount.
        return this with { Amount = rounded + new decimal(0, 0, 0, false, (byte)digits) };
    }

    /// <summary>The amount times a quantity or factor, not rounded.</summary>
    public Money Times(decimal factor) => this with { Amount = Amount * factor };

    /// <summary>Parts of equal size, to the coin, that sum to the whole: the odd coins go to the first ones.</summary>
    public IReadOnlyList<Money> Split(int parts) => Split(Enumerable.Repeat(1m, parts).ToArray());

    /// <summary>Parts in proportion to the weights, to the coin, that sum to the whole: odd coins go to the largest weights first.</summary>
    public IReadOnlyList<Money> Split(IReadOnlyList<decimal> weights)
    {
        ArgumentOutOfRangeException.ThrowIfZero(weights.Count);
        var whole = RoundedToMinorUnit();
        var sum = weights.Sum();
        if (sum == 0m)
        {
            weights = Enumerable.Repeat(1m, weights.Count).ToArray();
            sum = weights.Count;
        }

        var coin = new decimal(1, 0, 0, false, (byte)Currency.MinorUnit);
        var currency = Currency;
        var parts = weights
            .Select(weight => decimal.Round(whole.Amount * weight / sum, currency.MinorUnit, MidpointRounding.ToZero))
            .ToArray();
        var odd = whole.Amount - parts.Sum();
        var step = odd < 0 ? -coin : coin;
        var order = Enumerable.Range(0, parts.Length).OrderByDescending(i => Math.Abs(weights[i])).ThenBy(i => i).ToArray();
        for (var i = 0; odd != 0m; i = (i + 1) % order.Length, odd -= step)
        {
            parts[order[i]] += step;
        }

        return parts.Select(part => Of(part, currency)).ToArray();
    }

    /// <summary>True where nothing is left.</summary>
    public bool IsZero => Amount == 0m;

    /// <summary>The same amount with the other sign.</summary>
    public static Money operator -(Money money) => money with { Amount = -money.Amount };

    /// <summary>The sum of two amounts of one currency.</summary>
    public static Money operator +(Money left, Money right) => left with { Amount = left.Amount + right.In(left.Currency) };

    /// <summary>The difference of two amounts of one currency.</summary>
    public static Money operator -(Money left, Money right) => left with { Amount = left.Amount - right.In(left.Currency) };

    /// <summary>Whether the first is less.</summary>
    public static bool operator <(Money left, Money right) => left.CompareTo(right) < 0;

    /// <summary>Whether the first is more.</summary>
    public static bool operator >(Money left, Money right) => left.CompareTo(right) > 0;

    /// <summary>Whether the first is not more.</summary>
    public static bool operator <=(Money left, Money right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the first is not less.</summary>
    public static bool operator >=(Money left, Money right) => left.CompareTo(right) >= 0;

    /// <inheritdoc />
    public int CompareTo(Money other) => Amount.CompareTo(other.In(Currency));

    /// <summary>Decimal text and currency, for logs; people's documents use their own language's way.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Amount} {Currency}");

    private decimal In(Currency currency) =>
        Currency == currency
            ? Amount
            : throw new InvalidOperationException($"{this} is not in {currency}: amounts of two currencies do not add up");
}

/// <summary>Sums of money.</summary>
public static class MoneySums
{
    /// <summary>The sum of the amounts, zero of that currency where there is none.</summary>
    public static Money Sum(this IEnumerable<Money> amounts, Currency currency) =>
        amounts.Aggregate(Money.Zero(currency), (sum, each) => sum + each);
}
