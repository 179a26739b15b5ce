using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>The number and the day that a draft becomes an invoice with.</summary>
public sealed record Numbered(InvoiceId InvoiceId, string Series, string Number, DateOnly IssueDate, DateTimeOffset IssuedAt);

/// <summary>Makes the invoice of a draft, once it is numbered and recorded.</summary>
public static class IssuedInvoice
{
    /// <summary>What the fiscal record needs to know.</summary>
    public static UnrecordedInvoice Unrecorded(this InvoiceDraft draft, Numbered numbered)
    {
        var accounted = AccountedAmounts.Of(draft.Basket.Totals, draft.Basket.VatBreakdown, draft.ExchangeRate);
        return new UnrecordedInvoice
        {
            TaxId = draft.Seller.Body.TaxId,
            Number = numbered.Number,
            IssueDate = numbered.IssueDate,
            RecordType = draft.RecordType,
            VatTotal = accounted.VatTotal,
            TotalWithVat = accounted.TotalWithVat,
            OperationDescription = Description(draft),
            Environment = draft.Seller.Body.Environment,
            Zone = draft.Zone,
        };
    }

    /// <summary>The invoice as it is told.</summary>
    public static InvoiceIssued Of(InvoiceDraft draft, Numbered numbered, FiscalBody fiscal, InvoiceLinks? links)
    {
        var posted = draft.Sale.Posted;
        var seller = draft.Seller.Body;
        var totals = draft.Basket.Totals;
        var isDue = totals.AmountDue > 0m;
        return new InvoiceIssued
        {
            EventId = EventId.New(),
            InvoiceId = numbered.InvoiceId,
            Kind = draft.Kind,
            // By differences and in the buyer's favour: a credit note (BT-3 381).
            TypeCode = draft.Kind == InvoiceKind.Corrective ? "381" : "380",
            Qualified = draft.Qualified,
            Status = InvoiceStatus.Issued,
            Number = numbered.Number,
            Series = numbered.Series,
            IssueDate = numbered.IssueDate,
            OperationDate = draft.OperationDate,
            OccurredAt = TimeZoneInfo.ConvertTime(posted.OccurredAt, draft.Zone),
            // BR-CO-25: where something is due, a date or terms. A date that the till gives may lie in the past.
            DueDate =
                !isDue ? null
                : posted.DueDate is { } given ? given
                : posted.PaymentTerms is null ? numbered.IssueDate.AddDays(seller.DefaultTermsDays)
                : null,
            PaymentTerms = posted.PaymentTerms,
            IssuedAt = numbered.IssuedAt,
            SellerId = draft.Seller.SellerId,
            SaleIds = [posted.SaleId],
            StoreId = posted.StoreId,
            TillId = posted.TillId,
            Channel = posted.Channel,
            Currency = posted.Currency,
            AccountingCurrency = draft.ExchangeRate is null ? null : ExchangeRate.Accounting,
            ExchangeRate = draft.ExchangeRate,
            PricesIncludeVat = posted.PricesIncludeVat,
            Seller = draft.Seller.Party,
            Buyer = BuyerRules.WithContact(BuyerRules.Fiscal(draft.Buyer), draft.Contact),
            Contact = draft.Contact,
            Delivery = draft.Delivery,
            Lines = draft.Basket.Lines,
            Allowances = draft.Basket.Allowances,
            Charges = draft.Basket.Charges,
            VatBreakdown = draft.Basket.VatBreakdown,
            Totals = totals,
            PaymentReference = PaymentReference.Of(draft.Seller.SellerId, seller.Environment, posted.StoreId, numbered.Number),
            Payments = draft.Settlement.Payments,
            Corrects = draft.Kind == InvoiceKind.Corrective && draft.Original is { } original ? [original.Reference] : [],
            Correction =
                draft.Kind == InvoiceKind.Corrective
                    ? new InvoiceCorrection
                    {
                        Reason = draft.RecordType,
                        Text = posted.ReturnReason ?? "Devolución de mercancía",
                        Method = CorrectionMethod.Differences,
                    }
                    : null,
            Fiscal = fiscal,
            Links = links,
        };
    }

    /// <summary>The invoice as it would be if it were issued now: complete but for its number and fiscal record.</summary>
    public static InvoiceBody Provisional(InvoiceDraft draft, DateTimeOffset now)
    {
        var issueDate = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, draft.Zone).DateTime);
        var fiscal = new FiscalBody
        {
            Regime = draft.Seller.Body.Regime.ToString(),
            Environment = draft.Seller.Body.Environment,
            RecordType = draft.RecordType,
            Submission = FiscalSubmission.NotRequired,
        };
        return Of(draft, new Numbered(default, "", "0", issueDate, now), fiscal, null);
    }

    /// <summary>The fiscal row: without what may be erased, and without addresses that may change.</summary>
    public static InvoiceBody Kept(InvoiceBody issued) =>
        issued with
        {
            Buyer = BuyerRules.Fiscal(issued.Buyer),
            Contact = null,
            Links = null,
        };

    /// <summary>Where an invoice and its documents are fetched.</summary>
    public static InvoiceLinks Links(PublicAddress address, InvoiceId invoice) =>
        new()
        {
            Self = $"{address.Invoicing}/v1/invoices/{invoice}",
            Pdf = $"{address.Delivery}/v1/invoices/{invoice}/pdf",
            Ubl = $"{address.Invoicing}/v1/invoices/{invoice}/document?format=ubl",
            Cii = $"{address.Invoicing}/v1/invoices/{invoice}/document?format=cii",
            Facturae = $"{address.Invoicing}/v1/invoices/{invoice}/document?format=facturae",
            Portal = $"{address.Portal}/invoices/{invoice}",
        };

    private static string Description(InvoiceDraft draft) =>
        draft.Kind == InvoiceKind.Corrective ? "Devolución de mercancía"
        : draft.Sale.Posted.Channel == Contracts.Events.Sales.SaleChannel.Online ? "Venta en línea"
        : "Venta en tienda";
}
