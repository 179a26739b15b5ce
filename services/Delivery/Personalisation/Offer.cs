namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>One thing that a seller offers to one customer: a campaign with its coupon, or a product that goes with a bought one.</summary>
public sealed record Offer
{
    /// <summary>What it is.</summary>
    public required string Title { get; init; }

    /// <summary>More about it, in plain words.</summary>
    public string Text { get; init; } = "";

    /// <summary>The coupon's code, where there is one.</summary>
    public string? Code { get; init; }

    /// <summary>Until when it holds, as the reader writes days.</summary>
    public string? Until { get; init; }

    /// <summary>Why this customer sees it.</summary>
    public string Because { get; init; } = "";

    /// <summary>Where to find it, an https address.</summary>
    public string? Url { get; init; }
}

/// <summary>The offers of one mail or page: apart from the invoice, labelled as what they are, with the way to stop them.</summary>
public sealed record OfferBlock
{
    /// <summary>What it is by law: "Publicidad" (LSSI art. 20).</summary>
    public required string Label { get; init; }

    /// <summary>The heading above the offers.</summary>
    public required string Heading { get; init; }

    /// <summary>The offers; at least one.</summary>
    public required IReadOnlyList<Offer> Offers { get; init; }

    /// <summary>The words of the way to stop them.</summary>
    public required string StopWords { get; init; }

    /// <summary>The page that asks, then stops them.</summary>
    public required string StopUrl { get; init; }

    /// <summary>Where a mail program posts List-Unsubscribe=One-Click to (RFC 8058): that stops them at once.</summary>
    public required string OneClickUrl { get; init; }
}
