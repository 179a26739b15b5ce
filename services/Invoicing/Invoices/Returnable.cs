using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>What an invoice still has that can come back.</summary>
public static class Returnable
{
    /// <summary>Refuses what exceeds, per product and in total, what the original still has after earlier returns.</summary>
    public static Fault? Check(
        InvoiceBody original,
        IReadOnlyDictionary<string, decimal> quantitiesSoFar,
        decimal totalSoFar,
        ReturnedGoods returned
    )
    {
        foreach (var (product, quantity) in returned.Quantities)
        {
            var sold = original
                .Lines.Where(line => line.Quantity > 0m && ReturnedGoods.Product(line) == product)
                .Sum(line => line.Quantity);
            var left = sold - quantitiesSoFar.GetValueOrDefault(product);
            if (quantity > left)
            {
                return InvoicingFaults.MoreThanLeft.At("lines", product, Plain(quantity), Plain(left));
            }
        }

        var leftInAll = original.Totals.TotalWithVat - totalSoFar;
        return returned.Total > leftInAll
            ? InvoicingFaults.MoreThanLeft.At("lines", original.Number, Plain(returned.Total), Plain(leftInAll))
            : null;
    }

    /// <summary>Without the zeros that a database's column adds.</summary>
    private static string Plain(decimal number) => number.ToString("0.#########", System.Globalization.CultureInfo.InvariantCulture);
}
