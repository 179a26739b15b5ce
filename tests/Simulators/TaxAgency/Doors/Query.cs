using System.Xml.Linq;
using RetailInvoicing.Simulators.TaxAgency.Books;
using RetailInvoicing.Simulators.TaxAgency.Rules;
using RetailInvoicing.Simulators.TaxAgency.Shape;

namespace RetailInvoicing.Simulators.TaxAgency.Doors;

/// <summary>Answers which invoices the agency has of a month: to their issuer, or to their recipient.</summary>
internal sealed class Query(Ledger ledger, IShape shape, Codes codes, TimeProvider clock)
{
    /// <summary>What is repeated of a record, in the order of the answer's schema.</summary>
    private static readonly string[] Repeated =
    [
        "RefExterna",
        "Subsanacion",
        "RechazoPrevio",
        "SinRegistroPrevio",
        "GeneradoPor",
        "Generador",
        "TipoFactura",
        "TipoRectificativa",
        "FacturasRectificadas",
        "FacturasSustituidas",
        "ImporteRectificacion",
        "FechaOperacion",
        "DescripcionOperacion",
        "FacturaSimplificadaArt7273",
        "FacturaSinIdentifDestinatarioArt61d",
        "Macrodato",
        "EmitidaPorTerceroODestinatario",
        "Tercero",
        "Destinatarios",
        "Cupon",
        "Desglose",
        "CuotaTotal",
        "ImporteTotal",
        "Encadenamiento",
        "SistemaInformatico",
        "FechaHoraHusoGenRegistro",
        "NumRegistroAcuerdoFacturacion",
        "IdAcuerdoSistemaInformatico",
        "TipoHuella",
        "Huella",
    ];

    // Of these the answer's schema has the block, and what stands directly in it, in its own namespace.
    private static readonly string[] OwnBlocks = ["FacturasRectificadas", "FacturasSustituidas", "Destinatarios", "Encadenamiento"];

    public (string? Answer, Refusal? Refusal) Answer(XElement message, string presenter, string environment)
    {
        if (MessageChecks.Of(message, shape).Refusal is { } refusal)
        {
            return (null, refusal);
        }

        var asked = new Asked(message);
        if (Refused(asked, presenter) is { } refused)
        {
            return (null, refused);
        }

        var found = ledger
            .Invoices(record =>
                record.Shelf is { Service: Service.Voluntary } shelf && shelf.Environment == environment && asked.Wants(record, presenter)
            )
            .ToList();
        if (asked.After is { } after)
        {
            found = [.. found.Skip(found.FindIndex(file => file.Latest.Invoice == after) + 1)];
        }

        var page = found.Take(ledger.Settings.PageSize).ToList();
        return (Write(asked, page, hasMore: found.Count > page.Count), null);
    }

    private Refusal? Refused(Asked asked, string presenter)
    {
        var nif = asked.Issuer ?? asked.Recipient;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Examined.Madrid).DateTime);
        return (asked, nif) switch
        {
            (_, null) => new(4102, "ObligadoEmision"),
            ({ Recipient: not null, IsRepresentative: true }, _) => new(1261),
            ({ Recipient: not null, ShowsSystem: true }, _) => new(1272),
            ({ Recipient: not null }, _) when !Nif.HasShape(nif) => new(4109, $"NIF:{nif}"),
            ({ Recipient: not null }, _) when !ledger.Census.Knows(nif) => new(4107, $"NIF:{nif}"),
            ({ Recipient: not null }, _) when presenter != nif => new(4132, $"NIF:{presenter}"),
            _ when asked.Issuer is not null && HeaderBreach(asked, today) is { } breach => breach,
            ({ Issuer: not null, IsRepresentative: false }, _) when presenter != nif => new(4112, $"NIF:{presenter}"),
            _ when asked.From > asked.Until => new(1250),
            _ => null,
        };
    }

    private Refusal? HeaderBreach(Asked asked, DateOnly today)
    {
        var header = new Header(asked.Header, Service.Voluntary);
        return HeaderRule.All.FirstOrDefault(rule => rule.IsBroken(header, ledger.Census, today)) is { } broken
            ? new(broken.Code, $"NIF:{header.Taxpayer}. NOMBRE_RAZON:{header.TaxpayerName}")
            : null;
    }

    private string Write(Asked asked, IReadOnlyList<InvoiceFile> page, bool hasMore) =>
        Soap.Envelope(
            new XElement(
                Names.Found + "RespuestaConsultaFactuSistemaFacturacion",
                new XElement(Names.Found + "Cabecera", asked.Header.Elements()),
                new XElement(
                    Names.Found + "PeriodoImputacion",
                    new XElement(Names.Found + "Ejercicio", asked.Year),
                    new XElement(Names.Found + "Periodo", asked.Month)
                ),
                new XElement(Names.Found + "IndicadorPaginacion", hasMore ? "S" : "N"),
                new XElement(Names.Found + "ResultadoConsulta", page.Count > 0 ? "ConDatos" : "SinDatos"),
                page.Select(file => Entry(file.Latest, asked)),
                hasMore ? new XElement(Names.Found + "ClavePaginacion", Id(page[^1].Latest.Invoice)) : null
            ),
            "tikLRRC"
        );

    private XElement Entry(KeptRecord record, Asked asked)
    {
        var xml = XElement.Parse(ledger.XmlOf(record));
        return new(
            Names.Found + "RegistroRespuestaConsultaFactuSistemaFacturacion",
            new XElement(Names.Found + "IDFactura", Id(record.Invoice)),
            new XElement(
                Names.Found + "DatosRegistroFacturacion",
                asked.ShowsIssuer && xml.Text("NombreRazonEmisor") is { } name
                    ? new XElement(Names.Found + "NombreRazonEmisor", name)
                    : null,
                Repeated.Where(each => each != "SistemaInformatico" || asked.ShowsSystem).Select(each => Copy(xml.Get(each))),
                record.Representative is { } nif ? new XElement(Names.Found + "NifRepresentante", nif) : null
            ),
            new XElement(
                Names.Found + "DatosPresentacion",
                Answers.Common("NIFPresentador", record.Presenter),
                Answers.Common("TimestampPresentacion", Answers.Timestamp(record.ReceivedAt)),
                Answers.Common("IdPeticion", record.RequestId)
            ),
            new XElement(
                Names.Found + "EstadoRegistro",
                new XElement(Names.Found + "TimestampUltimaModificacion", Answers.Timestamp(record.ReceivedAt)),
                new XElement(Names.Found + "EstadoRegistro", record.IsRegistration ? record.State : "Anulado"),
                record.Code is { } code
                    ? new object[]
                    {
                        new XElement(Names.Found + "CodigoErrorRegistro", code),
                        new XElement(Names.Found + "DescripcionErrorRegistro", codes.Text(code)),
                    }
                    : null
            )
        );
    }

    private static XElement[] Id(InvoiceKey invoice) =>
        [
            Answers.Common("IDEmisorFactura", invoice.Issuer),
            Answers.Common("NumSerieFactura", invoice.Number),
            Answers.Common("FechaExpedicionFactura", invoice.IssueDate),
        ];

    private static XElement? Copy(XElement? sent) =>
        sent switch
        {
            null => null,
            { HasElements: false } => new(Names.Found + sent.Name.LocalName, sent.Value),
            _ when OwnBlocks.Contains(sent.Name.LocalName) => new(
                Names.Found + sent.Name.LocalName,
                sent.Elements().Select(each => new XElement(Names.Found + each.Name.LocalName, each.Nodes()))
            ),
            _ => new(Names.Found + sent.Name.LocalName, sent.Elements()),
        };
}
