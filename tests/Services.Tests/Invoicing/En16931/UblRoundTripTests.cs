using System.Text.Json;
using System.Xml;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.Invoicing.En16931.Xml;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>Reading a UBL document and writing it again loses nothing that the semantic model holds.</summary>
public sealed class UblRoundTripTests
{
    private static readonly string[] Folders =
    [
        "en16931/examples-ubl",
        "en16931/testfiles-ubl",
        "peppol-bis-3/examples",
        "xrechnung/testsuite",
    ];

    [Fact]
    public void Every_example_says_the_same_after_it_was_written_again_and_breaks_no_further_rule()
    {
        var documents = Documents().ToList();
        var wrong = new List<string>();
        foreach (var file in documents)
        {
            var original = File.ReadAllBytes(file);
            var invoice = Read(original);
            var written = UblWriter.Write(invoice);
            if (JsonSerializer.Serialize(Read(written)) != JsonSerializer.Serialize(invoice))
            {
                wrong.Add($"{Path.GetFileName(file)} says something else");
            }

            var more = OfficialSuites
                .Broken(written, ValidateDocument.Ubl)
                .Except(OfficialSuites.Broken(original, ValidateDocument.Ubl))
                .ToList();
            wrong.AddRange(more.Select(rule => $"{Path.GetFileName(file)} breaks {rule}"));
        }

        Assert.True(documents.Count > 50, $"only {documents.Count} documents were read");
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_tree_that_the_rules_judge_is_the_one_that_reading_the_written_document_makes()
    {
        var invoices = Documents().Select(file => Read(File.ReadAllBytes(file))).ToList();
        string?[] texts = ["Portavelas & <más> \"raro\"", "a\r\nb\tc", "\u0001\uFFFE", "\uD83D\uDE00 \uD83D", " ", null];
        invoices.AddRange(
            texts.Select(text =>
                invoices[0] with
                {
                    PaymentTerms = text,
                    BuyerReference = text,
                    Notes = [new Note { Text = text ?? "" }],
                    Currency = text ?? "EUR",
                }
            )
        );
        foreach (var invoice in invoices)
        {
            using var read = ReadXmlTree.Take();
            using var made = ReadXmlTree.Take();
            UblWriter.Fill(invoice, made.Tree);
            Assert.True(ReadUtf8XmlTests.AreSame(read.From(UblWriter.Write(invoice)).Value, made.Tree), invoice.Number);
        }
    }

    [Fact]
    public void Every_example_written_again_is_valid_by_the_schema()
    {
        var schemas = OfficialSuites.UblSchemas();
        var wrong = new List<string>();
        foreach (var file in Documents())
        {
            var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = schemas };
            settings.ValidationEventHandler += (_, found) => wrong.Add($"{Path.GetFileName(file)}: {found.Message}");
            using var reader = XmlReader.Create(new MemoryStream(UblWriter.Write(Read(File.ReadAllBytes(file)))), settings);
            while (reader.Read()) { }
        }

        Assert.Empty(wrong);
    }

    private static IEnumerable<string> Documents() =>
        Folders
            .SelectMany(folder => Directory.EnumerateFiles(Repository.Shared($"compliance/{folder}"), "*.*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file).Equals(".xml", StringComparison.OrdinalIgnoreCase) && IsUbl(file))
            .Order(StringComparer.Ordinal);

    private static bool IsUbl(string file)
    {
        using var reader = ReadXmlTree.Take();
        using var stream = File.OpenRead(file);
        return !reader.From(stream).Refused(out _) && reader.Tree.Root.NameText is "Invoice" or "CreditNote";
    }

    private static Invoice Read(byte[] document)
    {
        using var reader = ReadXmlTree.Take();
        return UblReader.Read(reader.From(new MemoryStream(document)).Value.Root);
    }
}
