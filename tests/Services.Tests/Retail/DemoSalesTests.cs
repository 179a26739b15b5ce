using System.Text.Json;
using RetailInvoicing.Contracts;
using RetailInvoicing.Contracts.Events.Sales;
using RetailInvoicing.Retail.Demo;

namespace RetailInvoicing.Services.Tests.Retail;

/// <summary>The sample that a newcomer finds.</summary>
public sealed class DemoSalesTests
{
    // Just after midnight in Madrid, the day before in UTC.
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 23, 5, 0, TimeSpan.Zero);

    [Fact]
    public void The_sample_is_about_twenty_sales_of_the_store_DEMO_that_the_strict_door_reads()
    {
        var sales = Sales();

        Assert.InRange(sales.Count, 18, 24);
        Assert.All(sales, sale => Assert.StartsWith("DEMO-", sale.SaleId.Value, StringComparison.Ordinal));
        Assert.All(sales, sale => Assert.Equal("DEMO", sale.StoreId.Value));
        Assert.Equal(sales.Count, sales.Select(sale => sale.SaleId).Distinct().Count());
        Assert.All(sales, sale => Assert.True(sale.OccurredAt <= Now));
    }

    [Fact]
    public void Mails_of_the_sample_go_to_the_demos_own_addresses_only() =>
        Assert.All(
            Sales().Select(sale => sale.Buyer?.Email).OfType<string>(),
            email => Assert.EndsWith("@demo.example", email, StringComparison.Ordinal)
        );

    [Fact]
    public void The_demo_customer_has_several_invoices_and_one_that_is_open()
    {
        var own = Sales().Where(sale => sale.Buyer?.Email == DemoShop.CustomerEmail).ToArray();

        Assert.True(own.Length >= 4);
        Assert.Single(own, sale => sale.Payments.Count == 0);
    }

    [Fact]
    public void Days_ago_are_days_of_Madrid()
    {
        var sale = DemoSales.Resolve("""[{"daysAgo":1,"at":"10:05","dueInDays":-3,"sale":{}}]""", Now);

        Assert.Equal("""{"occurredAt":"2026-11-23T10:05:00+01:00","dueDate":"2026-11-21"}""", sale.Trim());
    }

    private static IReadOnlyList<SalePosted> Sales()
    {
        using var sample = typeof(DemoSales).Assembly.GetManifestResourceStream("demo-sales.json")!;
        using var text = new StreamReader(sample);
        return
        [
            .. DemoSales
                .Resolve(text.ReadToEnd(), Now)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<SalePosted>(line, Wire.Strict)!),
        ];
    }
}
