namespace RetailInvoicing.Simulators.TaxAgency.Rules;

/// <summary>What goes with how a line is taxed (S1, S2, N1, N2, exempt) and with its regime (ClaveRegimen).</summary>
internal static class RegimeRules
{
    private static readonly string[] OfVat = [.. "01 02 03 04 05 06 07 08 09 10 11 14 15 17 18 19 20".Split(' ')];

    // L8B, and 20, which the validations add; the schemas of September 2025 know 21, which is then IGIC's.
    private static readonly string[] OfIgic = [.. "01 02 03 04 05 06 07 08 09 10 11 14 15 17 18 19 20 21".Split(' ')];

    public static readonly IReadOnlyList<Rule> All =
    [
        Of(1245, "15.6", "VAT and IGIC say their regime.", (_, line) => line is { IsVatOrIgic: true, Regime: null }),
        Of(1260, "15.6", "Other taxes say no regime.", (_, line) => line is { IsVatOrIgic: false, Regime: not null }),
        Of(
            1246,
            "15.6",
            "The regime is in list L8A for VAT, L8B for IGIC.",
            (_, line) => line.IsVatOrIgic && !(line.IsVat ? OfVat : OfIgic).Contains(line.Regime)
        ),
        Of(1182, "15.5", "E7 and E8 are not for VAT.", (_, line) => line is { IsVat: true, Exemption: "E7" or "E8" }),
        Of(
            1197,
            "15.4",
            "S2 is for F1, F3 and R1 to R4.",
            (x, line) => line.Class == "S2" && !x.IsKind("F1", "F3", "R1", "R2", "R3", "R4")
        ),
        Of(1198, "15.4", "S2 has the rate 0 and the VAT 0.", (_, line) => line.Class == "S2" && (line.Rate is not 0 || line.Vat is not 0)),
        Of(
            1237,
            "15.4",
            "N1 and N2 under VAT have no rate, no VAT and no surcharge.",
            (_, line) => line is { IsVat: true, Class: "N1" or "N2" } && HasAnyTax(line)
        ),
        Of(
            1238,
            "15.5",
            "What is exempt has no rate, no VAT and no surcharge.",
            (_, line) => line.Exemption is not null && HasAnyTax(line)
        ),
        Of(
            1284,
            "list of codes",
            "A surcharge has its rate and its amount.",
            (_, line) => line.SurchargeRate is null != line.Surcharge is null
        ),
        Of(1281, "15.6.9", "A surcharge goes with S1.", (_, line) => line.HasSurcharge && line.Class != "S1"),
        Of(
            1257,
            "15.2",
            "BaseImponibleACoste goes with regime 06, with IPSI and with other taxes.",
            (_, line) => line.CostBase is not null && !(line.Regime == "06" || line.Tax is "02" or "05")
        ),
        InRegime(1199, "01", "15.5", "Regime 01 is not with E2 and E3.", (_, line) => line.Exemption is "E2" or "E3"),
        InRegime(1200, "03", "15.6.1", "Regime 03 is with S1, if not exempt.", (_, line) => line.Class is not (null or "S1")),
        InRegime(1201, "04", "15.6.2", "Regime 04 is with S2, if not exempt.", (_, line) => line.Class is not (null or "S2")),
        InRegime(
            1202,
            "06",
            "15.6.3",
            "Regime 06 is not for F2, F3 and R5, and says BaseImponibleACoste.",
            (x, line) => x.IsKind("F2", "F3", "R5") || line.CostBase is null
        ),
        InRegime(
            1203,
            "07",
            "15.6.4",
            "Regime 07 is not with S2, N1, N2, E2, E3, E4 and E5.",
            (_, line) => line.Class is "S2" or "N1" or "N2" || line.Exemption is "E2" or "E3" or "E4" or "E5"
        ),
        InRegime(1252, "08", "15.6.5", "Regime 08 is with N2.", (_, line) => line.Class != "N2"),
        InRegime(
            1205,
            "10",
            "15.6.6",
            "Regime 10 is with N1, in an F1, to recipients with a NIF.",
            (x, line) => line.Class != "N1" || !x.IsKind("F1") || x.Record.Recipients.Any(party => party.Nif is null)
        ),
        Of(1206, "15.6.7", "Regime 11 has 21 %.", (_, line) => line is { IsVat: true, Regime: "11", Rate: not null and not 21 }),
        InRegime(
            1147,
            "14",
            "15.6.8",
            "Regime 14 says FechaOperacion, after the day of issue.",
            (x, _) => !(x.Record.Day("FechaOperacion") > x.Record.IssuedOn)
        ),
        InRegime(1148, "14", "15.6.8", "Regime 14 is for F1 and R1 to R4.", (x, _) => !x.IsKind("F1", "R1", "R2", "R3", "R4")),
        InRegime(
            1149,
            "14",
            "15.6.8",
            "Regime 14 is for recipients whose NIF begins with P, Q, S or V.",
            (x, _) => x.Record.Recipients.Any(party => party.Nif is not ['P' or 'Q' or 'S' or 'V', ..])
        ),
    ];

    private static bool HasAnyTax(TaxLine line) => line.Rate is not null || line.Vat is not null || line.HasSurcharge;

    private static Rule Of(int code, string section, string says, Func<Examined, TaxLine, bool> isBroken) =>
        Rule.OfLines(code, $"3.1.3 {section}", says, isBroken);

    /// <summary>A rule on lines of VAT or IGIC in one regime.</summary>
    private static Rule InRegime(int code, string regime, string section, string says, Func<Examined, TaxLine, bool> isBroken) =>
        Of(code, section, says, (x, line) => line.IsVatOrIgic && line.Regime == regime && isBroken(x, line));
}
