using RetailInvoicing.Benchmarks;
using RetailInvoicing.EndToEnd.Tests.TheSystem;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>
/// What ./bench endurance shows of a million invoices, of as many as fit here: tills at full load on one series, a fifth of the sales sent
/// twice, while Invoicing, database and broker are killed. No number is missing or given twice, and each event has one effect.
/// </summary>
public sealed class Endurance(SharedSystem shared, ITestOutputHelper log)
{
    [Fact]
    public Task Five_thousand_sales_of_64_tills_and_six_kills_lose_and_double_nothing() =>
        EndureAsync(
            "endure",
            new EnduranceSize
            {
                Sales = 5_000,
                Kills = 6,
                MailEvery = 100,
                Seed = 20260105,
            }
        );

    [Fact]
    [Trait("Category", "Long")]
    public Task A_hundred_thousand_sales_and_twenty_kills_lose_and_double_nothing() =>
        EndureAsync(
            "endure-long",
            new EnduranceSize
            {
                Sales = 100_000,
                Kills = 20,
                MailEvery = 1_000,
                Seed = 20260106,
            }
        );

    private async Task EndureAsync(string name, EnduranceSize size)
    {
        var system = await shared.Started;
        var shop = await Shop.OpenAsync(system, name);

        var report = await EnduranceRun.OfAsync(
            new EnduranceTarget(() => system.Now, shop.Id, shop.Key),
            size,
            log.WriteLine,
            TestContext.Current.CancellationToken
        );

        log.WriteLine(report.ToString());
        Assert.True(report.Failures.Count == 0, string.Join('\n', report.Failures));
    }
}
