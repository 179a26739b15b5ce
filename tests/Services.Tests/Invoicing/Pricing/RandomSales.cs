using System.Text.Json;
using CsCheck;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Services.Tests.Invoicing.Pricing;

/// <summary>A sale and who sells.</summary>
internal sealed record RandomSale(SellerBody Seller, SalePosted Posted)
{
    public bool IsSurcharged => Posted.Buyer?.EquivalenceSurcharge == true && !Seller.EquivalenceSurcharge;

    public override string ToString() =>
        $"{Seller.Territory}{(Seller.EquivalenceSurcharge ? " under surcharge" : "")} {JsonSerializer.Serialize(Posted, Wire.Tolerant)}";
}

/// <summary>Random sales over all that a till may say: every category, rates, reductions, currencies, odd prices and quantities.</summary>
internal static class RandomSales
{
    private sealed record Palette(
        SaleVat[] Vats,
        SaleBuyer? Buyer = null,
        SaleDelivery? Delivery = null,
        Territory Territory = Territory.Common,
        bool Surcharged = false
    );

    private static readonly SaleVat Exempt = new() { Category = "E", ExemptionCause = "E1" };

    private static readonly Palette[] Palettes =
    [
        new([Till.Vat("S", "21")]),
        new([Till.Vat("S", "21"), Till.Vat("S", "10"), Till.Vat("S", "4")]),
        new([Till.Vat("S", "21"), Till.Vat("S", "10"), Till.Vat("S", "4")], Till.Buyer),
        new([Till.Vat("S", "21"), Till.Vat("S", "10"), Till.Vat("S", "4")], Till.Buyer with { EquivalenceSurcharge = true }),
        new([Till.Vat("S", "21"), Till.Vat("S", "4")], Till.Buyer with { EquivalenceSurcharge = true }, Surcharged: true),
        new([Till.Vat("S", "21"), Till.Vat("Z", "0"), Exempt], Till.Buyer),
        new([new SaleVat { Category = "E", ExemptionReasonCode = "VATEX-EU-F" }, Till.Vat("S", "21")], Till.Buyer),
        new([Till.Vat("AE"), Till.Vat("S", "10")], Till.Buyer),
        new([Till.Vat("K")], Till.Portuguese, Till.ToLisbon),
        new([Till.Vat("G"), Till.Vat("S", "21")], Till.Buyer),
        new([Till.Vat("O")], Till.Buyer),
        new(
            [Till.Vat("L", "7"), Till.Vat("L", "3"), Till.Vat("L", "0"), Till.Vat("L", "9.5"), Till.Vat("L", "15")],
            Territory: Territory.Canary
        ),
        new([Till.Vat("M", "0.5"), Till.Vat("M", "4"), Till.Vat("M", "10")], Till.Buyer, Territory: Territory.CeutaMelilla),
    ];

    private static readonly (string Code, decimal? Rate)[] Currencies =
    [
        ("EUR", null),
        ("EUR", null),
        ("EUR", null),
        ("USD", 0.921345m),
        ("JPY", 0.00614m),
        ("KWD", 2.98123m),
        ("TND", 0.2953m),
    ];

    /// <summary>Sales, returns and exchanges.</summary>
    public static readonly Gen<RandomSale> All = Gen.Select(
            OneOf(Palettes),
            OneOf(Currencies),
            Gen.Bool,
            Gen.Int[0, 11],
            Gen.Int[1, 12],
            Gen.Int[0, 3]
        )
        .SelectMany((palette, currency, includesVat, kind, count, paid) => Sale(palette, currency, includesVat, kind, count, paid));

    /// <summary>Plain sales that include VAT, of which everything can come back.</summary>
    public static readonly Gen<RandomSale> Returnable = Gen.Select(OneOf(Palettes), OneOf(Currencies), Gen.Int[1, 8])
        .SelectMany((palette, currency, count) => Sale(palette, currency, includesVat: true, kind: 9, count, paid: 0))
        .Select(sale =>
            sale with
            {
                Posted = sale.Posted with
                {
                    Allowances = [],
                    Charges = [],
                    Buyer = sale.Posted.Buyer is { } buyer ? buyer with { EquivalenceSurcharge = false } : Till.Buyer,
                    Lines = [.. sale.Posted.Lines.Select((line, i) => line with { Sku = $"P{i}" })],
                },
            }
        );

