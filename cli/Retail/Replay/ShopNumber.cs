using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Retail.Replay;

/// <summary>All lines of one number of the shop's file: a sale, a return, or something a till would never post.</summary>
public sealed record ShopNumber
{
    /// <summary>Refused here: an adjustment of bad debt is a booking between shop and customer, no sale.</summary>
    public const string BadDebtAdjustment = "REPLAY-BAD-DEBT";

    /// <summary>Refused here: every line is priced 0, so stock was written off or found, and nobody bought anything.</summary>
    public const string StockAdjustment = "REPLAY-STOCK";

    /// <summary>RD 1619/2012 art. 4.2: what a ticket of a shop may come to, with VAT.</summary>
    private const decimal TicketLimit = 3000m;

    /// <summary>780 weeks: weekdays stay, and the shop's year ends in November 2026.</summary>
    private const int DaysMoved = 780 * 7;

    private const string CheckLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

    private static readonly TimeZoneInfo Madrid = TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");

    private static readonly SaleVat General = new() { Category = "S", Rate = 21m };

    private static readonly Address CalleMayor = new()
    {
        Line1 = "Calle Mayor 1",
        PostalCode = "28013",
        City = "Madrid",
        Region = "Madrid",
        Country = "ES",
    };

    /// <summary>The number as in the file; it becomes the sale's id.</summary>
    public required string No { get; init; }

    /// <summary>Its lines, in the file's order.</summary>
    public required IReadOnlyList<ShopLine> Lines { get; init; }

    /// <summary>The numbers of a file, in the order of their first line, each with all its lines wherever they stand.</summary>
    public static IReadOnlyList<ShopNumber> Of(IEnumerable<ShopLine> lines)
    {
        var numbers = new Dictionary<string, List<ShopLine>>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (var line in lines)
        {
            if (!numbers.TryGetValue(line.InvoiceNo, out var of))
            {
                numbers[line.InvoiceNo] = of = [];
                order.Add(line.InvoiceNo);
            }

            of.Add(line);
        }

        return [.. order.Select(no => new ShopNumber { No = no, Lines = numbers[no] })];
    }

    /// <summary>The first time of the number, by the shop's clock.</summary>
    public DateTime FirstTime => Lines.Min(line => line.InvoiceDate);

    /// <summary>Who bought.</summary>
    public string? CustomerId => Lines.Select(line => line.CustomerId).FirstOrDefault(id => id is not null);

    /// <summary>The sum of the lines' rounded amounts.</summary>
    public decimal Total => Lines.Sum(line => line.Amount);

    /// <summary>Goods come back.</summary>
    public bool IsReturn => No.StartsWith('C');

    /// <summary>Why the replay itself refuses it, for what a till would never post; absent for everything else.</summary>
    public string? Refusal =>
        No.StartsWith('A') ? BadDebtAdjustment
        : Lines.All(line => line.UnitPrice == 0m) ? StockAdjustment
        : null;

    /// <summary>Invoicing has to refuse it: more than a ticket may come to, and nobody is named.</summary>
    public bool IsOverTicketLimit => CustomerId is null && Total > TicketLimit;

    /// <summary>A customer whose id is divisible by 5 pays by transfer, later; everybody else by card, at once.</summary>
    public bool IsPaidByTransfer => long.TryParse(CustomerId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id % 5 == 0;

    /// <summary>The sale as a till would post it.</summary>
    public SalePosted ToSale(string? original) =>
        new()
        {
            SaleId = new SaleId(No),
            StoreId = new StoreId("WEB"),
            Channel = SaleChannel.Online,
            OccurredAt = InMadrid(FirstTime.AddDays(DaysMoved)),
            Currency = Currency.Eur,
            PricesIncludeVat = true,
            Lines =
            [
                .. Lines.Select(line => new SaleLine
                {
                    Sku = line.StockCode,
                    Name = line.Description,
                    Quantity = line.Quantity,
                    UnitPrice = line.PriceToTheCent,
                    Vat = General,
                }),
            ],
            // No due date is said for a transfer: the seller's terms of 30 days count from the day of issue, and a date that moved
            // with the day of the replay would make the second run another sale.
            Payments =
                IsPaidByTransfer || Total == 0m
                    ? []
                    : [new SalePayment { Means = PaymentMeans.Card, Amount = Money.Of(Total, Currency.Eur).Amount }],
            Buyer = CustomerId is { } customer ? BuyerOf(customer) : null,
            ReturnOf = original is null ? null : new ReturnReference { SaleId = new SaleId(original) },
        };

    private static SaleBuyer BuyerOf(string customer) =>
        new()
        {
            CustomerId = new CustomerId(customer),
            Name = $"Customer {customer}",
            TaxId = Dni(customer),
            Email = $"c{customer}@example.com",
            Address = CalleMayor,
        };

    /// <summary>Eight digits and the letter that their remainder by 23 picks.</summary>
    public static string Dni(string customer)
    {
        var digits = long.Parse(customer, NumberStyles.None, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{digits:D8}{CheckLetters[(int)(digits % 23)]}");
    }

    private static DateTimeOffset InMadrid(DateTime local)
    {
        // The hour that a clock change skips is read as the hour after it, the doubled one as its first.
        var sound = Madrid.IsInvalidTime(local) ? local.AddHours(1) : local;
        var offset = Madrid.IsAmbiguousTime(sound) ? Madrid.GetAmbiguousTimeOffsets(sound).Max() : Madrid.GetUtcOffset(sound);
        return new DateTimeOffset(sound, offset);
    }
}
