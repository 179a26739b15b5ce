using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>What invoices have declared together, by tax treatment: an invoice with the differences stated since.</summary>
public static class Declared
{
    /// <summary>The sum of several breakdowns; what comes to nothing in base and VAT is left out. No rounding: parts are whole coins.</summary>
    public static IReadOnlyList<VatBreakdownBody> Sum(IEnumerable<InvoiceBody> invoices) =>
        [
            .. invoices
                .SelectMany(invoice => invoice.VatBreakdown)
                .GroupBy(vat => vat with { TaxableAmount = 0m, VatAmount = 0m, SurchargeAmount = null })
                .Select(group =>
                    group.Key with
                    {
                        TaxableAmount = group.Sum(vat => vat.TaxableAmount),
                        VatAmount = group.Sum(vat => vat.VatAmount),
                        SurchargeAmount = group.Any(vat => vat.SurchargeAmount is not null)
                            ? group.Sum(vat => vat.SurchargeAmount ?? 0m)
                            : null,
                    }
                )
                .Where(vat => vat.TaxableAmount != 0m || vat.VatAmount != 0m),
        ];

    /// <summary>ImporteRectificacion of an invoice that is stated anew.</summary>
    public static CorrectedAmounts Amounts(IReadOnlyList<VatBreakdownBody> declared) =>
        new()
        {
            TaxableAmount = declared.Sum(vat => vat.TaxableAmount),
            VatAmount = declared.Sum(vat => vat.VatAmount),
            SurchargeAmount = declared.Any(vat => vat.SurchargeAmount is not null) ? declared.Sum(vat => vat.SurchargeAmount ?? 0m) : null,
        };
}
