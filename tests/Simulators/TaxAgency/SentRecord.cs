using System.Globalization;
using System.Xml.Linq;

namespace RetailInvoicing.Simulators.TaxAgency;

/// <summary>A record as it was sent: a registration (RegistroAlta) or a cancellation (RegistroAnulacion).</summary>
internal sealed class SentRecord(XElement xml)
{
    public XElement Xml { get; } = xml;

    public bool IsRegistration { get; } = xml.Name.LocalName == "RegistroAlta";

    public string? Issuer => Text("IDFactura", IsRegistration ? "IDEmisorFactura" : "IDEmisorFacturaAnulada");

    public string? Number => Text("IDFactura", IsRegistration ? "NumSerieFactura" : "NumSerieFacturaAnulada");

    public string? IssueDate => Text("IDFactura", IsRegistration ? "FechaExpedicionFactura" : "FechaExpedicionFacturaAnulada");

    /// <summary>What identifies the invoice at the agency: issuer, number and date.</summary>
    public InvoiceKey Invoice => new(Issuer ?? "", Number ?? "", IssueDate ?? "");

    public string Kind => Text("TipoFactura") ?? "";

    public string? Fingerprint => Text("Huella");

    /// <summary>The link to the record before; null in the first record of a chain.</summary>
    public Link? Previous =>
        Xml.Get("Encadenamiento", "RegistroAnterior") is { } link
            ? new(
                new(link.Text("IDEmisorFactura") ?? "", link.Text("NumSerieFactura") ?? "", link.Text("FechaExpedicionFactura") ?? ""),
                link.Text("Huella") ?? ""
            )
            : null;

    public bool SaysFirst => Text("Encadenamiento", "PrimerRegistro") == "S";

    /// <summary>The billing system and installation: each has a chain of its own for each taxpayer.</summary>
    public string System
    {
        get
        {
            var system = Xml.Get("SistemaInformatico");
            var producer = system.Text("NIF") ?? system.Text("IDOtro", "ID");
            return $"{producer}/{system.Text("IdSistemaInformatico")}/{system.Text("NumeroInstalacion")}";
        }
    }

    public IReadOnlyList<TaxLine> Lines { get; } = [.. xml.All("Desglose", "DetalleDesglose").Select(each => new TaxLine(each))];

    public IReadOnlyList<Party> Recipients { get; } = [.. xml.All("Destinatarios", "IDDestinatario").Select(each => new Party(each))];

    public string? Text(params ReadOnlySpan<string> path) => Xml.Text(path);

    public bool Has(string name) => Xml.Get(name) is not null;

    /// <summary>A date of the record; null where it is missing or no day of the calendar.</summary>
    public DateOnly? Day(params ReadOnlySpan<string> path) => DayOf(Text(path));

    public decimal? Amount(params ReadOnlySpan<string> path) => AmountOf(Text(path));

    public DateOnly? IssuedOn => DayOf(IssueDate);

    /// <summary>The day of the operation, which is the day of issue where none is said.</summary>
    public DateOnly? OperatedOn => Has("FechaOperacion") ? Day("FechaOperacion") : IssuedOn;

    public static DateOnly? DayOf(string? text) =>
        DateOnly.TryParseExact(text, "dd-MM-yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public static decimal? AmountOf(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            ? amount
            : null;
}

/// <summary>What identifies an invoice at the agency.</summary>
internal sealed record InvoiceKey(string Issuer, string Number, string IssueDate);

/// <summary>A link of a chain: the record before and its fingerprint.</summary>
internal sealed record Link(InvoiceKey Invoice, string Fingerprint);

/// <summary>A line of the breakdown (DetalleDesglose).</summary>
internal sealed class TaxLine(XElement xml)
{
    /// <summary>01 VAT, which it also is where nothing is said; 02 IPSI; 03 IGIC; 05 others.</summary>
    public string Tax { get; } = xml.Text("Impuesto") ?? "01";

    public string? Regime { get; } = xml.Text("ClaveRegimen");

    public string? Class { get; } = xml.Text("CalificacionOperacion");

    public string? Exemption { get; } = xml.Text("OperacionExenta");

    public decimal? Rate { get; } = SentRecord.AmountOf(xml.Text("TipoImpositivo"));

    public decimal Base { get; } = SentRecord.AmountOf(xml.Text("BaseImponibleOimporteNoSujeto")) ?? 0;

    public decimal? CostBase { get; } = SentRecord.AmountOf(xml.Text("BaseImponibleACoste"));

    public decimal? Vat { get; } = SentRecord.AmountOf(xml.Text("CuotaRepercutida"));

    public decimal? SurchargeRate { get; } = SentRecord.AmountOf(xml.Text("TipoRecargoEquivalencia"));

    public decimal? Surcharge { get; } = SentRecord.AmountOf(xml.Text("CuotaRecargoEquivalencia"));

    public bool IsVat => Tax == "01";

    public bool IsVatOrIgic => Tax is "01" or "03";

    public bool HasSurcharge => SurchargeRate is not null || Surcharge is not null;
}

/// <summary>Somebody named in a record: by a NIF, or otherwise (IDOtro).</summary>
internal sealed class Party(XElement xml)
{
    public string? Name { get; } = xml.Text("NombreRazon");

    public string? Nif { get; } = xml.Text("NIF");

    public bool IsOther { get; } = xml.Get("IDOtro") is not null;

    public string? Country { get; } = xml.Text("IDOtro", "CodigoPais");

    public string? IdType { get; } = xml.Text("IDOtro", "IDType");

    public string? Id { get; } = xml.Text("IDOtro", "ID");
}
