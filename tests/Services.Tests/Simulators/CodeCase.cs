using System.Text;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>One way to get a code: a sound message with a piece of it changed.</summary>
internal sealed record CodeCase(int Code, string What, Func<AgencyClient, string, Task<Answered>> SendAsync)
{
    private const string Kind = "<TipoFactura>F1</TipoFactura>";
    private const string Recipients =
        "<Destinatarios><IDDestinatario><NombreRazon>Cliente</NombreRazon><NIF>{RECIPIENT}</NIF></IDDestinatario></Destinatarios>";
    private const string Id = "<NIF>{RECIPIENT}</NIF>";
    private const string Taxation = "<CalificacionOperacion>S1</CalificacionOperacion><TipoImpositivo>21</TipoImpositivo>";
    private const string Amounts =
        "<BaseImponibleOimporteNoSujeto>100.00</BaseImponibleOimporteNoSujeto><CuotaRepercutida>21.00</CuotaRepercutida>";

    public override string ToString() => $"{Code} {What}";

    /// <summary>A registration with texts changed.</summary>
    public static CodeCase Alta(int code, string what, params (string Find, string Put)[] changes) =>
        new(code, what, (agency, nif) => agency.SendAsync(nif, Changed(Letter.Registering(nif), changes).Write()));

    /// <summary>A cancellation of an invoice that is not there, and need not be.</summary>
    public static CodeCase Baja(int code, string what, string after, params (string Find, string Put)[] changes) =>
        new(
            code,
            what,
            (agency, nif) =>
                agency.SendAsync(nif, Changed(Letter.Cancelling(nif).With("</IDFactura>", $"</IDFactura>{after}"), changes).Write())
        );

    /// <summary>A registration whose header says more.</summary>
    public static CodeCase Header(int code, string what, string more, string path = AgencyClient.Voluntary) =>
        new(
            code,
            what,
            (agency, nif) =>
                agency.SendAsync(nif, Letter.Registering(nif).With("</Cabecera>", $"{InCommon(more)}</Cabecera>").Write(), path)
        );

    /// <summary>A query with texts changed.</summary>
    public static CodeCase Query(int code, string what, params (string Find, string Put)[] changes) =>
        new(code, what, (agency, nif) => agency.SendAsync(nif, Changed(Letter.Asking(nif), changes).WriteQuery()));

    /// <summary>A message that is no submission.</summary>
    public static CodeCase Raw(int code, string what, Func<string, byte[]> body) =>
        new(
            code,
            what,
            async (agency, nif) =>
            {
                using var client = agency.With(ClientCertificates.Of(nif));
                return await AgencyClient.PostAsync(client, body(nif));
            }
        );

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static (string, string) Of(string kind, string more = "") => (Kind, $"<TipoFactura>{kind}</TipoFactura>{more}");

    /// <summary>What stands between the kind and the description.</summary>
    public static (string, string) Before(string more) => ("<DescripcionOperacion>", $"{more}<DescripcionOperacion>");

    /// <summary>What stands after the description.</summary>
    public static (string, string) After(string more) => ("</DescripcionOperacion>", $"</DescripcionOperacion>{more}");

    public static (string, string) Operated(string day) => Before($"<FechaOperacion>{day}</FechaOperacion>");

    public static (string, string) To(string id) => (Id, id);

    public static (string, string) ToNobody => (Recipients, "");

    public static (string, string) ToOther(string type, string id, string country = "") => To(Other(type, id, country));

    public static string Other(string type, string id, string country = "") =>
        $"<IDOtro>{(country.Length > 0 ? $"<CodigoPais>{country}</CodigoPais>" : "")}<IDType>{type}</IDType><ID>{id}</ID></IDOtro>";

    public static (string, string) Issued(string issued) => ("{ISSUED}", issued);

    public static (string, string) Regime(string regime) => ("<ClaveRegimen>01</ClaveRegimen>", $"<ClaveRegimen>{regime}</ClaveRegimen>");

    public static (string, string) Tax(string tax) => ("<Impuesto>01</Impuesto>", $"<Impuesto>{tax}</Impuesto>");

    /// <summary>How the line is taxed: S1, S2, N1, N2 or E1 to E8, and its rate.</summary>
    public static (string, string) Taxed(string as_, string? rate = null) =>
        (
            Taxation,
            (as_[0] == 'E' ? $"<OperacionExenta>{as_}</OperacionExenta>" : $"<CalificacionOperacion>{as_}</CalificacionOperacion>")
                + (rate is null ? "" : $"<TipoImpositivo>{rate}</TipoImpositivo>")
        );

    /// <summary>The amounts of the line after its rate.</summary>
    public static (string, string) Line(string? vat, string? cost = null, string? surchargeRate = null, string? surcharge = null) =>
        (
            Amounts,
            "<BaseImponibleOimporteNoSujeto>100.00</BaseImponibleOimporteNoSujeto>"
                + Element("BaseImponibleACoste", cost)
                + Element("CuotaRepercutida", vat)
                + Element("TipoRecargoEquivalencia", surchargeRate)
                + Element("CuotaRecargoEquivalencia", surcharge)
        );

    /// <summary>A rate and a surcharge on an operation of a day.</summary>
    public static CodeCase Surcharge(int code, string rate, string surcharge, string? day = null) =>
        Alta(
            code,
            $"{surcharge} on {rate} at {day ?? "any time"}",
            [Taxed("S1", rate), Line(rate, null, surcharge, "1.00"), .. day is null ? Array.Empty<(string, string)>() : [Operated(day)]]
        );

    public static string Element(string name, string? value) => value is null ? "" : $"<{name}>{value}</{name}>";

    public static string Third(string id, string name = "Tercero") => $"<Tercero><NombreRazon>{name}</NombreRazon>{id}</Tercero>";

    public static string Maker(string by, string id, string name = "Otro") =>
        $"<GeneradoPor>{by}</GeneradoPor><Generador><NombreRazon>{name}</NombreRazon>{id}</Generador>";

    public static (string, string) Previous(string issuer, string number, string date, string fingerprint) =>
        (
            "{CHAIN}",
            $"<RegistroAnterior><IDEmisorFactura>{issuer}</IDEmisorFactura><NumSerieFactura>{number}</NumSerieFactura>"
                + $"<FechaExpedicionFactura>{date}</FechaExpedicionFactura><Huella>{fingerprint}</Huella></RegistroAnterior>"
        );

    public static Letter Changed(Letter letter, params (string Find, string Put)[] changes) =>
        changes.Aggregate(letter, (changed, change) => changed.With(change.Find, change.Put));

    private static string InCommon(string xml) =>
        xml.Length == 0
            ? xml
            : xml.Insert(
                xml.IndexOf('>', StringComparison.Ordinal),
                " xmlns=\"https://www2.agenciatributaria.gob.es/static_files/common/internet/dep/aplicaciones/es/aeat/tike/cont/ws/SuministroInformacion.xsd\""
            );
}