    private static Gen<RandomSale> Sale(
        Palette palette,
        (string Code, decimal? Rate) money,
        bool includesVat,
        int kind,
        int count,
        int paid
    )
    {
        var currency = Currency.Of(money.Code);
        var coin = new decimal(1, 0, 0, false, (byte)currency.MinorUnit);
        var amount = Gen.OneOf(Gen.Int[0, 400], Gen.Int[1, 3], Gen.Const(1)).Select(coins => coins * coin);
        // One exchange in twelve sales: goods of one rate there and back.
        var vats = kind == 1 ? palette.Vats[..1] : palette.Vats;
        var vat = OneOf(vats);
        var reductions = Gen.Select(amount, Gen.Int[0, 3]).Array[0, 2];
        // A ticket has its limit: without a buyer, prices and quantities are a corner shop's.
        var (dearest, most) = palette.Buyer is null ? (9_000, 4) : (500_000, 3000);
        var line = Gen.Select(
                Gen.OneOf(Gen.Int[0, dearest], Gen.Int[0, dearest], Gen.Int[0, dearest], Gen.Int[0, 30], Gen.Const(0)),
                OneOf(100m, 100m, 1000m, 100_000m),
                Gen.OneOf(Gen.Int[1, most], Gen.Int[1, Math.Min(most, 12)]),
                OneOf(1m, 1m, 1m, 3m, 10m, 1000m, 1_000_000m),
                vat,
                reductions,
                Gen.Int[0, 19]
            )
            .Select(
                (price, over, quantity, divisor, treatment, less, oddity) =>
                    Line(price / over, quantity, divisor, treatment, less, oddity, coin)
            );
        var ofDocument = Gen.Select(amount, Gen.Int[0, 2], vat).Array[0, 2];
        return Gen.Select(line.Array[count], ofDocument, ofDocument, Gen.Int[0, 2])
            .Select(
                (lines, less, more, which) =>
                    new RandomSale(
                        Till.Seller with
                        {
                            Territory = palette.Territory,
                            EquivalenceSurcharge = palette.Surcharged,
                        },
                        Till.Sale([.. lines.Select((each, i) => Turned(each, kind, i))]) with
                        {
                            Currency = currency,
                            ExchangeRate = money.Rate,
                            PricesIncludeVat = includesVat,
                            Buyer = palette.Buyer,
                            Delivery = palette.Delivery,
                            Allowances =
                                which == 0 || lines.Sum(each => each.UnitPrice * each.Quantity) < 10m
                                    ? []
                                    :
                                    [
                                        .. less.Select(each => new SaleAllowance
                                        {
                                            Amount = each.Item1,
                                            Vat = each.Item2 == 0 ? each.Item3 : null,
                                        }),
                                    ],
                            Charges =
                                which != 2
                                    ? []
                                    :
                                    [
                                        .. more.Select(each => new SaleCharge
                                        {
                                            Amount = each.Item1,
                                            Vat = each.Item2 == 0 ? each.Item3 : null,
                                        }),
                                    ],
                            PaymentTerms = paid == 0 ? "30 días" : null,
                        }
                    )
            );
    }

    private static SaleLine Line(
        decimal price,
        int quantity,
        decimal divisor,
        SaleVat vat,
        (decimal Amount, int Kind)[] less,
        int oddity,
        decimal coin
    )
    {
        var line = Till.Line("0", "1", vat) with
        {
            UnitPrice = price,
            Quantity = decimal.Round(quantity / divisor, 9, MidpointRounding.AwayFromZero),
            Allowances = [.. less.Where(each => each.Kind > 0).Select(each => new SaleAllowance { Amount = each.Amount })],
            Charges = [.. less.Where(each => each.Kind == 0).Select(each => new SaleCharge { Amount = each.Amount })],
        };
        var whole = decimal.Round(line.UnitPrice * line.Quantity / coin, MidpointRounding.AwayFromZero) * coin;
        if (line.Allowances.Sum(each => each.Amount) > whole && oddity != 19)
        {
            line = line with { Allowances = [] };
        }

        return oddity switch
        {
            // Free: the whole price is taken off, in one or in two parts.
            0 => line with { Charges = [], Allowances = [new SaleAllowance { Amount = whole }] },
            1 when whole >= 2m * coin => line with
            {
                Charges = [],
                Allowances = [new SaleAllowance { Amount = coin }, new SaleAllowance { Amount = whole - coin }],
            },
            // Huge, of next to nothing each.
            2 => line with
            {
                Allowances = [],
                Quantity = 9_999_999m - quantity,
                UnitPrice = decimal.Round(price / 100_000_000m, 9, MidpointRounding.AwayFromZero),
            },
            _ => line,
        };
    }

    private static SaleLine Turned(SaleLine line, int kind, int index) =>
        kind == 0 || (kind == 1 && index % 2 == 1) ? line with { Quantity = -line.Quantity } : line;

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
