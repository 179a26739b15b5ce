using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Invoicing;
using RetailInvoicing.Invoicing.En16931;
using RetailInvoicing.Invoicing.Formats;
using RetailInvoicing.Invoicing.Invoices;
using RetailInvoicing.Invoicing.Sellers;
using RetailInvoicing.Retail.Demo;
using RetailInvoicing.Retail.Replay;
using RetailInvoicing.Services.Tests.Invoicing;
using RetailInvoicing.Services.Tests.Invoicing.En16931;
using RetailInvoicing.Services.Tests.Invoicing.Facturae;

namespace RetailInvoicing.Services.Tests.Retail;

/// <summary>Every document of the real shop, without a database: priced, checked, written, and valid by its schema and its rules.</summary>
public sealed class ShopDocumentsTests
{
    /// <summary>A schema takes longer than all rules: it is held against every so many documents, and against all in the long run.</summary>
    private static readonly int EverySo = Environment.GetEnvironmentVariable("RETAIL_LONG") == "1" ? 1 : 25;

    [Fact]
    public void Every_document_of_the_real_shop_is_valid_and_they_sum_to_the_shops_own_total()
    {
        var shop = Shop();

        Assert.Equal((14_977, 5_364_733.56m), (shop.Count, shop.Sum(each => each.Totals.TotalWithVat)));
        var account = Seller().Account;
        var (ublSchemas, ciiSchemas, facturX) = (OfficialSuites.UblSchemas(), OfficialSuites.CiiSchemas(), OfficialSuites.FacturXSchemas());
        var wrong = new List<string>();
        foreach (var (invoice, i) in shop.Select((invoice, i) => (invoice, i)))
        {
            var inSchemas = i % EverySo == 0;
            foreach (var format in DocumentFormat.All.Where(format => inSchemas || format.Name is "ubl" or "cii"))
            {
                var written = format.Document(invoice, account);
                if (written.Refused(out var fault))
                {
                    // A ticket has no buyer whom a network could find.
                    Assert.True(
                        fault.Code.Code == InvoicingFaults.ProfileLacks.Code && invoice.Buyer is null,
                        $"{invoice.Number}: {fault.In("en")}"
                    );
                    continue;
                }

                var isCii = format.Name is "cii" or "xrechnung-cii" or "factur-x";
                var broken = OfficialSuites.Broken(written.Value, isCii ? ValidateDocument.Cii : ValidateDocument.Ubl).ToList();
                if (format.Name == "peppol")
                {
                    broken.AddRange(OfficialSuites.Broken(written.Value, ValidateDocument.Peppol));
                }

                wrong.AddRange(broken.Select(rule => $"{invoice.Number} {format.Name} {rule}"));
                if (inSchemas)
                {
                    var schemas =
                        format.Name == "factur-x" ? facturX
                        : isCii ? ciiSchemas
                        : ublSchemas;
                    wrong.AddRange(OfficialSuites.Invalid(written.Value, schemas).Select(each => $"{invoice.Number} {format.Name} {each}"));
                }
            }

            if (inSchemas && invoice.Buyer is not null && (invoice.Correction is null || invoice.Corrects.Count > 0))
            {
                var facturae = FacturaeDocument.Of(invoice, account).Value;
                wrong.AddRange(IssuedFacturae.Breaches(facturae).Select(each => $"{invoice.Number} facturae {each}"));
            }
        }

        Assert.Empty(wrong);
    }

    private static RegisteredSeller Seller() =>
        new(
            SellerId.Of("demo"),
            JsonSerializer.Deserialize<SellerBody>(JsonSerializer.Serialize(DemoShop.Seller, Wire.Tolerant), Wire.Tolerant)!
        );

    /// <summary>The invoices that the file becomes, in the order that a replay sends its sales in.</summary>
    private static List<InvoiceBody> Shop()
    {
        var seller = Seller();
        var originals = new Originals();
        var issued = new Dictionary<string, InvoiceBody>(StringComparer.Ordinal);
        foreach (var number in OpenShop.Numbers().Where(number => number.Refusal is null && !number.IsOverTicketLimit))
        {
            var originalNo = number.IsReturn ? originals.Find(number) : null;
            var original = originalNo is null ? null : Original.Ours(issued[originalNo]);
            var outcome = Example.Issued(seller, number.ToSale(originalNo), original, issued.Count + 1);
            Assert.False(outcome.Refused(out var fault), $"{number.No}: {fault?.In("en")}");
            issued[number.No] = outcome.Value;
            if (originalNo is not null)
            {
                originals.Returned(number, originalNo);
            }
            else
            {
                originals.Issued(number);
            }
        }

        return [.. issued.Values];
    }
}
