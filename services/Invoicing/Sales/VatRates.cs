namespace RetailInvoicing.Invoicing.Sales;

/// <summary>The rates of IVA with their equivalence surcharge, of IGIC and of IPSI, each for the days it held.</summary>
public static class VatRates
{
    private sealed record Held(decimal Rate, decimal Surcharge, DateOnly From, DateOnly To);

    private static readonly DateOnly Ever = DateOnly.MinValue;
    private static readonly DateOnly Still = DateOnly.MaxValue;

    // LIVA arts. 90, 91, 161.
    private static readonly Held[] Iva =
    [
        new(16m, 4m, new(1995, 1, 1), new(2010, 6, 30)),
        new(7m, 1m, new(1995, 1, 1), new(2010, 6, 30)),
        new(18m, 4m, new(2010, 7, 1), new(2012, 8, 31)),
        new(8m, 1m, new(2010, 7, 1), new(2012, 8, 31)),
        new(21m, 5.2m, new(2012, 9, 1), Still),
        new(10m, 1.4m, new(2012, 9, 1), Still),
        new(4m, 0.5m, new(1995, 1, 1), Still),
        new(5m, 0.5m, new(2022, 7, 1), new(2022, 12, 31)),
        new(5m, 0.62m, new(2023, 1, 1), new(2024, 9, 30)),
        new(2m, 0.26m, new(2024, 10, 1), new(2024, 12, 31)),
        new(7.5m, 1m, new(2024, 10, 1), new(2024, 12, 31)),
    ];

    // Ley 20/1991 until June 2012, Ley 4/2012 since; the general rate was 6.5 in 2019, the second increased one became 15 in 2020.
    private static readonly Held[] Igic =
    [
        new(0m, 0m, Ever, Still),
        new(2m, 0m, Ever, new(2012, 6, 30)),
        new(3m, 0m, new(2012, 7, 1), Still),
        new(5m, 0m, Ever, Still),
        new(6.5m, 0m, new(2019, 1, 1), new(2019, 12, 31)),
        new(7m, 0m, new(2012, 7, 1), new(2018, 12, 31)),
        new(7m, 0m, new(2020, 1, 1), Still),
        new(9m, 0m, Ever, new(2012, 6, 30)),
        new(9.5m, 0m, new(2012, 7, 1), Still),
        new(13m, 0m, Ever, new(2012, 6, 30)),
        new(13.5m, 0m, new(2012, 7, 1), new(2019, 12, 31)),
        new(15m, 0m, new(2020, 1, 1), Still),
        new(20m, 0m, Ever, Still),
        new(35m, 0m, Ever, Still),
    ];

    /// <summary>Whether a category (S, L, M) had a rate on a day. The rates of IPSI are each city's, within the law's bounds.</summary>
    public static bool Holds(string category, decimal rate, DateOnly day) =>
        category switch
        {
            "S" => Find(Iva, rate, day) is not null,
            "L" => Find(Igic, rate, day) is not null,
            "M" => rate is >= 0.5m and <= 10m && decimal.Round(rate, 2, MidpointRounding.AwayFromZero) == rate,
            _ => rate == 0m,
        };

    /// <summary>The equivalence surcharge that goes with a rate of IVA on a day.</summary>
    public static decimal Surcharge(decimal rate, DateOnly day) => Find(Iva, rate, day)?.Surcharge ?? 0m;

    private static Held? Find(Held[] rates, decimal rate, DateOnly day)
    {
        foreach (var held in rates)
        {
            if (held.Rate == rate && held.From <= day && day <= held.To)
            {
                return held;
            }
        }

        return null;
    }
}
