using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing.Facturae;

/// <summary>Invoices as the product issues them, without a database; and the official schemas.</summary>
internal static class IssuedFacturae
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 15, 30, TimeSpan.FromHours(1));
    public static readonly PayeeAccount Account = new("ES9121000418450200051332", "CAIXESBB", "Comercios Ñandú, S.L.");

    private static readonly Lazy<XmlSchemaSet> Schemas322 = new(() => Schemas("facturaev3_2_2.xsd"));
    private static readonly Lazy<XmlSchemaSet> Schemas321 = new(() => Schemas("Facturaev3_2_1.xsd"));

    public static InvoiceBody Issue(
        JsonObject sale,
        Action<JsonObject>? seller = null,
        InvoiceBody? original = null,
        string number = "F-S01-2026-000123"
    )
    {
        var registration = Shop.Registration();
        registration["allowBlindReturns"] = true;
        seller?.Invoke(registration);
        var body = SellerRules.Of(registration.Deserialize<SellerBody>(Wire.Strict)!).Value;
        var posted = sale.Deserialize<SalePosted>(Wire.Strict)!;
        var drafting = InvoiceDraft.Of(
            new RegisteredSeller(SellerId.Of(Shop.Seller), body),
            Sale.Of(posted),
            original is null ? null : Original.Ours(original),
            Now
        );
        Assert.False(drafting.Refused(out var fault), fault?.In(null));
        var numbered = new Numbered(InvoiceId.New(), number[..number.LastIndexOf('-')], number, DateOnly.FromDateTime(Now.DateTime), Now);
        return Regimes.Issue(
            drafting.Value,
            numbered,
            Now,
            new InvoiceLinks
            {
                Self = "",
                Pdf = "",
                Ubl = "",
                Portal = "",
            }
        );
    }

    public static byte[] Write(InvoiceBody invoice, EuroRate? rate = null)
    {
        var written = FacturaeDocument.Of(invoice, Account, rate);
        Assert.False(written.Refused(out var fault), fault?.In(null));
        return written.Value;
    }

    /// <summary>What the official schema has against a document.</summary>
    public static IReadOnlyList<string> Breaches(byte[] document, string version = "3.2.2")
    {
        var breaches = new List<string>();
        var settings = new XmlReaderSettings
        {
            ValidationType = ValidationType.Schema,
            Schemas = version == "3.2.2" ? Schemas322.Value : Schemas321.Value,
        };
        settings.ValidationEventHandler += (_, found) => breaches.Add($"{found.Exception.LineNumber}: {found.Message}");
        using var reader = XmlReader.Create(new MemoryStream(document), settings);
        while (reader.Read()) { }

        return breaches;
    }

    /// <summary>Facturae's own sums: each is made of its parts, and the last is what our invoice says is due.</summary>
    public static void Ties(byte[] document, InvoiceBody invoice)
    {
        var xml = XDocument.Parse(System.Text.Encoding.UTF8.GetString(document).TrimStart('\uFEFF'));
        var totals = xml.Descendants("InvoiceTotals").Single();
        foreach (var line in xml.Descendants("InvoiceLine"))
        {
            var cost = Of(line, "TotalCost");
            Assert.Equal(cost, Math.Round(Of(line, "Quantity") * Of(line, "UnitPriceWithoutTax"), 2, MidpointRounding.AwayFromZero));
            Assert.Equal(Of(line, "GrossAmount"), cost - Sum(line, "DiscountAmount") + Sum(line, "ChargeAmount"));
            Assert.Equal(Of(line, "GrossAmount"), Of(line.Descendants("TaxableBase").Single(), "TotalAmount"));
        }

        Assert.Equal(Of(totals, "TotalGrossAmount"), Sum(xml.Root!, "GrossAmount"));
        Assert.Equal(Of(totals, "TotalGeneralDiscounts"), Sum(totals, "DiscountAmount"));
        Assert.Equal(Of(totals, "TotalGeneralSurcharges"), Sum(totals, "ChargeAmount"));
        Assert.Equal(
            Of(totals, "TotalGrossAmountBeforeTaxes"),
            Of(totals, "TotalGrossAmount") - Of(totals, "TotalGeneralDiscounts") + Of(totals, "TotalGeneralSurcharges")
        );
        var taxes = xml.Descendants("Invoice").Single().Element("TaxesOutputs")!.Elements("Tax").ToList();
        Assert.Equal(Of(totals, "TotalGrossAmountBeforeTaxes"), taxes.Sum(tax => Of(tax.Element("TaxableBase"), "TotalAmount")));
        Assert.Equal(
            Of(totals, "TotalTaxOutputs"),
            taxes.Sum(tax => Of(tax.Element("TaxAmount"), "TotalAmount") + Of(tax.Element("EquivalenceSurchargeAmount"), "TotalAmount"))
        );
        Assert.All(
            taxes,
            tax =>
                Assert.InRange(
                    Of(tax.Element("TaxableBase"), "TotalAmount") * Of(tax, "TaxRate") / 100m - Of(tax.Element("TaxAmount"), "TotalAmount"),
                    -0.01m,
                    0.01m
                )
        );
        Assert.Equal(Of(totals, "InvoiceTotal"), Of(totals, "TotalGrossAmountBeforeTaxes") + Of(totals, "TotalTaxOutputs"));
        Assert.Equal(Of(totals, "TotalPaymentsOnAccount"), Sum(totals, "PaymentOnAccountAmount"));
        Assert.Equal(Of(totals, "TotalOutstandingAmount"), Of(totals, "InvoiceTotal") - Of(totals, "TotalPaymentsOnAccount"));
        Assert.Equal(Of(totals, "TotalExecutableAmount"), Of(totals, "TotalOutstandingAmount"));
        Assert.Equal(Math.Max(0m, Of(totals, "TotalExecutableAmount")), Sum(xml.Root!, "InstallmentAmount"));
        var batch = xml.Descendants("Batch").Single();
        Assert.Equal(Of(totals, "InvoiceTotal"), Of(batch.Element("TotalInvoicesAmount"), "TotalAmount"));
        Assert.Equal(Of(totals, "TotalOutstandingAmount"), Of(batch.Element("TotalOutstandingAmount"), "TotalAmount"));
        Assert.Equal(Of(totals, "TotalExecutableAmount"), Of(batch.Element("TotalExecutableAmount"), "TotalAmount"));

        Assert.Equal(invoice.Totals.LineTotal, Of(totals, "TotalGrossAmount"));
        Assert.Equal(invoice.Totals.TotalWithoutVat, Of(totals, "TotalGrossAmountBeforeTaxes"));
        Assert.Equal(invoice.Totals.VatTotal, Of(totals, "TotalTaxOutputs"));
        Assert.Equal(invoice.Totals.TotalWithVat, Of(totals, "InvoiceTotal"));
        Assert.Equal(invoice.Totals.AmountDue, Of(totals, "TotalExecutableAmount"));
    }

    private static decimal Of(XElement? at, string name) =>
        at?.Element(name) is { } element ? decimal.Parse(element.Value, CultureInfo.InvariantCulture) : 0m;

    private static decimal Sum(XElement at, string name) =>
        at.Descendants(name).Sum(each => decimal.Parse(each.Value, CultureInfo.InvariantCulture));

    private static XmlSchemaSet Schemas(string file)
    {
        // The imported schema of signatures is named by an address of the network; it is given here instead, and nothing is fetched.
        var schemas = new XmlSchemaSet { XmlResolver = null };
        foreach (var name in new[] { "xmldsig-core-schema.xsd", "XAdES.xsd", file })
        {
            using var reader = XmlReader.Create(
                File.OpenRead(Repository.Shared($"compliance/facturae/xsd/{name}")),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse, XmlResolver = null }
            );
            schemas.Add(null, reader);
        }

        schemas.Compile();
        return schemas;
    }
}
