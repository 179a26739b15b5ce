using RetailInvoicing.Contracts;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>What an issued invoice can hold and EN 16931 cannot.</summary>
public static class FormatLimits
{
    /// <summary>Refused where an amount really has a third decimal, as of a currency of thousandths (BR-DEC).</summary>
    public static Fault? Decimals(InvoiceBody invoice) =>
        invoice.Currency.MinorUnit > 2 && !AllFit(invoice) ? InvoicingFaults.ThirdDecimal.With(invoice.Currency) : null;

    /// <summary>Refused where IGIC is charged at 0 %, which the rules of CII, unlike those of UBL, leave no place for (BR-AF-05 to 07).</summary>
    public static Fault? ZeroRate(InvoiceBody invoice) =>
        invoice.VatBreakdown.Any(vat => vat is { Category: "L", Rate: 0m }) ? InvoicingFaults.ZeroRateInCii.With() : null;

    private static bool AllFit(InvoiceBody invoice)
    {
        var totals = invoice.Totals;
        return Fits(totals.LineTotal)
            && Fits(totals.AllowanceTotal)
            && Fits(totals.ChargeTotal)
            && Fits(totals.VatTotal)
            && Fits(totals.TotalWithVat)
            && Fits(totals.PaidAmount)
            && Fits(totals.AmountDue)
            && invoice.VatBreakdown.All(vat => Fits(vat.TaxableAmount) && Fits(vat.VatAmount))
            && AllFit(invoice.Allowances)
            && AllFit(invoice.Charges)
            && invoice.Lines.All(line => Fits(line.LineNetAmount) && AllFit(line.Allowances) && AllFit(line.Charges));
    }

    private static bool AllFit(IReadOnlyList<InvoiceAllowanceBody> reductions) => reductions.All(each => Fits(each.Amount));

    private static bool Fits(decimal amount) => decimal.Round(amount, 2, MidpointRounding.ToZero) == amount;
}
