using RetailInvoicing.Contracts;

namespace RetailInvoicing.Invoicing.Invoices;

/// <summary>
/// From an invoice's currency into that of the seller's accounts, in which VAT is declared and the fiscal record stands (LIVA art. 79.Once,
/// RD 1619/2012 art. 12.1).
/// </summary>
public static class ExchangeRate
{
    /// <summary>The currency in which Spanish sellers keep their accounts.</summary>
    public static readonly Currency Accounting = Currency.Eur;

    /// <summary>No currency is worth more.</summary>
    public const decimal Most = 1_000_000m;

    /// <summary>An amount at a rate; the amount itself where the invoice is in the accounting currency and so has no rate.</summary>
    public static decimal Accounted(decimal amount, decimal? rate) =>
        rate is { } given ? Money.Of(amount * given, Accounting).Amount : amount;

    /// <summary>The totals with the VAT in the accounting currency (BT-111), where that is another one.</summary>
    public static InvoiceTotals Stating(this InvoiceTotals totals, decimal? rate) =>
        rate is null ? totals : totals with { VatTotalInAccountingCurrency = Accounted(totals.VatTotal, rate) };
}

/// <summary>An invoice's sums and breakdown in the currency of the seller's accounts: what its fiscal record states.</summary>
public sealed record AccountedAmounts
{
    /// <summary>CuotaTotal; BT-111 where the invoice is in another currency.</summary>
    public required decimal VatTotal { get; init; }

    /// <summary>ImporteTotal.</summary>
    public required decimal TotalWithVat { get; init; }

    /// <summary>DetalleDesglose: its parts sum to the totals.</summary>
    public required IReadOnlyList<VatBreakdownBody> VatBreakdown { get; init; }

    /// <summary>The amounts of an invoice as it was issued.</summary>
    public static AccountedAmounts Of(InvoiceBody invoice) => Of(invoice.Totals, invoice.VatBreakdown, invoice.ExchangeRate);

    /// <summary>The amounts at a rate; the odd cents of rounding go to the largest parts.</summary>
    public static AccountedAmounts Of(InvoiceTotals totals, IReadOnlyList<VatBreakdownBody> breakdown, decimal? rate)
    {
        if (rate is null)
        {
            return new AccountedAmounts
            {
                VatTotal = totals.VatTotal,
                TotalWithVat = totals.TotalWithVat,
                VatBreakdown = breakdown,
            };
        }

        var vat = ExchangeRate.Accounted(totals.VatTotal, rate);
        var total = ExchangeRate.Accounted(totals.TotalWithVat, rate);
        var taxable = new decimal[breakdown.Count];
        // The taxes first, then the surcharges: both are parts of the VAT total.
        var taxes = new decimal[breakdown.Count * 2];
        for (var i = 0; i < breakdown.Count; i++)
        {
            taxable[i] = ExchangeRate.Accounted(breakdown[i].TaxableAmount, rate);
            taxes[i] = ExchangeRate.Accounted(breakdown[i].VatAmount, rate);
            taxes[breakdown.Count + i] = ExchangeRate.Accounted(breakdown[i].SurchargeAmount ?? 0m, rate);
        }

        GiveOddCents(taxable, total - vat);
        GiveOddCents(taxes, vat);
        return new AccountedAmounts
        {
            VatTotal = vat,
            TotalWithVat = total,
            VatBreakdown =
            [
                .. breakdown.Select(
                    (each, i) =>
                        each with
                        {
                            TaxableAmount = taxable[i],
                            VatAmount = taxes[i],
                            SurchargeAmount = each.SurchargeAmount is null ? null : taxes[breakdown.Count + i],
                        }
                ),
            ],
        };
    }

    private static void GiveOddCents(decimal[] parts, decimal whole)
    {
        if (parts.Length > 0)
        {
            var largest = 0;
            for (var i = 1; i < parts.Length; i++)
            {
                largest = Math.Abs(parts[i]) > Math.Abs(parts[largest]) ? i : largest;
            }

            parts[largest] += whole - parts.Sum();
        }
    }
}
