namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>What of a seller's lines is no product that anybody would want suggested: postage, fees, corrections by hand.</summary>
public sealed record SuggestionRules
{
    /// <summary>Where a seller has said nothing.</summary>
    public static readonly SuggestionRules None = new();

    // A line of nothing but these is a service to do with the sale. Words of the five languages, and numbers beside them.
    private static readonly HashSet<string> Services = new(StringComparer.Ordinal)
    {
        "ADJUST",
        "ADJUSTMENT",
        "AJUSTE",
        "BANK",
        "CARRIAGE",
        "CHARGE",
        "CHARGES",
        "COMISION",
        "COMISIÓN",
        "COMISSIÓ",
        "D",
        "DE",
        "DELIVERY",
        "DESCUENTO",
        "DESCOMPTE",
        "DESCONTO",
        "DESKONTUA",
        "DISCOUNT",
        "DONACION",
        "DONACIÓN",
        "DONATION",
        "ENVIAMENT",
        "ENVIO",
        "ENVÍO",
        "FEE",
        "FEES",
        "GASTOS",
        "GASTUAK",
        "BIDALKETA",
        "DESPESES",
        "HANDLING",
        "PORTES",
        "POSTAGE",
        "SHIPPING",
    };

    /// <summary>
    /// Codes that are no products, whatever they look like; one that ends in * stands for all that begin so. At most 200.
    /// </summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Whether codes without a digit are products too; by default they are taken for services, such as POST and M.</summary>
    public bool WordsAreProducts { get; init; }

    /// <summary>Whether a line is of a product.</summary>
    public bool IsProduct(string sku, string name) =>
        (WordsAreProducts || sku.Any(char.IsDigit)) && !LeftOut.Any(code => Covers(code, sku)) && !IsService(name);

    private static bool Covers(string code, string sku) =>
        code.EndsWith('*')
            ? sku.StartsWith(code[..^1], StringComparison.OrdinalIgnoreCase)
            : string.Equals(code, sku, StringComparison.OrdinalIgnoreCase);

    private static bool IsService(string name)
    {
        var words = ProductName.Of(name).Words;
        return words.Any(Services.Contains) && words.All(word => Services.Contains(word) || word.All(char.IsDigit));
    }
}
