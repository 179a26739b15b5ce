using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Delivery.Rendering;
using RetailInvoicing.Services.Tests.Invoicing.Pricing;

namespace RetailInvoicing.Services.Tests.Delivery;

/// <summary>A document that a person has looked at: what is on it, and who reads it.</summary>
internal sealed record GoldenPage(string Name, string Language, Func<InvoiceBody> Invoice, PaymentInstructions? Instructions = null)
{
    /// <summary>The file that its reader gets.</summary>
    public byte[] Pdf() =>
        PdfFlow.Of(InvoiceSheet.Of(Invoice(), SampleInvoice.Seller(GoldenPages.Seller), Instructions, Words.For(Language)), null);
}

/// <summary>The documents that are held as pictures: each kind once, and what strains a page.</summary>
internal static class GoldenPages
{
    public static readonly SellerId Seller = SellerId.Of("nandu");

    /// <summary>How a transfer is made, as Payments says it.</summary>
    public static readonly PaymentInstructions Transfer = new()
    {
        Iban = SampleInvoice.Iban,
        Bic = "CAIXESBBXXX",
        Beneficiary = "Comercios Ñandú, S.L.",
        EpcPayload = "BCD\n002\n1\nSCT\nCAIXESBBXXX\nNandu\nES9121000418450200051332\nEUR968.00\n\nRF18539007547034\n\n",
        PayUrl = "https://payments.example.com/pay/4f1c2b7e9a",
    };

