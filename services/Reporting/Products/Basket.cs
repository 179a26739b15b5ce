using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using RetailInvoicing.Contracts;

namespace RetailInvoicing.Reporting.Products;

/// <summary>What was bought together in one sale, each product once.</summary>
public sealed record Basket(SellerId SellerId, InvoiceId InvoiceId, DateOnly OperationDate, int Tier, IReadOnlyList<string> Products)
{
    /// <summary>The highest tier.</summary>
    public const int HighestTier = 20;

    /// <summary>The basket of an invoice; none where nothing was sold by it: what comes back, what corrects, what was given for tickets.</summary>
    public static Basket? Of(InvoiceBody invoice)
    {
        if (invoice.Kind is InvoiceKind.Corrective or InvoiceKind.Exchange)
        {
            return null;
        }

        var products = invoice
            .Lines.Where(line => line.Quantity > 0m)
            .Select(line => line.Sku ?? line.Name)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToArray();
        var sale = invoice.SaleIds.Count > 0 ? invoice.SaleIds[0].Value : invoice.InvoiceId.ToString();
        return products.Length == 0 ? null : new Basket(invoice.SellerId, invoice.InvoiceId, invoice.OperationDate, TierOf(sale), products);
    }

    /// <summary>How many zero bits the hash of a sale's id begins with: one in 2^n has n or more.</summary>
    public static int TierOf(string saleId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(saleId), hash);
        var first = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash);
        return Math.Min(HighestTier, BitOperations.LeadingZeroCount(first));
    }

    /// <summary>The lowest tier whose sales are expected to be no more than so many of all.</summary>
    public static int TierFor(long all, int most)
    {
        var tier = 0;
        for (var expected = (double)all; expected > most && tier < HighestTier; expected /= 2)
        {
            tier++;
        }

        return tier;
    }
}
