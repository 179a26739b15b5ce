using RetailInvoicing.Contracts;

namespace RetailInvoicing.Reporting.Sales;

/// <summary>What a fact changes in the sums of its day: the difference between what the invoice adds after and what it added before.</summary>
public sealed record Changes(Figures Figures, IReadOnlyList<VatShare> Vat)
{
    /// <summary>The change from one to the other.</summary>
    public static Changes Between(Sale before, Sale after) =>
        new(
            after.Adds - before.Adds,
            [
                .. after
                    .AddsByRate.Concat(before.AddsByRate.Select(share => share with { Figures = default(Figures) - share.Figures }))
                    .GroupBy(share => share.Rate)
                    .OrderBy(rate => rate.Key)
                    .Select(rate => new VatShare(rate.Key, rate.Aggregate(default(Figures), (sum, share) => sum + share.Figures))),
            ]
        );
}

/// <summary>What many facts change, each sum once.</summary>
public sealed class Sums
{
    private readonly Dictionary<(SellerId, DateOnly, int, StoreId, string, Currency), Figures> _tills = [];
    private readonly Dictionary<(SellerId, DateOnly, decimal, Currency), Figures> _rates = [];

    /// <summary>By day, hour, shop and till.</summary>
    public IReadOnlyDictionary<(SellerId Seller, DateOnly Day, int Hour, StoreId Store, string Till, Currency Currency), Figures> Tills =>
        _tills;

    /// <summary>By day and VAT rate.</summary>
    public IReadOnlyDictionary<(SellerId Seller, DateOnly Day, decimal Rate, Currency Currency), Figures> Rates => _rates;

    /// <summary>Adds what an invoice adds now and did not before.</summary>
    public void Add(Sale before, Sale after)
    {
        if (after.Adds == before.Adds)
        {
            return;
        }

        var (changes, seller, day, currency) = (Changes.Between(before, after), after.SellerId, after.OperationDate, after.Currency);
        Add(_tills, (seller, day, after.Hour, after.StoreId, after.TillId, currency), changes.Figures);
        foreach (var share in changes.Vat)
        {
            Add(_rates, (seller, day, share.Rate, currency), share.Figures);
        }
    }

    private static void Add<TKey>(Dictionary<TKey, Figures> sums, TKey key, Figures figures)
        where TKey : notnull => sums[key] = sums.GetValueOrDefault(key) + figures;
}
