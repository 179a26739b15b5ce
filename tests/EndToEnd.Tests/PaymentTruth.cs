using RetailInvoicing.Benchmarks.Payments;
using RetailInvoicing.EndToEnd.Tests.TheSystem;

namespace RetailInvoicing.EndToEnd.Tests;

/// <summary>
/// What ./bench payments-truth shows of a hundred thousand payments, of as many as fit here: by every way, with notices doubled, late and
/// lost, while Payments, database and broker are killed. The ledger is what providers, bank and tills took, to the cent.
/// </summary>
public sealed class PaymentTruth(ITestOutputHelper log)
{
    [Fact]
    public Task Four_hundred_payments_by_every_way_and_three_kills_are_each_applied_once() =>
        BeTrueAsync(
            new TruthSize
            {
                Payments = 400,
                Kills = 3,
                Seed = 20261127,
            }
        );

    [Fact]
    [Trait("Category", "Long")]
    public Task Ten_thousand_payments_by_every_way_and_twelve_kills_are_each_applied_once() =>
        BeTrueAsync(
            new TruthSize
            {
                Payments = 10_000,
                Kills = 12,
                Seed = 20261128,
            }
        );

    /// <summary>A system of its own: its sweep is sooner over than the one that sellers have.</summary>
    private async Task BeTrueAsync(TruthSize size)
    {
        await using var system = await StartedSystem.StartAsync(["--empty=true"], TruthRun.Settings);

        var report = await TruthRun.OfAsync(() => system.Now, size, log.WriteLine, TestContext.Current.CancellationToken);

        log.WriteLine(report.ToString());
        Assert.True(report.Failures.Count == 0, string.Join('\n', report.Failures));
    }
}
