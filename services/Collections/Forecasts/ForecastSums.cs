using RetailInvoicing.Contracts;

namespace RetailInvoicing.Collections.Forecasts;

/// <summary>Money expected by currency and day: each invoice's amount spread over the days by its chances.</summary>
public sealed class ForecastSums(DateOnly today)
{
    /// <summary>Days that are told, today the first.</summary>
    public const int Days = 120;

    private readonly SortedDictionary<string, decimal[]> _byCurrency = new(StringComparer.Ordinal);

    /// <summary>Adds an invoice.</summary>
    public void Add(Currency currency, decimal amount, PayForecast forecast)
    {
        if (!_byCurrency.TryGetValue(currency.Code, out var sums))
        {
            _byCurrency[currency.Code] = sums = new decimal[Days];
        }

        for (var day = 0; day < Days; day++)
        {
            sums[day] += amount * (decimal)forecast.Days[day];
        }
    }

    /// <summary>The sums, rounded to the smallest coin; days on which nothing is expected are left out.</summary>
    public IReadOnlyList<ExpectedDay> Rows() =>
        [
            .. _byCurrency.SelectMany(each =>
                each.Value.Select(
                        (sum, day) =>
                        {
                            var currency = Currency.Of(each.Key);
                            return new ExpectedDay(currency, today.AddDays(day), Money.Of(sum, currency).Amount);
                        }
                    )
                    .Where(row => row.Amount > 0m)
            ),
        ];
}

/// <summary>Money expected on a day: a sum of chances, so an expectation and no promise.</summary>
public sealed record ExpectedDay(Currency Currency, DateOnly Date, decimal Amount);
