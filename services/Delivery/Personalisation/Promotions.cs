namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>What a seller promotes to anybody: nothing of a customer is in it.</summary>
public sealed record Promotions
{
    /// <summary>Its campaigns that run or wait, in the order in which they are looked at.</summary>
    public required IReadOnlyList<KnownCampaign> Campaigns { get; init; }

    /// <summary>What of its lines is no product.</summary>
    public required SuggestionRules Rules { get; init; }

    /// <summary>What sells most, best first.</summary>
    public required IReadOnlyList<SoldProduct> Popular { get; init; }

    /// <summary>How many of these were asked for.</summary>
    public required int MostPopular { get; init; }
}

/// <summary>A campaign as it was when it was last read; what it has used of its budget is read for each mail.</summary>
public sealed record KnownCampaign(string CampaignId, CampaignRules Rules, DateTimeOffset ChangedAt);
