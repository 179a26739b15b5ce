using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Forecasts;

/// <summary>
/// Money expected by currency and day: each invoice's amount spread over the days by its chances. What comes on a day is a sum of many
/// chances, so four days in five lie within 1.2816 of its standard deviations; no less than nothing, no more than all that is open.
/// </summary>
public sealed class ForecastSums(DateOnly today)
{
    /// <summary>Days that are told, today the first.</summary>
    public const int Days = 120;

    private const double FourInFive = 1.2815515655446004;

    private readonly SortedDictionary<string, Sums> _byCurrency = new(StringComparer.Ordinal);

    /// <summary>Adds an invoice.</summary>
    public void Add(Currency currency, decimal amount, PayForecast forecast)
    {
        if (!_byCurrency.TryGetValue(currency.Code, out var sums))
        {
            _byCurrency[currency.Code] = sums = new Sums();
        }

        sums.Open += amount;
        for (var day = 0; day < Days; day++)
        {
            var chance = forecast.Days[day];
            sums.Expected[day] += amount * (decimal)chance;
            sums.Variance[day] += (double)amount * (double)amount * chance * (1 - chance);
        }
    }

    /// <summary>The sums, rounded to the smallest coin; days on which nothing is expected are left out.</summary>
    public IReadOnlyList<ExpectedDay> Rows() =>
        [
            .. _byCurrency.SelectMany(each =>
                Enumerable.Range(0, Days).Select(day => Row(Currency.Of(each.Key), each.Value, day)).Where(row => row.Amount > 0m)
            ),
        ];

    private ExpectedDay Row(Currency currency, Sums sums, int day)
    {
        var expected = sums.Expected[day];
        var about = (decimal)(FourInFive * Math.Sqrt(Math.Max(0, sums.Variance[day])));
        return new ExpectedDay(currency, today.AddDays(day), Money.Of(expected, currency).Amount)
        {
            Low = Money.Of(Math.Max(0m, expected - about), currency).Amount,
            High = Money.Of(Math.Max(expected, Math.Min(sums.Open, expected + about)), currency).Amount,
        };
    }

    private sealed class Sums
    {
        public decimal[] Expected { get; } = new decimal[Days];

        public double[] Variance { get; } = new double[Days];

        public decimal Open { get; set; }
    }
}

/// <summary>Money expected on a day: a sum of chances, so an expectation and no promise.</summary>
public sealed record ExpectedDay(Currency Currency, DateOnly Date, decimal Amount)
{
    /// <summary>What comes is at least this in nine cases of ten.</summary>
    public decimal? Low { get; init; }

    /// <summary>What comes is at most this in nine cases of ten.</summary>
    public decimal? High { get; init; }
}
