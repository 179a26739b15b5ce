using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>The sums of an invoice (BG-22), each by the standard's own rule.</summary>
public static class InvoiceSums
{
    /// <summary>BR-CO-10 to BR-CO-15 of an invoice of which nothing was paid yet.</summary>
    public static InvoiceTotals Of(
        IReadOnlyList<InvoiceLineBody> lines,
        IReadOnlyList<InvoiceAllowanceBody> allowances,
        IReadOnlyList<InvoiceAllowanceBody> charges,
        IReadOnlyList<VatBreakdownBody> breakdown,
        Currency currency
    )
    {
        var lineTotal = Money.Of(lines.Sum(static each => each.LineNetAmount), currency).Amount;
        var allowanceTotal = Money.Of(allowances.Sum(static each => each.Amount), currency).Amount;
        var chargeTotal = Money.Of(charges.Sum(static each => each.Amount), currency).Amount;
        var withoutVat = lineTotal - allowanceTotal + chargeTotal;
        var vat = Money.Of(breakdown.Sum(static each => each.VatAmount + (each.SurchargeAmount ?? 0m)), currency).Amount;
        var nothing = Money.Zero(currency).Amount;
        return new InvoiceTotals
        {
            LineTotal = lineTotal,
            AllowanceTotal = allowanceTotal,
            ChargeTotal = chargeTotal,
            TotalWithoutVat = withoutVat,
            VatTotal = vat,
            TotalWithVat = withoutVat + vat,
            PaidAmount = nothing,
            RoundingAmount = nothing,
            AmountDue = withoutVat + vat,
        };
    }

    /// <summary>The same with what was paid (BR-CO-16).</summary>
    public static InvoiceTotals Paid(this InvoiceTotals totals, decimal paid, Currency currency) =>
        totals with
        {
            PaidAmount = Money.Of(paid, currency).Amount,
            AmountDue = Money.Of(totals.TotalWithVat - paid, currency).Amount,
        };
}
