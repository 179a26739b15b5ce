using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Delivery.Personalisation;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Delivery.Rendering;

/// <summary>An invoice that nobody issued, for templates to show what they write.</summary>
public sealed record TemplateSample
{
    /// <summary>The invoice.</summary>
    public required InvoiceBody Invoice { get; init; }

    /// <summary>How it can be paid.</summary>
    public required PaymentInstructions? Instructions { get; init; }

    /// <summary>The offers beside it.</summary>
    public required OfferBlock? Offers { get; init; }

    /// <summary>One with everything: open, with both QR codes, a discount, two rates, a buyer, notices and offers.</summary>
    public static TemplateSample Full(SellerBody? seller) =>
        new()
        {
            Invoice = Of(seller),
            Instructions = new PaymentInstructions
            {
                Iban = seller?.Iban ?? "ES9121000418450200051332",
                Beneficiary = seller?.Name ?? Named,
                EpcPayload = "BCD\n002\n1\nSCT\n\nEjemplo\nES9121000418450200051332\nEUR40.00\n\nRF18539007547034\n\n",
                PayUrl = "https://pagos.example.com/pay/ejemplo",
            },
            Offers = OffersIn(seller?.Language is null or "es" or "ca" or "gl" or "eu"),
        };

    /// <summary>One with little: a ticket that is paid, of nobody we know, without QR and offers.</summary>
    public static TemplateSample Small(SellerBody? seller)
    {
        var full = Of(seller);
        return new TemplateSample
        {
            Invoice = full with
            {
                Kind = InvoiceKind.Simplified,
                Buyer = null,
                Contact = null,
                DueDate = null,
                TillId = null,
                Lines = [full.Lines[0]],
                VatBreakdown = [],
                Payments = [],
                Totals = full.Totals with
                {
                    TotalWithVat = 0,
                    TotalWithoutVat = 0,
                    VatTotal = 0,
                    LineTotal = 0,
                    PaidAmount = 0,
                    AmountDue = 0,
                },
                Fiscal = full.Fiscal with { QrUrl = null, Regime = "none", Environment = SellerEnvironment.Production },
            },
            Instructions = null,
            Offers = null,
        };
    }

    /// <summary>Why a template does not do; nothing where it writes both samples well.</summary>
    public static Fault? Refuse(string name, SellerTemplate template, SellerBody? seller)
    {
        foreach (var sample in new[] { Full(seller), Small(seller) })
        {
            var sheet = InvoiceSheet.Of(sample.Invoice, seller, sample.Instructions, RenderInvoice.WordsOf(sample.Invoice, seller));
            var html =
                name == Templates.Page
                    ? template.Html(PageSheet.Of(sheet))
                    : template.Html(MailSheet.OfInvoice(sheet, sample.Invoice, Portal, withUbl: true, sample.Offers));
            if (html.Refused(out var fault))
            {
                return fault;
            }
        }

        return name == Templates.Mail && template.Html(Reminder(seller)).Refused(out var unfit) ? unfit : null;
    }

    /// <summary>A mail as it looks where there is no mail around it.</summary>
    public static MailSheet Held(MailSheet mail) =>
        mail with
        {
            Logo = mail.Logo?.Held(),
            TaxQr = mail.TaxQr?.Held(),
            EpcQr = mail.EpcQr?.Held(),
        };

    private const string Named = "Comercio de Ejemplo, S.L.";
    private const string Portal = "https://facturas.example.com/invoices/ejemplo";

    private static MailSheet Reminder(SellerBody? seller) =>
        MailSheet.OfReminder(
            new ReminderContent
            {
                Number = "F-EJEMPLO-2026-000123",
                Name = "Ana García",
                Language = seller?.Language,
                Currency = Currency.Eur,
                AmountDue = 41.80m,
                DueDate = new DateOnly(2026, 12, 23),
                PaymentReference = "RF18539007547034",
            },
            seller ?? Stranger,
            Portal,
            Words.For(seller?.Language)
        );

    private static readonly Address Street = new()
    {
        Line1 = "Calle Mayor 1",
        PostalCode = "28013",
        City = "Madrid",
    };

    private static readonly SellerBody Stranger = new()
    {
        Name = Named,
        TaxId = "B12345674",
        Address = Street,
    };

