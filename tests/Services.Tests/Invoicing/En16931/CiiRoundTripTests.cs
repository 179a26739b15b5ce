using CsCheck;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.Invoicing.Formats;

namespace RetailInvoicing.Services.Tests.Invoicing.En16931;

/// <summary>Nothing that the semantic model holds is lost in CII, in UBL, or on the way from one to the other.</summary>
public sealed class CiiRoundTripTests
{
    private static readonly string[] CiiFolders = ["en16931/examples-cii", "factur-x/cii-xml-2.5.2", "xrechnung/testsuite"];

    private static readonly string[] UblFolders =
    [
        "en16931/examples-ubl",
        "en16931/testfiles-ubl",
        "peppol-bis-3/examples",
        "xrechnung/testsuite",
        "factur-x/de-b2b-ubl",
    ];

    private static readonly GeneratedInvoices Any = new(Gen.Bool);

    [Fact]
    public void Every_CII_example_says_the_same_after_it_was_written_again()
    {
        var documents = CiiDocuments().ToList();

        Assert.True(documents.Count > 45, $"only {documents.Count} documents were read");
        Assert.Empty(Changed(documents, invoice => Semantics.Read(CiiWriter.Write(invoice))));
    }

    [Fact]
    public void Every_CII_example_says_the_same_in_UBL()
    {
        Assert.Empty(Changed(CiiDocuments(), invoice => Semantics.Read(UblWriter.Write(invoice))));
    }

    [Fact]
    public void Every_UBL_example_says_the_same_in_CII_and_in_UBL_again()
    {
        var documents = UblDocuments().ToList();

        Assert.True(documents.Count > 50, $"only {documents.Count} documents were read");
        Assert.Empty(Changed(documents, invoice => Semantics.Read(CiiWriter.Write(invoice))));
        Assert.Empty(Changed(documents, invoice => Semantics.Read(UblWriter.Write(Semantics.Read(CiiWriter.Write(invoice))))));
    }

    [Fact]
    public void Whatever_an_example_says_is_written_as_the_schema_of_CII_wants_it()
    {
        var schemas = OfficialSuites.CiiSchemas();
        var invalid = CiiDocuments()
            .Concat(UblDocuments())
            // D16B has place for one preceding invoice; downloads refuse more (INV-DOC-05).
            .Select(file => (file, Invoice: Semantics.Read(File.ReadAllBytes(file))))
            .Where(each => each.Invoice.PrecedingInvoices.Count < 2)
            .SelectMany(each =>
                OfficialSuites.Invalid(CiiWriter.Write(each.Invoice), schemas).Select(found => $"{Path.GetFileName(each.file)}: {found}")
            );

        Assert.Empty(invalid);
    }

    [Fact]
    public void A_sound_document_of_CII_is_sound_in_UBL()
    {
        var unsound = new[] { "en16931", "factur-x" }
            .SelectMany(folder => OfficialSuites.Table($"{folder}/expected/whole-invoices-EN16931-CII-validation.csv"))
            .Where(cells => cells[2] != "0")
            .Select(cells => Path.GetFileName(cells[0]))
            // Its classification is of a list that only its own extension knows (BR-CL-13).
            .Append("02.01a-cvd_INVOICE_uncefact.xml")
            .ToHashSet(StringComparer.Ordinal);
        var wrong = CiiDocuments()
            .Where(file => !unsound.Contains(Path.GetFileName(file)))
            .SelectMany(file =>
                OfficialSuites
                    .Broken(UblWriter.Write(Semantics.Read(File.ReadAllBytes(file))), ValidateDocument.Ubl)
                    .Select(rule => $"{Path.GetFileName(file)} breaks {rule}")
            );

        Assert.Empty(wrong);
    }

    [Fact]
    public void Any_invoice_written_in_CII_and_read_is_itself() =>
        Any.Invoices.Sample(invoice => Same(invoice, Semantics.Read(CiiWriter.Write(invoice))), iter: 2000);

    [Fact]
    public void Any_invoice_written_in_UBL_and_read_is_itself() =>
        Any.Invoices.Sample(invoice => Same(invoice, Semantics.Read(UblWriter.Write(invoice))), iter: 2000);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_invoice_with_all_or_with_none_of_the_optional_fields_is_itself_in_both(bool arePresent) =>
        new GeneratedInvoices(Gen.Const(arePresent)).Invoices.Sample(
            invoice =>
            {
                Same(invoice, Semantics.Read(CiiWriter.Write(invoice)));
                Same(invoice, Semantics.Read(UblWriter.Write(Semantics.Read(CiiWriter.Write(invoice)))));
            },
            iter: 100
        );

    [Fact]
    public void Any_invoice_is_written_in_the_order_of_the_schema()
    {
        var schemas = OfficialSuites.CiiSchemas();
        Any.Invoices.Sample(
            invoice =>
            {
                var one = invoice with
                {
                    IssueDate = invoice.IssueDate ?? new DateOnly(2026, 11, 23),
                    PrecedingInvoices = [.. invoice.PrecedingInvoices.Take(1)],
                };
                // Codes are senseless here; which lists they are of is for the rules.
                Assert.Empty(
                    OfficialSuites
                        .Invalid(CiiWriter.Write(one), schemas)
                        .Where(found => !found.Contains("Enumeration", StringComparison.Ordinal))
                );
            },
            iter: 300
        );
    }

    private static void Same(Invoice expected, Invoice actual) => Assert.Equal("", Semantics.Difference(expected, actual));

    private static List<string> Changed(IEnumerable<string> documents, Func<Invoice, Invoice> written)
    {
        var wrong = new List<string>();
        foreach (var file in documents)
        {
            var invoice = Semantics.Read(File.ReadAllBytes(file));
            if (Semantics.Difference(invoice, written(invoice)) is { Length: > 0 } difference)
            {
                wrong.Add($"{Path.GetFileName(file)}: {difference}");
            }
        }

        return wrong;
    }

    private static IEnumerable<string> CiiDocuments() =>
        Semantics
            .Documents(CiiFolders, root => root == "rsm:CrossIndustryInvoice")
            .Where(file => !Path.GetFileName(file).StartsWith("extended", StringComparison.Ordinal));

    private static IEnumerable<string> UblDocuments() => Semantics.Documents(UblFolders, root => root is "Invoice" or "CreditNote");
}
