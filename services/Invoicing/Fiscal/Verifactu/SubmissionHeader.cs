using System.Globalization;
using System.Xml;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>A taxpayer as headers name it: NombreRazon, at most 120 characters, and NIF.</summary>
public sealed record HeaderPerson(string Name, string Nif);

/// <summary>Cabecera: whose records a submission holds, and under which circumstances.</summary>
public sealed record SubmissionHeader
{
    /// <summary>ObligadoEmision: the seller.</summary>
    public required HeaderPerson Seller { get; init; }

    /// <summary>Representante: who made the records for the seller, where it was another.</summary>
    public HeaderPerson? Representative { get; init; }

    /// <summary>FechaFinVeriFactu: the last day in VERI*FACTU, a 31 December, where the seller leaves it.</summary>
    public DateOnly? LastDay { get; init; }

    /// <summary>Incidencia S: the records are late for a technical reason.</summary>
    public bool Incident { get; init; }

    /// <summary>RefRequerimiento: the agency's request that the records answer, outside VERI*FACTU.</summary>
    public string? Request { get; init; }

    /// <summary>FinRequerimiento S: with this submission the request is answered.</summary>
    public bool EndsRequest { get; init; }

    internal void Write(XmlWriter xml)
    {
        xml.WriteStartElement("Cabecera", RecordNames.Submission);
        Person(xml, "ObligadoEmision", Seller);
        if (Representative is { } representative)
        {
            Person(xml, "Representante", representative);
        }

        if (LastDay is not null || Incident)
        {
            Start(xml, "RemisionVoluntaria");
            if (LastDay is { } day)
            {
                Text(xml, "FechaFinVeriFactu", RecordText.Day(day));
            }

            if (Incident)
            {
                Text(xml, "Incidencia", "S");
            }

            xml.WriteEndElement();
        }

        if (Request is { } request)
        {
            Start(xml, "RemisionRequerimiento");
            Text(xml, "RefRequerimiento", request);
            if (EndsRequest)
            {
                Text(xml, "FinRequerimiento", "S");
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    internal static SubmissionHeader Read(RecordElement at)
    {
        var (own, asked) = (at["RemisionVoluntaria"], at["RemisionRequerimiento"]);
        return new SubmissionHeader
        {
            Seller = Person(at["ObligadoEmision"]),
            Representative = at["Representante"].Exists ? Person(at["Representante"]) : null,
            LastDay = Day(own.Text("FechaFinVeriFactu")),
            Incident = own.Text("Incidencia") == "S",
            Request = asked.Maybe("RefRequerimiento"),
            EndsRequest = asked.Text("FinRequerimiento") == "S",
        };
    }

    internal static DateOnly? Day(string text) =>
        DateOnly.TryParseExact(text, "dd-MM-yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    internal static HeaderPerson Person(RecordElement at) => new(at.Text("NombreRazon"), at.Text("NIF"));

    internal static void Person(XmlWriter xml, string name, HeaderPerson person)
    {
        Start(xml, name);
        Text(xml, "NombreRazon", RecordText.Free(person.Name, 120));
        Text(xml, "NIF", person.Nif.Trim());
        xml.WriteEndElement();
    }

    internal static void Start(XmlWriter xml, string name) => xml.WriteStartElement(name, RecordNames.Information);

    internal static void Text(XmlWriter xml, string name, string text) => xml.WriteElementString(name, RecordNames.Information, text);
}
