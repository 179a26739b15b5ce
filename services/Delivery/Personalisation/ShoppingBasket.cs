using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>What somebody bought at once: each product once, by code, with the name it was sold under.</summary>
public sealed record ShoppingBasket
{
    /// <summary>The shop.</summary>
    public required SellerId SellerId { get; init; }

    /// <summary>When it was bought.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The products' names by their codes.</summary>
    public required IReadOnlyDictionary<string, string> Products { get; init; }

    /// <summary>
    /// The basket of an invoice; none where it is no sale: a corrective invoice takes back, and an exchange says again what tickets said.
    /// Lines that come back, and lines without a code, are not in it.
    /// </summary>
    public static ShoppingBasket? Of(InvoiceBody invoice)
    {
        if (invoice.Kind is not (InvoiceKind.Full or InvoiceKind.Simplified))
        {
            return null;
        }

        var products = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in invoice.Lines)
        {
            if (line.Quantity > 0 && !string.IsNullOrWhiteSpace(line.Sku))
            {
                products[line.Sku.Trim()] = line.Name;
            }
        }

        return products.Count == 0
            ? null
            : new ShoppingBasket
            {
                SellerId = invoice.SellerId,
                At = invoice.OccurredAt ?? invoice.IssuedAt,
                Products = products,
            };
    }

    /// <summary>The basket without what the seller's rules leave out.</summary>
    public ShoppingBasket Under(SuggestionRules rules) =>
        Products.All(each => rules.IsProduct(each.Key, each.Value))
            ? this
            : this with
            {
                Products = Products
                    .Where(each => rules.IsProduct(each.Key, each.Value))
                    .ToDictionary(each => each.Key, each => each.Value, StringComparer.Ordinal),
            };
}
