using System.Xml.Linq;

namespace RetailInvoicing.Simulators.TaxAgency.Shape;

/// <summary>The code with which a value that the schema does not allow is refused: by where it stands, the longest path first.</summary>
internal static class ValueCodes
{
    /// <summary>What stands in no row below: the field is named after the text.</summary>
    public const int Default = 1100;

    public static readonly IReadOnlyDictionary<string, int> All = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        // The header, for which the whole submission is refused.
        ["Cabecera/ObligadoEmision/NIF"] = 4116,
        ["Cabecera/Representante/NIF"] = 4117,
        ["Cabecera/Destinatario/NIF"] = 4109,
        ["RemisionVoluntaria/FechaFinVeriFactu"] = 4120,
        ["RemisionVoluntaria/Incidencia"] = 4121,
        ["RemisionRequerimiento/RefRequerimiento"] = 4122,
        ["RemisionRequerimiento/FinRequerimiento"] = 4131,
        // What identifies the invoice is repeated in the answer, where the schema has no room for a date or a NIF of another form.
        ["IDFactura/FechaExpedicionFactura"] = 4106,
        ["IDFactura/FechaExpedicionFacturaAnulada"] = 4106,
        ["IDFactura/IDEmisorFactura"] = 4109,
        ["IDFactura/IDEmisorFacturaAnulada"] = 4109,
        ["NumSerieFactura"] = 1104,
        ["NumSerieFacturaAnulada"] = 1104,
        ["IDVersion"] = 1251,
        ["RefExterna"] = 1253,
        ["Subsanacion"] = 1171,
        ["RegistroAlta/RechazoPrevio"] = 1171,
        ["RegistroAnulacion/RechazoPrevio"] = 1275,
        ["SinRegistroPrevio"] = 1276,
        ["TipoFactura"] = 1106,
        ["TipoRectificativa"] = 1107,
        ["FechaOperacion"] = 1145,
        ["IDFacturaRectificada/FechaExpedicionFactura"] = 1145,
        ["IDFacturaSustituida/FechaExpedicionFactura"] = 1145,
        ["FacturaSimplificadaArt7273"] = 1136,
        ["FacturaSinIdentifDestinatarioArt61d"] = 1184,
        ["Macrodato"] = 1137,
        ["EmitidaPorTerceroODestinatario"] = 1151,
        ["Tercero/NombreRazon"] = 1178,
        ["IDDestinatario/NombreRazon"] = 1239,
        ["Generador/NombreRazon"] = 1273,
        ["CodigoPais"] = 1101,
        ["IDType"] = 1102,
        ["ID"] = 1103,
        ["Cupon"] = 1157,
        ["Impuesto"] = 1218,
        ["ClaveRegimen"] = 1246,
        ["CalificacionOperacion"] = 1181,
        ["OperacionExenta"] = 1182,
        ["CuotaTotal"] = 1266,
        ["ImporteTotal"] = 1267,
        ["PrimerRegistro"] = 1274,
        ["RegistroAnterior/IDEmisorFactura"] = 1269,
        ["RegistroAnterior/Huella"] = 1269,
        ["RegistroAnterior/NumSerieFactura"] = 1175,
        ["RegistroAnterior/FechaExpedicionFactura"] = 1174,
        ["SistemaInformatico/NIF"] = 1176,
        ["SistemaInformatico/NombreRazon"] = 1179,
        ["SistemaInformatico/IDOtro/IDType"] = 1221,
        ["SistemaInformatico/IDOtro/ID"] = 1222,
        ["NombreSistemaInformatico"] = 1220,
        ["SistemaInformatico/Version"] = 1179,
        ["NumeroInstalacion"] = 1179,
        ["TipoUsoPosibleSoloVerifactu"] = 1212,
        ["TipoUsoPosibleMultiOT"] = 1213,
        ["IndicadorMultiplesOT"] = 1226,
        ["GeneradoPor"] = 1225,
        ["Generador/NIF"] = 1258,
        ["Generador/IDOtro/IDType"] = 1231,
        ["FechaHoraHusoGenRegistro"] = 1244,
        ["TipoHuella"] = 1247,
        ["Huella"] = 1262,
        // A query.
        ["PeriodoImputacion/Periodo"] = 1248,
        ["IndicadorRepresentante"] = 1249,
        ["MostrarNombreRazonEmisor"] = 1270,
        ["MostrarSistemaInformatico"] = 1271,
    };

    /// <summary>The code for a value at an element.</summary>
    public static int Of(XElement element)
    {
        var path = element.AncestorsAndSelf().Select(each => each.Name.LocalName).Take(3).Reverse().ToArray();
        for (var from = 0; from < path.Length; from++)
        {
            if (All.TryGetValue(string.Join('/', path[from..]), out var code))
            {
                return code;
            }
        }

        return Default;
    }
}
