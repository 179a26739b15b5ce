using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>
/// An invoice of a former system: its number and date are all that is known of it. What is made of it here is kept under a name made of
/// the two.
/// </summary>
public static class FormerOriginal
{
    /// <summary>The name: the same for the same number and date, and told from our own names by its version (RFC 9562 UUID version 8).</summary>
    public static InvoiceId IdOf(SellerId seller, string number, DateOnly issueDate)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{seller.Value}\n{number}\n{issueDate:yyyy-MM-dd}");
        var hex = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return InvoiceId.Of(Guid.ParseExact($"{hex[..12]}8{hex[13..16]}8{hex[17..32]}", "N"));
    }
}
