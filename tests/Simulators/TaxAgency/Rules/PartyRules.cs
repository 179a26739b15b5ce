namespace RetailInvoicing.Simulators.TaxAgency.Rules;

/// <summary>What is checked of third parties and recipients, and of anybody who is identified otherwise than by a NIF.</summary>
internal static class PartyRules
{
    private static readonly DateOnly BrexitBegins = new(2021, 1, 1);
    private static readonly DateOnly BrexitDone = new(2021, 2, 1);

    public static readonly IReadOnlyList<Rule> All =
    [
        new(
            1186,
            "3.1.3 11",
            "With EmitidaPorTerceroODestinatario T the third party is named.",
            x => x.Says("EmitidaPorTerceroODestinatario", "T") && !x.Record.Has("Tercero")
        ),
        new(
            1158,
            "3.1.3 11",
            "With EmitidaPorTerceroODestinatario D the recipient is named.",
            x => x.Says("EmitidaPorTerceroODestinatario", "D") && x.Record.Recipients.Count == 0
        ),
        new(
            1155,
            "3.1.3 12",
            "A third party is named where EmitidaPorTerceroODestinatario stands.",
            x => x.Record.Has("Tercero") && !x.Record.Has("EmitidaPorTerceroODestinatario")
        ),
        new(
            1159,
            "3.1.3 12",
            "A third party is not named where the recipient issues.",
            x => x.Record.Has("Tercero") && x.Says("EmitidaPorTerceroODestinatario", "D")
        ),
        .. Foreign("3.1.3 12", Third),
        Rule.OfParties(1211, "3.1.3 12", "A third party is not identified by IDType 07.", Third, (_, party) => party.IdType == "07"),
        Rule.OfParties(
            1232,
            "3.1.3 12",
            "A third party of Spain is identified by passport (03).",
            Third,
            (_, party) => party.Country == "ES" && party.IdType is not "03"
        ),
        Rule.OfParties(1188, "3.1.3 12", "The third party is not the issuer.", Third, (x, party) => party.Nif == x.Header.Taxpayer),
        Rule.OfParties(
            1123,
            "list of codes",
            "NIFs have the shape of one.",
            Everybody,
            (_, party) => party.Nif is { } nif && !Nif.HasShape(nif)
        ),
        Rule.OfParties(1110, "3.1.3 12", "The third party is in the census.", Third, (x, party) => IsUnknown(x, party)),
        Rule.OfParties(
            1156,
            "3.1.3 13",
            "A recipient with a VAT number of another country gets F1, F3 or R1 to R4.",
            x => x.Record.Recipients,
            (x, party) => party.IdType == "02" && !x.IsKind("F1", "F3", "R1", "R2", "R3", "R4")
        ),
        new(
            1189,
            "3.1.3 13",
            "F1, F3 and R1 to R4 name a recipient.",
            x => x.IsKind("F1", "F3", "R1", "R2", "R3", "R4") && x.Record.Recipients.Count == 0
        ),
        new(1190, "3.1.3 13", "F2 and R5 name no recipient.", x => x.IsKind("F2", "R5") && x.Record.Has("Destinatarios")),
        Rule.OfParties(
            1191,
            "list of codes",
            "The recipients of an R3 have a NIF or IDType 07.",
            x => x.Record.Recipients,
            (x, party) => x.IsKind("R3") && party.IsOther && party.IdType is not "07"
        ),
        Rule.OfParties(
            1192,
            "list of codes",
            "The recipients of an R2 have a NIF, IDType 07 or a VAT number (02).",
            x => x.Record.Recipients,
            (x, party) => x.IsKind("R2") && party.IsOther && party.IdType is not ("07" or "02")
        ),
        .. Foreign("3.1.3 13", x => x.Record.Recipients),
        Rule.OfParties(
            1126,
            "3.1.3 13",
            "A recipient of Spain is identified by 03 or 07, and one by 07 is of Spain.",
            x => x.Record.Recipients,
            (_, party) => (party.Country == "ES" && party.IdType is not ("03" or "07")) || (party.IdType == "07" && party.Country != "ES")
        ),
        Rule.OfParties(
            1131,
            "list of codes",
            "The ID under 07 is a natural person's NIF.",
            x => x.Record.Recipients,
            (_, party) => party.IdType == "07" && !(Nif.IsPerson(party.Id) && Nif.IsSound(party.Id))
        ),
        Rule.OfParties(
            1193,
            "3.1.3 13",
            "A recipient with a NIF is in the census.",
            x => x.Record.Recipients,
            (x, party) => IsUnknown(x, party)
        ),
        Rule.OfParties(
            1283,
            "list of codes",
            "A natural person is named, too.",
            Everybody,
            (_, party) => Nif.IsPerson(party.Nif) && party.Name is null
        ),
    ];

    internal static bool IsUnknown(Examined x, Party party) => party.Nif is { } nif && !x.Census.Knows(nif);

    /// <summary>What holds for anybody identified otherwise than by a NIF.</summary>
    internal static IEnumerable<Rule> Foreign(string section, Func<Examined, IEnumerable<Party>> who) =>
        [
            Rule.OfParties(
                1111,
                section,
                "CodigoPais stands beside every IDType but 02.",
                who,
                (_, party) => party.IsOther && party.IdType != "02" && party.Country is null
            ),
            Rule.OfParties(
                1103,
                section,
                "A VAT number (02) has the structure of a member state's.",
                who,
                (_, party) => party.IsOther && (party.Id is null || (party.IdType == "02" && !VatNumber.HasShape(party.Id)))
            ),
            Rule.OfParties(
                1122,
                section,
                "CodigoPais is the country of the VAT number.",
                who,
                (_, party) =>
                    party is { IdType: "02", Country: { } country, Id: { } id } && country != VatNumber.CountryOf(id) && country != id[..2]
            ),
            Rule.OfParties(
                1254,
                section,
                "XI is not for operations before 01-01-2021.",
                who,
                (x, party) => HasPrefix(party, "XI") && x.OperatedOn < BrexitBegins
            ),
            Rule.OfParties(
                1255,
                section,
                "GB is not for operations from 01-02-2021 on.",
                who,
                (x, party) => HasPrefix(party, "GB") && x.OperatedOn >= BrexitDone
            ),
            Rule.OfParties(
                1121,
                section,
                "A VAT number is known.",
                who,
                (x, party) => party.IdType == "02" && !x.Census.KnowsAbroad(party.Id)
            ),
        ];

    private static bool HasPrefix(Party party, string prefix) =>
        party.IdType == "02" && party.Id!.StartsWith(prefix, StringComparison.Ordinal);

    private static IEnumerable<Party> Third(Examined x) => x.Record.Xml.Get("Tercero") is { } third ? [new Party(third)] : [];

    private static IEnumerable<Party> Everybody(Examined x) => Third(x).Concat(x.Record.Recipients);
}
