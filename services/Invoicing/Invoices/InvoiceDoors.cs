using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>What a seller's questions about invoices are answered over HTTP.</summary>
internal static class InvoiceDoors
{
    /// <summary>The invoice; 404 where this seller has none of that id.</summary>
    public static async Task<IResult> Get(string invoiceId, Caller caller, GetInvoice get, CancellationToken cancellationToken) =>
        InvoiceId.TryParse(invoiceId, out var id) && await get.GetAsync(id, caller.SellerId, null, cancellationToken) is { } invoice
            ? InvoiceReading.ToResult(invoice)
            : InvoicingFaults.NoInvoice.With().ToResult();
}
