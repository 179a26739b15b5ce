using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Sales;

/// <summary>A sale's treatment under VAT: one for every line, allowance and charge (none where it is spread over the rates).</summary>
public sealed record Taxation
{
    private const int MostFaults = 20;

    /// <summary>Of each line.</summary>
    public required IReadOnlyList<InvoiceVatBody> Lines { get; init; }

    /// <summary>Of each document allowance.</summary>
    public required IReadOnlyList<InvoiceVatBody?> Allowances { get; init; }

    /// <summary>Of each document charge.</summary>
    public required IReadOnlyList<InvoiceVatBody?> Charges { get; init; }

    /// <summary>Whether the buyer is charged the equivalence surcharge.</summary>
    public bool Surcharged { get; init; }

    /// <summary>The day whose rates hold.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>How each amount of a sale is taxed on a day, or every one that cannot be taxed so.</summary>
    public static Outcome<Taxation> Of(SalePosted sale, SellerBody seller, DateOnly day, bool surcharged)
    {
        var faults = new List<Fault>();
        (SaleVat Said, InvoiceVatBody Meant)? last = null;
        var lines = new InvoiceVatBody[sale.Lines.Count];
        var allowances = new InvoiceVatBody?[sale.Allowances.Count];
        var charges = new InvoiceVatBody?[sale.Charges.Count];
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = Treat(sale.Lines[i].Vat, "lines", i)!;
        }

        for (var i = 0; i < allowances.Length; i++)
        {
            allowances[i] = Treat(sale.Allowances[i].Vat, "allowances", i);
        }

        for (var i = 0; i < charges.Length; i++)
        {
            charges[i] = Treat(sale.Charges[i].Vat, "charges", i);
        }

        return faults.Count > 0
            ? Fault.Of(faults)
            : new Taxation
            {
                Lines = lines,
                Allowances = allowances,
                Charges = charges,
                Surcharged = surcharged,
                Day = day,
            };

        InvoiceVatBody? Treat(SaleVat? said, string list, int index)
        {
            if (said is null || faults.Count == MostFaults)
            {
                return null;
            }

            // Most sales say the same of every line.
            if (last is { } before && said == before.Said)
            {
                return before.Meant;
            }

            var treatment = VatRules.Of(said, seller, day, $"{list}[{index}].vat");
            if (treatment.Refused(out var fault))
            {
                faults.Add(fault);
                return null;
            }

            last = (said, treatment.Value);
            return treatment.Value;
        }
    }
}
