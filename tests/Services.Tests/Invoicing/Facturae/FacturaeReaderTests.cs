using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing.En16931.Model;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Services.Tests.Fixtures;
using RetailInvoicing.Services.Tests.Invoicing.En16931;

namespace RetailInvoicing.Services.Tests.Invoicing.Facturae;

/// <summary>Facturae of others and our own, read into the semantic model; hostile ones refused.</summary>
public sealed class FacturaeReaderTests
{
    [Theory]
    [InlineData("credit-note", "TEST01001R", "384", "-4202.00", "-5084.42", "-5084.42", 2)]
    [InlineData("invoice-overseas-individual", "TEST01005F", "380", "1500.00", "1815.00", "1815.00", 1)]
    public void Samples_are_read(string sample, string number, string type, string net, string total, string due, int lines)
    {
        var invoice = FacturaeReader.Read(Sample(sample)).Value;

        Assert.Equal((number, type, lines), (invoice.Number, invoice.TypeCode, invoice.Lines.Count));
        Assert.Equal(decimal.Parse(net, CultureInfo.InvariantCulture), invoice.Totals.TotalWithoutVat);
        Assert.Equal(decimal.Parse(total, CultureInfo.InvariantCulture), invoice.Totals.TotalWithVat);
        Assert.Equal(decimal.Parse(due, CultureInfo.InvariantCulture), invoice.Totals.AmountDue);
        Assert.Equal(invoice.Totals.LineTotal, invoice.Lines.Sum(line => line.NetAmount));
    }

    [Fact]
    public void Every_sample_says_what_its_elements_say()
    {
        var files = Directory.GetFiles(Repository.Shared("compliance/facturae/samples"), "*.xml");
        foreach (var file in files)
        {
            var xml = XDocument.Load(file).Root!;
            string Of(string name) => xml.Descendants(name).FirstOrDefault()?.Value ?? "";
            decimal? Amount(XElement? at, string name) =>
                at?.Element(name) is { } element ? decimal.Parse(element.Value, CultureInfo.InvariantCulture) : null;
            var totals = xml.Descendants("InvoiceTotals").Single();

            var invoice = FacturaeReader.Read(File.ReadAllBytes(file)).Value;

            Assert.Equal(Of("IssueDate"), $"{invoice.IssueDate:yyyy-MM-dd}");
            Assert.Equal(Amount(totals, "TotalGrossAmount"), invoice.Totals.LineTotal);
            Assert.Equal(Amount(totals, "TotalTaxOutputs"), invoice.Totals.VatTotal);
            Assert.Equal(Amount(totals, "TotalExecutableAmount"), invoice.Totals.AmountDue);
            var surcharge = xml.Descendants("Invoice")
                .Single()
                .Element("TaxesOutputs")!
                .Elements("Tax")
                .Sum(tax => Amount(tax.Element("EquivalenceSurchargeAmount"), "TotalAmount") ?? 0m);
            Assert.Equal(invoice.Totals.VatTotal, invoice.VatBreakdown.Sum(vat => vat.TaxAmount) + surcharge);
            Assert.Equal(xml.Descendants("ItemDescription").Select(each => each.Value), invoice.Lines.Select(line => line.Item.Name));
            Assert.All(invoice.Lines, line => Assert.NotNull(line.Price.NetPrice));
            Assert.NotNull(invoice.Seller.Name);
            Assert.NotNull(invoice.Buyer.Name);
            Assert.NotNull(invoice.Seller.Address?.Country);
        }

        Assert.Equal(4, files.Length);
    }

    [Fact]
    public void A_corrective_invoice_cites_the_one_before_and_its_day()
    {
        var preceding = Assert.Single(FacturaeReader.Read(Sample("credit-note")).Value.PrecedingInvoices);

        Assert.Equal(new PrecedingInvoice { Number = "TEST01001F", IssueDate = new DateOnly(2021, 12, 8) }, preceding);
    }

    [Fact]
    public void People_abroad_are_read_with_their_names_and_addresses()
    {
        var invoice = FacturaeReader.Read(Sample("invoice-overseas-individual")).Value;

        Assert.Equal("Jean-Pierre Dubois Martin", invoice.Seller.Name);
        Assert.Equal(
            new PostalAddress
            {
                Line1 = "Rue de la Paix, 42",
                PostalCode = "75002",
                City = "Paris",
                Region = "Île-de-France",
                Country = "FR",
            },
            invoice.Seller.Address
        );
        Assert.Equal("ESB77436020", invoice.Buyer.VatIdentifier);
    }

