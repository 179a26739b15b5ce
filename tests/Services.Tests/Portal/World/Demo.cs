using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Contracts.Grpc.Collections;
using RetailInvoicing.Contracts.Grpc.Reporting;

namespace RetailInvoicing.Services.Tests.Portal.World;

/// <summary>Two shops, a customer of both, another customer, and their staff, on a Monday in November 2026.</summary>
public static class Demo
{
    public const string Ana = "ana@example.com";
    public const string Berta = "berta@example.com";
    public const string Owner = "duena@nandu.example";
    public const string Operator = "operaciones@example.com";
    public const string Both = "gestoria@example.com";

    public static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 15, 0, TimeSpan.FromHours(1));
    public static readonly SellerId Nandu = SellerId.Of("nandu");
    public static readonly SellerId Faro = SellerId.Of("faro");

    public static Surroundings Fill(Surroundings world)
    {
        world.Sellers.Add(
            Seller(
                Nandu,
                "Comercios Ñandú, S.L.",
                "Ñandú",
                "#0b7a6f",
                "ES9121000418450200051332",
                (Owner, StaffRole.Owner),
                (Both, StaffRole.Accountant)
            )
        );
        world.Sellers.Add(Seller(Faro, "El Faro de Cádiz, S.A.", "El Faro", "#f2c200", null, (Both, StaffRole.Auditor)));
        Add(
            world,
            Ana,
            Invoice(
                Nandu,
                "F-S01-2026-000123",
                0,
                paid: false,
                Line("85123A", "Portavelas de cristal con forma de corazón", 2, 9.95m),
                Line("71053", "Farol de metal blanco", 1, 24.50m),
                Line("22423", "Soporte para tartas de tres pisos, estilo regencia", 1, 12.75m, 10)
            )
        );
        Add(
            world,
            Ana,
            Invoice(
                Nandu,
                "F-S01-2026-000098",
                -21,
                paid: true,
                Line("84406B", "Perchero de crema con cupido", 3, 2.75m),
                Line("22086", "Cadena de papel, 50 años de Navidad", 12, 2.95m)
            )
        );
        Add(world, Ana, Invoice(Nandu, "F-S01-2026-000041", -60, paid: false, Line("47566", "Banderines de fiesta", 4, 4.95m)));
        Add(
            world,
            Ana,
            Invoice(
                Faro,
                "T-CAD-2026-001007",
                -2,
                paid: true,
                Line("PAN", "Hogaza de centeno", 1, 3.20m, 4),
                Line("ACE", "Aceite de oliva virgen extra, 5 l", 1, 41.90m, 4)
            ) with
            {
                Kind = InvoiceKind.Simplified,
                Buyer = null,
            }
        );
        Add(
            world,
            Ana,
            Invoice(Nandu, "R-S01-2026-000007", -1, paid: true, Line("71053", "Farol de metal blanco", -1, 24.50m)) with
            {
                Kind = InvoiceKind.Corrective,
                TypeCode = "381",
                Corrects = [new InvoiceReference { Number = "F-S01-2026-000098", IssueDate = new DateOnly(2026, 11, 2) }],
                Correction = new InvoiceCorrection
                {
                    Reason = "R1",
                    Text = "Devolución",
                    Method = CorrectionMethod.Differences,
                },
            }
        );
        Add(
            world,
            Berta,
            Invoice(Nandu, "F-S01-2026-000124", 0, paid: false, Line("20725", "Bolsa de almuerzo roja de lunares", 10, 1.65m))
        );
        Books(world);
        return world;
    }

    public static InvoiceBody Of(Surroundings world, string number) => world.Invoices.Single(each => each.Invoice.Number == number).Invoice;

    public static void Add(Surroundings world, string email, InvoiceBody invoice) =>
        world.Invoices.Add(
            (
                email,
                invoice with
                {
                    Contact = new InvoiceContact { Email = email, Name = "Ana García" },
                }
            )
        );

    public static InvoiceLineBody Line(string sku, string name, decimal quantity, decimal price, decimal rate = 21m)
    {
        var gross = quantity * price;
        var net = decimal.Round(gross / (1m + (rate / 100m)), 2, MidpointRounding.AwayFromZero);
        return new InvoiceLineBody
        {
            LineId = sku,
            Sku = sku,
            Name = name,
            Quantity = quantity,
            Unit = "C62",
            UnitPrice = price,
            NetPrice = decimal.Round(price / (1m + (rate / 100m)), 6, MidpointRounding.AwayFromZero),
            LineNetAmount = net,
            LineGrossAmount = gross,
            Vat = new InvoiceVatBody { Category = "S", Rate = rate },
        };
    }

    public static InvoiceBody Invoice(SellerId seller, string number, int day, bool paid, params InvoiceLineBody[] lines)
    {
        var at = Now.AddDays(day).AddMinutes(-7);
        var date = DateOnly.FromDateTime(at.DateTime);
        var breakdown = lines
            .GroupBy(line => line.Vat.Rate)
            .Select(group => new VatBreakdownBody
            {
                Category = "S",
                Rate = group.Key,
                TaxableAmount = group.Sum(line => line.LineNetAmount),
                VatAmount = group.Sum(line => line.LineGrossAmount - line.LineNetAmount),
            })
            .ToList();
        var total = lines.Sum(line => line.LineGrossAmount);
        var net = lines.Sum(line => line.LineNetAmount);
        var nandu = seller == Nandu;
        return new InvoiceBody
        {
            InvoiceId = InvoiceId.New(),
            Kind = InvoiceKind.Full,
            TypeCode = "380",
            Status = InvoiceStatus.Issued,
            Number = number,
            Series = number[..^7],
            IssueDate = date,
            OperationDate = date,
            DueDate = paid ? null : date.AddDays(30),
            IssuedAt = at,
            SellerId = seller,
            SaleIds = [SaleId.Of($"sale-{number}")],
            StoreId = StoreId.Of(number.Split('-')[1]),
            Channel = SaleChannel.Pos,
            Currency = Currency.Eur,
            PricesIncludeVat = true,
            Seller = new InvoiceParty
            {
                Name = nandu ? "Comercios Ñandú, S.L." : "El Faro de Cádiz, S.A.",
                TradeName = nandu ? "Ñandú" : "El Faro",
                TaxId = nandu ? "B12345674" : "A58818501",
                Address = new Address
                {
                    Line1 = "Calle del Pez, 12",
                    PostalCode = "28004",
                    City = "Madrid",
                    Region = "Madrid",
                },
                RegistryData = nandu ? "Registro Mercantil de Madrid, tomo 1.234, folio 56, hoja M-78901" : null,
            },
            Buyer = new InvoiceParty
            {
                Name = "Ana García Núñez",
                TaxId = "12345678Z",
                Address = new Address
                {
                    Line1 = "Calle Mayor, 1, 3.º B",
                    PostalCode = "28013",
                    City = "Madrid",
                    Region = "Madrid",
                },
            },
            Lines = lines,
            VatBreakdown = breakdown,
            Totals = new InvoiceTotals
            {
                LineTotal = net,
                AllowanceTotal = 0m,
                ChargeTotal = 0m,
                TotalWithoutVat = net,
                VatTotal = total - net,
                TotalWithVat = total,
                PaidAmount = paid ? total : 0m,
                RoundingAmount = 0m,
                AmountDue = paid ? 0m : total,
            },
            PaymentReference = "RF18539007547034",
            Payments = paid ? [new SalePayment { Means = PaymentMeans.Card, Amount = total }] : [],
            Fiscal = new FiscalBody
            {
                Regime = "verifactu",
                Environment = SellerEnvironment.Test,
                RecordType = "F1",
                Fingerprint = "3C464DAF61ACB827C65FDA19F352A4E3BDC2C640E9E9FC4CC058073F38F12F60",
                PreviousFingerprint = "F7B94CFD8924EDFF273501B01EE5153E4CE8F259766F88CF6ACB8935802A2B97",
                RecordedAt = at,
                QrUrl =
                    $"https://prewww2.aeat.es/wlpl/TIKE-CONT/ValidarQR?nif=B12345674&numserie={number}&fecha={date:dd-MM-yyyy}&importe={total}",
                Submission = FiscalSubmission.Pending,
            },
        };
    }

    private static SellerRegistered Seller(
        SellerId id,
        string name,
        string tradeName,
        string colour,
        string? iban,
        params (string Email, StaffRole Role)[] staff
    ) =>
        new()
        {
            EventId = EventId.New(),
            SellerId = id,
            Version = 1,
            RegisteredAt = Now.AddYears(-1),
            Name = name,
            TradeName = tradeName,
            TaxId = "B12345674",
            Address = new Address(),
            Iban = iban,
            Branding = new Branding { Colour = colour },
            Staff = [.. staff.Select(each => new StaffMember { Email = each.Email, Role = each.Role })],
        };

    private static void Books(Surroundings world)
    {
        world.Sales[("2026-11-23", "day")] = [Row("2026-11-23", 37, "1398.60", "-24.50")];
        world.Sales[("2026-11-16", "day")] = [Row("2026-11-16", 112, "4210.15", "0.00")];
        world.Sales[("2026-11-23", "store")] = [Row("S01", 29, "1101.35", "-24.50"), Row("WEB", 8, "297.25", "0.00")];
        world.Owed.Add(
            new CurrencySummary
            {
                Currency = "EUR",
                Open = "93.45",
                OpenCount = 3,
                Overdue = "19.80",
                OverdueCount = 1,
            }
        );
        var late = Of(world, "F-S01-2026-000041");
        world.Overdue.Add(
            new Receivable
            {
                InvoiceId = late.InvoiceId.ToString(),
                Number = late.Number,
                CustomerName = "Ana García Núñez",
                Currency = "EUR",
                TotalWithVat = "19.80",
                AmountDue = "19.80",
                DueDate = "2026-10-24",
                Status = "overdue",
                Bucket = "1-30",
                Reminders = 1,
            }
        );
    }

    private static SalesRow Row(string key, long invoices, string total, string returns) =>
        new()
        {
            Key = key,
            Currency = "EUR",
            Invoices = invoices,
            TotalWithoutVat = total,
            VatTotal = "0.00",
            TotalWithVat = total,
            Returns = returns,
        };
}
