using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;

namespace RetailInvoicing.Simulators.TaxAgency.Shape;

/// <summary>The agency's own schemas, read where they lie: they are not the simulator's to hand on.</summary>
internal sealed partial class OfficialSchemas : IShape
{
    private static readonly string[] Files =
    [
        "xmldsig-core-schema.xsd",
        "SuministroInformacion.xsd",
        "SuministroLR.xsd",
        "RespuestaSuministro.xsd",
        "ConsultaLR.xsd",
        "RespuestaConsultaLR.xsd",
    ];

    // Compiling them takes longer than all the rest of a start.
    private static readonly ConcurrentDictionary<string, OfficialSchemas> Compiled = new(StringComparer.Ordinal);

    private readonly XmlSchemaSet _schemas = new() { XmlResolver = null };

    private OfficialSchemas(string folder)
    {
        Source = ($"los esquemas oficiales de {folder}", $"the official schemas in {folder}");
        foreach (var file in Files)
        {
            // The signature schema comes with a DTD, which says nothing that validation needs.
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null };
            using var reader = XmlReader.Create(Path.Combine(folder, file), settings);
            _schemas.Add(null, reader);
        }

        _schemas.Compile();
    }

    public (string Spanish, string English) Source { get; }

    /// <summary>Those of a folder that has them all; null where one is missing.</summary>
    public static OfficialSchemas? In(string? folder)
    {
        var schemas = folder is null ? null : Path.Combine(folder, "xsd");
        return schemas is not null && Files.All(file => File.Exists(Path.Combine(schemas, file)))
            ? Compiled.GetOrAdd(schemas, path => new OfficialSchemas(path))
            : null;
    }

    public IReadOnlyList<Finding> Check(XElement message)
    {
        var findings = new List<Finding>();
        // A breach of structure is an exception without a cause; one of a value has the datatype's complaint as its cause.
        (message.Document ?? new XDocument(message)).Validate(
            _schemas,
            (at, breach) =>
            {
                var element = at as XElement ?? ((XAttribute)at!).Parent!;
                var isStructure = breach.Exception.InnerException is null;
                findings.Add(new(element, isStructure, isStructure ? Missing(breach.Message) ?? Name(element) : Name(element)));
            }
        );
        return findings;
    }

    private static string Name(XElement element) => element.Name.LocalName;

    private static string? Missing(string message) => Expected().Match(message) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"possible elements expected: '(\w+)")]
    private static partial Regex Expected();
}
