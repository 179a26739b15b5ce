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
