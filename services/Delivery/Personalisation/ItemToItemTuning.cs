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
        BoughtPower = 0,
        CandidatePower = 0,
        Prior = 0,
        Neighbours = int.MaxValue,
        FreshWeeks = double.PositiveInfinity,
        MostAlike = 1,
    };

    /// <summary>The cosine of the sets of baskets that two products are in: the baseline to be above.</summary>
    public static readonly ItemToItemTuning Cosine = Counts with { BoughtPower = 0.5, CandidatePower = 0.5 };

    /// <summary>What sold in most baskets, whatever was bought: a baseline.</summary>
    public static readonly ItemToItemTuning Popularity = Counts with { Neighbours = 0 };

    /// <summary>Weeks after which a sale counts half. Stored.</summary>
    public double HalfLifeWeeks { get; init; } = 6;

    /// <summary>A basket of n products counts n to the power of minus this: of a long list each pair says less. Stored.</summary>
    public double SizePower { get; init; } = 0.5;

    /// <summary>How far what is bought by everybody speaks less for others; 0.5 is the cosine's.</summary>
    public double BoughtPower { get; init; } = 0.5;

    /// <summary>How far what is bought by everybody is spoken for less; 0.5 is the cosine's.</summary>
    public double CandidatePower { get; init; } = 0.5;

    /// <summary>The weight of sales together at which half of a similarity is believed: what was seen once may be chance.</summary>
    public double Prior { get; init; } = 0.4;

    /// <summary>How many products are kept as going with one.</summary>
    public int Neighbours { get; init; } = 80;

    /// <summary>What has not been sold for so many weeks before the seller's newest sale is not suggested.</summary>
    public double FreshWeeks { get; init; } = 8;

    /// <summary>Of a basket of more products no pairs are learned: it is a warehouse's, and the pairs grow by the square.</summary>
    public int MostProducts { get; init; } = 100;

    /// <summary>What goes with a product is listed anew when it has been in this share more baskets: to list is most of what learning costs.</summary>
    public double ListedAnewAfter { get; init; } = 0.5;

    /// <summary>Names that share this share of their words are nearly the same.</summary>
    public double AlikeFrom { get; init; } = 0.5;

    /// <summary>The share of a list that may be of nearly the same name: three of five.</summary>
    public double MostAlike { get; init; } = 0.6;
}
