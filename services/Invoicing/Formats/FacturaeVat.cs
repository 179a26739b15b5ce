using System.Xml.Linq;
using RetailInvoicing.Invoicing.En16931.Model;
using static RetailInvoicing.Invoicing.Formats.FacturaeReader;

namespace RetailInvoicing.Invoicing.Formats;

/// <summary>
/// The VAT of a Facturae in the categories of EN 16931, which Facturae does not name: its tax, its rate, whether a line is exempt or not
/// subject, and what the legal literals say tell them.
/// </summary>
internal static class FacturaeVat
{
    private const string ReverseCharge = "Inversión del sujeto pasivo";

    /// <summary>BG-23; taxes that are neither IVA, IGIC nor IPSI have no category and are left out.</summary>
    public static IReadOnlyList<VatBreakdown> Breakdown(XElement invoice, List<string> literals)
    {
        // What the lines under a tax and rate are: more than one thing where exempt and other sales stand at 0 %.
        var kinds = Each(invoice.Element("Items"), "InvoiceLine", each => each)
            .Where(line => TaxOf(line) is not null)
            .GroupBy(line =>
                (Said(TaxOf(line), "TaxTypeCode"), Amount(TaxOf(line), "TaxRate") ?? 0m, Line(line, literals).Category)
            )
            .Select(group => new Kind(
                group.Key.Item1,
                group.Key.Item2,
                group.Key.Category!,
                Said(group.First().Element("SpecialTaxableEvent"), "SpecialTaxableEventReason"),
                group.Sum(line => Amount(line, "GrossAmount") ?? 0m)
            ))
            .ToLookup(kind => (kind.Type, kind.Rate));
        var taken = new HashSet<Kind>();
        var breakdown = new List<VatBreakdown>();
        foreach (var tax in invoice.Element("TaxesOutputs")?.Elements("Tax") ?? [])
        {
            var rate = Amount(tax, "TaxRate") ?? 0m;
            var type = Said(tax, "TaxTypeCode");
            if (type is not ("01" or "02" or "03" or "17" or "18" or "19"))
            {
                continue;
            }

            var taxable = Amount(tax.Element("TaxableBase"), "TotalAmount");
            var here = kinds[(type, rate)].Where(each => !taken.Contains(each)).ToList();
            var kind = here.Find(each => each.Net == taxable) ?? here.FirstOrDefault();
            if (kind is not null)
            {
                taken.Add(kind);
            }

            var category = kind?.Category ?? CategoryOf(tax, null, literals);
            breakdown.Add(
                new VatBreakdown
                {
                    TaxableAmount = taxable,
                    TaxAmount = Amount(tax.Element("TaxAmount"), "TotalAmount"),
                    Category = category,
                    Rate = category == "O" ? null : rate,
                    ExemptionReason = category is "E" or "K" or "G" or "O" ? kind?.Reason
                        : category == "AE" ? literals.Find(IsReverseCharge)
                        : null,
                    ExemptionReasonCode = category switch
                    {
                        "AE" => "VATEX-EU-AE",
                        "K" => "VATEX-EU-IC",
                        "G" => "VATEX-EU-G",
                        "O" => "VATEX-EU-O",
                        _ => null,
                    },
                }
            );
        }

        return breakdown;
    }

    /// <summary>BG-30.</summary>
    public static LineVat Line(XElement line, List<string> literals)
    {
        if (TaxOf(line) is not { } tax)
        {
            return new LineVat();
        }

        var category = CategoryOf(tax, line.Element("SpecialTaxableEvent"), literals);
        return new LineVat { Category = category, Rate = category == "O" ? null : Amount(tax, "TaxRate") };
    }

    /// <summary>
    /// BG-20, BG-21. Facturae does not say under which rate a reduction falls: where there are several, the one whose taxable base
    /// differs from its lines by that amount; none where none does.
    /// </summary>
    public static IReadOnlyList<DocumentAllowance> Document(
        XElement invoice,
        string list,
        string name,
        IReadOnlyList<VatBreakdown> breakdown
    )
    {
        var sign = name == "Discount" ? -1m : 1m;
        var lines = Each(invoice.Element("Items"), "InvoiceLine", each => each)
            .GroupBy(line => Amount(TaxOf(line), "TaxRate") ?? 0m, line => Amount(line, "GrossAmount") ?? 0m)
            .ToDictionary(group => group.Key, group => group.Sum());
        var open = breakdown
            .Select(vat => (Vat: vat, Left: (vat.TaxableAmount ?? 0m) - lines.GetValueOrDefault(vat.Rate ?? 0m)))
            .ToList();
        var all = new List<DocumentAllowance>();
        foreach (var each in invoice.Element("InvoiceTotals")?.Element(list)?.Elements(name) ?? [])
        {
            var amount = Amount(each, $"{name}Amount") ?? 0m;
            var at = breakdown.Count == 1 ? 0 : open.FindIndex(part => part.Left == sign * amount);
            var vat = at < 0 ? null : open[at].Vat;
            if (at >= 0)
            {
                open[at] = (open[at].Vat, open[at].Left - sign * amount);
            }

            all.Add(
                new DocumentAllowance
                {
                    Amount = amount,
                    Percentage = Amount(each, $"{name}Rate"),
                    Reason = Said(each, $"{name}Reason"),
                    VatCategory = vat?.Category ?? "",
                    VatRate = vat?.Rate,
                }
            );
        }

        return all;
    }

    private static XElement? TaxOf(XElement line) => line.Element("TaxesOutputs")?.Element("Tax");

    private static string CategoryOf(XElement tax, XElement? special, List<string> literals)
    {
        var (type, rate) = (Said(tax, "TaxTypeCode"), Amount(tax, "TaxRate") ?? 0m);
        var reason = Said(special, "SpecialTaxableEventReason") ?? "";
        return Said(special, "SpecialTaxableEventCode") switch
        {
            "02" => "O",
            "01" when reason.Contains("intracomunit", StringComparison.OrdinalIgnoreCase) => "K",
            "01" when reason.Contains("exportaci", StringComparison.OrdinalIgnoreCase) => "G",
            "01" => "E",
            _ when type is "03" or "18" => "L",
            _ when type is "02" or "19" => "M",
            _ when rate != 0m => "S",
            _ => literals.Exists(IsReverseCharge) ? "AE" : "Z",
        };
    }

    private static bool IsReverseCharge(string literal) => literal.Contains(ReverseCharge, StringComparison.OrdinalIgnoreCase);

    /// <summary>What lines under one tax and rate are, why, and what they come to.</summary>
    private sealed record Kind(string? Type, decimal Rate, string Category, string? Reason, decimal Net);
}
