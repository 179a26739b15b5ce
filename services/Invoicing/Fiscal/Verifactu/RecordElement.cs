using System.Xml.Linq;

namespace RetailInvoicing.Invoicing.Fiscal.Verifactu;

/// <summary>An element of the agency's messages by the local names of what it holds; what is absent says nothing.</summary>
internal readonly struct RecordElement(XElement? element)
{
    private static readonly HashSet<string> Lists =
    [
        "IDFacturaRectificada",
        "IDFacturaSustituida",
        "IDDestinatario",
        "DetalleDesglose",
        "RegistroFactura",
        "RespuestaLinea",
        "RegistroRespuestaConsultaFactuSistemaFacturacion",
    ];

    /// <summary>The element itself.</summary>
    public XElement? Element => element;

    /// <summary>Whether it stands there.</summary>
    public bool Exists => element is not null;

    /// <summary>What it holds under a name, in its own namespace or that of records.</summary>
    public RecordElement this[string name] => new(All(name).FirstOrDefault());

    /// <summary>Everything that it holds under a name.</summary>
    public IEnumerable<XElement> All(string name)
    {
        var own = element?.Name.NamespaceName;
        return element
                ?.Elements()
                .Where(each =>
                    each.Name.LocalName == name && (each.Name.NamespaceName == own || each.Name.NamespaceName == RecordNames.Information)
                )
            ?? [];
    }

    /// <summary>The text of what it holds under a name, without blanks around it; nothing where it holds none.</summary>
    public string Text(string name) => this[name].Element?.Value.Trim() ?? "";

    /// <summary>The same, or nothing where the text is empty.</summary>
    public string? Maybe(string name) => Text(name) is { Length: > 0 } text ? text : null;

    /// <summary>The first element of a message that stands twice where it may stand once, or holds text beside elements.</summary>
    public static string? Unclear(XElement message)
    {
        foreach (var each in message.DescendantsAndSelf())
        {
            if (each.Name.NamespaceName == RecordNames.Signature || each.Ancestors().Any(IsFree))
            {
                continue;
            }

            var names = new HashSet<XName>();
            foreach (var child in each.Elements())
            {
                if (!names.Add(child.Name) && !Lists.Contains(child.Name.LocalName) && !IsFree(each))
                {
                    return child.Name.LocalName;
                }
            }

            if (names.Count > 0 && each.Nodes().OfType<XText>().Any(text => !string.IsNullOrWhiteSpace(text.Value)))
            {
                return each.Name.LocalName;
            }
        }

        return null;
    }

    /// <summary>Inside signatures and what is told of an event, no field is read.</summary>
    private static bool IsFree(XElement element) =>
        element.Name.NamespaceName == RecordNames.Signature || element.Name.LocalName == "DatosPropiosEvento";
}
