using System.Globalization;
using System.Xml.Linq;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>A submission with one sound record, as text: a test changes a piece of it, and the fingerprint is made last.</summary>
internal sealed class Letter
{
    private const string Site = "https://www2.agenciatributaria.gob.es/static_files/common/internet/dep/aplicaciones/es/aeat/tike/cont/ws/";
    private const string Common = Site + "SuministroInformacion.xsd";

    private const string System = """
        <SistemaInformatico><NombreRazon>Productor</NombreRazon><NIF>{PRODUCER}</NIF>
        <NombreSistemaInformatico>Sistema</NombreSistemaInformatico><IdSistemaInformatico>77</IdSistemaInformatico><Version>1.0</Version>
        <NumeroInstalacion>1</NumeroInstalacion><TipoUsoPosibleSoloVerifactu>N</TipoUsoPosibleSoloVerifactu>
        <TipoUsoPosibleMultiOT>S</TipoUsoPosibleMultiOT><IndicadorMultiplesOT>S</IndicadorMultiplesOT></SistemaInformatico>
        <FechaHoraHusoGenRegistro>{MADE}</FechaHoraHusoGenRegistro>
        """;

    private const string Registration = $$"""
        <RegistroFactura><RegistroAlta xmlns="{{Common}}"><IDVersion>1.0</IDVersion>
        <IDFactura><IDEmisorFactura>{ISSUER}</IDEmisorFactura><NumSerieFactura>{NUMBER}</NumSerieFactura>
        <FechaExpedicionFactura>{ISSUED}</FechaExpedicionFactura></IDFactura>
        <NombreRazonEmisor>Tienda</NombreRazonEmisor><TipoFactura>F1</TipoFactura><DescripcionOperacion>Venta</DescripcionOperacion>
        <Destinatarios><IDDestinatario><NombreRazon>Cliente</NombreRazon><NIF>{RECIPIENT}</NIF></IDDestinatario></Destinatarios>
        <Desglose><DetalleDesglose><Impuesto>01</Impuesto><ClaveRegimen>01</ClaveRegimen>
        <CalificacionOperacion>S1</CalificacionOperacion><TipoImpositivo>21</TipoImpositivo>
        <BaseImponibleOimporteNoSujeto>100.00</BaseImponibleOimporteNoSujeto><CuotaRepercutida>21.00</CuotaRepercutida></DetalleDesglose></Desglose>
        <CuotaTotal>21.00</CuotaTotal><ImporteTotal>121.00</ImporteTotal>
        <Encadenamiento>{CHAIN}</Encadenamiento>{{System}}<TipoHuella>01</TipoHuella><Huella>{FINGERPRINT}</Huella></RegistroAlta></RegistroFactura>
        """;

    private const string Cancellation = $$"""
        <RegistroFactura><RegistroAnulacion xmlns="{{Common}}"><IDVersion>1.0</IDVersion>
        <IDFactura><IDEmisorFacturaAnulada>{ISSUER}</IDEmisorFacturaAnulada><NumSerieFacturaAnulada>{NUMBER}</NumSerieFacturaAnulada>
        <FechaExpedicionFacturaAnulada>{ISSUED}</FechaExpedicionFacturaAnulada></IDFactura>
        <Encadenamiento>{CHAIN}</Encadenamiento>{{System}}<TipoHuella>01</TipoHuella><Huella>{FINGERPRINT}</Huella></RegistroAnulacion></RegistroFactura>
        """;

    private const string Envelope = $$"""
        <?xml version="1.0" encoding="UTF-8"?>
        <e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header/><e:Body>
        <RegFactuSistemaFacturacion xmlns="{{Site}}SuministroLR.xsd">
        <Cabecera><ObligadoEmision xmlns="{{Common}}"><NombreRazon>Tienda</NombreRazon><NIF>{TAXPAYER}</NIF></ObligadoEmision></Cabecera>
        {RECORDS}
        </RegFactuSistemaFacturacion></e:Body></e:Envelope>
        """;

    private const string Question = $$"""
        <e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>
        <ConsultaFactuSistemaFacturacion xmlns="{{Site}}ConsultaLR.xsd" xmlns:c="{{Common}}"><Cabecera><c:IDVersion>1.0</c:IDVersion>
        <c:ObligadoEmision><c:NombreRazon>Tienda</c:NombreRazon><c:NIF>{TAXPAYER}</c:NIF></c:ObligadoEmision></Cabecera>
        <FiltroConsulta><PeriodoImputacion><c:Ejercicio>{YEAR}</c:Ejercicio><c:Periodo>{MONTH}</c:Periodo></PeriodoImputacion></FiltroConsulta>
        </ConsultaFactuSistemaFacturacion></e:Body></e:Envelope>
        """;

