using System.Xml.Linq;

namespace RetailInvoicing.Simulators.TaxAgency;

/// <summary>The namespaces of the agency's messages, and how their elements are read.</summary>
internal static class Names
{
    private const string Site = "https://www2.agenciatributaria.gob.es/static_files/common/internet/dep/aplicaciones/es/aeat/tike/cont/ws/";

    public static readonly XNamespace Envelope = "http://schemas.xmlsoap.org/soap/envelope/";
    public static readonly XNamespace Common = Site + "SuministroInformacion.xsd";
    public static readonly XNamespace Submission = Site + "SuministroLR.xsd";
    public static readonly XNamespace Answer = Site + "RespuestaSuministro.xsd";
    public static readonly XNamespace Query = Site + "ConsultaLR.xsd";
    public static readonly XNamespace Found = Site + "RespuestaConsultaLR.xsd";

    public static readonly XName Submit = Submission + "RegFactuSistemaFacturacion";
    public static readonly XName Ask = Query + "ConsultaFactuSistemaFacturacion";

    /// <summary>The element at the end of a path of local names, whatever their namespaces.</summary>
    public static XElement? Get(this XElement? from, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            from = from?.Elements().FirstOrDefault(each => each.Name.LocalName == name);
        }

        return from;
    }

    /// <summary>What the element at the end of a path says; null where it is not there or says nothing.</summary>
    public static string? Text(this XElement? from, params ReadOnlySpan<string> path) =>
        from.Get(path)?.Value is { Length: > 0 } text ? text : null;

    /// <summary>The elements of a name under one of another.</summary>
    public static IEnumerable<XElement> All(this XElement? from, string block, string each) =>
        from.Get(block)?.Elements().Where(element => element.Name.LocalName == each) ?? [];
}
