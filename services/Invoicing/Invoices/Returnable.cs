using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>What an invoice still has that can come back.</summary>
public static class Returnable
{
    /// <summary>
    /// Whether goods can come back of it: not of what was cancelled, nor of a statement of differences; a corrective invoice by
    /// substitution states the whole sale, and so takes the place of what it corrects.
    /// </summary>
    public static bool IsOpen(InvoiceBody invoice) =>
        invoice.Status == InvoiceStatus.Issued
        && (invoice.Kind != InvoiceKind.Corrective || invoice.Correction?.Method == CorrectionMethod.Substitution);

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
            // The lines of an exchange are its tickets' with their returns; elsewhere what comes back on a sale is of another invoice.
            var sold = original
                .Lines.Where(line =>
                    (line.Quantity > 0m || original.Kind == InvoiceKind.Exchange) && ReturnedGoods.Product(line) == product
                )
                .Sum(line => line.Quantity);
            var left = sold - quantitiesSoFar.GetValueOrDefault(product);
            if (quantity > 0m && quantity > left)
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