    [Fact]
    public void Version_3_2_1_is_read_as_well()
    {
        var invoice = FacturaeDocumentTests.Issue("", """{"payments":[{"means":"card","amount":"5.00"}]}""", "");
        var document = IssuedFacturae.Write(invoice);
        var older = Encoding
            .UTF8.GetString(document)
            .Replace(
                "http://www.facturae.gob.es/formato/Versiones/Facturaev3_2_2.xml",
                "http://www.facturae.es/Facturae/2014/v3.2.1/Facturae",
                StringComparison.Ordinal
            )
            .Replace("<SchemaVersion>3.2.2<", "<SchemaVersion>3.2.1<", StringComparison.Ordinal);
        var tree = XDocument.Parse(older);
        tree.Descendants("InvoiceDescription").Remove();
        using var bytes = new MemoryStream();
        tree.Save(bytes);

        Assert.Empty(IssuedFacturae.Breaches(bytes.ToArray(), "3.2.1"));
        Assert.Equal(
            JsonSerializer.Serialize(FacturaeReader.Read(document).Value),
            JsonSerializer.Serialize(FacturaeReader.Read(bytes.ToArray()).Value)
        );
    }

    [Fact]
    public void Differences_are_read_as_they_stand()
    {
        var original = IssuedFacturae.Issue(Shop.SaleTo("A-1"));
        var invoice = IssuedFacturae.Issue(Shop.Return("A-2", "A-1", "-1"), original: original, number: "R-S01-2026-000007");

        var read = FacturaeReader.Read(IssuedFacturae.Write(invoice)).Value;

        Assert.Equal(("384", "R-S01-2026-000007"), (read.TypeCode, read.Number));
        Assert.Equal(original.Number, read.PrecedingInvoices.Single().Number);
        Assert.Equal((-1m, -8.22m), (read.Lines.Single().Quantity, read.Lines.Single().NetAmount));
        Assert.Equal(invoice.Totals.TotalWithVat, read.Totals.TotalWithVat);
    }

    [Theory]
    [MemberData(nameof(HostileDocumentTests.NoXml), MemberType = typeof(HostileDocumentTests))]
    public void What_is_no_XML_that_can_be_read_is_refused_with_a_code(string what, byte[] document)
    {
        Assert.True(FacturaeReader.Read(document).Refused(out var fault), what);
        Assert.Equal("INV-VALID-01", fault.Code.Code);
        Assert.True(XadesVerification.Of(document).Refused(out var unsigned), what);
        Assert.Equal("INV-VALID-01", unsigned.Code.Code);
    }

    [Theory]
    [InlineData("<a/>", "INV-FACTURAE-08")]
    [InlineData("<Facturae/>", "INV-FACTURAE-08")]
    [InlineData("<Facturae xmlns='http://www.facturae.es/Facturae/2009/v3.2/Facturae'/>", "INV-FACTURAE-08")]
    [InlineData("<f:Facturae xmlns:f='http://www.facturae.es/Facturae/2014/v3.2.1/Facturae'/>", "INV-FACTURAE-09")]
    [InlineData(
        "<f:Facturae xmlns:f='http://www.facturae.es/Facturae/2014/v3.2.1/Facturae'><Invoices><Invoice/><Invoice/></Invoices></f:Facturae>",
        "INV-FACTURAE-09"
    )]
    public void Another_document_or_a_batch_is_refused_with_a_code(string document, string code)
    {
        Assert.True(FacturaeReader.Read(Encoding.UTF8.GetBytes(document)).Refused(out var fault));
        Assert.Equal(code, fault.Code.Code);
    }

    [Fact]
    public void However_it_is_broken_it_is_read_or_refused()
    {
        var whole = IssuedFacturae.Write(FacturaeDocumentTests.Issue("", "", ""));
        var random = new Random(20261123);
        for (var i = 0; i < 400; i++)
        {
            var tree = XDocument.Load(new MemoryStream(whole));
            var elements = tree.Root!.DescendantsAndSelf().ToList();
            var victim = elements[random.Next(1, elements.Count)];
            switch (i % 4)
            {
                case 0:
                    victim.Remove();
                    break;
                case 1:
                    victim.RemoveNodes();
                    break;
                case 2:
                    victim.AddAfterSelf(new XElement(victim));
                    break;
                default:
                    victim.ReplaceNodes(new[] { "x", "1e27", "-79228162514264337593543950335", "2026-13-45", "\u00a0" }[i % 5]);
                    break;
            }

            using var bytes = new MemoryStream();
            tree.Save(bytes);
            var read = FacturaeReader.Read(bytes.ToArray());
            Assert.True(read.Refused(out _) || read.Value.Lines.Count < 10);
        }
    }

