namespace RetailInvoicing.Invoicing.Sales;

/// <summary>The rates of IVA with their equivalence surcharge, each for the days it held (LIVA arts. 90, 91, 161).</summary>
public static class VatRates
{
    private sealed record Held(decimal Rate, decimal Surcharge, DateOnly From, DateOnly To);

    private static readonly Held[] Iva =
    [
        new(16m, 4m, new(1995, 1, 1), new(2010, 6, 30)),
        new(7m, 1m, new(1995, 1, 1), new(2010, 6, 30)),
        new(18m, 4m, new(2010, 7, 1), new(2012, 8, 31)),
        new(8m, 1m, new(2010, 7, 1), new(2012, 8, 31)),
        new(21m, 5.2m, new(2012, 9, 1), DateOnly.MaxValue),
        new(10m, 1.4m, new(2012, 9, 1), DateOnly.MaxValue),
        new(4m, 0.5m, new(1995, 1, 1), DateOnly.MaxValue),
        new(5m, 0.5m, new(2022, 7, 1), new(2022, 12, 31)),
        new(5m, 0.62m, new(2023, 1, 1), new(2024, 9, 30)),
        new(2m, 0.26m, new(2024, 10, 1), new(2024, 12, 31)),
        new(7.5m, 1m, new(2024, 10, 1), new(2024, 12, 31)),
    ];

    /// <summary>Whether a rate of IVA held on a day.</summary>
    public static bool Holds(decimal rate, DateOnly day) => Find(rate, day) is not null;

    /// <summary>The equivalence surcharge that goes with a rate on a day.</summary>
    public static decimal Surcharge(decimal rate, DateOnly day) => Find(rate, day)?.Surcharge ?? 0m;

    private static Held? Find(decimal rate, DateOnly day) =>
        Iva.FirstOrDefault(held => held.Rate == rate && held.From <= day && day <= held.To);
}
