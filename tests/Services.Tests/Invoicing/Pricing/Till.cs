using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Services.Tests.Invoicing.Pricing;

/// <summary>Sales and what is made of them, without a database: the draft, and the invoice as it would be issued.</summary>
internal static class Till
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 15, 30, TimeSpan.FromHours(1));

    public static SellerBody Seller { get; } =
        new()
        {
            Name = "Comercios Ñandú, S.L.",
            TaxId = "B12345674",
            Address = Madrid,
            Iban = "ES9121000418450200051332",
            Regime = FiscalRegime.Verifactu,
            AllowBlindReturns = true,
        };

    public static Address Madrid =>
        new()
        {
            Line1 = "Calle Mayor 1",
            PostalCode = "28013",
            City = "Madrid",
            Country = "ES",
        };

    public static SaleBuyer Buyer { get; } =
        new()
        {
            Name = "Bar Pepe, S.L.",
            TaxId = "B12345674",
            Business = true,
            Address = Madrid,
        };

    public static SaleBuyer Portuguese { get; } =
        new()
        {
            Name = "Loja, Lda.",
            TaxId = "PT123456789",
            TaxIdType = TaxIdType.Vat,
            Business = true,
            Address = Lisbon,
        };

    public static Address Lisbon =>
        new()
        {
            Line1 = "Rua Augusta 1",
            PostalCode = "1100-048",
            City = "Lisboa",
            Country = "PT",
        };

    public static SaleDelivery ToLisbon => new() { Date = new DateOnly(2026, 11, 23), Address = Lisbon };

    public static SaleVat Vat(string category, string? rate = null) =>
        new() { Category = category, Rate = rate is null ? null : Decimal(rate) };

    public static SaleLine Line(string price, string quantity = "1", string rate = "21") => Line(price, quantity, Vat("S", rate));

    public static SaleLine Line(string price, string quantity, SaleVat vat) =>
        new()
        {
            Sku = "85123A",
            Quantity = Decimal(quantity),
            UnitPrice = Decimal(price),
            Vat = vat,
        };

    public static SalePosted Sale(params SaleLine[] lines) =>
        new()
        {
            SaleId = SaleId.Of("S"),
            StoreId = StoreId.Of("S01"),
            OccurredAt = Now,
            Currency = Currency.Eur,
            Lines = lines,
        };

    public static Outcome<InvoiceDraft> Draft(SalePosted sale, SellerBody? seller = null, InvoiceBody? original = null) =>
        InvoiceDraft.Of(
            new RegisteredSeller(SellerId.Of("nandu"), seller ?? Seller),
            RetailInvoicing.Invoicing.Sales.Sale.Of(sale),
            original is null ? null : Original.Ours(original),
            Now
        );

    public static InvoiceIssued Issue(SalePosted sale, SellerBody? seller = null, InvoiceBody? original = null)
    {
        var draft = Draft(sale, seller, original);
        Assert.False(draft.Refused(out var fault), fault is null ? "" : $"{fault.Code.Code} {fault.Path} {fault.In(null)}");
        return Issue(draft.Value);
    }

    public static InvoiceIssued Issue(InvoiceDraft draft)
    {
        var numbered = new Numbered(
            InvoiceId.Of(Guid.Parse("0199f0c4-7a3b-7c1d-9e55-1f2a3b4c5d6e")),
            "F-S01-2026",
            "F-S01-2026-000001",
            new DateOnly(2026, 11, 23),
            Now
        );
        return Regimes.Issue(
            draft,
            numbered,
            Now,
            new InvoiceLinks
            {
                Self = "",
                Pdf = "",
                Ubl = "",
                Portal = "",
            }
        );
    }

    public static string Refuse(SalePosted sale, SellerBody? seller = null, InvoiceBody? original = null)
    {
        Assert.True(Draft(sale, seller, original).Refused(out var fault), "it was not refused");
        return fault.Code.Code;
    }

    /// <summary>What the till asks for a line, positive also where it comes back.</summary>
    public static decimal Asked(SaleLine line, Currency currency) =>
        Money.Of(line.UnitPrice * Math.Abs(line.Quantity), currency).Amount
        - line.Allowances.Sum(each => each.Amount)
        + line.Charges.Sum(each => each.Amount);

    public static decimal Decimal(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
