using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.En16931.Xml;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>A case of an official unit test: a fragment of a document, and what its authors assert of rules.</summary>
public sealed record OfficialCase(string File, int Number, byte[] Document, IReadOnlyList<(string Kind, string Rule)> Asserted)
{
    /// <inheritdoc />
    public override string ToString() => $"{File} {Number}";
}

/// <summary>The official unit tests and the verdicts of the reference engine, read where they lie.</summary>
internal static class OfficialSuites
{
    /// <summary>The cases of a folder of the shared data.</summary>
    public static IEnumerable<OfficialCase> Cases(string folder)
    {
        var path = Repository.Shared($"compliance/{folder}");
        foreach (var file in Directory.EnumerateFiles(path, "*.xml").Order(StringComparer.Ordinal))
        {
            var number = 0;
            foreach (
                var test in XDocument
                    .Load(file, LoadOptions.PreserveWhitespace)
                    .Root!.Elements()
                    .Where(each => each.Name.LocalName == "test")
            )
            {
                number++;
                var document = test.Elements()
                    .FirstOrDefault(each => each.Name.LocalName is "Invoice" or "CreditNote" or "CrossIndustryInvoice");
                if (document is null)
                {
                    continue;
                }

                yield return new OfficialCase(
                    $"{Path.GetFileName(path)}/{Path.GetFileName(file)}",
                    number,
                    Encoding.UTF8.GetBytes(document.ToString(SaveOptions.DisableFormatting)),
                    [
                        .. test.Elements()
                            .Where(each => each.Name.LocalName == "assert")
                            .Elements()
                            .Where(each => each.Name.LocalName is "success" or "error" or "warning" or "fatal")
                            .SelectMany(each =>
                                each.Value.Split([' ', '\n', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries)
                                    .Select(rule => (each.Name.LocalName, rule))
                            ),
                    ]
                );
            }
        }
    }

    /// <summary>The lines of a table of the shared data, its heading apart.</summary>
    public static IEnumerable<string[]> Table(string file) =>
        File.ReadLines(Repository.Shared($"compliance/{file}")).Skip(1).Select(line => line.Split(','));

    /// <summary>The rules that a document breaks, each as often as it does.</summary>
    public static IReadOnlyList<string> Broken(byte[] document, Action<XmlTree, Findings> rules)
    {
        using var reader = ReadXmlTree.Take();
        var tree = reader.From(new MemoryStream(document));
        Assert.False(tree.Refused(out var fault), fault?.In(null));
        var found = new Findings();
        rules(tree.Value, found);
        return [.. found.Rules];
    }

    /// <summary>The schemas of UBL 2.1 that invoices and credit notes are written by.</summary>
    public static XmlSchemaSet UblSchemas()
    {
        var schemas = new XmlSchemaSet { XmlResolver = new XmlUrlResolver() };
        // This one of the imported schemas has a DTD, which a schema set does not read by itself.
        using var signature = XmlReader.Create(
            Directory.GetFiles(Repository.Shared("compliance/ubl-2.1/xsd/common"), "*xmldsig*").Single(),
            new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse }
        );
        schemas.Add(null, signature);
        foreach (var document in new[] { "Invoice", "CreditNote" })
        {
            schemas.Add(null, Repository.Shared($"compliance/ubl-2.1/xsd/maindoc/UBL-{document}-2.1.xsd"));
        }

        return schemas;
    }

    /// <summary>The schema of CII D16B.</summary>
    public static XmlSchemaSet CiiSchemas() => Schemas("en16931/xsd-cii-d16b/uncefact/data/standard/CrossIndustryInvoice_100pD16B.xsd");

    /// <summary>The schema of Factur-X 1.09, profile EN 16931.</summary>
    public static XmlSchemaSet FacturXSchemas() => Schemas("factur-x/xsd-schematron-1.09/en16931/Factur-X_EN16931.xsd");

    /// <summary>What a schema finds wrong with a document.</summary>
    public static IReadOnlyList<string> Invalid(byte[] document, XmlSchemaSet schemas)
    {
        var wrong = new List<string>();
        var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = schemas };
        settings.ValidationEventHandler += (_, found) => wrong.Add(found.Message);
        using var reader = XmlReader.Create(new MemoryStream(document), settings);
        while (reader.Read()) { }

        return wrong;
    }

    private static XmlSchemaSet Schemas(string file)
    {
        var schemas = new XmlSchemaSet { XmlResolver = new XmlUrlResolver() };
        schemas.Add(null, Repository.Shared($"compliance/{file}"));
        return schemas;
    }

    /// <summary>Rules and how often each is broken, as one comparable text.</summary>
    public static string Counted(IEnumerable<string> rules) =>
        string.Join(
            ' ',
            rules
                .GroupBy(rule => rule, StringComparer.Ordinal)
                .OrderBy(each => each.Key, StringComparer.Ordinal)
                .Select(each => $"{each.Key}x{each.Count()}")
        );
}
