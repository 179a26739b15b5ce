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
    private const int MostSteps = 20_000;
    private const int MostPlaced = 32;

    /// <summary>BG-23; taxes that are neither IVA, IGIC nor IPSI have no category and are left out.</summary>
    public static IReadOnlyList<VatBreakdown> Breakdown(XElement invoice, List<string> literals)
    {
        // What the lines under a tax and rate are: more than one thing where exempt and other sales stand at 0 %.
        var kinds = Each(invoice.Element("Items"), "InvoiceLine", each => each)
            .Where(line => TaxOf(line) is not null)
            .GroupBy(line => (Said(TaxOf(line), "TaxTypeCode"), Amount(TaxOf(line), "TaxRate") ?? 0m, Line(line, literals).Category))
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
                    ExemptionReason =
                        category is "E" or "K" or "G" or "O" ? kind?.Reason
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
    /// BG-20 and BG-21. Facturae does not say under which rate a reduction or addition falls: the taxable bases tell it, which differ from
    /// their lines by what falls under each. Where they tell nothing it falls under none.
    /// </summary>
    public static (IReadOnlyList<DocumentAllowance> Allowances, IReadOnlyList<DocumentAllowance> Charges) Document(
        XElement invoice,
        IReadOnlyList<VatBreakdown> breakdown
    )
    {
        var totals = invoice.Element("InvoiceTotals");
        var less = Each(totals?.Element("GeneralDiscounts"), "Discount", each => each).ToList();
        var more = Each(totals?.Element("GeneralSurcharges"), "Charge", each => each).ToList();
        var amounts = less.Select(each => -(Amount(each, "DiscountAmount") ?? 0m))
            .Concat(more.Select(each => Amount(each, "ChargeAmount") ?? 0m))
            .ToList();
        var lines = Each(invoice.Element("Items"), "InvoiceLine", each => each)
            .GroupBy(line => Amount(TaxOf(line), "TaxRate") ?? 0m, line => Amount(line, "GrossAmount") ?? 0m)
            .ToDictionary(group => group.Key, group => group.Sum());
        var open = breakdown.Select(vat => (vat.TaxableAmount ?? 0m) - lines.GetValueOrDefault(vat.Rate ?? 0m)).ToArray();
        var places = new int[amounts.Count];
        var steps = MostSteps;
        var told = breakdown.Count == 1 || Place(amounts, open, places, 0, ref steps);
        DocumentAllowance Of(XElement at, string name, int index)
        {
            var vat = told ? breakdown[places[index]] : null;
            return new DocumentAllowance
            {
                Amount = Amount(at, $"{name}Amount") ?? 0m,
                Percentage = Amount(at, $"{name}Rate"),
                Reason = Said(at, $"{name}Reason"),
                VatCategory = vat?.Category ?? "",
                VatRate = vat?.Rate,
            };
        }

        return ([.. less.Select((each, i) => Of(each, "Discount", i))], [.. more.Select((each, i) => Of(each, "Charge", less.Count + i))]);
    }

    /// <summary>Puts every amount under a rate so that nothing stays open, trying one after the other; false where none fits in time.</summary>
    private static bool Place(List<decimal> amounts, decimal[] open, int[] places, int at, ref int steps)
    {
        if (at == amounts.Count)
        {
            return open.All(each => each == 0m);
        }

        // How deep it goes is bounded, too: it calls itself.
        for (var i = 0; i < open.Length && at < MostPlaced && steps-- > 0; i++)
        {
            open[i] -= amounts[at];
            places[at] = i;
            if (Place(amounts, open, places, at + 1, ref steps))
            {
                return true;
            }

            open[i] += amounts[at];
        }

        return false;
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
