using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>The invoice that goods come back from.</summary>
public sealed record Original
{
    /// <summary>Its name; made of its number and date where it is of a former system.</summary>
    public required InvoiceId Id { get; init; }

    /// <summary>The invoice, contact data included; null for one of a former system.</summary>
    public InvoiceBody? Invoice { get; init; }

    /// <summary>How it is cited (BT-25, BT-26).</summary>
    public required InvoiceReference Reference { get; init; }

    /// <summary>One that was issued here.</summary>
    public static Original Ours(InvoiceBody invoice) =>
        new()
        {
            Id = invoice.InvoiceId,
            Invoice = invoice,
            Reference = IssuedInvoice.Cited(invoice),
        };

    /// <summary>One of a former system.</summary>
    public static Original Former(SellerId seller, string number, DateOnly issueDate) =>
        new()
        {
            Id = FormerOriginal.IdOf(seller, number, issueDate),
            Reference = new InvoiceReference { Number = number, IssueDate = issueDate },
        };
}

/// <summary>Goods that come back: of which product how many, and what is given back for all of them.</summary>
public sealed record ReturnedGoods
{
    /// <summary>Quantity by product: its code, or its name where it has none.</summary>
    public required IReadOnlyDictionary<string, decimal> Quantities { get; init; }

    /// <summary>What is given back, with VAT; positive.</summary>
    public required decimal Total { get; init; }

    /// <summary>What comes back by these lines.</summary>
    public static ReturnedGoods Of(IReadOnlyList<InvoiceLineBody> lines, decimal total) =>
        new()
        {
            Quantities = lines
                .Where(line => line.Quantity < 0m)
                .GroupBy(Product, StringComparer.Ordinal)
                .ToDictionary(product => product.Key, product => -product.Sum(line => line.Quantity), StringComparer.Ordinal),
            Total = total,
        };

    /// <summary>What lines take back on balance: a line taken back and put anew at another price leaves nothing.</summary>
    public static ReturnedGoods OnBalance(IReadOnlyList<InvoiceLineBody> lines, decimal total) =>
        new()
        {
            Quantities = lines
                .GroupBy(Product, StringComparer.Ordinal)
                .Select(product => (product.Key, Quantity: -product.Sum(line => line.Quantity)))
                .Where(product => product.Quantity != 0m)
                .ToDictionary(product => product.Key, product => product.Quantity, StringComparer.Ordinal),
            Total = total,
        };

    /// <summary>What a line is of.</summary>
    public static string Product(InvoiceLineBody line) => line.Sku ?? line.Name;
}
