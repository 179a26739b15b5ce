using System.Globalization;
using System.Xml.Linq;
using RetailInvoicing.Simulators.TaxAgency.Books;

namespace RetailInvoicing.Simulators.TaxAgency.Doors;

/// <summary>What a query asks for (ConsultaFactuSistemaFacturacion).</summary>
internal sealed class Asked(XElement message)
{
    private readonly XElement _filter = message.Get("FiltroConsulta")!;

    public XElement Header { get; } = message.Get("Cabecera")!;

    public string? Issuer => Header.Text("ObligadoEmision", "NIF");

    public string? Recipient => Header.Text("Destinatario", "NIF");

    /// <summary>The one who asks does so as the taxpayer's representative, for the records that name it as one.</summary>
    public bool IsRepresentative => Header.Text("IndicadorRepresentante") == "S";

    public string Year => _filter.Text("PeriodoImputacion", "Ejercicio")!;

    public string Month => _filter.Text("PeriodoImputacion", "Periodo")!;

    public DateOnly? From => SentRecord.DayOf(_filter.Text("FechaExpedicionFactura", "RangoFechaExpedicion", "Desde"));

    public DateOnly? Until => SentRecord.DayOf(_filter.Text("FechaExpedicionFactura", "RangoFechaExpedicion", "Hasta"));

    public bool ShowsIssuer => message.Text("DatosAdicionalesRespuesta", "MostrarNombreRazonEmisor") == "S";

    public bool ShowsSystem => message.Text("DatosAdicionalesRespuesta", "MostrarSistemaInformatico") == "S";

    /// <summary>The last invoice of the page before.</summary>
    public InvoiceKey? After =>
        _filter.Get("ClavePaginacion") is { } key
            ? new(key.Text("IDEmisorFactura") ?? "", key.Text("NumSerieFactura") ?? "", key.Text("FechaExpedicionFactura") ?? "")
            : null;

    /// <summary>A record is among those asked for.</summary>
    public bool Wants(KeptRecord record, string presenter)
    {
        var counterparty = _filter.Text("Contraparte", "NIF") ?? _filter.Text("Contraparte", "IDOtro", "ID");
        var issued = SentRecord.DayOf(record.Invoice.IssueDate);
        var day = _filter.Text("FechaExpedicionFactura", "FechaExpedicionFactura");
        return (Issuer is { } issuer ? record.Shelf.Taxpayer == issuer : record.Recipients.Contains(Recipient))
            && (!IsRepresentative || record.Representative == presenter)
            && record.OperatedOn.ToString("yyyy-MM", CultureInfo.InvariantCulture) == $"{Year}-{Month}"
            && (_filter.Text("NumSerieFactura") is not { } number || record.Invoice.Number == number)
            && (counterparty is null || (Issuer is null ? record.Shelf.Taxpayer == counterparty : record.Recipients.Contains(counterparty)))
            && (day is null || record.Invoice.IssueDate == day)
            && (From is null || issued >= From)
            && (Until is null || issued <= Until)
            && (_filter.Text("RefExterna") is not { } reference || record.Reference == reference)
            && (_filter.Get("SistemaInformatico") is null || record.System == new SentRecord(_filter).System);
    }
}
