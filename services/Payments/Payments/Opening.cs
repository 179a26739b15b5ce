using RetailInvoicing.Contracts;

namespace RetailInvoicing.Payments.Payments;

/// <summary>What an issued invoice adds to the receivable, and what of the payments taken with its sale belongs to it.</summary>
public static class Opening
{
    /// <summary>
    /// Nothing for an exchange, whose tickets asked already, nor where only the VAT is taken back and the debt stays; for a substitution
    /// the difference to what it replaces; else its total.
    /// </summary>
    public static decimal Asked(InvoiceBody invoice) =>
        invoice switch
        {
            { Kind: InvoiceKind.Exchange } or { Correction.VatOnly: true } => 0m,
            { Correction: { Method: CorrectionMethod.Substitution, CorrectedAmounts: { } replaced } } => invoice.Totals.TotalWithVat
                + invoice.Totals.RoundingAmount
                - replaced.TaxableAmount
                - replaced.VatAmount
                - (replaced.SurchargeAmount ?? 0m),
            _ => invoice.Totals.TotalWithVat + invoice.Totals.RoundingAmount,
        };

    /// <summary>
    /// Whether payments come with it: an exchange shows those of its tickets, and what a substitution or a correction of VAT only counts as
    /// paid in advance is no money.
    /// </summary>
    public static bool BringsPayments(InvoiceBody invoice) =>
        invoice.Kind != InvoiceKind.Exchange && invoice.Correction is not ({ Method: CorrectionMethod.Substitution } or { VatOnly: true });

    /// <summary>
    /// The invoice's part of each payment taken with the sale. A sale may also take money for vouchers, deposits and tips, which are no
    /// part of the invoice: what is over the invoice's paid amount (BT-113) is theirs, taken from the last payments first.
    /// </summary>
    public static IReadOnlyList<decimal> ForInvoice(IReadOnlyList<decimal> taken, decimal paidAmount)
    {
        var parts = taken.ToArray();
        var over = parts.Sum() - paidAmount;
        for (var i = parts.Length - 1; i >= 0 && over != 0m; i--)
        {
            var cut = Math.Sign(parts[i]) == Math.Sign(over) ? Math.Sign(over) * Math.Min(Math.Abs(over), Math.Abs(parts[i])) : 0m;
            parts[i] -= cut;
            over -= cut;
        }

        return over == 0m
            ? parts
            : throw new InvalidOperationException($"an invoice says {paidAmount} was paid with the sale, and lists {taken.Sum()}");
    }
}
