namespace RetailInvoicing.Retail.Replay;

/// <summary>One line of the shop's file, as it stands there.</summary>
public sealed record ShopLine
{
    /// <summary>The number the line belongs to; C before it says return, A an adjustment of bad debt.</summary>
    public required string InvoiceNo { get; init; }

    /// <summary>The shop's code of the article.</summary>
    public required string StockCode { get; init; }

    /// <summary>The article in words; dirt such as "nan" stays.</summary>
    public required string Description { get; init; }

    /// <summary>How many; negative where they come back.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>The shop's own clock, no offset.</summary>
    public required DateTime InvoiceDate { get; init; }

    /// <summary>Price of one.</summary>
    public required decimal UnitPrice { get; init; }

    /// <summary>Who bought, where the shop knows.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Quantity times price, rounded to the cent.</summary>
    public decimal Amount => decimal.Round(Quantity * UnitPrice, 2, MidpointRounding.AwayFromZero);

    /// <summary>
    /// The price at which quantity times price is the rounded amount: the file's own, but where that leaves a fraction of a cent and
    /// the amount divides evenly, the price that gives the amount exactly.
    /// </summary>
    public decimal PriceToTheCent
    {
        get
        {
            if (Quantity == 0 || Quantity * UnitPrice == Amount)
            {
                return UnitPrice;
            }

            var price = decimal.Round(Amount / Quantity, 9, MidpointRounding.AwayFromZero);
            return price * Quantity == Amount ? price : UnitPrice;
        }
    }
}
