namespace RetailInvoicing.Simulators.TaxAgency.Rules;

/// <summary>Whether the amounts of a registration agree, within ten euros.</summary>
internal static class AmountRules
{
    /// <summary>Lines and totals may be so far apart.</summary>
    public const decimal Margin = 10;

    private const decimal LargestSimplified = 3000;

    public static readonly IReadOnlyList<Rule> All =
    [
        Rule.OfLines(1207, "3.1.3 15.7", "Only S1 has VAT.", line => line.Vat is not (null or 0) && line.Class != "S1"),
        Rule.OfLines(
            1209,
            "3.1.3 15.7",
            "S1 under regime 06 says the rate and the VAT.",
            line => line is { Class: "S1", Regime: "06" } && (line.Rate is null || line.Vat is null)
        ),
        Rule.OfLines(
            1208,
            "3.1.3 15.7",
            "S1 says the rate and the VAT.",
            line => line.Class == "S1" && (line.Rate is null || line.Vat is null)
        ),
        Taxed(1143, "The VAT has the sign of its base.", line => line.CostBase is null && Opposed(line.Vat, line.Base)),
        Taxed(1142, "The VAT is the base by the rate.", line => line.CostBase is null && !Near(line.Vat, line.Base * line.Rate / 100)),
        Taxed(1140, "The VAT has the sign of the base at cost.", line => line.CostBase is { } cost && Opposed(line.Vat, cost)),
        Taxed(
            1144,
            "The VAT is the base at cost by the rate.",
            line => line.CostBase is { } cost && !Near(line.Vat, cost * line.Rate / 100)
        ),
        new(
            1150,
            "3.1.3 15.8",
            "An F2 comes to 3,000 at most, but for agreements and article 6.1.d.",
            x =>
                x.IsKind("F2")
                && !x.Record.Has("NumRegistroAcuerdoFacturacion")
                && !x.Says("FacturaSinIdentifDestinatarioArt61d", "S")
                && x.Record.Lines.Sum(line => line.Base + (line.Vat ?? 0)) > LargestSimplified + Margin
        ),
    ];

    internal static bool Near(decimal? one, decimal? other) => Math.Abs((one ?? 0) - (other ?? 0)) <= Margin;

    // Nothing has no sign.
    private static bool Opposed(decimal? one, decimal other) => Math.Sign(one ?? 0) * Math.Sign(other) < 0;

    /// <summary>A rule on taxed lines, but for corrections by differences, R2 and R3.</summary>
    private static Rule Taxed(int code, string says, Func<TaxLine, bool> isBroken) =>
        Rule.OfLines(
            code,
            "3.1.3 15.7",
            says,
            (x, line) =>
                line is { Class: "S1", Rate: not null, Vat: not null }
                && !x.Says("TipoRectificativa", "I")
                && !x.IsKind("R2", "R3")
                && isBroken(line)
        );
}
