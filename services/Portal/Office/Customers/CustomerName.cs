using System.Text.Json.Nodes;
using RetailInvoicing.Portal.Office.Sheets;

namespace RetailInvoicing.Portal.Office.Customers;

/// <summary>Who a customer is, as its latest invoice says.</summary>
public sealed record CustomerName(string? Name, string? Email, string? Phone, string? TaxId)
{
    /// <summary>Of the latest invoice; nothing known where there is none.</summary>
    public static CustomerName Of(JsonNode? invoice) =>
        new(
            invoice.Text("buyer.name") ?? invoice.Text("contact.name"),
            invoice.Text("contact.email") ?? invoice.Text("buyer.email"),
            invoice.Text("contact.phone") ?? invoice.Text("buyer.phone"),
            invoice.Text("buyer.taxId")
        );
}
