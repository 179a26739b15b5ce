using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Sales;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>Invoices as Invoicing tells them, for Delivery to send and render.</summary>
internal static class SampleInvoice
{
    public const string Iban = "ES9121000418450200051332";

    public static InvoiceIssued Of(
        SellerId seller,
        int lines = 3,
        decimal paid = 0,
        string? email = "cliente@example.com",
        string? language = "es",
        string number = "F-S01-2026-000123"
    )
    {
        var net = 400m * lines;
        var vat = 84m * lines;
        var due = net + vat - paid;
        return new InvoiceIssued
        {
            EventId = EventId.New(),
            InvoiceId = InvoiceId.New(),
            Kind = InvoiceKind.Full,
            TypeCode = "380",
            Status = InvoiceStatus.Issued,
            Number = number,
            Series = "F-S01-2026",
            IssueDate = new DateOnly(2026, 11, 23),
            OperationDate = new DateOnly(2026, 11, 22),
            DueDate = due > 0 ? new DateOnly(2026, 12, 23) : null,
            IssuedAt = new DateTimeOffset(2026, 11, 23, 10, 15, 31, TimeSpan.FromHours(1)),
            SellerId = seller,
            SaleIds = [SaleId.Of("S01-T2-2026-000123")],
            StoreId = StoreId.Of("S01"),
            TillId = "T2",
            Currency = Currency.Eur,
            PricesIncludeVat = true,
            Seller = new InvoiceParty
            {
                Name = "Comercios Ñandú, S.L.",
                TradeName = "Ñandú",
                TaxId = "B12345674",
                Address = Madrid("Calle Mayor 1"),
                Email = "facturas@nandu.example",
                Phone = "+34 910 000 000",
                RegistryData = "Registro Mercantil de Madrid, tomo 1.234, folio 56, hoja M-78901",
            },
            Buyer = new InvoiceParty
            {
                Name = "María José Ibáñez",
                TaxId = "12345678Z",
                Address = Madrid("Plaza de España 2, 3.º B"),
                CustomerId = CustomerId.Of("17850"),
            },
            Contact = new InvoiceContact
            {
                CustomerId = CustomerId.Of("17850"),
                Name = "María José",
                Email = email,
                Language = language,
            },
            Lines =
            [
                .. Enumerable
                    .Range(1, lines)
                    .Select(i => new InvoiceLineBody
                    {
                        LineId = $"{i}",
                        Sku = $"85123A-{i}",
                        Name = i % 5 == 0 ? "Portavelas colgante de corazón blanco con vela perfumada de lavanda y romero" : "Portavelas",
                        Quantity = 2,
                        Unit = "C62",
                        UnitPrice = 242m,
                        NetPrice = 200m,
                        LineNetAmount = 400m,
                        LineGrossAmount = 484m,
                        Vat = new InvoiceVatBody { Category = "S", Rate = 21 },
                    }),
            ],
            VatBreakdown =
            [
                new VatBreakdownBody
                {
                    Category = "S",
                    Rate = 21,
                    TaxableAmount = net,
                    VatAmount = vat,
                },
            ],
            Totals = new InvoiceTotals
            {
                LineTotal = net,
                AllowanceTotal = 0,
                ChargeTotal = 0,
                TotalWithoutVat = net,
                VatTotal = vat,
                TotalWithVat = net + vat,
                PaidAmount = paid,
                RoundingAmount = 0,
                AmountDue = due,
            },
            PaymentReference = "RF18539007547034",
            Payments = paid > 0 ? [new SalePayment { Means = PaymentMeans.Card, Amount = paid }] : [],
            Fiscal = new FiscalBody
            {
                Regime = "verifactu",
                Environment = SellerEnvironment.Test,
                RecordType = "F1",
                QrUrl =
                    "https://prewww2.aeat.es/wlpl/TIKE-CONT/ValidarQR?nif=B12345674&numserie=F-S01-2026-000123&fecha=23-11-2026&importe=1452.00",
                Submission = FiscalSubmission.Pending,
            },
        };
    }

    public static SellerRegistered Seller(SellerId seller, long version = 1, string language = "es") =>
        new()
        {
            EventId = EventId.New(),
            SellerId = seller,
            Version = version,
            RegisteredAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Name = "Comercios Ñandú, S.L.",
            TradeName = "Ñandú",
            TaxId = "B12345674",
            Address = Madrid("Calle Mayor 1"),
            Email = "facturas@nandu.example",
            Iban = Iban,
            Language = language,
            Regime = FiscalRegime.Verifactu,
            Branding = new Branding { Colour = "#1f7a6d" },
        };

    private static Address Madrid(string street) =>
        new()
        {
            Line1 = street,
            PostalCode = "28013",
            City = "Madrid",
            Region = "Madrid",
        };
}
