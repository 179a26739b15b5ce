using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>What a seller offers, to whom, when and for how much in all.</summary>
public sealed record CampaignRules
{
    /// <summary>The seller's name for it; customers do not see it.</summary>
    public required string Name { get; init; }

    /// <summary>Its first day, the seller's.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Its last day.</summary>
    public required DateOnly To { get; init; }

    /// <summary>What customers read, by language (es, ca, gl, eu, en).</summary>
    public required IReadOnlyDictionary<string, CampaignText> Texts { get; init; }

    /// <summary>Where it leads, an https address.</summary>
    public string? Url { get; init; }

    /// <summary>The shops whose invoices carry it; all where empty.</summary>
    public IReadOnlyList<string> Stores { get; init; } = [];

    /// <summary>Which customers it is for, by what they bought before; all where absent.</summary>
    public CampaignSegment? Segment { get; init; }

    /// <summary>Which purchases carry it; all where absent.</summary>
    public CampaignBasket? Basket { get; init; }

    /// <summary>What it may cost; without bound where absent.</summary>
    public CampaignBudget? Budget { get; init; }

    /// <summary>Percent of its customers who are not shown it: by them its effect is told from what would have happened anyway.</summary>
    public decimal HoldOutPercent { get; init; } = 10m;

    /// <summary>Days after a customer came into it in which purchases are counted for it.</summary>
    public int MeasureDays { get; init; } = 30;

    /// <summary>Currency of its amounts; invoices in another one do not carry it.</summary>
    public Currency Currency { get; init; } = Currency.Eur;

    /// <summary>What each customer gets a code for; none where absent.</summary>
    public CampaignCoupon? Coupon { get; init; }
}

/// <summary>A campaign in one language.</summary>
public sealed record CampaignText
{
    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>More, in plain words.</summary>
    public string Text { get; init; } = "";
}

/// <summary>Customers by what they bought before the purchase in hand.</summary>
public sealed record CampaignSegment
{
    /// <summary>At least so many purchases.</summary>
    public int? MinPurchases { get; init; }

    /// <summary>At most so many; 0 is for new customers.</summary>
    public int? MaxPurchases { get; init; }

    /// <summary>At least so much spent, returns taken off.</summary>
    public decimal? MinSpent { get; init; }

    /// <summary>The last purchase so many days ago or more.</summary>
    public int? NotSinceDays { get; init; }
}

/// <summary>Purchases by what is in them.</summary>
public sealed record CampaignBasket
{
    /// <summary>One of these products is in it.</summary>
    public IReadOnlyList<string> Skus { get; init; } = [];

    /// <summary>It comes to so much with VAT, or more.</summary>
    public decimal? MinTotal { get; init; }
}

/// <summary>What a campaign may cost.</summary>
public sealed record CampaignBudget
{
    /// <summary>So many invoices carry it.</summary>
    public long? Impressions { get; init; }

    /// <summary>So much its coupons take off sales, reservations counted in.</summary>
    public decimal? Discount { get; init; }
}

/// <summary>What a coupon of a campaign gives: a share of a sale or an amount.</summary>
public sealed record CampaignCoupon
{
    /// <summary>Percent of the sale's total.</summary>
    public decimal? Percent { get; init; }

    /// <summary>An amount, VAT included.</summary>
    public decimal? Amount { get; init; }

    /// <summary>For sales of so much or more.</summary>
    public decimal? MinTotal { get; init; }

    /// <summary>It ends with the day that comes so many days after it was given.</summary>
    public int ValidDays { get; init; } = 30;

    /// <summary>What its codes begin with.</summary>
    public string? Prefix { get; init; }
}

/// <summary>A campaign as it is kept, with what it has used of its budget.</summary>
public sealed record Campaign
{
    /// <summary>The seller's name for it in addresses.</summary>
    public required string CampaignId { get; init; }

    /// <summary>What it says.</summary>
    public required CampaignRules Rules { get; init; }

    /// <summary>Invoices that carried it.</summary>
    public required long Impressions { get; init; }

    /// <summary>What its coupons took off sales.</summary>
    public required decimal Discount { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its rules were last changed.</summary>
    public required DateTimeOffset ChangedAt { get; init; }
}

/// <summary>A page of campaigns, by name.</summary>
public sealed record CampaignPage
{
    /// <summary>The campaigns.</summary>
    public required IReadOnlyList<Campaign> Campaigns { get; init; }

    /// <summary>Where the next page begins.</summary>
    public string? NextCursor { get; init; }
}
