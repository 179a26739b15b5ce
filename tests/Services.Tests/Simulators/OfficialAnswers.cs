using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Simulators;

/// <summary>Holds answers against the agency's schemas.</summary>
internal static class OfficialAnswers
{
    private static readonly Lazy<XmlSchemaSet> Schemas = new(() =>
    {
        var set = new XmlSchemaSet { XmlResolver = null };
        foreach (
            var name in new[]
            {
                "xmldsig-core-schema",
                "SuministroInformacion",
                "SuministroLR",
                "RespuestaSuministro",
                "RespuestaConsultaLR",
            }
        )
        {
            var file = Repository.Shared($"compliance/verifactu/xsd/{name}.xsd");
            using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            set.Add(null, reader);
        }

        set.Compile();
        return set;
    });

    /// <summary>Where an answer breaks its schema; a fault has none.</summary>
    public static IReadOnlyList<string> Breaches(Answered answered)
    {
        var answer = answered.Xml.Elements().Single(each => each.Name.LocalName == "Body").Elements().Single();
        var breaches = new List<string>();
        if (answer.Name.LocalName != "Fault")
        {
            new XDocument(new XElement(answer)).Validate(Schemas.Value, (_, breach) => breaches.Add(breach.Message));
            Assert.NotEqual(answer.Name.Namespace, XNamespace.None);
        }

        return breaches;
    }
}
