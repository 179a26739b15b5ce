namespace RetailInvoicing.Reporting.Anomalies;

/// <summary>How likely what was seen would be if nothing were wrong.</summary>
public static class Chance
{
    // Terms that much smaller than the largest change no digit that is shown.
    private const double Negligible = 1e-18;

    /// <summary>
    /// That nothing happens where so many are expected: Poisson where counts vary as chance has it, negative binomial where their variance is
    /// greater than their mean.
    /// </summary>
    public static double OfNone(double expected, double mean, double variance)
    {
        if (expected <= 0)
        {
            return 1;
        }

        if (variance <= mean || mean <= 0)
        {
            return Math.Exp(-expected);
        }

        var shape = mean * mean / (variance - mean);
        return Math.Exp(-shape * Math.Log(1 + expected / shape));
    }

    /// <summary>
    /// That at least so many of n are hit, where the rate itself is known only from what was seen before: beta-binomial, of a hits and b misses.
    /// </summary>
    public static double OfAtLeast(long hits, long n, double a, double b)
    {
        if (hits <= 0)
        {
            return 1;
        }

        if (hits > n || a <= 0)
        {
            return 0;
        }

        var whole = LogBeta(a, b);
        var sum = 0.0;
        var largest = 0.0;
        // From one count to the next by a ratio: no logarithm of a factorial in the loop.
        var term = Math.Exp(LogChoose(n, hits) + LogBeta(hits + a, n - hits + b) - whole);
        for (var k = hits; k <= n; k++)
        {
            sum += term;
            largest = Math.Max(largest, term);
            if (term < largest * Negligible)
            {
                break;
            }

            term *= (n - k) / (k + 1.0) * ((k + a) / (n - k - 1 + b));
        }

        return Math.Min(1, sum);
    }

    /// <summary>That at least so many of n are hit, each with that chance: binomial.</summary>
    public static double OfAtLeast(long hits, long n, double chance)
    {
        if (hits <= 0)
        {
            return 1;
        }

        if (hits > n || chance <= 0)
        {
            return 0;
        }

        if (chance >= 1)
        {
            return 1;
        }

        var sum = 0.0;
        var largest = 0.0;
        var term = Math.Exp(LogChoose(n, hits) + hits * Math.Log(chance) + (n - hits) * Math.Log(1 - chance));
        for (var k = hits; k <= n; k++)
        {
            sum += term;
            largest = Math.Max(largest, term);
            if (term < largest * Negligible)
            {
                break;
            }

            term *= (n - k) / (k + 1.0) * (chance / (1 - chance));
        }

        return Math.Min(1, sum);
    }

    /// <summary>
    /// Which of many chances stand out when they are looked at together: of those that do, at most the given share is chance after all
    /// (Benjamini and Hochberg). The largest chance that still counts; none where none does.
    /// </summary>
    public static double? StandsOut(IEnumerable<double> chances, double share)
    {
        var sorted = chances.Order().ToArray();
        for (var i = sorted.Length - 1; i >= 0; i--)
        {
            if (sorted[i] <= share * (i + 1) / sorted.Length)
            {
                return sorted[i];
            }
        }

        return null;
    }

    /// <summary>The least share that hits of n speak for, 95 times of a hundred (Wilson).</summary>
    public static double LeastShare(long hits, long n)
    {
        if (n <= 0)
        {
            return 0;
        }

        const double z = 1.959963984540054;
        var share = (double)hits / n;
        var middle = share + z * z / (2 * n);
        var spread = z * Math.Sqrt(share * (1 - share) / n + z * z / (4.0 * n * n));
        return (middle - spread) / (1 + z * z / n);
    }

    private static double LogChoose(long n, long k) => LogGamma(n + 1.0) - LogGamma(k + 1.0) - LogGamma(n - k + 1.0);

    private static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

    /// <summary>Stirling's series, from 10 upwards; below, stepped down by the function's own recurrence.</summary>
    internal static double LogGamma(double x)
    {
        var below = 0.0;
        while (x < 10)
        {
            below += Math.Log(x);
            x++;
        }

        var inverse = 1 / x;
        var square = inverse * inverse;
        var series = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188))));
        return (x - 0.5) * Math.Log(x) - x + 0.91893853320467274178 + series - below;
    }
}
