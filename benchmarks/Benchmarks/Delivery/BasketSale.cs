using System.Globalization;
using RetailInvoicing.Invoicing.Sellers;

namespace RetailInvoicing.Benchmarks.Delivery;

/// <summary>
/// Sales of ten lines of an identified buyer with an address of its own, at ten mail hosts in turn. Customers buy what goes together; four
/// of five pay by card, the fifth by transfer, so that its mail asks Payments how, and shows it.
/// </summary>
internal static class BasketSale
{
    private const int Lines = 10;
    private const int Kinds = 30;
    private const int ProductsOfAKind = 14;
    private const int MailHosts = 10;
    private const int Customers = 500;

    /// <summary>The address that only this sale's mail goes to.</summary>
    public static string RecipientOf(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"b{number}@post{number % MailHosts}.example");

    /// <summary>The sale of that number, of one of the benchmark's customers unless another is named.</summary>
    public static object Of(int number, string? customer = null)
    {
        var lines = Enumerable
            .Range(0, Lines)
            .Select(line => (Product: ProductOf(number, line), Quantity: 1 + (number + line) % 3, Rate: line % 5 == 4 ? "10" : "21"))
            .Select(line => (line.Product, line.Quantity, Price: 1.95m + 0.10m * (line.Product % 40), line.Rate))
            .ToList();
        return new
        {
            saleId = string.Create(CultureInfo.InvariantCulture, $"MAIL-{number:0000000}"),
            storeId = "S01",
            tillId = "T1",
            occurredAt = TimeProvider.System.GetUtcNow(),
            currency = "EUR",
            lines = lines.Select(line => new
            {
                sku = SkuOf(line.Product),
                name = string.Create(CultureInfo.InvariantCulture, $"Artículo {line.Product} de la temporada"),
                quantity = line.Quantity.ToString(CultureInfo.InvariantCulture),
                unit = "C62",
                unitPrice = line.Price.ToString(CultureInfo.InvariantCulture),
                vat = new { category = "S", rate = line.Rate },
            }),
            payments = number % 5 == 0 ? null : new[] { new { means = "card", amount = lines.Sum(line => line.Quantity * line.Price) } },
            buyer = new
            {
                customerId = customer ?? string.Create(CultureInfo.InvariantCulture, $"C{number % Customers:000}"),
                name = $"Ana Gil Prado {number % Customers}",
                taxId = Nif.OfPerson(20_000_000 + number % Customers),
                email = RecipientOf(number),
                address = new
                {
                    line1 = "Calle del Pez 1",
                    postalCode = "28004",
                    city = "Madrid",
                    region = "Madrid",
                    country = "ES",
                },
            },
        };
    }

    /// <summary>The skus that a sale's customer has just bought.</summary>
    public static IEnumerable<string> SkusOf(int number) => Enumerable.Range(0, Lines).Select(line => SkuOf(ProductOf(number, line)));

    // Most of a basket is of one kind of product, so that there is something to be learned; no product stands in it twice.
    private static int ProductOf(int number, int line) =>
        line < Lines - 2
            ? number % Kinds * ProductsOfAKind + (number / Kinds + line) % ProductsOfAKind
            : (number % Kinds + Kinds / 2 + line) % Kinds * ProductsOfAKind + number / Kinds % ProductsOfAKind;

    private static string SkuOf(int product) => string.Create(CultureInfo.InvariantCulture, $"P{product:0000}");
}
