namespace RetailInvoicing.Simulators.TaxAgency.Rules;

/// <summary>What is checked of a cancellation.</summary>
internal static class CancellationRules
{
    private const string Section = "3.1.4 3";

    public static readonly IReadOnlyList<Rule> All =
    [
        new(1108, "3.1.4 1", "The issuer is the taxpayer of the header.", x => x.Record.Issuer != x.Header.Taxpayer) { Identifies = true },
        new(
            1130,
            "3.1.3 1",
            "NumSerieFacturaAnulada has printable ASCII characters only.",
            x => !InvoiceRules.IsPrintable(x.Record.Number)
        ),
        new(1105, "3.1.3 1", "FechaExpedicionFacturaAnulada is a day of the calendar.", x => x.Record.IssuedOn is null),
        new(1224, "3.1.4 2", "GeneradoPor and Generador stand together.", x => x.Record.Has("GeneradoPor") != x.Record.Has("Generador")),
        Rule.OfParties(
            1227,
            Section,
            "With E the one who makes it has a NIF.",
            Maker,
            (x, party) => x.Says("GeneradoPor", "E") && party.Nif is null
        ),
        Rule.OfParties(1258, Section, "The NIF has the shape of one.", Maker, (_, party) => party.Nif is { } nif && !Nif.HasShape(nif)),
        // With E it is the issuer itself: the sentence that its NIF be another's cannot be meant for it.
        Rule.OfParties(
            1259,
            Section,
            "The one who makes it is in the census and, but for E, not the issuer.",
            Maker,
            (x, party) => PartyRules.IsUnknown(x, party) || (!x.Says("GeneradoPor", "E") && party.Nif == x.Header.Taxpayer)
        ),
        .. PartyRules.Foreign(Section, Maker),
        Rule.OfParties(
            1229,
            Section,
            "With T it is not IDType 07.",
            Maker,
            (x, party) => x.Says("GeneradoPor", "T") && party.IdType == "07"
        ),
        Rule.OfParties(
            1230,
            Section,
            "With D somebody of Spain is identified by 03 or 07.",
            Maker,
            (x, party) => x.Says("GeneradoPor", "D") && party.Country == "ES" && party.IdType is not ("03" or "07")
        ),
        Rule.OfParties(
            1232,
            Section,
            "With T somebody of Spain is identified by passport (03).",
            Maker,
            (x, party) => x.Says("GeneradoPor", "T") && party.Country == "ES" && party.IdType is not "03"
        ),
        new(1244, "3.1.4 6", "FechaHoraHusoGenRegistro says its offset.", x => !InvoiceRules.HasOffset(x)),
    ];

    private static IEnumerable<Party> Maker(Examined x) => x.Record.Xml.Get("Generador") is { } maker ? [new Party(maker)] : [];
}
