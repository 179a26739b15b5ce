using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Contracts.Events.Payments;

namespace RetailInvoicing.Services.Tests.Collections;

/// <summary>Events as Invoicing and Payments tell them, of an invoice at 21% VAT unless said otherwise.</summary>
internal static class Told
{
    public static readonly DateTimeOffset At = new(2026, 11, 23, 10, 15, 30, TimeSpan.FromHours(1));

    public static SellerRegistered Seller(string seller, string zone = "Europe/Madrid", string language = "es", long version = 1) =>
        new()
        {
            EventId = EventId.New(),
            SellerId = SellerId.Of(seller),
            Version = version,
            Name = "Comercios Ñandú, S.L.",
            TaxId = "B12345674",
            Address = new Address { City = "Madrid" },
            TimeZone = zone,
            Language = language,
            RegisteredAt = At,
        };

    public static InvoiceIssued Invoice(
        string seller,
        decimal total = 121m,
        decimal? due = null,
        DateOnly? dueDate = null,
        string? email = "c1@example.com",
        string customer = "c1",
        string currency = "EUR"
    )
    {
        var id = InvoiceId.New();
        var taxable = decimal.Round(total / 1.21m, 2, MidpointRounding.AwayFromZero);
        var vat = new InvoiceVatBody { Category = "S", Rate = 21m };
        return new InvoiceIssued
        {
            EventId = EventId.New(),
            SellerId = SellerId.Of(seller),
            InvoiceId = id,
            Kind = InvoiceKind.Full,
            TypeCode = "380",
            Status = InvoiceStatus.Issued,
            Number = $"F-{id.Value.ToString()[^6..]}",
            Series = "F",
            IssueDate = DateOnly.FromDateTime(At.DateTime),
            OperationDate = DateOnly.FromDateTime(At.DateTime),
            DueDate = dueDate ?? DateOnly.FromDateTime(At.DateTime).AddDays(30),
            IssuedAt = At,
            SaleIds = [SaleId.Of($"sale-{id}")],
            StoreId = StoreId.Of("S01"),
            TillId = "T1",
            Currency = Currency.Of(currency),
            Seller = new InvoiceParty { Name = "Comercios Ñandú, S.L." },
            Contact = new InvoiceContact
            {
                CustomerId = CustomerId.Of(customer),
                Name = "Clara Peñalver",
                Email = email,
            },
            Lines =
            [
                new InvoiceLineBody
                {
                    LineId = "1",
                    Sku = "85123A",
                    Name = "Portavelas",
                    Quantity = 1m,
                    Unit = "C62",
                    UnitPrice = total,
                    NetPrice = taxable,
                    LineNetAmount = taxable,
                    LineGrossAmount = total,
                    Vat = vat,
                },
            ],
            VatBreakdown =
            [
                new VatBreakdownBody
                {
                    Category = "S",
                    Rate = 21m,
                    TaxableAmount = taxable,
                    VatAmount = total - taxable,
                },
            ],
            Totals = new InvoiceTotals
            {
                LineTotal = taxable,
                AllowanceTotal = 0m,
                ChargeTotal = 0m,
                TotalWithoutVat = taxable,
                VatTotal = total - taxable,
                TotalWithVat = total,
                PaidAmount = total - (due ?? total),
                RoundingAmount = 0m,
                AmountDue = due ?? total,
            },
            PaymentReference = "RF18539007547034",
            Fiscal = new FiscalBody
            {
                Regime = "none",
                Environment = SellerEnvironment.Test,
                RecordType = "F1",
                Submission = FiscalSubmission.NotRequired,
            },
        };
    }

    public static PaymentAllocated Allocated(InvoiceIssued invoice, long version, decimal stillDue, TimeSpan later = default) =>
        new()
        {
            EventId = EventId.New(),
            SellerId = invoice.SellerId,
            InvoiceId = invoice.InvoiceId,
            PaymentId = PaymentId.New(),
            Currency = invoice.Currency,
            Amount = 1m,
            AmountDue = stillDue,
            BalanceVersion = version,
            AllocatedAt = invoice.IssuedAt + later,
        };

    public static InvoicePaid Paid(InvoiceIssued invoice, TimeSpan later = default) =>
        new()
        {
            EventId = EventId.New(),
            SellerId = invoice.SellerId,
            InvoiceId = invoice.InvoiceId,
            Currency = invoice.Currency,
            TotalWithVat = invoice.Totals.TotalWithVat,
            PaidAt = invoice.IssuedAt + later,
        };

    public static InvoiceCancelled Cancelled(InvoiceIssued invoice) =>
        new()
        {
            EventId = EventId.New(),
            SellerId = invoice.SellerId,
            InvoiceId = invoice.InvoiceId,
            Number = invoice.Number,
            CancelledAt = invoice.IssuedAt.AddMinutes(1),
        };
}
