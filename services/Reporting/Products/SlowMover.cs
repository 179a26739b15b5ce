namespace RetailInvoicing.Reporting.Products;

/// <summary>How much of a product was sold in a period and in the one of the same length before it.</summary>
public sealed record ProductSold
{
    /// <summary>The product.</summary>
    public required string Product { get; init; }

    /// <summary>The last day it was sold on, up to the end of the period.</summary>
    public required DateOnly LastSold { get; init; }

    /// <summary>Invoices it stood on in the period.</summary>
    public required long Invoices { get; init; }

    /// <summary>Invoices it stood on in the period before.</summary>
    public required long InvoicesBefore { get; init; }

    /// <summary>Quantity in the period, what came back off it.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Quantity in the period before.</summary>
    public required decimal QuantityBefore { get; init; }
}

/// <summary>A product that sells more slowly than before.</summary>
public sealed record SlowMover
{
    /// <summary>What was sold.</summary>
    public required ProductSold Sold { get; init; }

    /// <summary>Days since it was last sold.</summary>
    public required int DaysSince { get; init; }

    /// <summary>Invoices that it would have stood on, had it kept its share of all.</summary>
    public required decimal Expected { get; init; }

    /// <summary>How likely it is that as few came by chance, percent.</summary>
    public required decimal Chance { get; init; }

    /// <summary>The share of products told that may be chance after all.</summary>
    public const double Share = 0.05;

    /// <summary>
    /// The products whose share of all invoices fell by more than chance explains, the longest unsold first. Of the invoices that a product
    /// stood on in both periods together, those before would be as many as all of before are to all of both: a binomial count.
    /// </summary>
    public static IReadOnlyList<SlowMover> Of(IReadOnlyCollection<ProductSold> products, long sales, long salesBefore, DateOnly to)
    {
        if (sales + salesBefore <= 0)
        {
            return [];
        }

        var before = (double)salesBefore / (sales + salesBefore);
        var weighed = products
            .Where(each => each.InvoicesBefore > 0)
            .Select(each =>
                (
                    Sold: each,
                    Chance: before >= 1 ? 1 : Anomalies.Chance.OfAtLeast(each.InvoicesBefore, each.Invoices + each.InvoicesBefore, before)
                )
            )
            .ToArray();
        return Anomalies.Chance.StandsOut(weighed.Select(each => each.Chance), Share) is not { } limit
            ? []
            :
            [
                .. weighed
                    .Where(each => each.Chance <= limit)
                    .OrderBy(each => each.Sold.LastSold)
                    .ThenBy(each => each.Chance)
                    .ThenBy(each => each.Sold.Product, StringComparer.Ordinal)
                    .Select(each => new SlowMover
                    {
                        Sold = each.Sold,
                        DaysSince = to.DayNumber - each.Sold.LastSold.DayNumber,
                        Expected = decimal.Round(
                            salesBefore == 0 ? 0m : (decimal)each.Sold.InvoicesBefore * sales / salesBefore,
                            2,
                            MidpointRounding.AwayFromZero
                        ),
                        Chance = decimal.Round((decimal)(100 * each.Chance), 6, MidpointRounding.AwayFromZero),
                    }),
            ];
    }
}
