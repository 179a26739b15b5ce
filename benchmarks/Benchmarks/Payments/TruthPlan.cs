using System.Globalization;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Sellers;

namespace RetailInvoicing.Benchmarks.Payments;

/// <summary>By what an invoice is to be paid.</summary>
internal enum PayWay
{
    /// <summary>A card on Stripe's page.</summary>
    StripeCard,

    /// <summary>A wallet on Stripe's page.</summary>
    StripeWallet,

    /// <summary>A SEPA debit on Stripe's page.</summary>
    StripeDebit,

    /// <summary>A card on Redsys' page.</summary>
    RedsysCard,

    /// <summary>Bizum on Redsys' page.</summary>
    Bizum,

    /// <summary>A transfer that the bank's statement tells of.</summary>
    Transfer,

    /// <summary>A direct debit by mandate.</summary>
    DirectDebit,

    /// <summary>Cash, voucher or card with the sale.</summary>
    Till,

    /// <summary>The sandbox, at a seller without providers.</summary>
    Sandbox,
}

/// <summary>How a payer goes about it.</summary>
internal enum PayScript
{
    /// <summary>Once, as one should.</summary>
    Once,

    /// <summary>The first card is declined.</summary>
    DeclinedFirst,

    /// <summary>The button is pressed twice at once.</summary>
    DoubleClick,

    /// <summary>In two tabs, both to the end.</summary>
    TwoTabs,

    /// <summary>Begun with one means, then paid with another.</summary>
    AnotherMeans,

    /// <summary>Begun and left.</summary>
    Abandoned,

    /// <summary>Gone back from the provider's page, and begun again.</summary>
    CancelledFirst,
}

/// <summary>Which of the run's sellers.</summary>
internal enum TruthSeller
{
    /// <summary>Stripe takes its cards; Redsys does where Stripe is down.</summary>
    StripeFirst,

    /// <summary>Redsys takes its cards.</summary>
    RedsysFirst,

    /// <summary>No provider.</summary>
    Sandbox,
}

/// <summary>What is to happen to one invoice.</summary>
internal sealed record PlannedPayment
{
    /// <summary>Its place in the run.</summary>
    public required int Number { get; init; }

    /// <summary>Whose it is.</summary>
    public required TruthSeller Seller { get; init; }

    /// <summary>By what it is paid.</summary>
    public required PayWay Way { get; init; }

    /// <summary>How.</summary>
    public required PayScript Script { get; init; }

    /// <summary>What it asks for.</summary>
    public required decimal Total { get; init; }

    /// <summary>What is paid with the sale.</summary>
    public required IReadOnlyList<SalePayment> AtTill { get; init; }

    /// <summary>Whether the payer's browser comes back from the provider.</summary>
    public required bool ComesBack { get; init; }

    /// <summary>The card or account that is typed.</summary>
    public required string Instrument { get; init; }

    /// <summary>What of the payment, in hundredths, is given back, one after the other.</summary>
    public required IReadOnlyList<int> Refunds { get; init; }

    /// <summary>Whether each refund is asked for twice at once.</summary>
    public required bool RefundsTwice { get; init; }

    /// <summary>A number below a hundred, for what is decided elsewhere.</summary>
    public required int Luck { get; init; }

    /// <summary>What the sale leaves open.</summary>
    public decimal Open => Total - AtTill.Sum(each => each.Amount);

    /// <summary>The customer, who buys once.</summary>
    public string Customer => string.Create(CultureInfo.InvariantCulture, $"P{Number:0000000}");

    /// <summary>The customer's name, which no other has.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"Ana Gil {Number}");

    /// <summary>The means as the pay page calls it.</summary>
    public string Means =>
        Way switch
        {
            PayWay.StripeWallet => "wallet",
            PayWay.StripeDebit => "direct-debit",
            PayWay.Bizum => "bizum",
            _ => "card",
        };

    /// <summary>The sale's id.</summary>
    public string SaleId => string.Create(CultureInfo.InvariantCulture, $"PAY-{Number:0000000}");

    /// <summary>The sale as it is posted.</summary>
    public SalePosted Sale(DateTimeOffset at) =>
        new()
        {
            SaleId = new SaleId(SaleId),
            StoreId = new StoreId("S01"),
            TillId = "T1",
            OccurredAt = at,
            Currency = Currency.Eur,
            Lines =
            [
                new SaleLine
                {
                    Sku = "A001",
                    Name = "Artículo",
                    Quantity = 1m,
                    UnitPrice = Total,
                    Vat = new SaleVat { Category = "S", Rate = 21m },
                },
            ],
            Payments = [.. AtTill],
            Buyer = new SaleBuyer
            {
                CustomerId = new CustomerId(Customer),
                Name = Name,
                TaxId = Nif.OfPerson(10_000_000 + Number % 80_000_000),
                Address = new Address
                {
                    Line1 = "Calle del Pez 1",
                    PostalCode = "28004",
                    City = "Madrid",
                    Region = "Madrid",
                    Country = "ES",
                },
            },
        };
}

