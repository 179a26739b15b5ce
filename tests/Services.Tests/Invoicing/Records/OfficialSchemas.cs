using System.Text;
using System.Xml;
using System.Xml.Schema;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.Records;

/// <summary>The agency's schemas, read where they lie.</summary>
internal static class OfficialSchemas
{
    private static readonly Lazy<XmlSchemaSet> All = new(() =>
    {
        // Imports name addresses on the web: each file is added here instead.
        var schemas = new XmlSchemaSet { XmlResolver = null };
        string[] files =
        [
            "xmldsig-core-schema",
            "soap-envelope",
            "SuministroInformacion",
            "SuministroLR",
            "ConsultaLR",
            "RespuestaSuministro",
            "RespuestaConsultaLR",
            "EventosSIF",
        ];
        foreach (var file in files)
        {
            using var reader = XmlReader.Create(
                Repository.Shared($"compliance/verifactu/xsd/{file}.xsd"),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore }
            );
            schemas.Add(null, reader);
        }

        schemas.Compile();
        return schemas;
    });

    /// <summary>What the schemas find wrong with a message; that they know its root is wanted as well.</summary>
    public static IReadOnlyList<string> Breaches(byte[] message)
    {
        var wrong = new List<string>();
        var settings = new XmlReaderSettings
        {
            ValidationType = ValidationType.Schema,
            Schemas = All.Value,
            ValidationFlags = XmlSchemaValidationFlags.ReportValidationWarnings,
        };
        settings.ValidationEventHandler += (_, found) => wrong.Add(found.Message);
        using var reader = XmlReader.Create(new MemoryStream(message), settings);
        while (reader.Read()) { }

        return wrong;
    }

    /// <summary>The same of a text.</summary>
    public static IReadOnlyList<string> Breaches(string message) => Breaches(Encoding.UTF8.GetBytes(message));
}
