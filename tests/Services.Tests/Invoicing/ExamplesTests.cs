using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Schema;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.En16931.Xml;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Invoicing.En16931;
using RetailInvoicing.Services.Tests.Invoicing.Facturae;

namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>Sales and what becomes of them, kept as files: a change of an amount or a document shows as a difference there.</summary>
public sealed class ExamplesTests
{
    private static readonly JsonSerializerOptions Pretty = new(Wire.Tolerant) { WriteIndented = true };

    private static readonly Lazy<XmlSchemaSet> Ubl = new(OfficialSuites.UblSchemas);
    private static readonly Lazy<XmlSchemaSet> Cii = new(OfficialSuites.CiiSchemas);
    private static readonly Lazy<XmlSchemaSet> FacturX = new(OfficialSuites.FacturXSchemas);

    public static TheoryData<string> Names => [.. Example.Names];

    [Fact]
    public void Every_category_of_VAT_and_every_kind_of_invoice_has_an_example()
    {
        var invoices = Example.Names.Select(name => Example.Of(name).Invoice).ToList();

        Assert.True(invoices.Count >= 40, $"{invoices.Count} examples");
        Assert.Equal(
            ["AE", "E", "G", "K", "L", "M", "O", "S", "Z"],
            invoices.SelectMany(each => each.VatBreakdown).Select(vat => vat.Category).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.Equal(["F1", "F2", "R1", "R5"], invoices.Select(each => each.Fiscal.RecordType).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains(invoices, each => each.Qualified);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_example_becomes_the_invoice_that_is_kept_beside_it(string name)
    {
        var invoice = Example.Of(name).Invoice;

        Repository.Holds(Example.Out(name, "invoice.json"), JsonSerializer.Serialize(invoice, Pretty) + "\n");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_an_example_costs_is_what_the_till_took(string name)
    {
        var invoice = Example.Of(name).Invoice;

        var (totals, vat) = (invoice.Totals, invoice.VatBreakdown);
        Assert.Equal(totals.TotalWithVat, vat.Sum(each => each.TaxableAmount + each.VatAmount + (each.SurchargeAmount ?? 0m)));
        Assert.Equal(totals.LineTotal, invoice.Lines.Sum(line => line.LineNetAmount));
        Assert.Equal(0m, totals.RoundingAmount);
        if (invoice.PricesIncludeVat && vat.All(each => each.SurchargeAmount is null))
        {
            var taken =
                invoice.Lines.Sum(line => line.LineGrossAmount)
                - invoice.Allowances.Sum(each => each.GrossAmount!.Value)
                + invoice.Charges.Sum(each => each.GrossAmount!.Value);
            Assert.Equal(taken, totals.TotalWithVat);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_document_of_an_example_is_valid_by_its_schema_and_by_its_rules(string name)
    {
        var example = Example.Of(name);
        Assert.Null(IssueRules.Of(example.Invoice, example.Account));
        var refused = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var format in DocumentFormat.All)
        {
            var written = format.Document(example.Invoice, example.Account);
            if (written.Refused(out var fault))
            {
                refused[format.Name] = $"{fault.Code.Code} {fault.In("en")}";
                continue;
            }

            Repository.Holds(Example.Out(name, $"{format.Name}.xml"), Indented(written.Value));
            Assert.Empty(OfficialSuites.Invalid(written.Value, SchemasOf(format.Name)));
            Assert.Empty(OfficialSuites.Broken(written.Value, RulesOf(format.Name)));
        }

        var facturae = FacturaeDocument.Of(example.Invoice, example.Account);
        if (facturae.Refused(out var unwritten))
        {
            refused["facturae"] = $"{unwritten.Code.Code} {unwritten.In("en")}";
        }
        else
        {
            Repository.Holds(Example.Out(name, "facturae.xml"), Indented(facturae.Value));
            Assert.Empty(IssuedFacturae.Breaches(facturae.Value));
        }

        // What a format cannot hold, and why, is a part of the example.
        Repository.Holds(Example.Out(name, "refused.json"), JsonSerializer.Serialize(refused, Pretty) + "\n");
        Assert.Equal(IsOrdinary(example.Invoice), !refused.ContainsKey("ubl"));
        Assert.Equal(IsOrdinary(example.Invoice) && !HasZeroRate(example.Invoice), !refused.ContainsKey("factur-x"));
    }

    /// <summary>Whether EN 16931 has a place for all that the invoice says: no equivalence surcharge and no third decimal.</summary>
    private static bool IsOrdinary(InvoiceBody invoice) =>
        invoice.VatBreakdown.All(vat => vat.SurchargeAmount is null) && invoice.Currency.MinorUnit < 3;

    private static bool HasZeroRate(InvoiceBody invoice) => invoice.VatBreakdown.Any(vat => vat is { Category: "L", Rate: 0m });

    private static XmlSchemaSet SchemasOf(string format) =>
        format switch
        {
            "cii" or "xrechnung-cii" => Cii.Value,
            "factur-x" => FacturX.Value,
            _ => Ubl.Value,
        };

    private static Action<XmlTree, Findings> RulesOf(string format) =>
        format switch
        {
            "cii" or "xrechnung-cii" or "factur-x" => ValidateDocument.Cii,
            "peppol" => (tree, found) =>
            {
                ValidateDocument.Ubl(tree, found);
                ValidateDocument.Peppol(tree, found);
            },
            _ => ValidateDocument.Ubl,
        };

    [Theory]
    [MemberData(nameof(Names))]
    public void An_example_is_explained_in_both_languages(string name)
    {
        var invoice = Example.Of(name).Invoice;
        foreach (var language in new[] { "es", "en" })
        {
            Repository.Holds(
                Example.Out(name, $"explanation.{language}.json"),
                JsonSerializer.Serialize(Explanation.Of(invoice, language), Pretty) + "\n"
            );
        }
    }

    /// <summary>A document as people compare it.</summary>
    private static string Indented(byte[] document)
    {
        var text = new StringBuilder();
        var xml = new XmlDocument();
        xml.Load(new MemoryStream(document));
        using (
            var writer = XmlWriter.Create(
                text,
                new XmlWriterSettings
                {
                    Indent = true,
                    OmitXmlDeclaration = true,
                    NewLineChars = "\n",
                }
            )
        )
        {
            xml.Save(writer);
        }

        return text.Append('\n').ToString();
    }
}
