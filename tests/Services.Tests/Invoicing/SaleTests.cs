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

    /// <summary>Escaped is what no document can carry, and every letter beyond ASCII too, and a backslash itself.</summary>
    [Theory]
    [InlineData("ñandú €", false)]
    [InlineData("\\u0000", false)]
    [InlineData("\\\\u0001", false)]
    [InlineData("a\n\tb\"\\", false)]
    [InlineData("\u0000", true)]
    [InlineData("ú\\\u001f", true)]
    [InlineData("\b", true)]
    [InlineData("\f", true)]
    [InlineData("\ufffe", true)]
    [InlineData("\ufff0", false)]
    public void A_text_that_no_document_can_carry_is_found_among_what_only_looks_like_it(string name, bool isUnsound)
    {
        var posted = Posted("1") with { PaymentTerms = name };

        Assert.Equal(isUnsound ? "paymentTerms" : null, Sale.Of(posted).UnsoundText);
    }

    /// <summary>However it is written, it is the number; what is no plain number is refused and not cut.</summary>
    [Theory]
    [InlineData("12.10", true)]
    [InlineData("\"12.10\"", true)]
    [InlineData("\"\\u0031\\u0032\\u002e\\u0031\\u0030\"", true)]
    [InlineData("\"1e2\"", false)]
    [InlineData("1e2", false)]
    [InlineData("\" 1\"", false)]
    [InlineData("\"\"", false)]
    [InlineData("\"1\\u0000\"", false)]
    [InlineData("1234567890123456789012345", false)]
    [InlineData("1.0000000001", false)]
    public void A_decimal_is_read_in_every_way_it_may_be_written(string json, bool isOne)
    {
        if (isOne)
        {
            Assert.Equal(12.10m, Posted(json).Lines[0].UnitPrice);
            return;
        }

        Assert.Throws<JsonException>(() => Posted(json));
        Assert.Throws<JsonException>(() => Posted($"\"{new string('1', 5000)}\""));
    }

    private static SalePosted Posted(string price) =>
        JsonSerializer.Deserialize<SalePosted>(
            $$"""
            {"saleId":"A-1","storeId":"S01","occurredAt":"2026-11-23T10:15:30+01:00","currency":"EUR",
             "lines":[{"sku":"A","quantity":1,"unitPrice":{{price}},"vat":{"category":"S","rate":21} }]}
            """,
            Wire.Strict
        )!;
}
