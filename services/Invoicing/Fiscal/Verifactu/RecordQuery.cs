using System.Globalization;
using System.Xml;
using RetailInvoicing.ServiceDefaults;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>ConsultaFactuSistemaFacturacion: which records of a month the agency is asked for, 10,000 at a time.</summary>
public sealed record RecordQuery
{
    /// <summary>Who asks: the seller (ObligadoEmision), or the buyer (Destinatario).</summary>
    public required HeaderPerson Asker { get; init; }

    /// <summary>Destinatario: the buyer asks.</summary>
    public bool AsBuyer { get; init; }

    /// <summary>Ejercicio: the year of the operation, or of issue where no day of operation is recorded.</summary>
    public required int Year { get; init; }

    /// <summary>Periodo: the month.</summary>
    public required int Month { get; init; }

    /// <summary>NumSerieFactura.</summary>
    public string? Number { get; init; }

    /// <summary>Contraparte: the other party, by NIF.</summary>
    public HeaderPerson? OtherParty { get; init; }

    /// <summary>RangoFechaExpedicion/Desde.</summary>
    public DateOnly? From { get; init; }

    /// <summary>RangoFechaExpedicion/Hasta; the same as From asks for one day.</summary>
    public DateOnly? To { get; init; }

    /// <summary>ClavePaginacion: the last record of the page before.</summary>
    public RecordedInvoice? After { get; init; }

    /// <summary>MostrarSistemaInformatico.</summary>
    public bool ShowSystem { get; init; }

    internal void Write(XmlWriter xml)
    {
        xml.WriteStartElement("Cabecera", RecordNames.Query);
        SubmissionHeader.Text(xml, "IDVersion", "1.0");
        SubmissionHeader.Person(xml, AsBuyer ? "Destinatario" : "ObligadoEmision", Asker);
        xml.WriteEndElement();

        xml.WriteStartElement("FiltroConsulta", RecordNames.Query);
        xml.WriteStartElement("PeriodoImputacion", RecordNames.Query);
        SubmissionHeader.Text(xml, "Ejercicio", Year.ToString("0000", CultureInfo.InvariantCulture));
        SubmissionHeader.Text(xml, "Periodo", Month.ToString("00", CultureInfo.InvariantCulture));
        xml.WriteEndElement();
        if (Number is { } number)
        {
            xml.WriteElementString("NumSerieFactura", RecordNames.Query, number.Trim());
        }

        if (OtherParty is { } other)
        {
            xml.WriteStartElement("Contraparte", RecordNames.Query);
            SubmissionHeader.Text(xml, "NombreRazon", RecordText.Free(other.Name, 120));
            SubmissionHeader.Text(xml, "NIF", other.Nif.Trim());
            xml.WriteEndElement();
        }

        Days(xml);
        if (After is { } after)
        {
            xml.WriteStartElement("ClavePaginacion", RecordNames.Query);
            SubmissionHeader.Text(xml, "IDEmisorFactura", after.TaxId.Trim());
            SubmissionHeader.Text(xml, "NumSerieFactura", after.Number.Trim());
            SubmissionHeader.Text(xml, "FechaExpedicionFactura", RecordText.Day(after.IssueDate));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        if (ShowSystem)
        {
            xml.WriteStartElement("DatosAdicionalesRespuesta", RecordNames.Query);
            xml.WriteElementString("MostrarSistemaInformatico", RecordNames.Query, "S");
            xml.WriteEndElement();
        }
    }

    private void Days(XmlWriter xml)
    {
        if (From is null && To is null)
        {
            return;
        }

        xml.WriteStartElement("FechaExpedicionFactura", RecordNames.Query);
        if (From == To)
        {
            SubmissionHeader.Text(xml, "FechaExpedicionFactura", RecordText.Day(From!.Value));
        }
        else
        {
            SubmissionHeader.Start(xml, "RangoFechaExpedicion");
            if (From is { } from)
            {
                SubmissionHeader.Text(xml, "Desde", RecordText.Day(from));
            }

            if (To is { } to)
            {
                SubmissionHeader.Text(xml, "Hasta", RecordText.Day(to));
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    internal static Outcome<RecordQuery> Read(RecordElement query)
    {
        var (head, filter) = (query["Cabecera"], query["FiltroConsulta"]);
        var period = filter["PeriodoImputacion"];
        if (
            !int.TryParse(period.Text("Ejercicio"), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            || !int.TryParse(period.Text("Periodo"), NumberStyles.None, CultureInfo.InvariantCulture, out var month)
            || month is < 1 or > 12
        )
        {
            return FiscalFaults.NotARecord.With("PeriodoImputacion");
        }

        var days = filter["FechaExpedicionFactura"];
        var (oneDay, range) = (SubmissionHeader.Day(days.Text("FechaExpedicionFactura")), days["RangoFechaExpedicion"]);
        return new RecordQuery
        {
            Asker = SubmissionHeader.Person(head["Destinatario"].Exists ? head["Destinatario"] : head["ObligadoEmision"]),
            AsBuyer = head["Destinatario"].Exists,
            Year = year,
            Month = month,
            Number = filter.Maybe("NumSerieFactura"),
            OtherParty = filter["Contraparte"].Exists ? SubmissionHeader.Person(filter["Contraparte"]) : null,
            From = oneDay ?? SubmissionHeader.Day(range.Text("Desde")),
            To = oneDay ?? SubmissionHeader.Day(range.Text("Hasta")),
            After = AgencyReply.Invoice(filter["ClavePaginacion"]),
            ShowSystem = query["DatosAdicionalesRespuesta"].Text("MostrarSistemaInformatico") == "S",
        };
    }
}