    /// <summary>Holds what was read of a Facturae against what EN 16931 says of the same invoice, in every field that Facturae carries.</summary>
    internal static void SaysTheSame(Invoice expected, Invoice read, InvoiceBody invoice)
    {
        Assert.Equal(expected.Number, read.Number);
        Assert.Equal(expected.TypeCode, read.TypeCode);
        Assert.Equal(expected.IssueDate, read.IssueDate);
        Assert.Equal(expected.Currency, read.Currency);
        Assert.Equal(invoice.Totals.AmountDue > 0m ? expected.DueDate ?? expected.IssueDate : null, read.DueDate);
        Assert.Equal(invoice.Totals.AmountDue > 0m ? expected.PaymentTerms : null, read.PaymentTerms);
        // Facturae says the day of the operation where it is another than that of issue.
        Assert.Equal(expected.Delivery?.Date == expected.IssueDate ? null : expected.Delivery?.Date, read.Delivery?.Date);
        Assert.Equal(NameOf(expected.Seller.Name), read.Seller.Name);
        Assert.Equal(expected.Seller.LegalRegistration, read.Seller.LegalRegistration);
        Assert.Equal(expected.Seller.AdditionalLegalInformation, read.Seller.AdditionalLegalInformation);
        Assert.Equal(expected.Seller.Contact, read.Seller.Contact);
        Assert.Equal(expected.Seller.Address!.Line1, read.Seller.Address!.Line1);
        Assert.Equal(expected.Seller.Address.PostalCode, read.Seller.Address.PostalCode);
        Assert.Equal(expected.Seller.Address.City, read.Seller.Address.City);
        Assert.Equal(expected.Seller.Address.Country, read.Seller.Address.Country);
        Assert.Equal(NameOf(expected.Buyer.Name), read.Buyer.Name);
        Assert.Equal(expected.Buyer.Identifier, read.Buyer.Identifier);
        Assert.Equal(expected.Buyer.Contact, read.Buyer.Contact);
        Assert.Equal(expected.Buyer.Address!.PostalCode, read.Buyer.Address!.PostalCode);
        Assert.Equal(expected.Buyer.Address.City, read.Buyer.Address.City);
        Assert.Equal(expected.Buyer.Address.Country, read.Buyer.Address.Country);
        if (expected.VatBreakdown.All(vat => vat.Category != "O"))
        {
            // What is not subject names no VAT identifier in EN 16931 (BR-O-02); in Facturae the NIF stands all the same.
            Assert.Equal(expected.Seller.VatIdentifier, read.Seller.VatIdentifier);
            Assert.Equal(expected.Buyer.VatIdentifier, read.Buyer.VatIdentifier);
            Assert.Equal(expected.Buyer.LegalRegistration, read.Buyer.LegalRegistration);
        }

        Assert.Equal(expected.Totals, read.Totals);
        Assert.Equal(expected.VatBreakdown, read.VatBreakdown);
        Assert.Equal(
            expected.Allowances.Select(each => (each.Amount, each.Reason, each.VatCategory, each.VatRate)),
            read.Allowances.Select(each => (each.Amount, each.Reason, each.VatCategory, each.VatRate))
        );
        Assert.Equal(
            expected.Charges.Select(each => (each.Amount, each.Reason, each.VatCategory, each.VatRate)),
            read.Charges.Select(each => (each.Amount, each.Reason, each.VatCategory, each.VatRate))
        );
        Assert.Equal(expected.SupportingDocuments, read.SupportingDocuments);
        Assert.Equal(
            invoice.Totals.AmountDue > 0m ? expected.Payment?.CreditTransfers.Select(each => each.Account) : null,
            read.Payment?.CreditTransfers.Select(each => each.Account)
        );
        Assert.Equal(invoice.Totals.AmountDue > 0m ? expected.Payment?.RemittanceReference : null, read.Payment?.RemittanceReference);
        Assert.Equal(expected.Lines.Count, read.Lines.Count);
        foreach (var (ours, theirs) in expected.Lines.Zip(read.Lines))
        {
            Assert.Equal((ours.Id, ours.Quantity, ours.Unit, ours.NetAmount), (theirs.Id, theirs.Quantity, theirs.Unit, theirs.NetAmount));
            Assert.Equal(ours.Item.Name, theirs.Item.Name);
            Assert.Equal(ours.Item.SellersIdentifier is { Length: <= 20 } sku ? sku : null, theirs.Item.SellersIdentifier);
            Assert.Equal(ours.Vat, theirs.Vat);
            Assert.Equal(Math.Round(ours.Price.NetPrice!.Value, 8, MidpointRounding.AwayFromZero), theirs.Price.NetPrice);
            Assert.Equal(
                ours.Allowances.Select(each => (each.Amount, each.Reason)),
                theirs.Allowances.Where(each => each.Reason != "Redondeo").Select(each => (each.Amount, each.Reason))
            );
            Assert.Equal(
                ours.Charges.Select(each => (each.Amount, each.Reason)),
                theirs.Charges.Where(each => each.Reason != "Redondeo").Select(each => (each.Amount, each.Reason))
            );
        }
    }

    /// <summary>"Apellidos, Nombre" comes back as "Nombre Apellidos".</summary>
    private static string? NameOf(string? name) => name == "García de la Torre, María José" ? "María José García de la Torre" : name;

    private static byte[] Sample(string name) => File.ReadAllBytes(Repository.Shared($"compliance/facturae/samples/{name}.xml"));
}
