using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Delivery.Personalisation;

/// <summary>
/// Who bought, as purchases and groups are counted by: the seller's own name for the customer, else a digest of the address. It compares
/// and tells nobody's address.
/// </summary>
public static class CustomerKey
{
    /// <summary>The key; nothing where nobody is known.</summary>
    public static string? Of(CustomerId? customer, string? email)
    {
        if (customer is { Value.Length: > 0 } known)
        {
            return "c:" + known.Value;
        }

        return EmailKey.Of(email) is { } address
            ? "e:" + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(address)).AsSpan(0, 18))
            : null;
    }

    /// <summary>The key of whoever an invoice is for.</summary>
    public static string? Of(InvoiceBody invoice) =>
        Of(invoice.Contact?.CustomerId ?? invoice.Buyer?.CustomerId, invoice.Contact?.Email ?? invoice.Buyer?.Email);
}
