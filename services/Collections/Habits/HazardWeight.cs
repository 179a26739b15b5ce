namespace RetailInvoicing.Collections.Habits;

/// <summary>
/// How much a customer's own history counts against that of the seller's others: where customers differ, soon; where they are alike, late.
/// The weight of a few that makes the customers' histories most likely (empirical Bayes): under it a customer's payments in a band are
/// beta-binomial, and the likelihood of all customers and bands is compared on a grid. With fewer than <see cref="FewestCustomers" />
/// customers the usual weight stands.
/// </summary>
public sealed class HazardWeight
{
    /// <summary>Customers with at least two payments, below which there is nothing to compare.</summary>
    public const int FewestCustomers = 20;

    private static readonly double[] Grid = [2, 4, 8, 16, 32, 64, 128, 256];

    private readonly double[] _likelihoods = new double[Grid.Length];
    private int _customers;

    /// <summary>Adds a customer's history under what is said of its segment.</summary>
    public void Add(Habit customer, PaymentHazard segment)
    {
        if (customer.Paid < 2)
        {
            return;
        }

        _customers++;
        for (var band = 0; band < AgeBand.Count; band++)
        {
            var (days, paid) = (customer.DaysByAge[band], customer.PaidByAge[band]);
            if (days <= 0)
            {
                continue;
            }

            var chance = segment.ByAge(band == 0 ? int.MinValue : AgeBand.Starts[band]);
            for (var i = 0; i < Grid.Length; i++)
            {
                var (hits, misses) = (Grid[i] * chance, Grid[i] * (1 - chance));
                _likelihoods[i] += LogBeta(paid + hits, Math.Max(0, days - paid) + misses) - LogBeta(hits, misses);
            }
        }
    }

    /// <summary>The weight.</summary>
    public double Best() =>
        _customers < FewestCustomers ? PaymentHazard.CustomerWeight : Grid[Array.IndexOf(_likelihoods, _likelihoods.Max())];

    private static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

    /// <summary>Stirling's series after the argument was raised above ten; exact to nine digits, which a comparison does not need.</summary>
    private static double LogGamma(double x)
    {
        var shift = 0.0;
        while (x < 10)
        {
            shift -= Math.Log(x);
            x++;
        }

        var inverse = 1 / (x * x);
        return shift + (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + (1.0 / 12 - (1.0 / 360 - inverse / 1260) * inverse) / x;
    }
}
