using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>An issued invoice as UBL 2.1 under EN 16931.</summary>
public static class UblDocument
{
    /// <summary>Writes the document; refused where UBL has no place for what the invoice holds.</summary>
    public static Outcome<byte[]> Of(InvoiceBody invoice, PayeeAccount? account) =>
        invoice.VatBreakdown.Any(vat => vat.SurchargeAmount is not null) ? InvoicingFaults.SurchargeInUbl.With()
        : FormatLimits.Decimals(invoice) is { } decimals ? decimals
        : UblWriter.Write(SemanticForm.Of(invoice, account));
}
