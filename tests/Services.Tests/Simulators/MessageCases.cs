using static RetailInvoicing.Services.Tests.Simulators.CodeCase;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>Messages that are refused as a whole, and queries.</summary>
internal static class MessageCases
{
    private const string Taxpayer = "<c:ObligadoEmision><c:NombreRazon>Tienda</c:NombreRazon><c:NIF>{TAXPAYER}</c:NIF></c:ObligadoEmision>";
    private const string Recipient = "<c:Destinatario><c:NombreRazon>Tienda</c:NombreRazon><c:NIF>{TAXPAYER}</c:NIF></c:Destinatario>";
    private const string Period = "<PeriodoImputacion><c:Ejercicio>{YEAR}</c:Ejercicio><c:Periodo>{MONTH}</c:Periodo></PeriodoImputacion>";

    public static readonly CodeCase[] All =
    [
        Alta(4102, "no description", ("<DescripcionOperacion>Venta</DescripcionOperacion>", "")),
        Alta(4102, "an empty number", ("{NUMBER}", "")),
        Raw(4103, "no XML", nif => Bytes(Letter.Registering(nif).Write() + "<")),
        new(
            4104,
            "an unknown taxpayer",
            async (agency, nif) =>
            {
                await agency.ForgetAsync(nif);
                return await agency.SendAsync(nif, Letter.Registering(nif).Write());
            }
        ),
        Header(4105, "an unknown representative", Represented(Nifs.Unsound())),
        Alta(4106, "a day of another form", Issued("1-1-2026")),
        Alta(4109, "an issuer too short", ("{ISSUER}", "AAAA")),
        With(4108, "a certificate that names nobody", ClientCertificates.Make(null, null)),
        With(4112, "somebody else's certificate", ClientCertificates.Of(Nifs.Person())),
        Alta(4113, "thirteen lines", ("</DetalleDesglose>", "</DetalleDesglose>" + string.Concat(Enumerable.Repeat(Line, 12)))),
        new(
            4114,
            "1,001 records",
            (agency, nif) =>
                agency.SendAsync(nif, Letter.Registering(nif).Around(Enumerable.Repeat(Letter.Registering(nif).WriteRecord(), 1001)))
        ),
        new(4116, "a taxpayer that is no NIF", (agency, nif) => agency.SendAsync(nif, Letter.Registering("AAAA").Write())),
        Header(4117, "a representative that is no NIF", Represented("AAAA")),
        Raw(4118, "another message", _ => Bytes(Envelope("<otro/>"))),
        Raw(4119, "another encoding", nif => System.Text.Encoding.Latin1.GetBytes(Letter.Registering(nif).With("Venta", "Café").Write())),
        Header(4120, "the end of November", Voluntary($"<FechaFinVeriFactu>30-11-{Letter.Now.Year}</FechaFinVeriFactu>")),
        Header(4121, "Incidencia X", Voluntary("<Incidencia>X</Incidencia>")),
        Header(4122, "a reference too long", Required(new string('R', 19)), AgencyClient.Requirement),
        Header(4125, "no reference", Required(""), AgencyClient.Requirement),
        Header(4126, "a reference without being asked", Required("R1")),
        Header(4127, "of one's own accord when asked", Voluntary("<Incidencia>S</Incidencia>"), AgencyClient.Requirement),
        Header(4130, "an end without being asked", Required("R1", "<FinRequerimiento>S</FinRequerimiento>")),
        Header(4131, "FinRequerimiento X", Required("R1", "<FinRequerimiento>X</FinRequerimiento>"), AgencyClient.Requirement),
        Header(4133, "a reference with a dash", Required("R-1"), AgencyClient.Requirement),
        new(
            4135,
            "GET",
            async (agency, nif) =>
            {
                using var client = agency.With(ClientCertificates.Of(nif));
                using var response = await client.GetAsync(AgencyClient.Voluntary);
                return new((int)response.StatusCode, await response.Content.ReadAsStringAsync());
            }
        ),
        Alta(4136, "a registration out of its place", ("<RegistroFactura>", ""), ("</RegistroFactura>", "")),
        Baja(4137, "a cancellation out of its place", "", ("<RegistroFactura>", ""), ("</RegistroFactura>", "")),
        Raw(4138, "nothing", _ => []),
        Raw(4138, "an empty body", _ => Bytes(Envelope(""))),
        new(
            1282,
            "a person without a name",
            (agency, nif) => agency.SendAsync(nif, Letter.Registering(nif).With("<NombreRazon>Tienda<", "<NombreRazon><").Write())
        ),
        Query(1248, "month 13", ("{MONTH}", "13")),
        Query(1249, "IndicadorRepresentante X", (Taxpayer, $"{Taxpayer}<c:IndicadorRepresentante>X</c:IndicadorRepresentante>")),
        Query(1270, "MostrarNombreRazonEmisor X", Show("MostrarNombreRazonEmisor", "X")),
        Query(1271, "MostrarSistemaInformatico X", Show("MostrarSistemaInformatico", "X")),
        Query(1250, "a range that ends before it begins", Range("10-11-2026", "09-11-2026")),
        Query(1261, "a recipient's representative", (Taxpayer, $"{Recipient}<c:IndicadorRepresentante>S</c:IndicadorRepresentante>")),
        Query(1272, "a recipient who asks for the system", (Taxpayer, Recipient), Show("MostrarSistemaInformatico", "S")),
        Query(4107, "an unknown recipient", (Taxpayer, Recipient.Replace("{TAXPAYER}", Nifs.Unsound(), StringComparison.Ordinal))),
        Query(4132, "another recipient", (Taxpayer, Recipient.Replace("{TAXPAYER}", Nifs.Person(), StringComparison.Ordinal))),
    ];

    private const string Line =
        "<DetalleDesglose><ClaveRegimen>01</ClaveRegimen><OperacionExenta>E1</OperacionExenta>"
        + "<BaseImponibleOimporteNoSujeto>0</BaseImponibleOimporteNoSujeto></DetalleDesglose>";

    private static CodeCase With(int code, string what, System.Security.Cryptography.X509Certificates.X509Certificate2 certificate) =>
        new(
            code,
            what,
            async (agency, nif) =>
            {
                using var client = agency.With(certificate);
                return await AgencyClient.PostAsync(client, Bytes(Letter.Registering(nif).Write()));
            }
        );

    private static string Represented(string nif) => $"<Representante><NombreRazon>Asesor</NombreRazon><NIF>{nif}</NIF></Representante>";

    private static string Voluntary(string says) => $"<RemisionVoluntaria>{says}</RemisionVoluntaria>";

    private static string Required(string reference, string more = "") =>
        $"<RemisionRequerimiento><RefRequerimiento>{reference}</RefRequerimiento>{more}</RemisionRequerimiento>";

    private static string Envelope(string body) =>
        $"""<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{body}</e:Body></e:Envelope>""";

    private static (string, string) Show(string name, string value) =>
        ("</FiltroConsulta>", $"</FiltroConsulta><DatosAdicionalesRespuesta><{name}>{value}</{name}></DatosAdicionalesRespuesta>");

    private static (string, string) Range(string from, string until) =>
        (
            Period,
            $"{Period}<FechaExpedicionFactura><c:RangoFechaExpedicion><c:Desde>{from}</c:Desde><c:Hasta>{until}</c:Hasta></c:RangoFechaExpedicion></FechaExpedicionFactura>"
        );
}