    private static readonly string[] Basket =
    [
        "Ogi osoa, 500 g",
        "Gazta Idiazabal D.O.P. ondua, zatia",
        "Sagardo naturala, 75 cl",
        "Piperrak potoan, Lodosakoak, 390 g",
        "Txokolate beltza % 85",
        "Esnea, 1 l",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<GoldenPage> All { get; } =
    [
        new("a4-short-with-qr", "es", () => Valid(Paid(3))),
        new("a4-due-with-epc", "es", () => Valid(SampleInvoice.Of(Seller, 2)), Transfer),
        new("a4-700-lines", "ca", () => Valid(Paid(700))),
        new("a4-long-names", "gl", LongNames, Transfer),
        new("a4-every-script", "en", EveryScript),
        new("a4-next-to-nothing", "es", NextToNothing),
        new("a4-corrective", "gl", Corrective),
        new("a4-rates-and-surcharge", "es", RatesAndSurcharge, Transfer with { EpcPayload = null }),
        new("a4-foreign-currency", "en", ForeignCurrency, Transfer with { EpcPayload = null, PayUrl = null }),
        new("a4-test-environment", "eu", () => Paid(5)),
        new("a4-cancelled", "ca", () => Valid(SampleInvoice.Of(Seller, 2) with { Status = InvoiceStatus.Cancelled }), Transfer),
        new("ticket", "es", Ticket),
        new("ticket-200-lines", "eu", LongTicket),
    ];

    /// <summary>A ticket of a few lines, paid in cash.</summary>
    public static InvoiceIssued Ticket() =>
        Valid(
            Till.Issue(
                PaidAtTheTill(
                    Goods("Pan de masa madre", "2.95", "2", "4"),
                    Goods("Queso manchego curado, al corte", "18.90", "0.345", "4") with
                    {
                        Unit = "KGM",
                    },
                    Goods("Vino tinto crianza, Rioja, 75 cl", "9.80", "1", "21"),
                    Goods("Menú del día para llevar", "12.50", "2", "10"),
                    Goods("Bolsa", "0.10", "1", "21")
                )
            )
        );

    private static InvoiceIssued Paid(int lines) => SampleInvoice.Of(Seller, lines, paid: 484m * lines);

    /// <summary>One that is no test.</summary>
    private static InvoiceIssued Valid(InvoiceIssued invoice) =>
        invoice with
        {
            Fiscal = invoice.Fiscal with { Environment = SellerEnvironment.Production },
        };

    private static InvoiceIssued LongNames()
    {
        var invoice = Valid(SampleInvoice.Of(Seller, 5));
        var sentence = string.Concat(Enumerable.Repeat("Portavelas colgante de corazón ", 10));
        string[] names =
        [
            new string('W', 300),
            string.Join('-', Enumerable.Repeat("portavelas", 27)),
            sentence,
            "A",
            string.Concat(Enumerable.Repeat("Donaudampfschiffahrtselektrizitäten", 8)),
        ];
        return invoice with
        {
            Number = string.Join('-', Enumerable.Repeat("F-S01-2026", 5)) + "-000123",
            Seller = invoice.Seller with { TradeName = sentence },
            Buyer = invoice.Buyer! with { Name = names[4], Email = $"{new string('m', 60)}@example.com" },
            Lines = [.. invoice.Lines.Zip(names, (line, name) => line with { Name = name })],
        };
    }

    private static InvoiceIssued EveryScript()
    {
        var invoice = Valid(Paid(7));
        string[] names =
        [
            "Limonada casera 🍋 con hierbabuena 🌿",
            "Ελαιόλαδο εξαιρετικό παρθένο, 500 ml",
            "חלה לשבת, 750 g",
            "شاي أخضر بالنعناع (100 g)",
            "Борщ український з пампушками",
            "中文 茶 👩‍👩‍👧",
            "Łódź, Þórr, Čeština, Tiếng Việt, ŀ",
        ];
        return invoice with
        {
            Seller = invoice.Seller with { TradeName = "Ñandú · Ναντού" },
            Buyer = invoice.Buyer! with { Name = "محمد بن علي الفاسي" },
            Lines = [.. invoice.Lines.Zip(names, (line, name) => line with { Name = name })],
        };
    }

    private static InvoiceIssued NextToNothing()
    {
        var invoice = Valid(Paid(1));
        return invoice with
        {
            Buyer = null,
            Contact = null,
            TillId = null,
            OperationDate = invoice.IssueDate,
            Seller = new InvoiceParty { Name = "A" },
            Lines = [invoice.Lines[0] with { Sku = null, Name = "B" }],
            Fiscal = invoice.Fiscal with { QrUrl = null, Regime = "none" },
        };
    }

    private static InvoiceIssued Corrective() =>
        Valid(Paid(2)) with
        {
            Kind = InvoiceKind.Corrective,
            TypeCode = "384",
            Number = "R-S01-2026-000004",
            Corrects = [new InvoiceReference { Number = "F-S01-2026-000007", IssueDate = new DateOnly(2026, 11, 1) }],
            Correction = new InvoiceCorrection
            {
                Reason = "R1",
                Method = CorrectionMethod.Substitution,
                CorrectedAmounts = new CorrectedAmounts { TaxableAmount = 1200m, VatAmount = 252m },
            },
        };

    private static InvoiceIssued RatesAndSurcharge() =>
        Valid(
            Till.Issue(
                Till.Sale(
                    Goods("Harina de fuerza, 1 kg", "1.35", "48", "4"),
                    Goods("Café de tueste natural, 1 kg", "13.99", "12", "10"),
                    Goods("Cerveza tostada, 33 cl", "1.80", "240", "21"),
                    Goods("Aceite de oliva virgen extra, 5 l", "38.95", "6", "4") with
                    {
                        Allowances = [new SaleAllowance { Amount = 12.00m, Reason = "Lata abollada" }],
                    }
                ) with
                {
                    Buyer = Till.Buyer with { EquivalenceSurcharge = true },
                    Allowances = [new SaleAllowance { Amount = 25.00m, Reason = "Promoción de otoño" }],
                    Charges = [new SaleCharge { Amount = 6.50m, Reason = "Portes" }],
                }
            )
        );

    private static InvoiceIssued ForeignCurrency() =>
        Valid(
            Till.Issue(
                Till.Sale(Goods("Guitarra flamenca de ciprés", "1250.00", "2", "21"), Goods("Cejilla", "18.50", "10", "21")) with
                {
                    Currency = Currency.Of("USD"),
                    ExchangeRate = 0.921345m,
                    Buyer = Till.Buyer,
                }
            )
        );

    private static InvoiceIssued LongTicket() =>
        Valid(
            Till.Issue(
                PaidAtTheTill([
                    .. Enumerable
                        .Range(1, 200)
                        .Select(i =>
                            Goods($"{Basket[i % Basket.Length]} ({i})", i % 3 == 0 ? "0.95" : "3.40", "1", i % 4 == 0 ? "21" : "4")
                        ),
                ])
            )
        );

    private static SaleLine Goods(string name, string price, string quantity, string rate) =>
        Till.Line(price, quantity, rate) with
        {
            Name = name,
        };

    private static SalePosted PaidAtTheTill(params SaleLine[] lines) =>
        Till.Sale(lines) with
        {
            TillId = "T2",
            Payments = [new SalePayment { Means = PaymentMeans.Cash, Amount = lines.Sum(line => Till.Asked(line, Currency.Eur)) }],
        };
}
