namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>A difference as it was measured, with the interval that holds the true one in 95 of 100 such measurements.</summary>
public sealed record Difference
{
    /// <summary>Shown less held out.</summary>
    public required double Value { get; init; }

    /// <summary>The interval's lower end.</summary>
    public required double Low { get; init; }

    /// <summary>Its upper end.</summary>
    public required double High { get; init; }
}

/// <summary>A group of customers and what they spent; those who bought nothing count with nothing.</summary>
public sealed record GroupSums
{
    /// <summary>Customers in it.</summary>
    public required long Customers { get; init; }

    /// <summary>Those who bought.</summary>
    public required long Conversions { get; init; }

    /// <summary>What they spent.</summary>
    public required double Spend { get; init; }

    /// <summary>The sum of the squares of what each spent.</summary>
    public required double SquaredSpend { get; init; }

    /// <summary>The share that bought.</summary>
    public double Rate => Customers == 0 ? 0 : (double)Conversions / Customers;

    /// <summary>What one spent on average.</summary>
    public double MeanSpend => Customers == 0 ? 0 : Spend / Customers;

    /// <summary>How much the spending of one varies (n − 1).</summary>
    public double Variance => Customers < 2 ? 0 : Math.Max(0, (SquaredSpend - Spend * Spend / Customers) / (Customers - 1));
}

/// <summary>
/// What a campaign brought: those who were meant to see it less those who were held out, each counted in the group that it was put in
/// before anything was shown, whatever came of it.
/// </summary>
public static class Uplift
{
    // The normal distribution's 97.5th percentile.
    private const double Z = 1.959963984540054;

    /// <summary>
    /// The difference of the shares that bought; Newcombe's hybrid of the two Wilson score intervals (Statistics in Medicine 17, 873–890,
    /// method 10), which holds its 95 per cent where groups are small and shares near 0 too. None without customers in both groups.
    /// </summary>
    public static Difference? OfRates(GroupSums shown, GroupSums heldOut)
    {
        if (shown.Customers == 0 || heldOut.Customers == 0)
        {
            return null;
        }

        var (low1, high1) = Wilson(shown.Conversions, shown.Customers);
        var (low2, high2) = Wilson(heldOut.Conversions, heldOut.Customers);
        var difference = shown.Rate - heldOut.Rate;
        return new Difference
        {
            Value = difference,
            Low = difference - Math.Sqrt(Square(shown.Rate - low1) + Square(high2 - heldOut.Rate)),
            High = difference + Math.Sqrt(Square(high1 - shown.Rate) + Square(heldOut.Rate - low2)),
        };
    }

    /// <summary>
    /// The difference of what one spends on average, by Welch's t, since the groups vary differently. None where either has fewer than
    /// two customers, or both together tell too little of how much they vary.
    /// </summary>
    public static Difference? OfSpend(GroupSums shown, GroupSums heldOut)
    {
        if (shown.Customers < 2 || heldOut.Customers < 2)
        {
            return null;
        }

        var (of1, of2) = (shown.Variance / shown.Customers, heldOut.Variance / heldOut.Customers);
        var difference = shown.MeanSpend - heldOut.MeanSpend;
        if (of1 + of2 <= 0)
        {
            return null;
        }

        var freedom = Square(of1 + of2) / (Square(of1) / (shown.Customers - 1) + Square(of2) / (heldOut.Customers - 1));
        if (freedom < 3)
        {
            return null;
        }

        var reach = Student(freedom) * Math.Sqrt(of1 + of2);
        return new Difference
        {
            Value = difference,
            Low = difference - reach,
            High = difference + reach,
        };
    }

    /// <summary>The Wilson score interval of a share, 95 per cent.</summary>
    public static (double Low, double High) Wilson(long successes, long trials)
    {
        double n = trials;
        var share = successes / n;
        var middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n);
        var reach = Z * Math.Sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n);
        return (Math.Max(0, middle - reach), Math.Min(1, middle + reach));
    }

    /// <summary>
    /// Student's 97.5th percentile, by the expansion around the normal's (Abramowitz and Stegun 26.7.5): four thousandths off at three
    /// degrees of freedom, and less beyond.
    /// </summary>
    public static double Student(double freedom)
    {
        var (z3, z5, z7, z9) = (Math.Pow(Z, 3), Math.Pow(Z, 5), Math.Pow(Z, 7), Math.Pow(Z, 9));
        return Z
            + (z3 + Z) / (4 * freedom)
            + (5 * z5 + 16 * z3 + 3 * Z) / (96 * Math.Pow(freedom, 2))
            + (3 * z7 + 19 * z5 + 17 * z3 - 15 * Z) / (384 * Math.Pow(freedom, 3))
            + (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * Z) / (92160 * Math.Pow(freedom, 4));
    }

    private static double Square(double value) => value * value;
}
