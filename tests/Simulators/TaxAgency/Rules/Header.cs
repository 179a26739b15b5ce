using System.Xml.Linq;

namespace RetailInvoicing.Simulators.TaxAgency.Rules;

/// <summary>The two doors of the agency: what is sent of one's own accord, and what is sent because the agency has asked for it.</summary>
internal enum Service
{
    Voluntary,
    Requirement,
}

/// <summary>The header of a submission (Cabecera).</summary>
internal sealed class Header(XElement xml, Service service)
{
    public XElement Xml { get; } = xml;

    public Service Service { get; } = service;

    public string Taxpayer { get; } = xml.Text("ObligadoEmision", "NIF") ?? "";

    public string? TaxpayerName { get; } = xml.Text("ObligadoEmision", "NombreRazon");

    public string? Representative { get; } = xml.Text("Representante", "NIF");

    public bool SaysIncident => Xml.Text("RemisionVoluntaria", "Incidencia") == "S";
}

/// <summary>A validation of the header: for a breach the whole submission is refused.</summary>
internal sealed record HeaderRule(int Code, string Section, string Says, Func<Header, Control.Census, DateOnly, bool> IsBroken)
{
    /// <summary>In the order in which they are looked at.</summary>
    public static readonly IReadOnlyList<HeaderRule> All =
    [
        new(4116, "3.1.1 1", "The taxpayer's NIF has the shape of one.", (header, _, _) => !Nif.HasShape(header.Taxpayer)),
        new(4104, "3.1.1 1", "The taxpayer is in the census.", (header, census, _) => !census.Knows(header.Taxpayer)),
        new(
            4117,
            "3.1.1 2",
            "The representative's NIF has the shape of one.",
            (header, _, _) => header.Representative is { } nif && !Nif.HasShape(nif)
        ),
        new(
            4105,
            "3.1.1 2",
            "The representative is in the census.",
            (header, census, _) => header.Representative is { } nif && !census.Knows(nif)
        ),
        new(
            1282,
            "list of codes",
            "A natural person of the header is named, too.",
            (header, _, _) =>
                Nameless(header.Xml.Get("ObligadoEmision"))
                || (header.Representative is not null && Nameless(header.Xml.Get("Representante")))
        ),
        new(
            4120,
            "3.1.1 3",
            "FechaFinVeriFactu is 31 December of this year or the last.",
            (header, _, today) =>
                header.Xml.Text("RemisionVoluntaria", "FechaFinVeriFactu") is { } end
                && end != $"31-12-{today.Year}"
                && end != $"31-12-{today.Year - 1}"
        ),
        new(
            4127,
            "3.1.1 3, 4",
            "RemisionVoluntaria stands in what is sent of one's own accord alone.",
            (header, _, _) => header.Service == Service.Requirement && header.Xml.Get("RemisionVoluntaria") is not null
        ),
        new(
            4130,
            "list of codes",
            "FinRequerimiento stands in answers to a requirement alone.",
            (header, _, _) => header.Service == Service.Voluntary && header.Xml.Get("RemisionRequerimiento", "FinRequerimiento") is not null
        ),
        new(
            4126,
            "3.1.1 5",
            "RefRequerimiento stands in answers to a requirement alone.",
            (header, _, _) => header.Service == Service.Voluntary && header.Xml.Get("RemisionRequerimiento") is not null
        ),
        new(
            4125,
            "3.1.1 5",
            "An answer to a requirement names it.",
            (header, _, _) => header.Service == Service.Requirement && header.Xml.Text("RemisionRequerimiento", "RefRequerimiento") is null
        ),
        new(
            4133,
            "list of codes",
            "RefRequerimiento has letters and digits only.",
            (header, _, _) =>
                header.Xml.Text("RemisionRequerimiento", "RefRequerimiento") is { } reference && !reference.All(char.IsAsciiLetterOrDigit)
        ),
    ];

    private static bool Nameless(XElement? person) => person.Text("NombreRazon") is null && Nif.IsPerson(person.Text("NIF"));
}
