using System.Globalization;
using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Benchmarks;

/// <summary>A sale with what must become of it.</summary>
internal sealed record EnduranceSale
{
    /// <summary>As it is posted.</summary>
    public required SalePosted Posted { get; init; }

    /// <summary>What the till took, or is to get.</summary>
    public required decimal Total { get; init; }

    /// <summary>The VAT in it, rounded by rate.</summary>
    public required decimal Vat { get; init; }

    /// <summary>Whether its invoice is mailed.</summary>
    public bool IsMailed => Posted.Buyer?.Email is not null;

    /// <summary>What was paid with it.</summary>
    public decimal Paid => Posted.Payments.Sum(payment => payment.Amount);

    /// <summary>What is open.</summary>
    public decimal Due => Total - Paid;
}

/// <summary>
/// The sales of an endurance run, all of one store: each follows from the run's seed and the sale's number, so that it is the same however
/// often and by whatever way it is sent, and what must become of it need not be remembered.
/// </summary>
internal sealed class EnduranceSales(int count, int seed, int mailEvery, DateTimeOffset latest)
{
    private const string Prefix = "E-";
    private const int Products = 500;
    private const int Customers = 2000;
    private const string DniLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

    private static readonly decimal[] Rates = [21m, 21m, 10m, 4m];

    /// <summary>How many.</summary>
    public int Count => count;

    /// <summary>How many are sent twice.</summary>
    public int Twice { get; } = Enumerable.Range(0, count).Count(number => Again(seed, number) is not Repeat.Never);

    /// <summary>Whether a sale is sent a second time, and when: a fifth of them are, half of these at once.</summary>
    public Repeat RepeatOf(int number) => Again(seed, number);

    /// <summary>The number in a sale's id; none where it is not of this run.</summary>
    public static int? NumberOf(string saleId) =>
        saleId.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(saleId.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>The id of a sale.</summary>
    public static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:0000000}");

    /// <summary>A sale as JSON.</summary>
    public byte[] JsonOf(int number) => JsonSerializer.SerializeToUtf8Bytes(Of(number).Posted, Wire.Tolerant);

    /// <summary>A sale.</summary>
    public EnduranceSale Of(int number)
    {
        var draws = new Draws(seed, number);
        var lines = new SaleLine[5];
        for (var i = 0; i < lines.Length; i++)
        {
            var product = draws.Below(Products);
            lines[i] = new SaleLine
            {
                Sku = string.Create(CultureInfo.InvariantCulture, $"A{product:000}"),
                Name = string.Create(CultureInfo.InvariantCulture, $"Artículo {product}"),
                Quantity = 1 + draws.Below(3),
                UnitPrice = (50 + draws.Below(4000)) / 100m,
                Vat = new SaleVat { Category = "S", Rate = Rates[product % Rates.Length] },
            };
        }

        var total = lines.Sum(line => line.Quantity * line.UnitPrice);
        var isMailed = mailEvery > 0 && number % mailEvery == 0;
        var isIdentified = isMailed | draws.Below(100) < 20;
        return new EnduranceSale
        {
            Posted = new SalePosted
            {
                SaleId = new SaleId(IdOf(number)),
                StoreId = new StoreId("S01"),
                TillId = string.Create(CultureInfo.InvariantCulture, $"T{draws.Below(8)}"),
                OccurredAt = latest.AddSeconds(-draws.Below(3600)),
                Currency = Currency.Eur,
                Lines = lines,
                Payments = isIdentified ? OfIdentified(total, ref draws) : OfAnonymous(total, ref draws),
                Buyer = isIdentified ? Buyer(number, draws.Below(Customers), isMailed) : null,
                // A ticket that names its buyer is numbered with the others: all are of one series.
                Invoice = isIdentified ? InvoiceRequest.Simplified : InvoiceRequest.Auto,
            },
            Total = total,
            Vat = lines
                .GroupBy(line => line.Vat.Rate!.Value)
                .Sum(rate =>
                    decimal.Round(
                        rate.Sum(line => line.Quantity * line.UnitPrice) * rate.Key / (100m + rate.Key),
                        2,
                        MidpointRounding.AwayFromZero
                    )
                ),
        };
    }

    /// <summary>Mostly by card, sometimes cash, sometimes both.</summary>
    private static SalePayment[] OfAnonymous(decimal total, ref Draws draws) =>
        draws.Below(20) switch
        {
            0 => [Pay(PaymentMeans.Cash, decimal.Floor(total / 2m)), Pay(PaymentMeans.Card, total - decimal.Floor(total / 2m))],
            1 or 2 => [Pay(PaymentMeans.Cash, total)],
            _ => [Pay(PaymentMeans.Card, total)],
        };

    /// <summary>Half of them by transfer later, some a part by card, the others all by card.</summary>
    private static SalePayment[] OfIdentified(decimal total, ref Draws draws) =>
        draws.Below(10) switch
        {
            < 5 => [],
            5 => [Pay(PaymentMeans.Card, decimal.Floor(total / 2m))],
            _ => [Pay(PaymentMeans.Card, total)],
        };

    private static SalePayment Pay(PaymentMeans means, decimal amount) => new() { Means = means, Amount = amount };

    private static SaleBuyer Buyer(int number, int customer, bool isMailed)
    {
        var dni = 10_000_000 + customer * 37;
        return new SaleBuyer
        {
            CustomerId = new CustomerId(string.Create(CultureInfo.InvariantCulture, $"C{customer:0000}")),
            Name = string.Create(CultureInfo.InvariantCulture, $"Ana Gil {customer}"),
            TaxId = string.Create(CultureInfo.InvariantCulture, $"{dni}{DniLetters[dni % 23]}"),
            Email = isMailed ? string.Create(CultureInfo.InvariantCulture, $"e{number}@endurance.example") : null,
            Address = new Address
            {
                Line1 = "Calle del Pez 1",
                PostalCode = "28004",
                City = "Madrid",
                Region = "Madrid",
                Country = "ES",
            },
        };
    }

    private static Repeat Again(int seed, int number) =>
        new Draws(~seed, number).Below(10) switch
        {
            0 => Repeat.AtOnce,
            1 => Repeat.Later,
            _ => Repeat.Never,
        };

    /// <summary>When a sale is sent a second time.</summary>
    internal enum Repeat
    {
        /// <summary>Once is enough, unless the answer is unclear.</summary>
        Never,

        /// <summary>From another client, while the first may still be under way.</summary>
        AtOnce,

        /// <summary>After many others.</summary>
        Later,
    }
}
