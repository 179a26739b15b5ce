using System.Xml;
using System.Xml.Schema;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>The official schemas, read where they lie and once.</summary>
internal static class Schemas
{
    private static readonly Lazy<XmlSchemaSet> ReadUbl = new(OfficialSuites.UblSchemas);

    /// <summary>UBL 2.1, invoices and credit notes.</summary>
    public static XmlSchemaSet Ubl => ReadUbl.Value;

    /// <summary>What a schema finds in a document.</summary>
    public static List<string> Invalid(byte[] document, XmlSchemaSet schemas)
    {
        var found = new List<string>();
        var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = schemas };
        settings.ValidationEventHandler += (_, told) => found.Add(told.Message);
        using var reader = XmlReader.Create(new MemoryStream(document), settings);
        while (reader.Read()) { }

        return found;
    }
}
