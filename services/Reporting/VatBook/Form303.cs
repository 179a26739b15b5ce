using RetailInvoicing.Contracts;

namespace RetailInvoicing.Reporting.VatBook;

/// <summary>What the invoices of a period come to under one treatment.</summary>
public sealed record DeclaredSum
{
    /// <summary>Whether it is of corrective invoices.</summary>
    public required bool IsCorrective { get; init; }

    /// <summary>Clave de Operación.</summary>
    public required string OperationKey { get; init; }

    /// <summary>Calificación; none where it is exempt.</summary>
    public string? Qualification { get; init; }

    /// <summary>Operación Exenta; none where it is not.</summary>
    public string? Exemption { get; init; }

    /// <summary>Tipo de IVA; none where nothing is taxed.</summary>
    public decimal? Rate { get; init; }

    /// <summary>Tipo de Recargo Eq.; none where there is none.</summary>
    public decimal? SurchargeRate { get; init; }

    /// <summary>Base Imponible.</summary>
    public required decimal TaxableAmount { get; init; }

    /// <summary>Cuota.</summary>
    public required decimal VatAmount { get; init; }

    /// <summary>Cuota de recargo.</summary>
    public required decimal SurchargeAmount { get; init; }
}

/// <summary>What a book declares: its lines without those of invoices given for tickets.</summary>
public sealed record Declared(decimal TaxableAmount, decimal VatAmount, decimal SurchargeAmount, decimal Total)
{
    /// <summary>The sum of a period's sums.</summary>
    public static Declared Of(IEnumerable<DeclaredSum> sums)
    {
        var (taxable, vat, surcharge) = (0m, 0m, 0m);
        foreach (var sum in sums)
        {
            (taxable, vat, surcharge) = (taxable + sum.TaxableAmount, vat + sum.VatAmount, surcharge + sum.SurchargeAmount);
        }

        return new Declared(Coins(taxable), Coins(vat), Coins(surcharge), Coins(taxable + vat + surcharge));
    }

    private static decimal Coins(decimal amount) => Money.Of(amount, Currency.Eur).Amount;
}

/// <summary>A box (casilla) of form 303 and what stands in it.</summary>
public sealed record FormBox(string Box, string English, string Spanish, decimal Amount);

/// <summary>
/// The figures of form 303 that follow from issued invoices: VAT due, and the boxes that inform. What is bought, imported or deducted is of
/// other books, and no box here speaks of it.
/// </summary>
public static class Form303
{
    /// <summary>Which publication of the form it is.</summary>
    public const string Version = "303 (2025)";

    // Base, rate and VAT of the general regime, by rate; then base, rate and surcharge of the equivalence surcharge.
    private static readonly (decimal Rate, string Base, string Vat)[] General =
    [
        (0m, "150", "152"),
        (2m, "165", "167"),
        (4m, "01", "03"),
        (5m, "153", "155"),
        (7.5m, "153", "155"),
        (10m, "04", "06"),
        (21m, "07", "09"),
    ];
    private static readonly (decimal Rate, string Base, string Surcharge)[] Surcharges =
    [
        (0m, "168", "170"),
        (0.26m, "168", "170"),
        (0.5m, "16", "18"),
        (0.62m, "168", "170"),
        (1m, "168", "170"),
        (1.4m, "19", "21"),
        (1.75m, "156", "158"),
        (5.2m, "22", "24"),
    ];