/// <summary>What happens in a run: each payment follows from the run's seed and its number.</summary>
internal sealed class TruthPlan(int seed)
{
    /// <summary>A card that is paid.</summary>
    public const string GoodCard = "4242424242424242";

    /// <summary>A card that is declined.</summary>
    public const string BadCard = "4000000000000002";

    private const string CardOfCarefulBank = "4000002760003184";
    private const string CardOfDispute = "4000000000000259";
    private const string CardOfSlowRefund = "4000000000007726";
    private const string CardOfRefundThatReturns = "4000000000005126";
    private const string GoodIban = "ES0700120345030000067890";
    private const string IbanThatFails = "ES9121000418450200051332";
    private const string IbanOfDispute = "ES5000120345030000067892";

    /// <summary>The payment of that number.</summary>
    public PlannedPayment Of(int number)
    {
        var draws = new Draws(seed, number);
        var way = WayOf(draws.Below(100));
        var total = (500 + draws.Below(29_500)) / 100m;
        var isAtProvider = way <= PayWay.Bizum;
        var script = isAtProvider ? ScriptOf(draws.Below(100)) : PayScript.Once;
        var isInPart = draws.Below(100) < 5;
        var isTwice = draws.Below(100) < 30;
        var comesBack = draws.Below(100) < 60;
        var refunds = draws.Below(100);
        var even = draws.Below(2) == 0;
        var instrument = way == PayWay.StripeDebit ? IbanOf(draws.Below(100)) : CardOf(draws.Below(100));
        return new PlannedPayment
        {
            Number = number,
            Seller = way switch
            {
                PayWay.StripeCard => TruthSeller.StripeFirst,
                PayWay.RedsysCard => TruthSeller.RedsysFirst,
                PayWay.Sandbox => TruthSeller.Sandbox,
                _ => even ? TruthSeller.StripeFirst : TruthSeller.RedsysFirst,
            },
            Way = way,
            Script = script,
            Total = total,
            AtTill =
                way == PayWay.Till ? AtTill(total, draws.Below(4))
                : isInPart && way != PayWay.Sandbox ? [Paid(PaymentMeans.Cash, decimal.Floor(total / 2m))]
                : [],
            ComesBack = comesBack,
            Instrument = instrument,
            // Nothing comes of a page that was left, nor of an account that has nothing.
            Refunds =
                (!isAtProvider && way != PayWay.Transfer) || script == PayScript.Abandoned || instrument == IbanThatFails ? []
                : refunds < 4 ? [100]
                : refunds < 8 ? [40]
                : refunds < 11 ? [30, 20]
                : [],
            RefundsTwice = isTwice,
            Luck = draws.Below(100),
        };
    }

    private static PayWay WayOf(int draw) =>
        draw switch
        {
            < 26 => PayWay.StripeCard,
            < 34 => PayWay.StripeWallet,
            < 40 => PayWay.StripeDebit,
            < 55 => PayWay.RedsysCard,
            < 67 => PayWay.Bizum,
            < 79 => PayWay.Transfer,
            < 87 => PayWay.DirectDebit,
            < 97 => PayWay.Till,
            _ => PayWay.Sandbox,
        };

    private static PayScript ScriptOf(int draw) =>
        draw switch
        {
            < 74 => PayScript.Once,
            < 82 => PayScript.DeclinedFirst,
            < 87 => PayScript.DoubleClick,
            < 91 => PayScript.TwoTabs,
            < 95 => PayScript.AnotherMeans,
            < 97 => PayScript.Abandoned,
            _ => PayScript.CancelledFirst,
        };

    private static string CardOf(int draw) =>
        draw switch
        {
            < 5 => CardOfCarefulBank,
            < 7 => CardOfDispute,
            < 12 => CardOfSlowRefund,
            < 15 => CardOfRefundThatReturns,
            _ => GoodCard,
        };

    private static string IbanOf(int draw) =>
        draw switch
        {
            < 6 => IbanThatFails,
            < 10 => IbanOfDispute,
            _ => GoodIban,
        };

    private static SalePayment[] AtTill(decimal total, int draw) =>
        draw switch
        {
            0 => [Paid(PaymentMeans.Voucher, decimal.Floor(total / 2m)), Paid(PaymentMeans.Cash, total - decimal.Floor(total / 2m))],
            1 => [Paid(PaymentMeans.Card, total)],
            _ => [Paid(PaymentMeans.Cash, total)],
        };

    private static SalePayment Paid(PaymentMeans means, decimal amount) => new() { Means = means, Amount = amount };
}