    private static int _numbers;

    private readonly List<(string Find, string Put)> _changes = [];
    private readonly string _template;
    private readonly string _taxpayer;

    private Letter(string taxpayer, string template) => (_taxpayer, _template) = (taxpayer, template);

    /// <summary>The number of the invoice.</summary>
    public string Number { get; private set; } = $"A-{Interlocked.Increment(ref _numbers)}";

    /// <summary>The link to the record before; none for the first of a chain.</summary>
    public string Chain { get; private set; } = "<PrimerRegistro>S</PrimerRegistro>";

    public string Fingerprint { get; private set; } = "";

    public static string Day(int daysFromToday) => Date(DateOnly.FromDateTime(Now.DateTime).AddDays(daysFromToday));

    public static string Date(DateOnly day) => day.ToString("dd-MM-yyyy", CultureInfo.InvariantCulture);

    /// <summary>Noon of the day on which the tests began, in Madrid: the clock of each agency in this process, at midnight too.</summary>
    public static DateTimeOffset Now { get; } = NoonInMadrid();

    public static Letter Registering(string taxpayer) => new(taxpayer, Registration);

    public static Letter Cancelling(string taxpayer) => new(taxpayer, Cancellation);

    public static Letter Asking(string taxpayer) => new(taxpayer, Question);

    /// <summary>Puts one text in another's place; it must be there.</summary>
    public Letter With(string find, string put)
    {
        _changes.Add((find, put));
        return this;
    }

    /// <summary>The record concerns an invoice of that number.</summary>
    public Letter Of(string number)
    {
        Number = number;
        return this;
    }

    /// <summary>The record follows another of the chain.</summary>
    public Letter After(Letter before) =>
        Linked(
            $"<RegistroAnterior><IDEmisorFactura>{_taxpayer}</IDEmisorFactura><NumSerieFactura>{Escaped(before.Number)}</NumSerieFactura>"
                + $"<FechaExpedicionFactura>{Day(-1)}</FechaExpedicionFactura><Huella>{before.Fingerprint}</Huella></RegistroAnterior>"
        );

    public Letter Linked(string chain)
    {
        Chain = chain;
        return this;
    }

    /// <summary>The message with this record and others before it.</summary>
    public string Write(params string[] before) => Change(Whole(string.Concat(before) + Fill(_template)), inRecords: false);

    /// <summary>The record alone, for a message with several.</summary>
    public string WriteRecord() => Fill(_template);

    /// <summary>A query: it has no records.</summary>
    public string WriteQuery() => Whole(Fill(_template));

    /// <summary>A message of several records.</summary>
    public string Around(params IEnumerable<string> records) => Whole(string.Concat(records));

    private static DateTimeOffset NoonInMadrid()
    {
        var madrid = TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");
        var noon = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), madrid).Date.AddHours(12);
        return new DateTimeOffset(noon, madrid.GetUtcOffset(noon));
    }

    private static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal);

    private string Whole(string records) =>
        (_template == Question ? records : Envelope.Replace("{RECORDS}", records, StringComparison.Ordinal))
            .Replace("{TAXPAYER}", _taxpayer, StringComparison.Ordinal)
            .Trim();

    private string Fill(string template)
    {
        var filled = Change(template, inRecords: true)
            .Replace("{CHAIN}", Chain, StringComparison.Ordinal)
            .Replace("{ISSUER}", _taxpayer, StringComparison.Ordinal)
            .Replace("{NUMBER}", Escaped(Number), StringComparison.Ordinal)
            .Replace("{ISSUED}", Day(-1), StringComparison.Ordinal)
            .Replace("{RECIPIENT}", Nifs.Entity(), StringComparison.Ordinal)
            .Replace("{PRODUCER}", "A39200019", StringComparison.Ordinal)
            .Replace("{MADE}", Now.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{YEAR}", $"{Now.AddDays(-1):yyyy}", StringComparison.Ordinal)
            .Replace("{MONTH}", $"{Now.AddDays(-1):MM}", StringComparison.Ordinal);
        if (filled.Contains("{FINGERPRINT}", StringComparison.Ordinal))
        {
            Fingerprint = RetailInvoicing.Simulators.TaxAgency.Fingerprint.Of(XElement.Parse(filled).Elements().First());
        }

        return filled.Replace("{FINGERPRINT}", Fingerprint, StringComparison.Ordinal);
    }

    private string Change(string text, bool inRecords)
    {
        // What does not stand in the record stands around it.
        foreach (var (find, put) in _changes.Where(each => _template.Contains(each.Find, StringComparison.Ordinal) == inRecords))
        {
            Assert.Contains(find, text, StringComparison.Ordinal);
            text = text.Replace(find, put, StringComparison.Ordinal);
        }

        return text;
    }
}
