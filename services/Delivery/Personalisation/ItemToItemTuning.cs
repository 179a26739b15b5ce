namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>
/// Every number of the statistic that suggestions are made by. They are chosen on months before those that are reported
/// (`./bench recommendations --tune`), never on those. The first two are in what is stored: whoever changes one of them empties the
/// tables of 007-suggestions.sql by a script, and the counts begin anew.
/// </summary>
public sealed record ItemToItemTuning
{
    /// <summary>What the service uses.</summary>
    public static readonly ItemToItemTuning Chosen = new();

    /// <summary>Nothing but how often two products were bought together: a baseline.</summary>
    public static readonly ItemToItemTuning Counts = new()
    {
        HalfLifeWeeks = double.PositiveInfinity,
        SizePower = 0,
        Power = 0,
        Ridge = null,
        Neighbours = int.MaxValue,
        FreshWeeks = double.PositiveInfinity,
        MostAlike = 1,
    };

    /// <summary>The cosine of the sets of baskets that two products are in: the baseline to be above.</summary>
    public static readonly ItemToItemTuning Cosine = Counts with { Power = 0.5 };

    /// <summary>What sold in most baskets, whatever was bought: a baseline.</summary>
    public static readonly ItemToItemTuning Popularity = Counts with { Neighbours = 0 };

    /// <summary>Weeks after which a sale counts half. Stored.</summary>
    public double HalfLifeWeeks { get; init; } = 12;

    /// <summary>A basket of n products counts n to the power of minus this: of a long list each pair says less. Stored.</summary>
    public double SizePower { get; init; } = 0.5;

    /// <summary>How far products that everybody buys are less near to each other: 0.5 is the cosine's, 0 counts alone.</summary>
    public double Power { get; init; } = 0.5;

    /// <summary>
    /// The weight of baskets that each product is given beside its own, in which it was bought alone: what was seen once may be chance.
    /// Without one, what goes with a product goes with it as far as their baskets are alike, which is what the baselines do.
    /// </summary>
    public double? Ridge { get; init; } = 2;

    /// <summary>How many products near to one are asked together what it adds; no more are kept as going with it.</summary>
    public int Neighbours { get; init; } = 40;

    /// <summary>What has not been sold for so many weeks before the seller's newest sale is not suggested.</summary>
    public double FreshWeeks { get; init; } = 8;

    /// <summary>Of a basket of more products no pairs are learned: it is a warehouse's, and the pairs grow by the square.</summary>
    public int MostProducts { get; init; } = 100;

    /// <summary>What goes with a product is listed anew when it has been in this share more baskets: to list is most of what learning costs.</summary>
    public double ListedAnewAfter { get; init; } = 0.5;

    /// <summary>Names that share this share of their words are nearly the same.</summary>
    public double AlikeFrom { get; init; } = 0.5;

    /// <summary>The share of a list that may be of nearly the same name as one of it: two of five.</summary>
    public double MostAlike { get; init; } = 0.4;
}
