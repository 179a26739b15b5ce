namespace RetailInvoicing.Simulators.TaxAgency.Rules;

/// <summary>What is checked of the billing system that made the record (SistemaInformatico).</summary>
internal static class SystemRules
{
    private const string Section = "3.1.5";

    public static readonly IReadOnlyList<Rule> All =
    [
        Rule.OfParties(
            1176,
            Section,
            "The producer's NIF has the shape of one.",
            Producer,
            (_, party) => party.Nif is { } nif && !Nif.HasShape(nif)
        ),
        Rule.OfParties(
            1221,
            Section,
            "A producer is not identified by 07, and one of Spain by passport (03).",
            Producer,
            (_, party) => party.IdType == "07" || (party.Country == "ES" && party.IdType is not "03")
        ),
        // What is 1103 of anybody else is 1222 here.
        .. PartyRules.Foreign(Section, Producer).Select(rule => rule.Code == 1103 ? rule with { Code = 1222 } : rule),
        new(
            1177,
            Section,
            "IdSistemaInformatico has two capital letters or digits.",
            x =>
                Field(x, "IdSistemaInformatico") is not { Length: 2 } id
                || !id.All(each => char.IsAsciiDigit(each) || char.IsAsciiLetterUpper(each))
        ),
        new(1220, Section, "NombreSistemaInformatico says something.", x => Field(x, "NombreSistemaInformatico") is null),
    ];

    private static string? Field(Examined x, string name) => x.Record.Text("SistemaInformatico", name);

    private static IEnumerable<Party> Producer(Examined x) =>
        x.Record.Xml.Get("SistemaInformatico") is { } system ? [new Party(system)] : [];
}
