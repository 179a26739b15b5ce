using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Invoicing;
using RetailInvoicing.Invoicing.Fiscal;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>The number and the day that a draft becomes an invoice with.</summary>
public sealed record Numbered(InvoiceId InvoiceId, string Series, string Number, DateOnly IssueDate, DateTimeOffset IssuedAt);

/// <summary>An invoice and what its regime recorded of it.</summary>
public sealed record RecordedInvoiceIssued(InvoiceIssued Invoice, FiscalEntry Entry);

/// <summary>Makes the invoice of a draft, once it is numbered and recorded.</summary>
public static class IssuedInvoice
{
    /// <summary>The numbered invoice of a draft with what its regime records of it.</summary>
    public static Outcome<RecordedInvoiceIssued> Recorded(
        InvoiceDraft draft,
        Numbered numbered,
        IFiscalRegime regime,
        NextPlace? place,
        DateTimeOffset now,
        InvoiceLinks? links
    )
    {
        var invoice = Of(draft, numbered, Unrecorded(draft), links);
        var entry = regime.Register(invoice, new Recording(place, draft.Zone, now));
        return entry.Refused(out var unfit) ? unfit : new RecordedInvoiceIssued(invoice with { Fiscal = entry.Value.Body }, entry.Value);
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
            TypeCode = TypeCode(draft),
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
            SaleIds = draft.SaleIds,
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
            Replaces = draft.Replaces,
            Correction = draft.Correction,
            Fiscal = fiscal,
            Links = links,
        };
    }

    /// <summary>The invoice as it would be if it were issued now: complete but for its number and fiscal record.</summary>
    public static InvoiceBody Provisional(InvoiceDraft draft, DateTimeOffset now)
    {
        var issueDate = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, draft.Zone).DateTime);
        return Of(draft, new Numbered(default, "", "0", issueDate, now), Unrecorded(draft), null);
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

    /// <summary>An invoice as others cite it.</summary>
    public static InvoiceReference Cited(InvoiceBody invoice) =>
        new()
        {
            InvoiceId = invoice.InvoiceId,
            Number = invoice.Number,
            IssueDate = invoice.IssueDate,
        };

    /// <summary>
    /// BT-3: a correction that only takes away is a credit note (381); one that states anew, adds, or does both is a corrected invoice
    /// (384).
    /// </summary>
    private static string TypeCode(InvoiceDraft draft) =>
        draft.Correction is not { } correction ? "380"
        : correction.Method == CorrectionMethod.Differences
        && draft.Basket.VatBreakdown.All(static vat => vat.TaxableAmount <= 0m && vat.VatAmount <= 0m)
            ? "381"
        : "384";

    /// <summary>What the invoice says of its record before there is one.</summary>
    internal static FiscalBody Unrecorded(InvoiceDraft draft) =>
        new()
        {
            Regime = draft.Seller.Body.Regime.ToString().ToLowerInvariant(),
            Environment = draft.Seller.Body.Environment,
            RecordType = draft.RecordType,
            OperationDescription = Description(draft),
            Submission = FiscalSubmission.NotRequired,
        };

    private static string Description(InvoiceDraft draft) =>
        draft.Kind == InvoiceKind.Exchange ? "Factura en sustitución de facturas simplificadas"
        : draft is { Correction: not null, Act: null } ? "Devolución de mercancía"
        : draft.Correction is { } correction ? correction.Text ?? "Rectificación"
        : draft.Sale.Posted.Channel == Contracts.Events.Sales.SaleChannel.Online ? "Venta en línea"
        : "Venta en tienda";
}
