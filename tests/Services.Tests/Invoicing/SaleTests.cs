using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Invoicing.Sales;
using RetailInvoicing.Services.Tests.Fixtures;

namespace RetailInvoicing.Services.Tests.Invoicing;

public sealed class SaleTests
{
    /// <summary>A sale posted again after an upgrade is the same sale.</summary>
    [Theory]
    [InlineData("sales.sale-posted.v1.json", "B0557C456BCF61F98630EF498C8B0539D10618C2BBEAD5C419C7C4CD0E78CB77")]
    [InlineData("sales.sale-posted.v1+exchange-rate.json", "8E78B674E9EA5F28BFF9D73A129DED0C2B57215FB58BD2F8754886E6FBE34EC4")]
    public void The_fingerprint_of_a_sales_content_is_the_same_in_every_version(string file, string expected)
    {
        var golden = File.ReadAllText(Path.Combine(Repository.Root, "tests/Services.Tests/Contracts/golden/events", file));
        var posted = JsonSerializer.Deserialize<SalePosted>(golden, Wire.Tolerant)!;
        Assert.Equal(expected, Convert.ToHexString(Sale.Of(posted).ContentHash));
    }

    /// <summary>What makes reading them when compiled (source generation) no choice: it forgets what an absent field stands for.</summary>
    [Fact]
    public void An_absent_field_is_read_as_what_it_stands_for()
    {
        var posted = JsonSerializer.Deserialize<SalePosted>(
            """
            {"saleId":"A-1","storeId":"S01","occurredAt":"2026-11-23T10:15:30+01:00","currency":"EUR",
             "lines":[{"sku":"A","quantity":1,"unitPrice":1,"vat":{"category":"S","rate":21}}]}
            """,
            Wire.Strict
        )!;
        Assert.True(posted.PricesIncludeVat);
        Assert.Empty(posted.Payments);
        Assert.Empty(posted.Lines[0].Allowances);
        Assert.Equal("C62", posted.Lines[0].Unit);
    }
}
