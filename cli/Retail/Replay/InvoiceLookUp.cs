using System.Text.Json;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Retail.Replay;

/// <summary>Asks Invoicing for an invoice that there may be.</summary>
public sealed class InvoiceLookUp(HttpClient http)
{
    /// <summary>The invoice of a sale; absent while there is none.</summary>
    public async Task<InvoiceBody?> OfSaleAsync(string saleId, CancellationToken cancellation)
    {
        using var response = await http.GetAsync($"/v1/invoices?saleId={Uri.EscapeDataString(saleId)}", cancellation);
        await HttpDoor.RefuseAsync(response, cancellation);
        using var page = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), default, cancellation);
        var invoices = page.RootElement.EnumerateObject().First(property => property.Value.ValueKind == JsonValueKind.Array).Value;
        return invoices.EnumerateArray().Select(invoice => invoice.Deserialize<InvoiceBody>(Wire.Tolerant)).FirstOrDefault();
    }
}
