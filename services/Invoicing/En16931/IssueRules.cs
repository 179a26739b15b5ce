using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.En16931;

/// <summary>The standard's rules that every invoice is held to before it is issued; a breach is refused under the rule's own code.</summary>
public static class IssueRules
{
    /// <summary>The first breach; null where there is none.</summary>
    public static Fault? Of(InvoiceBody invoice)
    {
        var totals = invoice.Totals;
        // With prices that include VAT the base carries the rounding too: less than a coin in all.
        var coin = new decimal(1, 0, 0, false, (byte)invoice.Currency.MinorUnit);
        var lineAllowances = invoice.Allowances.Sum(each => each.Amount);
        var lineCharges = invoice.Charges.Sum(each => each.Amount);
        return string.IsNullOrWhiteSpace(invoice.Seller.Name)
                ? Breach("BR-06", "the seller's name is missing", "falta el nombre del vendedor")
            : invoice.Kind == InvoiceKind.Full && string.IsNullOrWhiteSpace(invoice.Buyer?.Name)
                ? Breach("BR-07", "the buyer's name is missing", "falta el nombre del comprador")
            : invoice.Lines.Count == 0 ? Breach("BR-16", "there is no line", "no hay líneas")
            : invoice.Lines.Any(line => line.NetPrice < 0m) ? Breach("BR-27", "a net price is negative", "un precio neto es negativo")
            : invoice.Lines.Sum(line => line.LineNetAmount) != totals.LineTotal
                ? Breach("BR-CO-10", "the lines do not sum to their total", "las líneas no suman su total")
            : lineAllowances != totals.AllowanceTotal
                ? Breach("BR-CO-11", "the allowances do not sum to their total", "los descuentos no suman su total")
            : lineCharges != totals.ChargeTotal
                ? Breach("BR-CO-12", "the charges do not sum to their total", "los cargos no suman su total")
            : totals.LineTotal - totals.AllowanceTotal + totals.ChargeTotal != totals.TotalWithoutVat
                ? Breach("BR-CO-13", "the total without VAT does not fit", "el total sin IVA no cuadra")
            : invoice.VatBreakdown.Sum(vat => vat.VatAmount + (vat.SurchargeAmount ?? 0m)) != totals.VatTotal
                ? Breach("BR-CO-14", "the VAT does not sum to its total", "el IVA no suma su total")
            : totals.TotalWithoutVat + totals.VatTotal != totals.TotalWithVat
                ? Breach("BR-CO-15", "the total with VAT does not fit", "el total con IVA no cuadra")
            : totals.TotalWithVat - totals.PaidAmount + totals.RoundingAmount != totals.AmountDue
                ? Breach("BR-CO-16", "the amount due does not fit", "el importe pendiente no cuadra")
            : totals.AmountDue > 0m && invoice.DueDate is null && invoice.PaymentTerms is null
                ? Breach("BR-CO-25", "what is due has no date or terms", "lo pendiente no tiene vencimiento ni condiciones")
            : invoice.VatBreakdown.Any(vat => Taxable(invoice, vat) != vat.TaxableAmount)
                ? Breach("BR-S-08", "a taxable amount is not the sum of its lines", "una base no es la suma de sus líneas")
            : invoice.VatBreakdown.Any(vat => Math.Abs(vat.TaxableAmount * vat.Rate / 100m - vat.VatAmount) > coin)
                ? Breach("BR-CO-17", "an amount of VAT is not its base times its rate", "una cuota no es su base por su tipo")
            : invoice.AccountingCurrency is null != totals.VatTotalInAccountingCurrency is null
                ? Breach("BR-53", "the VAT in the accounting currency is missing", "falta el IVA en la moneda contable")
            : null;
    }

    private static decimal Taxable(InvoiceBody invoice, VatBreakdownBody vat)
    {
        bool In(InvoiceVatBody? each) => each is not null && each.Category == vat.Category && each.Rate == vat.Rate;
        return invoice.Lines.Where(line => In(line.Vat)).Sum(line => line.LineNetAmount)
            - invoice.Allowances.Where(each => In(each.Vat)).Sum(each => each.Amount)
            + invoice.Charges.Where(each => In(each.Vat)).Sum(each => each.Amount);
    }

    private static Fault Breach(string rule, string english, string spanish) =>
        InvoicingFaults.En16931(rule, $"{rule}: {english}.", $"{rule}: {spanish}.").With();
}
