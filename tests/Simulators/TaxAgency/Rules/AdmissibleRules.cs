namespace RetailInvoicing.Simulators.TaxAgency.Rules;

/// <summary>What a record is accepted in spite of, with an error: in the order of the validations, 4.3.1.</summary>
internal static class AdmissibleRules
{
    private static readonly string[] WithoutTotal = ["03", "05", "06", "08", "09"];

    public static readonly IReadOnlyList<Rule> All =
    [
        new(
            2001,
            "4.3.1",
            "A recipient under IDType 07 is in the census after all.",
            x => x.Record.Recipients.Any(party => party.IdType == "07" && !x.Census.Knows(party.Id))
        ),
        new(
            2008,
            "list of codes",
            "The fingerprint is not that of the record before.",
            x => x.Record.Previous is { } previous && previous.Fingerprint == x.Record.Fingerprint
        ),
        new(2000, "3.1.3 23, 3.1.4 7", "The fingerprint is right.", x => !Fingerprint.IsRight(x.Record.Xml)),
        new(2004, "3.1.3 20, 3.1.4 6", "The record was not made in the future.", x => x.MadeAt > x.Now + Examined.Margin || IsLate(x)),
        new(
            2005,
            "3.1.3 17",
            "ImporteTotal is the sum of the lines, but for regimes 03, 05, 06, 08 and 09.",
            x =>
                x.Record.IsRegistration
                && !x.Record.Lines.Any(line => WithoutTotal.Contains(line.Regime))
                && !AmountRules.Near(
                    x.Record.Amount("ImporteTotal"),
                    x.Record.Lines.Sum(line => line.Base + (line.Vat ?? 0) + (line.Surcharge ?? 0))
                )
        ),
        new(
            2006,
            "3.1.3 16",
            "CuotaTotal is the sum of the lines.",
            x =>
                x.Record.IsRegistration
                && !AmountRules.Near(x.Record.Amount("CuotaTotal"), x.Record.Lines.Sum(line => (line.Vat ?? 0) + (line.Surcharge ?? 0)))
        ),
        new(
            2007,
            "4.3.1",
            "PrimerRegistro stands in the first record of a system and taxpayer alone.",
            x => x.Record.SaysFirst && x.ChainHasRecords
        ),
        new(
            2002,
            "3.1.3 18, 3.1.4 4",
            "The fingerprint of the record before has 64 characters.",
            x => x.Record.Previous is { } previous && previous.Fingerprint.Length != 64
        ),
        new(
            2003,
            "3.1.3 18, 3.1.4 4",
            "The fingerprint of the record before is in capital hexadecimal.",
            x =>
                x.Record.Previous is { } previous && !previous.Fingerprint.All(each => char.IsAsciiDigit(each) || each is >= 'A' and <= 'F')
        ),
    ];

    private static bool IsLate(Examined x) => x.Settings.LateNeedsIncident && !x.Header.SaysIncident && x.MadeAt < x.Now - Examined.Margin;
}