    private static InvoiceBody Of(SellerBody? seller) =>
        new()
        {
            InvoiceId = InvoiceId.Of(Guid.Empty),
            Kind = InvoiceKind.Full,
            TypeCode = "380",
            Status = InvoiceStatus.Issued,
            Number = "F-EJEMPLO-2026-000123",
            Series = "F-EJEMPLO-2026",
            IssueDate = new DateOnly(2026, 11, 23),
            OperationDate = new DateOnly(2026, 11, 22),
            DueDate = new DateOnly(2026, 12, 23),
            IssuedAt = new DateTimeOffset(2026, 11, 23, 10, 15, 31, TimeSpan.FromHours(1)),
            SellerId = SellerId.Of("ejemplo"),
            SaleIds = [SaleId.Of("EJEMPLO-1")],
            StoreId = StoreId.Of("S01"),
            TillId = "T2",
            Currency = Currency.Eur,
            PricesIncludeVat = true,
            Seller = new InvoiceParty
            {
                Name = seller?.Name ?? Named,
                TradeName = seller?.TradeName,
                TaxId = seller?.TaxId ?? "B12345674",
                Address = seller?.Address ?? Street,
                Email = seller?.Email,
                Phone = seller?.Phone,
            },
            Buyer = new InvoiceParty
            {
                Name = "Ana García Núñez",
                TaxId = "12345678Z",
                Address = Street,
                CustomerId = CustomerId.Of("17850"),
                Language = seller?.Language,
            },
            Contact = new InvoiceContact
            {
                Name = "Ana García",
                Email = "ana@example.com",
                Language = seller?.Language,
            },
            Lines =
            [
                Line("1", "PORTAVELAS-1", "Portavelas de corazón", 2, 12.10m, 20m, 21, 24.20m),
                Line("2", "CUADERNO-7", "Cuaderno de tapa dura con un nombre bastante largo", 1, 17.60m, 16m, 10, 17.60m),
            ],
            VatBreakdown =
            [
                new VatBreakdownBody
                {
                    Category = "S",
                    Rate = 21,
                    TaxableAmount = 20m,
                    VatAmount = 4.20m,
                },
                new VatBreakdownBody
                {
                    Category = "S",
                    Rate = 10,
                    TaxableAmount = 16m,
                    VatAmount = 1.60m,
                },
            ],
            Totals = new InvoiceTotals
            {
                LineTotal = 36m,
                AllowanceTotal = 0,
                ChargeTotal = 0,
                TotalWithoutVat = 36m,
                VatTotal = 5.80m,
                TotalWithVat = 41.80m,
                PaidAmount = 1.80m,
                RoundingAmount = 0,
                AmountDue = 40m,
            },
            PaymentReference = "RF18539007547034",
            Payments = [new SalePayment { Means = PaymentMeans.Card, Amount = 1.80m }],
            Fiscal = new FiscalBody
            {
                Regime = "verifactu",
                Environment = SellerEnvironment.Test,
                RecordType = "F1",
                QrUrl =
                    "https://prewww2.aeat.es/wlpl/TIKE-CONT/ValidarQR?nif=B12345674&numserie=F-EJEMPLO-2026-000123&fecha=23-11-2026&importe=41.80",
                Submission = FiscalSubmission.Pending,
            },
        };

    private static InvoiceLineBody Line(
        string id,
        string sku,
        string name,
        decimal quantity,
        decimal unitPrice,
        decimal net,
        decimal rate,
        decimal gross
    ) =>
        new()
        {
            LineId = id,
            Sku = sku,
            Name = name,
            Quantity = quantity,
            Unit = "C62",
            UnitPrice = unitPrice,
            NetPrice = net / quantity,
            LineNetAmount = net,
            LineGrossAmount = gross,
            Vat = new InvoiceVatBody { Category = "S", Rate = rate },
        };

    private static OfferBlock OffersIn(bool spanish) =>
        new()
        {
            Label = spanish ? "Publicidad" : "Advertising",
            Heading = spanish ? "Para ti" : "For you",
            Offers =
            [
                new Offer
                {
                    Title = spanish ? "10 % en tu próxima compra" : "10% off your next purchase",
                    Text = spanish ? "En todo el hogar." : "On everything for the home.",
                    Code = "HOGAR-7K2M",
                    Until = spanish ? "Hasta el 31 de diciembre de 2026" : "Until 31 December 2026",
                    Because = spanish ? "Porque compraste Portavelas de corazón" : "Because you bought a heart candle holder",
                    Url = "https://tienda.example.com/hogar",
                },
            ],
            StopWords = spanish ? "No quiero recibir ofertas" : "Stop these offers",
            StopUrl = "https://delivery.example.com/consent/ejemplo",
            OneClickUrl = "https://delivery.example.com/v1/consent/withdrawals/ejemplo",
        };
}
