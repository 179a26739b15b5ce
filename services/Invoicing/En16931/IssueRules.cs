using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.En16931.Xml;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.En16931;

/// <summary>
/// Every invoice is held to all rules of EN 16931 before it gets a number, as the UBL document that it would be; a breach refuses the
/// sale under the rule's own code. A ticket's buyer is the final consumer there, so that what needs no buyer is held all the same.
/// </summary>
public static class IssueRules
{
    /// <summary>The fatal rules that it breaks, as one refusal; null where there is none.</summary>
    public static Fault? Of(InvoiceBody invoice, PayeeAccount? account)
    {
        using var reader = ReadXmlTree.Take();
        UblWriter.Fill(SemanticForm.Of(Restated(invoice), account), reader.Tree);
        var found = new Findings();
        ValidateDocument.Ubl(reader.Tree, found);
        var broken = found
            .Rules.Where(rule => RuleTable.SeverityOf(rule, inCii: false) == Severity.Fatal)
            .Concat(Inexact(invoice))
            .Except(LeftOut(invoice))
            .Distinct()
            .Order(StringComparer.Ordinal);
        List<Fault> breaches = [.. broken.Select(Breach)];
        return breaches.Count == 0 ? null : Fault.Of(breaches);
    }

    /// <summary>
    /// VAT that will not be collected stands on a base of 0 (LIVA art. 80.Tres, 80.Cuatro): the rules that tie VAT to its base cannot hold
    /// there; all others do.
    /// </summary>
    private static IEnumerable<string> LeftOut(InvoiceBody invoice) =>
        invoice.Correction?.VatOnly == true
            ? invoice.VatBreakdown.Select(vat => VatCategory.Of(vat.Category)!.Rule(9)).Append("BR-CO-17")
            : [];

    /// <summary>
    /// The official rules let a taxable amount and its VAT be off by up to one unit of the currency. Ours is the sum of its lines, and its
    /// VAT is right to the coin (with prices that include VAT the base carries the rounding too: less than a coin in all).
    /// </summary>
    private static IEnumerable<string> Inexact(InvoiceBody invoice)
    {
        // An exchange sums what its tickets declared, each with a rounding of its own.
        var coin = new decimal(1, 0, 0, false, (byte)invoice.Currency.MinorUnit) * Math.Max(1, 2 * invoice.Replaces.Count);
        foreach (var vat in invoice.VatBreakdown)
        {
            if (TaxableOf(invoice, vat) != vat.TaxableAmount)
            {
                yield return VatCategory.Of(vat.Category)!.Rule(8);
            }

            if (Math.Abs(vat.TaxableAmount * vat.Rate / 100m - vat.VatAmount) > coin)
            {
                yield return "BR-CO-17";
            }
        }
    }

    private static decimal TaxableOf(InvoiceBody invoice, VatBreakdownBody vat)
    {
        bool In(InvoiceVatBody? each) => each is not null && each.Category == vat.Category && each.Rate == vat.Rate;
        return invoice.Lines.Where(line => In(line.Vat)).Sum(line => line.LineNetAmount)
            - invoice.Allowances.Where(each => In(each.Vat)).Sum(each => each.Amount)
            + invoice.Charges.Where(each => In(each.Vat)).Sum(each => each.Amount);
    }

    /// <summary>
    /// The invoice in what UBL can hold, for the rules' sake alone: without the equivalence surcharge, which the standard has no place
    /// for, and amounts with more than two decimals in parts of their unit, since the standard knows two.
    /// </summary>
    private static InvoiceBody Restated(InvoiceBody invoice)
    {
        var surcharge = invoice.VatBreakdown.Sum(vat => vat.SurchargeAmount ?? 0m);
        var scale =
            invoice.Currency.MinorUnit > 3 ? 100m
            : invoice.Currency.MinorUnit > 2 ? 10m
            : 1m;
        if (surcharge == 0m && scale == 1m)
        {
            return invoice;
        }

        var totals = invoice.Totals;
        return invoice with
        {
            Lines =
            [
                .. invoice.Lines.Select(line =>
                    line with
                    {
                        NetPrice = line.NetPrice * scale,
                        LineNetAmount = line.LineNetAmount * scale,
                        Allowances = Scaled(line.Allowances, scale),
                        Charges = Scaled(line.Charges, scale),
                    }
                ),
            ],
            Allowances = Scaled(invoice.Allowances, scale),
            Charges = Scaled(invoice.Charges, scale),
            VatBreakdown =
            [
                .. invoice.VatBreakdown.Select(vat =>
                    vat with
                    {
                        TaxableAmount = vat.TaxableAmount * scale,
                        VatAmount = vat.VatAmount * scale,
                        SurchargeAmount = null,
                    }
                ),
            ],
            Totals = totals with
            {
                LineTotal = totals.LineTotal * scale,
                AllowanceTotal = totals.AllowanceTotal * scale,
                ChargeTotal = totals.ChargeTotal * scale,
                TotalWithoutVat = totals.TotalWithoutVat * scale,
                VatTotal = (totals.VatTotal - surcharge) * scale,
                TotalWithVat = (totals.TotalWithVat - surcharge) * scale,
                PaidAmount = totals.PaidAmount * scale,
                RoundingAmount = totals.RoundingAmount * scale,
                AmountDue = (totals.AmountDue - surcharge) * scale,
            },
        };
    }

    private static IReadOnlyList<InvoiceAllowanceBody> Scaled(IReadOnlyList<InvoiceAllowanceBody> each, decimal scale) =>
        scale == 1m ? each : [.. each.Select(one => one with { Amount = one.Amount * scale })];

    private static Fault Breach(string rule) =>
        InvoicingFaults.En16931(rule, $"{rule}: {RuleTable.TextOf(rule, "en")}", $"{rule}: {RuleTable.TextOf(rule, "es")}").With();
}
