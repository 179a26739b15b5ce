using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Invoices;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>What an invoice's registration says: the invoice in the agency's words, in EUR.</summary>
internal static class RegistrationOf
{
    private const int LongestDescription = 500;

    /// <summary>The registration of an invoice at its place in the chain.</summary>
    public static RegistrationRecord Invoice(
        InvoiceBody invoice,
        PrecedingRecord? preceding,
        InvoicingSystem system,
        DateTimeOffset recordedAt
    )
    {
        var accounted = AccountedAmounts.Of(invoice);
        return new RegistrationRecord
        {
            Invoice = Named(invoice),
            SellerName = invoice.Seller.Name,
            RecordType = invoice.Fiscal.RecordType,
            Method = invoice.Correction?.Method,
            Corrected = [.. invoice.Corrects.Select(each => Cited(invoice, each)).OfType<RecordedInvoice>()],
            Replaced = [.. invoice.Replaces.Select(each => Cited(invoice, each)).OfType<RecordedInvoice>()],
            CorrectedAmounts = invoice.Correction?.CorrectedAmounts,
            OperationDate = invoice.OperationDate == invoice.IssueDate ? null : invoice.OperationDate,
            Description = Cut(invoice.Fiscal.OperationDescription ?? "Venta"),
            Qualified = invoice.Qualified,
            // A ticket is declared without its buyer, also where we know who it is (AEAT validation 13).
            Buyers = invoice.Buyer is { } buyer && invoice.Fiscal.RecordType is not ("F2" or "R5") ? [Person(buyer)] : [],
            Vat = [.. accounted.VatBreakdown.Select(Share)],
            VatTotal = accounted.VatTotal,
            TotalWithVat = accounted.TotalWithVat,
            Preceding = preceding,
            System = system,
            RecordedAt = recordedAt,
        };
    }

    /// <summary>The invoice as records name it.</summary>
    public static RecordedInvoice Named(InvoiceBody invoice) => new(invoice.Seller.TaxId ?? "", invoice.Number, invoice.IssueDate);

    /// <summary>The same description, as long as the schema lets it be.</summary>
    public static string Cut(string text) => text.Length <= LongestDescription ? text : text[..LongestDescription];

    private static RecordedInvoice? Cited(InvoiceBody invoice, InvoiceReference cited) =>
        cited.IssueDate is { } date ? new RecordedInvoice(invoice.Seller.TaxId ?? "", cited.Number, date) : null;

    /// <summary>By NIF where it is one; otherwise by what the agency's list L7 calls it. A VAT identifier names its country itself.</summary>
    private static RecordedPerson Person(InvoiceParty buyer) =>
        buyer.TaxIdType is null or TaxIdType.Nif
            ? new RecordedPerson { Name = buyer.Name, Nif = buyer.TaxId }
            : new RecordedPerson
            {
                Name = buyer.Name,
                Other = new OtherIdentifier(
                    buyer.TaxIdType == TaxIdType.Vat ? null : buyer.TaxIdCountry,
                    buyer.TaxIdType switch
                    {
                        TaxIdType.Vat => "02",
                        TaxIdType.Passport => "03",
                        TaxIdType.NationalId => "04",
                        TaxIdType.Residence => "05",
                        _ => "06",
                    },
                    buyer.TaxId ?? ""
                ),
            };

    private static RecordedVat Share(VatBreakdownBody vat)
    {
        var isExempt = vat.ExemptionCause is not null;
        // What is not subject has no rate and no VAT (AEAT validation 15.4); what the buyer owes has both, and they are 0.
        var isTaxed = !isExempt && vat.Qualification is not ("N1" or "N2");
        return new RecordedVat
        {
            Tax = vat.Tax switch
            {
                "ipsi" => "02",
                "igic" => "03",
                _ => "01",
            },
            RegimeKey = vat.Tax == "ipsi" ? null : vat.RegimeKey,
            Qualification = isExempt ? null : vat.Qualification ?? "S1",
            ExemptionCause = vat.ExemptionCause,
            Rate = isTaxed ? vat.Rate : null,
            TaxableAmount = vat.TaxableAmount,
            VatAmount = isTaxed ? vat.VatAmount : null,
            SurchargeRate = isTaxed ? vat.SurchargeRate : null,
            SurchargeAmount = isTaxed ? vat.SurchargeAmount : null,
        };
    }
}
