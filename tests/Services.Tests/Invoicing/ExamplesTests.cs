using System.Text;
using System.Text.Json;
using System.Xml;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Invoicing.En16931;

namespace RetailInvoicing.Services.Tests.Invoicing;

/// <summary>Sales and what becomes of them, kept as files: a change of an amount or a document shows as a difference there.</summary>
public sealed class ExamplesTests
{
    private static readonly JsonSerializerOptions Pretty = new(Wire.Tolerant) { WriteIndented = true };

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
    public void An_examples_UBL_is_valid_by_its_schema_and_by_the_rules(string name)
    {
        var example = Example.Of(name);

        Assert.Null(IssueRules.Of(example.Invoice, example.Account));
        var written = UblDocument.Of(example.Invoice, example.Account);
        if (written.Refused(out var fault))
        {
            Assert.Equal(example.Invoice.Currency == Currency.Eur ? InvoicingFaults.SurchargeInUbl : InvoicingFaults.ThirdDecimal, fault.Code);
            return;
        }

        Repository.Holds(Example.Out(name, "ubl.xml"), Indented(written.Value));
        Assert.Empty(Schemas.Invalid(written.Value, Schemas.Ubl));
        Assert.Empty(OfficialSuites.Broken(written.Value, ValidateDocument.Ubl));
    }

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