    /// <summary>The boxes that hold anything, and box 27 always, in the order of the form.</summary>
    public static IReadOnlyList<FormBox> Of(IEnumerable<DeclaredSum> sums)
    {
        var boxes = new SortedDictionary<int, FormBox>();
        var due = 0m;
        foreach (var sum in sums)
        {
            switch (sum)
            {
                // Of another form or of none: one-stop shop, retailers under the surcharge, and cash accounting, which is due when paid.
                case { OperationKey: "17" }:
                    Add(boxes, "123", "One-stop shop, base", "Operaciones OSS, base", sum.TaxableAmount);
                    break;
                case { OperationKey: "18" }:
                    break;
                case { OperationKey: "07" }:
                    Add(boxes, "62", "Cash accounting, base", "Criterio de caja, base", sum.TaxableAmount);
                    Add(boxes, "63", "Cash accounting, VAT", "Criterio de caja, cuota", sum.VatAmount);
                    break;
                case { Qualification: "S1", IsCorrective: true }:
                    Add(boxes, "14", "Corrections, base", "Modificación de bases", sum.TaxableAmount);
                    Add(boxes, "15", "Corrections, VAT", "Modificación de cuotas", sum.VatAmount);
                    if (sum.SurchargeRate is not null)
                    {
                        Add(boxes, "25", "Corrections of the surcharge, base", "Modificación de bases de recargo", sum.TaxableAmount);
                        Add(boxes, "26", "Corrections of the surcharge", "Modificación de cuotas de recargo", sum.SurchargeAmount);
                    }

                    due += sum.VatAmount + sum.SurchargeAmount;
                    break;
                case { Qualification: "S1" }:
                    due += Taxed(boxes, sum);
                    break;
                case { Qualification: "S2" }:
                    Add(boxes, "122", "Reverse charge, base", "Sujetas con inversión del sujeto pasivo, base", sum.TaxableAmount);
                    break;
                case { Qualification: "N2" }:
                    Add(boxes, "120", "Not subject by place, base", "No sujetas por reglas de localización, base", sum.TaxableAmount);
                    break;
                case { Exemption: "E5" }:
                    Add(boxes, "59", "Intra-Community supplies", "Entregas intracomunitarias", sum.TaxableAmount);
                    break;
                case { Exemption: "E2" or "E3" or "E4" }:
                    Add(boxes, "60", "Exports and the like", "Exportaciones y operaciones asimiladas", sum.TaxableAmount);
                    break;
                default:
                    break;
            }
        }

        boxes[27] = new FormBox("27", "VAT due", "Total cuota devengada", Money.Of(due, Currency.Eur).Amount);
        return [.. boxes.Values];
    }

    private static decimal Taxed(SortedDictionary<int, FormBox> boxes, DeclaredSum sum)
    {
        var rate = sum.Rate ?? 0m;
        // A rate that the form has no row for would be lost: it stands with the general one, and the book's rule 39 tells of it.
        var row = Array.Find(General, each => each.Rate == rate) is { Base: not null } known ? known : General[^1];
        Add(boxes, row.Base, $"Base at {Percent(row.Rate)}", $"Base al {Percent(row.Rate)}", sum.TaxableAmount);
        Add(boxes, row.Vat, $"VAT at {Percent(row.Rate)}", $"Cuota al {Percent(row.Rate)}", sum.VatAmount);
        if (sum.SurchargeRate is not { } surchargeRate)
        {
            return sum.VatAmount;
        }

        var surcharge = Array.Find(Surcharges, each => each.Rate == surchargeRate) is { Base: not null } other ? other : Surcharges[^1];
        Add(
            boxes,
            surcharge.Base,
            $"Surcharge {Percent(surcharge.Rate)}, base",
            $"Recargo {Percent(surcharge.Rate)}, base",
            sum.TaxableAmount
        );
        Add(boxes, surcharge.Surcharge, $"Surcharge {Percent(surcharge.Rate)}", $"Recargo {Percent(surcharge.Rate)}", sum.SurchargeAmount);
        return sum.VatAmount + sum.SurchargeAmount;
    }

    private static string Percent(decimal rate) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{rate:0.##} %");

    private static void Add(SortedDictionary<int, FormBox> boxes, string box, string english, string spanish, decimal amount)
    {
        var place = int.Parse(box, System.Globalization.CultureInfo.InvariantCulture);
        var before = boxes.TryGetValue(place, out var known) ? known.Amount : 0m;
        boxes[place] = new FormBox(box, english, spanish, Money.Of(before + amount, Currency.Eur).Amount);
    }
}
