using System.Xml.Linq;

namespace RetailInvoicing.Simulators.TaxAgency.Shape;

/// <summary>What stands where in a submission and a query, and what each element may say.</summary>
internal static class Structure
{
    private const string Person = "NombreRazon:T120 NIF:Nif|IDOtro:IdOtro";
    private const string Chained = "PrimerRegistro:S|RegistroAnterior:Anterior";
    private const string SystemTail = "TipoUsoPosibleSoloVerifactu:SN TipoUsoPosibleMultiOT:SN IndicadorMultiplesOT:SN";
    private const string Tail = "TipoHuella:01 Huella:T64 Signature:Any?";

    private static readonly Dictionary<string, string> Sequences = new(StringComparer.Ordinal)
    {
        ["Envio"] = "Cabecera:Cabecera RegistroFactura:Registro*1000",
        ["Cabecera"] =
            "ObligadoEmision:PersonaES Representante:PersonaES? RemisionVoluntaria:Voluntaria? RemisionRequerimiento:Requerimiento?",
        ["PersonaES"] = "NombreRazon:T120 NIF:Nif",
        ["Voluntaria"] = "FechaFinVeriFactu:Fecha? Incidencia:SN?",
        ["Requerimiento"] = "RefRequerimiento:T18 FinRequerimiento:SN?",
        ["Registro"] = "RegistroAlta:Alta|RegistroAnulacion:Anulacion",
        ["Alta"] =
            "IDVersion:1.0 IDFactura:IdFactura RefExterna:T60? NombreRazonEmisor:T120 Subsanacion:SN? RechazoPrevio:SNX? "
            + "TipoFactura:TipoFactura TipoRectificativa:SI? FacturasRectificadas:Rectificadas? FacturasSustituidas:Sustituidas? "
            + "ImporteRectificacion:Rectificacion? FechaOperacion:Fecha? DescripcionOperacion:T500 FacturaSimplificadaArt7273:SN? "
            + "FacturaSinIdentifDestinatarioArt61d:SN? Macrodato:SN? EmitidaPorTerceroODestinatario:TD? Tercero:Persona? "
            + "Destinatarios:Destinatarios? Cupon:SN? Desglose:Desglose CuotaTotal:Importe ImporteTotal:Importe "
            + $"Encadenamiento:Encadenamiento SistemaInformatico:Sistema FechaHoraHusoGenRegistro:Instante "
            + $"NumRegistroAcuerdoFacturacion:T15? IdAcuerdoSistemaInformatico:T16? {Tail}",
        ["Anulacion"] =
            "IDVersion:1.0 IDFactura:IdAnulada RefExterna:T60? SinRegistroPrevio:SN? RechazoPrevio:SN? GeneradoPor:EDT? Generador:Persona? "
            + $"Encadenamiento:Encadenamiento SistemaInformatico:Sistema FechaHoraHusoGenRegistro:Instante {Tail}",
        ["IdFactura"] = "IDEmisorFactura:Nif NumSerieFactura:Numero FechaExpedicionFactura:Fecha",
        ["IdAnulada"] = "IDEmisorFacturaAnulada:Nif NumSerieFacturaAnulada:Numero FechaExpedicionFacturaAnulada:Fecha",
        ["Rectificadas"] = "IDFacturaRectificada:IdFactura*1000",
        ["Sustituidas"] = "IDFacturaSustituida:IdFactura*1000",
        ["Rectificacion"] = "BaseRectificada:Importe CuotaRectificada:Importe CuotaRecargoRectificado:Importe?",
        ["Persona"] = Person,
        ["IdOtro"] = "CodigoPais:Pais? IDType:IdType ID:T20",
        ["Destinatarios"] = "IDDestinatario:Persona*1000",
        ["Desglose"] = "DetalleDesglose:Detalle*12",
        ["Detalle"] =
            "Impuesto:Impuesto? ClaveRegimen:Clave? CalificacionOperacion:Calificacion|OperacionExenta:Exenta TipoImpositivo:Tipo? "
            + "BaseImponibleOimporteNoSujeto:Importe BaseImponibleACoste:Importe? CuotaRepercutida:Importe? TipoRecargoEquivalencia:Tipo? "
            + "CuotaRecargoEquivalencia:Importe?",
        ["Encadenamiento"] = Chained,
        ["Anterior"] = "IDEmisorFactura:Nif NumSerieFactura:T60 FechaExpedicionFactura:Fecha Huella:T64",
        ["Sistema"] = $"{Person} NombreSistemaInformatico:T30 IdSistemaInformatico:T2 Version:T50 NumeroInstalacion:T100 {SystemTail}",
        ["Consulta"] = "Cabecera:CabeceraConsulta FiltroConsulta:Filtro DatosAdicionalesRespuesta:Adicionales?",
        ["CabeceraConsulta"] = "IDVersion:1.0 ObligadoEmision:PersonaES|Destinatario:PersonaES? IndicadorRepresentante:S?",
        ["Filtro"] =
            "PeriodoImputacion:Periodo NumSerieFactura:Numero? Contraparte:Persona? FechaExpedicionFactura:FechaConsulta? "
            + "SistemaInformatico:SistemaConsulta? RefExterna:T70? ClavePaginacion:IdFactura?",
        ["Periodo"] = "Ejercicio:Ejercicio Periodo:Mes",
        ["FechaConsulta"] = "FechaExpedicionFactura:Fecha|RangoFechaExpedicion:Rango?",
        ["Rango"] = "Desde:Fecha? Hasta:Fecha?",
        ["SistemaConsulta"] =
            $"{Person} NombreSistemaInformatico:T30? IdSistemaInformatico:T2 Version:T50? NumeroInstalacion:T100 "
            + SystemTail.Replace(":SN", ":SN?", StringComparison.Ordinal),
        ["Adicionales"] = "MostrarNombreRazonEmisor:SN? MostrarSistemaInformatico:SN?",
    };

