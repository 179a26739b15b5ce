namespace RetailInvoicing.Invoicing.En16931.Model;

/// <summary>BG-25: something that is invoiced.</summary>
public sealed record InvoiceLine
{
    /// <summary>BT-126: its number on the invoice.</summary>
    public required string Id { get; init; }

    /// <summary>BT-127: a note about it.</summary>
    public string? Note { get; init; }

    /// <summary>BT-128: the object it is about.</summary>
    public Identifier? Object { get; init; }

    /// <summary>BT-129: how much; not rounded.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>BT-130: in which unit (UN/ECE Recommendation 20).</summary>
    public string? Unit { get; init; }

    /// <summary>BT-131: its amount without VAT, allowances taken off and charges added.</summary>
    public decimal? NetAmount { get; init; }

    /// <summary>BT-132: the line of the buyer's order.</summary>
    public string? OrderLineReference { get; init; }

    /// <summary>BT-133: where the buyer books it.</summary>
    public string? BuyerAccountingReference { get; init; }

    /// <summary>BG-26: the period it is about.</summary>
    public Period? Period { get; init; }

    /// <summary>BG-27: allowances on it.</summary>
    public IReadOnlyList<LineAllowance> Allowances { get; init; } = [];

    /// <summary>BG-28: charges on it.</summary>
    public IReadOnlyList<LineAllowance> Charges { get; init; } = [];

    /// <summary>BG-29: its price.</summary>
    public required PriceDetails Price { get; init; }

    /// <summary>BG-30: its VAT.</summary>
    public required LineVat Vat { get; init; }

    /// <summary>BG-31: what it is.</summary>
    public required ItemInformation Item { get; init; }
}

/// <summary>BG-27 and BG-28: an allowance or charge on a line.</summary>
public sealed record LineAllowance
{
    /// <summary>BT-136, BT-141: without VAT.</summary>
    public decimal Amount { get; init; }

    /// <summary>BT-137, BT-142: what the percentage is of.</summary>
    public decimal? BaseAmount { get; init; }

    /// <summary>BT-138, BT-143: the percentage.</summary>
    public decimal? Percentage { get; init; }

    /// <summary>BT-139, BT-144: why, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>BT-140, BT-145: why, by its code (UNTDID 5189 or 7161).</summary>
    public string? ReasonCode { get; init; }
}

/// <summary>BG-29: the price without VAT; not rounded.</summary>
public sealed record PriceDetails
{
    /// <summary>BT-146: the net price.</summary>
    public decimal? NetPrice { get; init; }

    /// <summary>BT-147: what was taken off the gross price.</summary>
    public decimal? Discount { get; init; }

    /// <summary>BT-148: the price before that.</summary>
    public decimal? GrossPrice { get; init; }

    /// <summary>BT-149: how many units the price is for.</summary>
    public decimal? BaseQuantity { get; init; }

    /// <summary>BT-150: the unit of that.</summary>
    public string? BaseQuantityUnit { get; init; }
}

/// <summary>BG-30: a line's VAT.</summary>
public sealed record LineVat
{
    /// <summary>BT-151: the category (UNTDID 5305).</summary>
    public string? Category { get; init; }

    /// <summary>BT-152: the rate in percent.</summary>
    public decimal? Rate { get; init; }
}

/// <summary>BG-31: what is invoiced.</summary>
public sealed record ItemInformation
{
    /// <summary>BT-153: its name.</summary>
    public string? Name { get; init; }

    /// <summary>BT-154: more about it.</summary>
    public string? Description { get; init; }

    /// <summary>BT-155: the seller's article number.</summary>
    public string? SellersIdentifier { get; init; }

    /// <summary>BT-156: the buyer's article number.</summary>
    public string? BuyersIdentifier { get; init; }

    /// <summary>BT-157: its number in a registered scheme, such as a GTIN.</summary>
    public Identifier? StandardIdentifier { get; init; }

    /// <summary>BT-158: its classifications (UNTDID 7143), each with the version of its list.</summary>
    public IReadOnlyList<Identifier> Classifications { get; init; } = [];

    /// <summary>BT-159: the country it comes from (ISO 3166-1).</summary>
    public string? CountryOfOrigin { get; init; }

    /// <summary>BG-32: its properties.</summary>
    public IReadOnlyList<ItemAttribute> Attributes { get; init; } = [];
}

/// <summary>BG-32: a property of an item.</summary>
public sealed record ItemAttribute
{
    /// <summary>BT-160: which.</summary>
    public required string Name { get; init; }

    /// <summary>BT-161: what it is.</summary>
    public required string Value { get; init; }
}