    /// <summary>What a value may look like; a text of up to so many characters is T and the number.</summary>
    public static IReadOnlyDictionary<string, string> Values { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["S"] = "S",
            ["SN"] = "[SN]",
            ["SNX"] = "[SNX]",
            ["SI"] = "[SI]",
            ["TD"] = "[TD]",
            ["EDT"] = "[EDT]",
            ["01"] = "01",
            ["1.0"] = @"1\.0",
            ["Nif"] = ".{9}",
            ["Numero"] = ".{1,60}",
            ["Fecha"] = @"\d{2}-\d{2}-\d{4}",
            ["Instante"] = @"-?\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?",
            ["Importe"] = @"[+-]?\d{1,12}(\.\d{0,2})?",
            ["Tipo"] = @"\d{1,3}(\.\d{0,2})?",
            ["Pais"] = "[A-Z]{2}",
            ["IdType"] = "0[2-7]",
            ["TipoFactura"] = "F[123]|R[1-5]",
            ["Impuesto"] = "0[1235]",
            ["Clave"] = "0[1-9]|10|11|14|15|17|18|19|20|21",
            ["Calificacion"] = "S1|S2|N1|N2",
            ["Exenta"] = "E[1-8]",
            ["Ejercicio"] = @"\d{4}",
            ["Mes"] = "0[1-9]|1[0-2]",
        }
            .Concat(
                new[] { 2, 15, 16, 18, 20, 30, 50, 60, 64, 70, 100, 120, 500 }.Select(length =>
                    KeyValuePair.Create($"T{length}", $".{{0,{length}}}")
                )
            )
            .ToDictionary(StringComparer.Ordinal);

    private static readonly Dictionary<string, Part[]> Read = Sequences.ToDictionary(
        each => each.Key,
        each => each.Value.Split(' ').Select(part => Part.Of(part, SpaceOf(each.Key))).ToArray(),
        StringComparer.Ordinal
    );

    public static Part[] Parts(string type) => Read[type];

    /// <summary>The namespace of what stands in a type.</summary>
    private static XNamespace SpaceOf(string type) =>
        type switch
        {
            "Envio" => Names.Submission,
            "Consulta" or "Filtro" or "Adicionales" => Names.Query,
            _ => Names.Common,
        };
}
